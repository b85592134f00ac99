//! PostgreSQL goes away in the middle of things: the import waits and goes on, or ends and says so;
//! nothing is lost, nothing is doubled.
#![expect(clippy::unwrap_used, reason = "test support")]

mod support;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fullhold_ingest::{Error, FileOutcome, Importer, Prepared, Summary, prepare};
use fullhold_repository::{Config, Db, OpenMode, dump};
use fullhold_simulator::{Disturbances, Simulation};
use fullhold_testkit::postgres::Durability;
use fullhold_testkit::{Postgres, TestDatabase};
use support::{open, patient_importer};

/// Longer than anything here takes, also where something else is being built.
const LONG: Duration = Duration::from_secs(150);

fn simulated(rounds: usize) -> Vec<(String, Vec<u8>)> {
    let config = fullhold_simulator::Config::community(21, rounds, "UTC", Disturbances::none());
    Simulation::new(config).unwrap().flat_map(|evening| evening.files).map(|file| (file.name, file.bytes)).collect()
}

fn folder_of(files: &[(String, Vec<u8>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, bytes)| fs::write(folder.path().join(name), bytes).unwrap());
    folder
}

fn prepared(files: &[(String, Vec<u8>)]) -> Vec<Prepared> {
    files.iter().map(|(name, bytes)| prepare(&name.parse().unwrap(), name.clone(), bytes, None).unwrap()).collect()
}

/// What the database holds after an import that nothing disturbed.
async fn undisturbed(files: &Path) -> Vec<String> {
    let database = TestDatabase::create();
    let importer = patient_importer(&database.url(), "UTC", Duration::ZERO).await;
    importer.run(vec![files.to_path_buf()], &()).await.unwrap();
    dump(importer.db()).await.unwrap()
}

fn start(importer: &Arc<Importer>, files: &Path) -> tokio::task::JoinHandle<Result<Summary, Error>> {
    let (importer, files) = (Arc::clone(importer), files.to_path_buf());
    tokio::spawn(async move { importer.run(vec![files], &()).await })
}

/// A stranger's connection, for watching and cutting.
struct Watcher(tokio_postgres::Client);

impl Watcher {
    async fn of(url: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        Self(client)
    }

    /// Asks until the answer is `true`; each question is a round trip, and that is the pace. In a
    /// transaction of the watcher's, a view would show the same moment again and again.
    async fn until(&self, question: &str) {
        let deadline = Instant::now() + LONG;
        while !self.0.query_one(question, &[]).await.unwrap().get::<_, bool>(0) {
            self.0.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
            assert!(Instant::now() < deadline, "never became true: {question}");
        }
    }
}

