//! `cargo xtask history`: many histories, the long form of `crates/maintenance/tests/history.rs`.

use std::error::Error;

use clap::Args;

use crate::process::{cargo, succeed};

/// Play histories of several servers, with all that people do in between, on both databases.
#[derive(Args)]
pub(crate) struct Opts {
    /// Histories; each is played on both databases
    #[arg(long, default_value_t = 100)]
    runs: u64,
    /// Seed of the first; the next has the next number
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Files of each server, at least
    #[arg(long, default_value_t = 30)]
    rounds: u64,
    /// Steps of a history, before the last files come
    #[arg(long, default_value_t = 40)]
    steps: u64,
    /// Only these kinds of steps, as the test names them: `Import,Verdict,Rebuild`
    #[arg(long)]
    kinds: Option<String>,
    /// Optimised: worth its building from some hundred histories on
    #[arg(long)]
    release: bool,
}

pub(crate) fn run(opts: &Opts) -> Result<(), Box<dyn Error>> {
    let mut test = cargo();
    test.args(["test", "--quiet", "--workspace", "--test", "history"]);
    if opts.release {
        test.arg("--release");
    }
    test.args(["--", "--nocapture"]);
    test.env("FULLHOLD_HISTORY_RUNS", opts.runs.to_string());
    test.env("FULLHOLD_HISTORY_SEED", opts.seed.to_string());
    test.env("FULLHOLD_HISTORY_ROUNDS", opts.rounds.to_string());
    test.env("FULLHOLD_HISTORY_LENGTH", opts.steps.to_string());
    if let Some(kinds) = &opts.kinds {
        test.env("FULLHOLD_HISTORY_STEPS", kinds);
    }
    succeed(&mut test)?;
    println!(
        "{} histories from seed {} on both databases: each ended like one clean import and the same decisions",
        opts.runs, opts.seed
    );
    Ok(())
}
