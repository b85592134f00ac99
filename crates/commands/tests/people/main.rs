//! People and what they decide: accounts, names, privacy, and who hears of whom. On both databases.
#![expect(clippy::unwrap_used, reason = "test support")]

mod admin;
mod erase;
mod identity;
#[path = "../lines/mod.rs"]
mod lines;
mod privacy;
mod scope;
#[path = "../support/mod.rs"]
mod shared;
mod support;
