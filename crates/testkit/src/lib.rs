//! Test support shared by every crate: throw-away databases and SSH servers, the corpus of real files, free ports, a
//! relay for a bad link.
#![doc = include_str!("../README.md")]

#[cfg(feature = "databases")]
mod backends;
mod corpus;
mod port;
pub mod postgres;
mod relay;
mod sqlite_file;
pub mod sshd;
#[cfg(feature = "databases")]
mod test_database;
mod wait;

#[cfg(feature = "databases")]
pub use backends::{each_backend, each_backend_blocking};
pub use corpus::{Corpus, corpus};
pub use port::free_port;
pub use postgres::{Postgres, PostgresError, postgres_url};
pub use relay::Relay;
pub use sqlite_file::SqliteFile;
pub use sshd::{Hostile, KeyKind, Lie, Sshd, SshdError};
#[cfg(feature = "databases")]
pub use test_database::TestDatabase;
pub use wait::{wait_for, wait_until};
