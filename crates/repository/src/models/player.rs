//! `player_comprehensive_stats`: a player's line of a round, R2 lines differential.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Double, Integer, Nullable, Text};
use fullhold_analytics::{Peak, RoundMark, Totals, formulas};
use fullhold_differential::{Class, PlayerRound};
use fullhold_stats_file::{Field, Tenths, WeaponCounts};

use crate::RoundId;
use crate::bulk::bulk_row;
use crate::models::WeaponLine;
use crate::schema::player_comprehensive_stats;

bulk_row! {
    /// A player in a round. `None`: the era's files do not carry the number.
    #[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
    #[diesel(table_name = player_comprehensive_stats)]
    #[expect(missing_docs, reason = "docs/SCHEMA.md and docs/FIELDS.md have the meaning and unit of every column")]
    pub struct PlayerRow / PlayerColumns in "player_comprehensive_stats" {
        round_id: RoundId => Integer,
        player_guid: String => Text,
        player_name: String => Text,
        clean_name: String => Text,
        is_bot: bool => Bool,
        team: i32 => Integer,
        differential_class: Class => Text,
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
        aimed_hits: Option<i32> => Nullable<Integer>,
        aimed_shots: Option<i32> => Nullable<Integer>,
        aimed_head_hits: Option<i32> => Nullable<Integer>,
    }
}

impl PlayerRow {
    /// The row of a player in a round.
    #[must_use]
    pub fn new(round_id: RoundId, player: &PlayerRound) -> Self {
        let counters = &player.counters;
        let sums = counters.weapon_sums();
        let get = |field| counters.get(field);
        let count = |field| counters.count(field);
        let seconds = |ms: i32| f64::from(ms) / 1000.0;
        let aimed = aimed_counts(player);
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
            differential_class: player.class,
            kills: sums.kills,
            deaths: sums.deaths,
            headshots: sums.headshots,
            headshot_kills: get(Field::HeadshotKills),
            shots: sums.shots,
            hits: sums.hits,
            accuracy: formulas::accuracy(aimed.hits.into(), aimed.shots.into()),
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
            aimed_hits: Some(aimed.hits),
            aimed_shots: Some(aimed.shots),
            aimed_head_hits: Some(aimed.headshots),
        }
    }

    /// The sum of the line, and of the line of the hand grenade if there is one. Maxima get their round by
    /// [`Totals::in_round`].
    #[must_use]
    pub fn totals(&self, grenade: Option<&WeaponLine>) -> Totals {
        let (kills, seconds) = (i64::from(self.kills), i64::from(self.time_played_seconds));
        let known = |value: Option<i32>| value.map(i64::from);
        let beside = |is_known: bool, part: i64| if is_known { part } else { 0 };
        let peak = |value: Option<i32>| value.map(|value| Peak { value: value.into(), round: RoundMark::default() });
        let of_grenade = |count: fn(&WeaponLine) -> i32| grenade.map_or(0, |line| i64::from(count(line)));
        Totals {
            rounds: 1,
            seconds,
            kills,
            deaths: self.deaths.into(),
            hits: self.hits.into(),
            shots: self.shots.into(),
            head_hits: self.headshots.into(),
            aimed_hits: self.aimed_hits.unwrap_or(0).into(),
            aimed_shots: self.aimed_shots.unwrap_or(0).into(),
            aimed_head_hits: self.aimed_head_hits.unwrap_or(0).into(),
            grenade_kills: of_grenade(|line| line.kills),
            grenade_hits: of_grenade(|line| line.hits),
            grenade_throws: of_grenade(|line| line.shots),
            grenade_rounds: grenade.is_some().into(),
            damage_given: self.damage_given.into(),
            damage_received: self.damage_received.into(),
            team_damage_given: self.team_damage_given.into(),
            team_damage_received: self.team_damage_received.into(),
            gibs: self.gibs.into(),
            self_kills: self.self_kills.into(),
            team_kills: self.team_kills.into(),
            team_gibs: self.team_gibs.into(),
            xp: known(self.xp),
            alive_ms: self.alive_seconds.map(milliseconds),
            seconds_beside_alive: beside(self.alive_seconds.is_some(), seconds),
            kill_assists: known(self.kill_assists),
            kill_steals: known(self.kill_steals),
            headshot_kills: known(self.headshot_kills),
            kills_beside_headshot_kills: beside(self.headshot_kills.is_some(), kills),
            objectives_stolen: known(self.objectives_stolen),
            objectives_returned: known(self.objectives_returned),
            dynamites_planted: known(self.dynamites_planted),
            dynamites_defused: known(self.dynamites_defused),
            constructions: known(self.constructions),
            times_revived: known(self.times_revived),
            revives_given: known(self.revives_given),
            rounds_beside_revives: beside(self.revives_given.is_some(), 1),
            useful_kills: known(self.most_useful_kills),
            kills_beside_useful: beside(self.most_useful_kills.is_some(), kills),
            useless_kills: known(self.useless_kills),
            full_selfkills: known(self.full_selfkills),
            denied_seconds: known(self.denied_playtime),
            seconds_beside_denied: beside(self.denied_playtime.is_some(), seconds),
            multikills_2: known(self.double_kills),
            multikills_3: known(self.triple_kills),
            multikills_4: known(self.quad_kills),
            multikills_5: known(self.multi_kills),
            multikills_6: known(self.mega_kills),
            best_spree: peak(self.killing_spree_best),
            worst_spree: peak(self.death_spree_worst),
            ..Totals::default()
        }
    }

    /// Whether it counts for statistics in a valid round: neither a bot's nor a spectator's.
    #[must_use]
    pub fn counts(&self) -> bool {
        !self.is_bot && matches!(self.team, 1 | 2)
    }
}

/// Seconds of a column in milliseconds, as SQL computes them.
#[expect(clippy::cast_possible_truncation, reason = "a column of seconds alive is far below")]
fn milliseconds(seconds: f64) -> i64 {
    (1000.0 * seconds + 0.5).floor() as i64
}

/// Counts of the weapons that count for accuracy, together.
fn aimed_counts(player: &PlayerRound) -> WeaponCounts {
    let mut sum = WeaponCounts::default();
    for (_, counts) in player.counters.used_weapons().filter(|(weapon, _)| weapon.is_aimed()) {
        sum.hits += counts.hits;
        sum.shots += counts.shots;
        sum.headshots += counts.headshots;
    }
    sum
}
