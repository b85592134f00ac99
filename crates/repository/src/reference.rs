//! Tables of the reference bot's database, row by row as JSON: of which age they are, and which
//! columns they have, shows only there.

use diesel::QueryableByName;
use diesel::sql_types::Text;

use crate::conn::{Conn, on_backend};
use crate::dsl::*;
use crate::{Config, Db, Error, OpenMode, Result};

/// A database of the reference bot.
pub struct ReferenceTables {
    db: Db,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Tables that are read; no other name gets into a statement.
const TABLES: &[&str] = &["player_links", "player_aliases", "session_teams", "rounds", "player_comprehensive_stats"];

impl ReferenceTables {
    /// Opens it. Nothing is ever written there.
    ///
    /// # Errors
    /// The URL is not understood, or the file is missing.
    pub fn open(config: &Config) -> Result<Self> {
        Ok(Self { db: Db::open_without_migrating(config, OpenMode::Existing)? })
    }

    /// Whether it is a database of ours: only our rounds have a column `server_stamp`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn is_fullhold(&self) -> Result<bool> {
        let mut conn = self.db.conn().await?;
        Ok(columns(&mut conn, "rounds").await?.iter().any(|column| column == "server_stamp"))
    }

    /// The rows of a table as JSON objects, or `None` if there is no such table.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rows(&self, table: &str) -> Result<Option<Vec<String>>> {
        let Some(table) = TABLES.iter().find(|known| **known == table) else { return Ok(None) };
        let mut conn = self.db.conn().await?;
        let columns = columns(&mut conn, table).await?;
        if columns.is_empty() {
            return Ok(None);
        }
        let sql = match &conn {
            Conn::Postgres(_) => format!("SELECT row_to_json(t)::text AS line FROM {table} t"),
            Conn::Sqlite(_) => {
                // Names that the database itself gave, quoted as names and as texts.
                let pair = |name: &String| format!("'{}', \"{}\"", name.replace('\'', "''"), name.replace('"', "\"\""));
                let pairs: Vec<String> = columns.iter().map(pair).collect();
                format!("SELECT json_object({}) AS line FROM {table}", pairs.join(", "))
            }
        };
        let lines: Vec<Line> = on_backend!(&mut conn, c => diesel::sql_query(sql).load(c).await)
            .map_err(Error::query("reading the reference bot's tables"))?;
        Ok(Some(lines.into_iter().map(|line| line.line).collect()))
    }
}

async fn columns(conn: &mut Conn, table: &str) -> Result<Vec<String>> {
    let sql = match conn {
        Conn::Postgres(_) => {
            "SELECT column_name::text AS line FROM information_schema.columns \
             WHERE table_name = $1 AND table_schema = ANY (current_schemas(false))"
        }
        Conn::Sqlite(_) => "SELECT name AS line FROM pragma_table_info(?)",
    };
    let lines: Vec<Line> = on_backend!(conn, c => diesel::sql_query(sql).bind::<Text, _>(table).load(c).await)
        .map_err(Error::query("reading the columns of the reference bot's tables"))?;
    Ok(lines.into_iter().map(|line| line.line).collect())
}
