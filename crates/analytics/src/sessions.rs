//! Evenings: rounds of one server with no long gap between them. Never a calendar date.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_stats_file::Seconds;

use crate::teams::Teams;
use crate::timeline::{MatchResult, RoundResult, SessionResult, TimelineRound};
use crate::words::MatchState;

/// Positions in the order of play; ties by map and round number, so that input order is no matter.
pub(crate) fn order(rounds: &[TimelineRound<'_>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rounds.len()).collect();
    order.sort_by_key(|&index| rounds.get(index).map(|r| (r.ended_at, r.map, r.round, r.stamp)));
    order
}

/// Cuts between days, and where the gap between two ends is longer than `gap`. Oldest first.
pub(crate) fn split(rounds: &[TimelineRound<'_>], order: &[usize], gap: Seconds) -> Vec<Vec<usize>> {
    let ended = |index: &usize| rounds.get(*index).map_or(0, |r| r.ended_at);
    let mut days: BTreeMap<i64, Vec<(usize, usize)>> = BTreeMap::new();
    for (position, &index) in order.iter().enumerate() {
        days.entry(rounds.get(index).map_or(0, |r| r.day)).or_default().push((position, index));
    }
    let mut sessions: Vec<&[(usize, usize)]> =
        days.values().flat_map(|day| day.chunk_by(|(_, a), (_, b)| ended(b) - ended(a) <= i64::from(gap.0))).collect();
    // A round 2 that ends after its day may lie between rounds of the next.
    sessions.sort_by_key(|session| session.first());
    sessions.into_iter().map(|session| session.iter().map(|(_, index)| *index).collect()).collect()
}

/// The evening in numbers.
pub(crate) fn summarise(
    rounds: &[TimelineRound<'_>],
    members: Vec<usize>,
    results: &[Option<RoundResult>],
    matches: &[MatchResult],
    teams: Teams,
) -> SessionResult {
    let valid = |index: &&usize| matches!(results.get(**index), Some(Some(result)) if result.is_valid);
    let players: BTreeSet<_> = members
        .iter()
        .filter_map(|index| rounds.get(*index))
        .flat_map(|round| round.roster.iter().map(|entry| entry.guid))
        .collect();
    let points = |of: fn(&MatchResult) -> Option<u8>| {
        matches.iter().filter(|m| m.undecided.is_none()).filter_map(of).map(usize::from).sum()
    };
    let confidence = teams.confidence();
    let Teams { team_a, team_b, ambiguous, roster, .. } = teams;
    SessionResult {
        first: members.first().copied().unwrap_or_default(),
        last: members.last().copied().unwrap_or_default(),
        rounds: members.len(),
        valid_rounds: members.iter().filter(valid).count(),
        complete: matches.iter().filter(|m| m.state == MatchState::Complete).count(),
        players: players.len(),
        team_a: team_a.into_iter().collect(),
        team_b: team_b.into_iter().collect(),
        ambiguous: ambiguous.into_iter().collect(),
        roster,
        confidence,
        score_a: points(|m| m.points_a),
        score_b: points(|m| m.points_b),
        members,
    }
}
