//! `player_comprehensive_stats`: a player's line of a round, R2 lines differential.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Double, Integer, Nullable, Text};
use fullhold_analytics::formulas;
use fullhold_differential::PlayerRound;
use fullhold_stats_file::{Field, Tenths};

use crate::bulk::bulk_row;
use crate::schema::player_comprehensive_stats;

bulk_row! {
    /// A player in a round. `None`: the era's files do not carry the number.
    #[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
    #[diesel(table_name = player_comprehensive_stats)]
    #[expect(missing_docs, reason = "docs/SCHEMA.md and docs/FIELDS.md have the meaning and unit of every column")]
    pub struct PlayerRow / PlayerColumns in "player_comprehensive_stats" {
        round_id: i32 => Integer,
        player_guid: String => Text,
        player_name: String => Text,
        clean_name: String => Text,
        is_bot: bool => Bool,
        team: i32 => Integer,
        differential_class: String => Text,
        kills: i32 => Integer,
        deaths: i32 => Integer,
        headshots: i32 => Integer,
        headshot_kills: Option<i32> => Nullable<Integer>,
        shots: i32 => Integer,
        hits: i32 => Integer,
        accuracy: f64 => Double,
        kd_ratio: f64 => Double,
        efficiency: f64 => Double,
        dpm: f64 => Double,
        damage_given: i32 => Integer,
        damage_received: i32 => Integer,
        team_damage_given: i32 => Integer,
        team_damage_received: i32 => Integer,
        gibs: i32 => Integer,
        self_kills: i32 => Integer,
        team_kills: i32 => Integer,
        team_gibs: i32 => Integer,
        time_played_seconds: i32 => Integer,
        time_played_minutes: f64 => Double,
        alive_seconds: Option<f64> => Nullable<Double>,
        time_dead_seconds: Option<f64> => Nullable<Double>,
        time_dead_ratio: Option<f64> => Nullable<Double>,
        time_dead_minutes: Option<f64> => Nullable<Double>,
        xp: Option<i32> => Nullable<Integer>,
        killing_spree_best: Option<i32> => Nullable<Integer>,
        death_spree_worst: Option<i32> => Nullable<Integer>,
        kill_assists: Option<i32> => Nullable<Integer>,
        kill_steals: Option<i32> => Nullable<Integer>,
        objectives_stolen: Option<i32> => Nullable<Integer>,
        objectives_returned: Option<i32> => Nullable<Integer>,
        dynamites_planted: Option<i32> => Nullable<Integer>,
        dynamites_defused: Option<i32> => Nullable<Integer>,
        times_revived: Option<i32> => Nullable<Integer>,
        revives_given: Option<i32> => Nullable<Integer>,
        bullets_fired: i32 => Integer,
        tank_meatshield: f64 => Double,
        most_useful_kills: Option<i32> => Nullable<Integer>,
        useless_kills: Option<i32> => Nullable<Integer>,
        denied_playtime: Option<i32> => Nullable<Integer>,
        double_kills: Option<i32> => Nullable<Integer>,
        triple_kills: Option<i32> => Nullable<Integer>,
        quad_kills: Option<i32> => Nullable<Integer>,
        multi_kills: Option<i32> => Nullable<Integer>,
        mega_kills: Option<i32> => Nullable<Integer>,
        full_selfkills: Option<i32> => Nullable<Integer>,
        constructions: Option<i32> => Nullable<Integer>,
    }
}

impl PlayerRow {
    /// The row of a player in a round.
    #[must_use]
    pub fn new(round_id: i32, player: &PlayerRound) -> Self {
        let counters = &player.counters;
        let sums = counters.weapon_sums();
        let get = |field| counters.get(field);
        let count = |field| counters.count(field);
        let seconds = |ms: i32| f64::from(ms) / 1000.0;
        let aimed = aimed_hits_and_shots(player);
        let (kills, deaths) = (i64::from(sums.kills), i64::from(sums.deaths));
        let damage = i64::from(count(Field::DamageGiven));
        let received = i64::from(count(Field::DamageReceived));
        let dead_ms = counters.dead_ms();
        let time_ms = i64::from(counters.time_played().0) * 6000;
        Self {
            round_id,
            player_guid: player.guid.to_string(),
            player_name: player.name.clone(),
            clean_name: player.clean_name.clone(),
            is_bot: player.is_bot,
            team: i32::from(player.slot.number()),
            differential_class: player.class.name().to_owned(),
            kills: sums.kills,
            deaths: sums.deaths,
            headshots: sums.headshots,
            headshot_kills: get(Field::HeadshotKills),
            shots: sums.shots,
            hits: sums.hits,
            accuracy: formulas::accuracy(aimed.0, aimed.1),
            kd_ratio: formulas::kd(kills, deaths),
            efficiency: formulas::efficiency(kills, deaths),
            dpm: formulas::dpm(damage, i64::from(counters.played.0)),
            damage_given: count(Field::DamageGiven),
            damage_received: count(Field::DamageReceived),
            team_damage_given: count(Field::TeamDamageGiven),
            team_damage_received: count(Field::TeamDamageReceived),
            gibs: count(Field::Gibs),
            self_kills: count(Field::SelfKills),
            team_kills: count(Field::TeamKills),
            team_gibs: count(Field::TeamGibs),
            time_played_seconds: counters.played.0,
            time_played_minutes: counters.time_played().to_f64(),
            alive_seconds: counters.alive_ms.map(seconds),
            time_dead_seconds: dead_ms.map(seconds),
            time_dead_ratio: dead_ms.map(|dead| formulas::time_dead_ratio(i64::from(dead), time_ms)),
            time_dead_minutes: get(Field::TimeDeadMinutes).map(|tenths| Tenths(tenths).to_f64()),
            xp: get(Field::Xp),
            killing_spree_best: get(Field::KillingSpree),
            death_spree_worst: get(Field::DeathSpree),
            kill_assists: get(Field::KillAssists),
            kill_steals: get(Field::KillSteals),
            objectives_stolen: get(Field::ObjectivesStolen),
            objectives_returned: get(Field::ObjectivesReturned),
            dynamites_planted: get(Field::DynamitesPlanted),
            dynamites_defused: get(Field::DynamitesDefused),
            times_revived: get(Field::TimesRevived),
            revives_given: get(Field::RevivesGiven),
            bullets_fired: sums.shots,
            tank_meatshield: formulas::tank_meatshield(received, deaths),
            most_useful_kills: get(Field::UsefulKills),
            useless_kills: get(Field::UselessKills),
            denied_playtime: get(Field::DeniedPlaytime),
            double_kills: get(Field::Multikill2x),
            triple_kills: get(Field::Multikill3x),
            quad_kills: get(Field::Multikill4x),
            multi_kills: get(Field::Multikill5x),
            mega_kills: get(Field::Multikill6x),
            full_selfkills: get(Field::FullSelfkills),
            constructions: get(Field::RepairsConstructions),
        }
    }
}

/// Hits and shots of the weapons that count for accuracy.
fn aimed_hits_and_shots(player: &PlayerRound) -> (i64, i64) {
    player
        .counters
        .used_weapons()
        .filter(|(weapon, _)| weapon.is_aimed())
        .fold((0, 0), |(hits, shots), (_, w)| (hits + i64::from(w.hits), shots + i64::from(w.shots)))
}
