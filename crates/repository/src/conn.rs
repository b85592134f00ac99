//! A connection to either backend, and transactions on it.

use diesel::SqliteConnection;
use diesel::connection::AnsiTransactionManager as SyncManager;
use diesel::result::QueryResult;
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::sync_connection_wrapper::{SyncConnectionWrapper, SyncTransactionManagerWrapper};
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, SimpleAsyncConnection, TransactionManager};

use crate::Error;
use crate::error::is_lost;

pub(crate) type SqliteAsync = SyncConnectionWrapper<SqliteConnection>;
type SqliteManager = SyncTransactionManagerWrapper<SyncManager>;

/// A pooled connection. Boxed where large: it moves through futures.
pub(crate) enum Conn {
    Postgres(Box<Object<AsyncPgConnection>>),
    Sqlite(Object<SqliteAsync>),
}

/// One query body, type-checked once for each backend.
macro_rules! on_backend {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::conn::Conn::Postgres(object) => {
                let $c: &mut diesel_async::AsyncPgConnection = &mut **object;
                $body
            }
            $crate::conn::Conn::Sqlite(object) => {
                let $c: &mut $crate::conn::SqliteAsync = &mut *object;
                $body
            }
        }
    };
}
pub(crate) use on_backend;

/// Loads a query that owns all it needs. On SQLite in one hop to a blocking thread, rows and all:
/// through the asynchronous wrapper every value of every row is copied once more.
macro_rules! load_blocking {
    ($conn:expr, $query:expr) => {
        match $conn {
            $crate::conn::Conn::Postgres(object) => diesel_async::RunQueryDsl::load($query, &mut ***object).await,
            $crate::conn::Conn::Sqlite(object) => {
                let query = $query;
                object.spawn_blocking(move |c| diesel::RunQueryDsl::load(query, c)).await
            }
        }
    };
}
pub(crate) use load_blocking;

/// Depth is kept by Diesel's transaction managers, so that a connection dropped in mid-transaction
/// is thrown away by the pool instead of being handed out again.
impl Conn {
    /// Begins a read-only snapshot: every query in it sees the same state.
    pub(crate) async fn begin_reading(&mut self) -> QueryResult<()> {
        match self {
            Self::Postgres(conn) => {
                AnsiTransactionManager::begin_transaction(&mut ***conn).await?;
                conn.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY").await
            }
            Self::Sqlite(conn) => SqliteManager::begin_transaction(&mut **conn).await,
        }
    }

    /// Begins a transaction within the one that is open: a savepoint.
    pub(crate) async fn begin_nested(&mut self) -> QueryResult<()> {
        match self {
            Self::Postgres(conn) => AnsiTransactionManager::begin_transaction(&mut ***conn).await,
            Self::Sqlite(conn) => SqliteManager::begin_transaction(&mut **conn).await,
        }
    }

    pub(crate) async fn commit(&mut self) -> QueryResult<()> {
        match self {
            Self::Postgres(conn) => AnsiTransactionManager::commit_transaction(&mut ***conn).await,
            Self::Sqlite(conn) => SqliteManager::commit_transaction(&mut **conn).await,
        }
    }

    pub(crate) async fn rollback(&mut self) -> QueryResult<()> {
        match self {
            Self::Postgres(conn) => AnsiTransactionManager::rollback_transaction(&mut ***conn).await,
            Self::Sqlite(conn) => SqliteManager::rollback_transaction(&mut **conn).await,
        }
    }

    /// The error, made [`Error::Lost`] if the server no longer answers on this connection. The
    /// answer may be an error itself: the transaction may have failed.
    pub(crate) async fn diagnose(&mut self, error: Error) -> Error {
        let Self::Postgres(conn) = self else { return error };
        if matches!(error, Error::Query { .. }) && conn.batch_execute("SELECT 1").await.is_err_and(|e| is_lost(&e)) {
            return error.into_lost();
        }
        error
    }

    /// Runs statements without parameters.
    pub(crate) async fn batch(&mut self, sql: &str) -> QueryResult<()> {
        on_backend!(self, c => c.batch_execute(sql).await)
    }
}
