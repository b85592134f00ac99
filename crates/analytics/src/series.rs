//! Series of an evening: matches in a row between the same two teams. When the opponents change, a new one begins,
//! for one total would say nothing about either.

use std::collections::BTreeSet;

use fullhold_stats_file::{Guid, RoundNumber, Side};

use crate::restarts;
use crate::timeline::{MatchResult, TimelineRound};

/// Matches in a row between the same teams.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// Its matches: positions in the slice that was given.
    pub matches: Vec<usize>,
    /// Points of team A.
    pub points_a: usize,
    /// Points of team B.
    pub points_b: usize,
    /// Who played for team A in it, sorted.
    pub team_a: Vec<Guid>,
    /// Who played for team B in it, sorted.
    pub team_b: Vec<Guid>,
}

/// The two rosters of a match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rosters {
    pub(crate) team_a: BTreeSet<Guid>,
    pub(crate) team_b: BTreeSet<Guid>,
}

impl Rosters {
    /// Either team shares less than half of the smaller of its two rosters.
    fn are_others_than(&self, before: &Self) -> bool {
        let differ = |now: &BTreeSet<Guid>, before: &BTreeSet<Guid>| {
            now.intersection(before).count() * 2 < now.len().min(before.len())
        };
        differ(&self.team_a, &before.team_a) || differ(&self.team_b, &before.team_b)
    }
}

/// The series of an evening. `matches` are those of one session in order; only those count that have points for
/// teams ([`MatchResult::undecided`] is `None`). `rounds` is the slice that the timeline was computed of.
#[must_use]
pub fn series(rounds: &[TimelineRound<'_>], matches: &[MatchResult]) -> Vec<Series> {
    let mut found: Vec<(Series, Rosters)> = Vec::new();
    let mut before: Option<Rosters> = None;
    for (index, one) in matches.iter().enumerate().filter(|(_, one)| one.undecided.is_none()) {
        let Some(a_side) = one.team_a_r1_side else { continue };
        let now = rosters(rounds, one, a_side);
        if before.as_ref().is_none_or(|before| now.are_others_than(before)) {
            found.push((Series::default(), Rosters::default()));
        }
        if let Some((series, all)) = found.last_mut() {
            series.matches.push(index);
            series.points_a += usize::from(one.points_a.unwrap_or(0));
            series.points_b += usize::from(one.points_b.unwrap_or(0));
            all.team_a.extend(&now.team_a);
            all.team_b.extend(&now.team_b);
        }
        before = Some(now);
    }
    let finished = |(series, all): (Series, Rosters)| Series {
        team_a: all.team_a.into_iter().collect(),
        team_b: all.team_b.into_iter().collect(),
        ..series
    };
    found.into_iter().map(finished).collect()
}

/// Who stood where in a match. Who changed teams between its rounds belongs to that of R1.
pub(crate) fn rosters(rounds: &[TimelineRound<'_>], one: &MatchResult, a_side: Side) -> Rosters {
    let mut rosters = Rosters::default();
    for round in [one.r1, one.r2].into_iter().flatten().filter_map(|index| rounds.get(index)) {
        for (guid, is_a) in standing(round, a_side) {
            if !rosters.team_a.contains(&guid) && !rosters.team_b.contains(&guid) {
                if is_a {
                    rosters.team_a.insert(guid)
                } else {
                    rosters.team_b.insert(guid)
                };
            }
        }
    }
    rosters
}

/// Everybody on a side, and whether it was that of team A, which had `a_side` in round 1.
pub(crate) fn standing<'a>(round: &'a TimelineRound<'_>, a_side: Side) -> impl Iterator<Item = (Guid, bool)> + 'a {
    let is_first = restarts::number(round) == RoundNumber::One;
    let side_now = if is_first { a_side } else { a_side.other() };
    round.roster.iter().filter_map(move |entry| Some((entry.guid, entry.side? == side_now)))
}
