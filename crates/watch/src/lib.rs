//! From the game server to the database by itself.
//!
//! A [`Watcher`] looks at one server's directory again and again. A file that is new, or has changed,
//! waits until it has come to rest; meanwhile it is fetched, and a later look tells whether what was
//! fetched is the whole of it. Then it gets its own name in the local folder and is imported.
//! What is to be done with a file is decided in `memory`, without a clock of its own and without I/O.
//! [`targets`] makes servers that can be watched from settings, [`Running`] watches several, and
//! [`metrics`] serves how fresh they are.

mod complete;
mod config;
mod error;
mod look;
mod memory;
pub mod metrics;
mod notice;
mod pace;
mod remote;
mod running;
mod setup;
mod status;
mod sync;
mod take;
mod watcher;
mod window;

pub use config::{Voice, WatchConfig};
pub use error::Error;
pub(crate) use error::on_a_thread;
pub use notice::{Notice, Notices};
pub use remote::wanted;
pub use running::Running;
pub use setup::{SetupError, Target, targets};
pub use sync::Scope;
pub use watcher::Watcher;
