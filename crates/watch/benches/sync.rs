//! From a game server to the database, measured against a real sshd on loopback: throughput beside the
//! `sftp` program and beside one file after the other, the first look over a slow line, end to end
//! latency. The figures come last.
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

use fullhold_ssh_sync::{CancelSocket, Config, Entry, Identity, Session, sync_folder};
use fullhold_testkit::{Relay, SqliteFile, TestDatabase};
use fullhold_watch::WatchConfig;
use watching::{Running, Site, files};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut figures = Vec::new();
    let asked = |what: &str| arguments.is_empty() || arguments.iter().any(|word| word == what);
    if asked("throughput") {
        println!("measuring: throughput, about four minutes");
        figures.push(throughput());
    }
    if asked("line") {
        println!("measuring: the first look over a slow line");
        figures.push(runtime.block_on(slow_line()));
    }
    if asked("latency") {
        println!("measuring: end to end, about ten minutes on both databases");
        figures.push(runtime.block_on(latency("SQLite", &SqliteFile::create().url())));
        figures.push(runtime.block_on(latency("PostgreSQL", &TestDatabase::create().url())));
    }
    runtime.shutdown_background();
    println!();
    figures.iter().for_each(|figure| println!("{figure}"));
}

/// 1,000 files in several ways, nine times in turns; the medians. The same over a long line, with
/// fewer files where that takes long.
fn throughput() -> String {
    const FILES: usize = 1_000;
    const FEW: usize = 100;
    let site = Site::start();
    for (name, bytes, at) in files(FILES, Duration::from_secs(60)) {
        site.write_at(&name, &bytes, at);
    }
    let relay = Relay::to(site.server.port());
    relay.delay(Duration::from_millis(15));
    let (near, far) = (site.config(None).ssh, site.config(Some(relay.port())).ssh);
    let (near_session, far_session) = (open(&near), open(&far));
    let (near_plain, far_plain) = (open_plainly(&near), open_plainly(&far));
    let entries = near_session.list(&|_| true).unwrap().entries;
    // Kept to the end: what a file system does about removed files is not to be measured with the next.
    let mut folders = Vec::new();
    let mut took = |count: usize, work: &dyn Fn(&Path)| {
        let folder = tempfile::tempdir_in(site.local.path()).unwrap();
        // Nor what others have left to the disk.
        assert!(Command::new("sync").status().unwrap().success());
        let began = Instant::now();
        work(folder.path());
        let took = began.elapsed().as_secs_f64();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), count);
        folders.push(folder);
        count as f64 / took
    };
    let mut rates: [Vec<f64>; 6] = Default::default();
    // The first turn warms up.
    for turn in 0..10 {
        let rest = [
            took(FILES, &|folder| bulk(&near_session, &entries, folder)),
            took(FILES, &|folder| naive(&near_plain, &near, &entries, folder)),
            took(FILES, &|folder| bulk(&open(&near), &entries, folder)),
            took(FILES, &|folder| get(&site, folder)),
        ];
        if turn > 0 {
            rates.iter_mut().zip(rest).for_each(|(rates, rate)| rates.push(rate));
        }
    }
    for _ in 0..3 {
        rates[4].push(took(FILES, &|folder| bulk(&far_session, &entries, folder)));
        rates[5].push(took(FEW, &|folder| naive(&far_plain, &far, &entries[..FEW], folder)));
    }
    let [together, one_by_one, anew, sftp, far_together, far_one_by_one] = rates.map(|mut rates| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    });
    format!(
        "throughput: {FILES} files on loopback: {together:.0} files/s, one by one {one_by_one:.0} (× {:.1}); \
         with connecting {anew:.0} files/s, sftp get {sftp:.0} (× {:.1})\n\
         throughput, 30 ms round trip: {far_together:.0} files/s, one by one {far_one_by_one:.0} (× {:.1})",
        together / one_by_one,
        anew / sftp,
        far_together / far_one_by_one
    )
}

fn open(config: &Config) -> Session {
    Session::open(config, &CancelSocket::default()).unwrap()
}

/// A session of libssh2, without any code of ours.
fn open_plainly(config: &Config) -> ssh2::Sftp {
    let mut session = ssh2::Session::new().unwrap();
    let socket = TcpStream::connect((config.host.as_str(), config.port)).unwrap();
    socket.set_nodelay(true).unwrap();
    session.set_tcp_stream(socket);
    session.handshake().unwrap();
    let Identity::Key { path, .. } = &config.identity else { panic!("a key") };
    session.userauth_pubkey_file(&config.user, None, path, None).unwrap();
    session.sftp().unwrap()
}

/// As the watcher does it.
fn bulk(session: &Session, entries: &[Entry], folder: &Path) {
    let mut sink = |(entry, result): fullhold_ssh_sync::Fetch| {
        result.unwrap().keep(&entry.name).unwrap();
    };
    session.fetch_all(entries.to_vec(), folder, &mut sink).unwrap();
    sync_folder(folder).unwrap();
}

/// For each file: stat, open, read to the end, close; a temporary name, fsync, rename.
fn naive(sftp: &ssh2::Sftp, config: &Config, entries: &[Entry], folder: &Path) {
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

/// Files that appear one by one, half of them in parts with pauses; interval 2 s.
async fn latency(database: &str, url: &str) -> String {
    const FILES: usize = 100;
    let site = Site::start();
    let rest = Duration::from_secs(60);
    let config = WatchConfig { interval: Duration::from_secs(2), rest, ..site.config(None) };
    let running = Running::start(url, config).await;
    running.until_told(&["0 files on the server"]).await;
    let mut times = Vec::new();
    for (index, (name, bytes, _)) in files(FILES, Duration::from_secs(600)).iter().enumerate() {
        if index % 2 == 0 {
            site.write(name, bytes);
        } else {
            let mut file = fs::File::create(site.path(name)).unwrap();
            for line in bytes.split_inclusive(|byte| *byte == b'\n') {
                tokio::time::sleep(Duration::from_millis(50 + 7 * index as u64)).await;
                file.write_all(line).unwrap();
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
        "{database}, file complete to committed, interval 2 s, {FILES} files, half of them in parts: p50 {:.2} s, p99 {:.2} s, \
         most {:.2} s (allowed p99 3.5 s)",
        at(0.5),
        at(0.99),
        at(1.0)
    )
}
