//! From the game server to the database by itself.
#![doc = include_str!("../README.md")]

mod complete;
mod config;
mod endpoint;
mod error;
mod look;
mod memory;
pub mod metrics;
mod notice;
mod pace;
mod recall;
mod remote;
mod service;
mod setup;
mod state;
mod status;
mod sync;
mod take;
mod watcher;
mod window;

pub use config::{Voice, WatchConfig};
pub use endpoint::Endpoint;
pub use error::Error;
pub(crate) use error::on_a_thread;
pub use notice::{EVENTS, Notice, Notices};
pub use remote::wanted;
pub use service::{Handle, NoticesFor, Service, SyncError};
pub use setup::{SetupError, Target, targets};
pub use state::{ServerState, Trouble, Unstored};
pub use sync::{Check, Scope};
pub use watcher::Watcher;
