//! What a watcher tells: one notice per event, in words for a person.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use fullhold_ssh_sync::Refused;

/// Where notices go.
pub type Notices = Arc<dyn Fn(&Notice) + Send + Sync>;

/// Something happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Watching began: what is in the directory.
    Began {
        /// Files that could be stored.
        files: usize,
        /// Of these, files to fetch.
        fetching: usize,
        /// Of these, older than the look-back and not stored.
        left: usize,
    },
    /// A stats file was stored.
    Imported {
        /// Its name.
        name: String,
        /// From when it was first seen as it is.
        after: Duration,
    },
    /// Another file's bytes were kept.
    Kept {
        /// Its name.
        name: String,
    },
    /// A file cannot be stored.
    Rejected {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
    /// A stored file is another one on the server now.
    Conflict {
        /// Its name.
        name: String,
        /// What differs.
        reason: String,
    },
    /// A file could not be fetched; it is tried again.
    Failed {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
        /// Times it was tried.
        attempts: i32,
    },
    /// A file was tried often enough.
    Dead {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
    /// A name in the directory that is not taken.
    Refused(Refused),
    /// Nothing can be fetched or stored; it is tried again.
    Trouble {
        /// Why.
        reason: String,
        /// When.
        again_in: Duration,
    },
    /// It works again.
    Recovered {
        /// Looks that failed in a row.
        failures: u32,
    },
}

impl Notice {
    /// Whether a person should know.
    #[must_use]
    pub const fn is_trouble(&self) -> bool {
        matches!(
            self,
            Self::Rejected { .. }
                | Self::Conflict { .. }
                | Self::Failed { .. }
                | Self::Dead { .. }
                | Self::Refused(_)
                | Self::Trouble { .. }
        )
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Began { files, fetching, left } => {
                write!(f, "{files} files on the server, {fetching} to fetch")?;
                if *left > 0 {
                    write!(f, "; {left} older than the look-back are left alone: `importer sync --all` imports them")?;
                }
                Ok(())
            }
            Self::Imported { name, after } => {
                write!(f, "imported {name}, {:.1} s after it was seen", after.as_secs_f64())
            }
            Self::Kept { name } => write!(f, "kept {name}"),
            Self::Rejected { name, reason } => write!(f, "rejected {name}: {reason}"),
            Self::Conflict { name, reason } => write!(f, "{name} was changed on the server: {reason}"),
            Self::Failed { name, reason, attempts } => write!(f, "{name} not fetched (attempt {attempts}): {reason}"),
            Self::Dead { name, reason } => {
                write!(f, "{name} is set aside until it changes on the server: {reason}")
            }
            Self::Refused(Refused { name, reason }) => write!(f, "file name {name} is not taken: {reason}"),
            Self::Trouble { reason, again_in } => {
                write!(f, "{reason}; trying again in {:.0} s", again_in.as_secs_f64())
            }
            Self::Recovered { failures } => write!(f, "works again after {failures} failures"),
        }
    }
}
