//! Test support: a stranger's view of the database (plain SQL through other drivers than ours), and
//! imports of files in memory.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "each test file uses its own part"
)]

use std::collections::HashSet;
use std::time::Duration;

use fullhold_ingest::{Config, FileOutcome, Importer, prepare};
use fullhold_repository::{Config as DatabaseConfig, Db, OpenMode};
use fullhold_simulator::{World, WorldFile};
use time::{OffsetDateTime, PrimitiveDateTime};

/// Rows as text, `None` for NULL.
pub type Rows = Vec<Vec<Option<String>>>;

/// Opens the database, creating it where that is possible.
pub async fn open(url: &str) -> Db {
    Db::open(&database_config(url), OpenMode::Create).await.unwrap()
}

/// How a test opens a database: four connections, and no waiting for a lost one.
pub fn database_config(url: &str) -> DatabaseConfig {
    DatabaseConfig::new(url.parse().unwrap())
}

/// An importer with the product's default configuration, that waits for no lost database.
pub async fn importer(url: &str, timezone: &str) -> Importer {
    patient_importer(url, timezone, Duration::ZERO).await
}

/// An importer that waits for a lost database.
pub async fn patient_importer(url: &str, timezone: &str, patience: Duration) -> Importer {
    let config = Config { patience, ..config() };
    Importer::new(open(url).await, "default", Some(timezone), "UTC", config, OffsetDateTime::now_utc).await.unwrap()
}

/// An importer of a server, with the product's default configuration.
pub async fn server_importer(db: &Db, server: &str, timezone: &str) -> Importer {
    Importer::new(db.clone(), server, Some(timezone), "UTC", config(), OffsetDateTime::now_utc).await.unwrap()
}

/// The product's default configuration, that waits for no lost database.
pub fn config() -> Config {
    Config::default()
}

/// Imports files as one batch.
pub async fn import(importer: &Importer, files: &[(String, Vec<u8>)]) -> Vec<FileOutcome> {
    let files: Vec<_> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice(), None)).collect();
    import_written_at(importer, &files).await
}

/// Imports files as one batch, each with the instant at which the server wrote it, if known.
pub async fn import_written_at(importer: &Importer, files: &[(&str, &[u8], Option<i64>)]) -> Vec<FileOutcome> {
    let prepared = files
        .iter()
        .map(|(name, bytes, written)| {
            let mtime = written.map(|at| {
                let at = OffsetDateTime::from_unix_timestamp(at).unwrap();
                PrimitiveDateTime::new(at.date(), at.time())
            });
            prepare(&name.parse().unwrap(), (*name).to_owned(), bytes, mtime).unwrap()
        })
        .collect();
    importer.import(prepared).await.unwrap()
}

/// An importer for each server of a world.
pub async fn world_importers(db: &Db, world: &World, config: &Config) -> Vec<Importer> {
    let mut importers = Vec::new();
    for server in &world.servers {
        let (zone, clock) = (Some(server.timezone.as_str()), OffsetDateTime::now_utc);
        importers.push(Importer::new(db.clone(), &server.name, zone, "UTC", config.clone(), clock).await.unwrap());
    }
    importers
}

/// Imports files of a world a few at a time, so that the servers' rounds alternate.
pub async fn import_arriving(importers: &[Importer], files: &[&WorldFile]) {
    for some in files.chunks(5) {
        for (number, importer) in importers.iter().enumerate() {
            let of_server = some.iter().filter(|file| file.server == number);
            let files: Vec<_> =
                of_server.map(|file| (file.name.as_str(), file.bytes.as_slice(), file.written_at)).collect();
            import_written_at(importer, &files).await;
        }
    }
}

