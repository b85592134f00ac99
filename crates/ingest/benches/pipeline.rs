//! The import against the fastest bulk path of each database by itself, and the latency of a live
//! file. Ratios of one run: machine speed varies from run to run.
//!
//! `cargo bench -p fullhold-ingest --bench pipeline [-- ROUNDS]`
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a benchmark stops at the first surprise and prints its figures"
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fullhold_ingest::{Config, Importer, prepare};
use fullhold_repository::{Config as DatabaseConfig, Db, OpenMode};
use fullhold_simulator::{Config as SimulatorConfig, Disturbances, SimulatedFile, Simulation};
use fullhold_testkit::Postgres;
use fullhold_testkit::postgres::Durability;
use futures_util::{SinkExt as _, StreamExt as _, pin_mut};
use rusqlite::types::Value;
use time::OffsetDateTime;

/// Files imported one by one for the latency of a live file.
const LIVE: usize = 400;
const REPETITIONS: usize = 3;

/// Every table that an import writes, parents first.
const TABLES: [&str; 21] = [
    "servers",
    "processed_files",
    "gaming_sessions",
    "rounds",
    "player_comprehensive_stats",
    "weapon_stats",
    "matches",
    "session_teams",
    "players",
    "player_aliases",
    "validation_findings",
    "player_session_totals",
    "player_map_totals",
    "player_weapon_totals",
    "player_season_totals",
    "session_records",
    "ratings",
    "rated_matches",
    "achievements",
    "database_state",
    "changes",
];

async fn importer(url: &str) -> Importer {
    let config = DatabaseConfig { timeout: Duration::from_secs(60), ..DatabaseConfig::new(url.parse().unwrap()) };
    let db = Db::open(&config, OpenMode::Create).await.unwrap();
    let config = Config::default();
    Importer::new(db, "default", None, "UTC", config, OffsetDateTime::now_utc).await.unwrap()
}

/// Writes simulated files; the last evenings are kept back to be played live.
fn simulate(rounds: usize, folder: &Path) -> Vec<SimulatedFile> {
    let config = SimulatorConfig::community(1, rounds + LIVE, "UTC", Disturbances::all());
    let mut live = Vec::new();
    let mut written = 0;
    for evening in Simulation::new(config).unwrap() {
        for file in evening.files {
            if written < rounds {
                std::fs::write(folder.join(&file.name), &file.bytes).unwrap();
                written += 1;
            } else {
                live.push(file);
            }
        }
    }
    live
}

/// Also says where the time went.
async fn import(url: &str, folder: PathBuf) -> (Duration, String) {
    let importer = importer(url).await;
    let started = Instant::now();
    let summary = importer.run(vec![folder], &()).await.unwrap();
    let elapsed = started.elapsed();
    assert!(summary.rejected.is_empty() && summary.imported > 0, "{summary:?}");
    let shares: Vec<String> = importer
        .times()
        .into_iter()
        .map(|(stage, time)| format!("{stage} {:.0} ms", time.as_secs_f64() * 1000.0))
        .collect();
    (elapsed, shares.join(", "))
}

/// Each file as if it had just appeared: read, parsed, paired, stored, committed.
async fn live(url: &str, files: &[SimulatedFile]) -> Vec<Duration> {
    let importer = importer(url).await;
    let mut times = Vec::new();
    for file in files {
        let started = Instant::now();
        let name = file.name.parse().unwrap();
        let prepared = prepare(&name, file.name.clone(), &file.bytes, None).unwrap();
        importer.import(vec![prepared]).await.unwrap();
        times.push(started.elapsed());
    }
    times.sort_unstable();
    times
}

fn sqlite(path: &Path) -> rusqlite::Connection {
    let db = rusqlite::Connection::open(path).unwrap();
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768",
    )
    .unwrap();
    db
}

/// One transaction with prepared multi-row inserts, nothing else.
fn sqlite_floor(from: &Path, to: &Path) -> Duration {
    const ROWS: usize = 50;
    let source = sqlite(from);
    let tables: Vec<(&str, usize, Vec<Value>)> = TABLES
        .iter()
        .map(|table| {
            let mut statement = source.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let columns = statement.column_count();
            let mut rows = statement.query([]).unwrap();
            let mut values = Vec::new();
            while let Some(row) = rows.next().unwrap() {
                values.extend((0..columns).map(|i| row.get::<_, Value>(i).unwrap()));
            }
            (*table, columns, values)
        })
        .collect();
    let mut target = sqlite(to);
    let started = Instant::now();
    let tx = target.transaction().unwrap();
    for (table, columns, values) in &tables {
        let row = format!("({})", vec!["?"; *columns].join(","));
        let sql = |rows: usize| format!("INSERT INTO {table} VALUES {}", vec![row.as_str(); rows].join(","));
        let chunks = values.chunks_exact(columns * ROWS);
        let rest = chunks.remainder();
        let mut many = tx.prepare(&sql(ROWS)).unwrap();
        for chunk in chunks {
            many.execute(rusqlite::params_from_iter(chunk)).unwrap();
        }
        let mut one = tx.prepare(&sql(1)).unwrap();
        for chunk in rest.chunks_exact(*columns) {
            one.execute(rusqlite::params_from_iter(chunk)).unwrap();
        }
    }
    tx.commit().unwrap();
    started.elapsed()
}

