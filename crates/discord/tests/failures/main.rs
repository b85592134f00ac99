//! What the bot does when the line or Discord fails: nothing is lost that was delivered, nothing is answered twice, and
//! nobody is hammered.
#![expect(clippy::unwrap_used, reason = "functions that tests share")]

mod gateway;
#[path = "../running/mod.rs"]
mod running;
mod storm;
mod support;
mod trouble;
