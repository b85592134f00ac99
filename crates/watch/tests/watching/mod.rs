//! Test support: a game server that writes files, and a watcher of it.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "each test file uses its own part"
)]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use fullhold_ingest::{Config, Importer};
use fullhold_repository::{Config as DatabaseConfig, Db, OpenMode};
use fullhold_simulator::{Config as Play, Disturbances, Simulation};
use fullhold_ssh_sync::{Config as Ssh, Identity, Timeouts};
use fullhold_testkit::Sshd;
use fullhold_watch::{Notice, Notices, Voice, WatchConfig, Watcher};
use tempfile::TempDir;
use time::OffsetDateTime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Long enough for a slow machine; nothing waits so long when it works.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A game server, and the folder its files are kept in here.
pub struct Site {
    pub server: Sshd,
    pub local: TempDir,
}

impl Site {
    pub fn start() -> Self {
        Self { server: Sshd::start().unwrap(), local: tempfile::tempdir().unwrap() }
    }

    /// How to watch it, through a relay if a port is given.
    pub fn config(&self, port: Option<u16>) -> WatchConfig {
        let wait = Duration::from_secs(3);
        if let Some(port) = port {
            self.server.trust_behind(&[port]).unwrap();
        }
        WatchConfig {
            ssh: Ssh {
                host: "127.0.0.1".to_owned(),
                port: port.unwrap_or(self.server.port()),
                user: self.server.user().to_owned(),
                identity: Identity::Key { path: self.server.key(), passphrase: None },
                known_hosts: self.server.known_hosts(),
                directory: self.server.files().display().to_string(),
                most_bytes: 1 << 20,
                timeouts: Timeouts { connect: wait, handshake: wait, operation: wait },
            },
            folder: self.local.path().join("stats"),
            interval: Duration::from_millis(500),
            idle_interval: Duration::from_secs(600),
            active_from: 1,
            grace: Duration::from_secs(600),
            look_back: Duration::from_secs(24 * 3600),
            retry: (Duration::from_millis(100), Duration::from_millis(500)),
            rest: Duration::from_secs(3),
            dead_retry: (Duration::from_secs(3_600), Duration::from_secs(24 * 3_600)),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.server.files().join(name)
    }

    /// Writes a file as a server does, and says when it was written.
    pub fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Writes a file that was written at a time.
    pub fn write_at(&self, name: &str, bytes: &[u8], at: OffsetDateTime) {
        self.write(name, bytes);
        File::options().write(true).open(self.path(name)).unwrap().set_modified(SystemTime::from(at)).unwrap();
    }

    /// Writes on at the end of a file.
    pub fn append(&self, name: &str, bytes: &[u8]) {
        File::options().append(true).open(self.path(name)).and_then(|mut file| file.write_all(bytes)).unwrap();
    }

    /// Names of the files here.
    pub fn kept(&self) -> Vec<String> {
        let Ok(folder) = fs::read_dir(self.local.path().join("stats")) else { return Vec::new() };
        let mut names: Vec<String> = folder.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// Whole simulated files whose stamps end now, `gap` apart.
pub fn files(count: usize, gap: Duration) -> Vec<(String, Vec<u8>, OffsetDateTime)> {
    files_until(OffsetDateTime::now_utc(), count, gap)
}

/// Whole simulated files whose stamps, in UTC, end at a time.
pub fn files_until(end: OffsetDateTime, count: usize, gap: Duration) -> Vec<(String, Vec<u8>, OffsetDateTime)> {
    let played = Simulation::new(Play::community(7, count, "UTC", Disturbances::none())).unwrap();
    let played: Vec<_> = played.flat_map(|evening| evening.files).take(count).collect();
    let first = end - gap * u32::try_from(count - 1).unwrap();
    let stamped = |(index, file): (usize, fullhold_simulator::SimulatedFile)| {
        let at = first + gap * u32::try_from(index).unwrap();
        (restamped(&file.name, at), file.bytes, at)
    };
    played.into_iter().enumerate().map(stamped).collect()
}

/// The name with another stamp.
pub fn restamped(name: &str, at: OffsetDateTime) -> String {
    let (date, time) = (at.date(), at.time());
    format!(
        "{:04}-{:02}-{:02}-{:02}{:02}{:02}{}",
        date.year(),
        u8::from(date.month()),
        date.day(),
        time.hour(),
        time.minute(),
        time.second(),
        &name.get(17..).unwrap()
    )
}

/// A watcher at work.
pub struct Running {
    pub stop: watch::Sender<bool>,
    pub voice: watch::Sender<Voice>,
    pub notices: Arc<Mutex<Vec<Notice>>>,
    task: JoinHandle<()>,
}

pub async fn importer(url: &str) -> Importer {
    importer_named(url, "default").await
}

/// The way to a database.
pub fn database_config(url: &str) -> DatabaseConfig {
    DatabaseConfig { timeout: Duration::from_secs(10), ..DatabaseConfig::new(url.parse().unwrap()) }
}

pub async fn importer_named(url: &str, server: &str) -> Importer {
    importer_with(&database_config(url), server).await
}

pub async fn importer_with(database: &DatabaseConfig, server: &str) -> Importer {
    let db = Db::open(database, OpenMode::Create).await.unwrap();
    let config = Config::default();
    Importer::new(db, server, Some("UTC"), "UTC", config, OffsetDateTime::now_utc).await.unwrap()
}

pub fn collector() -> (Notices, Arc<Mutex<Vec<Notice>>>) {
    let all = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&all);
    (Arc::new(move |notice: &Notice| sink.lock().unwrap().push(notice.clone())), all)
}

impl Running {
    pub async fn start(url: &str, config: WatchConfig) -> Self {
        Self::start_with(importer(url).await, config)
    }

    pub fn start_with(importer: Importer, config: WatchConfig) -> Self {
        let (notices, all) = collector();
        let (stop, stopped) = watch::channel(false);
        let (voice, heard) = watch::channel(Voice::Unknown);
        let watcher = Watcher::new(importer, config, notices);
        Self { stop, voice, notices: all, task: tokio::spawn(watcher.run(heard, stopped)) }
    }

    pub fn told(&self) -> Vec<String> {
        self.notices.lock().unwrap().iter().map(ToString::to_string).collect()
    }

    pub fn imported(&self) -> usize {
        self.count(|notice| matches!(notice, Notice::Imported { .. }))
    }

    pub fn count(&self, which: impl Fn(&Notice) -> bool) -> usize {
        self.notices.lock().unwrap().iter().filter(|notice| which(notice)).count()
    }

    /// Waits until a condition on what was told holds.
    pub async fn until(&self, what: &str, condition: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !condition(self) {
            assert!(began.elapsed() < PATIENCE, "waited in vain for {what}; told: {:#?}", self.told());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until something is told that holds all these words; returns it.
    pub async fn until_told(&self, words: &[&str]) -> String {
        let has = |text: &String| words.iter().all(|word| text.contains(word));
        self.until(&format!("{words:?}"), |running| running.told().iter().any(has)).await;
        self.told().into_iter().find(has).unwrap()
    }

    pub async fn until_imported(&self, count: usize) {
        self.until(&format!("{count} imports"), |running| running.imported() >= count).await;
    }

    /// Ends it wherever it is, as a kill does.
    pub async fn kill(self) {
        self.task.abort();
        drop(self.task.await);
    }

    /// Ends it, and returns what it told.
    pub async fn end(self) -> Vec<String> {
        self.stop.send_replace(true);
        tokio::time::timeout(Duration::from_secs(10), self.task).await.expect("ends within 10 s").unwrap();
        self.notices.lock().unwrap().iter().map(ToString::to_string).collect()
    }
}
