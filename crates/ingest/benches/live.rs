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

use fullhold_ingest::{Config, FileOutcome, Importer, Zone, prepare};
use fullhold_repository::{Config as DatabaseConfig, Db, OpenMode};
use fullhold_simulator::{Config as Play, Disturbances, SimulatedFile, Simulation};
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
    let config = DatabaseConfig { timeout: Duration::from_secs(60), ..DatabaseConfig::new(url.parse().unwrap()) };
    let db = Db::open(&config, OpenMode::Create).await.unwrap();
    let config = Config::default();
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

/// A history in a database, and what live files after it took.
struct History {
    rounds: usize,
    importer: Importer,
    /// Each live file, from the call to its end, commit included.
    times: Vec<Duration>,
    /// The same without the commit, which waits for the disk.
    computed: Vec<Duration>,
    /// Where the time had gone when it was filled.
    filled: Vec<(&'static str, Duration)>,
}

impl History {
    /// Fills a database with so many rounds.
    async fn fill(url: &str, matches: &[[SimulatedFile; 2]], rounds: usize) -> Self {
        let zone = Zone::new("UTC").unwrap();
        let importer = importer(url).await;
        let history: Vec<usize> = (0..rounds).collect();
        for batch in history.chunks(BATCH) {
            let files = batch.iter().map(|position| round(matches, &zone, *position)).collect();
            importer.import(files).await.unwrap();
        }
        let filled = importer.times();
        Self { rounds, importer, times: Vec::new(), computed: Vec::new(), filled }
    }

    /// Imports the next live file.
    async fn live(&mut self, file: fullhold_ingest::Prepared) {
        let commits = |importer: &Importer| {
            importer.times().into_iter().find(|(step, _)| *step == "commit").map_or(Duration::ZERO, |(_, time)| time)
        };
        let before = commits(&self.importer);
        let started = Instant::now();
        let outcomes = self.importer.import(vec![file]).await.unwrap();
        let elapsed = started.elapsed();
        self.times.push(elapsed);
        self.computed.push(elapsed.saturating_sub(commits(&self.importer) - before));
        assert!(matches!(outcomes[0], FileOutcome::Imported { .. }), "{outcomes:?}");
    }
}

/// Milliseconds of a live file on average, by step.
fn steps(history: &History) -> String {
    let now = history.importer.times();
    let step = |((name, now), (_, before)): (&(&str, Duration), &(&str, Duration))| {
        format!("{name} {:.1}", (*now - *before).as_secs_f64() * 1000.0 / LIVE as f64)
    };
    now.iter().zip(&history.filled).map(step).collect::<Vec<_>>().join(", ")
}

/// Milliseconds that so large a share of the files needed at most.
fn percentile(times: &[Duration], share: f64) -> f64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1000.0
}

/// Fills a database with each history. Then live files come to all of them in turn: what else the
/// machine does falls on all alike.
async fn measure(urls: Vec<(usize, String)>, matches: &[[SimulatedFile; 2]]) -> Vec<History> {
    let zone = Zone::new("UTC").unwrap();
    let mut histories = Vec::new();
    for (rounds, url) in urls {
        let started = Instant::now();
        histories.push(History::fill(&url, matches, rounds).await);
        println!("{rounds} rounds imported in {:.1} s", started.elapsed().as_secs_f64());
    }
    for number in 0..LIVE {
        for history in &mut histories {
            let file = round(matches, &zone, history.rounds + number);
            history.live(file).await;
        }
    }
    histories
}

fn main() {
    let asked: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let rounds = if asked.is_empty() { vec![500, 5_000, 30_000] } else { asked };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let matches = matches();
    let databases = tempfile::tempdir().unwrap();
    let postgres = Postgres::start_with(Durability::On).unwrap();
    let mut lines = Vec::new();
    for backend in ["SQLite", "PostgreSQL"] {
        let urls = rounds.iter().map(|rounds| {
            let url = if backend == "SQLite" {
                format!("sqlite://{}", databases.path().join(format!("{rounds}.db")).display())
            } else {
                let name = format!("live{rounds}");
                postgres.create_database(&name).unwrap();
                postgres.url(&name)
            };
            (*rounds, url)
        });
        println!("{backend}:");
        let histories = runtime.block_on(measure(urls.collect(), &matches));
        let first = percentile(&histories[0].times, 0.99);
        let first_computed = percentile(&histories[0].computed, 0.99);
        for history in &histories {
            println!("{} rounds, ms by step: {}", history.rounds, steps(history));
        }
        for History { rounds, times, computed, .. } in &histories {
            let (p99, p99_computed) = (percentile(times, 0.99), percentile(computed, 0.99));
            lines.push(format!(
                "{backend}, {rounds} rounds without a pause, then {LIVE} live files: p50 {:.1} ms, p99 {p99:.1} ms \
                 (× {:.2}); without the commit p50 {:.1} ms, p99 {p99_computed:.1} ms (× {:.2})",
                percentile(times, 0.5),
                p99 / first,
                percentile(computed, 0.5),
                p99_computed / first_computed,
            ));
        }
    }
    lines.iter().for_each(|line| println!("{line}"));
}
