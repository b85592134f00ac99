//! Stories: people in a fake Discord, and a bot that answers them from the sample evenings, on both databases.
#![expect(clippy::unwrap_used, reason = "functions that tests share")]

mod access;
mod bad;
mod commands;
#[expect(dead_code, reason = "not everything of the other crate's tests is needed here")]
#[path = "../../../commands/tests/people/support.rs"]
mod community;
mod guilds;
mod link;
#[path = "../running/mod.rs"]
mod running;
mod settings;
#[path = "../../../commands/tests/support/mod.rs"]
mod shared;
#[path = "../../../watch/tests/watching/mod.rs"]
mod site;
mod support;
mod watching;
