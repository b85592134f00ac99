//! R2 − R1, player by player.

use std::collections::HashMap;

use fullhold_stats_file::{FIELDS, Field, Guid, PlayerLine, Seconds, Semantics, StatsFile, Weapon, WeaponCounts};
use thiserror::Error;

use crate::counters::alive_ms;
use crate::duration;
use crate::{Class, Counters, PlayerRound, RoundStats, Warning, WarningKind};

/// A difference that cannot be: the two files do not belong together, or a rule is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("player {guid}: {number} fell from {r1} in round 1 to {r2} in round 2, and no reconnect explains it")]
pub struct DifferentialError {
    /// The player.
    pub guid: Guid,
    /// Which number, e.g. `COLT shots`.
    pub number: String,
    /// Value in R1.
    pub r1: i32,
    /// Value in R2.
    pub r2: i32,
}

/// Round 1: the numbers as written.
#[must_use]
pub fn round_one(file: &StatsFile) -> RoundStats {
    let players = file.players.iter().map(|line| player(line, Class::Round1, Counters::raw(line))).collect();
    finish(file, players, Vec::new())
}

/// An R2 without its R1: numbers as written, which are match totals where they are cumulative.
/// The length of the round is known only if the header says it.
#[must_use]
pub fn orphan(file: &StatsFile) -> RoundStats {
    let players = file.players.iter().map(|line| player(line, Class::Orphan, Counters::raw(line))).collect();
    RoundStats { players, duration: duration::of_header(&file.header), warnings: Vec::new() }
}

/// Round 2 alone: takes R1 out of the cumulative numbers, leaves the others as they are.
///
/// # Errors
/// A number that cannot fall has fallen although the player's counters were not reset.
pub fn subtract(r1: &StatsFile, r2: &StatsFile) -> Result<RoundStats, DifferentialError> {
    let before: HashMap<Guid, &PlayerLine> = r1.players.iter().map(|line| (line.identity(), line)).collect();
    let mut players = Vec::with_capacity(r2.players.len());
    for line in &r2.players {
        let Some(earlier) = before.get(&line.identity()) else {
            players.push(player(line, Class::Joined, Counters::raw(line)));
            continue;
        };
        if is_unchanged(earlier, line) {
            continue;
        }
        if was_reset(earlier, line) {
            players.push(player(line, Class::Reset, Counters::raw(line)));
        } else {
            players.push(player(line, Class::Ok, difference(earlier, line)?));
        }
    }
    Ok(finish(r2, players, r2_lines(r2, &before)))
}

/// The raw cumulative time of each R2 player, and whether he was in R1: for the warnings.
fn r2_lines(r2: &StatsFile, before: &HashMap<Guid, &PlayerLine>) -> Vec<(Guid, Seconds, bool)> {
    let seconds = |line: &PlayerLine| line.tenths(Field::TimePlayedMinutes).minutes_to_seconds();
    r2.players
        .iter()
        .map(|line| {
            let guid = line.identity();
            let had_time = before.get(&guid).is_some_and(|earlier| seconds(earlier).0 > 0);
            (guid, seconds(line), had_time)
        })
        .collect()
}

fn player(line: &PlayerLine, class: Class, counters: Counters) -> PlayerRound {
    PlayerRound {
        guid: line.identity(),
        name: line.name.clone(),
        clean_name: line.clean_name().into_owned(),
        is_bot: line.is_bot(),
        slot: line.slot,
        class,
        counters,
    }
}

/// Sets the lengths and looks for what is odd.
fn finish(file: &StatsFile, mut players: Vec<PlayerRound>, r2_lines: Vec<(Guid, Seconds, bool)>) -> RoundStats {
    let duration = duration::of_round(&file.header, &players);
    let mut warnings = Vec::new();
    for player in &mut players {
        let counters = &mut player.counters;
        counters.played = duration::of_player(counters.played, duration);
        let acted = counters.count(Field::DamageGiven) > 0 || counters.kills() > 0;
        if counters.time_played().0 == 0 && acted {
            counters.played = duration.map_or(counters.played, |d| d.seconds);
            warnings.push(Warning { guid: player.guid, kind: WarningKind::NoTimeButAction });
        }
    }
    if let Some(length) = duration.map(|d| d.seconds) {
        for (guid, raw, had_time) in r2_lines {
            let class = players.iter().find(|p| p.guid == guid).map(|p| p.class);
            let kind = match class {
                Some(Class::Ok) if had_time && raw.0 <= length.0 + 9 => {
                    WarningKind::TimeLooksReset { raw, duration: length }
                }
                Some(Class::Joined) if raw.0 > length.0 + 12 => {
                    WarningKind::JoinedWithUnseenCounters { raw, duration: length }
                }
                _ => continue,
            };
            warnings.push(Warning { guid, kind });
        }
    }
    RoundStats { players, duration, warnings }
}

/// The cumulative TAB fields.
fn cumulative() -> impl Iterator<Item = Field> {
    FIELDS.iter().filter(|spec| spec.semantics == Semantics::Cumulative).map(|spec| spec.field)
}

/// The line is R1's, carried over: the player took no part in R2.
fn is_unchanged(r1: &PlayerLine, r2: &PlayerLine) -> bool {
    cumulative().all(|field| r1.count(field) == r2.count(field)) && r1.weapons == r2.weapons
}

/// The engine's counters started again between the two lines. Shots are no witness: the engine
/// takes stabs back in clean pairs.
fn was_reset(r1: &PlayerLine, r2: &PlayerLine) -> bool {
    let weapon_fell = |(a, b): (&WeaponCounts, &WeaponCounts)| {
        b.hits < a.hits || b.kills < a.kills || b.deaths < a.deaths || b.headshots < a.headshots
    };
    r2.rounds != r1.rounds.saturating_add(1)
        || cumulative().any(|field| r2.count(field) < r1.count(field))
        || r1.weapons.iter().zip(&r2.weapons).any(weapon_fell)
}

fn difference(r1: &PlayerLine, r2: &PlayerLine) -> Result<Counters, DifferentialError> {
    let mut counters = Counters::raw(r2);
    for field in cumulative() {
        if let Some(value) = r2.get(field) {
            counters.set(field, Some(value - r1.count(field)));
        }
    }
    for (weapon, counts) in Weapon::ALL.into_iter().zip(&mut counters.weapons) {
        let (a, b) = (r1.weapon(weapon), r2.weapon(weapon));
        let shots = b.shots - a.shots;
        if shots < 0 && !weapon.shots_may_decrease() {
            let number = format!("{} shots", weapon.name());
            return Err(DifferentialError { guid: r2.identity(), number, r1: a.shots, r2: b.shots });
        }
        *counts = WeaponCounts {
            hits: b.hits - a.hits,
            shots: shots.max(0),
            kills: b.kills - a.kills,
            deaths: b.deaths - a.deaths,
            headshots: b.headshots - a.headshots,
        };
    }
    let time = counters.time_played();
    counters.played = time.minutes_to_seconds();
    counters.alive_ms = match (alive_ms(r1), alive_ms(r2)) {
        // Both products carry the rounding of their inputs; the difference may leave the range by it.
        (Some(before), Some(both)) => Some((both - before).clamp(0, time.0.max(0).saturating_mul(6000))),
        _ => None,
    };
    Ok(counters)
}
