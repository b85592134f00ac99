//! Whether a SQLite database is still the file that was opened: connections go on in a file that was
//! deleted or replaced, and what they write is gone when they are.

use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::{Db, Error, Result};

/// The file behind a pool of SQLite.
pub(crate) struct OpenFile {
    path: PathBuf,
    /// Which one it was when it was looked at last.
    seen: Mutex<Option<FileId>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct FileId {
    device: u64,
    inode: u64,
}

impl OpenFile {
    pub(crate) const fn new(path: PathBuf) -> Self {
        Self { path, seen: Mutex::new(None) }
    }

    /// Whether it is another one than before.
    fn was_replaced(&self) -> Result<bool> {
        let path = || self.path.display().to_string();
        let now = match self.path.metadata() {
            Ok(found) => FileId { device: found.dev(), inode: found.ino() },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Error::Deleted { path: path() }),
            Err(source) => return Err(Error::File { doing: "looking at", path: path(), source }),
        };
        let before = self.seen.lock().unwrap_or_else(PoisonError::into_inner).replace(now);
        Ok(before.is_some_and(|before| before != now))
    }
}

impl Db {
    /// Makes sure that what is written from now on gets where the database is. A file that was put in
    /// the place of the one before is opened, and brought up to date; the first call only remembers.
    ///
    /// # Errors
    /// The file was deleted, or the one in its place is not a database of ours. On PostgreSQL never.
    pub async fn check_in_place(&self) -> Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        if file.was_replaced()? {
            tracing::info!(path = %file.path.display(), "the database file was replaced, and is opened anew");
            self.drop_idle();
            self.bring_up_to_date().await?;
        }
        Ok(())
    }
}
