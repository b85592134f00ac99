//! The importer while PostgreSQL is restarted, starts late, or fails over to its standby.
#![expect(clippy::unwrap_used, reason = "test support")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fullhold_repository::{Config as DatabaseConfig, Db, OpenMode, dump};
use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_testkit::Postgres;
use fullhold_testkit::postgres::Durability;
use serde_json::Value;

/// A folder with simulated files, enough to be in the middle of when something happens.
struct Evenings {
    directory: tempfile::TempDir,
    count: usize,
}

impl Evenings {
    fn simulate(rounds: usize) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let files = directory.path().join("files");
        fs::create_dir(&files).unwrap();
        let config = Config::community(21, rounds, "UTC", Disturbances::none());
        let all: Vec<_> = Simulation::new(config).unwrap().flat_map(|evening| evening.files).collect();
        all.iter().for_each(|file| fs::write(files.join(&file.name), &file.bytes).unwrap());
        Self { directory, count: all.len() }
    }

    fn files(&self) -> PathBuf {
        self.directory.path().join("files")
    }

    fn importer(&self, url: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_importer"));
        command.current_dir(self.directory.path()).env_clear().stdin(Stdio::null());
        command.args(["--json", "--database-url", url]).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn import(&self, url: &str) -> Child {
        self.importer(url).arg(self.files()).spawn().unwrap()
    }

    /// What the database holds after an import that nothing disturbed.
    fn undisturbed(&self) -> Vec<String> {
        let url = format!("sqlite://{}", self.directory.path().join("undisturbed.db").display());
        let summary = finished(self.import(&url)).0;
        assert_eq!(number(&summary, "imported"), self.count);
        dumped(&url)
    }
}

/// The summary of an importer that ended well, and what it said on the way.
fn finished(child: Child) -> (Value, String) {
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    (serde_json::from_slice(&output.stdout).unwrap(), said)
}

fn number(summary: &Value, name: &str) -> usize {
    usize::try_from(summary[name].as_u64().unwrap()).unwrap()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn dumped(url: &str) -> Vec<String> {
    let config = DatabaseConfig { max_connections: 1, ..DatabaseConfig::new(url.parse().unwrap()) };
    block_on(async { dump(&Db::open(&config, OpenMode::Existing).await.unwrap()).await.unwrap() })
}

/// Names of the files whose rounds a stranger sees; none as long as there is no schema.
fn visible_rounds(url: &str) -> BTreeSet<String> {
    const ROUNDS: &str = "SELECT f.filename FROM rounds r JOIN processed_files f ON f.id = r.file_id";
    block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        let driver = tokio::spawn(connection);
        let rows = client.query(ROUNDS, &[]).await.unwrap_or_default();
        let names = rows.iter().map(|row| row.get(0)).collect();
        drop(client);
        driver.await.unwrap().unwrap();
        names
    })
}

/// Waits for the first batch, and tells what is there then.
fn until_some_rounds_are_there(url: &str) -> BTreeSet<String> {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let rounds = visible_rounds(url);
        if !rounds.is_empty() {
            return rounds;
        }
        assert!(Instant::now() < deadline, "nothing was imported");
    }
}

#[test]
fn the_server_restarted_in_mid_import_loses_and_doubles_nothing() {
    let evenings = Evenings::simulate(1200);
    let postgres = Postgres::start().unwrap();
    postgres.create_database("evening").unwrap();
    let url = postgres.url("evening");
    let import = evenings.import(&url);
    let before = until_some_rounds_are_there(&url);
    postgres.restart().unwrap();
    let (summary, said) = finished(import);
    assert!(before.len() < evenings.count, "all {} were there before the restart", before.len());
    assert!(said.contains("lost the database, trying again"), "{said}");
    assert_eq!((number(&summary, "imported"), number(&summary, "skipped")), (evenings.count, 0));
    assert!(dumped(&url) == evenings.undisturbed(), "the dumps differ");
}

