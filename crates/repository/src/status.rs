//! How the database is: version, drift, size, counts, pending files.

use diesel::sql_types::{BigInt, Text};
use time::PrimitiveDateTime;

use crate::conn::{Conn, on_backend};
use crate::dsl::*;
use crate::schema::{left_out_files, processed_files, remote_files, rounds, servers};
use crate::{
    Backend, Config, Db, Error, FileState, LeftOutKind, LeftOutState, MIGRATIONS, OpenMode, RemoteFileState, Result,
    ServerId, migrate,
};

/// The state of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Kind of database.
    pub backend: Backend,
    /// Version of the database software.
    pub software: String,
    /// Bytes it takes.
    pub size_bytes: i64,
    /// Newest migration applied; 0 if there is no schema.
    pub schema_version: i32,
    /// Names of migrations that are not applied yet.
    pub pending: Vec<&'static str>,
    /// Why the schema is not one this program knows.
    pub drift: Option<String>,
    /// Rows per table.
    pub counts: Vec<(&'static str, i64)>,
    /// Files per state.
    pub files: Vec<(FileState, i64)>,
    /// Files found on disk and left out that nobody has set aside, per kind (`conflict`, `unreadable`).
    pub left_out: Vec<(LeftOutKind, i64)>,
    /// The newest round of each server.
    pub newest: Vec<NewestRound>,
    /// The oldest file that waits: name and since when, UTC.
    pub oldest_waiting: Option<(String, PrimitiveDateTime)>,
}

/// A server's newest round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewestRound {
    /// Server.
    pub server: String,
    /// Stamp, map and number, as in the file's name.
    pub round: String,
    /// Its end, UTC.
    pub ended_at: PrimitiveDateTime,
}

/// Tables beside ours that this user may change in no way.
const READ_ONLY: &str = "SELECT c.relname::text AS value FROM pg_catalog.pg_class c \
     WHERE c.relkind IN ('r', 'p') AND pg_catalog.pg_table_is_visible(c.oid) AND c.relnamespace = \
         (SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = to_regclass('schema_migrations')) \
     AND has_table_privilege(c.oid, 'SELECT') AND NOT has_table_privilege(c.oid, 'INSERT') \
     AND NOT has_table_privilege(c.oid, 'UPDATE') AND NOT has_table_privilege(c.oid, 'DELETE') ORDER BY 1";

/// Tables beside ours in which this user lacks a right.
const NOT_WRITABLE: &str = "SELECT c.relname::text AS value FROM pg_catalog.pg_class c \
     WHERE c.relkind IN ('r', 'p') AND pg_catalog.pg_table_is_visible(c.oid) AND c.relnamespace = \
         (SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = to_regclass('schema_migrations')) \
     AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') \
         AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')) ORDER BY 1";

/// Whether somebody may write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Yes.
    Granted,
    /// This user may read everything and write nothing: a role for readers.
    ReadOnly {
        /// Who is logged in.
        user: String,
    },
    /// No.
    Refused {
        /// What stands in the way.
        why: String,
    },
}

/// What a restore must know of what it replaces.
#[derive(Default)]
pub(crate) struct RowsAndSchema {
    /// Whether there are rows.
    pub(crate) rows: bool,
    /// Applied migrations with their checksums.
    pub(crate) applied: Vec<(i32, String)>,
}

#[derive(diesel::QueryableByName)]
struct TextLine {
    #[diesel(sql_type = Text)]
    value: String,
}

#[derive(diesel::QueryableByName)]
struct NumberLine {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

const TABLES: &[&str] = &[
    "servers",
    "processed_files",
    "gaming_sessions",
    "rounds",
    "player_comprehensive_stats",
    "weapon_stats",
    "matches",
    "players",
    "player_aliases",
    "player_links",
    "round_overrides",
    "manual_teams",
    "validation_findings",
    "audit_log",
];

impl Db {
    /// Connects to a database as it is: nothing is migrated, drift is no error.
    ///
    /// # Errors
    /// The URL is not understood, or the file is missing.
    pub fn open_without_migrating(config: &Config, mode: OpenMode) -> Result<Self> {
        Self::connect(config, mode)
    }

