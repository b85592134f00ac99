//! Test support: `dbadmin` as a subprocess, simulated files, golden texts.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "each test file uses its own part"
)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use fullhold_repository::{Config, Db, OpenMode, dump};
use fullhold_simulator::{Config as SimulatorConfig, Delivered, Disturbances, History, HistoryConfig, Simulation};
use fullhold_testkit::{SqliteFile, TestDatabase};
use serde_json::Value;

/// `dbadmin` on a database, in a folder of its own.
pub struct Admin<'a> {
    url: &'a str,
    /// Whether the server's zone is configured: nobody is warned that it is assumed.
    says_zone: bool,
    folder: tempfile::TempDir,
}

/// Exit code, standard output, standard error.
pub type Ran = (i32, String, String);

impl<'a> Admin<'a> {
    pub fn new(url: &'a str) -> Self {
        Self { url, says_zone: true, folder: tempfile::tempdir().unwrap() }
    }

    /// Of somebody who did not say the server's zone.
    pub fn without_zone(url: &'a str) -> Self {
        Self { says_zone: false, ..Self::new(url) }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// With nothing of this process's environment but the path, on which the clients of PostgreSQL
    /// may be.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dbadmin"));
        command.current_dir(self.folder()).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        command.env("DATABASE_URL", self.url).args(arguments).stdin(Stdio::null());
        if self.says_zone {
            command.env("SERVER_TIMEZONE", "UTC");
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments).output().unwrap())
    }

    /// With somebody who types.
    pub fn answer(&self, arguments: &[&str], typed: &str) -> Ran {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // It may have ended without reading.
        drop(child.stdin.take().unwrap().write_all(typed.as_bytes()));
        ran(child.wait_with_output().unwrap())
    }

    /// What it prints when all is well.
    pub fn fine(&self, arguments: &[&str]) -> String {
        let (code, out, err) = self.run(arguments);
        assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}: {out}");
        out
    }

    /// Its one JSON object, whether all is well or not.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let (_, out, err) = self.run(arguments);
        assert_eq!(out.lines().count(), 1, "{arguments:?}: {out}{err}");
        serde_json::from_str(&out).unwrap()
    }

    pub fn database_name(&self) -> String {
        self.url.rsplit('/').next().unwrap().to_owned()
    }

    pub fn dump(&self) -> Vec<String> {
        block_on(async { dump(&open(self.url).await).await.unwrap() })
    }

    /// Runs a statement, as somebody with a database client would.
    pub fn plant(&self, sql: &str) {
        block_on(async { open(self.url).await.execute_raw(sql).await.unwrap() });
    }

    /// Guids of people, in order.
    pub fn guids(&self) -> Vec<String> {
        let players = self.json(&["players", "--json"]);
        let mut guids: Vec<String> = players["players"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|player| player["is_bot"] == false)
            .map(|player| player["guid"].as_str().unwrap().to_owned())
            .collect();
        guids.sort();
        guids
    }
}

fn ran(output: Output) -> Ran {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(future)
}

async fn open(url: &str) -> Db {
    let config = Config { max_connections: 2, ..Config::new(url.parse().unwrap()) };
    Db::open(&config, OpenMode::Create).await.unwrap()
}

/// Writes the files of some evenings; returns their days.
pub fn simulated(folder: &Path, seed: u64, rounds: usize) -> Vec<String> {
    fs::create_dir_all(folder).unwrap();
    let config = SimulatorConfig::community(seed, rounds, "UTC", Disturbances::all());
    let mut days = Vec::new();
    for file in Simulation::new(config).unwrap().flat_map(|evening| evening.files) {
        let name = file.name;
        days.push(name[..10].to_owned());
        fs::write(folder.join(name), file.bytes).unwrap();
    }
    days.sort();
    days.dedup();
    days
}

/// A server that has played.
pub struct PlayedServer {
    pub name: String,
    /// Its files: those that came in time, and in a folder beside them those that came late.
    folder: PathBuf,
}

/// Which files of a server are imported.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Files {
    InTime,
    All,
}

impl PlayedServer {
    /// Where such files lie.
    pub fn folder(&self, files: Files) -> String {
        let folder = if files == Files::All { self.folder.clone() } else { self.folder.join("early") };
        folder.display().to_string()
    }

    /// Imports them; the exit code.
    pub fn import(&self, admin: &Admin<'_>, files: Files) -> i32 {
        let (code, out, err) = admin.run(&["import", &self.folder(files), "--server", &self.name]);
        assert!(matches!(code, 0 | 3), "{out}{err}");
        code
    }

    /// Puts a file beside the others that only has the name of one.
    pub fn add_junk(&self) {
        fs::write(self.folder.join("early/2025-03-05-120000-junk-round-1.txt"), "hello\n").unwrap();
    }
}

/// Writes the files of two servers over the same days.
pub fn played(folder: &Path, seed: u64, rounds: usize) -> Vec<PlayedServer> {
    let mut config = HistoryConfig::rough(seed, 2, 30, rounds);
    config.timezones = vec!["UTC".to_owned()];
    config.delivery.late = 300;
    let mut servers = Vec::new();
    for server in History::new(&config).unwrap().servers {
        let own = folder.join(&server.name);
        for place in ["early", "late"] {
            fs::create_dir_all(own.join(place)).unwrap();
        }
        let name = server.name.clone();
        for Delivered { evening, arrivals } in server {
            for arrival in arrivals {
                let (file, round) = (&evening.files[arrival.file], &evening.truth.rounds[arrival.file]);
                let place = if arrival.at > round.ended_at + 1800 { "late" } else { "early" };
                if arrival.length == file.bytes.len() {
                    fs::write(own.join(place).join(&file.name), &file.bytes).unwrap();
                }
            }
        }
        servers.push(PlayedServer { name, folder: own });
    }
    servers
}

