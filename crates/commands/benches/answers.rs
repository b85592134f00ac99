//! How long every command takes on a large database: uncached, cached, and while somebody types.
//!
//! `cargo bench -p fullhold-commands --bench answers [-- ROUNDS [sqlite|postgres]]`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a benchmark stops at the first surprise and prints its figures"
)]

use std::time::{Duration, Instant};

use fullhold_commands::{
    Answerer, AskConfig, Asker, COMMANDS, Catalogue, Outcome, Permission, Question, VIEWS, answered,
};
use fullhold_repository::{Db, OpenMode, ServerId};
use fullhold_testkit::Postgres;
use fullhold_testkit::postgres::Durability;
use time::OffsetDateTime;

#[path = "../../ingest/benches/large/mod.rs"]
mod large;

use large::{copied, database, filled};

/// Times that each line is asked.
const TIMES: usize = 30;
/// What an answer may take, in milliseconds.
const UNCACHED_MS: f64 = 150.0;
const CACHED_MS: f64 = 2.0;
const COMPLETION_MS: f64 = 30.0;

/// What is asked about.
struct World {
    players: Vec<String>,
    maps: Vec<String>,
    today: time::Date,
}

const ADMIN: Asker = Asker { user: None, player: None, right: Permission::Admin };

async fn ask(answerer: &Answerer, world: &World, line: &str) -> Duration {
    let question = Question {
        line,
        page: 0,
        asker: ADMIN,
        today: world.today,
        at: OffsetDateTime::now_utc(),
        now: Duration::ZERO,
    };
    let started = Instant::now();
    let answer = answerer.answer(question).await;
    let took = started.elapsed();
    assert!(answer.error.is_none(), "{line}: {:?}", answer.error);
    assert_ne!(answer.outcome, Outcome::Failed, "{line}");
    took
}

/// Lines of every command that only reads, about somebody and something else each time.
fn lines(world: &World) -> Vec<(String, Vec<String>)> {
    let player = |n: usize| format!("guid:{}", world.players[n * 7919 % world.players.len()]);
    let map = |n: usize| world.maps[n % world.maps.len()].clone();
    let mut all = Vec::new();
    let mut add = |name: String, line: &dyn Fn(usize) -> String| all.push((name, (0..TIMES).map(line).collect()));
    let is_answered = |name: &str| answered().any(|known| known == name);
    for view in VIEWS {
        add(format!("last_session {}", view[0]), &|_| format!("last_session {}", view[0]));
    }
    for line in ["stats", "achievements", "aliases", "teammates", "rating", "explain kd of"] {
        add(line.to_owned(), &|n| format!("{line} {}", player(n)));
    }
    add("stats season".into(), &|n| format!("stats {} season", player(n)));
    for line in ["compare", "synergy"] {
        add(line.to_owned(), &|n| format!("{line} {} {}", player(n), player(n + 1)));
    }
    for board in fullhold_analytics::BOARDS {
        add(format!("leaderboard {}", board.id), &|_| format!("leaderboard {}", board.id));
    }
    add("leaderboard 90d".into(), &|_| "leaderboard dpm 90d".to_owned());
    for line in ["leaderboard kd", "records", "map"] {
        add(format!("{line} MAP"), &|n| format!("{line} {}", map(n)));
    }
    for command in COMMANDS.iter().filter(|command| is_answered(command.name)) {
        let reads = !matches!(command.name, "sync_all" | "rebuild_sessions" | "cache_clear" | "link" | "unlink");
        if reads && command.required().count() == 0 && command.name != "last_session" {
            add(command.name.to_owned(), &|_| command.name.to_owned());
        }
    }
    for line in ["round", "match"] {
        add(line.to_owned(), &|n| format!("{line} {}", 1 + n * 997));
    }
    add("session".into(), &|n| format!("session {}", 1 + n * 7));
    add("player_search".into(), &|_| "player_search an".to_owned());
    all
}

fn p99(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[((times.len() - 1) as f64 * 0.99).round() as usize].as_secs_f64() * 1000.0
}

