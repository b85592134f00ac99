//! What can go wrong with the database.

use std::time::Duration;

use crate::{FileId, RoundId};
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
    #[error(
        "database file {path} does not exist (a typo? `dbadmin create` makes it, and so does the first import by `importer`)"
    )]
    Missing {
        /// The path.
        path: String,
    },
    /// A SQLite file that was opened and is not there any more.
    #[error(
        "database file {path} was deleted while it was in use: nothing is written until it is back; \
         a restart makes a new one"
    )]
    Deleted {
        /// The path.
        path: String,
    },
    /// A PostgreSQL database that is not there.
    #[error("there is no database {name}, and this user may not create it; whoever may runs `createdb {name}`")]
    NoDatabase {
        /// Its name.
        name: String,
        /// What the server said.
        #[source]
        source: diesel::result::Error,
    },
    /// No connection.
    #[error("could not connect to database {url}: {reason}")]
    Connect {
        /// The URL, password masked.
        url: String,
        /// What the driver or pool said.
        reason: String,
        /// The server is away, starting or stopping, so that trying again makes sense.
        may_pass: bool,
    },
    /// The server went away, or cut the connection, while a statement was under way.
    #[error("database connection lost: {doing}")]
    Lost {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        #[source]
        source: diesel::result::Error,
    },
    /// Another program writes, and does not end.
    #[error(
        "another program has held the writer's lock for more than {waited:.0?}{}",
        holder.as_ref().map(|who| format!(": {who}")).unwrap_or_default()
    )]
    Locked {
        /// How long we waited.
        waited: Duration,
        /// Who holds it, if the database tells.
        holder: Option<String>,
    },
    /// A backup cannot take the place of a device, a pipe or a socket.
    #[error("{path} is a device, a pipe or a socket; a backup is a file")]
    NoPlainFile {
        /// Where to.
        path: String,
    },
    /// A SQLite file that can only be read.
    #[error("the database can only be read here: this user may not write to its file or folder")]
    ReadOnly,
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
        round_id: RoundId,
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
        file_id: FileId,
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
    #[error("{path} cannot be restored: {reason}")]
    NoBackup {
        /// The file.
        path: String,
        /// Why not.
        reason: String,
    },
    /// A file is there already.
    #[error("{path} is there already; take another name, or --overwrite to replace it")]
    Exists {
        /// The file.
        path: String,
    },
    /// A file name that is a folder's.
    #[error("{path} is a folder; --folder takes one, a backup is a file")]
    Folder {
        /// The folder.
        path: String,
    },
    /// The database's own file, where another one is meant.
    #[error("{path} is the database itself; FILE is the backup")]
    DatabaseItself {
        /// The file, as it was given.
        path: String,
    },
    /// The database's file makes no sense to SQLite.
    #[error("the database {path} is damaged: {reason}; `dbadmin restore FILE` puts a backup into its place")]
    Damaged {
        /// The database's file.
        path: String,
        /// What SQLite said.
        reason: String,
    },
    /// Somebody else's database.
    #[error("the database has tables of somebody else ({tables}) and none of Fullhold; take an empty one")]
    Foreign {
        /// Names.
        tables: String,
    },
    /// There is a schema that whoever is logged in may not see.
    #[error("the database has a schema that this user may not see; grant USAGE on the schema and rights on its tables")]
    NoRight,
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

impl Error {
    pub(crate) fn query(doing: &'static str) -> impl FnOnce(diesel::result::Error) -> Self {
        move |source| {
            if is_lost(&source) { Self::Lost { doing, source } } else { Self::Query { doing, source } }
        }
    }

    /// The connection no longer answers: whatever the statement's error says, in whatever language,
    /// that is what happened.
    pub(crate) fn into_lost(self) -> Self {
        match self {
            Self::Query { doing, source } => Self::Lost { doing, source },
            other => other,
        }
    }

    /// There is no connection to the server any more, or not yet, so that the same may well succeed
    /// a little later. Never so on SQLite.
    #[must_use]
    pub fn is_lost_connection(&self) -> bool {
        match self {
            Self::Lost { .. } => true,
            Self::Connect { may_pass, .. } => *may_pass,
            Self::CopyTable { source, .. } => is_lost(source),
            _ => false,
        }
    }