/// Runs a query through rusqlite or tokio-postgres.
pub async fn query(url: &str, sql: &str) -> Rows {
    if let Some(path) = url.strip_prefix("sqlite://") {
        let db = rusqlite::Connection::open(path).unwrap();
        let mut statement = db.prepare(sql).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|i| Ok(text(row.get_ref(i)?))).collect());
        return rows.unwrap().map(Result::unwrap).collect();
    }
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    let messages = client.simple_query(sql).await.unwrap();
    let rows = messages
        .iter()
        .filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|i| row.get(i).map(ToOwned::to_owned)).collect())
            }
            _ => None,
        })
        .collect();
    drop(client);
    driver.await.unwrap().unwrap();
    rows
}

fn text(value: rusqlite::types::ValueRef<'_>) -> Option<String> {
    use rusqlite::types::ValueRef;
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(n) => Some(n.to_string()),
        ValueRef::Real(f) => Some(f.to_string()),
        ValueRef::Text(t) => Some(String::from_utf8_lossy(t).into_owned()),
        ValueRef::Blob(b) => Some(format!("{} bytes", b.len())),
    }
}

/// A number that must be there.
pub fn number(value: Option<&String>) -> f64 {
    value.unwrap().parse().unwrap()
}

/// Database column of a field of the file, by its name in the format's documentation.
pub fn column(name: &str) -> &str {
    match name {
        "killing_spree" => "killing_spree_best",
        "death_spree" => "death_spree_worst",
        "useful_kills" => "most_useful_kills",
        "multikill_2x" => "double_kills",
        "multikill_3x" => "triple_kills",
        "multikill_4x" => "quad_kills",
        "multikill_5x" => "multi_kills",
        "multikill_6x" => "mega_kills",
        "repairs_constructions" => "constructions",
        other => other,
    }
}

/// A file, and the instant at which its round ended.
pub type Played = (String, Vec<u8>, i64);

/// Matches without a pause, from an instant on: each round ends so many seconds after the one
/// before. Names have the stamps that the clock of the zone showed.
pub fn nonstop(seed: u64, rounds: usize, zone: &str, from: i64, every: i64) -> Vec<Played> {
    use fullhold_simulator::{Config as Play, Disturbances, Simulation};
    let zone = fullhold_ingest::Zone::new(zone).unwrap();
    let play = Play::community(seed, rounds * 2 + 40, "UTC", Disturbances::none());
    let simulated: Vec<_> = Simulation::new(play).unwrap().flat_map(|evening| evening.files).collect();
    let mut files = Vec::new();
    let mut at = from;
    for pair in simulated.chunks_exact(2) {
        let lasts = |file: &fullhold_simulator::SimulatedFile| {
            let name = file.name.parse().unwrap();
            let header = fullhold_stats_file::parse(&name, &file.bytes).unwrap().header;
            header.play_time.map_or(0, |seconds| i64::from(seconds.0))
        };
        let halves = pair[0].name.ends_with("round-1.txt") && pair[1].name.ends_with("round-2.txt");
        if !halves || lasts(&pair[1]) >= every || files.len() >= rounds {
            continue;
        }
        for file in pair {
            let rest = &file.name["2025-01-01-000000".len()..];
            let stamp = zone.local(at).replace(' ', "-").replace(':', "");
            files.push((format!("{stamp}00{rest}"), file.bytes.clone(), at));
            at += every;
        }
    }
    assert!(files.len() >= rounds, "{} of {rounds} rounds", files.len());
    files.truncate(rounds);
    files
}

/// Fails with the first lines that differ.
pub fn assert_same(expected: &[String], found: &[String], what: &str) {
    if expected == found {
        return;
    }
    let (before, after): (HashSet<&String>, HashSet<&String>) = (expected.iter().collect(), found.iter().collect());
    let gone: Vec<_> = expected.iter().filter(|line| !after.contains(line)).collect();
    let new: Vec<_> = found.iter().filter(|line| !before.contains(line)).collect();
    let first = |lines: &[&String]| lines.iter().take(6).map(|line| format!("\n  {line}")).collect::<String>();
    panic!("{what}: {} lines gone, {} new\n-{}\n+{}", gone.len(), new.len(), first(&gone), first(&new));
}
