//! The roll-ups against what SQL computes from the lines, through the views of the migration.

use diesel::dsl::max;
use diesel::sql_types::Integer;

use crate::check::{Loaded, decodable, merge, reading};
use crate::conn::{Conn, load_blocking, on_backend};
use crate::dsl::*;
use crate::models::{MapTotalsRow, SeasonTotalsRow, SessionTotalsRow, WeaponTotalsRow};
use crate::schema::{
    gaming_sessions, player_map_totals, player_season_totals, player_session_totals, player_weapon_totals,
};
use crate::{Error, Mismatch, Result, Transaction};

/// Ids of sessions per step: memory stays flat.
const STEP: i32 = 200;

impl Transaction {
    /// Compares the roll-ups with the lines: of sessions with the lines that count, of seasons with those of sessions.
    ///
    /// # Errors
    /// The database failed.
    pub async fn compare_sums(&mut self) -> Result<Vec<Mismatch>> {
        let conn = &mut self.conn;
        let last: Option<i32> =
            on_backend!(&mut *conn, c => gaming_sessions::table.select(max(gaming_sessions::id)).first(c).await)
                .map_err(Error::query("numbering evenings"))?;
        let mut found = Vec::new();
        let mut from = i32::MIN;
        let last = last.unwrap_or(0);
        loop {
            let to = if from == i32::MIN { STEP } else { from.saturating_add(STEP - 1) };
            // Whatever lies behind the last session belongs to none.
            let to = if to >= last { i32::MAX } else { to };
            compare_sessions(conn, &mut found, from, to).await?;
            if to == i32::MAX {
                break;
            }
            from = to + 1;
        }
        compare_seasons(conn, &mut found).await?;
        Ok(found)
    }
}

async fn compare_sessions(conn: &mut Conn, found: &mut Vec<Mismatch>, from: i32, to: i32) -> Result<()> {
    macro_rules! compare {
        ($table:ident as $row:ident, $view:literal, $key:expr, $shown:expr) => {{
            let expected: Loaded<$row> = load_blocking!(
                &mut *conn,
                diesel::sql_query(concat!("SELECT * FROM ", $view, " WHERE session_id BETWEEN $1 AND $2"))
                    .bind::<Integer, _>(from)
                    .bind::<Integer, _>(to)
            );
            let expected = expected.map_err(reading(concat!("adding up ", stringify!($table))));
            let expected = decodable(found, "player_comprehensive_stats", "adding up lines", expected)?;
            let stored: Loaded<$row> = load_blocking!(
                &mut *conn,
                $table::table.filter($table::session_id.between(from, to)).select($row::as_select())
            );
            let stored = stored.map_err(reading(concat!("reading ", stringify!($table))));
            let stored = decodable(found, stringify!($table), "reading rows", stored)?;
            if let Some(expected) = expected {
                merge(found, stringify!($table), stored, expected, $key, $shown);
            }
        }};
    }
    compare!(
        player_session_totals as SessionTotalsRow,
        "player_session_sums",
        |row| (row.session_id, row.player_guid.clone()),
        |row| format!("session {}, player {}", row.session_id, row.player_guid)
    );
    compare!(
        player_map_totals as MapTotalsRow,
        "player_map_sums",
        |row| (row.session_id, row.player_guid.clone(), row.map_name.clone()),
        |row| format!("session {}, player {}, map {}", row.session_id, row.player_guid, row.map_name)
    );
    compare!(
        player_weapon_totals as WeaponTotalsRow,
        "player_weapon_sums",
        |row| (row.session_id, row.player_guid.clone(), row.weapon_name.clone()),
        |row| format!("session {}, player {}, {}", row.session_id, row.player_guid, row.weapon_name)
    );
    Ok(())
}

async fn compare_seasons(conn: &mut Conn, found: &mut Vec<Mismatch>) -> Result<()> {
    let expected: Loaded<SeasonTotalsRow> =
        load_blocking!(&mut *conn, diesel::sql_query("SELECT * FROM player_season_sums"));
    let expected = expected.map_err(reading("adding up player_season_totals"));
    let expected = decodable(found, "player_session_totals", "adding up seasons", expected)?;
    let stored: Loaded<SeasonTotalsRow> =
        load_blocking!(&mut *conn, player_season_totals::table.select(SeasonTotalsRow::as_select()));
    let stored = stored.map_err(reading("reading player_season_totals"));
    let stored = decodable(found, "player_season_totals", "reading rows", stored)?;
    if let Some(expected) = expected {
        let key = |row: &SeasonTotalsRow| (row.season.clone(), row.server_id, row.player_guid.clone());
        merge(found, "player_season_totals", stored, expected, key, |row| {
            format!("season {}, server {}, player {}", row.season, row.server_id, row.player_guid)
        });
    }
    Ok(())
}
