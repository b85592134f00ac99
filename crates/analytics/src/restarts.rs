//! Restarts and substitutions. Pairing comes first: a round of a complete match is never a restart.

use std::collections::{BTreeSet, HashMap};

use fullhold_differential::Role;
use fullhold_stats_file::{Guid, RoundNumber, Seconds};

use crate::timeline::TimelineRound;
use crate::words::{RoundStatus, Verdict};

/// The rounds of a session by map and number, oldest first: looking for what was played again does
/// not read the whole session for each round.
pub(crate) struct Played<'a>(HashMap<(&'a str, RoundNumber), Vec<&'a TimelineRound<'a>>>);

impl<'a> Played<'a> {
    /// `members` in the order of play.
    pub(crate) fn new(rounds: &'a [TimelineRound<'a>], members: &[usize]) -> Self {
        let mut played: HashMap<(&str, RoundNumber), Vec<&TimelineRound<'_>>> = HashMap::new();
        for round in members.iter().filter_map(|index| rounds.get(*index)) {
            played.entry((round.map, number(round))).or_default().push(round);
        }
        Self(played)
    }

    /// The next round of the same map and number within so long after one.
    fn again(&self, round: &TimelineRound<'_>, window: Seconds) -> Option<&'a TimelineRound<'a>> {
        let same = self.0.get(&(round.map, number(round)))?;
        let next = same.get(same.partition_point(|other| other.ended_at <= round.ended_at))?;
        (next.ended_at - round.ended_at <= i64::from(window.0)).then_some(*next)
    }
}

/// What a round is to be taken for, in its session.
pub(crate) fn status(played: &Played<'_>, round: &TimelineRound<'_>, window: Seconds) -> RoundStatus {
    let by_rule = match round.role {
        Role::FirstOf(_) | Role::SecondOf(_) => RoundStatus::Completed,
        Role::AbortedR1 | Role::AbortedR2 => RoundStatus::Aborted,
        Role::OrphanR2 => RoundStatus::OrphanR2,
        Role::AbandonedR1 => restarted(played, round, window),
    };
    match (round.verdict, by_rule) {
        (Some(Verdict::Cancelled), _) => RoundStatus::Cancelled,
        // People may not make match totals of an orphan into numbers of a round.
        (Some(Verdict::Valid), RoundStatus::Cancelled | RoundStatus::Substitution | RoundStatus::Aborted) => {
            RoundStatus::Completed
        }
        _ => by_rule,
    }
}

/// The next round of the same map and number tells: the same people played it again, or others.
fn restarted(played: &Played<'_>, round: &TimelineRound<'_>, window: Seconds) -> RoundStatus {
    match played.again(round, window) {
        None => RoundStatus::Completed,
        Some(newer) if people(newer) == people(round) => RoundStatus::Cancelled,
        Some(_) => RoundStatus::Substitution,
    }
}

/// The number the round really had: the writer inverts it when the map is changed in mid-round.
pub(crate) fn number(round: &TimelineRound<'_>) -> RoundNumber {
    match round.role {
        Role::AbortedR1 => RoundNumber::One,
        Role::AbortedR2 => RoundNumber::Two,
        _ => round.round,
    }
}

fn people(round: &TimelineRound<'_>) -> BTreeSet<Guid> {
    round.roster.iter().filter(|entry| entry.side.is_some()).map(|entry| entry.guid).collect()
}
