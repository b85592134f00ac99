//! `weapon_stats`: what a player did with a weapon in a round.

use diesel::prelude::*;
use diesel::sql_types::{Double, Integer, Text};
use fullhold_analytics::formulas;
use fullhold_stats_file::{Guid, Weapon, WeaponCounts};

use crate::RoundId;
use crate::bulk::bulk_row;
use crate::schema::weapon_stats;

bulk_row! {
    /// A weapon's line, for writing. Holds no text of its own: there are a hundred per round.
    #[derive(Clone, Debug, PartialEq)]
    pub struct WeaponRow / WeaponColumns in "weapon_stats" {
        /// The round.
        round_id: RoundId => Integer,
        /// The player.
        player_guid: Guid => Text,
        /// The weapon, e.g. `MP40`.
        weapon_name: &'static str => Text,
        /// Enemies killed.
        kills: i32 => Integer,
        /// Own deaths by it.
        deaths: i32 => Integer,
        /// Head hits.
        headshots: i32 => Integer,
        /// Hits.
        hits: i32 => Integer,
        /// Shots.
        shots: i32 => Integer,
        /// 100 · hits / shots, at most 100.
        accuracy: f64 => Double,
    }
}

bulk_row! {
    /// A weapon's line, as read: whatever is stored, known to us or not.
    #[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
    #[diesel(table_name = weapon_stats)]
    #[expect(missing_docs, reason = "as in WeaponRow")]
    pub struct WeaponLine / WeaponLineColumns in "weapon_stats" {
        round_id: RoundId => Integer,
        player_guid: String => Text,
        weapon_name: String => Text,
        kills: i32 => Integer,
        deaths: i32 => Integer,
        headshots: i32 => Integer,
        hits: i32 => Integer,
        shots: i32 => Integer,
        accuracy: f64 => Double,
    }
}

impl From<&WeaponRow> for WeaponLine {
    fn from(row: &WeaponRow) -> Self {
        Self {
            round_id: row.round_id,
            player_guid: row.player_guid.to_string(),
            weapon_name: row.weapon_name.to_owned(),
            kills: row.kills,
            deaths: row.deaths,
            headshots: row.headshots,
            hits: row.hits,
            shots: row.shots,
            accuracy: row.accuracy,
        }
    }
}

impl WeaponRow {
    /// The row of a weapon in a round.
    #[must_use]
    pub fn new(round_id: RoundId, guid: Guid, weapon: Weapon, counts: WeaponCounts) -> Self {
        let WeaponCounts { hits, shots, kills, deaths, headshots } = counts;
        Self {
            round_id,
            player_guid: guid,
            weapon_name: weapon.name(),
            kills,
            deaths,
            headshots,
            hits,
            shots,
            accuracy: formulas::accuracy(i64::from(hits), i64::from(shots)),
        }
    }
}
