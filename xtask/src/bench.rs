//! `cargo xtask bench`: the figures of docs/PERFORMANCE.md, measured side by side in one run.
//! Runs built programs and links nothing heavy, so that `cargo xtask` stays quick to build.

use std::error::Error;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use clap::Args;
use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_testkit::Postgres;
use fullhold_testkit::postgres::Durability;

use crate::process::{cargo, root, succeed};
use crate::{hostile, rebuild};

const SMALL: usize = 1_000;
/// Rounds of a comparison of two programs, and how often each has its turn.
const COMPARED: usize = 5_000;
const TURNS: usize = 3;

/// Measure: parsing, bulk import against each database's fastest path, latency of a live file, the way
/// from a game server; with --scale also memory and time per file of a large import.
#[derive(Args)]
pub(crate) struct Opts {
    /// Also import so many rounds, and compare with 1,000
    #[arg(long, value_name = "ROUNDS", num_args = 0..=1, default_missing_value = "100000")]
    scale: Option<usize>,
    /// Only the way from a game server: throughput, a slow line, end to end latency
    #[arg(long, conflicts_with = "scale")]
    sync: bool,
    /// Only `dbadmin rebuild` and `validate`, of so many rounds
    #[arg(long, value_name = "ROUNDS", num_args = 0..=1, default_missing_value = "3766", conflicts_with_all = ["scale", "sync"])]
    rebuild: Option<usize>,
    /// Only pictures: time and size of each kind
    #[arg(long, conflicts_with_all = ["scale", "sync", "rebuild"])]
    charts: bool,
    /// Only pictures: so many of them, and whether memory stays flat
    #[arg(long, value_name = "PICTURES", num_args = 0..=1, default_missing_value = "10000", conflicts_with_all = ["scale", "sync", "rebuild", "charts"])]
    charts_memory: Option<u32>,
    /// Only the latency of a live file after 500, 5,000 and 30,000 rounds without a pause
    #[arg(long, conflicts_with_all = ["scale", "sync", "rebuild", "charts"])]
    live: bool,
    /// Only memory and the end of `importer watch` against servers that lie, over so many connections
    #[arg(long, value_name = "CONNECTIONS", num_args = 0..=1, default_missing_value = "10", conflicts_with_all = ["scale", "sync", "rebuild", "charts", "live"])]
    hostile: Option<usize>,
    /// Of the servers that lie only those whose name holds this
    #[arg(long, requires = "hostile")]
    only: Option<String>,
    /// The servers that lie meet programs as tests build them
    #[arg(long, requires = "hostile")]
    dev: bool,
    /// Only reading: how long each question takes on a database of so many rounds
    #[arg(long, value_name = "ROUNDS", num_args = 0..=1, default_missing_value = "100000", conflicts_with_all = ["scale", "sync", "rebuild", "charts", "live"])]
    read: Option<usize>,
    /// Only ratings: replayed over so many rounds, and continued by a live match
    #[arg(long, value_name = "ROUNDS", num_args = 0..=1, default_missing_value = "100000", conflicts_with_all = ["scale", "sync", "rebuild", "charts", "live", "read"])]
    ratings: Option<usize>,
    /// Only answers: how long every command takes on a database of so many rounds, uncached, cached, and while somebody types
    #[arg(long, value_name = "ROUNDS", num_args = 0..=1, default_missing_value = "100000", conflicts_with_all = ["scale", "sync", "rebuild", "charts", "live", "read"])]
    commands: Option<usize>,
    /// Only the bot in a fake Discord: how soon twenty people are answered while so many files are imported, and what
    /// fifty guilds cost in which nobody asks
    #[arg(long, value_name = "FILES", num_args = 0..=1, default_missing_value = "5000", conflicts_with_all = ["scale", "sync", "rebuild", "charts", "live", "read"])]
    discord: Option<usize>,
    /// Only the large import
    #[arg(long, requires = "scale")]
    only_scale: bool,
    /// Only the bulk import, in turns with another build of `importer`
    #[arg(long, value_name = "IMPORTER", conflicts_with_all = ["scale", "sync", "rebuild", "charts", "charts_memory", "live", "hostile"])]
    against: Option<PathBuf>,
}

pub(crate) fn run(opts: &Opts) -> Result<(), Box<dyn Error>> {
    if let Some(rounds) = opts.rebuild {
        return rebuild::run(rounds);
    }
    if opts.charts || opts.charts_memory.is_some() {
        return charts(opts.charts_memory);
    }
    if let Some(connections) = opts.hostile {
        return hostile::run(connections, opts.only.as_deref(), opts.dev);
    }
    if let Some(other) = &opts.against {
        return against(other);
    }
    if opts.live {
        return succeed(cargo().args(["bench", "--workspace", "--bench", "live"]));
    }
    if let Some(rounds) = opts.read {
        let rounds = rounds.to_string();
        return succeed(cargo().args(["bench", "--workspace", "--bench", "read", "--", &rounds]));
    }
    if let Some(rounds) = opts.ratings {
        let rounds = rounds.to_string();
        return succeed(cargo().args(["bench", "--workspace", "--bench", "ratings", "--", &rounds]));
    }
    if let Some(rounds) = opts.commands {
        let rounds = rounds.to_string();
        return succeed(cargo().args(["bench", "--workspace", "--bench", "answers", "--", &rounds]));
    }
    if let Some(files) = opts.discord {
        let files = files.to_string();
        return succeed(cargo().args(["bench", "--package", "bot", "--bench", "discord", "--", &files]));
    }
    if !opts.sync && !opts.only_scale {
        succeed(cargo().args(["bench", "--workspace", "--bench", "parse"]))?;
        succeed(cargo().args(["bench", "--workspace", "--bench", "pipeline"]))?;
        succeed(cargo().args(["bench", "--workspace", "--bench", "live"]))?;
    }
    if !opts.only_scale {
        succeed(cargo().args(["bench", "--workspace", "--bench", "sync"]))?;
    }
    opts.scale.map_or(Ok(()), scale)
}

