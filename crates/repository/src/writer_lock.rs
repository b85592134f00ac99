//! The writer's lock: one program writes at a time. The wait for it has words and an end. Knows
//! nothing of what is written.

use std::time::{Duration, Instant};

use diesel::QueryableByName;
use diesel::connection::AnsiTransactionManager as SyncManager;
use diesel::result::{DatabaseErrorKind as Kind, Error as Diesel, QueryResult};
use diesel::sql_types::Text;
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use diesel_async::{TransactionManager as _, pooled_connection::deadpool::Object};

use crate::conn::{Conn, SqliteAsync};
use crate::error::is_lost;
use crate::{Error, Result};

/// After so long a wait we say that we wait, and for whom.
const NOTICE_AFTER: Duration = Duration::from_secs(5);

/// Any two programs of ours agree on this number: PostgreSQL's advisory lock of the writer.
pub(crate) const LOCK: i64 = 4_841_950_023;

const WAITING: &str = "waiting for the writer's lock";

/// Begins a transaction that holds the writer's lock: an advisory lock on PostgreSQL, the
/// database's own on SQLite. Waits for another writer, up to `limit`.
///
/// On PostgreSQL the isolation level is READ COMMITTED whatever the server's default is: with a
/// higher one the snapshot would be taken before the lock is ours, and the ids that we count on
/// from there would be those of the writer before us.
pub(crate) async fn begin_writing(conn: &mut Conn, limit: Duration) -> Result<()> {
    match conn {
        Conn::Postgres(conn) => begin_postgres(conn, limit).await,
        Conn::Sqlite(conn) => begin_sqlite(conn, limit).await,
    }
}

async fn begin_postgres(conn: &mut AsyncPgConnection, limit: Duration) -> Result<()> {
    let started = Instant::now();
    if lock(conn, limit.min(NOTICE_AFTER), limit).await.map_err(Error::query(WAITING))? {
        return Ok(());
    }
    let left = limit.saturating_sub(started.elapsed());
    let holder = holder(conn).await;
    if !left.is_zero() {
        let shown = holder.as_deref().unwrap_or("another program");
        tracing::warn!("{WAITING} for {left:.0?} more at most: {shown} holds it");
        if lock(conn, left, limit).await.map_err(Error::query(WAITING))? {
            return Ok(());
        }
    }
    Err(Error::Locked { waited: limit, holder: self::holder(conn).await.or(holder) })
}

/// Begins, and waits for the lock; `false` if it could not be had in time.
async fn lock(conn: &mut AsyncPgConnection, wait: Duration, limit: Duration) -> QueryResult<bool> {
    AnsiTransactionManager::begin_transaction(conn).await?;
    // Zero would mean without end.
    let (wait_ms, limit_ms) = (wait.as_millis().max(1), limit.as_millis().max(1));
    let statements = format!(
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = {wait_ms}; \
         SELECT pg_advisory_xact_lock({LOCK}); SET LOCAL lock_timeout = {limit_ms}"
    );
    let started = Instant::now();
    let Err(error) = conn.batch_execute(&statements).await else { return Ok(true) };
    AnsiTransactionManager::rollback_transaction(conn).await?;
    // Diesel drops the server's code (55P03), and its words depend on its language.
    let time_is_up = started.elapsed() >= wait && matches!(&error, Diesel::DatabaseError(Kind::Unknown, _));
    if time_is_up && !is_lost(&error) { Ok(false) } else { Err(error) }
}

#[derive(QueryableByName)]
struct Holder {
    #[diesel(sql_type = Text)]
    holder: String,
}

/// Who holds the lock, as far as the server tells us: a user without rights on others sees the
/// number of their process, their name and their program.
async fn holder(conn: &mut AsyncPgConnection) -> Option<String> {
    let sql = format!(
        "SELECT concat_ws(', ', 'process ' || l.pid, 'user ' || a.usename, \
         'program ' || NULLIF(a.application_name, ''), 'from ' || host(a.client_addr), a.state, \
         'since ' || to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS UTC')) AS holder \
         FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid \
         WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
         AND (l.classid::bigint << 32 | l.objid::bigint) = {LOCK}"
    );
    let found: QueryResult<Holder> = diesel::sql_query(sql).get_result(conn).await;
    found.ok().map(|row| row.holder)
}

async fn begin_sqlite(conn: &mut Object<SqliteAsync>, limit: Duration) -> Result<()> {
    // The connection's busy time-out is the limit; see `db::sqlite_pool`.
    let begin = conn.spawn_blocking(|c| SyncManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"));
    let mut begin = std::pin::pin!(begin);
    let begun = if let Ok(begun) = tokio::time::timeout(NOTICE_AFTER, &mut begin).await {
        begun
    } else {
        let left = limit.saturating_sub(NOTICE_AFTER);
        tracing::warn!("{WAITING} for {left:.0?} more at most: another program writes to this file");
        begin.await
    };
    match begun {
        Err(Diesel::DatabaseError(_, said)) if said.message() == "database is locked" => {
            Err(Error::Locked { waited: limit, holder: None })
        }
        other => other.map_err(Error::query(WAITING)),
    }
}
