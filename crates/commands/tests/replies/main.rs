//! Every command and view in every situation against a golden file per command, the same on both databases.
//!
//! `FULLHOLD_BLESS=1 cargo nextest run -p fullhold-commands --test replies` writes them anew; read what changed.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "test support")]

mod bad;
#[path = "../cases/mod.rs"]
mod cases;
#[path = "../checks/mod.rs"]
mod checks;
mod crowd;
mod golden;
#[path = "../support/mod.rs"]
mod shared;
mod worlds;
#[path = "../checks/names.rs"]
mod worst;
