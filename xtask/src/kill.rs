//! `cargo xtask kill`: kill -9 at random moments, the long form of `bins/dbadmin/tests/kill.rs`.

use std::error::Error;

use clap::Args;

use crate::process::{cargo, succeed};

/// Commands times databases that are battered: import, rebuild, fix-range, restore, copy, backup on two.
const BATTERED: u32 = 12;

/// Kill import, rebuild, fix-range, restore, copy and backup with rotation at random moments, on both databases.
#[derive(Args)]
pub(crate) struct Opts {
    /// Moments, over all commands and databases; a few come when the work is done already
    #[arg(long, default_value_t = 240)]
    moments: u32,
}

pub(crate) fn run(opts: &Opts) -> Result<(), Box<dyn Error>> {
    let each = opts.moments.div_ceil(BATTERED);
    let mut kills = cargo();
    kills.args(["test", "--workspace", "--test", "kill", "--", "--nocapture", "--test-threads=1"]);
    kills.env("FULLHOLD_KILLS", each.to_string());
    succeed(&mut kills)?;
    println!(
        "killed at {} moments: afterwards everything stored was right, and complete when done again",
        each * BATTERED
    );
    Ok(())
}