fn charts(pictures: Option<u32>) -> Result<(), Box<dyn Error>> {
    let mut bench = cargo();
    bench.args(["bench", "--workspace", "--bench", "draw", "--"]);
    match pictures {
        Some(pictures) => succeed(bench.args(["memory", &pictures.to_string()])),
        None => succeed(bench.args(["speed", "60"])),
    }
}

/// One import: files per second and the most memory it ever held, in MB.
struct Import {
    files_per_second: f64,
    peak_mb: f64,
}

fn scale(rounds: usize) -> Result<(), Box<dyn Error>> {
    succeed(cargo().args(["build", "--release", "--workspace", "--bin", "importer"]))?;
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/release/importer");
    let folder = tempfile::tempdir()?;
    let (small, large) = (folder.path().join("small"), folder.path().join("large"));
    simulate(SMALL, &small)?;
    simulate(rounds, &large)?;
    let postgres = Postgres::start_with(Durability::On)?;
    let mut lines = Vec::new();
    for backend in ["SQLite", "PostgreSQL"] {
        let mut both = Vec::new();
        for (name, files) in [("small", &small), ("large", &large)] {
            let url = if backend == "SQLite" {
                format!("sqlite://{}", folder.path().join(format!("{name}.db")).display())
            } else {
                postgres.create_database(name)?;
                postgres.url(name)
            };
            both.push(import(&target, files, &url)?);
        }
        let [small, large] = both.as_slice() else { continue };
        lines.push(format!(
            "{backend}: {rounds} rounds at {:.0} files/s, {SMALL} rounds at {:.0} files/s: time per file × {:.2}; \
             importer's memory at most {:.0} MB",
            large.files_per_second,
            small.files_per_second,
            small.files_per_second / large.files_per_second,
            large.peak_mb
        ));
    }
    lines.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// The same files by the other program and by this one, in turns: what the machine does meanwhile, both bear.
fn against(other: &Path) -> Result<(), Box<dyn Error>> {
    succeed(cargo().args(["build", "--release", "--workspace", "--bin", "importer"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let ours = target.join("release/importer");
    let folder = tempfile::tempdir()?;
    let files = folder.path().join("files");
    simulate(COMPARED, &files)?;
    let postgres = Postgres::start_with(Durability::On)?;
    for backend in ["SQLite", "PostgreSQL"] {
        let mut ratios = Vec::new();
        for turn in 0..TURNS {
            let mut speeds = Vec::new();
            for (who, program) in [("other", other), ("ours", ours.as_path())] {
                let name = format!("{who}{turn}");
                let url = if backend == "SQLite" {
                    format!("sqlite://{}", folder.path().join(format!("{name}.db")).display())
                } else {
                    postgres.create_database(&name)?;
                    postgres.url(&name)
                };
                speeds.push(import(program, &files, &url)?.files_per_second);
            }
            let [theirs, ours] = speeds.as_slice() else { continue };
            println!("{backend}, turn {}: the other {theirs:.0} files/s, ours {ours:.0} files/s", turn + 1);
            ratios.push(ours / theirs);
        }
        ratios.sort_by(f64::total_cmp);
        let median = ratios.get(ratios.len() / 2).copied().unwrap_or_default();
        println!("{backend}: ours is {median:.2} times as fast (median of {TURNS} turns of {COMPARED} rounds)");
    }
    Ok(())
}

pub(crate) fn simulate(rounds: usize, folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let config = Config::community(4, rounds, "UTC", Disturbances::all());
    for file in Simulation::new(config)?.flat_map(|evening| evening.files) {
        fs::write(folder.join(&file.name), &file.bytes)?;
    }
    Ok(())
}

fn import(program: &Path, files: &Path, url: &str) -> Result<Import, Box<dyn Error>> {
    let mut child =
        Command::new(program).arg(files).args(["--json", "--database-url", url]).stdout(Stdio::piped()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0_f64;
    while child.try_wait()?.is_none() {
        peak = peak.max(peak_mb(&status).unwrap_or(0.0));
        thread::sleep(Duration::from_millis(50));
    }
    let mut text = String::new();
    child.stdout.take().ok_or("no output")?.read_to_string(&mut text)?;
    let summary: serde_json::Value = serde_json::from_str(&text)?;
    let files_per_second = summary
        .get("files_per_second")
        .and_then(serde_json::Value::as_f64)
        .ok_or_else(|| format!("no figure in {text}"))?;
    Ok(Import { files_per_second, peak_mb: peak })
}

/// The kernel's high-water mark of a process.
pub(crate) fn peak_mb(status: &str) -> Option<f64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kb| kb / 1024.0)
}
