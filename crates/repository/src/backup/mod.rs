//! Backups: made, checked, rotated, put back.
//!
//! A backup file is there completely or not at all, and it was read once before it got its name. A restore changes
//! everything or nothing: the new content is ready and checked before anything is touched, and between the backup that
//! is taken first and the replacement nobody can write.

mod client;
mod folder;
mod part;
mod postgres;
mod restore;
mod save;
mod sqlite;

pub use folder::BackupFolder;
pub use restore::{Condition, Replacement, SafetyBackup, kept_name};
pub use save::{backup, is_database_itself};

use std::io;
use std::path::Path;

use crate::Error;

fn file_error(doing: &'static str, path: &Path, source: io::Error) -> Error {
    Error::File { doing, path: path.display().to_string(), source }
}

fn no_backup(file: &Path, reason: impl Into<String>) -> Error {
    Error::NoBackup { path: file.display().to_string(), reason: reason.into() }
}
