//! From a game server to the database, measured against a real sshd on loopback: throughput beside the
//! `sftp` program and beside one file after the other, the first look over a slow line, end to end
//! latency; and, as `soak`, a day in fast motion. The figure comes last.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a benchmark talks to a person and fails loudly"
)]

#[path = "../tests/watching/mod.rs"]
mod watching;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fullhold_ingest::watch::{Voice, WatchConfig};
use fullhold_ssh_sync::{Config, Cut, Entry, Identity, Session, sync_folder};
use fullhold_testkit::{Relay, SqliteFile};
use watching::{Running, Site, files};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut figures = Vec::new();
    if arguments.iter().any(|word| word == "soak") {
        figures.push(runtime.block_on(soak()));
    } else {
        let asked = |what: &str| arguments.is_empty() || arguments.iter().any(|word| word == what);
        if asked("throughput") {
            figures.push(throughput());
        }
        if asked("line") {
            figures.push(runtime.block_on(slow_line()));
        }
        if asked("latency") {
            figures.push(runtime.block_on(latency()));
        }
    }
    runtime.shutdown_background();
    println!();
    figures.iter().for_each(|figure| println!("{figure}"));
}

/// 1,000 files three ways, three times each; the best of each.
fn throughput() -> String {
    const FILES: usize = 1_000;
    let site = Site::start();
    for (name, bytes, at) in files(FILES, Duration::from_secs(60)) {
        site.write_at(&name, &bytes, at);
    }
    let config = site.config(None).ssh;
    let entries = list(&config);
    let times = |count: usize, work: &dyn Fn(&Path)| {
        let times = (0..3).map(|_| {
            let folder = tempfile::tempdir_in(site.local.path()).unwrap();
            let began = Instant::now();
            work(folder.path());
            let took = began.elapsed().as_secs_f64();
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), count);
            took
        });
        times.fold(f64::MAX, f64::min)
    };
    let one_by_one = times(FILES, &|folder| naive(&config, &entries, folder));
    let together = times(FILES, &|folder| bulk(&config, &entries, folder));
    let sftp = times(FILES, &|folder| get(&site, folder));
    // The same over a long line, with fewer files.
    let relay = Relay::to(site.server.port());
    relay.delay(Duration::from_millis(15));
    let far = site.config(Some(relay.port())).ssh;
    let some = &entries[..100];
    let far_one_by_one = times(some.len(), &|folder| naive(&far, some, folder));
    let far_together = times(FILES, &|folder| bulk(&far, &entries, folder));
    format!(
        "throughput: {FILES} files on loopback: together {together:.2} s ({:.0} files/s), one by one {one_by_one:.2} s \
         (× {:.1}), sftp get {sftp:.2} s (× {:.1})\n\
         throughput, 30 ms round trip: together {:.0} files/s, one by one {:.0} files/s (× {:.1})",
        FILES as f64 / together,
        one_by_one / together,
        sftp / together,
        FILES as f64 / far_together,
        100.0 / far_one_by_one,
        far_one_by_one * 10.0 / far_together
    )
}

fn list(config: &Config) -> Vec<Entry> {
    Session::open(config, &Cut::default()).unwrap().list(&|_| true).unwrap().entries
}

/// As the watcher does it.
fn bulk(config: &Config, entries: &[Entry], folder: &Path) {
    let mut sink = |(entry, result): fullhold_ssh_sync::Fetch| {
        result.unwrap().keep(&entry.name).unwrap();
    };
    let session = Session::open(config, &Cut::default()).unwrap();
    session.fetch_all(entries.to_vec(), folder, &mut sink).unwrap();
    sync_folder(folder).unwrap();
}

/// One session, and for each file: stat, open, read to the end, close; a temporary name, fsync, rename.
fn naive(config: &Config, entries: &[Entry], folder: &Path) {
    let mut session = ssh2::Session::new().unwrap();
    let socket = TcpStream::connect((config.host.as_str(), config.port)).unwrap();
    socket.set_nodelay(true).unwrap();
    session.set_tcp_stream(socket);
    session.handshake().unwrap();
    let Identity::Key { path, .. } = &config.identity else { panic!("a key") };
    session.userauth_pubkey_file(&config.user, None, path, None).unwrap();
    let sftp = session.sftp().unwrap();
    for Entry { name, .. } in entries {
        let there = Path::new(&config.directory).join(name);
        let size = sftp.stat(&there).unwrap().size.unwrap();
        let mut bytes = Vec::with_capacity(size as usize + 1);
        sftp.open(&there).unwrap().read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes.len() as u64, size);
        let temporary = folder.join(".part");
        let mut file = fs::File::create(&temporary).unwrap();
        file.write_all(&bytes).unwrap();
        file.sync_all().unwrap();
        fs::rename(temporary, folder.join(name)).unwrap();
    }
    sync_folder(folder).unwrap();
}

