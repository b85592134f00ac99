//! Series of an evening: matches in a row between the same two teams. When the opponents change, a new one begins,
//! for one total would say nothing about either.

use std::collections::BTreeSet;

use fullhold_stats_file::{Guid, RoundNumber, Side};

use crate::restarts;
use crate::timeline::{MatchResult, RosterEntry, TimelineRound};

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

/// A match as far as series look at it: who stood where, and what it brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatchTeams {
    /// Players of team A.
    pub team_a: BTreeSet<Guid>,
    /// Players of team B.
    pub team_b: BTreeSet<Guid>,
    /// Points of team A.
    pub points_a: usize,
    /// Points of team B.
    pub points_b: usize,
}

impl MatchTeams {
    /// Somebody stands with a team. Who changes teams in a match belongs to the one that he stood with first.
    pub fn stand(&mut self, guid: Guid, is_a: bool) {
        if !self.team_a.contains(&guid) && !self.team_b.contains(&guid) {
            let team = if is_a { &mut self.team_a } else { &mut self.team_b };
            team.insert(guid);
        }
    }

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
    let teams = |(index, one): (usize, &MatchResult)| {
        let mut teams = rosters(rounds, one, one.team_a_r1_side?);
        teams.points_a = usize::from(one.points_a.unwrap_or(0));
        teams.points_b = usize::from(one.points_b.unwrap_or(0));
        Some((index, teams))
    };
    let decided = matches.iter().enumerate().filter(|(_, one)| one.undecided.is_none());
    series_of(&decided.filter_map(teams).collect::<Vec<_>>())
}

/// The series of matches with points, oldest first, each with its position.
#[must_use]
pub fn series_of(matches: &[(usize, MatchTeams)]) -> Vec<Series> {
    let mut found: Vec<(Series, MatchTeams)> = Vec::new();
    let mut before: Option<&MatchTeams> = None;
    for (index, now) in matches {
        if before.is_none_or(|before| now.are_others_than(before)) {
            found.push((Series::default(), MatchTeams::default()));
        }
        if let Some((series, all)) = found.last_mut() {
            series.matches.push(*index);
            series.points_a += now.points_a;
            series.points_b += now.points_b;
            all.team_a.extend(&now.team_a);
            all.team_b.extend(&now.team_b);
        }
        before = Some(now);
    }
    let finished = |(series, all): (Series, MatchTeams)| Series {
        team_a: all.team_a.into_iter().collect(),
        team_b: all.team_b.into_iter().collect(),
        ..series
    };
    found.into_iter().map(finished).collect()
}

/// Who stood where in a match. Who changed teams between its rounds belongs to that of R1.
pub(crate) fn rosters(rounds: &[TimelineRound<'_>], one: &MatchResult, a_side: Side) -> MatchTeams {
    let mut rosters = MatchTeams::default();
    for round in [one.r1, one.r2].into_iter().flatten().filter_map(|index| rounds.get(index)) {
        for (guid, is_a) in standing(round, a_side) {
            rosters.stand(guid, is_a);
        }
    }
    rosters
}

/// Everybody on a side, and whether it was that of team A, which had `a_side` in round 1.
fn standing<'a>(round: &'a TimelineRound<'_>, a_side: Side) -> impl Iterator<Item = (Guid, bool)> + 'a {
    standing_with(&round.roster, restarts::number(round), a_side)
}

/// As [`standing`], of a roster in a round of this number.
pub(crate) fn standing_with(
    roster: &[RosterEntry],
    round: RoundNumber,
    a_side: Side,
) -> impl Iterator<Item = (Guid, bool)> + '_ {
    let side_now = if round == RoundNumber::One { a_side } else { a_side.other() };
    roster.iter().filter_map(move |entry| Some((entry.guid, entry.side? == side_now)))
}
