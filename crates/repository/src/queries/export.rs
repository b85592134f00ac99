//! Rows as they are, with the names of their columns, for spreadsheets and other programs.

use std::collections::HashMap;

use crate::bulk::BulkRow;
use crate::conn::{Conn, load_blocking, on_backend};
use crate::dsl::*;
use crate::queries::merges::merges;
use crate::schema::{gaming_sessions, player_aliases, player_comprehensive_stats, rounds, weapon_stats};
use crate::{
    AliasRow, Cell, Db, Error, PlayerRow, Result, RoundId, RoundRow, SessionRow, Transaction, WeaponLine, WorkError,
};

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// `rounds`
    Rounds,
    /// `player_comprehensive_stats`
    Players,
    /// `weapon_stats`
    Weapons,
    /// `gaming_sessions`
    Sessions,
    /// `player_aliases`
    Aliases,
}

/// Rounds per step: memory stays flat.
const STEP: usize = 500;

impl Export {
    /// Names of the columns, in order. Lines of players and weapons begin with stamp, map and
    /// number of their round; those of players end with the guid that they are counted as.
    #[must_use]
    pub fn columns(self) -> Vec<&'static str> {
        let round = ["server_stamp", "map_name", "round_number"];
        match self {
            Self::Rounds => RoundRow::NAMES.to_vec(),
            Self::Players => [&round[..], PlayerRow::NAMES, &["canonical_guid"]].concat(),
            Self::Weapons => [&round[..], WeaponLine::NAMES].concat(),
            Self::Sessions => SessionRow::NAMES.to_vec(),
            Self::Aliases => AliasRow::NAMES.to_vec(),
        }
    }
}

impl Db {
    /// Gives each row to `line`, oldest first. `from` and `to` are dates of the servers'
    /// calendars, `YYYY-MM-DD`, both included; for evenings the first round counts, for names the
    /// day they were last worn (UTC).
    ///
    /// # Errors
    /// The database failed, or `line` did.
    pub async fn export<E: WorkError>(
        &self,
        what: Export,
        from: Option<&str>,
        to: Option<&str>,
        mut line: impl FnMut(Vec<Cell>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let (from, to) = (from.unwrap_or("0000-00-00"), to.unwrap_or("9999-99-99"));
        // Once: what was given to `line` cannot be taken back.
        let mut tx = self.begin_reading().await?;
        let result = tx.export(what, from, to, &mut line).await;
        tx.end_reading(result).await
    }
}

impl Transaction {
    async fn export<E: From<Error>>(
        &mut self,
        what: Export,
        from: &str,
        to: &str,
        line: &mut impl FnMut(Vec<Cell>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let within = |day: &str| from <= day && day <= to;
        let conn = &mut self.conn;
        match what {
            Export::Sessions => {
                let rows: Vec<SessionRow> = load_blocking!(
                    conn,
                    gaming_sessions::table
                        .order((gaming_sessions::started_at, gaming_sessions::id))
                        .select(SessionRow::as_select())
                )
                .map_err(Error::query("reading evenings"))?;
                let kept = rows.into_iter().filter(|row| within(row.session_key.get(..10).unwrap_or_default()));
                kept.map(|row| row.cells()).try_for_each(line)?;
            }
            Export::Aliases => {
                let rows: Vec<AliasRow> = load_blocking!(
                    conn,
                    player_aliases::table
                        .order((player_aliases::guid, player_aliases::alias))
                        .select(AliasRow::as_select())
                )
                .map_err(Error::query("reading names"))?;
                let day = |row: &AliasRow| crate::instant_text(row.last_seen);
                let kept = rows.into_iter().filter(|row| within(day(row).get(..10).unwrap_or_default()));
                kept.map(|row| row.cells()).try_for_each(line)?;
            }
            Export::Rounds | Export::Players | Export::Weapons => {
                let ids: Vec<RoundId> = on_backend!(conn, c => rounds::table
                    .filter(rounds::round_date.between(from, to))
                    .order((rounds::ended_at, rounds::id)).select(rounds::id).load(c).await)
                .map_err(Error::query("reading the list of rounds"))?;
                let merges: HashMap<String, String> = merges(conn).await?.into_iter().collect();
                for ids in ids.chunks(STEP) {
                    for cells in step(conn, what, ids, &merges).await? {
                        line(cells)?;
                    }
                }
            }
        }
        Ok(())
    }
}

async fn step(
    conn: &mut Conn,
    what: Export,
    ids: &[RoundId],
    merges: &HashMap<String, String>,
) -> Result<Vec<Vec<Cell>>> {
    let wanted = ids.to_vec();
    let mut all: Vec<RoundRow> =
        load_blocking!(conn, rounds::table.filter(rounds::id.eq_any(wanted)).select(RoundRow::as_select()))
            .map_err(Error::query("reading rounds"))?;
    let place: HashMap<RoundId, usize> = ids.iter().enumerate().map(|(i, id)| (*id, i)).collect();
    all.sort_by_key(|row| place.get(&row.id).copied());
    let begin = |round: RoundId| -> Vec<Cell> {
        let found = place.get(&round).and_then(|index| all.get(*index));
        let cells = found.map(|row| {
            vec![
                Cell::Text(row.server_stamp.clone()),
                Cell::Text(row.map_name.clone()),
                Cell::Integer(i64::from(row.round_number)),
            ]
        });
        cells.unwrap_or_default()
    };
    let wanted = ids.to_vec();
    Ok(match what {
        Export::Players => {
            use player_comprehensive_stats as stats;
            let mut rows: Vec<PlayerRow> = load_blocking!(
                conn,
                stats::table.filter(stats::round_id.eq_any(wanted)).select(PlayerRow::as_select())
            )
            .map_err(Error::query("reading players"))?;
            rows.sort_by_cached_key(|row| (place.get(&row.round_id).copied(), row.player_guid.clone()));
            let canonical = |row: &PlayerRow| merges.get(&row.player_guid).unwrap_or(&row.player_guid).clone();
            rows.iter()
                .map(|row| [begin(row.round_id), row.cells(), vec![Cell::Text(canonical(row))]].concat())
                .collect()
        }
        Export::Weapons => {
            let mut rows: Vec<WeaponLine> = load_blocking!(
                conn,
                weapon_stats::table.filter(weapon_stats::round_id.eq_any(wanted)).select(WeaponLine::as_select())
            )
            .map_err(Error::query("reading weapons"))?;
            rows.sort_by_cached_key(|row| {
                (place.get(&row.round_id).copied(), row.player_guid.clone(), row.weapon_name.clone())
            });
            rows.iter().map(|row| [begin(row.round_id), row.cells()].concat()).collect()
        }
        _ => all.iter().map(BulkRow::cells).collect(),
    })
}
