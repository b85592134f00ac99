//! Rounds: one by id, verdicts on them, and the list that shows what is missing.

use fullhold_analytics::{MatchState, RoundStatus};
use time::PrimitiveDateTime;

use crate::conn::{load_blocking, on_backend};
use crate::dsl::*;
use crate::import::PARAMETERS;
use crate::schema::{gaming_sessions, round_overrides, rounds, servers};
use crate::{Db, Error, FileId, OverrideRow, Result, RoundId, RoundRow, ServerId, Transaction, bulk};

/// A round as `find-missing` looks at it.
#[derive(Clone, Debug, PartialEq, Eq, diesel::Queryable)]
pub struct RoundSummary {
    /// Row id.
    pub id: RoundId,
    /// Server.
    pub server: String,
    /// Key of the evening.
    pub session_key: String,
    /// Stamp of the file name.
    pub server_stamp: String,
    /// Map.
    pub map_name: String,
    /// 1 or 2.
    pub round_number: i32,
    /// How much of its match there is.
    pub match_state: MatchState,
    /// What it is taken for.
    pub round_status: RoundStatus,
    /// End, UTC.
    pub ended_at: PrimitiveDateTime,
    /// Length, if known.
    pub actual_time_seconds: Option<i32>,
}

impl Db {
    /// All rounds, by server and time.
    ///
    /// # Errors
    /// The database failed.
    pub async fn round_summaries(&self) -> Result<Vec<RoundSummary>> {
        let mut conn = self.conn().await?;
        load_blocking!(
            &mut conn,
            rounds::table
                .inner_join(servers::table.on(servers::id.eq(rounds::server_id)))
                .inner_join(gaming_sessions::table.on(gaming_sessions::id.eq(rounds::gaming_session_id)))
                .order((servers::name, rounds::ended_at, rounds::id))
                .select((
                    rounds::id,
                    servers::name,
                    gaming_sessions::session_key,
                    rounds::server_stamp,
                    rounds::map_name,
                    rounds::round_number,
                    rounds::match_state,
                    rounds::round_status,
                    rounds::ended_at,
                    rounds::actual_time_seconds,
                ))
        )
        .map_err(Error::query("reading rounds"))
    }
}

impl Transaction {
    /// A round.
    ///
    /// # Errors
    /// The database failed.
    pub async fn round(&mut self, id: RoundId) -> Result<Option<RoundRow>> {
        on_backend!(&mut self.conn, c => rounds::table
            .find(id).select(RoundRow::as_select()).first(c).await.optional())
        .map_err(Error::query("looking for a round"))
    }

    /// The rounds of some files.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rounds_of(&mut self, files: &[FileId]) -> Result<Vec<RoundRow>> {
        let mut found = Vec::with_capacity(files.len());
        for files in files.chunks(PARAMETERS) {
            let rows: Vec<RoundRow> = on_backend!(&mut self.conn, c => rounds::table
                .filter(rounds::file_id.eq_any(files)).select(RoundRow::as_select()).load(c).await)
            .map_err(Error::query("reading rounds of files"))?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// The verdict on a round, if somebody gave one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn override_of(&mut self, round: &RoundRow) -> Result<Option<OverrideRow>> {
        let key = (round.server_id, &round.server_stamp, &round.map_name, round.round_number);
        on_backend!(&mut self.conn, c => round_overrides::table
            .find(key).select(OverrideRow::as_select()).first(c).await.optional())
        .map_err(Error::query("looking for a verdict"))
    }

    /// Records a verdict on a round in place of an earlier one; `None` takes it back.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_override(&mut self, round: &RoundRow, verdict: Option<OverrideRow>) -> Result<()> {
        let key = (round.server_id, &round.server_stamp, &round.map_name, round.round_number);
        let target = round_overrides::table.find(key);
        on_backend!(&mut self.conn, c => diesel::delete(target).execute(c).await)
            .map_err(Error::query("removing a verdict"))?;
        let rows = verdict.into_iter().collect();
        bulk::insert(&mut self.conn, rows).await.map_err(Error::query("recording a verdict"))
    }
}

impl Transaction {
    /// Removes the verdicts of somebody on rounds of a server, and returns them.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remove_overrides_by(&mut self, server_id: ServerId, decided_by: &str) -> Result<Vec<OverrideRow>> {
        let rows: Vec<OverrideRow> = on_backend!(&mut self.conn, c => round_overrides::table
            .filter(round_overrides::server_id.eq(server_id))
            .filter(round_overrides::decided_by.eq(decided_by))
            .select(OverrideRow::as_select()).load(c).await)
        .map_err(Error::query("looking for verdicts"))?;
        on_backend!(&mut self.conn, c => diesel::delete(round_overrides::table
            .filter(round_overrides::server_id.eq(server_id))
            .filter(round_overrides::decided_by.eq(decided_by))).execute(c).await)
        .map_err(Error::query("removing verdicts"))?;
        Ok(rows)
    }
}
