//! The database handle: which backend, and its pool.

use std::sync::Arc;
use std::time::{Duration, Instant};

use fullhold_database_url::DatabaseUrl;

use diesel::{ConnectionError, QueryResult, SqliteConnection};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, SimpleAsyncConnection as _};

use crate::conn::{Conn, SqliteAsync};
use crate::in_place::OpenFile;
use crate::sqlite_place::{self, Place};
use crate::standby::Standby;
use crate::{Error, Result, RetryBudget, migrate, postgres};

/// Which database, and how.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it is.
    pub url: DatabaseUrl,
    /// A standby that answers questions in its place, while it is there and at most 30 s behind.
    pub read_url: Option<DatabaseUrl>,
    /// Connections that are made ahead and kept, for a program that runs for long; 0 for one that ends soon.
    pub min_connections: usize,
    /// Most connections at a time.
    pub max_connections: usize,
    /// How long to wait for a connection, and for another program that writes.
    pub timeout: Duration,
    /// How long to wait for a server that is away when the database is opened or read. Whoever
    /// writes waits on its own terms, see [`crate::RetryBudget`].
    pub patience: Duration,
}

impl Config {
    /// For a program that ends soon: at most four connections, half a minute for each wait, and no waiting for a server
    /// that is away.
    #[must_use]
    pub const fn new(url: DatabaseUrl) -> Self {
        Self {
            url,
            read_url: None,
            min_connections: 0,
            max_connections: 4,
            timeout: Duration::from_secs(30),
            patience: Duration::ZERO,
        }
    }
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
    patience: Duration,
    pub(crate) file: Option<Arc<OpenFile>>,
    lock_wait: Duration,
    standby: Option<Standby>,
    /// It is a SQLite file that can only be read.
    is_read_only: bool,
}

impl Db {
    /// Connects, and brings the schema up to date. A server that is away is waited for.
    ///
    /// # Errors
    /// The URL is not understood, the file is missing, there is no connection, a migration
    /// failed, or the schema is not the one this program knows.
    pub async fn open(config: &Config, mode: OpenMode) -> Result<Self> {
        let db = Self::connect(config, mode)?;
        let mut budget = RetryBudget::new(config.patience);
        loop {
            match db.bring_up_to_date().await {
                Err(error) if budget.may_retry_after(&error).await => {}
                result => {
                    return result.map(|()| {
                        db.make_ahead(config.min_connections);
                        db
                    });
                }
            }
        }
    }

    /// Fills the pool in the background: who asks first need not wait for a connection to be made.
    fn make_ahead(&self, connections: usize) {
        if connections < 2 {
            return;
        }
        let db = self.clone();
        tokio::spawn(async move {
            let mut made = Vec::new();
            for _ in 0..connections {
                // Whoever needs one hears the error.
                let Ok(conn) = db.conn().await else { return };
                made.push(conn);
            }
        });
    }

    pub(crate) async fn bring_up_to_date(&self) -> Result<()> {
        migrate::up(self).await
    }

