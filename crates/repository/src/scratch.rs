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
                let doing = "removing a scratch database";
                // `DROP DATABASE … WITH (FORCE)` is PostgreSQL 13.
                let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
                execute(&server, &end, doing).await?;
                execute(&server, &format!("DROP DATABASE IF EXISTS {name}"), doing).await
            }
        }
    }
}

/// Makes the PostgreSQL database that a URL names, if there is none on its server; says whether it did. A SQLite file
/// is made when it is opened.
///
/// # Errors
/// There is none, and this user may not make one: the message says how somebody else makes it.
pub async fn create_database(config: &Config) -> Result<bool> {
    if config.url.sqlite_path().is_some() {
        return Ok(false);
    }
    let Err(refused) = Db::connect(config, OpenMode::Existing)?.conn().await else { return Ok(false) };
    let name = config.url.name();
    // Every server has this one, for just this purpose.
    let maintenance = Config { url: config.url.with_database("postgres"), ..config.clone() };
    let server = Db::connect(&maintenance, OpenMode::Existing)?;
    // Without a way in, the first error is the one that tells something.
    let Ok(mut conn) = server.conn().await else { return Err(refused) };
    let names = crate::status::texts(&mut conn, "SELECT datname::text AS value FROM pg_database").await?;
    if names.contains(&name) {
        return Err(refused);
    }
    let created = conn.batch(&format!("CREATE DATABASE \"{}\"", name.replace('"', "\"\""))).await;
    created.map(|()| true).map_err(|source| Error::NoDatabase { name, source })
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
