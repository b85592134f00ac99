//! A database for a moment: beside the real one, of the same kind, gone at the end.

use std::path::PathBuf;

use crate::conn::Conn;
use crate::{Config, DatabaseUrl, Db, Error, OpenMode, Result};

/// An empty database. Call [`Scratch::remove`]; if nobody does, a SQLite file goes by itself, a
/// PostgreSQL database stays under a name that begins with `fullhold_scratch_`.
pub struct Scratch {
    config: Config,
    place: Place,
}

enum Place {
    Folder(tempfile::TempDir),
    /// The server's maintenance database, and the name of ours.
    Server(Box<Db>, String),
}

impl Scratch {
    /// Creates it: in the temporary folder, or on the same PostgreSQL server.
    ///
    /// # Errors
    /// No place to write to, or no right to create databases.
    pub async fn create(config: &Config) -> Result<Self> {
        if config.url.sqlite_path().is_some() {
            let made = tempfile::Builder::new().prefix("fullhold-scratch-").tempdir();
            let folder = made.map_err(|source| Error::File {
                doing: "creating a folder in",
                path: "the temporary folder".to_owned(),
                source,
            })?;
            let url = DatabaseUrl::Sqlite(folder.path().join("scratch.db"));
            return Ok(Self { config: Config { url, ..config.clone() }, place: Place::Folder(folder) });
        }
        let server = Db::connect(config, OpenMode::Existing)?;
        let name = format!("fullhold_scratch_{}_{}", std::process::id(), unique());
        execute(&server, &format!("CREATE DATABASE {name}"), "creating a scratch database").await?;
        let url = config.url.with_database(&name);
        Ok(Self { config: Config { url, ..config.clone() }, place: Place::Server(Box::new(server), name) })
    }

    /// How to open it.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Removes it. Connections to it must be closed.
    ///
    /// # Errors
    /// The server refused.
    pub async fn remove(self) -> Result<()> {
        match self.place {
            Place::Folder(folder) => {
                let path: PathBuf = folder.path().to_owned();
                folder.close().map_err(|source| Error::File {
                    doing: "removing",
                    path: path.display().to_string(),
                    source,
                })
            }
            Place::Server(server, name) => {
                execute(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), "removing a scratch database")
                    .await
            }
        }
    }
}

async fn execute(server: &Db, sql: &str, doing: &'static str) -> Result<()> {
    let mut conn: Conn = server.conn().await?;
    // The name is made of our own letters and numbers: nothing from outside is in the text.
    conn.batch(sql).await.map_err(Error::query(doing))
}

/// Different for each call of this process.
fn unique() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
