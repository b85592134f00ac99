//! Files from a game server over SFTP.
//!
//! # Concepts
//! * [`Session`] is one connection: made with time-outs everywhere, to a host whose key is in
//!   `known_hosts` ([`known_hosts::lookup`]), logged in with a key or an agent.
//! * [`DirectoryLooks`] decides when a directory must be listed; [`Session::list`] gives regular
//!   files with acceptable names that the caller's predicate wants, and what was refused.
//! * [`Stability`] says when a file has come to rest. [`Session::fetch`] and [`Session::fetch_all`] download to
//!   temporary names; [`Fetched::keep`] gives the file its own.
//! * [`Backoff`] says how long to wait after a failure. [`Cut`] ends everything that waits.
//! * [`host_keys::scan`] and [`probe`] are for people who set up a server.
//!
//! Everything blocks, with a deadline: call it on threads that may be blocked. A deadline follows the bytes:
//! silence ends an operation soon, a slow line does not; but everything has a most of time, of bytes and of
//! names, whatever the server goes on to send.
//!
//! # What it does not do
//! It knows no file grammar, keeps no state over a restart, runs no command on the server and never
//! writes there.

mod agreement;
mod backoff;
mod bulk;
mod config;
mod cut;
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
pub use config::{Config, Identity, Timeouts};
pub use cut::Cut;
pub use directory::DirectoryLooks;
pub use error::{Error, Trouble};
pub use fetch::{Fetched, remove_leftovers, sync_folder};
pub use host_keys::HostKey;
pub use listing::{Entry, Listing, Mark, Refused};
pub use name::{NameProblem, check_name, shown};
pub use probe::{Probe, Step, probe};
pub use session::Session;
pub use stability::Stability;
