//! Migrations: embedded, applied in order under a lock, recorded with a checksum.

use crate::dsl::*;
use sha2::{Digest as _, Sha256};

use crate::conn::{Conn, on_backend};
use crate::{Db, Error, Result, status};

/// Names of somebody else's tables that are shown.
const SHOWN: usize = 3;

/// One step of the schema. Released ones never change: the checksum would differ.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Position, from 1.
    pub version: i32,
    /// Folder name behind the number.
    pub name: &'static str,
    /// Up and down for PostgreSQL.
    pub postgres: (&'static str, &'static str),
    /// Up and down for SQLite.
    pub sqlite: (&'static str, &'static str),
}

macro_rules! migration {
    ($version:literal, $folder:literal) => {
        Migration {
            version: $version,
            name: $folder,
            postgres: (
                include_str!(concat!("../../../migrations/postgres/", $folder, "/up.sql")),
                include_str!(concat!("../../../migrations/postgres/", $folder, "/down.sql")),
            ),
            sqlite: (
                include_str!(concat!("../../../migrations/sqlite/", $folder, "/up.sql")),
                include_str!(concat!("../../../migrations/sqlite/", $folder, "/down.sql")),
            ),
        }
    };
}

/// All migrations, oldest first.
pub static MIGRATIONS: &[Migration] = &[
    migration!(1, "0001_first_schema"),
    migration!(2, "0002_watching"),
    migration!(3, "0003_reference"),
    migration!(4, "0004_dead_letters"),
    migration!(5, "0005_people"),
    migration!(6, "0006_totals"),
    migration!(7, "0007_records"),
    migration!(8, "0008_rules"),
    migration!(9, "0009_sets_of_weapons"),
    migration!(10, "0010_anonymous_players"),
    migration!(11, "0011_remote_files_set_aside"),
    migration!(12, "0012_ratings"),
    migration!(13, "0013_decided_matches"),
    migration!(14, "0014_erased_players"),
];

diesel::table! {
    schema_migrations (version) {
        version -> Integer,
        name -> Text,
        checksum -> Text,
    }
}

pub(crate) const CREATE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL,
    applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)";

/// Applies what is missing. One transaction: either all of it or nothing.
pub(crate) async fn up(db: &Db) -> Result<()> {
    if pending(&applied(&mut db.conn().await?).await?)?.is_empty() {
        return Ok(());
    }
    db.write(|tx, _| Box::pin(bring_up(&mut tx.conn))).await
}

/// Under the lock: else the tables of a program that made the schema just now would be somebody else's.
async fn bring_up(conn: &mut Conn) -> Result<()> {
    if applied(conn).await?.is_empty() {
        refuse_foreign(conn).await?;
    }
    apply_pending(conn).await
}

/// Takes all migrations back and applies them again: an empty schema. One transaction.
pub(crate) async fn again(db: &Db) -> Result<()> {
    // Refuses a schema it does not know: taking that back would be guesswork.
    pending(&applied(&mut db.conn().await?).await?)?;
    db.write(|tx, _| Box::pin(make_anew(&mut tx.conn))).await
}

async fn make_anew(conn: &mut Conn) -> Result<()> {
    conn.batch(CREATE).await.map_err(Error::query("creating schema_migrations"))?;
    for (version, _) in applied(conn).await?.iter().rev() {
        let Some(migration) = MIGRATIONS.iter().find(|m| m.version == *version) else { continue };
        let (_, sql) = sides(conn, migration);
        conn.batch(sql).await.map_err(Error::query("taking a migration back"))?;
        on_backend!(conn, c => diesel::delete(schema_migrations::table.find(version)).execute(c).await)
            .map_err(Error::query("forgetting a migration"))?;
    }
    apply_pending(conn).await
}

async fn apply_pending(conn: &mut Conn) -> Result<()> {
    conn.batch(CREATE).await.map_err(Error::query("creating schema_migrations"))?;
    // Again, under the lock: another process may have been faster.
    for migration in pending(&applied(conn).await?)? {
        let (sql, _) = sides(conn, migration);
        conn.batch(sql).await.map_err(Error::query("applying a migration"))?;
        let row = (
            schema_migrations::version.eq(migration.version),
            schema_migrations::name.eq(migration.name),
            schema_migrations::checksum.eq(checksum(migration)),
        );
        on_backend!(conn, c => diesel::insert_into(schema_migrations::table).values(row).execute(c).await)
            .map_err(Error::query("recording a migration"))?;
    }
    Ok(())
}

