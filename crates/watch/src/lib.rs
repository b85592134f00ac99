//! From the game server to the database by itself.
//!
//! A [`Watcher`] looks at one server's directory again and again. A file that is new, or has changed,
//! waits until it has come to rest; meanwhile it is fetched, and a later look tells whether what was
//! fetched is the whole of it. Then it gets its own name in the local folder and is imported.
//! What is to be done with a file is decided in `memory`, without a clock of its own and without I/O.
//!
//! * [`targets`] makes servers that can be watched from settings, and [`Service`] watches them: each
//!   by a task of its own that is started again when it dies.
//! * [`Handle`] is for whoever embeds it: look now, sync, who is in voice, how each server is doing.
//! * [`Notice`]s tell what happens. They are a wake-up and may be missed; what is new is in the
//!   database.
//! * [`Endpoint`] serves [`metrics`] and health.

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
