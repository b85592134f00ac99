//! `cargo xtask fuzz`: changed stats files by the million against the parser, without a special toolchain.
//!
//! The fuzzer is an example of `stats-file`, because it must be optimised and this program is not.

use std::error::Error;

use clap::Args;

use crate::process::{cargo, succeed};

/// Feed the parser broken files; the last line says executions and panics.
#[derive(Args)]
pub(crate) struct Opts {
    /// Inputs to try
    #[arg(long, default_value_t = 10_000_000)]
    runs: u64,
    /// Seed of all chance: the same seed tries the same inputs
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(crate) fn run(opts: &Opts) -> Result<(), Box<dyn Error>> {
    let mut fuzzer = cargo();
    fuzzer.args(["run", "--release", "--quiet", "--package", "fullhold-stats-file", "--example", "fuzz", "--"]);
    succeed(fuzzer.args([opts.runs.to_string(), opts.seed.to_string()]))
}
