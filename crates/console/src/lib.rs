//! What the console programs share: printing, progress bars, and settings made into what the libraries want. It
//! decides nothing.
#![doc = include_str!("../README.md")]

mod output;
mod progress;
mod wiring;

pub use output::{chain, complain, counted, files_seen, print};
pub use progress::Bar;
pub use wiring::{
    SSH_TIMEOUTS, ServerChoice, about_new_server, answering_database, database, ingest, long_running_database, server,
    ssh, start_logging,
};
