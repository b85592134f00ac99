//! Putting other content into the place of the database's: that of a backup, or none.

use std::path::{Path, PathBuf};

use time::PrimitiveDateTime;

use super::part::Part;
use super::{file_error, no_backup, postgres, save, sqlite};
use crate::models::AuditRow;
use crate::status::RowsAndSchema;
use crate::{AuditEntry, Config, DatabaseUrl, Db, Error, OpenMode, Result};

/// What is in the database before it is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// No rows, or no database at all.
    Empty {
        /// Whether it has a schema of ours.
        schema: bool,
    },
    /// Data of ours.
    Data,
    /// A SQLite file that cannot be read.
    Broken {
        /// What SQLite says of it.
        reason: String,
    },
}

/// The backup that is taken before content is replaced, by the same lock.
pub struct SafetyBackup {
    /// Where to.
    pub file: PathBuf,
    /// Not if the database holds no rows when nobody can write any more. An import may have committed the first
    /// ones since somebody looked.
    pub only_with_rows: bool,
    /// Called when it is there, before anything is replaced.
    pub saved: Box<dyn FnOnce(&Path) + Send>,
}

/// Content that is ready and checked: its backend, its integrity, its schema.
pub struct Replacement {
    config: Config,
    source: Source,
    /// A line for the audit log of what comes into the database's place.
    audit: Option<AuditRow>,
}

enum Source {
    /// A file beside the database, with the newest schema.
    Sqlite(Part),
    /// An archive, and the migrations in it; none is an empty database.
    Postgres(Option<PathBuf>, Vec<(i32, String)>),
}

impl Condition {
    /// Looks at the database.
    ///
    /// # Errors
    /// It cannot be reached, or holds somebody else's tables.
    pub async fn of(config: &Config) -> Result<Self> {
        if let Some(path) = config.url.sqlite_path().map(Path::to_path_buf) {
            if let Some(reason) = blocking(move || sqlite::damage(&path)).await? {
                return Ok(Self::Broken { reason });
            }
            if config.url.sqlite_path().is_some_and(|path| !path.exists()) {
                return Ok(Self::Empty { schema: false });
            }
        }
        let there = Db::open_without_migrating(config, OpenMode::Existing)?.rows_and_schema().await?;
        Ok(if there.rows { Self::Data } else { Self::Empty { schema: !there.applied.is_empty() } })
    }
}

impl Replacement {
    /// The content of a backup. Nothing is touched yet.
    ///
    /// # Errors
    /// The file is no backup of ours, is for the other kind of database, is damaged, or has a schema that is newer than
    /// this program, or cannot be renewed.
    pub async fn from_backup(config: &Config, file: &Path) -> Result<Self> {
        let (config, file) = (config.clone(), file.to_path_buf());
        blocking(move || {
            let source = match &config.url {
                DatabaseUrl::Sqlite(database) => Source::Sqlite(prepare_sqlite(&config.url, database, &file)?),
                DatabaseUrl::Postgres(_) => {
                    if kind(&file)? != Kind::Postgres {
                        return Err(no_backup(&file, wrong_kind(kind(&file)?, "a dump of pg_dump")));
                    }
                    let applied = postgres::examine(&file)?;
                    Source::Postgres(Some(file), applied)
                }
            };
            Ok(Self { config, source, audit: None })
        })
        .await
    }

    /// No content, and the newest schema.
    ///
    /// # Errors
    /// The disk failed.
    pub async fn empty(config: &Config) -> Result<Self> {
        let config = config.clone();
        blocking(move || {
            let source = match &config.url {
                DatabaseUrl::Sqlite(database) => Source::Sqlite(sqlite::prepare_empty(database)?),
                DatabaseUrl::Postgres(_) => Source::Postgres(None, Vec::new()),
            };
            Ok(Self { config, source, audit: None })
        })
        .await
    }

    /// Has the new content say who put it there, in its audit log.
    #[must_use]
    pub fn recorded(mut self, happened_at: PrimitiveDateTime, entry: AuditEntry<'_>) -> Self {
        self.audit = Some(AuditRow {
            id: 0,
            happened_at,
            actor: entry.by.to_owned(),
            action: entry.action.to_owned(),
            detail: entry.detail.to_owned(),
            result: entry.result.to_owned(),
            server_id: None,
        });
        self
    }

