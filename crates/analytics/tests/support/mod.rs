//! Rounds of a made-up server, as small as a test's sentence. They know the times of one evening, no rules.
#![expect(clippy::unwrap_used, reason = "test support")]

use fullhold_analytics::{RosterEntry, Timeline, TimelineConfig, TimelineRound, timeline};
use fullhold_differential::Role;
use fullhold_stats_file::{Guid, RoundNumber, Side, Stamp};

/// 2025-10-02 at midnight; all minutes are counted from here.
const MIDNIGHT: i64 = 1_759_363_200;
const DAY: i64 = 1440;

/// As in production, with one map that does not count.
pub(crate) fn config() -> TimelineConfig {
    TimelineConfig { excluded_maps: vec!["Trainer".to_owned()], ..TimelineConfig::default() }
}

pub(crate) fn run(rounds: &[TimelineRound<'_>]) -> Timeline {
    timeline(rounds, &config(), &[])
}

/// A round of supply that Axis defends and Allies win; A, B, C are Axis in a round 1, X, Y, Z in a round 2.
pub(crate) fn round(minute: i64, number: RoundNumber, role: Role) -> TimelineRound<'static> {
    let small = |value: i64| u8::try_from(value).unwrap();
    let stamp = Stamp {
        year: 2025,
        month: 10,
        day: small(2 + minute / DAY),
        hour: small(minute % DAY / 60),
        minute: small(minute % 60),
        second: 0,
    };
    TimelineRound {
        ended_at: MIDNIGHT + minute * 60,
        day: 0,
        stamp,
        map: "supply",
        round: number,
        role,
        defender: Side::Axis,
        winner: Some(Side::Allies),
        roster: if number == RoundNumber::One { roster("ABC", "XYZ") } else { roster("XYZ", "ABC") },
        verdict: None,
        is_contradictory: false,
    }
}

/// Adds a match: R1 at this minute, R2 ten minutes later; whether the defenders held.
pub(crate) fn play(rounds: &mut Vec<TimelineRound<'static>>, minute: i64, held: [bool; 2]) {
    let at = rounds.len();
    rounds.push(round(minute, RoundNumber::One, Role::FirstOf(at + 1)));
    rounds.push(round(minute + 10, RoundNumber::Two, Role::SecondOf(at)));
    for (round, held) in rounds.iter_mut().skip(at).zip(held) {
        round.winner = Some(if held { round.defender } else { round.defender.other() });
    }
}

/// Each letter is a player.
pub(crate) fn roster(axis: &str, allies: &str) -> Vec<RosterEntry> {
    let side = |letters: &str, side| letters.chars().map(move |c| entry(c, Some(side))).collect::<Vec<_>>();
    [side(axis, Side::Axis), side(allies, Side::Allies)].concat()
}

pub(crate) fn entry(letter: char, side: Option<Side>) -> RosterEntry {
    RosterEntry { guid: Guid::new(&letter.to_string()).unwrap(), side, is_bot: false }
}

/// The letters of players, in their order.
pub(crate) fn letters(guids: &[Guid]) -> String {
    guids.iter().map(Guid::as_str).collect()
}