/// Binary COPY of every table in one transaction, nothing else.
async fn postgres_floor(from: &str, to: &str) -> Duration {
    let connect = async |url: &str| {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    };
    let (source, target) = (connect(from).await, connect(to).await);
    let mut tables = Vec::new();
    for table in TABLES {
        let stream = source.copy_out(&format!("COPY {table} TO STDOUT (FORMAT binary)")).await.unwrap();
        let parts: Vec<_> = stream.map(Result::unwrap).collect().await;
        tables.push((table, parts));
    }
    let started = Instant::now();
    target.batch_execute("BEGIN").await.unwrap();
    for (table, parts) in tables {
        let sink = target.copy_in(&format!("COPY {table} FROM STDIN (FORMAT binary)")).await.unwrap();
        pin_mut!(sink);
        for part in parts {
            sink.feed(part).await.unwrap();
        }
        sink.finish().await.unwrap();
    }
    target.batch_execute("COMMIT").await.unwrap();
    started.elapsed()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn report(backend: &str, rounds: usize, imports: &[Duration], floors: &[Duration], live: &[Duration]) -> String {
    let ratios = imports.iter().zip(floors).map(|(a, b)| a.as_secs_f64() / b.as_secs_f64()).collect();
    let at = |share: f64| live[((live.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1000.0;
    let seconds = |all: &[Duration]| median(all.iter().map(Duration::as_secs_f64).collect());
    format!(
        "{backend}: {rounds} rounds imported in {:.2} s, the same rows by the fastest bulk path alone in {:.2} s: \
         ratio {:.2}; live file p50 {:.1} ms, p99 {:.1} ms over {} files",
        seconds(imports),
        seconds(floors),
        median(ratios),
        at(0.5),
        at(0.99),
        live.len()
    )
}

fn main() {
    let rounds = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(5000);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let files = tempfile::tempdir().unwrap();
    let live_files = simulate(rounds, files.path());
    let folder = files.path().to_path_buf();

    let databases = tempfile::tempdir().unwrap();
    let (mut imports, mut floors, mut latencies) = (Vec::new(), Vec::new(), Vec::new());
    for repetition in 0..REPETITIONS {
        let path = |name: &str| databases.path().join(format!("{name}-{repetition}.db"));
        let url = format!("sqlite://{}", path("import").display());
        let (time, shares) = runtime.block_on(import(&url, folder.clone()));
        println!("SQLite: {shares}");
        imports.push(time);
        drop(runtime.block_on(importer(&format!("sqlite://{}", path("floor").display()))));
        let target = sqlite(&path("floor"));
        target.execute_batch("DELETE FROM servers").unwrap();
        drop(target);
        floors.push(sqlite_floor(&path("import"), &path("floor")));
        if repetition == 0 {
            latencies = runtime.block_on(live(&url, &live_files));
        }
    }
    let sqlite_report = report("SQLite", rounds, &imports, &floors, &latencies);

    let postgres = Postgres::start_with(Durability::On).unwrap();
    imports.clear();
    floors.clear();
    for repetition in 0..REPETITIONS {
        let names = [format!("import{repetition}"), format!("floor{repetition}")];
        names.iter().for_each(|name| postgres.create_database(name).unwrap());
        let [from, to] = names.map(|name| postgres.url(&name));
        let (time, shares) = runtime.block_on(import(&from, folder.clone()));
        println!("PostgreSQL: {shares}");
        imports.push(time);
        runtime.block_on(async {
            drop(importer(&to).await);
            let (client, connection) = tokio_postgres::connect(&to, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute("DELETE FROM servers").await.unwrap();
        });
        floors.push(runtime.block_on(postgres_floor(&from, &to)));
        if repetition == 0 {
            latencies = runtime.block_on(live(&from, &live_files));
        }
    }
    println!("{sqlite_report}");
    println!("{}", report("PostgreSQL", rounds, &imports, &floors, &latencies));
}
