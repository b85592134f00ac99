//! The latency of a live file after histories of several lengths in which nobody ever stopped playing.
//!
//! `cargo bench -p fullhold-ingest --bench live [-- ROUNDS…]`
#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a benchmark stops at the first surprise and prints its figures"
)]

use std::time::{Duration, Instant};

use fullhold_analytics::{DayStart, TimelineConfig};
use fullhold_ingest::{Config, FileOutcome, Importer, Zone, prepare};
use fullhold_repository::{Config as DatabaseConfig, Db, OpenMode};
use fullhold_simulator::{Config as Play, Disturbances, SimulatedFile, Simulation};
use fullhold_stats_file::Seconds;
use fullhold_testkit::Postgres;
use fullhold_testkit::postgres::Durability;
use time::OffsetDateTime;

/// Files imported one by one after each history: two days and a bit, so that every hour of a day is met.
const LIVE: usize = 300;
/// Seconds between the ends of two rounds.
const EVERY: i64 = 600;
/// Files per transaction while a history is filled in.
const BATCH: usize = 1_000;
/// 2025-01-01 00:00 UTC
const BEGIN: i64 = 1_735_689_600;

async fn importer(url: &str) -> Importer {
    let config = DatabaseConfig {
        url: url.parse().unwrap(),
        max_connections: 4,
        min_connections: 0,
        timeout: Duration::from_secs(60),
        patience: Duration::ZERO,
    };
    let db = Db::open(&config, OpenMode::Create).await.unwrap();
    let config = Config {
        match_window: Seconds(3600),
        timeline: TimelineConfig {
            session_gap: Seconds(3600),
            day_start: Some(DayStart::SIX),
            restart_window: Seconds(900),
            excluded_maps: Vec::new(),
        },
        patience: Duration::ZERO,
    };
    Importer::new(db, "default", None, "UTC", config, OffsetDateTime::now_utc).await.unwrap()
}

/// Matches of some evenings, of which every history is made: both halves, each shorter than the
/// time between two rounds.
fn matches() -> Vec<[SimulatedFile; 2]> {
    let play = Play::community(1, 2_000, "UTC", Disturbances::none());
    let files: Vec<SimulatedFile> = Simulation::new(play).unwrap().flat_map(|evening| evening.files).collect();
    let lasts = |file: &SimulatedFile| {
        let header = fullhold_stats_file::parse(&file.name.parse().unwrap(), &file.bytes).unwrap().header;
        header.play_time.map_or(0, |seconds| i64::from(seconds.0))
    };
    let pairs = files.chunks_exact(2).filter(|pair| {
        pair[0].name.ends_with("round-1.txt") && pair[1].name.ends_with("round-2.txt") && lasts(&pair[1]) < EVERY
    });
    pairs.map(|pair| [pair[0].clone(), pair[1].clone()]).collect()
}

/// The round at a position of the endless evening.
fn round(matches: &[[SimulatedFile; 2]], zone: &Zone, position: usize) -> fullhold_ingest::Prepared {
    let file = &matches[position / 2 % matches.len()][position % 2];
    let at = BEGIN + i64::try_from(position).unwrap() * EVERY;
    let stamp = zone.local(at).replace(' ', "-").replace(':', "");
    let name = format!("{stamp}00{}", &file.name["2025-01-01-000000".len()..]);
    prepare(&name.parse().unwrap(), name.clone(), &file.bytes, None).unwrap()
}

/// The longest times of a live file after so many rounds, in order.
async fn measure(url: &str, matches: &[[SimulatedFile; 2]], rounds: usize) -> Vec<Duration> {
    let zone = Zone::new("UTC").unwrap();
    let importer = importer(url).await;
    let history: Vec<usize> = (0..rounds).collect();
    for batch in history.chunks(BATCH) {
        let files = batch.iter().map(|position| round(matches, &zone, *position)).collect();
        importer.import(files).await.unwrap();
    }
    let mut times = Vec::with_capacity(LIVE);
    for position in rounds..rounds + LIVE {
        let started = Instant::now();
        let outcomes = importer.import(vec![round(matches, &zone, position)]).await.unwrap();
        times.push(started.elapsed());
        assert!(matches!(outcomes[0], FileOutcome::Imported { .. }), "{outcomes:?}");
    }
    times.sort_unstable();
    times
}

fn main() {
    let asked: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let histories = if asked.is_empty() { vec![500, 5_000, 30_000] } else { asked };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let matches = matches();
    let databases = tempfile::tempdir().unwrap();
    let postgres = Postgres::start_with(Durability::On).unwrap();
    for backend in ["SQLite", "PostgreSQL"] {
        let mut first = None;
        for rounds in &histories {
            let url = if backend == "SQLite" {
                format!("sqlite://{}", databases.path().join(format!("{rounds}.db")).display())
            } else {
                let name = format!("live{rounds}");
                postgres.create_database(&name).unwrap();
                postgres.url(&name)
            };
            let times = runtime.block_on(measure(&url, &matches, *rounds));
            let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1000.0;
            let ratio = at(0.99) / *first.get_or_insert(at(0.99));
            println!(
                "{backend}: live file after {rounds} rounds without a pause: p50 {:.1} ms, p99 {:.1} ms over {LIVE} \
                 files, × {ratio:.2} of the first",
                at(0.5),
                at(0.99)
            );
        }
    }
}
