//! What can go wrong with keeping a database right.

use fullhold_ingest::ZoneError;
use fullhold_repository::RoundId;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error(transparent)]
    Database(#[from] fullhold_repository::Error),
    /// The zone.
    #[error(transparent)]
    Zone(#[from] ZoneError),
    /// What an import is made of.
    #[error(transparent)]
    Import(fullhold_ingest::Error),
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
    /// A thread ended before its work was done.
    #[error("computing stopped: {0}")]
    Thread(String),
}

impl From<fullhold_ingest::Error> for Error {
    fn from(error: fullhold_ingest::Error) -> Self {
        match error {
            fullhold_ingest::Error::Database(error) => Self::Database(error),
            fullhold_ingest::Error::Zone(error) => Self::Zone(error),
            other => Self::Import(other),
        }
    }
}

impl fullhold_repository::WorkError for Error {
    fn into_database(self) -> Result<fullhold_repository::Error, Self> {
        match self {
            Self::Database(error) => Ok(error),
            other => Err(other),
        }
    }
}