/// The slowest of some lines.
#[derive(Default)]
struct Worst {
    line: String,
    ms: f64,
}

impl Worst {
    fn see(&mut self, line: &str, ms: f64) {
        if ms > self.ms {
            *self = Self { line: line.to_owned(), ms };
        }
    }

    fn shown(&self, what: &str, most: f64) -> String {
        let verdict = if self.ms <= most { "" } else { "  TOO SLOW" };
        format!("{what} at most {:.1} ms ({}; at most {most:.0}){verdict}", self.ms, self.line)
    }
}

async fn world(db: &Db, servers: &[ServerId]) -> World {
    let people = db.directory(servers).await.unwrap();
    let newest = people.iter().map(|one| one.last_seen.date()).max().unwrap();
    let players = people.into_iter().map(|one| one.player.guid).collect();
    World { players, maps: db.map_names(servers).await.unwrap(), today: newest }
}

async fn measured(backend: &str, db: &Db, servers: Vec<ServerId>) -> String {
    let scope = if servers.is_empty() { "all servers".to_owned() } else { format!("{} servers", servers.len()) };
    let world = world(db, &servers).await;
    let config = AskConfig { prefix: "!".into(), servers, cooldowns: None };
    let answerer = Answerer::new(db.clone(), Catalogue::english().unwrap(), config);
    let (mut uncached, mut cached, mut completion) = (Worst::default(), Worst::default(), Worst::default());
    for (name, lines) in lines(&world) {
        let (mut first, mut again) = (Vec::new(), Vec::new());
        for line in &lines {
            ask(&answerer, &world, "cache_clear").await;
            first.push(ask(&answerer, &world, line).await);
            again.push(ask(&answerer, &world, line).await);
        }
        let (first, again) = (p99(&mut first), p99(&mut again));
        println!("{backend}, {scope}: {name}: p99 {first:.1} ms, again {again:.2} ms");
        uncached.see(&name, first);
        if COMMANDS.iter().any(|command| command.is_kept && name.split(' ').next() == Some(command.name)) {
            cached.see(&name, again);
        }
    }
    for typed in ["st", "stats a", "stats an", "map te", "compare vid o", "session 20", "lb k", "explain d"] {
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let started = Instant::now();
            drop(answerer.complete(typed, ADMIN).await.unwrap());
            times.push(started.elapsed());
        }
        completion.see(typed, p99(&mut times));
    }
    format!(
        "{backend}, {scope}: {}; {}; {}",
        uncached.shown("uncached p99", UNCACHED_MS),
        cached.shown("cached p99", CACHED_MS),
        completion.shown("completion p99", COMPLETION_MS)
    )
}

async fn run(backend: &'static str, url: &str) -> Vec<String> {
    let db = Db::open(&database(url), OpenMode::Existing).await.unwrap();
    let servers: Vec<ServerId> = db.servers().await.unwrap().iter().map(|server| server.id).collect();
    let half = servers[..servers.len() / 2].to_vec();
    let mut lines = Vec::new();
    for scope in [Vec::new(), vec![servers[0]], half] {
        lines.push(measured(backend, &db, scope).await);
    }
    lines
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let rounds = arguments.iter().find_map(|text| text.parse().ok()).unwrap_or(100_000);
    let wanted = |backend: &str| {
        let mut named = arguments.iter().filter(|text| text.parse::<usize>().is_err()).peekable();
        named.peek().is_none() || named.any(|text| text == backend)
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut lines = Vec::new();
    if wanted("sqlite") {
        let copy = copied(&runtime, rounds);
        lines.extend(runtime.block_on(run("SQLite", &copy.url)));
    }
    if wanted("postgres") {
        let postgres = Postgres::start_with(Durability::On).unwrap();
        postgres.create_database("answers").unwrap();
        let url = postgres.url("answers");
        runtime.block_on(filled(&url, rounds));
        lines.extend(runtime.block_on(run("PostgreSQL", &url)));
    }
    lines.iter().for_each(|line| println!("{line}"));
}
