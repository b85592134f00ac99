//! Roll-ups: recomputed with their session, written where they differ; seasons follow from sessions before the commit.
//! Stored by person, not by guid: a merge computes its sessions anew anyway, and a board needs no join then.

use std::collections::{BTreeMap, BTreeSet};

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Integer, Text};
use diesel::{QueryResult, Table as _};
use time::PrimitiveDateTime;

use crate::bulk::{BulkRow, insert};
use crate::conn::{Conn, load_blocking, on_backend};
use crate::dsl::*;
use crate::import::PARAMETERS;
use crate::models::{MapTotalsRow, RecordRow, SeasonTotalsRow, SessionTotalsRow, WeaponTotalsRow};
use crate::schema::{player_map_totals, player_session_totals, player_weapon_totals, session_records};
use crate::stale::Stale;
use crate::{Error, Result, ServerId, SessionId, SessionRow, Transaction};

/// The roll-ups of a session, all of them, by player and then map or weapon.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionSums {
    /// `gaming_sessions.id`
    pub session_id: SessionId,
    /// Server.
    pub server_id: ServerId,
    /// `gaming_sessions.session_key`
    pub session_key: String,
    /// `gaming_sessions.started_at`
    pub started_at: PrimitiveDateTime,
    /// By player.
    pub players: Vec<SessionTotalsRow>,
    /// By player and map.
    pub maps: Vec<MapTotalsRow>,
    /// By player and weapon.
    pub weapons: Vec<WeaponTotalsRow>,
    /// The best round, match and evening by each measure.
    pub records: Vec<RecordRow>,
}

impl Transaction {
    /// The roll-ups of a session as they are stored.
    ///
    /// # Errors
    /// The database failed.
    pub async fn stored_sums(&mut self, session: &SessionRow) -> Result<SessionSums> {
        let mut stored = Stored::default();
        stored.read(&mut self.conn, &[session.id]).await?;
        let Stored { players, maps, weapons, records } = stored;
        let SessionRow { id: session_id, server_id, ref session_key, started_at, .. } = *session;
        let session_key = session_key.clone();
        Ok(SessionSums { session_id, server_id, session_key, started_at, players, maps, weapons, records })
    }
}

/// A quarter of a server: what sums of seasons are by, beside the player.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ServerSeason {
    server_id: ServerId,
    year: u16,
    quarter: u8,
}

impl ServerSeason {
    /// The season in which a session began: its key starts with the day.
    fn of(server_id: ServerId, session_key: &str) -> Option<Self> {
        let month: u8 = session_key.get(5..7)?.parse().ok()?;
        (1..=12).contains(&month).then_some(())?;
        Some(Self { server_id, year: session_key.get(..4)?.parse().ok()?, quarter: month.div_ceil(3) })
    }

    fn name(&self) -> String {
        format!("{:04}-Q{}", self.year, self.quarter)
    }

    /// Keys of its sessions are not before the first of these texts, and before the second.
    fn keys(&self) -> [String; 2] {
        let begin = |year: u16, month: u8| format!("{year:04}-{month:02}");
        let from = begin(self.year, 3 * self.quarter - 2);
        let to = if self.quarter == 4 { begin(self.year + 1, 1) } else { begin(self.year, 3 * self.quarter + 1) };
        [from, to]
    }
}

/// Whose sums of seasons are to be computed anew.
#[derive(Default)]
pub(crate) struct StaleSeasons(BTreeMap<ServerSeason, BTreeSet<String>>);

impl StaleSeasons {
    pub(crate) fn add(&mut self, server_id: ServerId, session_key: &str, guids: impl IntoIterator<Item = String>) {
        if let Some(season) = ServerSeason::of(server_id, session_key) {
            self.0.entry(season).or_default().extend(guids);
        }
    }

    /// Computes them.
    pub(crate) async fn refresh(self, conn: &mut Conn) -> Result<()> {
        for (season, guids) in self.0 {
            let mut guids: Vec<String> = guids.into_iter().collect();
            while !guids.is_empty() {
                let rest = guids.split_off(guids.len().min(PARAMETERS));
                let mut statement = Refresh::new(&season, guids);
                on_backend!(&mut *conn, c => (&statement).execute(c).await)
                    .map_err(Error::query("removing sums of a season"))?;
                statement.remove = false;
                on_backend!(&mut *conn, c => (&statement).execute(c).await)
                    .map_err(Error::query("adding up a season"))?;
                guids = rest;
            }
        }
        Ok(())
    }
}

/// Columns of `player_season_totals` before the counters.
const SEASON_KEY: usize = 4;

/// Removes or computes the sums of some players in a season. Diesel has no words for so many sums.
struct Refresh {
    season: String,
    server_id: ServerId,
    keys: [String; 2],
    guids: Vec<String>,
    remove: bool,
}