/// Fills a database with two servers in turn; what came late is imported last, so that the ids of rounds are
/// in no order.
pub fn filled_by_two(admin: &Admin<'_>, seed: u64, rounds: usize) -> Vec<PlayedServer> {
    let servers = played(&admin.folder().join("played"), seed, rounds);
    admin.fine(&["create"]);
    for files in [Files::InTime, Files::All] {
        for server in &servers {
            assert_eq!(server.import(admin, files), 0);
        }
    }
    servers
}

/// An empty database of the other kind.
pub fn other_kind(url: &str) -> (String, Kept) {
    if url.starts_with("sqlite") { postgres() } else { sqlite() }
}

/// Another empty database of the same kind.
pub fn same_kind(url: &str) -> (String, Kept) {
    if url.starts_with("sqlite") { sqlite() } else { postgres() }
}

/// A database that goes away at the end.
pub enum Kept {
    Sqlite(SqliteFile),
    Postgres(TestDatabase),
    Nothing,
}

fn sqlite() -> (String, Kept) {
    let file = SqliteFile::create();
    (file.url(), Kept::Sqlite(file))
}

fn postgres() -> (String, Kept) {
    let database = TestDatabase::create();
    (database.url(), Kept::Postgres(database))
}

/// Compares a text with the file of that name, times, sizes and places aside.
pub fn golden(name: &str, text: &str) {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.txt"));
    let text = steady(text);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name}: what is printed is not what tests/golden/{name}.txt has");
}

/// Replaces what differs from run to run and from database to database.
fn steady(text: &str) -> String {
    let mut steady = String::new();
    for line in text.lines() {
        let words: Vec<String> = line.split(' ').map(word).collect();
        let line = words.join(" ");
        // StepTimes of time: the steps are told, their seconds and per cent are not.
        let line = match line.split_once(" SECONDS") {
            Some((step, _)) if line.starts_with("  ") => step.trim_end_matches([' ', '.']).to_owned(),
            _ => line,
        };
        let line = match line.split_once(" (") {
            Some((saved, _)) if line.starts_with("saved to ") => format!("{saved} (SIZE)"),
            _ => line,
        };
        let line = if line.starts_with("backend ") { "backend    BACKEND".to_owned() } else { line };
        steady.push_str(line.trim_end());
        steady.push('\n');
    }
    // The newest schema: each migration would change it.
    let newest = format!("version {}", fullhold_repository::MIGRATIONS.len());
    steady.replace(&newest, "version NEWEST").replace("SQLite", "BACKEND").replace("PostgreSQL", "BACKEND")
}

fn word(word: &str) -> String {
    if word.contains("sqlite://") || word.contains("postgres://") {
        format!("URL{}", if word.ends_with(',') { "," } else { "" })
    } else if word.contains("backups/") && (word.contains(".db") || word.contains(".dump")) {
        "BACKUP".to_owned()
    } else if word.parse::<f64>().is_ok() && word.split('.').nth(1).is_some_and(|digits| digits.len() == 2) {
        "SECONDS".to_owned()
    } else {
        without_now(word)
    }
}

/// Instants of today; those of simulated evenings, which are years older, are told.
fn without_now(text: &str) -> String {
    let bytes = text.as_bytes();
    let at = (0..bytes.len().saturating_sub(19)).find(|&at| {
        bytes[at + 19] == b'Z' && bytes[at + 10] == b'T' && text[at..at + 4].parse().is_ok_and(|year: u32| year >= 2026)
    });
    match at {
        Some(at) => format!("{}TIME{}", &text[..at], &text[at + 20..]),
        None => text.to_owned(),
    }
}

/// Runs statements, as somebody with a database client would; nothing of ours opens the database for it.
pub fn run_sql(url: &str, sql: &str) {
    if let Some(path) = url.strip_prefix("sqlite://") {
        return rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap();
    }
    block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        let driver = tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
        drop(client);
        driver.await.unwrap().unwrap();
    });
}

/// Rows as text, `None` for NULL: a stranger's view, through other drivers than ours.
pub async fn query(url: &str, sql: &str) -> Vec<Vec<Option<String>>> {
    if let Some(path) = url.strip_prefix("sqlite://") {
        use rusqlite::types::Value;
        let db = rusqlite::Connection::open(path).unwrap();
        let mut statement = db.prepare(sql).unwrap();
        let columns = statement.column_count();
        let text = |value: Value| match value {
            Value::Null => None,
            Value::Integer(n) => Some(n.to_string()),
            Value::Real(n) => Some(n.to_string()),
            Value::Text(text) => Some(text),
            Value::Blob(bytes) => Some(format!("{} bytes", bytes.len())),
        };
        let rows = statement.query_map([], |row| (0..columns).map(|i| Ok(text(row.get(i)?))).collect());
        return rows.unwrap().map(Result::unwrap).collect();
    }
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    let messages = client.simple_query(sql).await.unwrap();
    drop(client);
    driver.await.unwrap().unwrap();
    messages
        .iter()
        .filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|i| row.get(i).map(ToOwned::to_owned)).collect())
            }
            _ => None,
        })
        .collect()
}
