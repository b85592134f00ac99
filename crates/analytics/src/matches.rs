//! Matches: R1 and R2 of one play of a map.

use fullhold_differential::Role;

use crate::timeline::{MatchResult, TimelineRound};
use crate::words::{MatchId, MatchState};
use fullhold_stats_file::RoundNumber;

/// The match of a round: named by its R1; an orphan or aborted round by itself.
pub(crate) fn id(rounds: &[TimelineRound<'_>], index: usize) -> MatchId {
    let own = rounds.get(index);
    let named_by = match own.map(|round| round.role) {
        Some(Role::SecondOf(first)) => rounds.get(first).or(own),
        _ => own,
    };
    MatchId {
        stamp: named_by.map_or(fullhold_stats_file::Stamp::EPOCH, |round| round.stamp),
        map: named_by.map_or_else(String::new, |round| round.map.to_owned()),
    }
}

/// How much of its match there is. An aborted round follows its file name, for nothing else is
/// known to those who look for the file.
pub(crate) fn state(round: &TimelineRound<'_>) -> MatchState {
    match (round.role, round.round) {
        (Role::FirstOf(_) | Role::SecondOf(_), _) => MatchState::Complete,
        (_, RoundNumber::One) => MatchState::AbandonedR1,
        (_, RoundNumber::Two) => MatchState::OrphanR2,
    }
}

/// The matches that begin in a session, in order of their first round. A match belongs to the
/// session of its R1, even when a long R2 ends behind the gap.
pub(crate) fn of_session(rounds: &[TimelineRound<'_>], members: &[usize], session: usize) -> Vec<MatchResult> {
    members
        .iter()
        .filter_map(|&index| {
            let round = rounds.get(index)?;
            let (r1, r2) = match (round.role, round.round) {
                (Role::SecondOf(_), _) => return None,
                (Role::FirstOf(second), _) => (Some(index), Some(second)),
                (_, RoundNumber::One) => (Some(index), None),
                (_, RoundNumber::Two) => (None, Some(index)),
            };
            Some(MatchResult {
                match_id: id(rounds, index),
                map: round.map.to_owned(),
                session,
                r1,
                r2,
                state: state(round),
                points_r1_attackers: None,
                points_r2_attackers: None,
                team_a_r1_side: None,
                points_a: None,
                points_b: None,
                undecided: None,
            })
        })
        .collect()
}