impl Refresh {
    fn new(season: &ServerSeason, guids: Vec<String>) -> Self {
        Self { season: season.name(), server_id: season.server_id, keys: season.keys(), guids, remove: true }
    }
}

impl QueryId for Refresh {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB> QueryFragment<DB> for Refresh
where
    DB: Backend + HasSqlType<Integer> + HasSqlType<Text>,
    i32: ToSql<Integer, DB>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.remove {
            out.push_sql("DELETE FROM player_season_totals AS t WHERE t.season = ");
            out.push_bind_param::<Text, _>(&self.season)?;
            out.push_sql(" AND t.server_id = ");
            out.push_bind_param::<Integer, _>(&self.server_id.0)?;
        } else {
            out.push_sql("INSERT INTO player_season_totals SELECT t.player_guid, ");
            out.push_bind_param::<Text, _>(&self.season)?;
            out.push_sql(", s.server_id, CAST(count(*) AS INTEGER)");
            for name in SeasonTotalsRow::NAMES.iter().skip(SEASON_KEY) {
                let (before, after) = added_up(name);
                out.push_sql(before);
                out.push_sql(name);
                out.push_sql(after);
            }
            out.push_sql(
                " FROM gaming_sessions s JOIN player_session_totals t ON t.session_id = s.id WHERE s.server_id = ",
            );
            out.push_bind_param::<Integer, _>(&self.server_id.0)?;
            let [from, to] = &self.keys;
            out.push_sql(" AND s.session_key >= ");
            out.push_bind_param::<Text, _>(from)?;
            out.push_sql(" AND s.session_key < ");
            out.push_bind_param::<Text, _>(to)?;
        }
        let mut separator = " AND t.player_guid IN (";
        for guid in &self.guids {
            out.push_sql(separator);
            out.push_bind_param::<Text, _>(guid)?;
            separator = ", ";
        }
        out.push_sql(if self.remove { ")" } else { ") GROUP BY s.server_id, t.player_guid" });
        Ok(())
    }
}

/// What stands before and after a column of `t` that is added up.
pub(crate) fn added_up(column: &str) -> (&'static str, &'static str) {
    match column {
        "alive_ms" => (", CAST(sum(t.", ") AS BIGINT)"),
        "best_spree" | "worst_spree" => (", max(t.", ")"),
        _ => (", CAST(sum(t.", ") AS INTEGER)"),
    }
}

/// Writes what differs from what is stored. Sessions of `new` have nothing stored.
pub(crate) async fn write(
    conn: &mut Conn,
    sums: Vec<SessionSums>,
    new: &BTreeSet<SessionId>,
    stale: &mut Stale,
) -> Result<()> {
    let known: Vec<SessionId> = sums.iter().map(|sums| sums.session_id).filter(|id| !new.contains(id)).collect();
    let mut stored = Stored::default();
    for ids in known.chunks(PARAMETERS) {
        stored.read(conn, ids).await?;
    }
    let sessions: BTreeMap<SessionId, (ServerId, String)> =
        sums.iter().map(|sums| (sums.session_id, (sums.server_id, sums.session_key.clone()))).collect();
    let (mut players, mut maps, mut weapons) = (Vec::new(), Vec::new(), Vec::new());
    let mut records = Vec::new();
    for one in sums {
        players.extend(one.players);
        maps.extend(one.maps);
        weapons.extend(one.weapons);
        records.extend(one.records);
    }
    let players = differing(stored.players, players, |row| (row.session_id, row.player_guid.clone()));
    let maps = differing(stored.maps, maps, |row| (row.session_id, row.player_guid.clone()));
    let weapons = differing(stored.weapons, weapons, |row| (row.session_id, row.player_guid.clone()));
    write_records(conn, stored.records, records).await?;
    for (session, guid) in &players.touched {
        if let Some((server, key)) = sessions.get(session) {
            stale.add_player(*server, key, guid);
        }
    }
    macro_rules! remove {
        ($($table:ident: $keys:expr),+) => { $(
            for of_session in $keys.chunk_by(|a, b| a.0 == b.0) {
                let Some((session, _)) = of_session.first() else { continue };
                for keys in of_session.chunks(PARAMETERS) {
                    let guids: Vec<&str> = keys.iter().map(|(_, guid)| guid.as_str()).collect();
                    let these = $table::session_id.eq(session).and($table::player_guid.eq_any(guids));
                    on_backend!(&mut *conn, c => diesel::delete($table::table.filter(these)).execute(c).await)
                        .map_err(Error::query(concat!("removing from ", stringify!($table))))?;
                }
            }
        )+ };
    }
    remove!(player_session_totals: players.removed, player_map_totals: maps.removed);
    remove!(player_weapon_totals: weapons.removed);
    insert(conn, players.rows).await.map_err(Error::query("storing sums of players"))?;
    insert(conn, maps.rows).await.map_err(Error::query("storing sums by map"))?;
    insert(conn, weapons.rows).await.map_err(Error::query("storing sums by weapon"))
}