/// The `sftp` program, which neither renames nor waits for the disk.
fn get(site: &Site, folder: &Path) {
    let mut sftp = Command::new("sftp");
    sftp.args(["-q", "-b", "-", "-o", "StrictHostKeyChecking=yes", "-o", "IdentitiesOnly=yes"]);
    sftp.arg("-o").arg(format!("UserKnownHostsFile={}", site.server.known_hosts().display()));
    sftp.arg("-i").arg(site.server.key()).args(["-P", &site.server.port().to_string()]);
    sftp.arg(format!("{}@127.0.0.1", site.server.user()));
    let mut child = sftp.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let command = format!("get {}/* {}/\n", site.server.files().display(), folder.display());
    child.stdin.take().unwrap().write_all(command.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

/// 4,000 files over a round trip of 30 ms; the last day of them is fetched.
async fn slow_line() -> String {
    const FILES: usize = 4_000;
    let site = Site::start();
    let files = files(FILES, Duration::from_secs(240));
    for (name, bytes, at) in &files {
        site.write_at(name, bytes, *at);
    }
    let relay = Relay::to(site.server.port());
    relay.delay(Duration::from_millis(15));
    let database = SqliteFile::create();
    let began = Instant::now();
    let running = Running::start(&database.url(), site.config(Some(relay.port()))).await;
    running.until_told(&["4000 files on the server"]).await;
    let looked = began.elapsed();
    let wanted = 24 * 15 + 1;
    running.until_imported(wanted).await;
    let rate = wanted as f64 / (began.elapsed() - looked).as_secs_f64();
    running.end().await;
    format!(
        "30 ms round trip: first look over {FILES} files {:.2} s, then {wanted} files downloaded and imported at {rate:.0} files/s",
        looked.as_secs_f64()
    )
}

/// Files that appear one by one, every second one line by line; interval 2 s.
async fn latency() -> String {
    const FILES: usize = 50;
    let site = Site::start();
    let config = WatchConfig { interval: Duration::from_secs(2), ..site.config(None) };
    let database = SqliteFile::create();
    let running = Running::start(&database.url(), config).await;
    running.until_told(&["0 files on the server"]).await;
    let mut times = Vec::new();
    for (index, (name, bytes, _)) in files(FILES, Duration::from_secs(600)).iter().enumerate() {
        if index % 2 == 0 {
            site.write(name, bytes);
        } else {
            let mut file = fs::File::create(site.path(name)).unwrap();
            for line in bytes.split_inclusive(|byte| *byte == b'\n') {
                file.write_all(line).unwrap();
                tokio::time::sleep(Duration::from_millis(50 + 7 * index as u64)).await;
            }
        }
        let written = Instant::now();
        running.until_imported(index + 1).await;
        times.push(written.elapsed().as_secs_f64());
        // Not in step with the looks.
        tokio::time::sleep(Duration::from_millis(137 * (index as u64 % 16))).await;
    }
    running.end().await;
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    format!(
        "end to end, interval 2 s, {FILES} files, half of them growing: p50 {:.2} s, p99 {:.2} s, most {:.2} s (allowed 4 s)",
        at(0.5),
        at(0.99),
        at(1.0)
    )
}

/// A day in ten minutes: 20 rounds in the evening's two and a half, the rest quiet; the line is cut
/// every two seconds, which is every five minutes of that day.
async fn soak() -> String {
    const ROUNDS: usize = 20;
    const DAY: Duration = Duration::from_secs(600);
    let site = Site::start();
    let relay = Relay::to(site.server.port());
    let day = Duration::from_secs(86_400);
    let fast = |real: Duration| real.mul_f64(DAY.as_secs_f64() / day.as_secs_f64());
    let config = WatchConfig {
        interval: fast(Duration::from_secs(60)),
        idle_interval: fast(Duration::from_secs(600)),
        grace: fast(Duration::from_secs(600)),
        ..site.config(Some(relay.port()))
    };
    let database = SqliteFile::create();
    let running = Running::start(&database.url(), config).await;
    running.until_told(&["0 files on the server"]).await;
    let mut rounds = files(ROUNDS, Duration::from_secs(900)).into_iter();
    let began = Instant::now();
    let mut samples = vec![Usage::now()];
    while began.elapsed() < DAY {
        let share = began.elapsed().as_secs_f64() / DAY.as_secs_f64();
        let evening = (0.5..0.75).contains(&share);
        running.voice.send_replace(Voice::People(if evening { 12 } else { 0 }));
        let due = if evening { ((share - 0.5) / 0.25 * ROUNDS as f64) as usize } else { 0 };
        if evening
            && ROUNDS - rounds.len() <= due
            && let Some((name, bytes, at)) = rounds.next()
        {
            site.write_at(&name, &bytes, at);
        }
        relay.cut_after(rand_bytes(samples.len()));
        tokio::time::sleep(Duration::from_secs(2)).await;
        samples.push(Usage::now());
    }
    for (name, bytes, at) in rounds {
        site.write_at(&name, &bytes, at);
    }
    running.voice.send_replace(Voice::People(1));
    running.until_imported(ROUNDS).await;
    let imported = running.imported();
    running.end().await;
    // The first tenth is warming up.
    let (first, last) = (samples[samples.len() / 10], samples[samples.len() - 1]);
    let most = samples.iter().skip(samples.len() / 10).fold(first, Usage::most);
    format!(
        "a day in {} s: {imported} of {ROUNDS} rounds imported, once each; {} connections; \
         memory {} → {} KiB (most {}), descriptors {} → {} (most {}), threads {} → {} (most {})",
        DAY.as_secs(),
        relay.accepted(),
        first.memory,
        last.memory,
        most.memory,
        first.descriptors,
        last.descriptors,
        most.descriptors,
        first.threads,
        last.threads,
        most.threads
    )
}

/// Somewhere in a conversation, elsewhere each time.
fn rand_bytes(number: usize) -> u32 {
    (number as u32).wrapping_mul(2_654_435_761) % 12_000
}

#[derive(Clone, Copy)]
struct Usage {
    memory: usize,
    descriptors: usize,
    threads: usize,
}

impl Usage {
    fn now() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().parse().unwrap()
        };
        Self {
            memory: field("VmRSS:"),
            descriptors: fs::read_dir("/proc/self/fd").unwrap().count(),
            threads: field("Threads:"),
        }
    }

    fn most(self, other: &Self) -> Self {
        Self {
            memory: self.memory.max(other.memory),
            descriptors: self.descriptors.max(other.descriptors),
            threads: self.threads.max(other.threads),
        }
    }
}
