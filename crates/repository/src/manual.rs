//! Teams that people set. Evenings come and go with their rounds, so a roster is kept by a round of its
//! evening (`manual_teams`) and belongs to whatever evening that round is in; `session_teams` follows.

use crate::conn::on_backend;
use crate::dsl::*;
use crate::schema::{gaming_sessions, manual_teams, rounds, servers};
use crate::{Db, Error, FileId, ManualTeamRow, Result, RoundId, ServerId, Transaction, bulk};

/// What the server calls a round: stamp, map and number of its file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoundKey {
    /// Server.
    pub server_id: ServerId,
    /// Stamp of the file name.
    pub server_stamp: String,
    /// Map.
    pub map_name: String,
    /// 1 or 2.
    pub round_number: i32,
}

impl RoundKey {
    /// The round that a session's key names: its first.
    #[must_use]
    pub fn of_session(server_id: ServerId, key: &str) -> Option<Self> {
        let (rest, number) = key.rsplit_once('-')?;
        let (stamp, map) = rest.split_at_checked("2025-11-03-201500".len())?;
        Some(Self {
            server_id,
            server_stamp: stamp.to_owned(),
            map_name: map.strip_prefix('-')?.to_owned(),
            round_number: number.parse().ok()?,
        })
    }

    pub(crate) fn from_columns(
        (server_id, server_stamp, map_name, round_number): (ServerId, String, String, i32),
    ) -> Self {
        Self { server_id, server_stamp, map_name, round_number }
    }
}

impl Transaction {
    /// Rosters of a server whose round's stamp lies in a span, both ends included: a line per player.
    ///
    /// # Errors
    /// The database failed.
    pub async fn manual_teams(&mut self, server_id: ServerId, from: &str, to: &str) -> Result<Vec<ManualTeamRow>> {
        on_backend!(&mut self.conn, c => manual_teams::table
            .filter(manual_teams::server_id.eq(server_id).and(manual_teams::server_stamp.between(from, to)))
            .select(ManualTeamRow::as_select()).load(c).await)
        .map_err(Error::query("reading manual teams"))
    }

    /// Sets the roster kept by a round in place of an earlier one; no rows take it back. Says how many
    /// lines there were.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_manual_teams(&mut self, round: &RoundKey, rows: Vec<ManualTeamRow>) -> Result<usize> {
        let kept_by = manual_teams::server_id
            .eq(round.server_id)
            .and(manual_teams::server_stamp.eq(&round.server_stamp))
            .and(manual_teams::map_name.eq(&round.map_name))
            .and(manual_teams::round_number.eq(round.round_number));
        let old = on_backend!(&mut self.conn, c => diesel::delete(manual_teams::table.filter(kept_by))
            .execute(c).await)
        .map_err(Error::query("removing manual teams"))?;
        bulk::insert(&mut self.conn, rows).await.map_err(Error::query("storing manual teams"))?;
        Ok(old)
    }

    /// Rounds by which rosters are kept that name one of these players.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rounds_with_rosters_of(&mut self, guids: &[String]) -> Result<Vec<RoundKey>> {
        let rows: Vec<(ServerId, String, String, i32)> = on_backend!(&mut self.conn, c => manual_teams::table
            .filter(manual_teams::player_guid.eq_any(guids))
            .select((
                manual_teams::server_id,
                manual_teams::server_stamp,
                manual_teams::map_name,
                manual_teams::round_number,
            ))
            .distinct().load(c).await)
        .map_err(Error::query("looking for manual teams"))?;
        Ok(rows.into_iter().map(RoundKey::from_columns).collect())
    }

    /// The file of a round, if there is one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn file_of_round(&mut self, round: &RoundKey) -> Result<Option<FileId>> {
        on_backend!(&mut self.conn, c => rounds::table
            .filter(rounds::server_id.eq(round.server_id).and(rounds::server_stamp.eq(&round.server_stamp))
                .and(rounds::map_name.eq(&round.map_name)).and(rounds::round_number.eq(round.round_number)))
            .select(rounds::file_id).first(c).await.optional())
        .map_err(Error::query("looking for a round"))
    }

    /// Rosters kept by rounds that are not in the database: nobody sees them until the round is back.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rosters_without_round(&mut self) -> Result<Vec<RoundKey>> {
        use diesel::dsl::{exists, not};
        let there = rounds::table.filter(
            rounds::server_id
                .eq(manual_teams::server_id)
                .and(rounds::server_stamp.eq(manual_teams::server_stamp))
                .and(rounds::map_name.eq(manual_teams::map_name))
                .and(rounds::round_number.eq(manual_teams::round_number)),
        );
        let rows: Vec<(ServerId, String, String, i32)> = on_backend!(&mut self.conn, c => manual_teams::table
            .filter(not(exists(there)))
            .select((
                manual_teams::server_id,
                manual_teams::server_stamp,
                manual_teams::map_name,
                manual_teams::round_number,
            ))
            .distinct().load(c).await)
        .map_err(Error::query("looking for manual teams"))?;
        Ok(rows.into_iter().map(RoundKey::from_columns).collect())
    }
}