    /// Applies migrations that are missing, and says which.
    ///
    /// # Errors
    /// A migration failed, or the schema is not one this program knows.
    pub async fn migrate(&self) -> Result<Vec<&'static str>> {
        let before = migrate::applied(&mut self.conn().await?).await?;
        let missing = migrate::pending(&before)?.into_iter().map(|m| m.name).collect();
        migrate::up(self).await?;
        Ok(missing)
    }

    /// Removes everything and makes a fresh schema, in one transaction.
    ///
    /// # Errors
    /// The database failed; it is unchanged then.
    pub async fn recreate(&self) -> Result<()> {
        migrate::again(self).await
    }

    /// Whether there is anything to lose, and which schema it has.
    pub(crate) async fn rows_and_schema(&self) -> Result<RowsAndSchema> {
        let mut conn = self.conn().await?;
        let applied = migrate::applied(&mut conn).await?;
        let mut rows = false;
        if applied.is_empty() {
            migrate::refuse_foreign(&mut conn).await?;
        } else {
            for table in TABLES {
                // Names from the list above: nothing from outside is formatted into SQL.
                let sql = format!("SELECT count(*) AS value FROM (SELECT 1 FROM {table} LIMIT 1) t");
                rows |= number(&mut conn, &sql).await? > 0;
            }
        }
        Ok(RowsAndSchema { rows, applied })
    }

    /// The version of TLS that the connection has; none in the clear, and on SQLite.
    ///
    /// # Errors
    /// The database failed.
    pub async fn encryption(&self) -> Result<Option<String>> {
        let mut conn = self.conn().await?;
        if matches!(conn, Conn::Sqlite(_)) {
            return Ok(None);
        }
        let sql = "SELECT version AS value FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl";
        Ok(texts(&mut conn, sql).await?.into_iter().next())
    }

    /// Whether whoever is logged in has the right to write on the tables.
    ///
    /// # Errors
    /// The database failed.
    pub async fn permission(&self) -> Result<Permission> {
        let mut conn = self.conn().await?;
        if matches!(conn, Conn::Sqlite(_)) {
            // Only trying shows it: [`Db::check_writable`].
            return Ok(Permission::Granted);
        }
        if texts(&mut conn, "SELECT current_setting('transaction_read_only') AS value").await? == ["on"] {
            return Ok(Permission::Refused { why: "the server takes no writes (a standby, or read-only)".to_owned() });
        }
        let refused = texts(&mut conn, NOT_WRITABLE).await?;
        let read_only = texts(&mut conn, READ_ONLY).await?;
        Ok(match refused.as_slice() {
            [] => Permission::Granted,
            tables if tables == read_only.as_slice() && tables.len() > TABLES.len() => {
                let user = texts(&mut conn, "SELECT current_user::text AS value").await?.join(", ");
                Permission::ReadOnly { user }
            }
            tables => Permission::Refused { why: format!("this user may not write to {}", tables.join(", ")) },
        })
    }

