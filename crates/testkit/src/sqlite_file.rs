//! A SQLite file of a test's own.
#![expect(clippy::panic, reason = "test support: a test without its database must fail loudly")]

use std::fs;

use tempfile::TempDir;

/// An empty SQLite file in a temporary directory that goes away with it.
#[derive(Debug)]
pub struct SqliteFile {
    directory: TempDir,
}

impl SqliteFile {
    /// Creates an empty file, which SQLite takes for an empty database.
    ///
    /// # Panics
    /// When the temporary directory cannot be written.
    #[must_use]
    pub fn create() -> Self {
        let directory = tempfile::Builder::new().prefix("fullhold-sqlite-").tempdir();
        let directory = directory.unwrap_or_else(|e| panic!("a temporary directory for SQLite: {e}"));
        let file = Self { directory };
        fs::write(file.path(), "").unwrap_or_else(|e| panic!("an empty SQLite file: {e}"));
        file
    }

    /// The file's path.
    #[must_use]
    pub fn path(&self) -> std::path::PathBuf {
        self.directory.path().join("fullhold.db")
    }

    /// The file's URL, `sqlite:///…`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("sqlite://{}", self.path().display())
    }
}
