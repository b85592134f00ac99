//! SQLite's own online backup, in both directions.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::part::{self, Part};
use super::{file_error, no_backup};
use crate::migrate::{self, Migration};
use crate::models::AuditRow;
use crate::sqlite_place::{self, Place};
use crate::{Error, Result, feed};

/// How long another writer is waited for.
const BUSY: Duration = Duration::from_secs(60);
/// Between two tries to get the lock.
const PAUSE: Duration = Duration::from_millis(100);
const TRIES: u32 = 600;
/// What SQLite calls the lack of any complaint.
const FINE: &str = "ok";

fn failed(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> Error {
    move |e| Error::Sqlite { doing, reason: e.to_string() }
}

/// Saves a database to an empty file, and reads that.
pub(super) fn save(database: &Path, to: &Path) -> Result<()> {
    if !database.exists() {
        return Err(Error::Missing { path: database.display().to_string() });
    }
    let saved = copy(database, to);
    let damage = match saved {
        Ok(()) => damage(to)?,
        Err(Trouble::Damage(reason)) => Some(reason),
        Err(Trouble::Other(error)) => return Err(error),
    };
    damage.map_or(Ok(()), |reason| Err(Error::Damaged { path: database.display().to_string(), reason }))
}

enum Trouble {
    /// The content makes no sense to SQLite.
    Damage(String),
    Other(Error),
}

fn trouble(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> Trouble {
    move |error| match said_damaged(&error) {
        Some(reason) => Trouble::Damage(reason),
        None => Trouble::Other(failed(doing)(error)),
    }
}

fn said_damaged(error: &rusqlite::Error) -> Option<String> {
    let code = error.sqlite_error_code()?;
    matches!(code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase).then(|| error.to_string())
}

/// The content of a database in another file, without a log beside it.
fn copy(database: &Path, to: &Path) -> std::result::Result<(), Trouble> {
    let source = open(database).map_err(trouble("opening"))?;
    let mut target = Connection::open(to).map_err(trouble("creating the backup"))?;
    for connection in [&source, &target] {
        connection.busy_timeout(BUSY).map_err(trouble("preparing a backup"))?;
    }
    let backup = Backup::new(&source, &mut target).map_err(trouble("preparing a backup"))?;
    step(&backup, -1)?;
    drop(backup);
    target.pragma_update(None, "journal_mode", "DELETE").map_err(trouble("closing the backup"))?;
    target.close().map_err(|(_, e)| trouble("closing the backup")(e))
}

/// A database that is there. Where it may only be read it is opened so.
fn open(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    match sqlite_place::of(file) {
        Ok(Place { name, is_read_only: true }) => {
            Connection::open_with_flags(name, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI)
        }
        // SQLite says itself what is wrong.
        _ => Connection::open_with_flags(file, flags),
    }
}

/// All pages (-1), or none: the first step takes the target's lock, which is held until the last.
fn step(backup: &Backup<'_, '_>, pages: i32) -> std::result::Result<(), Trouble> {
    for _ in 0..TRIES {
        match backup.step(pages).map_err(trouble("copying pages"))? {
            StepResult::Done | StepResult::More => return Ok(()),
            // Another writer: it is done in a moment.
            _ => std::thread::sleep(PAUSE),
        }
    }
    let reason = "another process has been writing for a minute".to_owned();
    Err(Trouble::Other(Error::Sqlite { doing: "copying pages", reason }))
}

/// What is wrong with the structure of a SQLite file; none if it is whole, empty or absent.
pub(super) fn damage(file: &Path) -> Result<Option<String>> {
    if fs::metadata(file).map_or(0, |meta| meta.len()) == 0 {
        return Ok(None);
    }
    let checked = open(file).and_then(|connection| {
        connection.busy_timeout(BUSY)?;
        let mut statement = connection.prepare("PRAGMA quick_check(3)")?;
        let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
        lines.collect::<rusqlite::Result<Vec<String>>>()
    });
    match checked {
        Ok(lines) if lines == [FINE] => Ok(None),
        Ok(lines) => Ok(Some(lines.join("; ").replace('\n', " "))),
        Err(error) => match said_damaged(&error) {
            Some(reason) => Ok(Some(reason)),
            None => Err(failed("checking the database")(error)),
        },
    }
}

/// The content of a backup in a file beside the database, checked and with the newest schema.
pub(super) fn prepare(database: &Path, file: &Path) -> Result<Part> {
    let part = Part::beside(database)?;
    let unusable = |trouble: Trouble| match trouble {
        Trouble::Damage(reason) => no_backup(file, format!("it is damaged: {reason}")),
        Trouble::Other(error) => error,
    };
    copy(file, part.path()).map_err(unusable)?;
    if let Some(reason) = damage(part.path())? {
        return Err(no_backup(file, format!("it is damaged: {reason}")));
    }
    let applied = applied(part.path()).map_err(|e| no_backup(file, e.to_string()))?;
    let pending = migrate::restorable(&applied).map_err(|reason| no_backup(file, reason))?;
    migrate_file(part.path(), &pending).map_err(|e| no_backup(file, format!("its schema cannot be renewed: {e}")))?;
    // Caches and watchers see by it that the content is another one.
    let restored = Connection::open(part.path()).and_then(|part| part.execute_batch(feed::RESTORED_SQLITE));
    restored.map_err(failed("marking the content as restored"))?;
    Ok(part)
}

/// An empty database with the newest schema, in a file beside the database.
pub(super) fn prepare_empty(database: &Path) -> Result<Part> {
    let part = Part::beside(database)?;
    let all: Vec<&Migration> = migrate::MIGRATIONS.iter().collect();
    migrate_file(part.path(), &all).map_err(failed("making the schema"))?;
    Ok(part)
}

fn applied(file: &Path) -> rusqlite::Result<Vec<(i32, String)>> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let there = "SELECT count(*) FROM sqlite_master WHERE name = 'schema_migrations'";
    if connection.query_row(there, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare("SELECT version, checksum FROM schema_migrations ORDER BY version")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// In one transaction, and back to a file without a log.
fn migrate_file(file: &Path, pending: &[&Migration]) -> rusqlite::Result<()> {
    let mut connection = Connection::open(file)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(migrate::CREATE)?;
    for migration in pending {
        transaction.execute_batch(migration.sqlite.0)?;
        transaction.execute(
            "INSERT INTO schema_migrations (version, name, checksum) VALUES (?1, ?2, ?3)",
            (migration.version, migration.name, migrate::checksum(migration)),
        )?;
    }
    transaction.commit()?;
    connection.pragma_update(None, "journal_mode", "DELETE")
}

/// Adds a line to the audit log of a file that no program has open.
pub(super) fn record(file: &Path, line: &AuditRow) -> rusqlite::Result<()> {
    let connection = Connection::open(file)?;
    let at = crate::instant_text(line.happened_at).replace('T', " ").replace('Z', "");
    connection.execute(
        "INSERT INTO audit_log (id, happened_at, actor, action, detail, result) \
         SELECT COALESCE(max(id), 0) + 1, ?1, ?2, ?3, ?4, ?5 FROM audit_log",
        (at, &line.actor, &line.action, &line.detail, &line.result),
    )?;
    Ok(())
}

/// Puts a file's content into the place of a database's, in one transaction. What `save` saves is what was there when
/// nobody could write any more.
pub(super) fn replace(database: &Path, new: &Path, save: impl FnOnce() -> Result<()>) -> Result<()> {
    let other = |trouble: Trouble| match trouble {
        Trouble::Damage(reason) => Error::Damaged { path: database.display().to_string(), reason },
        Trouble::Other(error) => error,
    };
    let opening = || failed("opening the database");
    let source = Connection::open_with_flags(new, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(opening())?;
    let mut target = Connection::open(database).map_err(opening())?;
    for connection in [&source, &target] {
        connection.busy_timeout(BUSY).map_err(opening())?;
    }
    target.pragma_update(None, "journal_mode", "WAL").map_err(opening())?;
    target.pragma_update(None, "synchronous", "FULL").map_err(opening())?;
    let backup = Backup::new(&source, &mut target).map_err(failed("preparing to restore"))?;
    step(&backup, 0).map_err(other)?;
    save()?;
    step(&backup, -1).map_err(other)?;
    drop(backup);
    // The new content's header says otherwise; the database's readers expect this.
    target.pragma_update(None, "journal_mode", "WAL").map_err(opening())
}

/// Puts a file into the place of a database that cannot be read, and keeps that under another name. Killed anywhere,
/// there is a file under the database's name: the broken one or the new one.
pub(super) fn swap(database: &Path, new: Part, kept: &Path) -> Result<()> {
    fs::hard_link(database, kept).map_err(|e| file_error("keeping the broken database as", kept, e))?;
    // A log that stayed would be taken for the new file's.
    for (log, kept) in part::all_of(database).into_iter().zip(part::all_of(kept)).skip(1) {
        if log.exists() {
            fs::rename(&log, &kept).map_err(|e| file_error("keeping", &log, e))?;
        }
    }
    new.place(database, true)
}
