//! Teams of evenings, as found and as people set them.

use crate::conn::on_backend;
use crate::dsl::*;
use crate::schema::{gaming_sessions, rounds, session_teams};
use crate::{Error, Result, RoundKey, ServerId, SessionId, SessionRow, SessionTeamRow, Transaction};

impl Transaction {
    /// The keys of a server's evenings that began on a day of its calendar (`YYYY-MM-DD`), oldest
    /// first, each with its teams.
    ///
    /// # Errors
    /// The database failed.
    pub async fn teams_of_day(&mut self, server: ServerId, day: &str) -> Result<Vec<(String, Vec<SessionTeamRow>)>> {
        let pattern = format!("{day}-%");
        let found: Vec<(SessionId, String)> = on_backend!(&mut self.conn, c => gaming_sessions::table
            .filter(gaming_sessions::server_id.eq(server).and(gaming_sessions::session_key.like(&pattern)))
            .order(gaming_sessions::started_at)
            .select((gaming_sessions::id, gaming_sessions::session_key)).load(c).await)
        .map_err(Error::query("looking for evenings"))?;
        let mut evenings = Vec::with_capacity(found.len());
        for (id, key) in found {
            let teams: Vec<SessionTeamRow> = on_backend!(&mut self.conn, c => session_teams::table
                .filter(session_teams::session_id.eq(id)).select(SessionTeamRow::as_select()).load(c).await)
            .map_err(Error::query("reading teams"))?;
            evenings.push((key, teams));
        }
        Ok(evenings)
    }

    /// The teams of an evening, by team and player.
    ///
    /// # Errors
    /// The database failed.
    pub async fn teams_of(&mut self, session_id: SessionId) -> Result<Vec<SessionTeamRow>> {
        on_backend!(&mut self.conn, c => session_teams::table
            .filter(session_teams::session_id.eq(session_id))
            .order((session_teams::team, session_teams::player_guid))
            .select(SessionTeamRow::as_select()).load(c).await)
        .map_err(Error::query("reading teams"))
    }

    /// The evening that a round is in.
    ///
    /// # Errors
    /// The database failed.
    pub async fn evening_of(&mut self, round: &RoundKey) -> Result<Option<SessionRow>> {
        on_backend!(&mut self.conn, c => gaming_sessions::table
            .inner_join(rounds::table.on(rounds::gaming_session_id.eq(gaming_sessions::id)))
            .filter(rounds::server_id.eq(round.server_id).and(rounds::server_stamp.eq(&round.server_stamp))
                .and(rounds::map_name.eq(&round.map_name)).and(rounds::round_number.eq(round.round_number)))
            .select(SessionRow::as_select()).first(c).await.optional())
        .map_err(Error::query("looking for an evening"))
    }

    /// The rounds of an evening, in no particular order.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rounds_of_evening(&mut self, session_id: SessionId) -> Result<Vec<RoundKey>> {
        let rows: Vec<(ServerId, String, String, i32)> = on_backend!(&mut self.conn, c => rounds::table
            .filter(rounds::gaming_session_id.eq(session_id))
            .select((rounds::server_id, rounds::server_stamp, rounds::map_name, rounds::round_number))
            .load(c).await)
        .map_err(Error::query("reading the rounds of an evening"))?;
        Ok(rows.into_iter().map(RoundKey::from_columns).collect())
    }
}