    /// Makes the pool; the first connection is made by the first query.
    pub(crate) fn connect(config: &Config, mode: OpenMode) -> Result<Self> {
        let shown_url = config.url.to_string();
        let mut is_read_only = false;
        let pools = match &config.url {
            DatabaseUrl::Sqlite(path) => {
                if mode == OpenMode::Existing && !path.exists() {
                    return Err(Error::Missing { path: path.display().to_string() });
                }
                let place = match sqlite_place::of(path) {
                    Ok(place) => place,
                    Err(reason) => return Err(Error::Connect { url: shown_url, reason, may_pass: false }),
                };
                is_read_only = place.is_read_only;
                Pools::Sqlite(sqlite_pool(place, config, &shown_url)?)
            }
            DatabaseUrl::Postgres(url) => Pools::Postgres(postgres::pool(url, config, &shown_url)?),
        };
        let file = match &config.url {
            DatabaseUrl::Sqlite(path) => Some(Arc::new(OpenFile::new(path.clone()))),
            DatabaseUrl::Postgres(_) => None,
        };
        let standby = Standby::connect(config)?;
        let (patience, lock_wait) = (config.patience, config.timeout);
        Ok(Self { pools, shown_url, patience, lock_wait, standby, file, is_read_only })
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

    /// Closes the connections that nobody uses.
    pub(crate) fn drop_idle(&self) {
        match &self.pools {
            Pools::Postgres(pool) => drop(pool.retain(|_, _| false)),
            Pools::Sqlite(pool) => drop(pool.retain(|_, _| false)),
        }
    }

    /// A connection that answered just now: the pool asks an idle one before it hands it out, and
    /// throws it away if it is silent.
    pub(crate) async fn conn(&self) -> Result<Conn> {
        match &self.pools {
            Pools::Postgres(pool) => match pool.get().await {
                Ok(conn) => Ok(Conn::Postgres(Box::new(conn))),
                Err(error) => Err(postgres::connect_error(&error, &self.shown_url)),
            },
            Pools::Sqlite(pool) => pool.get().await.map(Conn::Sqlite).map_err(|e| Error::Connect {
                url: self.shown_url.clone(),
                reason: e.to_string(),
                may_pass: false,
            }),
        }
    }

    /// A connection for a question: to the standby, if there is one that may answer.
    pub(crate) async fn reading_conn(&self) -> Result<Conn> {
        if let Some(standby) = &self.standby
            && let Some(conn) = standby.conn(self).await
        {
            return Ok(conn);
        }
        self.conn().await
    }

    /// The standby, if there is one.
    #[cfg(feature = "testing")]
    pub(crate) fn standby(&self) -> Option<&Standby> {
        self.standby.as_ref()
    }

    /// How long to wait for a server that is away.
    pub(crate) fn patience(&self) -> Duration {
        self.patience
    }

    /// Whether it is a SQLite file that can only be read.
    pub(crate) fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// How long to wait for another program that writes.
    pub(crate) fn lock_wait(&self) -> Duration {
        self.lock_wait
    }
}

/// What all connections to a SQLite file may keep of it in memory, together, in KiB; and what each may at least.
const PAGE_CACHES: usize = 64 * 1024;
const PAGE_CACHE: usize = 2 * 1024;

fn sqlite_pool(place: Place, config: &Config, shown: &str) -> Result<Pool<SqliteAsync>> {
    let timeout = config.timeout;
    let cache = (PAGE_CACHES / config.max_connections.max(1)).max(PAGE_CACHE);
    let mut manager_config = ManagerConfig::<SqliteAsync>::default();
    let Place { name, is_read_only } = place;
    manager_config.custom_setup = Box::new(move |path| {
        let path = path.to_owned();
        Box::pin(async move {
            let mut conn = SyncConnectionWrapper::<SqliteConnection>::establish(&path).await?;
            let pragmas = format!(
                "PRAGMA busy_timeout = {}; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                 PRAGMA cache_size = -{cache}; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000;",
                timeout.as_millis()
            );
            conn.batch_execute(&pragmas).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
            if !is_read_only {
                use_wal(&mut conn, timeout).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
            }
            Ok(conn)
        })
    });
    build(AsyncDieselConnectionManager::new_with_config(name, manager_config), config, shown)
}

/// Turns the write-ahead log on. Several processes that open a new database at once stand in each
/// other's way here: each reads, and none may write before the others have ended. SQLite ends such a
/// deadlock at once, whatever the busy time-out is, so we try again ourselves.
async fn use_wal(conn: &mut SyncConnectionWrapper<SqliteConnection>, timeout: Duration) -> QueryResult<()> {
    let started = Instant::now();
    loop {
        match conn.batch_execute("PRAGMA journal_mode = WAL;").await {
            Err(error) if is_locked(&error) && started.elapsed() < timeout / 2 => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            result => return result,
        }
    }
}

fn is_locked(error: &diesel::result::Error) -> bool {
    matches!(error, diesel::result::Error::DatabaseError(_, information) if information.message() == "database is locked")
}

pub(crate) fn build<C>(manager: AsyncDieselConnectionManager<C>, config: &Config, shown: &str) -> Result<Pool<C>>
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
        .recycle_timeout(Some(config.timeout))
        .build()
        .map_err(|e| Error::Connect { url: shown.to_owned(), reason: e.to_string(), may_pass: false })
}
