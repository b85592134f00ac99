//! How long the questions of `repository::queries` take on a large database, each uncached on one connection: alone,
//! and while files are imported.
//!
//! `cargo bench -p fullhold-ingest --bench read [-- ROUNDS [sqlite|postgres]]`. The SQLite file is kept in
//! `target/bench-read` for the next run.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a benchmark stops at the first surprise and prints its figures"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use fullhold_analytics::{BOARDS, Board, RECORDS, Value};
use fullhold_repository::{Counters, Db, OpenMode, Period, RoundId, Scope, SessionId, Span};
use fullhold_simulator::{Disturbances, History, HistoryConfig};
use fullhold_testkit::Postgres;
use fullhold_testkit::postgres::Durability;
use time::Date;

mod large;

use large::{copied, database, filled, importer, prepared};

/// Times that each question is asked.
const TIMES: usize = 200;

/// The generator `SplitMix64`: the same questions in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (end.max(1) as u64)).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// What questions are about.
struct World {
    players: Vec<String>,
    days: Vec<Date>,
    maps: Vec<String>,
    sessions: Vec<SessionId>,
    rounds: Vec<RoundId>,
}

async fn world(db: &Db) -> World {
    let all = db.totals(&Scope::default(), &Counters::all()).await.unwrap();
    let players: Vec<String> = all.keys().cloned().collect();
    let ids: Vec<SessionId> = (1..=200_000).map(SessionId).collect();
    let sessions = db.read(|tx, _| Box::pin(tx.sessions(&ids))).await.unwrap();
    let mut days: Vec<Date> = sessions.iter().map(|one| one.started_at.date()).collect();
    days.sort_unstable();
    let maps = db.map_sums(&Scope::default()).await.unwrap().into_keys().collect();
    println!("{} players, {} sessions", players.len(), sessions.len());
    let sessions: Vec<SessionId> = sessions.iter().map(|one| one.id).collect();
    let mut rounds = Vec::new();
    let mut chance = Chance(3);
    while rounds.len() < TIMES {
        let evening = db.evening(*chance.pick(&sessions)).await.unwrap().unwrap();
        rounds.extend(evening.rounds.first().map(|round| round.id));
    }
    World { players, days, maps, sessions, rounds }
}

/// Times of a question, and what it may take.
struct Measured {
    name: &'static str,
    times: Vec<Duration>,
    limit_ms: f64,
}

impl Measured {
    fn p99(&self) -> f64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        times[((times.len() - 1) as f64 * 0.99).round() as usize].as_secs_f64() * 1000.0
    }

    fn p50(&self) -> f64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1000.0
    }
}

async fn measure<F: Future<Output = ()>>(
    name: &'static str,
    limit_ms: f64,
    mut ask: impl FnMut(usize) -> F,
) -> Measured {
    ask(0).await;
    let mut times = Vec::with_capacity(TIMES);
    for number in 0..TIMES {
        let question = ask(number);
        let started = Instant::now();
        question.await;
        times.push(started.elapsed());
    }
    Measured { name, times, limit_ms }
}

fn boards() -> Vec<&'static Board> {
    BOARDS.iter().filter(|board| matches!(board.value, Value::Of(_))).collect()
}

async fn ask_all(db: &Db, world: &World) -> Vec<Measured> {
    let boards = boards();
    let board = |number: usize| Counters::of_board(boards[number % boards.len()]);
    let all = Scope::default();
    let periods: Vec<Scope> = {
        let mut chance = Chance(1);
        (0..TIMES)
            .map(|_| {
                let (a, b) = (*chance.pick(&world.days), *chance.pick(&world.days));
                Scope { period: Period { from: Some(a.min(b)), to: Some(a.max(b)) }, ..Scope::default() }
            })
            .collect()
    };
    let on_map: Vec<Scope> =
        world.maps.iter().map(|map| Scope { maps: vec![map.clone()], ..Scope::default() }).collect();
    let mut chance = Chance(2);
    let players: Vec<[String; 2]> =
        (0..TIMES).map(|_| [chance.pick(&world.players).clone(), chance.pick(&world.players).clone()]).collect();
    let mut found = Vec::new();
    found.push(measure("board, all time", 50.0, |n| sums(db, all.clone(), board(n))).await);
    found.push(measure("board, any period", 50.0, |n| sums(db, periods[n % TIMES].clone(), board(n))).await);
    found.push(measure("board, one map", 150.0, |n| sums(db, on_map[n % on_map.len()].clone(), board(n))).await);
    found.push(measure("all counters, all time", 150.0, |_| sums(db, all.clone(), Counters::all())).await);
    found.push(
        measure("career with weapons and maps", 50.0, |n| {
            let guid = players[n][0].clone();
            async move { drop(db.career(&guid, &Scope::default()).await.unwrap()) }
        })
        .await,
    );
    found.extend(ask_evenings(db, world).await);
    found.push(
        measure("history of a player", 50.0, |n| {
            let guid = players[n][0].clone();
            async move { drop(db.player_history(&guid, &Scope::default(), 100).await.unwrap()) }
        })
        .await,
    );
    for (name, span) in [("records of rounds", Span::Round), ("records of matches", Span::Match)] {
        found.push(
            measure(name, 100.0, |n| {
                let scope = if n % 2 == 0 { Scope::default() } else { periods[n % TIMES].clone() };
                async move {
                    for record in RECORDS {
                        drop(db.record_holders(span, record.value.id, &scope, 10).await.unwrap());
                    }
                }
            })
            .await,
        );
    }
    found.push(
        measure("together and against", 50.0, |n| {
            let [one, other] = players[n].clone();
            async move { drop(db.together(&one, &other, &Scope::default()).await.unwrap()) }
        })
        .await,
    );
    found.push(
        measure("everybody with their names", 20.0, |_| async move { drop(db.directory(&[]).await.unwrap()) }).await,
    );
    found.push(
        measure("maps, all time", 150.0, |_| async move { drop(db.map_sums(&Scope::default()).await.unwrap()) }).await,
    );
    found.push(measure("freshness", 20.0, |_| async move { drop(db.freshness().await.unwrap()) }).await);
    found
}

