//! `importer watch` against servers that lie: how much memory they cost, and that a signal ends it at once.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "test support, and figures for a person")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_testkit::{Hostile, Lie, Sshd, wait_for, wait_until};

/// Memory that any server may cost, in KiB.
const MOST_MEMORY: u64 = 64 * 1024;
const PATIENCE: Duration = Duration::from_secs(60);
const BAD: &[u8] = b"2025-01-07-200000-bad-round-1.txt";

fn configure(directory: &Path, server: &Sshd, port: u16) {
    let text = format!(
        "database_url = \"sqlite://fullhold.db\"\nssh_check_interval = 1\nssh_startup_lookback_hours = 87600\n\
         ssh_host = \"127.0.0.1\"\nssh_port = {port}\nssh_user = \"{}\"\nssh_key_path = \"{}\"\n\
         ssh_known_hosts = \"{}\"\nremote_stats_path = \"{}\"\n",
        server.user(),
        server.key().display(),
        server.known_hosts().display(),
        server.files().display()
    );
    fs::write(directory.join("fullhold.toml"), text).unwrap();
}

/// A watcher, and every line it says.
struct Watching {
    child: Child,
    lines: mpsc::Receiver<String>,
    said: String,
}

impl Watching {
    fn start(directory: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_importer"));
        command.current_dir(directory).env_clear().stdin(Stdio::null()).arg("watch");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (to, lines) = mpsc::channel();
        let (output, errors) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let more = to.clone();
        thread::spawn(move || BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| to.send(line)));
        thread::spawn(move || {
            BufReader::new(errors).lines().map_while(Result::ok).try_for_each(|line| more.send(line))
        });
        Self { child, lines, said: String::new() }
    }

    fn until(&mut self, words: &str) {
        while !self.said.contains(words) {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("{words:?} was not said:\n{}", self.said));
            self.said.push_str(&line);
            self.said.push('\n');
        }
    }

    /// The most memory it has had, in KiB.
    fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// Measures, and ends it.
    fn end(mut self, what: &str) {
        let memory = self.memory();
        let began = Instant::now();
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        let status = wait_for("the watcher's end", PATIENCE, || self.child.try_wait().unwrap());
        println!("{what}: {} MiB, ended after {} ms", memory / 1024, began.elapsed().as_millis());
        assert_eq!(status.code(), Some(0), "{}", self.said);
        assert!(memory <= MOST_MEMORY, "{what}: {memory} KiB\n{}", self.said);
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn logins(server: &Sshd) -> usize {
    server.log().matches("Accepted publickey").count()
}

/// Two connections to a server that lies in this way: what one costs is not kept for the next.
fn lies(server: &mut Sshd, serving: &Hostile, words: &str, what: &str) {
    server.serve(serving).unwrap();
    let before = logins(server);
    let directory = tempfile::tempdir().unwrap();
    configure(directory.path(), server, server.port());
    let mut watching = Watching::start(directory.path());
    watching.until(words);
    wait_until("a second connection", PATIENCE, || logins(server) >= before + 2);
    watching.end(what);
}

/// A round that is good, beside what is not: it is stored whatever the others do.
fn beside(server: &mut Sshd, serving: Hostile, what: &str) {
    let mut evenings = Simulation::new(Config::community(1, 2, "UTC", Disturbances::none())).unwrap();
    let good = evenings.next().unwrap().files.remove(0);
    let serving = serving.file(good.name.as_bytes(), good.bytes.len() as u64, &good.bytes);
    server.serve(&serving).unwrap();
    let directory = tempfile::tempdir().unwrap();
    configure(directory.path(), server, server.port());
    let mut watching = Watching::start(directory.path());
    watching.until(&format!("imported {}", good.name));
    watching.end(what);
}

#[test]
fn a_listing_without_end_costs_little() {
    let mut server = Sshd::start().unwrap();
    for lie in [Lie::EndlessListing, Lie::EndlessRefused] {
        lies(&mut server, &Hostile::default().lie(lie), "holds more than 200000 names", &format!("{lie:?}"));
    }
}

#[test]
fn answers_that_are_none_cost_little() {
    let mut server = Sshd::start().unwrap();
    for lie in
        [Lie::Count, Lie::Rubbish, Lie::HugeLength, Lie::LargeLength, Lie::Empty, Lie::WrongId, Lie::EndlessAnswers]
    {
        lies(&mut server, &Hostile::default().file(BAD, 1, b"x").lie(lie), "trying again", &format!("{lie:?}"));
    }
}

#[test]
fn files_that_are_not_as_announced_cost_little_and_only_themselves() {
    let mut server = Sshd::start().unwrap();
    for size in [10 << 30, 1 << 63, u64::MAX] {
        beside(&mut server, Hostile::default().file(BAD, size, b"x"), &format!("a file of {size} bytes"));
    }
    let twice = Hostile::default().file(BAD, 1, b"x").file(BAD, 1, b"x");
    beside(&mut server, twice, "doubled names");
    beside(&mut server, Hostile::default().file(&b"x".repeat(300_000), 1, b"x"), "a long name");
    for lie in [Lie::EndlessRead, Lie::LongRead] {
        beside(&mut server, Hostile::default().file(BAD, 1_000, b"x").lie(lie), &format!("{lie:?}"));
    }
    server.serve(&Hostile::default().file(BAD, 1, b"x").lie(Lie::NoAttributes)).unwrap();
    let directory = tempfile::tempdir().unwrap();
    configure(directory.path(), &server, server.port());
    let mut watching = Watching::start(directory.path());
    watching.until("it is not a regular file");
    watching.end("no attributes");
}

#[test]
fn many_names_and_large_files_cost_little() {
    /// Megabytes that lie on the disk until they are taken for whole, and not in memory.
    const ARRIVED: usize = 120;
    let mut server = Sshd::start().unwrap();
    for lie in [Lie::ManyNames, Lie::LargeFiles, Lie::ManyLines] {
        server.serve(&Hostile::default().lie(lie)).unwrap();
        let directory = tempfile::tempdir().unwrap();
        configure(directory.path(), &server, server.port());
        let mut watching = Watching::start(directory.path());
        let what = format!("{lie:?}");
        if lie == Lie::ManyNames {
            watching.until("99999 files on the server, 99999 to fetch");
            watching.until("not fetched (attempt 2)");
        } else {
            watching.until("500 files on the server, 500 to fetch");
            let stats = directory.path().join("local_stats");
            wait_until(&what, PATIENCE, || fs::read_dir(&stats).is_ok_and(|files| files.count() >= ARRIVED));
        }
        watching.end(&what);
    }
}

#[test]
fn a_banner_without_end_costs_little() {
    let server = Sshd::start().unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    server.trust_behind(&[port]).unwrap();
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            while client.write_all(&b"welcome\r\n".repeat(1_000)).is_ok() {}
        }
    });
    let directory = tempfile::tempdir().unwrap();
    configure(directory.path(), &server, port);
    let mut watching = Watching::start(directory.path());
    watching.until("sent more than 262144 bytes while shaking hands");
    watching.end("a banner without end");
}
