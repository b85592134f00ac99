//! Teams of evenings, as found and as people set them.

use crate::conn::on_backend;
use crate::dsl::*;
use crate::schema::{gaming_sessions, session_teams};
use crate::{Error, ImportTx, Result, SessionTeamRow, bulk};

impl ImportTx {
    /// The evenings of a server that began on a day of its calendar (`YYYY-MM-DD`), oldest first,
    /// each with its teams.
    ///
    /// # Errors
    /// The database failed.
    pub async fn teams_of_day(&mut self, server: i32, day: &str) -> Result<Vec<(i32, Vec<SessionTeamRow>)>> {
        let pattern = format!("{day}-%");
        let ids: Vec<i32> = on_backend!(&mut self.conn, c => gaming_sessions::table
            .filter(gaming_sessions::server_id.eq(server).and(gaming_sessions::session_key.like(&pattern)))
            .order(gaming_sessions::started_at).select(gaming_sessions::id).load(c).await)
        .map_err(Error::query("looking for evenings"))?;
        let mut evenings = Vec::with_capacity(ids.len());
        for id in ids {
            let teams: Vec<SessionTeamRow> = on_backend!(&mut self.conn, c => session_teams::table
                .filter(session_teams::session_id.eq(id)).select(SessionTeamRow::as_select()).load(c).await)
            .map_err(Error::query("reading teams"))?;
            evenings.push((id, teams));
        }
        Ok(evenings)
    }

    /// Sets teams by hand; rows of the same player and evening must not be there yet.
    ///
    /// # Errors
    /// The database failed.
    pub async fn add_manual_teams(&mut self, rows: Vec<SessionTeamRow>) -> Result<()> {
        bulk::insert(&mut self.conn, rows).await.map_err(Error::query("storing manual teams"))
    }
}