impl Db {
    /// The rounds of that stamp, map and number, with the name of their server: on one server, or on
    /// any.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rounds_called(&self, wanted: &RoundKey, server: Option<ServerId>) -> Result<Vec<(String, RoundKey)>> {
        let mut conn = self.conn().await?;
        let rows: Vec<(String, (ServerId, String, String, i32))> = on_backend!(&mut conn, c => rounds::table
            .inner_join(servers::table.on(servers::id.eq(rounds::server_id)))
            .filter(rounds::server_stamp.eq(&wanted.server_stamp)
                .and(rounds::map_name.eq(&wanted.map_name)).and(rounds::round_number.eq(wanted.round_number)))
            .order(servers::name)
            .select((
                servers::name,
                (rounds::server_id, rounds::server_stamp, rounds::map_name, rounds::round_number),
            ))
            .load(c).await)
        .map_err(Error::query("looking for a round"))?;
        let named = rows.into_iter().map(|(server, key)| (server, RoundKey::from_columns(key)));
        Ok(named.filter(|(_, key)| server.is_none_or(|id| id == key.server_id)).collect())
    }

    /// What the server calls the round of that row id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn round_key_of(&self, id: RoundId) -> Result<Option<RoundKey>> {
        let mut conn = self.conn().await?;
        let row: Option<(ServerId, String, String, i32)> = on_backend!(&mut conn, c => rounds::table
            .find(id)
            .select((rounds::server_id, rounds::server_stamp, rounds::map_name, rounds::round_number))
            .first(c).await.optional())
        .map_err(Error::query("looking for a round"))?;
        Ok(row.map(RoundKey::from_columns))
    }

    /// The row id of a round, if there is one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn round_id_of(&self, round: &RoundKey) -> Result<Option<RoundId>> {
        let mut conn = self.conn().await?;
        on_backend!(&mut conn, c => rounds::table
            .filter(rounds::server_id.eq(round.server_id).and(rounds::server_stamp.eq(&round.server_stamp))
                .and(rounds::map_name.eq(&round.map_name)).and(rounds::round_number.eq(round.round_number)))
            .select(rounds::id).first(c).await.optional())
        .map_err(Error::query("looking for a round"))
    }

    /// The first rounds of the evenings that began on a day of their server's calendar
    /// (`YYYY-MM-DD`), with the server's name, oldest first: of one server, or of all.
    ///
    /// # Errors
    /// The database failed.
    pub async fn evenings_of_day(&self, server: Option<ServerId>, day: &str) -> Result<Vec<(String, RoundKey)>> {
        let mut conn = self.conn().await?;
        let pattern = format!("{day}-%");
        let rows: Vec<(String, ServerId, String)> = on_backend!(&mut conn, c => gaming_sessions::table
            .inner_join(servers::table.on(servers::id.eq(gaming_sessions::server_id)))
            .filter(gaming_sessions::session_key.like(&pattern))
            .order((gaming_sessions::started_at, servers::name))
            .select((servers::name, gaming_sessions::server_id, gaming_sessions::session_key))
            .load(c).await)
        .map_err(Error::query("looking for evenings"))?;
        let first = |(name, id, key): (String, ServerId, String)| Some((name, RoundKey::of_session(id, &key)?));
        Ok(rows.into_iter().filter_map(first).filter(|(_, key)| server.is_none_or(|id| id == key.server_id)).collect())
    }
}

impl std::fmt::Display for RoundKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}-round-{}", self.server_stamp, self.map_name, self.round_number)
    }
}
