//! Backups: SQLite's own online backup, `pg_dump` and `pg_restore` for PostgreSQL. A backup file is
//! there completely or not at all, and a restore changes everything or nothing.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

mod client;

use client::{Client, failed, verdict};
use fullhold_database_url::PostgresUrl;

use crate::{Config, DatabaseUrl, Error, Result};

/// Saves the database as it is at this moment to a file, which appears when it is complete.
/// Blocks: not for an asynchronous thread.
///
/// # Errors
/// The database or the disk failed, or `pg_dump` is missing. There is no file then.
pub fn backup(config: &Config, file: &Path) -> Result<()> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|e| file_error("creating", folder, e))?;
    }
    let temporary = beside(file);
    let written = match &config.url {
        DatabaseUrl::Sqlite(database) => save_sqlite(database, &temporary),
        DatabaseUrl::Postgres(url) => save_postgres(url, &temporary),
    };
    let placed = written.and_then(|()| place(&temporary, file));
    if placed.is_err() {
        // It is of no use to anybody; that it cannot be removed tells nothing new.
        drop(fs::remove_file(&temporary));
    }
    placed
}

/// Puts the content of a backup into the place of the database's, in one transaction. Blocks.
///
/// # Errors
/// The file is no backup of ours or for the other kind of database, or the database failed. It is
/// unchanged then.
pub fn restore(config: &Config, file: &Path) -> Result<()> {
    let mut start = [0; 16];
    let mut opened = File::open(file).map_err(|e| file_error("reading", file, e))?;
    let length = opened.read(&mut start).map_err(|e| file_error("reading", file, e))?;
    let start = start.get(..length).unwrap_or_default();
    let no_backup = |reason: &str| Error::NoBackup { path: file.display().to_string(), reason: reason.to_owned() };
    match &config.url {
        DatabaseUrl::Sqlite(_) if start.starts_with(b"PGDMP") => {
            Err(no_backup("it is one of PostgreSQL, and the database is SQLite; `copy` moves data between them"))
        }
        DatabaseUrl::Sqlite(database) if start.starts_with(b"SQLite format 3") => load_sqlite(database, file),
        DatabaseUrl::Sqlite(_) => Err(no_backup("it does not begin like a SQLite file")),
        DatabaseUrl::Postgres(url) if start.starts_with(b"PGDMP") => load_postgres(url, file),
        DatabaseUrl::Postgres(_) if start.starts_with(b"SQLite format 3") => {
            Err(no_backup("it is one of SQLite, and the database is PostgreSQL; `copy` moves data between them"))
        }
        DatabaseUrl::Postgres(_) => Err(no_backup("it does not begin like a file of pg_dump")),
    }
}

fn file_error(doing: &'static str, path: &Path, source: io::Error) -> Error {
    Error::File { doing, path: path.display().to_string(), source }
}

fn beside(file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

/// On disk first, then visible under its name, then its name on disk.
fn place(temporary: &Path, file: &Path) -> Result<()> {
    File::open(temporary).and_then(|f| f.sync_all()).map_err(|e| file_error("writing", temporary, e))?;
    fs::rename(temporary, file).map_err(|e| file_error("renaming to", file, e))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|f| f.sync_all()).map_err(|e| file_error("writing", folder, e))
}

fn sqlite(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> Error {
    move |e| Error::Sqlite { doing, reason: e.to_string() }
}

fn save_sqlite(database: &Path, to: &Path) -> Result<()> {
    use rusqlite::{Connection, OpenFlags};
    if !database.exists() {
        return Err(Error::Missing { path: database.display().to_string() });
    }
    let source = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(sqlite("opening"))?;
    let mut target = Connection::open(to).map_err(sqlite("creating the backup"))?;
    run_backup(&source, &mut target)?;
    // One file, without a log beside it.
    target.pragma_update(None, "journal_mode", "DELETE").map_err(sqlite("closing the backup"))?;
    target.close().map_err(|(_, e)| sqlite("closing the backup")(e))
}

/// In one step: the target's transaction is all or nothing.
fn run_backup(source: &rusqlite::Connection, target: &mut rusqlite::Connection) -> Result<()> {
    use rusqlite::backup::{Backup, StepResult};
    use std::time::Duration;
    for connection in [source, &*target] {
        connection.busy_timeout(Duration::from_secs(60)).map_err(sqlite("preparing a backup"))?;
    }
    let backup = Backup::new(source, target).map_err(sqlite("preparing a backup"))?;
    // Another writer: it is done in a moment.
    for _ in 0..600 {
        match backup.step(-1).map_err(sqlite("copying pages"))? {
            StepResult::Done => return Ok(()),
            _ => std::thread::sleep(Duration::from_millis(100)),
        }
    }
    Err(Error::Sqlite { doing: "copying pages", reason: "another process has been writing for a minute".to_owned() })
}

fn load_sqlite(database: &Path, file: &Path) -> Result<()> {
    use rusqlite::{Connection, OpenFlags};
    let no_backup = |reason: String| Error::NoBackup { path: file.display().to_string(), reason };
    let source = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(sqlite("opening"))?;
    let check: String =
        source.query_row("PRAGMA quick_check", [], |row| row.get(0)).map_err(|e| no_backup(e.to_string()))?;
    if check != "ok" {
        return Err(no_backup(check));
    }
    let ours: i64 = source
        .query_row("SELECT count(*) FROM sqlite_master WHERE name = 'schema_migrations'", [], |row| row.get(0))
        .map_err(|e| no_backup(e.to_string()))?;
    if ours == 0 {
        return Err(no_backup("it has no table schema_migrations".to_owned()));
    }
    let mut target = Connection::open(database).map_err(sqlite("opening the database"))?;
    target.pragma_update(None, "journal_mode", "WAL").map_err(sqlite("opening the database"))?;
    target.pragma_update(None, "synchronous", "FULL").map_err(sqlite("opening the database"))?;
    run_backup(&source, &mut target)?;
    // The backup's header says otherwise; the database's readers expect this.
    target.pragma_update(None, "journal_mode", "WAL").map_err(sqlite("opening the database"))
}

fn save_postgres(url: &PostgresUrl, to: &Path) -> Result<()> {
    let mut dump = Client::of("pg_dump", url);
    // Level 1: half the size of none at little more time.
    dump.command.args(["--format=custom", "--compress=1", "--no-owner", "--no-privileges"]).arg("--file").arg(to);
    dump.run().map(drop)
}

fn load_postgres(url: &PostgresUrl, file: &Path) -> Result<()> {
    let mut restore = Client::of("pg_restore", url);
    restore.command.args(["--single-transaction", "--clean", "--if-exists", "--no-owner", "--no-privileges"]);
    restore.command.stdin(Stdio::piped());
    // Through a pipe of ours: when we are killed it ends early, and nothing is committed.
    let mut content = File::open(file).map_err(|e| file_error("reading", file, e))?;
    let mut child = restore.spawn()?;
    let feeder = child.stdin.take().map(|mut pipe| std::thread::spawn(move || io::copy(&mut content, &mut pipe)));
    let output = child.wait_with_output().map_err(|e| failed("pg_restore", &e.to_string()))?;
    if let Some(Ok(Err(error))) = feeder.map(std::thread::JoinHandle::join)
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        return Err(failed("pg_restore", &error.to_string()));
    }
    verdict("pg_restore", output).map(drop)
}