    /// The data was refused (constraint or verification), so that trying again with the same data
    /// is pointless; anything else may be the database's own trouble.
    #[must_use]
    pub fn is_rejected_data(&self) -> bool {
        use diesel::result::{DatabaseErrorKind as Kind, Error as Diesel};
        match self {
            Self::Verification { .. } => true,
            // A number that we chose was taken meanwhile: the data is not to blame.
            Self::Query { source: Diesel::DatabaseError(Kind::UniqueViolation, info), .. } if is_own_id(&**info) => {
                false
            }
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

/// Whether a unique violation is about a number that we chose ourselves: PostgreSQL names the
/// constraint, SQLite the column.
fn is_own_id(said: &dyn diesel::result::DatabaseErrorInformation) -> bool {
    const NUMBERED: [&str; 6] = ["servers", "processed_files", "gaming_sessions", "rounds", "outbox", "audit_log"];
    let constraint = said.constraint_name().unwrap_or_default();
    NUMBERED.iter().any(|table| {
        constraint.strip_prefix(table).is_some_and(|rest| rest == "_pkey")
            || said.message().ends_with(&format!("failed: {table}.id"))
    })
}

/// Whether the server or the way to it is gone. Diesel keeps the kind of an error and drops the
/// server's code (57P01 …), and the words depend on the server's language; see
/// [`Error::without_answer`] for what is not recognised here.
pub(crate) fn is_lost(error: &diesel::result::Error) -> bool {
    use diesel::result::{DatabaseErrorKind as Kind, Error as Diesel};
    const WORDS: [&str; 5] = [
        "terminating connection",
        "the database system is",
        "connection to server was lost",
        "canceling the wait for synchronous replication",
        "recovery is in progress",
    ];
    match error {
        Diesel::DatabaseError(kind, info) => match kind {
            // After a failover: this was the primary, and is a standby now.
            Kind::ClosedConnection | Kind::ReadOnlyTransaction => true,
            // A panic on SQLite's blocking thread has this kind too.
            Kind::UnableToSendCommand => !info.message().starts_with("task "),
            Kind::Unknown => WORDS.iter().any(|words| info.message().contains(words)),
            _ => false,
        },
        Diesel::RollbackErrorOnCommit { rollback_error, commit_error } => {
            is_lost(commit_error) || is_lost(rollback_error)
        }
        _ => false,
    }
}

/// An error with its causes in one line.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use diesel::result::{DatabaseErrorKind as Kind, Error as Diesel};

    use super::*;

    fn said(kind: Kind, message: &str) -> Error {
        Error::query("testing")(Diesel::DatabaseError(kind, Box::new(message.to_owned())))
    }

    #[test]
    fn a_lost_connection_is_told_from_other_trouble() {
        let lost = [
            (Kind::UnableToSendCommand, "connection closed"),
            (Kind::UnableToSendCommand, "error communicating with the server"),
            (Kind::Unknown, "terminating connection due to administrator command"),
            (Kind::Unknown, "the database system is shutting down"),
            (Kind::ReadOnlyTransaction, "cannot execute INSERT in a read-only transaction"),
        ];
        for (kind, message) in lost {
            assert!(said(kind, message).is_lost_connection(), "{message}");
            assert!(!said(kind, message).is_rejected_data(), "{message}");
        }
        let other = [
            (Kind::UniqueViolation, "duplicate key value"),
            (Kind::UnableToSendCommand, "task 7 panicked"),
            (Kind::Unknown, "database is locked"),
            (Kind::Unknown, "disk I/O error"),
        ];
        for (kind, message) in other {
            assert!(!said(kind, message).is_lost_connection(), "{message}");
        }
    }

    #[test]
    fn a_number_of_ours_that_is_taken_is_not_about_the_data() {
        let ours = said(Kind::UniqueViolation, "UNIQUE constraint failed: rounds.id");
        assert!(!ours.is_rejected_data());
        let theirs = said(Kind::UniqueViolation, "UNIQUE constraint failed: rounds.server_id, rounds.server_stamp");
        assert!(theirs.is_rejected_data());
    }

    #[test]
    fn silence_after_an_error_means_lost_in_any_language() {
        let error = said(Kind::Unknown, "Verbindung wird abgebrochen aufgrund von Anweisung des Administrators");
        assert!(!error.is_lost_connection());
        assert!(error.into_lost().is_lost_connection());
    }
}
