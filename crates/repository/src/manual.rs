//! Teams that people set. They hang on an evening, and evenings come and go with their rounds: so
//! they are kept by the evening's first round and put back to whatever evening that round is in.

use crate::conn::{Conn, on_backend};
use crate::dsl::*;
use crate::schema::{gaming_sessions, rounds, session_teams};
use crate::{Error, Result, SessionTeamRow};

/// Manual rows with server and key of their evening.
#[derive(Default)]
pub(crate) struct ManualTeams(Vec<(i32, String, SessionTeamRow)>);

impl ManualTeams {
    /// Reads those of some evenings, before the evenings are removed.
    pub(crate) async fn take(&mut self, conn: &mut Conn, sessions: &[i32]) -> Result<()> {
        let rows: Vec<(i32, String, SessionTeamRow)> = on_backend!(conn, c => session_teams::table
            .inner_join(gaming_sessions::table.on(gaming_sessions::id.eq(session_teams::session_id)))
            .filter(session_teams::source.eq("manual").and(session_teams::session_id.eq_any(sessions)))
            .select((gaming_sessions::server_id, gaming_sessions::session_key, SessionTeamRow::as_select()))
            .load(c).await)
        .map_err(Error::query("reading manual teams"))?;
        self.0.extend(rows);
        Ok(())
    }

    /// Reads all.
    pub(crate) async fn take_all(conn: &mut Conn) -> Result<Self> {
        let sessions: Vec<i32> = on_backend!(conn, c => session_teams::table
            .filter(session_teams::source.eq("manual"))
            .select(session_teams::session_id).distinct().load(c).await)
        .map_err(Error::query("looking for manual teams"))?;
        let mut teams = Self::default();
        teams.take(conn, &sessions).await?;
        Ok(teams)
    }

    /// Gives them to the evenings that their evenings' first rounds are in now. What an evening
    /// has of its own wins.
    pub(crate) async fn put_back(self, conn: &mut Conn) -> Result<()> {
        for (server, key, mut row) in self.0 {
            let Some((stamp, map, number)) = parts(&key) else { continue };
            let session: Option<i32> = on_backend!(conn, c => rounds::table
                .filter(rounds::server_id.eq(server).and(rounds::server_stamp.eq(stamp))
                    .and(rounds::map_name.eq(map)).and(rounds::round_number.eq(number)))
                .select(rounds::gaming_session_id).first(c).await.optional())
            .map_err(Error::query("looking for an evening"))?;
            let Some(session) = session else {
                tracing::warn!(
                    session.key = key,
                    player.guid = row.player_guid,
                    "manual team of an evening that is gone"
                );
                continue;
            };
            row.session_id = session;
            let values = (
                session_teams::session_id.eq(row.session_id),
                session_teams::player_guid.eq(row.player_guid),
                session_teams::team.eq(row.team),
                session_teams::source.eq(row.source),
                session_teams::team_name.eq(row.team_name),
            );
            on_backend!(conn, c => diesel::insert_into(session_teams::table).values(values)
                .on_conflict_do_nothing().execute(c).await)
            .map_err(Error::query("storing manual teams"))?;
        }
        Ok(())
    }
}

/// `2025-11-03-201500-supply-1` is stamp, map and round number.
fn parts(key: &str) -> Option<(&str, &str, i32)> {
    let (rest, number) = key.rsplit_once('-')?;
    let (stamp, map) = rest.split_at_checked("2025-11-03-201500".len())?;
    Some((stamp, map.strip_prefix('-')?, number.parse().ok()?))
}
