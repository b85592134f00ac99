//! A database for a moment: beside the real one, of the same kind, gone at the end.

use std::path::PathBuf;

use crate::conn::Conn;
use crate::db::sqlite_path;
use crate::{Config, Db, Error, OpenMode, Result};

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
        if sqlite_path(&config.url).is_some() {
            let made = tempfile::Builder::new().prefix("fullhold-scratch-").tempdir();
            let folder = made.map_err(|source| Error::File {
                doing: "creating a folder in",
                path: "the temporary folder".to_owned(),
                source,
            })?;
            let url = format!("sqlite://{}", folder.path().join("scratch.db").display());
            return Ok(Self { config: Config { url, ..config.clone() }, place: Place::Folder(folder) });
        }
        let server = Db::connect(config, OpenMode::Existing)?;
        let name = format!("fullhold_scratch_{}_{}", std::process::id(), unique());
        execute(&server, &format!("CREATE DATABASE {name}"), "creating a scratch database").await?;
        let url = with_database(&config.url, &name);
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

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (base, options) = url.split_once('?').map_or((url, None), |(base, options)| (base, Some(options)));
    let server = base.split_once("://").map(|(scheme, rest)| {
        let (hosts, _) = rest.split_once('/').unwrap_or((rest, ""));
        format!("{scheme}://{hosts}/{name}")
    });
    let server = server.unwrap_or_else(|| base.to_owned());
    options.map_or_else(|| server.clone(), |options| format!("{server}?{options}"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_database_of_a_url_is_replaced() {
        let cases = [
            ("postgres://u@h:1,i:2/db?a=b", "postgres://u@h:1,i:2/x?a=b"),
            ("postgres://u:p@h/db", "postgres://u:p@h/x"),
            ("postgres://h", "postgres://h/x"),
        ];
        for (url, expected) in cases {
            assert_eq!(super::with_database(url, "x"), expected);
        }
    }
}
