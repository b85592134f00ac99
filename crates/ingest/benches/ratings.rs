//! How long ratings take: a replay of everything, and of the evening that a live match belongs to.
//!
//! `cargo bench -p fullhold-ingest --bench ratings [-- ROUNDS]`
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops at the first surprise and prints its figures"
)]

use std::time::{Duration, Instant};

use fullhold_analytics::split_teams;
use fullhold_ingest::{Config, Importer, Prepared, prepare};
use fullhold_repository::{Config as DatabaseConfig, Db, OpenMode, Scope};
use fullhold_simulator::{Config as SimulatorConfig, Disturbances, Habits, Simulation};
use fullhold_testkit::Postgres;
use fullhold_testkit::postgres::Durability;
use time::OffsetDateTime;

/// Files per transaction while the database is filled.
const BATCH: usize = 1_000;
/// Times that the newest match is rated again.
const LIVE: usize = 50;
const PEOPLE: usize = 300;
const NEWEST: &str = "DELETE FROM rated_matches WHERE match_id = \
    (SELECT match_id FROM rated_matches ORDER BY ended_at DESC, match_id DESC LIMIT 1)";

fn prepared(name: &str, bytes: &[u8]) -> Prepared {
    prepare(&name.parse().unwrap(), name.to_owned(), bytes, None).unwrap()
}

async fn fill(db: &Db, rounds: usize) {
    let importer =
        Importer::new(db.clone(), "default", None, "UTC", Config::default(), OffsetDateTime::now_utc).await.unwrap();
    let habits = Habits { strength_decides: true, ..Habits::plain() };
    let simulated = SimulatorConfig {
        habits,
        players: PEOPLE,
        days_between: 1,
        ..SimulatorConfig::community(1, rounds, "UTC", Disturbances::none())
    };
    let mut batch = Vec::with_capacity(BATCH);
    for file in Simulation::new(simulated).unwrap().flat_map(|evening| evening.files) {
        batch.push(prepared(&file.name, &file.bytes));
        if batch.len() >= BATCH {
            importer.import(std::mem::take(&mut batch)).await.unwrap();
        }
    }
    importer.import(batch).await.unwrap();
}

async fn timed(work: impl Future<Output = ()>) -> Duration {
    let started = Instant::now();
    work.await;
    started.elapsed()
}

async fn measure(name: &str, url: &str, rounds: usize) {
    let config = DatabaseConfig { timeout: Duration::from_secs(60), ..DatabaseConfig::new(url.parse().unwrap()) };
    let db = Db::open(&config, OpenMode::Create).await.unwrap();
    let filling = timed(fill(&db, rounds)).await;
    db.execute_raw("DELETE FROM ratings").await.unwrap();
    db.execute_raw("DELETE FROM rated_matches").await.unwrap();
    let written = timed(async { db.replay_ratings().await.unwrap() }).await;
    let compared = timed(async { db.replay_ratings().await.unwrap() }).await;
    let matches = db.predictions(&Scope::default()).await.unwrap();
    let newest = matches.last().unwrap().ended_at;
    let mut live = Vec::new();
    for _ in 0..LIVE {
        // The newest match is new again; what an evening costs that has gone on for three hours is measured.
        db.execute_raw(NEWEST).await.unwrap();
        live.push(timed(async { db.replay_ratings_since(newest - time::Duration::hours(3)).await.unwrap() }).await);
    }
    let community = db.community(&[]).await.unwrap();
    let twelve: Vec<_> = community.players().keys().take(12).copied().collect();
    let started = Instant::now();
    let splits = split_teams(&twelve, &community, newest.assume_utc().unix_timestamp(), 3).unwrap();
    let splitting = started.elapsed();
    assert!(!splits.is_empty());
    live.sort_unstable();
    let median = live.get(live.len() / 2).copied().unwrap_or_default();
    println!(
        "{name}: {rounds} rounds, {} rated matches: filled in {:.0} s, replayed and written in {:.1} s, replayed and \
         compared in {:.1} s, an evening replayed in {:.1} ms (median of {}), 12 players split in {:.1} ms",
        matches.len(),
        filling.as_secs_f64(),
        written.as_secs_f64(),
        compared.as_secs_f64(),
        median.as_secs_f64() * 1000.0,
        live.len(),
        splitting.as_secs_f64() * 1000.0
    );
}

fn main() {
    let rounds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(100_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        measure("SQLite", &format!("sqlite://{}", folder.path().join("ratings.db").display()), rounds).await;
        let postgres = Postgres::start_with(Durability::On).unwrap();
        postgres.create_database("ratings").unwrap();
        measure("PostgreSQL", &postgres.url("ratings"), rounds).await;
    });
}
