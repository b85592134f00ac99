//! The bot in a fake Discord: how soon twenty people at once are answered while files are imported, and what fifty guilds
//! cost in which nobody asks.
//!
//! `cargo bench -p bot --bench discord [-- FILES [SECONDS]]`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark stops at the first surprise and prints its figures"
)]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use fullhold_fake_discord::{Channel, FakeDiscord, Person};
use fullhold_ingest::{Config, Importer};
use fullhold_repository::{Db, OpenMode};
use fullhold_simulator::{Config as Play, Disturbances, Simulation};
use time::OffsetDateTime;
use tokio::task::JoinSet;

const PEOPLE: usize = 20;
const GUILDS: usize = 50;
/// What people ask: cheap and dear, with pictures and without.
const LINES: &[(&str, &[(&str, &str)])] = &[
    ("last_session", &[]),
    ("leaderboard", &[("category", "dpm"), ("period", "all")]),
    ("list_players", &[]),
    ("maps", &[]),
    ("records", &[]),
    ("sessions", &[]),
    ("about", &[]),
];

/// How long answers took.
#[derive(Default)]
struct Times {
    acknowledged: Vec<Duration>,
    answered: Vec<Duration>,
    completed: Vec<Duration>,
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let files = arguments.next().map_or(5_000, |files| files.parse().unwrap());
    let seconds = arguments.next().map_or(60, |seconds| seconds.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        latency(files).await;
        idle(Duration::from_secs(seconds)).await;
    });
}

/// The bot in a folder, connected to a fake.
fn bot(folder: &Path, fake: &FakeDiscord) -> Child {
    let mut bot = Command::new(env!("CARGO_BIN_EXE_bot"));
    bot.current_dir(folder).env_clear().env("DISCORD_TOKEN", fake.token()).env("DISCORD_API_URL", fake.api_url());
    bot.env("DISCORD_GATEWAY_URL", fake.gateway_url()).env("COOLDOWN_SECONDS", "0").env("CHART_COOLDOWN_SECONDS", "0");
    bot.stdin(Stdio::null()).spawn().unwrap()
}

async fn importer(folder: &Path) -> Importer {
    let url = format!("sqlite://{}", folder.join("fullhold.db").display());
    let config = fullhold_repository::Config::new(url.parse().unwrap());
    let db = Db::open(&config, OpenMode::Create).await.unwrap();
    Importer::new(db, "default", Some("UTC"), "UTC", Config::default(), OffsetDateTime::now_utc).await.unwrap()
}

async fn latency(files: usize) {
    let folder = tempfile::tempdir().unwrap();
    let played = folder.path().join("played");
    std::fs::create_dir(&played).unwrap();
    for evening in Simulation::new(Play::community(11, files, "UTC", Disturbances::none())).unwrap() {
        for file in evening.files {
            std::fs::write(played.join(file.name), file.bytes).unwrap();
        }
    }
    let importer = importer(folder.path()).await;
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/good");
    importer.run(vec![samples], &()).await.unwrap();
    let fake = FakeDiscord::start().await;
    let guild = fake.guild("crowd");
    let channel = guild.text("stats");
    let people: Vec<Person> = (0..PEOPLE).map(|number| fake.person(&format!("person{number}"))).collect();
    people.iter().for_each(|person| guild.join(person, &[]));
    let mut bot = bot(folder.path(), &fake);
    fake.gateway().ready().await;
    let is_over = Arc::new(AtomicBool::new(false));
    let mut asking = JoinSet::new();
    for (number, person) in people.into_iter().enumerate() {
        asking.spawn(ask(number, person, channel.clone(), Arc::clone(&is_over)));
    }
    let began = Instant::now();
    let summary = importer.run(vec![played], &()).await.unwrap();
    let took = began.elapsed();
    is_over.store(true, Ordering::Relaxed);
    let mut times = Times::default();
    while let Some(one) = asking.join_next().await {
        let one = one.unwrap();
        times.acknowledged.extend(one.acknowledged);
        times.answered.extend(one.answered);
        times.completed.extend(one.completed);
    }
    println!("{PEOPLE} people while {} files are imported in {:.1} s:", summary.imported, took.as_secs_f64());
    for (what, times) in
        [("acknowledged", times.acknowledged), ("answered", times.answered), ("words offered", times.completed)]
    {
        println!("  {what:13} {}", percentiles(times));
    }
    bot.kill().unwrap();
    bot.wait().unwrap();
    fake.assert_no_violations();
}

/// Asks one thing after the other until the import is over.
async fn ask(number: usize, person: Person, channel: Channel, is_over: Arc<AtomicBool>) -> Times {
    let mut times = Times::default();
    for turn in number.. {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        let (command, options) = LINES[turn % LINES.len()];
        let shown = person.slash(&channel, command, options).answer().await;
        times.acknowledged.push(shown.acknowledged_after());
        times.answered.push(shown.answered_after());
        let typing = Instant::now();
        person.autocomplete(&channel, "stats", ("player", "a"), &[]).await;
        times.completed.push(typing.elapsed());
    }
    times
}

fn percentiles(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |percent: usize| times.get((times.len() * percent / 100).min(times.len().saturating_sub(1)));
    let shown =
        |percent| at(percent).map_or_else(|| "–".to_owned(), |time| format!("{:.0} ms", time.as_secs_f64() * 1e3));
    format!("{} times: half within {}, 99 % within {}, all within {}", times.len(), shown(50), shown(99), shown(100))
}

async fn idle(time: Duration) {
    let folder = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/good");
    importer(folder.path()).await.run(vec![samples], &()).await.unwrap();
    let fake = FakeDiscord::start().await;
    for number in 0..GUILDS {
        let guild = fake.guild(&format!("guild {number}"));
        for channel in ["stats", "admins", "talk"] {
            drop(guild.text(channel));
        }
        for person in 0..20 {
            guild.join(&fake.person(&format!("person{number}x{person}")), &[]);
        }
    }
    let mut bot = bot(folder.path(), &fake);
    fake.gateway().ready().await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let before = cpu_ticks(bot.id());
    tokio::time::sleep(time).await;
    let ticks = cpu_ticks(bot.id()) - before;
    // A tick is a hundredth of a second.
    let percent = ticks as f64 / time.as_secs_f64();
    println!(
        "{GUILDS} guilds, nobody asks, {} s: {percent:.2} % of a core, {} MB",
        time.as_secs(),
        memory_mb(bot.id())
    );
    bot.kill().unwrap();
    bot.wait().unwrap();
}

/// Time on a core so far.
fn cpu_ticks(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let behind_name = stat.rsplit(')').next().unwrap();
    let fields: Vec<&str> = behind_name.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// Memory that is in use.
fn memory_mb(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap() / 1_024
}
