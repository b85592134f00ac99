//! From the game server to the database by itself.
//!
//! A [`Watcher`] looks at one server's directory again and again. A file that is new, or has changed,
//! waits until it has come to rest; meanwhile it is fetched, and a later look tells whether what was
//! fetched is the whole of it. Then it gets its own name in the local folder and is imported.
//! What is to be done with a file is decided in `memory`, without a clock of its own and without I/O.

mod complete;
mod config;
mod look;
mod memory;
mod notice;
mod pace;
mod remote;
mod run;
mod status;
mod sync;
mod take;
mod window;

pub use config::{Voice, WatchConfig};
pub use notice::{Notice, Notices};
pub use remote::wanted;
pub use run::Watcher;
pub use sync::Scope;