async fn write_records(conn: &mut Conn, stored: Vec<RecordRow>, wanted: Vec<RecordRow>) -> Result<()> {
    let records = differing(stored, wanted, |row| (row.session_id, row.span));
    for (session, span) in &records.removed {
        let these = session_records::session_id.eq(session).and(session_records::span.eq(span));
        on_backend!(&mut *conn, c => diesel::delete(session_records::table.filter(these)).execute(c).await)
            .map_err(Error::query("removing records of a session"))?;
    }
    insert(conn, records.rows).await.map_err(Error::query("storing records of a session"))
}

/// What is stored of sessions.
#[derive(Default)]
struct Stored {
    players: Vec<SessionTotalsRow>,
    maps: Vec<MapTotalsRow>,
    weapons: Vec<WeaponTotalsRow>,
    records: Vec<RecordRow>,
}

impl Stored {
    async fn read(&mut self, conn: &mut Conn, ids: &[SessionId]) -> Result<()> {
        macro_rules! rows_of {
            ($table:ident as $row:ident) => {{
                let ids = ids.to_vec();
                let rows: Vec<$row> = load_blocking!(
                    &mut *conn,
                    $table::table
                        .filter($table::session_id.eq_any(ids))
                        .order($table::table.primary_key())
                        .select($row::as_select())
                )
                .map_err(Error::query(concat!("reading ", stringify!($table))))?;
                rows
            }};
        }
        self.players.append(&mut rows_of!(player_session_totals as SessionTotalsRow));
        self.maps.append(&mut rows_of!(player_map_totals as MapTotalsRow));
        self.weapons.append(&mut rows_of!(player_weapon_totals as WeaponTotalsRow));
        self.records.append(&mut rows_of!(session_records as RecordRow));
        Ok(())
    }
}

/// What is to be done so that the wanted rows are stored: all rows of a key (a player in a session, or a span of it), or
/// none.
struct Differing<K, R> {
    /// Keys of which rows are stored that differ, or are not wanted.
    removed: Vec<K>,
    /// What is to be stored afterwards.
    rows: Vec<R>,
    /// Whoever is one of both.
    touched: BTreeSet<K>,
}

fn differing<K: Ord + Clone, R: PartialEq>(stored: Vec<R>, wanted: Vec<R>, key: impl Fn(&R) -> K) -> Differing<K, R> {
    let mut known: BTreeMap<K, Vec<R>> = BTreeMap::new();
    for row in stored {
        known.entry(key(&row)).or_default().push(row);
    }
    let mut found = Differing { removed: Vec::new(), rows: Vec::new(), touched: BTreeSet::new() };
    let mut wanted = wanted.into_iter().peekable();
    while let Some(first) = wanted.next() {
        let of = key(&first);
        let mut rows = vec![first];
        while let Some(more) = wanted.next_if(|row| key(row) == of) {
            rows.push(more);
        }
        match known.remove(&of) {
            Some(old) if old.len() == rows.len() && rows.iter().all(|row| old.contains(row)) => continue,
            Some(_) => found.removed.push(of.clone()),
            None => {}
        }
        found.rows.append(&mut rows);
        found.touched.insert(of);
    }
    found.touched.extend(known.keys().cloned());
    found.removed.extend(known.into_keys());
    found.removed.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_season_has_the_keys_of_its_months() {
        let season = ServerSeason::of(ServerId(1), "2025-12-31-235959-supply-1").unwrap();
        assert_eq!(season.name(), "2025-Q4");
        let [from, to] = season.keys();
        for (key, is_in) in [
            ("2025-09-30-235959-supply-2", false),
            ("2025-10-01-000000-supply-1", true),
            ("2025-12-31-235959-supply-1", true),
            ("2026-01-01-000000-supply-1", false),
        ] {
            assert_eq!(from.as_str() <= key && key < to.as_str(), is_in, "{key}");
        }
    }

    #[test]
    fn rows_of_a_player_are_written_together_or_not_at_all() {
        let key = |row: &(i32, &str, u8)| (row.0, row.1.to_owned());
        let stored = vec![(1, "A", 1), (1, "A", 2), (1, "B", 1), (1, "C", 1)];
        let wanted = vec![(1, "A", 1), (1, "A", 3), (1, "B", 1), (1, "D", 1)];
        let found = differing(stored, wanted, key);
        assert_eq!(found.removed, [(1, "A".to_owned()), (1, "C".to_owned())]);
        assert_eq!(found.rows, [(1, "A", 1), (1, "A", 3), (1, "D", 1)]);
        assert_eq!(found.touched.len(), 3);
    }
}
