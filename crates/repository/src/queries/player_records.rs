//! A player's own best rounds and matches, with where they were played.

use std::collections::BTreeMap;

use fullhold_analytics::MatchState;

use crate::conn::{Conn, load_blocking};
use crate::dsl::*;
use crate::import::PARAMETERS;
use crate::models::Span;
use crate::queries::record_history::{Round, histories, performed, within};
use crate::queries::records::RecordHolder;
use crate::queries::scope::Scope;
use crate::schema::{gaming_sessions, player_comprehensive_stats as stats, rounds};
use crate::{Db, Error, Result, ServerId, Transaction};

impl Db {
    /// The best round, match or evening of a player by each measure of `RECORDS` (`Formula::id`): of equal ones the first.
    /// `guids` are all that the player is counted under. Only valid rounds of complete matches count. The scope's players
    /// and sessions are no matter.
    ///
    /// # Errors
    /// The database failed.
    pub async fn player_records(
        &self,
        span: Span,
        guids: &[String],
        scope: &Scope,
    ) -> Result<BTreeMap<&'static str, RecordHolder>> {
        self.read(|tx, _| Box::pin(tx.player_records(span, guids, scope))).await
    }
}

impl Transaction {
    async fn player_records(
        &mut self,
        span: Span,
        guids: &[String],
        scope: &Scope,
    ) -> Result<BTreeMap<&'static str, RecordHolder>> {
        let rounds = rounds_with(&mut self.conn, guids, scope).await?;
        let performed = performed(&mut self.conn, span, &rounds, Some(guids)).await?;
        let best = histories(&rounds, &performed).into_iter();
        Ok(best.filter_map(|(measure, mut held)| Some((measure, held.pop()?))).collect())
    }
}

/// The rounds that count, of complete matches in which a player has a line: also those of their rounds in which he has
/// none, so that a whole match is known to be whole.
async fn rounds_with(conn: &mut Conn, guids: &[String], scope: &Scope) -> Result<Vec<Round>> {
    let own = guids.to_vec();
    let query = rounds::table
        .inner_join(stats::table.on(stats::round_id.eq(rounds::id)))
        .filter(stats::player_guid.eq_any(own))
        .filter(rounds::is_valid.and(rounds::match_state.eq(MatchState::Complete)))
        .select((rounds::server_id, rounds::match_id));
    let mut played: Vec<(ServerId, String)> =
        load_blocking!(&mut *conn, query).map_err(Error::query("looking for a player's matches"))?;
    played.sort();
    played.dedup();
    let names: Vec<String> = played.iter().map(|(_, name)| name.clone()).collect();
    let mut found: Vec<Round> = Vec::new();
    for names in names.chunks(PARAMETERS) {
        let names = names.to_vec();
        let query = rounds::table
            .inner_join(gaming_sessions::table.on(gaming_sessions::id.eq(rounds::gaming_session_id)))
            .filter(rounds::match_id.eq_any(names))
            .filter(rounds::is_valid.and(rounds::match_state.eq(MatchState::Complete)))
            .select((
                rounds::id,
                rounds::match_id,
                rounds::ended_at,
                rounds::gaming_session_id,
                rounds::server_id,
                gaming_sessions::session_key,
                rounds::map_name,
            ));
        let rows: Vec<Round> = load_blocking!(&mut *conn, query).map_err(Error::query("reading a player's rounds"))?;
        found.extend(rows);
    }
    found.retain(|round| played.binary_search(&(round.server_id, round.match_id.clone())).is_ok());
    found.retain(|round| scope.maps.is_empty() || scope.maps.contains(&round.map_name));
    Ok(within(scope, found))
}
