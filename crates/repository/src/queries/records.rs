//! Who did best in a single round or match: the best of each session is stored, the best of those is looked up.

use diesel::sql_types::{Double, Integer, Text, Timestamp};
use time::PrimitiveDateTime;

use crate::conn::load_blocking;
use crate::models::Span;
use crate::queries::scope::Scope;
use crate::statement::Statement;
use crate::{Db, Error, Result, RoundId, ServerId};

/// The best round or match of a session.
#[derive(Clone, Debug, PartialEq, diesel::Queryable)]
pub struct RecordHolder {
    /// The value.
    pub value: f64,
    /// As whom the player is counted.
    pub player_guid: String,
    /// The round, or the last one of the match.
    pub round_id: RoundId,
    /// Server.
    pub server_id: ServerId,
    /// Key of the session.
    pub session_key: String,
    /// Map.
    pub map_name: String,
    /// Match.
    pub match_id: String,
    /// End of the round, UTC.
    pub ended_at: PrimitiveDateTime,
}

type RecordSql = (Double, Text, Integer, Integer, Text, Text, Text, Timestamp);

impl Db {
    /// The best rounds or matches by a measure of `RECORDS` (its formula's id), best first, of equal ones the first: of
    /// each session of the scope its best one. Only valid rounds of complete matches count. The scope's players and maps
    /// are no matter.
    ///
    /// # Errors
    /// The database failed.
    pub async fn record_holders(
        &self,
        span: Span,
        metric: &str,
        scope: &Scope,
        most: i64,
    ) -> Result<Vec<RecordHolder>> {
        let mut conn = self.reading_conn().await?;
        let statement = record_holders(span, metric, scope, most);
        load_blocking!(&mut conn, statement).map_err(Error::query("looking for records"))
    }
}

pub(crate) fn record_holders(span: Span, metric: &str, scope: &Scope, most: i64) -> Statement<RecordSql> {
    let mut statement = Statement::new(
        "SELECT b.value, b.player_guid, b.round_id, s.server_id, s.session_key, r.map_name, r.match_id, r.ended_at \
         FROM session_records b JOIN gaming_sessions s ON s.id = b.session_id \
         JOIN rounds r ON r.id = b.round_id WHERE b.span = ",
    );
    statement.text(span.name()).sql(" AND b.metric = ").text(metric);
    scope.of_sessions(&mut statement);
    statement.sql(" ORDER BY b.value DESC, r.ended_at, b.player_guid LIMIT ").big(most);
    statement
}
