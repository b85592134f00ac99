//! A large database of simulated rounds, for benchmarks: filled once, kept in `target/bench-read`, and copied for each.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fullhold_ingest::{Config, Importer, Prepared, prepare};
use fullhold_repository::{Config as DatabaseConfig, Db, OpenMode};
use fullhold_simulator::{Disturbances, History, HistoryConfig};
use time::OffsetDateTime;

const SERVERS: usize = 20;
const PLAYERS: usize = 2_200;
/// Files per transaction while the database is filled.
const BATCH: usize = 1_000;

pub(crate) fn database(url: &str) -> DatabaseConfig {
    DatabaseConfig { max_connections: 2, timeout: Duration::from_secs(60), ..DatabaseConfig::new(url.parse().unwrap()) }
}

pub(crate) async fn importer(db: &Db, server: &str, zone: &str) -> Importer {
    let config = Config::default();
    Importer::new(db.clone(), server, Some(zone), "UTC", config, OffsetDateTime::now_utc).await.unwrap()
}

pub(crate) fn history(rounds: usize) -> History {
    let mut config = HistoryConfig::rough(7, SERVERS, PLAYERS, rounds.div_ceil(SERVERS));
    config.disturbances = Disturbances { rename: 100, late: 100, ..Disturbances::none() };
    History::new(&config).unwrap()
}

pub(crate) fn prepared(name: &str, bytes: &[u8]) -> Prepared {
    prepare(&name.parse().unwrap(), name.to_owned(), bytes, None).unwrap()
}

pub(crate) async fn fill(db: &Db, rounds: usize) {
    let started = Instant::now();
    for server in history(rounds).servers {
        let importer = importer(db, &server.name, &server.timezone).await;
        let mut batch = Vec::with_capacity(BATCH);
        for delivered in server {
            for file in &delivered.evening.files {
                batch.push(prepared(&file.name, &file.bytes));
            }
            if batch.len() >= BATCH {
                importer.import(std::mem::take(&mut batch)).await.unwrap();
            }
        }
        importer.import(batch).await.unwrap();
    }
    println!("filled in {:.0} s", started.elapsed().as_secs_f64());
}

pub(crate) async fn filled(url: &str, rounds: usize) {
    fill(&Db::open(&database(url), OpenMode::Create).await.unwrap(), rounds).await;
}

fn kept_file(rounds: usize, extension: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench-read");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(format!("{rounds}.{extension}"))
}

/// A copy of the database, gone when it is dropped.
pub(crate) struct Copied {
    pub(crate) url: String,
    _folder: tempfile::TempDir,
}

/// A copy of the SQLite file of so many rounds, which is made when it is not there.
pub(crate) fn copied(runtime: &tokio::runtime::Runtime, rounds: usize) -> Copied {
    let (kept, part) = (kept_file(rounds, "db"), kept_file(rounds, "part"));
    if !kept.exists() {
        drop(std::fs::remove_file(&part));
        runtime.block_on(filled(&format!("sqlite://{}", part.display()), rounds));
        std::fs::rename(&part, &kept).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("read.db");
    std::fs::copy(&kept, &copy).unwrap();
    Copied { url: format!("sqlite://{}", copy.display()), _folder: folder }
}
