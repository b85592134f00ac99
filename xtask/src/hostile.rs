//! `cargo xtask bench --hostile`: what `importer watch` costs against servers that lie: memory over many
//! connections, and how soon a signal ends it.

use std::error::Error;
use std::fs::{self, File};
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use fullhold_testkit::{Hostile, Lie, Sshd};

use crate::process::{cargo, root, succeed};

/// What is allowed.
const MOST_MIB: u64 = 64;
const MOST_ENDING: Duration = Duration::from_secs(1);
/// A server that keeps us busy without failing is watched for so long; and no other for longer than ten times this.
const BUSY: Duration = Duration::from_secs(20);
/// Signals at so many moments.
const SIGNALS: u32 = 4;
const BAD: &[u8] = b"2025-01-07-200000-bad-round-1.txt";

#[rustfmt::skip]
const LIES: [Lie; 15] = [
    Lie::EndlessListing, Lie::EndlessRefused, Lie::ManyNames, Lie::Count, Lie::Rubbish, Lie::HugeLength,
    Lie::LargeLength, Lie::Empty, Lie::WrongId, Lie::EndlessAnswers, Lie::Noise, Lie::EndlessRead, Lie::LongRead,
    Lie::LargeFiles, Lie::ManyLines,
];

/// A server, and how it is reached.
struct Lying {
    what: String,
    server: Sshd,
    port: u16,
}

/// What it cost.
struct Cost {
    connections: usize,
    quarters: Vec<u64>,
    peak: u64,
    ending: Duration,
}

/// Measures every hostile server, over so many connections to each.
pub(crate) fn run(connections: usize, only: Option<&str>, dev: bool) -> Result<(), Box<dyn Error>> {
    let mut build = cargo();
    build.args(["build", "--package", "importer"]);
    if !dev {
        build.arg("--release");
    }
    succeed(&mut build)?;
    let folder = tempfile::tempdir()?;
    let program = folder.path().join("importer");
    let profile = if dev { "debug" } else { "release" };
    fs::copy(root().join("target").join(profile).join("importer"), &program)?;
    let mut too_much = Vec::new();
    for lying in servers()? {
        if only.is_some_and(|only| !lying.what.contains(only)) {
            continue;
        }
        let cost = measure(&program, &lying, connections)?;
        let quarters: Vec<String> = cost.quarters.iter().map(u64::to_string).collect();
        println!(
            "{}: {} connections, MiB by quarters {}, at most {}; SIGTERM at worst {} ms",
            lying.what,
            cost.connections,
            quarters.join(" → "),
            cost.peak,
            cost.ending.as_millis()
        );
        if cost.peak > MOST_MIB || cost.ending > MOST_ENDING {
            too_much.push(lying.what);
        }
    }
    if too_much.is_empty() { Ok(()) } else { Err(format!("too much: {}", too_much.join(", ")).into()) }
}

fn servers() -> Result<Vec<Lying>, Box<dyn Error>> {
    let mut all = Vec::new();
    let mut serve = |what: String, hostile: &Hostile| -> Result<(), Box<dyn Error>> {
        let mut server = Sshd::start()?;
        server.serve(hostile)?;
        let port = server.port();
        all.push(Lying { what, server, port });
        Ok(())
    };
    for lie in LIES {
        serve(format!("{lie:?}"), &Hostile::default().file(BAD, 1_000, b"x").lie(lie))?;
    }
    for size in [10 << 30, 1 << 63, u64::MAX] {
        serve(format!("a file of {size} bytes"), &Hostile::default().file(BAD, size, b"x"))?;
    }
    serve("doubled names".to_owned(), &Hostile::default().file(BAD, 1, b"x").file(BAD, 1, b"x"))?;
    serve("a name of 300,000 bytes".to_owned(), &Hostile::default().file(&b"x".repeat(300_000), 1, b"x"))?;
    let banners: [(&str, &[u8], Duration); 4] = [
        ("a banner without end", b"welcome\r\n", Duration::ZERO),
        ("a banner of one line without end", b"x", Duration::ZERO),
        ("a banner that drips", b"a line\r\n", Duration::from_millis(50)),
        ("silence", b"", Duration::from_millis(50)),
    ];
    for (what, says, pause) in banners {
        let server = Sshd::start()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        server.trust_behind(&[port])?;
        thread::spawn(move || {
            for mut client in listener.incoming().flatten() {
                thread::spawn(move || {
                    let much = says.repeat(if pause.is_zero() { 1_000 } else { 1 });
                    while client.write_all(&much).is_ok() {
                        thread::sleep(pause);
                    }
                });
            }
        });
        all.push(Lying { what: what.to_owned(), server, port });
    }
    Ok(all)
}