    /// Replaces the database's content, all or nothing. What was committed before is in the backup, what is committed
    /// afterwards comes on top of the new content. Whoever is killed here leaves the old content or the new.
    ///
    /// # Errors
    /// The safety backup failed, or the database. It is unchanged then.
    pub async fn install(self, safety: Option<SafetyBackup>) -> Result<()> {
        let there = match &self.source {
            Source::Sqlite(_) => RowsAndSchema::default(),
            Source::Postgres(..) => {
                Db::open_without_migrating(&self.config, OpenMode::Existing)?.rows_and_schema().await?
            }
        };
        let runtime = tokio::runtime::Handle::current();
        blocking(move || {
            let config = &self.config;
            let save = || match safety {
                None => Ok(()),
                Some(safety) if safety.only_with_rows && !runtime.block_on(has_rows(config))? => Ok(()),
                Some(SafetyBackup { file, saved, .. }) => save::backup(config, &file, false).map(|()| saved(&file)),
            };
            match (&config.url, &self.source) {
                (DatabaseUrl::Sqlite(database), Source::Sqlite(new)) => {
                    record(new, self.audit.as_ref())?;
                    sqlite::replace(database, new.path(), save)
                }
                (DatabaseUrl::Postgres(url), Source::Postgres(archive, applied)) => {
                    let content =
                        postgres::Content { archive: archive.as_deref(), applied, audit: self.audit.as_ref() };
                    postgres::replace(url, &content, &there.applied, save)
                }
                // They are made of the same URL.
                _ => Ok(()),
            }
        })
        .await
    }

    /// Puts a new SQLite file into the place of one that cannot be read, which is kept under another name.
    ///
    /// # Errors
    /// The disk failed. There is a file under the database's name in any case.
    pub async fn install_over_broken(self, kept: PathBuf) -> Result<()> {
        blocking(move || match (self.config.url.sqlite_path(), self.source) {
            (Some(database), Source::Sqlite(new)) => {
                record(&new, self.audit.as_ref())?;
                sqlite::swap(database, new, &kept)
            }
            _ => Ok(()),
        })
        .await
    }
}

fn record(new: &Part, line: Option<&AuditRow>) -> Result<()> {
    let failed = |e: rusqlite::Error| Error::Sqlite { doing: "writing the audit log", reason: e.to_string() };
    line.map_or(Ok(()), |line| sqlite::record(new.path(), line).map_err(failed))
}

async fn has_rows(config: &Config) -> Result<bool> {
    Ok(Db::open_without_migrating(config, OpenMode::Existing)?.rows_and_schema().await?.rows)
}

/// Where a broken SQLite file is kept.
#[must_use]
pub fn kept_name(database: &Path, now: time::PrimitiveDateTime) -> PathBuf {
    let name = database.file_name().unwrap_or_default().to_string_lossy();
    database.with_file_name(format!("{name}.broken-{}", super::folder::stamp(now)))
}

fn prepare_sqlite(url: &DatabaseUrl, database: &Path, file: &Path) -> Result<Part> {
    if save::is_database_itself(url, file) {
        return Err(Error::DatabaseItself { path: file.display().to_string() });
    }
    match kind(file)? {
        Kind::Sqlite => sqlite::prepare(database, file),
        other => Err(no_backup(file, wrong_kind(other, "a SQLite file"))),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
    Neither,
}

fn kind(file: &Path) -> Result<Kind> {
    // To open a pipe waits for whoever writes to it.
    if !file.is_file() {
        return Err(no_backup(file, "it is no plain file".to_owned()));
    }
    let trouble = |e| file_error("reading", file, e);
    Ok(if postgres::begins_with(file, b"SQLite format 3\0").map_err(trouble)? {
        Kind::Sqlite
    } else if postgres::is_archive(file).map_err(trouble)? {
        Kind::Postgres
    } else {
        Kind::Neither
    })
}

fn wrong_kind(found: Kind, wanted: &str) -> String {
    match found {
        Kind::Sqlite => "it is a SQLite file, and the database is PostgreSQL; restore it into a SQLite database, and \
                         `copy` from there"
            .to_owned(),
        Kind::Postgres => "it is a dump of PostgreSQL, and the database is SQLite; restore it into a PostgreSQL \
                           database, and `copy` from there"
            .to_owned(),
        Kind::Neither => format!("it does not begin like {wanted}"),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_ended| Error::Sqlite {
        doing: "waiting for a blocking thread",
        reason: "it ended by itself".to_owned(),
    })?
}
