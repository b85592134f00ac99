//! The rounds behind a player's numbers, and the files that they were read from: what an explanation names.

use diesel::sql_types::{Bool, Integer, Text};

use crate::conn::load_blocking;
use crate::queries::scope::Scope;
use crate::statement::Statement;
use crate::{Db, Error, Result, RoundId};

/// A round in which somebody has a line.
#[derive(Clone, Debug, PartialEq, Eq, diesel::Queryable)]
pub struct SourceRound {
    /// `rounds.id`
    pub round_id: RoundId,
    /// Map.
    pub map_name: String,
    /// 1 or 2.
    pub round_number: i32,
    /// Whether it counts.
    pub is_valid: bool,
    /// Why not, as in `rounds.invalid_reasons`.
    pub invalid_reasons: String,
    /// The file's name without directory.
    pub filename: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

type SourceSql = (Integer, Text, Integer, Bool, Text, Text, Text);

impl Db {
    /// The rounds of the scope in which these guids have a line of somebody who plays, newest first. The players of the
    /// scope are left aside.
    ///
    /// # Errors
    /// The database failed.
    pub async fn source_rounds(&self, guids: &[String], scope: &Scope) -> Result<Vec<SourceRound>> {
        let mut conn = self.conn().await?;
        let statement = source_rounds(guids, scope);
        load_blocking!(&mut conn, statement).map_err(Error::query("looking for the rounds behind a number"))
    }
}

pub(crate) fn source_rounds(guids: &[String], scope: &Scope) -> Statement<SourceSql> {
    let mut statement = Statement::new(
        "SELECT DISTINCT r.id, r.map_name, r.round_number, r.is_valid, r.invalid_reasons, f.filename, f.sha256 \
         FROM player_comprehensive_stats p JOIN rounds r ON r.id = p.round_id \
         JOIN gaming_sessions s ON s.id = r.gaming_session_id JOIN processed_files f ON f.id = r.file_id \
         WHERE NOT p.is_bot AND p.team IN (1, 2)",
    );
    statement.and_text_in("p.player_guid", guids);
    scope.of_sessions(&mut statement);
    scope.of_maps(&mut statement, "r.map_name");
    // Names of files begin with the stamp.
    statement.sql(" ORDER BY f.filename DESC, r.id");
    statement
}
