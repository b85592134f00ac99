//! What can go wrong with the database.

use thiserror::Error;

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// What was being done, and why it failed.
#[derive(Debug, Error)]
pub enum Error {
    /// The URL names no database we know.
    #[error("database URL {url:?}: allowed are sqlite://PATH and postgres://USER@HOST/DATABASE")]
    Url {
        /// The URL, password masked.
        url: String,
    },
    /// A SQLite file that is not there, and nobody asked to create it.
    #[error("database file {path} does not exist (a typo? `importer` creates it on first import)")]
    Missing {
        /// The path.
        path: String,
    },
    /// No connection.
    #[error("could not connect to database {url}: {reason}")]
    Connect {
        /// The URL, password masked.
        url: String,
        /// What the driver or pool said.
        reason: String,
    },
    /// A statement failed.
    #[error("database: {doing}")]
    Query {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        #[source]
        source: diesel::result::Error,
    },
    /// What the database returned differs from what was sent.
    #[error("verification of round {round_id}: {what} is {found}, sent was {sent}")]
    Verification {
        /// The round.
        round_id: i32,
        /// Which count or sum.
        what: String,
        /// Sent.
        sent: String,
        /// Returned.
        found: String,
    },
    /// An applied migration is not the one this program knows.
    #[error("schema drift: {what}; restore the database of this version, or run the program that wrote it")]
    Drift {
        /// What differs.
        what: String,
    },
    /// The stored raw bytes cannot be unpacked.
    #[error("raw bytes of file {file_id} cannot be unpacked: {reason}")]
    Content {
        /// Row in `processed_files`.
        file_id: i32,
        /// What the decoder said.
        reason: String,
    },
    /// The target of a copy or of a new schema is not empty.
    #[error("{table} has {rows} rows already; only an empty database can be copied into")]
    Occupied {
        /// Table.
        table: &'static str,
        /// Rows in it.
        rows: usize,
    },
    /// A table of a copy could not be written.
    #[error("copying {table}")]
    CopyTable {
        /// Table.
        table: &'static str,
        /// The cause.
        #[source]
        source: diesel::result::Error,
    },
    /// A copy differs from its original.
    #[error("copying {table}: stored is {stored}, sent was {sent}")]
    Copy {
        /// Table.
        table: &'static str,
        /// Sent.
        sent: String,
        /// Stored.
        stored: String,
    },
    /// A file operation of a backup failed.
    #[error("{doing} {path}")]
    File {
        /// What was being done, such as `writing`.
        doing: &'static str,
        /// To which path.
        path: String,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// A file is no backup of ours.
    #[error("{path} is no backup of a Fullhold database: {reason}")]
    NoBackup {
        /// The file.
        path: String,
        /// Why not.
        reason: String,
    },
    /// SQLite's backup stopped.
    #[error("SQLite: {doing}: {reason}")]
    Sqlite {
        /// What was being done.
        doing: &'static str,
        /// What SQLite said.
        reason: String,
    },
    /// A program of PostgreSQL is missing or said no.
    #[error("{program}: {reason}")]
    Program {
        /// Name of the program.
        program: &'static str,
        /// What it said, or how to install it.
        reason: String,
    },
    /// The server is known with another time zone.
    #[error(
        "server {name:?} is recorded with time zone {recorded}, asked for was {asked}: \
         its rounds would move in time; leave the zone out or use the recorded one"
    )]
    Timezone {
        /// Name of the server.
        name: String,
        /// Zone in the database.
        recorded: String,
        /// Zone asked for.
        asked: String,
    },
}

/// What a PostgreSQL server says when it goes, or is not there yet.
const GOING: &[&str] = &[
    "terminating connection",
    "the database system is starting up",
    "the database system is shutting down",
    "the database system is in recovery mode",
    "the database system is not yet accepting connections",
];

impl Error {
    pub(crate) fn query(doing: &'static str) -> impl FnOnce(diesel::result::Error) -> Self {
        move |source| Self::Query { doing, source }
    }

    /// The connection was lost, or there is none to be had for now: the server restarts, or another
    /// one takes over. The same again may succeed in a moment.
    #[must_use]
    pub fn is_lost_connection(&self) -> bool {
        use diesel::result::{DatabaseErrorKind as Kind, Error as Diesel};
        match self {
            Self::Connect { url, .. } => !url.starts_with("sqlite"),
            Self::Query { source, .. } | Self::CopyTable { source, .. } => match source {
                // A standby that has not been promoted yet takes no writes.
                Diesel::DatabaseError(
                    Kind::UnableToSendCommand | Kind::ClosedConnection | Kind::ReadOnlyTransaction,
                    _,
                )
                | Diesel::BrokenTransactionManager => true,
                // PostgreSQL's class 57P: shut down, crashed, starting up. The driver hides the code.
                Diesel::DatabaseError(Kind::Unknown, info) => GOING.iter().any(|words| info.message().contains(words)),
                _ => false,
            },
            _ => false,
        }
    }

    /// The data was refused (constraint or verification), so that trying again with the same data
    /// is pointless; anything else may be the database's own trouble.
    #[must_use]
    pub fn is_about_the_data(&self) -> bool {
        use diesel::result::{DatabaseErrorKind as Kind, Error as Diesel};
        match self {
            Self::Verification { .. } => true,
            Self::Query { source: Diesel::DatabaseError(kind, info), .. } => match kind {
                Kind::UniqueViolation | Kind::ForeignKeyViolation | Kind::NotNullViolation | Kind::CheckViolation => {
                    true
                }
                // PostgreSQL's class 22: data exception, e.g. a byte no text may hold.
                _ => info.message().contains("invalid byte sequence") || info.message().contains("out of range"),
            },
            _ => false,
        }
    }
}
