//! What a watcher tells: one notice per event, in words for a person.

use std::fmt::{self, Write as _};
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
    /// A file was tried often enough. It is tried again in hours, and when it changes on the server.
    Dead {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
        /// When it is tried again.
        again_in: Duration,
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
    /// The watcher itself died of a defect; it is started again.
    Died {
        /// What it said.
        reason: String,
        /// When it is started again.
        again_in: Duration,
    },
}

/// What is counted of what is told, by name.
pub const EVENTS: [&str; 9] =
    ["imported", "kept", "rejected", "conflict", "failed", "dead", "refused", "trouble", "died"];

impl Notice {
    /// Which of [`EVENTS`] it is; none of those that say how it goes.
    #[must_use]
    pub const fn event(&self) -> Option<&'static str> {
        Some(match self {
            Self::Imported { .. } => "imported",
            Self::Kept { .. } => "kept",
            Self::Rejected { .. } => "rejected",
            Self::Conflict { .. } => "conflict",
            Self::Failed { .. } => "failed",
            Self::Dead { .. } => "dead",
            Self::Refused(_) => "refused",
            Self::Trouble { .. } => "trouble",
            Self::Died { .. } => "died",
            Self::Began { .. } | Self::Recovered { .. } => return None,
        })
    }

    /// The file it is about, if it is about one that can be named.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::Imported { name, .. }
            | Self::Kept { name }
            | Self::Rejected { name, .. }
            | Self::Conflict { name, .. }
            | Self::Failed { name, .. }
            | Self::Dead { name, .. } => Some(name),
            _ => None,
        }
    }

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
                | Self::Died { .. }
        )
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(&mut text)?;
        // Names come from a server: they must not turn the line around, nor hide in it.
        text.chars().try_for_each(|c| {
            if c.is_control() || is_invisible(c) { write!(f, "{}", c.escape_unicode()) } else { f.write_char(c) }
        })
    }
}

/// Marks that change the direction of text, and such as show nothing.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

impl Notice {
    fn write(&self, f: &mut impl fmt::Write) -> fmt::Result {
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
            Self::Dead { name, reason, again_in } => {
                let hours = again_in.as_secs().div_ceil(3_600);
                write!(
                    f,
                    "{name} is set aside, and tried again in {hours} h or when it changes on the server: {reason}"
                )
            }
            Self::Refused(Refused { name, reason }) => write!(f, "file name {name} is not taken: {reason}"),
            Self::Trouble { reason, again_in } => {
                write!(f, "{reason}; trying again in {:.0} s", again_in.as_secs_f64())
            }
            Self::Recovered { failures } => write!(f, "works again after {failures} failures"),
            Self::Died { reason, again_in } => {
                write!(f, "the watcher died and is started again in {:.0} s: {reason}", again_in.as_secs_f64())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_turn_the_line_around() {
        let notice = Notice::Kept { name: "a\u{202e}txt.b\u{2066}\n-köln".to_owned() };
        assert_eq!(notice.to_string(), "kept a\\u{202e}txt.b\\u{2066}\\u{a}-köln");
    }
}
