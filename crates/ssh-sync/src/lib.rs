//! Files from a game server over SFTP.
#![doc = include_str!("../README.md")]

mod agreement;
mod backoff;
mod bulk;
mod cancel_socket;
mod config;
mod directory;
mod error;
mod fetch;
mod gate;
pub mod host_keys;
pub mod known_hosts;
mod link;
mod listing;
mod name;
mod pace;
mod probe;
mod session;
mod sftp;
mod stability;
mod wire;

pub use backoff::Backoff;
pub use bulk::Fetch;
pub use cancel_socket::CancelSocket;
pub use config::{Config, Identity, Timeouts};
pub use directory::DirectoryLooks;
pub use error::{Error, Trouble};
pub use fetch::{Fetched, remove_leftovers, sync_folder};
pub use host_keys::HostKey;
pub use listing::{Entry, Listing, Mark, Refused};
pub use name::{NameProblem, check_name, shown};
pub use probe::{Probe, Step, probe};
pub use session::Session;
pub use stability::Stability;
