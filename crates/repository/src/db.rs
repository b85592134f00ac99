//! The database handle: which backend, and its pool.

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::{ConnectionError, SqliteConnection};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, SimpleAsyncConnection as _};

use crate::conn::{Conn, SqliteAsync};
use crate::migrate;
use crate::{Error, Result};

/// Which database, and how.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite://PATH` or `postgres://…`.
    pub url: String,
    /// Most connections at a time.
    pub max_connections: usize,
    /// How long to wait for a connection, and on SQLite for another writer.
    pub timeout: Duration,
}

/// What to do when there is no database yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// It must be there: a typo must never make an empty database.
    Existing,
    /// Create the SQLite file if it is missing.
    Create,
}

/// The kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// Embedded.
    Sqlite,
    /// A server, or several.
    Postgres,
}

#[derive(Clone)]
pub(crate) enum Pools {
    Postgres(Pool<AsyncPgConnection>),
    Sqlite(Pool<SqliteAsync>),
}

/// A pool of connections to one database. Clones share it.
#[derive(Clone)]
pub struct Db {
    pools: Pools,
    shown_url: String,
}

impl Db {
    /// Connects, and brings the schema up to date.
    ///
    /// # Errors
    /// The URL is not understood, the file is missing, there is no connection, a migration
    /// failed, or the schema is not the one this program knows.
    pub async fn open(config: &Config, mode: OpenMode) -> Result<Self> {
        let db = Self::connect(config, mode)?;
        migrate::up(&mut db.conn().await?).await?;
        Ok(db)
    }

    /// Makes the pool; the first connection is made by the first query.
    pub(crate) fn connect(config: &Config, mode: OpenMode) -> Result<Self> {
        let shown_url = mask_password(&config.url);
        let pools = if let Some(path) = sqlite_path(&config.url) {
            if mode == OpenMode::Existing && !path.exists() {
                return Err(Error::Missing { path: path.display().to_string() });
            }
            Pools::Sqlite(sqlite_pool(&path, config, &shown_url)?)
        } else if config.url.starts_with("postgres://") || config.url.starts_with("postgresql://") {
            let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new(with_time_limits(&config.url));
            Pools::Postgres(build(manager, config, &shown_url)?)
        } else {
            return Err(Error::Url { url: shown_url });
        };
        Ok(Self { pools, shown_url })
    }

    /// The kind of database.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match self.pools {
            Pools::Postgres(_) => Backend::Postgres,
            Pools::Sqlite(_) => Backend::Sqlite,
        }
    }

    /// The URL with its password masked.
    #[must_use]
    pub fn shown_url(&self) -> &str {
        &self.shown_url
    }

    pub(crate) async fn conn(&self) -> Result<Conn> {
        let connect = |reason: String| Error::Connect { url: self.shown_url.clone(), reason };
        match &self.pools {
            Pools::Postgres(pool) => {
                pool.get().await.map(|c| Conn::Postgres(Box::new(c))).map_err(|e| connect(e.to_string()))
            }
            Pools::Sqlite(pool) => pool.get().await.map(Conn::Sqlite).map_err(|e| connect(e.to_string())),
        }
    }
}

/// A host that is switched off answers nothing: without limits the next host of the list would
/// never be asked, and a query would hang for hours. What the URL says itself goes first.
fn with_time_limits(url: &str) -> String {
    let mut limited = url.to_owned();
    for (option, seconds) in [("connect_timeout", 5), ("keepalives_idle", 10), ("tcp_user_timeout", 30)] {
        if !url.contains(&format!("{option}=")) {
            let separator = if limited.contains('?') { '&' } else { '?' };
            limited.push_str(&format!("{separator}{option}={seconds}"));
        }
    }
    limited
}

/// `sqlite://fullhold.db` is relative, `sqlite:///var/lib/fullhold.db` absolute; `sqlite:PATH` works too.
pub(crate) fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    (!path.is_empty()).then(|| PathBuf::from(path))
}

/// `postgres://user:secret@host/db` as it may be shown.
fn mask_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((login, host)) = rest.rsplit_once('@') else { return url.to_owned() };
    match login.split_once(':') {
        Some((user, _)) => format!("{scheme}://{user}:***@{host}"),
        None => url.to_owned(),
    }
}

fn sqlite_pool(path: &Path, config: &Config, shown: &str) -> Result<Pool<SqliteAsync>> {
    let timeout = config.timeout.as_millis();
    let mut manager_config = ManagerConfig::<SqliteAsync>::default();
    manager_config.custom_setup = Box::new(move |path| {
        let path = path.to_owned();
        Box::pin(async move {
            let mut conn = SyncConnectionWrapper::<SqliteConnection>::establish(&path).await?;
            // busy_timeout first: changing the journal mode takes a lock.
            let pragmas = format!(
                "PRAGMA busy_timeout = {timeout}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; \
                 PRAGMA wal_autocheckpoint = 4000;"
            );
            conn.batch_execute(&pragmas).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(conn)
        })
    });
    let path = path.display().to_string();
    build(AsyncDieselConnectionManager::new_with_config(path, manager_config), config, shown)
}

fn build<C>(manager: AsyncDieselConnectionManager<C>, config: &Config, shown: &str) -> Result<Pool<C>>
where
    AsyncDieselConnectionManager<C>: deadpool::managed::Manager<Type = C>,
    C: diesel_async::pooled_connection::PoolableConnection + Send + 'static,
    Pool<C>: Sized,
{
    deadpool::managed::Pool::builder(manager)
        .max_size(config.max_connections)
        .runtime(deadpool::Runtime::Tokio1)
        .wait_timeout(Some(config.timeout))
        .create_timeout(Some(config.timeout))
        .build()
        .map_err(|e| Error::Connect { url: shown.to_owned(), reason: e.to_string() })
}