/// The evening, which holds its matches, and a round. A match is asked for by a round and is read with its evening.
async fn ask_evenings(db: &Db, world: &World) -> Vec<Measured> {
    let mut chance = Chance(4);
    let sessions: Vec<SessionId> = (0..TIMES).map(|_| *chance.pick(&world.sessions)).collect();
    let round = &world.rounds;
    let mut found = Vec::new();
    found.push(
        measure("evening", 20.0, |n| {
            let id = sessions[n];
            async move { drop(db.evening(id).await.unwrap()) }
        })
        .await,
    );
    found.push(
        measure("round", 20.0, |n| {
            let id = round[n];
            async move { drop(db.round_lines(id).await.unwrap()) }
        })
        .await,
    );
    found.push(
        measure("match", 20.0, |n| {
            let id = round[n];
            async move {
                let session = db.session_of_round(&[], id).await.unwrap().unwrap();
                drop(db.evening(session).await.unwrap());
            }
        })
        .await,
    );
    found.push(
        measure("search of a name", 20.0, |n| {
            let part: String = world.players[n % world.players.len()].chars().take(3).collect();
            async move { drop(db.people_like(&part).await.unwrap()) }
        })
        .await,
    );
    found
}

async fn sums(db: &Db, scope: Scope, counters: Counters) {
    drop(db.totals(&scope, &counters).await.unwrap());
}

/// Imports files one by one until told to stop; says how many.
async fn import_meanwhile(db: Db, rounds: usize, stop: Arc<AtomicBool>, done: Arc<AtomicUsize>) {
    let mut config = HistoryConfig::rough(99, 1, 40, rounds);
    config.disturbances = Disturbances::none();
    for server in History::new(&config).unwrap().servers {
        let importer = importer(&db, "live", &server.timezone).await;
        for delivered in server {
            for file in &delivered.evening.files {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                importer.import(vec![prepared(&file.name, &file.bytes)]).await.unwrap();
                done.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

async fn run(backend: &'static str, url: &str) -> Vec<String> {
    let db = Db::open(&database(url), OpenMode::Existing).await.unwrap();
    let world = world(&db).await;
    let alone = ask_all(&db, &world).await;
    let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let writer = Db::open(&database(url), OpenMode::Existing).await.unwrap();
    let task = tokio::spawn(import_meanwhile(writer, 100_000, Arc::clone(&stop), Arc::clone(&done)));
    let meanwhile = ask_all(&db, &world).await;
    stop.store(true, Ordering::Relaxed);
    task.await.unwrap();
    let mut lines = Vec::new();
    for (one, other) in alone.iter().zip(&meanwhile) {
        let verdict = if one.p99() <= one.limit_ms { "" } else { "  TOO SLOW" };
        lines.push(format!(
            "{backend}: {}: p50 {:.1} ms, p99 {:.1} ms (at most {:.0}){verdict}; while files are imported p99 {:.1} ms, × {:.2}",
            one.name,
            one.p50(),
            one.p99(),
            one.limit_ms,
            other.p99(),
            other.p99() / one.p99()
        ));
    }
    lines.push(format!("{backend}: {} files were imported meanwhile", done.load(Ordering::Relaxed)));
    lines
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let rounds = arguments.iter().find_map(|text| text.parse().ok()).unwrap_or(100_000);
    let wanted = |backend: &str| {
        let named: Vec<&String> = arguments.iter().filter(|text| text.parse::<usize>().is_err()).collect();
        named.is_empty() || named.iter().any(|text| *text == backend)
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut lines = Vec::new();
    if wanted("sqlite") {
        let copy = copied(&runtime, rounds);
        lines.extend(runtime.block_on(run("SQLite", &copy.url)));
    }
    if wanted("postgres") {
        let postgres = Postgres::start_with(Durability::On).unwrap();
        postgres.create_database("read").unwrap();
        let url = postgres.url("read");
        runtime.block_on(filled(&url, rounds));
        lines.extend(runtime.block_on(run("PostgreSQL", &url)));
    }
    lines.iter().for_each(|line| println!("{line}"));
}
