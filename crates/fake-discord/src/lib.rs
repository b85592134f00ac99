//! A Discord for tests: REST and gateway on loopback, strict, with people in it.
#![doc = include_str!("../README.md")]
#![expect(clippy::indexing_slicing, reason = "JSON only: what is not there reads as null")]
#![expect(clippy::panic, reason = "test support: a story that cannot go on must fail loudly")]

mod clock;
mod description;
mod gateway;
mod limits;
mod options;
pub mod permissions;
mod rest;
mod state;
mod story;
mod trouble;
mod world;

pub use description::has_description;
pub use gateway::Counts;
pub use options::{ALL_INTENTS, IdentifyLimits, MESSAGE_CONTENT, Options, RateLimits};
pub use state::Request;
pub use story::{Asked, Button, Channel, Choice, FakeDiscord, File, GatewayHandle, Guild, Person, Role, Shown};
pub use trouble::{Struck, Trouble};
