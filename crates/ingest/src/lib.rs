//! The one import path: files in, a right database out.
//!
//! # Concepts
//! * [`Importer::import`] takes prepared files through one transaction: known files are left
//!   out, the neighbourhood of the new ones is read from the database, everything derived from
//!   it is computed again from raw bytes, and what differs is written. A live file is a batch of
//!   one. Any order, in any batches, gives the same database.
//! * [`Importer::run`] does that for files and folders: reads and parses on a thread of its own,
//!   cuts the files into batches where the evenings part, and sums up what happened.
//! * Every file ends in a [`FileOutcome`]; nothing is dropped silently.
//!
//! # What it does not do
//! It writes no SQL (`fullhold-repository` does) and posts nothing.

use fullhold_repository::RoundId;

mod batch;
mod changes;
mod damage;
mod days;
mod derive;
mod file_retry;
mod fold;
mod islands;
mod keep;
mod left_out;
mod maintenance;
mod merge;
mod neighbourhood;
mod outcome;
mod people;
mod prepare;
mod read_file;
mod rebuilt;
mod reference;
mod reference_pairs;
mod roster;
mod rules;
mod run;
mod selection;
mod servers;
mod session_sums;
mod sessions;
mod source;
mod stages;
mod take_in;
mod taken_over;
mod troubles;
mod validate;
mod verdict;
mod versions;
mod zone;

pub use batch::{Clock, Config, Importer, utc};
pub use file_retry::{AskedFile, FilesDone};
pub use maintenance::Maintenance;
pub use merge::{MergeRequest, MergeSide, Merged, Unmerged};
pub use outcome::{FileOutcome, Rejected, Summary};
pub use prepare::{Prepared, check_lines, prepare};
pub use rebuilt::{Rebuilt, Shares};
pub use reference::TakenOverSummary;
pub use roster::{Roster, RosterSet};
pub use rules::{OtherRules, RuleDifference};
pub use run::{Progress, Wanted};
pub use selection::Selection;
pub use servers::Removed;
pub use source::{Found, find};
pub use troubles::{Purpose, TriedAgain, Troubles};
pub use validate::{Problem, Remedy, Validation};
pub use verdict::Judged;
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
    /// Raw bytes that were imported once cannot be read any more.
    #[error("stored file {file} was imported once and cannot be parsed now: {reason}")]
    Stored {
        /// Name of the file.
        file: String,
        /// Why.
        reason: String,
    },
    /// A file name in the database that is none.
    #[error("stored file name {0:?} is no stats file name")]
    StoredName(String),
    /// There is no such round.
    #[error("there is no round {0}; `dbadmin export rounds` lists them with their ids")]
    NoRound(RoundId),
    /// There is no such player.
    #[error("there is no player {0}; `dbadmin players NAME` finds their guid")]
    NoPlayer(String),
    /// There is no round of that name.
    #[error("there is no round {0} in the database; `dbadmin find-missing` and `dbadmin export rounds` name rounds")]
    NoRoundNamed(String),
    /// There is no such server.
    #[error("there is no server {name} in the database; there are: {known}")]
    NoServer {
        /// What was asked for.
        name: String,
        /// All names.
        known: String,
    },
    /// A server is not what it was when an importer began.
    #[error(
        "server {0} was changed in the database since this program began: removed, renamed, given another zone, or \
         another database was restored; nothing is imported for it. Start the program again"
    )]
    ServerChanged(String),
    /// A server needs a name of its own.
    #[error("a server cannot be called {0:?}: the name is empty, or another server's")]
    ServerName(String),
    /// Somebody cannot be in two teams.
    #[error("{0} cannot be in team A and in team B")]
    BothTeams(String),
    /// There is nothing to take back.
    #[error("nobody set the teams of evening {0}")]
    NoRoster(String),
    /// A player cannot be merged into themselves.
    #[error("{0} cannot be merged into themselves")]
    Oneself(String),
    /// The other way round they are one already.
    #[error("{into} is counted as {from}; `dbadmin unmerge {into}` first, to have it the other way round")]
    Backwards {
        /// Who is no more.
        from: String,
        /// Who was to stay.
        into: String,
    },
    /// One person is not in a round twice.
    #[error(
        "{from} and {into} were in {} rounds together ({} on one side, {} as opponents), so they are hardly one \
         person; --force merges them all the same",
        shared.rounds, shared.together, shared.against
    )]
    SharedRounds {
        /// Who is no more.
        from: String,
        /// Who was to stay.
        into: String,
        /// What they share.
        shared: fullhold_repository::Shared,
    },
    /// They are one already.
    #[error("{from} is counted as {into} already")]
    SamePlayer {
        /// Who.
        from: String,
        /// As whom.
        into: String,
    },
    /// A player who was not merged cannot be taken apart.
    #[error("{0} was not merged into anybody")]
    NotMerged(String),
    /// What was given as the reference bot's database is none.
    #[error("this is no database of the reference bot: {0}")]
    NoReference(String),
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
