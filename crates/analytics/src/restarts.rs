//! Restarts and substitutions. Pairing comes first: a round of a complete match is never a restart.

use std::collections::BTreeSet;

use fullhold_differential::Role;
use fullhold_stats_file::{Guid, RoundNumber, Seconds};

use crate::timeline::TimelineRound;
use crate::words::{RoundStatus, Verdict};

/// What a round is to be taken for, in its session.
pub(crate) fn status(rounds: &[TimelineRound<'_>], members: &[usize], index: usize, window: Seconds) -> RoundStatus {
    let Some(round) = rounds.get(index) else { return RoundStatus::Completed };
    let by_rule = match round.role {
        Role::FirstOf(_) | Role::SecondOf(_) => RoundStatus::Completed,
        Role::AbortedR1 | Role::AbortedR2 => RoundStatus::Aborted,
        Role::OrphanR2 => RoundStatus::OrphanR2,
        Role::AbandonedR1 => restarted(rounds, members, round, window),
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
fn restarted(
    rounds: &[TimelineRound<'_>],
    members: &[usize],
    round: &TimelineRound<'_>,
    window: Seconds,
) -> RoundStatus {
    let newer = members.iter().filter_map(|i| rounds.get(*i)).find(|other| {
        let after = other.ended_at - round.ended_at;
        other.map == round.map && number(other) == number(round) && after > 0 && after <= i64::from(window.0)
    });
    match newer {
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
