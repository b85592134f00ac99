//! `cargo xtask soak`: two watchers of one game server while everything goes wrong that can: cuts,
//! kills, restores, a database that is away, folders that vanish, files that may not be read for a
//! while or are written in parts. In the end everything is stored once, as if imported from disk.

mod site;
mod trouble;

use std::error::Error;
use std::fs;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use crate::process::{cargo, succeed};
use site::{Base, Site};
use trouble::{Chance, Done, Trouble};

/// Watch a game server while everything goes wrong, and compare with an import from disk.
#[derive(Args)]
pub(crate) struct Opts {
    /// How long things go wrong
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    minutes: u64,
    /// On which database [default: one after the other]
    #[arg(long)]
    database: Option<Base>,
    /// Programs as tests build them, and not optimised
    #[arg(long)]
    dev: bool,
    /// Which chances
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Between two troubles.
const PACE: Duration = Duration::from_millis(1_500);
/// How long afterwards everything may take to be stored.
const PATIENCE: Duration = Duration::from_secs(300);

pub(crate) fn run(opts: &Opts) -> Result<(), Box<dyn Error>> {
    let mut build = cargo();
    build.args(["build", "--package", "importer", "--package", "dbadmin"]);
    if !opts.dev {
        build.arg("--release");
    }
    succeed(&mut build)?;
    let all = Base::value_variants().iter().copied();
    for base in all.filter(|base| opts.database.is_none_or(|asked| asked == *base)) {
        println!("{}", soak(base, opts)?);
    }
    Ok(())
}

fn soak(base: Base, opts: &Opts) -> Result<String, Box<dyn Error>> {
    let mut site = Site::start(base, if opts.dev { "debug" } else { "release" })?;
    let mut chance = Chance::new(opts.seed);
    let mut done = Done::default();
    let mut samples = Vec::new();
    let began = Instant::now();
    let length = Duration::from_secs(opts.minutes * 60);
    println!("{base:?}: things go wrong for {} s", length.as_secs());
    while began.elapsed() < length {
        let trouble = Trouble::by(&mut chance);
        trouble.cause(&mut site, &mut chance, &mut done)?;
        site.look_after()?;
        samples.push(site.usage_of_first()?);
        std::thread::sleep(PACE);
    }
    site.settle()?;
    let expected = site.written();
    wait_for(&site, expected)?;
    site.end()?;
    verify(&site)?;
    Ok(format!(
        "{base:?}, {} s: {expected} files stored once, equal to an import from disk, nothing dead, nothing waiting; {done}; \
         the first watcher's quarters: {}",
        length.as_secs(),
        quarters(&samples)
    ))
}

/// Until everything is stored; what was set aside while it could not be had is asked for once.
fn wait_for(site: &Site, expected: usize) -> Result<(), Box<dyn Error>> {
    let began = Instant::now();
    let mut synced = false;
    loop {
        let stored = site.stored().unwrap_or(0);
        if stored >= expected && site.unstored()? == 0 {
            return Ok(());
        }
        if began.elapsed() > PATIENCE {
            return Err(
                format!("{stored} of {expected} files are stored, {} wait\n{}", site.unstored()?, site.logs()).into()
            );
        }
        if began.elapsed() > PATIENCE / 3 && !synced {
            synced = true;
            println!("not all came by itself ({stored} of {expected}): importer sync --all");
            site.sync()?;
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}

fn verify(site: &Site) -> Result<(), Box<dyn Error>> {
    site.validate()?;
    let (watched, from_disk) = (site.exports()?, site.exports_from_disk()?);
    for (what, (watched, from_disk)) in site::EXPORTS.iter().zip(watched.iter().zip(&from_disk)) {
        if watched != from_disk {
            fs::write(site.folder().join("watched"), watched)?;
            fs::write(site.folder().join("from-disk"), from_disk)?;
            let folder = site.keep();
            return Err(format!("{what} differ: watched and from-disk in {}", folder.display()).into());
        }
    }
    Ok(())
}

/// Medians of memory and descriptors, quarter by quarter: the first is warming up.
fn quarters(samples: &[site::Usage]) -> String {
    let median = |part: &[site::Usage], of: fn(&site::Usage) -> u64| {
        let mut values: Vec<u64> = part.iter().map(of).collect();
        values.sort_unstable();
        values.get(values.len() / 2).copied().unwrap_or(0)
    };
    let part = samples.len().div_ceil(4).max(1);
    let line = |of: fn(&site::Usage) -> u64| {
        let values: Vec<String> = samples.chunks(part).map(|part| median(part, of).to_string()).collect();
        values.join(" → ")
    };
    format!("KiB {}, descriptors {}", line(|usage| usage.memory_kib), line(|usage| usage.descriptors))
}