/// Applied migrations with their checksums, oldest first; none if there is no schema.
///
/// An error is never taken for "no schema": whoever may not read would seem to have an empty database.
pub(crate) async fn applied(conn: &mut Conn) -> Result<Vec<(i32, String)>> {
    if !has_schema(conn).await? {
        return Ok(Vec::new());
    }
    on_backend!(conn, c => schema_migrations::table
        .select((schema_migrations::version, schema_migrations::checksum))
        .order(schema_migrations::version)
        .load(c)
        .await)
    .map_err(Error::query("reading schema_migrations"))
}

/// Whether the table of migrations is there, seen or not.
async fn has_schema(conn: &mut Conn) -> Result<bool> {
    let (visible, hidden) = match conn {
        Conn::Sqlite(_) => ("SELECT count(*) AS value FROM sqlite_master WHERE name = 'schema_migrations'", None),
        Conn::Postgres(_) => (
            "SELECT count(*) AS value FROM pg_catalog.pg_class c \
             WHERE c.relname = 'schema_migrations' AND c.relkind IN ('r', 'p') AND pg_catalog.pg_table_is_visible(c.oid)",
            Some(
                "SELECT count(*) AS value FROM pg_catalog.pg_class c \
                 WHERE c.relname = 'schema_migrations' AND NOT has_schema_privilege(c.relnamespace, 'USAGE')",
            ),
        ),
    };
    if status::number(conn, visible).await? > 0 {
        return Ok(true);
    }
    match hidden {
        Some(hidden) if status::number(conn, hidden).await? > 0 => Err(Error::NoRight),
        _ => Ok(false),
    }
}

/// Before a schema is made in a database that has none of ours: it must not be somebody else's.
pub(crate) async fn refuse_foreign(conn: &mut Conn) -> Result<()> {
    let sql = match conn {
        Conn::Sqlite(_) => {
            "SELECT name AS value FROM sqlite_master WHERE type IN ('table', 'view') AND substr(name, 1, 7) <> 'sqlite_' \
             AND name <> 'schema_migrations' ORDER BY name"
        }
        Conn::Postgres(_) => {
            "SELECT c.relname::text AS value FROM pg_catalog.pg_class c \
             WHERE c.relnamespace = pg_catalog.to_regnamespace(current_schema()::text) \
             AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname <> 'schema_migrations' \
             AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1"
        }
    };
    let names = status::texts(conn, sql).await?;
    if names.is_empty() {
        return Ok(());
    }
    let more = names.len().saturating_sub(SHOWN);
    let shown = names.into_iter().take(SHOWN).collect::<Vec<_>>().join(", ");
    Err(Error::Foreign { tables: if more > 0 { format!("{shown} and {more} more") } else { shown } })
}

/// What a backup's schema lacks; a sentence for people when it is not one that we can bring up to date.
pub(crate) fn restorable(applied: &[(i32, String)]) -> std::result::Result<Vec<&'static Migration>, String> {
    if applied.is_empty() {
        return Err("it has no table schema_migrations with rows".to_owned());
    }
    pending(applied).map_err(|error| match error {
        Error::Drift { what } => what.replace("the database has", "it has"),
        other => other.to_string(),
    })
}

/// What is left to apply; an error when what was applied is not what we know.
pub(crate) fn pending(applied: &[(i32, String)]) -> Result<Vec<&'static Migration>> {
    for (version, sum) in applied {
        let known = MIGRATIONS.iter().find(|m| m.version == *version);
        let what = match known {
            None => format!("the database has migration {version}, which this program does not know"),
            Some(m) if checksum(m) != *sum => format!("migration {} was applied in another form", m.name),
            Some(_) => continue,
        };
        return Err(Error::Drift { what });
    }
    Ok(MIGRATIONS.iter().filter(|m| !applied.iter().any(|(version, _)| *version == m.version)).collect())
}

/// Over the files of both backends, so that a database copied between them agrees.
pub(crate) fn checksum(migration: &Migration) -> String {
    let mut hash = Sha256::new();
    for text in [migration.postgres.0, migration.postgres.1, migration.sqlite.0, migration.sqlite.1] {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

fn sides(conn: &Conn, migration: &Migration) -> (&'static str, &'static str) {
    match conn {
        Conn::Postgres(_) => migration.postgres,
        Conn::Sqlite(_) => migration.sqlite,
    }
}