/// A watcher in a folder of its own.
struct Watching {
    folder: tempfile::TempDir,
    child: Child,
}

impl Watching {
    fn start(program: &Path, lying: &Lying) -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let text = format!(
            "database_url = \"sqlite://fullhold.db\"\nssh_check_interval = 1\nssh_startup_lookback_hours = 87600\n\
             ssh_host = \"127.0.0.1\"\nssh_port = {}\nssh_user = \"{}\"\nssh_key_path = \"{}\"\n\
             ssh_known_hosts = \"{}\"\nremote_stats_path = \"{}\"\n",
            lying.port,
            lying.server.user(),
            lying.server.key().display(),
            lying.server.known_hosts().display(),
            lying.server.files().display()
        );
        fs::write(folder.path().join("fullhold.toml"), text)?;
        let log = File::create(folder.path().join("log"))?;
        let mut command = Command::new(program);
        command.arg("watch").current_dir(folder.path()).env_clear().stdin(Stdio::null());
        let child = command.stdout(log.try_clone()?).stderr(log).spawn()?;
        Ok(Self { folder, child })
    }

    /// Memory now, and the most there was, in MiB.
    fn memory(&self) -> Result<(u64, u64), Box<dyn Error>> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let figure = |name: &str| -> Result<u64, Box<dyn Error>> {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("the watcher ended")?;
            Ok(line.split_whitespace().next().ok_or("no figure")?.parse::<u64>()?.div_ceil(1024))
        };
        Ok((figure("VmRSS:")?, figure("VmHWM:")?))
    }

    fn failures(&self) -> usize {
        let path: PathBuf = self.folder.path().join("log");
        fs::read_to_string(path).unwrap_or_default().matches("trying again").count()
    }

    fn signal(&self, name: &str) -> Result<(), Box<dyn Error>> {
        Command::new("kill").args([name, &self.child.id().to_string()]).status()?;
        Ok(())
    }

    /// How long its end takes.
    fn end(mut self) -> Result<Duration, Box<dyn Error>> {
        let began = Instant::now();
        self.signal("-TERM")?;
        let status = self.child.wait()?;
        if status.success() { Ok(began.elapsed()) } else { Err(format!("the watcher ended with {status}").into()) }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        drop((self.child.kill(), self.child.wait()));
    }
}

fn measure(program: &Path, lying: &Lying, connections: usize) -> Result<Cost, Box<dyn Error>> {
    let watching = Watching::start(program, lying)?;
    let began = Instant::now();
    let (mut samples, mut failures) = (Vec::new(), 0);
    let peak = loop {
        thread::sleep(Duration::from_millis(100));
        let (now, peak) = watching.memory()?;
        samples.push(now);
        let failed = watching.failures();
        if failed > failures {
            failures = failed;
            // It would wait longer each time; read again, it begins at once.
            watching.signal("-HUP")?;
        }
        let busy = failures == 0 && began.elapsed() > BUSY;
        if failures >= connections || busy || began.elapsed() > BUSY * 10 {
            break peak;
        }
    };
    let mut ending = watching.end()?;
    for moment in 1..SIGNALS {
        let watching = Watching::start(program, lying)?;
        thread::sleep(Duration::from_millis(450) * moment);
        ending = ending.max(watching.end()?);
    }
    let part = samples.len().div_ceil(4).max(1);
    let most = |part: &[u64]| part.iter().copied().max().unwrap_or(0);
    Ok(Cost { connections: failures, quarters: samples.chunks(part).map(most).collect(), peak, ending })
}