    /// The state of the database.
    ///
    /// # Errors
    /// The database failed.
    pub async fn status(&self) -> Result<Status> {
        let mut conn = self.conn().await?;
        let applied = migrate::applied(&mut conn).await?;
        let (pending, drift) = match migrate::pending(&applied) {
            Ok(pending) => (pending.into_iter().map(|m| m.name).collect(), None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let sqlite = matches!(conn, Conn::Sqlite(_));
        let software = if sqlite {
            "SELECT sqlite_version() AS value"
        } else {
            "SELECT current_setting('server_version') AS value"
        };
        let software = text(&mut conn, software).await?;
        let size = if sqlite {
            "SELECT page_count * page_size AS value FROM pragma_page_count, pragma_page_size"
        } else {
            "SELECT pg_database_size(current_database()) AS value"
        };
        let mut status = Status {
            backend: self.backend(),
            software,
            size_bytes: number(&mut conn, size).await?,
            schema_version: applied.last().map_or(0, |(version, _)| *version),
            pending,
            drift,
            counts: Vec::new(),
            files: Vec::new(),
            left_out: Vec::new(),
            newest: Vec::new(),
            oldest_waiting: None,
        };
        if status.schema_version > 0 {
            fill(&mut conn, &mut status).await?;
        }
        Ok(status)
    }
}

async fn fill(conn: &mut Conn, status: &mut Status) -> Result<()> {
    for table in TABLES {
        // Names from the list above: nothing from outside is formatted into SQL.
        let count = number(conn, &format!("SELECT count(*) AS value FROM {table}")).await?;
        status.counts.push((table, count));
    }
    status.files = on_backend!(conn, c => processed_files::table
        .group_by(processed_files::state)
        .select((processed_files::state, diesel::dsl::count_star()))
        .order(processed_files::state).load(c).await)
    .map_err(Error::query("counting files"))?;
    let all: Vec<(ServerId, String)> = on_backend!(conn, c => servers::table
        .order(servers::id).select((servers::id, servers::name)).load(c).await)
    .map_err(Error::query("reading servers"))?;
    for (id, server) in all {
        let newest: Option<(String, String, i32, PrimitiveDateTime)> = on_backend!(conn, c => rounds::table
            .filter(rounds::server_id.eq(id)).order(rounds::ended_at.desc())
            .select((rounds::server_stamp, rounds::map_name, rounds::round_number, rounds::ended_at))
            .first(c).await.optional())
        .map_err(Error::query("looking for the newest round"))?;
        if let Some((stamp, map, number, ended_at)) = newest {
            status.newest.push(NewestRound { server, round: format!("{stamp}-{map}-round-{number}"), ended_at });
        }
    }
    if status.pending.is_empty() {
        status.left_out = on_backend!(conn, c => left_out_files::table
            .filter(left_out_files::state.eq(LeftOutState::Open))
            .group_by(left_out_files::kind)
            .select((left_out_files::kind, diesel::dsl::count_star()))
            .order(left_out_files::kind).load(c).await)
        .map_err(Error::query("counting files that are left out"))?;
        // What the watcher waits for on a game server.
        status.oldest_waiting = on_backend!(conn, c => remote_files::table
            .filter(remote_files::state.eq(RemoteFileState::Waiting)).order(remote_files::first_seen_at)
            .select((remote_files::filename, remote_files::first_seen_at)).first(c).await.optional())
        .map_err(Error::query("looking for the oldest waiting file"))?;
    }
    Ok(())
}

/// The first column, called `value`, of all rows.
pub(crate) async fn texts(conn: &mut Conn, sql: &'static str) -> Result<Vec<String>> {
    let lines: Vec<TextLine> =
        on_backend!(conn, c => diesel::sql_query(sql).load(c).await).map_err(Error::query("reading the catalogue"))?;
    Ok(lines.into_iter().map(|line| line.value).collect())
}

async fn text(conn: &mut Conn, sql: &'static str) -> Result<String> {
    let line: TextLine = on_backend!(conn, c => diesel::sql_query(sql).get_result(c).await)
        .map_err(Error::query("asking for versions"))?;
    Ok(line.value)
}

pub(crate) async fn number(conn: &mut Conn, sql: &str) -> Result<i64> {
    let line: NumberLine =
        on_backend!(conn, c => diesel::sql_query(sql).get_result(c).await).map_err(Error::query("counting rows"))?;
    Ok(line.value)
}

impl Status {
    /// The newest schema this program knows.
    #[must_use]
    pub fn newest_known() -> i32 {
        MIGRATIONS.last().map_or(0, |m| m.version)
    }
}
