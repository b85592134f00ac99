//! The roll-ups: `analytics::Totals` of a player by session, by session and map, and by season; and what a
//! player did with a weapon in a session. They follow from the lines, as `rollups` has it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use fullhold_analytics::{Peak, RoundMark, Totals};

use crate::bulk::bulk_row;
use crate::schema::{player_map_totals, player_season_totals, player_session_totals, player_weapon_totals};
use crate::{ServerId, SessionId};

/// Every second until the year 2242 is below it.
const SECONDS: i64 = 1 << 33;

/// A maximum and when it was reached in one number that SQL can compare: the greater value is greater, and of equal
/// ones the earlier.
fn coded(peak: Peak) -> i64 {
    peak.value.saturating_mul(SECONDS).saturating_add(SECONDS - 1 - peak.round.ended_at.clamp(0, SECONDS - 1))
}

/// What [`coded`] made.
pub(crate) fn decoded(code: i64) -> Peak {
    let ended_at = SECONDS - 1 - code.rem_euclid(SECONDS);
    Peak { value: code.div_euclid(SECONDS), round: RoundMark { ended_at, number: 0 } }
}

fn saturating_i32(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(if count < 0 { i32::MIN } else { i32::MAX })
}

/// A row with the counters of [`Totals`] behind its key. Counters that most answers ask for come first: SQLite reads
/// a row from its beginning.
macro_rules! totals_row {
    (
        $(#[$meta:meta])*
        $row:ident / $columns:ident in $table:ident $name:literal {
            $( $(#[$key_meta:meta])* $key:ident : $key_type:ty => $key_sql:ty, )*
        }
    ) => {
        bulk_row! {
            $(#[$meta])*
            #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, QueryableByName)]
            #[diesel(table_name = $table)]
            #[expect(missing_docs, reason = "docs/SCHEMA.md and Totals have the meaning and unit of every counter")]
            pub struct $row / $columns in $name {
                $( $(#[$key_meta])* $key: $key_type => $key_sql, )*
                rounds: i32 => Integer,
                kills: i32 => Integer,
                deaths: i32 => Integer,
                seconds: i32 => Integer,
                damage_given: i32 => Integer,
                damage_received: i32 => Integer,
                aimed_hits: i32 => Integer,
                aimed_shots: i32 => Integer,
                aimed_head_hits: i32 => Integer,
                headshot_kills: Option<i32> => Nullable<Integer>,
                kills_beside_headshot_kills: i32 => Integer,
                gibs: i32 => Integer,
                self_kills: i32 => Integer,
                team_kills: i32 => Integer,
                team_gibs: i32 => Integer,
                team_damage_given: i32 => Integer,
                team_damage_received: i32 => Integer,
                revives_given: Option<i32> => Nullable<Integer>,
                rounds_beside_revives: i32 => Integer,
                times_revived: Option<i32> => Nullable<Integer>,
                objectives_stolen: Option<i32> => Nullable<Integer>,
                objectives_returned: Option<i32> => Nullable<Integer>,
                dynamites_planted: Option<i32> => Nullable<Integer>,
                dynamites_defused: Option<i32> => Nullable<Integer>,
                constructions: Option<i32> => Nullable<Integer>,
                multikills_2: Option<i32> => Nullable<Integer>,
                multikills_3: Option<i32> => Nullable<Integer>,
                multikills_4: Option<i32> => Nullable<Integer>,
                multikills_5: Option<i32> => Nullable<Integer>,
                multikills_6: Option<i32> => Nullable<Integer>,
                grenade_kills: i32 => Integer,
                grenade_hits: i32 => Integer,
                grenade_throws: i32 => Integer,
                grenade_rounds: i32 => Integer,
                matches_won: i32 => Integer,
                matches_drawn: i32 => Integer,
                matches_lost: i32 => Integer,
                hits: i32 => Integer,
                shots: i32 => Integer,
                head_hits: i32 => Integer,
                xp: Option<i32> => Nullable<Integer>,
                alive_ms: Option<i64> => Nullable<BigInt>,
                seconds_beside_alive: i32 => Integer,
                kill_assists: Option<i32> => Nullable<Integer>,
                kill_steals: Option<i32> => Nullable<Integer>,
                useful_kills: Option<i32> => Nullable<Integer>,
                kills_beside_useful: i32 => Integer,
                useless_kills: Option<i32> => Nullable<Integer>,
                full_selfkills: Option<i32> => Nullable<Integer>,
                denied_seconds: Option<i32> => Nullable<Integer>,
                seconds_beside_denied: i32 => Integer,
                best_spree: Option<i64> => Nullable<BigInt>,
                worst_spree: Option<i64> => Nullable<BigInt>,
            }
        }

        impl $row {
            /// The row of these sums.
            #[must_use]
            pub fn new($($key: $key_type,)* t: &Totals) -> Self {
                Self {
                    $($key,)*
                    rounds: saturating_i32(t.rounds),
                    kills: saturating_i32(t.kills),
                    deaths: saturating_i32(t.deaths),
                    seconds: saturating_i32(t.seconds),
                    damage_given: saturating_i32(t.damage_given),
                    damage_received: saturating_i32(t.damage_received),
                    aimed_hits: saturating_i32(t.aimed_hits),
                    aimed_shots: saturating_i32(t.aimed_shots),
                    aimed_head_hits: saturating_i32(t.aimed_head_hits),
                    headshot_kills: t.headshot_kills.map(saturating_i32),
                    kills_beside_headshot_kills: saturating_i32(t.kills_beside_headshot_kills),
                    gibs: saturating_i32(t.gibs),
                    self_kills: saturating_i32(t.self_kills),
                    team_kills: saturating_i32(t.team_kills),
                    team_gibs: saturating_i32(t.team_gibs),
                    team_damage_given: saturating_i32(t.team_damage_given),
                    team_damage_received: saturating_i32(t.team_damage_received),
                    revives_given: t.revives_given.map(saturating_i32),
                    rounds_beside_revives: saturating_i32(t.rounds_beside_revives),
                    times_revived: t.times_revived.map(saturating_i32),
                    objectives_stolen: t.objectives_stolen.map(saturating_i32),
                    objectives_returned: t.objectives_returned.map(saturating_i32),
                    dynamites_planted: t.dynamites_planted.map(saturating_i32),
                    dynamites_defused: t.dynamites_defused.map(saturating_i32),
                    constructions: t.constructions.map(saturating_i32),
                    multikills_2: t.multikills_2.map(saturating_i32),
                    multikills_3: t.multikills_3.map(saturating_i32),
                    multikills_4: t.multikills_4.map(saturating_i32),
                    multikills_5: t.multikills_5.map(saturating_i32),
                    multikills_6: t.multikills_6.map(saturating_i32),
                    grenade_kills: saturating_i32(t.grenade_kills),
                    grenade_hits: saturating_i32(t.grenade_hits),
                    grenade_throws: saturating_i32(t.grenade_throws),
                    grenade_rounds: saturating_i32(t.grenade_rounds),
                    matches_won: saturating_i32(t.matches_won),
                    matches_drawn: saturating_i32(t.matches_drawn),
                    matches_lost: saturating_i32(t.matches_lost),
                    hits: saturating_i32(t.hits),
                    shots: saturating_i32(t.shots),
                    head_hits: saturating_i32(t.head_hits),
                    xp: t.xp.map(saturating_i32),
                    alive_ms: t.alive_ms,
                    seconds_beside_alive: saturating_i32(t.seconds_beside_alive),
                    kill_assists: t.kill_assists.map(saturating_i32),
                    kill_steals: t.kill_steals.map(saturating_i32),
                    useful_kills: t.useful_kills.map(saturating_i32),
                    kills_beside_useful: saturating_i32(t.kills_beside_useful),
                    useless_kills: t.useless_kills.map(saturating_i32),
                    full_selfkills: t.full_selfkills.map(saturating_i32),
                    denied_seconds: t.denied_seconds.map(saturating_i32),
                    seconds_beside_denied: saturating_i32(t.seconds_beside_denied),
                    best_spree: t.best_spree.map(coded),
                    worst_spree: t.worst_spree.map(coded),
                }
            }

            /// The sums without what the key says: evenings are not counted.
            #[must_use]
            pub fn counters(&self) -> Totals {
                Totals {
                    rounds: i64::from(self.rounds),
                    kills: i64::from(self.kills),
                    deaths: i64::from(self.deaths),
                    seconds: i64::from(self.seconds),
                    damage_given: i64::from(self.damage_given),
                    damage_received: i64::from(self.damage_received),
                    aimed_hits: i64::from(self.aimed_hits),
                    aimed_shots: i64::from(self.aimed_shots),
                    aimed_head_hits: i64::from(self.aimed_head_hits),
                    headshot_kills: self.headshot_kills.map(i64::from),
                    kills_beside_headshot_kills: i64::from(self.kills_beside_headshot_kills),
                    gibs: i64::from(self.gibs),
                    self_kills: i64::from(self.self_kills),
                    team_kills: i64::from(self.team_kills),
                    team_gibs: i64::from(self.team_gibs),
                    team_damage_given: i64::from(self.team_damage_given),
                    team_damage_received: i64::from(self.team_damage_received),
                    revives_given: self.revives_given.map(i64::from),
                    rounds_beside_revives: i64::from(self.rounds_beside_revives),
                    times_revived: self.times_revived.map(i64::from),
                    objectives_stolen: self.objectives_stolen.map(i64::from),
                    objectives_returned: self.objectives_returned.map(i64::from),
                    dynamites_planted: self.dynamites_planted.map(i64::from),
                    dynamites_defused: self.dynamites_defused.map(i64::from),
                    constructions: self.constructions.map(i64::from),
                    multikills_2: self.multikills_2.map(i64::from),
                    multikills_3: self.multikills_3.map(i64::from),
                    multikills_4: self.multikills_4.map(i64::from),
                    multikills_5: self.multikills_5.map(i64::from),
                    multikills_6: self.multikills_6.map(i64::from),
                    grenade_kills: i64::from(self.grenade_kills),
                    grenade_hits: i64::from(self.grenade_hits),
                    grenade_throws: i64::from(self.grenade_throws),
                    grenade_rounds: i64::from(self.grenade_rounds),
                    matches_won: i64::from(self.matches_won),
                    matches_drawn: i64::from(self.matches_drawn),
                    matches_lost: i64::from(self.matches_lost),
                    hits: i64::from(self.hits),
                    shots: i64::from(self.shots),
                    head_hits: i64::from(self.head_hits),
                    xp: self.xp.map(i64::from),
                    alive_ms: self.alive_ms,
                    seconds_beside_alive: i64::from(self.seconds_beside_alive),
                    kill_assists: self.kill_assists.map(i64::from),
                    kill_steals: self.kill_steals.map(i64::from),
                    useful_kills: self.useful_kills.map(i64::from),
                    kills_beside_useful: i64::from(self.kills_beside_useful),
                    useless_kills: self.useless_kills.map(i64::from),
                    full_selfkills: self.full_selfkills.map(i64::from),
                    denied_seconds: self.denied_seconds.map(i64::from),
                    seconds_beside_denied: i64::from(self.seconds_beside_denied),
                    best_spree: self.best_spree.map(decoded),
                    worst_spree: self.worst_spree.map(decoded),
                    evenings: 0,
                }
            }
        }
    };
}

totals_row! {
    /// A player in a session.
    SessionTotalsRow / SessionTotalsColumns in player_session_totals "player_session_totals" {
        /// `gaming_sessions.id`
        session_id: SessionId => Integer,
        /// As whom the player is counted.
        player_guid: String => Text,
    }
}

totals_row! {
    /// A player on a map in a session.
    MapTotalsRow / MapTotalsColumns in player_map_totals "player_map_totals" {
        /// `gaming_sessions.id`
        session_id: SessionId => Integer,
        /// As whom the player is counted.
        player_guid: String => Text,
        /// Map.
        map_name: String => Text,
    }
}

totals_row! {
    /// A player on a server in a season.
    SeasonTotalsRow / SeasonTotalsColumns in player_season_totals "player_season_totals" {
        /// As whom the player is counted.
        player_guid: String => Text,
        /// Quarter by the server's calendar, `2025-Q4`: that in which the sessions began.
        season: String => Text,
        /// Server.
        server_id: ServerId => Integer,
        /// Sessions.
        evenings: i32 => Integer,
    }
}

bulk_row! {
    /// A player with a weapon in a session.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, QueryableByName)]
    #[diesel(table_name = player_weapon_totals)]
    pub struct WeaponTotalsRow / WeaponTotalsColumns in "player_weapon_totals" {
        /// `gaming_sessions.id`
        session_id: SessionId => Integer,
        /// As whom the player is counted.
        player_guid: String => Text,
        /// The weapon, e.g. `MP40`.
        weapon_name: String => Text,
        /// Rounds in which any of its numbers is not 0.
        rounds: i32 => Integer,
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_coded_maxima_the_greater_is_the_better_and_then_the_earlier() {
        let peak = |value, ended_at| Peak { value, round: RoundMark { ended_at, number: 0 } };
        for one in [peak(0, 0), peak(3, 1_762_200_000), peak(64, SECONDS - 1)] {
            assert_eq!(decoded(coded(one)), one);
        }
        assert!(coded(peak(4, 2_000_000_000)) > coded(peak(3, 1)));
        assert!(coded(peak(3, 1)) > coded(peak(3, 2)));
    }
}