#[test]
fn connections_cut_again_and_again_lose_and_double_nothing() {
    const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'evening'";
    let evenings = Evenings::simulate(700);
    let postgres = Postgres::start().unwrap();
    postgres.create_database("evening").unwrap();
    let url = postgres.url("evening");
    let mut import = evenings.import(&url);
    until_some_rounds_are_there(&url);
    // As fast as `psql` starts, at whatever step the import is; then it is left in peace.
    let mut cuts = 0;
    while import.try_wait().unwrap().is_none() && cuts < 20 {
        postgres.sql("postgres", CUT).unwrap();
        cuts += 1;
    }
    let (summary, said) = finished(import);
    assert!(cuts > 2 && said.contains("lost the database, trying again"), "{cuts} cuts: {said}");
    assert_eq!((number(&summary, "imported"), number(&summary, "skipped")), (evenings.count, 0));
    assert!(dumped(&url) == evenings.undisturbed(), "the dumps differ");
}

#[test]
fn an_importer_started_before_the_server_waits_for_it() {
    let evenings = Evenings::simulate(20);
    let postgres = Postgres::start().unwrap();
    postgres.create_database("evening").unwrap();
    postgres.stop().unwrap();
    let mut import = evenings.import(&postgres.url("evening"));
    // It says at once that it waits, and for what.
    let mut said = BufReader::new(import.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert!(line.contains("trying again") && line.contains("Connection refused"), "{line}");
    postgres.restart().unwrap();
    let drain = std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    assert_eq!(number(&finished(import).0, "imported"), evenings.count);
    drain.join().unwrap().unwrap();
}

#[test]
fn import_and_queries_survive_the_death_of_the_primary() {
    let evenings = Evenings::simulate(1200);
    let primary = Postgres::start_with(Durability::Standby).unwrap();
    primary.create_database("evening").unwrap();
    let standby = primary.standby().unwrap();
    let url = primary.url_with(&standby, "evening");
    let import = evenings.import(&url);
    let committed = until_some_rounds_are_there(&primary.url("evening"));
    primary.kill().unwrap();
    let died = Instant::now();
    // While there is no primary, a query waits too.
    let show = evenings.importer(&url).args(["show", "last-session"]).spawn().unwrap();
    standby.promote().unwrap();
    let replicated = visible_rounds(&standby.url("evening"));
    assert!(committed.is_subset(&replicated), "committed rounds are missing on the standby");
    assert!(committed.len() < evenings.count, "all {} were there before the kill", committed.len());
    let (summary, said) = finished(import);
    println!("{} of {} rounds before the kill; done {:?} after it", committed.len(), evenings.count, died.elapsed());
    assert!(said.contains("lost the database, trying again"), "{said}");
    assert_eq!((number(&summary, "imported"), number(&summary, "skipped")), (evenings.count, 0));
    assert!(!finished(show).0["maps"].is_null());
    assert!(!finished(evenings.importer(&url).args(["show", "last-session"]).spawn().unwrap()).0["maps"].is_null());
    assert!(dumped(&url) == evenings.undisturbed(), "the dumps differ");
    // The same again on the new primary: everything is known.
    let again = finished(evenings.import(&url)).0;
    assert_eq!((number(&again, "imported"), number(&again, "skipped")), (0, evenings.count));
}

#[test]
fn passwords_of_a_url_with_two_hosts_are_not_shown() {
    let ports = (fullhold_testkit::free_port(), fullhold_testkit::free_port());
    let url =
        format!("postgres://u:secret@127.0.0.1:{},127.0.0.1:{}/x?target_session_attrs=read-write", ports.0, ports.1);
    let evenings = Evenings::simulate(1);
    let output = evenings.import(&url).wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("could not connect") && !said.contains("secret"), "{said}");
    for port in [ports.0, ports.1] {
        assert!(said.contains(&format!("127.0.0.1:{port}: error connecting to server: Connection refused")), "{said}");
    }
    let check = evenings.importer(&url).arg("--check-config").output().unwrap();
    let report = String::from_utf8(check.stdout).unwrap();
    assert!(check.status.success() && report.contains("u:***@127.0.0.1") && !report.contains("secret"), "{report}");
}
