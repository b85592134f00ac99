//! `cargo xtask fuzz`: changed stats files by the million against the parser, data by chance against the pictures,
//! or command lines against the sample evenings, without a special toolchain.
//!
//! The fuzzers are examples of `stats-file`, `charts` and `commands`, because they must be optimised and this program is not.

use std::error::Error;

use clap::Args;

use crate::process::{cargo, succeed};

/// Feed the parser broken files, pictures any data, or commands any line; the last line says executions and panics.
#[derive(Args)]
pub(crate) struct Opts {
    /// Inputs to try: 10,000,000 files, or 1,000,000 pictures or lines
    #[arg(long)]
    runs: Option<u64>,
    /// Pictures instead of files
    #[arg(long)]
    charts: bool,
    /// Command lines instead of files
    #[arg(long, conflicts_with = "charts")]
    commands: bool,
    /// Seed of all chance: the same seed tries the same inputs
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(crate) fn run(opts: &Opts) -> Result<(), Box<dyn Error>> {
    let (package, example, runs) = if opts.charts {
        ("fullhold-charts", "chance", opts.runs.unwrap_or(1_000_000))
    } else if opts.commands {
        ("fullhold-commands", "lines", opts.runs.unwrap_or(1_000_000))
    } else {
        ("fullhold-stats-file", "fuzz", opts.runs.unwrap_or(10_000_000))
    };
    let mut fuzzer = cargo();
    fuzzer.args(["run", "--release", "--quiet", "--package", package, "--example", example, "--"]);
    succeed(fuzzer.args([runs.to_string(), opts.seed.to_string()]))
}
