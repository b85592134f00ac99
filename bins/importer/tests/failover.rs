//! A database that goes away in mid-import: connections cut, server restarted, primary killed and
//! its standby promoted. The import goes on by itself; nothing is lost or doubled.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fullhold_repository::{Config as DatabaseConfig, Db, OpenMode, dump};
use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_testkit::Postgres;
use fullhold_testkit::postgres::Durability;

const ROUNDS: usize = 700;

fn simulated(folder: &Path) {
    let config = Config::community(21, ROUNDS, "UTC", Disturbances::all());
    for file in Simulation::new(config).unwrap().flat_map(|evening| evening.files) {
        fs::write(folder.join(&file.name), file.bytes).unwrap();
    }
}

fn import(folder: &Path, url: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_importer"));
    command.current_dir(folder).env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.arg("files").args(["--json", "--timezone", "UTC", "--database-url", url]).spawn().unwrap()
}

/// Waits until it ends: all is imported, and nothing twice.
fn succeeded(child: Child) {
    let output = child.wait_with_output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{out}{err}");
    let summary: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(summary["imported"], summary["seen"], "what came back from an unfinished commit is told as imported");
    assert!(summary["seen"].as_u64().unwrap() >= ROUNDS as u64);
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(future)
}

async fn open(url: &str) -> Db {
    let config = DatabaseConfig { url: url.to_owned(), max_connections: 2, timeout: Duration::from_secs(20) };
    Db::open(&config, OpenMode::Create).await.unwrap()
}

fn dumped(url: &str) -> Vec<String> {
    block_on(async { dump(&open(url).await).await.unwrap() })
}

/// Waits until so many rounds are committed; says how many there are.
fn committed(url: &str, at_least: i64) -> i64 {
    let until = Instant::now() + Duration::from_secs(60);
    block_on(async {
        let db = open(url).await;
        loop {
            let counts = db.status().await.unwrap().counts;
            let rounds = counts.iter().find(|(table, _)| *table == "rounds").unwrap().1;
            if rounds >= at_least {
                return rounds;
            }
            assert!(Instant::now() < until, "the import does not get on");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
}

/// What an undisturbed import gives.
fn undisturbed(cluster: &Postgres, folder: &Path) -> Vec<String> {
    cluster.create_database("undisturbed").unwrap();
    let url = cluster.url("undisturbed");
    succeeded(import(folder, &url));
    dumped(&url)
}

#[test]
fn an_import_survives_cut_connections_and_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("files")).unwrap();
    simulated(&folder.path().join("files"));
    let cluster = Postgres::start().unwrap();
    let expected = undisturbed(&cluster, folder.path());
    for trouble in ["cut", "restart"] {
        cluster.create_database(trouble).unwrap();
        let url = cluster.url(trouble);
        drop(block_on(open(&url)));
        let mut child = import(folder.path(), &url);
        committed(&url, 1);
        if trouble == "cut" {
            let mut cuts = 0;
            while child.try_wait().unwrap().is_none() && cuts < 30 {
                cluster
                    .sql("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'cut'")
                    .unwrap();
                cuts += 1;
                std::thread::park_timeout(Duration::from_millis(100));
            }
            assert!(cuts > 2, "the import was too quick to be disturbed");
        } else {
            cluster.restart().unwrap();
        }
        succeeded(child);
        assert_eq!(dumped(&url), expected, "after {trouble}");
    }
}

#[test]
fn an_import_goes_on_when_the_standby_takes_over() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("files")).unwrap();
    simulated(&folder.path().join("files"));
    let primary = Postgres::start_with(Durability::On).unwrap();
    let expected = undisturbed(&primary, folder.path());
    primary.create_database("stats").unwrap();
    let standby = primary.standby().unwrap();
    let url = format!(
        "postgres://postgres@127.0.0.1:{},127.0.0.1:{}/stats?target_session_attrs=read-write",
        primary.port(),
        standby.port()
    );
    drop(block_on(open(&url)));
    let child = import(folder.path(), &url);
    let before = committed(&url, 100);
    primary.kill().unwrap();
    standby.promote().unwrap();
    let after = committed(&standby.url("stats"), 0);
    assert!(after >= before, "{before} rounds were committed, {after} are left");
    succeeded(child);
    let mut show = Command::new(env!("CARGO_BIN_EXE_importer"));
    let show = show.args(["show", "last-session", "--database-url", &url]).current_dir(folder.path()).env_clear();
    let shown = show.output().unwrap();
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
    assert!(String::from_utf8_lossy(&shown.stdout).contains("Team A"));
    assert_eq!(dumped(&url), expected);
}
