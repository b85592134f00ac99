//! `cargo xtask bench --rebuild`: how long `dbadmin rebuild` and `validate` take, and in how much memory.

use std::error::Error;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use fullhold_testkit::Postgres;
use fullhold_testkit::postgres::Durability;

use crate::bench::{peak_mb, simulate};
use crate::process::{cargo, succeed};

/// A command's share of the report.
struct Measured {
    seconds: f64,
    peak_mb: f64,
    output: String,
}

pub(crate) fn run(rounds: usize) -> Result<(), Box<dyn Error>> {
    succeed(cargo().args(["build", "--release", "--package", "dbadmin"]))?;
    let dbadmin = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/release/dbadmin");
    let folder = tempfile::tempdir()?;
    let (small, large) = (folder.path().join("small"), folder.path().join("large"));
    simulate(rounds / 4, &small)?;
    simulate(rounds, &large)?;
    let postgres = Postgres::start_with(Durability::On)?;
    let mut lines = Vec::new();
    for backend in ["SQLite", "PostgreSQL"] {
        let mut peaks = Vec::new();
        for (name, files) in [("small", &small), ("large", &large)] {
            let url = if backend == "SQLite" {
                format!("sqlite://{}", folder.path().join(format!("{name}.db")).display())
            } else {
                postgres.create_database(name)?;
                postgres.url(name)
            };
            let files = files.display().to_string();
            let backups = folder.path().join("backups").display().to_string();
            let command = |arguments: &[&str]| measured(&dbadmin, &url, arguments);
            command(&["create"])?;
            command(&["import", &files])?;
            let rebuild = command(&["rebuild", "--yes", "--backup-folder", &backups])?;
            let validate = command(&["validate"])?;
            peaks.push((rebuild.peak_mb, validate.peak_mb));
            if name == "large" {
                println!("{}{}", rebuild.output, validate.output);
                lines.push(format!(
                    "{backend}, {rounds} rounds: rebuild with its backup {:.2} s, validate {:.2} s",
                    rebuild.seconds, validate.seconds
                ));
            }
        }
        if let [few, many] = peaks.as_slice() {
            lines.push(format!(
                "{backend}, memory at a quarter of the rounds and at all: rebuild {:.0} and {:.0} MB, validate {:.0} and \
                 {:.0} MB",
                few.0, many.0, few.1, many.1
            ));
        }
    }
    lines.iter().for_each(|line| println!("{line}"));
    Ok(())
}

fn measured(program: &Path, url: &str, arguments: &[&str]) -> Result<Measured, Box<dyn Error>> {
    let started = Instant::now();
    let mut command = Command::new(program);
    let mut child = command.args(arguments).args(["--database-url", url]).stdout(Stdio::piped()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0_f64;
    let ended = loop {
        peak = peak.max(peak_mb(&status).unwrap_or(0.0));
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        thread::sleep(Duration::from_millis(10));
    };
    let seconds = started.elapsed().as_secs_f64();
    let mut output = String::new();
    child.stdout.take().ok_or("no output")?.read_to_string(&mut output)?;
    if !ended.success() {
        return Err(format!("dbadmin {}: {ended}\n{output}", arguments.join(" ")).into());
    }
    Ok(Measured { seconds, peak_mb: peak, output })
}
