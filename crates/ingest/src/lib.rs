//! The one import path: files in, a right database out.
#![doc = include_str!("../README.md")]

mod ambiguous_time;
mod batch;
mod changes;
mod days;
mod derive;
mod first_changes;
mod islands;
mod keep;
mod left_out;
mod neighbourhood;
mod outcome;
mod people;
mod prepare;
mod read_file;
pub mod recompute;
mod reference_round;
mod rules;
mod run;
mod session_sums;
mod source;
mod stages;
mod versions;
mod zone;

pub use batch::{Clock, Config, Importer, utc};
pub use outcome::{FileOutcome, Rejected, Summary};
pub use prepare::{Prepared, check_lines, prepare};
pub use rules::{OtherRules, RuleDifference};
pub use run::{Progress, Wanted};
pub use source::{Found, find};
pub use zone::{Instants, Zone, ZoneError};

/// What can go wrong with an import as a whole; trouble of single files is a [`FileOutcome`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error(transparent)]
    Database(#[from] fullhold_repository::Error),
    /// The zone.
    #[error(transparent)]
    Zone(#[from] ZoneError),
    /// A server is not what it was when an importer began.
    #[error(
        "server {0} was changed in the database since this program began: removed, renamed, given another zone, or \
         another database was restored; nothing is imported for it. Start the program again"
    )]
    ServerChanged(String),
    /// The reading thread ended before its work was done.
    #[error("reading files stopped: {0}")]
    Reader(String),
}

impl fullhold_repository::WorkError for Error {
    fn into_database(self) -> Result<fullhold_repository::Error, Self> {
        match self {
            Self::Database(error) => Ok(error),
            other => Err(other),
        }
    }
}