/// Others of this database, at work.
const OTHERS: &str = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[tokio::test(flavor = "multi_thread")]
async fn connections_cut_at_any_step_lose_and_double_nothing() {
    // Where the import is held up, and cut: at the writer's lock, and at each table in turn.
    let steps = [
        "SELECT pg_advisory_xact_lock(4841950023)",
        "LOCK TABLE processed_files",
        "LOCK TABLE gaming_sessions",
        "LOCK TABLE rounds",
        "LOCK TABLE player_comprehensive_stats",
        "LOCK TABLE weapon_stats",
        "LOCK TABLE matches",
        "LOCK TABLE session_teams",
        "LOCK TABLE player_aliases",
    ];
    let files = simulated(360);
    let folder = folder_of(&files);
    let database = TestDatabase::create();
    let importer = Arc::new(patient_importer(&database.url(), "UTC", LONG).await);
    let watcher = Watcher::of(&database.url()).await;
    let mut imported = 0;
    for (step, part) in steps.iter().zip(files.chunks(files.len().div_ceil(steps.len()))) {
        watcher.0.batch_execute(&format!("BEGIN; {step}")).await.unwrap();
        let (another, part) = (Arc::clone(&importer), prepared(part));
        let import = tokio::spawn(async move { another.import(part).await });
        watcher
            .until(&format!("SELECT count(pg_terminate_backend(pid)) > 0 {OTHERS} AND wait_event_type = 'Lock'"))
            .await;
        watcher.0.batch_execute("ROLLBACK").await.unwrap();
        let outcomes = import.await.unwrap().unwrap();
        imported += outcomes.iter().filter(|outcome| matches!(outcome, FileOutcome::Imported { .. })).count();
    }
    assert_eq!(imported, files.len());
    assert!(dump(importer.db()).await.unwrap() == undisturbed(folder.path()).await, "the dumps differ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stays_away_ends_the_import_in_time_and_a_rerun_completes() {
    let files = simulated(800);
    let folder = folder_of(&files);
    let postgres = Postgres::start().unwrap();
    postgres.create_database("evening").unwrap();
    let url = postgres.url("evening");
    let importer = Arc::new(patient_importer(&url, "UTC", Duration::from_millis(1500)).await);
    let watcher = Watcher::of(&url).await;
    let run = start(&importer, folder.path());
    watcher.until("SELECT EXISTS (SELECT FROM rounds)").await;
    postgres.stop().unwrap();
    let stopped = Instant::now();
    let error = run.await.unwrap().unwrap_err();
    let (text, waited) = (error.to_string(), stopped.elapsed());
    assert!(matches!(&error, Error::Database(cause) if cause.is_lost_connection()), "{text}");
    assert!(text.contains("database") && text.contains(&postgres.port().to_string()), "{text}");
    assert!(waited < Duration::from_secs(10), "{waited:?}");
    postgres.restart().unwrap();
    let before = Watcher::of(&url).await.0.query_one("SELECT count(*) FROM rounds", &[]).await.unwrap();
    let before = usize::try_from(before.get::<_, i64>(0)).unwrap();
    assert!(before > 0 && before < files.len(), "{before} of {}", files.len());
    let summary = start(&importer, folder.path()).await.unwrap().unwrap();
    assert_eq!((summary.skipped, summary.imported), (before, files.len() - before));
    assert!(dump(importer.db()).await.unwrap() == undisturbed(folder.path()).await, "the dumps differ");
}

/// A primary and a standby, with an importer on both, and files of which nothing is imported yet.
struct Pair {
    primary: Postgres,
    standby: Postgres,
    importer: Arc<Importer>,
    files: Vec<(String, Vec<u8>)>,
}

impl Pair {
    async fn start() -> Self {
        let primary = Postgres::start_with(Durability::Standby).unwrap();
        primary.create_database("evening").unwrap();
        let standby = primary.standby().unwrap();
        let importer = Arc::new(patient_importer(&primary.url_with(&standby, "evening"), "UTC", LONG).await);
        Self { primary, standby, importer, files: simulated(40) }
    }

    /// Imports while there is no standby, up to the moment at which the commit waits for it.
    async fn commit_without_standby(&self) -> tokio::task::JoinHandle<Result<Vec<FileOutcome>, Error>> {
        self.standby.stop().unwrap();
        let (importer, files) = (Arc::clone(&self.importer), prepared(&self.files));
        let import = tokio::spawn(async move { importer.import(files).await });
        let watcher = Watcher::of(&self.primary.url("evening")).await;
        watcher.until(&format!("SELECT EXISTS (SELECT {OTHERS} AND wait_event = 'SyncRep')")).await;
        import
    }

    async fn check(&self, outcomes: &[FileOutcome]) {
        assert_eq!(outcomes.len(), self.files.len());
        let imported = |outcome: &&FileOutcome| matches!(outcome, FileOutcome::Imported { .. });
        assert_eq!(outcomes.iter().filter(imported).count(), self.files.len(), "{outcomes:?}");
        let folder = folder_of(&self.files);
        assert!(dump(self.importer.db()).await.unwrap() == undisturbed(folder.path()).await, "the dumps differ");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_came_through_unheard_is_not_done_twice() {
    let pair = Pair::start().await;
    let import = pair.commit_without_standby().await;
    // The transaction is committed on the primary, and nobody is told.
    let watcher = Watcher::of(&pair.primary.url("evening")).await;
    let cut = format!("SELECT count(pg_terminate_backend(pid)) > 0 {OTHERS} AND wait_event = 'SyncRep'");
    watcher.until(&cut).await;
    watcher.until("SELECT EXISTS (SELECT FROM rounds)").await;
    // The import may not end before the standby has it: it waits for it again.
    watcher.until(&format!("SELECT EXISTS (SELECT {OTHERS} AND wait_event = 'SyncRep')")).await;
    assert!(!import.is_finished());
    pair.standby.restart().unwrap();
    pair.check(&import.await.unwrap().unwrap()).await;
    let on_standby = Watcher::of(&pair.standby.url("evening")).await;
    on_standby.until(&format!("SELECT count(*) = {} FROM rounds", pair.files.len())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_died_with_the_primary_is_done_again_on_the_standby() {
    let pair = Pair::start().await;
    let import = pair.commit_without_standby().await;
    pair.primary.kill().unwrap();
    pair.standby.restart().unwrap();
    pair.standby.promote().unwrap();
    pair.check(&import.await.unwrap().unwrap()).await;
}

fn config(url: &str, timeout: Duration, patience: Duration) -> Config {
    Config { max_connections: 2, timeout, patience, ..Config::new(url.parse().unwrap()) }
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_and_reading_wait_for_a_server_that_is_away() {
    let postgres = Postgres::start().unwrap();
    postgres.create_database("evening").unwrap();
    let url = postgres.url("evening");
    postgres.stop().unwrap();
    let hasty = config(&url, LONG, Duration::from_millis(200));
    let Err(error) = Db::open(&hasty, OpenMode::Create).await else { panic!("opened a stopped server") };
    assert!(error.to_string().contains("could not connect") && error.is_lost_connection(), "{error}");
    let patient = config(&url, LONG, LONG);
    let opening = tokio::spawn(async move { Db::open(&patient, OpenMode::Create).await });
    postgres.restart().unwrap();
    let db = Arc::new(opening.await.unwrap().unwrap());
    assert_eq!(db.last_evening().await.unwrap(), None);
    postgres.stop().unwrap();
    let reading = tokio::spawn({
        let db = Arc::clone(&db);
        async move { db.last_evening().await }
    });
    postgres.restart().unwrap();
    assert_eq!(reading.await.unwrap().unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_pass_is_not_waited_for() {
    let database = TestDatabase::create();
    let url = database.url().replace(database.name(), "no_such_database");
    let Err(error) = Db::open(&config(&url, LONG, LONG), OpenMode::Create).await else { panic!("opened nothing") };
    assert!(error.to_string().contains("no_such_database") && !error.is_lost_connection(), "{error}");
    let url = "postgres://somebody@127.0.0.1/x?colour=red";
    let Err(error) = Db::open(&config(url, LONG, LONG), OpenMode::Create).await else { panic!("understood {url}") };
    assert!(error.to_string().contains("invalid connection string"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooled_connection_that_was_cut_is_not_handed_out() {
    let database = TestDatabase::create();
    let db = open(&database.url()).await;
    let watcher = Watcher::of(&database.url()).await;
    for _ in 0..3 {
        assert_eq!(db.last_evening().await.unwrap(), None);
        watcher.until(&format!("SELECT count(pg_terminate_backend(pid)) > 0 {OTHERS}")).await;
        watcher.until(&format!("SELECT NOT EXISTS (SELECT {OTHERS})")).await;
    }
    assert_eq!(db.last_evening().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_host_is_passed_over() {
    // It takes connections, as the kernel of a frozen host's network does, and says nothing.
    let frozen = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let database = TestDatabase::create();
    let (start, rest) = database.url().split_once("@127.0.0.1:").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let silent = format!("127.0.0.1:{}", frozen.local_addr().unwrap().port());
    let url = format!("{start}@{silent},127.0.0.1:{rest}?target_session_attrs=read-write&connect_timeout=1");
    let db = Db::open(&config(&url, LONG, Duration::ZERO), OpenMode::Create).await.unwrap();
    assert_eq!(db.last_evening().await.unwrap(), None);
    let alone = format!("{start}@{silent}/x?connect_timeout=1");
    let started = Instant::now();
    let Err(error) = Db::open(&config(&alone, LONG, Duration::ZERO), OpenMode::Create).await else { panic!("opened") };
    assert!(error.to_string().contains("no answer within 1s") && error.is_lost_connection(), "{error}");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_primary_that_became_read_only_is_not_written_to() {
    let postgres = Postgres::start().unwrap();
    postgres.create_database("evening").unwrap();
    let url = postgres.url("evening");
    let db = open(&format!("{url}?target_session_attrs=read-write")).await;
    let anywhere = open(&url).await;
    let watcher = Watcher::of(&url).await;
    for (setting, takes_writes) in [("on", false), ("off", true)] {
        let change = format!("ALTER SYSTEM SET default_transaction_read_only = {setting}");
        watcher.0.batch_execute(&change).await.unwrap();
        watcher.0.batch_execute("SELECT pg_reload_conf()").await.unwrap();
        watcher.until(&format!("SELECT current_setting('default_transaction_read_only') = '{setting}'")).await;
        // Not even a connection that was open before.
        for db in [&db, &anywhere] {
            let written = db.server("default", None, "UTC").await;
            assert_eq!(written.is_ok(), takes_writes, "{written:?}");
            assert!(written.err().is_none_or(|error| error.is_lost_connection()));
        }
    }
}
