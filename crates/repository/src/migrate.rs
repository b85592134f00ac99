//! Migrations: embedded, applied in order under a lock, recorded with a checksum.

use crate::dsl::*;
use sha2::{Digest as _, Sha256};

use crate::conn::{Conn, on_backend};
use crate::{Db, Error, Result};

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
];

diesel::table! {
    schema_migrations (version) {
        version -> Integer,
        name -> Text,
        checksum -> Text,
    }
}

const CREATE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL,
    applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)";

/// Applies what is missing. One transaction: either all of it or nothing.
pub(crate) async fn up(db: &Db) -> Result<()> {
    if pending(&applied(&mut db.conn().await?).await.unwrap_or_default())?.is_empty() {
        return Ok(());
    }
    db.write(|tx, _| Box::pin(apply_pending(&mut tx.conn))).await
}

/// Takes all migrations back and applies them again: an empty schema. One transaction.
pub(crate) async fn again(db: &Db) -> Result<()> {
    // Refuses a schema it does not know: taking that back would be guesswork.
    pending(&applied(&mut db.conn().await?).await.unwrap_or_default())?;
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

pub(crate) async fn applied(conn: &mut Conn) -> Result<Vec<(i32, String)>> {
    on_backend!(conn, c => schema_migrations::table
        .select((schema_migrations::version, schema_migrations::checksum))
        .order(schema_migrations::version)
        .load(c)
        .await)
    .map_err(Error::query("reading schema_migrations"))
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
fn checksum(migration: &Migration) -> String {
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
