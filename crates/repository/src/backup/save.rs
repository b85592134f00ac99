//! Saving a database to a file.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::part::{self, Part};
use super::{file_error, postgres, sqlite};
use crate::{Config, DatabaseUrl, Error, Result};

/// Saves the database as it is at this moment to a file, which appears when it is complete and was read once.
/// Blocks: not for an asynchronous thread.
///
/// # Errors
/// The file is there already (and `overwrite` is not set) or is the database itself; the database is damaged; database
/// or disk failed; `pg_dump` is missing. There is no new file then.
pub fn backup(config: &Config, file: &Path, overwrite: bool) -> Result<()> {
    let path = || file.display().to_string();
    if is_database_itself(&config.url, file) {
        return Err(Error::DatabaseItself { path: path() });
    }
    if file.is_dir() {
        return Err(Error::Folder { path: path() });
    }
    // A device or a pipe would be gone, and a file in its place.
    if fs::metadata(file).is_ok_and(|meta| !meta.is_file()) {
        return Err(Error::NoPlainFile { path: path() });
    }
    // A link that leads nowhere counts too.
    if !overwrite && fs::symlink_metadata(file).is_ok() {
        return Err(Error::Exists { path: path() });
    }
    let folder = part::folder_of(file);
    fs::create_dir_all(folder).map_err(|e| file_error("creating", folder, e))?;
    let part = Part::beside(file)?;
    match &config.url {
        DatabaseUrl::Sqlite(database) => sqlite::save(database, part.path())?,
        DatabaseUrl::Postgres(url) => postgres::save(url, part.path())?,
    }
    part.place(file, overwrite)
}

/// Whether a file is the SQLite database, or what SQLite keeps beside it, by whatever name or link.
#[must_use]
pub fn is_database_itself(url: &DatabaseUrl, file: &Path) -> bool {
    let Some(database) = url.sqlite_path() else { return false };
    let Ok(file) = fs::metadata(file) else { return false };
    let same = |other: fs::Metadata| (other.dev(), other.ino()) == (file.dev(), file.ino());
    part::all_of(database).iter().any(|path| fs::metadata(path).is_ok_and(same))
}
