//! Line-ups of an evening: who came late, left early or changed teams, and what is different from the evening before.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_stats_file::{Guid, RoundNumber, Side};

use crate::restarts;
use crate::series::standing_with;
use crate::timeline::{MatchResult, RosterEntry, TimelineRound};

/// A player's presence in an evening, where it was not from beginning to end with one team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// The player.
    pub guid: Guid,
    /// His first round: position in the slice of rounds. `None` when he was there from the first round on.
    pub came_in: Option<usize>,
    /// His last round, `None` when he was there until the last.
    pub left_after: Option<usize>,
    /// The rounds in which he first stood with the other team than in his round before.
    pub changed_teams_in: Vec<usize>,
}

#[derive(Default)]
struct Seen {
    rounds: Vec<usize>,
    changed_teams_in: Vec<usize>,
}

/// Who stood where in a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stood {
    /// Its number.
    pub round: RoundNumber,
    /// Who was there.
    pub roster: Vec<RosterEntry>,
}

/// Which side team A had in a match. Rounds are positions in the slice of rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SidesOfMatch {
    /// Round 1.
    pub r1: Option<usize>,
    /// Round 2.
    pub r2: Option<usize>,
    /// Side of team A in round 1, where teams are known.
    pub team_a_r1_side: Option<Side>,
}

/// Everybody who came late, left early or changed teams, sorted by guid. `members` are the rounds of the session in
/// order, `matches` its matches; only rounds of matches with known teams can tell who changed.
#[must_use]
pub fn lineup_changes(rounds: &[TimelineRound<'_>], members: &[usize], matches: &[MatchResult]) -> Vec<Presence> {
    let stood: Vec<Stood> = members
        .iter()
        .filter_map(|index| rounds.get(*index))
        .map(|round| Stood { round: restarts::number(round), roster: round.roster.clone() })
        .collect();
    let position = |round: Option<usize>| members.iter().position(|member| Some(*member) == round);
    let sides = |one: &MatchResult| SidesOfMatch {
        r1: position(one.r1),
        r2: position(one.r2),
        team_a_r1_side: one.team_a_r1_side,
    };
    let mut found = lineup_changes_of(&stood, &matches.iter().map(sides).collect::<Vec<_>>());
    let original = |position: usize| members.get(position).copied();
    for one in &mut found {
        one.came_in = one.came_in.and_then(original);
        one.left_after = one.left_after.and_then(original);
        one.changed_teams_in = one.changed_teams_in.iter().copied().filter_map(original).collect();
    }
    found
}

/// As [`lineup_changes`], of the rounds of one session in order.
#[must_use]
pub fn lineup_changes_of(rounds: &[Stood], matches: &[SidesOfMatch]) -> Vec<Presence> {
    let is_played = |round: &Stood| round.roster.iter().any(|entry| entry.side.is_some());
    let played: Vec<(usize, &Stood)> = rounds.iter().enumerate().filter(|(_, round)| is_played(round)).collect();
    let (Some((first, _)), Some((last, _))) = (played.first(), played.last()) else { return Vec::new() };
    let mut people: BTreeMap<Guid, Seen> = BTreeMap::new();
    let mut teams: BTreeMap<Guid, bool> = BTreeMap::new();
    for &(index, round) in &played {
        for entry in round.roster.iter().filter(|entry| entry.side.is_some()) {
            people.entry(entry.guid).or_default().rounds.push(index);
        }
        let of_round = |one: &&SidesOfMatch| one.r1 == Some(index) || one.r2 == Some(index);
        let Some(a_side) = matches.iter().find(of_round).and_then(|one| one.team_a_r1_side) else { continue };
        for (guid, is_a) in standing_with(&round.roster, round.round, a_side) {
            if teams.insert(guid, is_a).is_some_and(|before| before != is_a) {
                people.entry(guid).or_default().changed_teams_in.push(index);
            }
        }
    }
    let presence = |(guid, seen): (Guid, Seen)| Presence {
        guid,
        came_in: seen.rounds.first().copied().filter(|round| round != first),
        left_after: seen.rounds.last().copied().filter(|round| round != last),
        changed_teams_in: seen.changed_teams_in,
    };
    let changed =
        |one: &Presence| one.came_in.is_some() || one.left_after.is_some() || !one.changed_teams_in.is_empty();
    people.into_iter().map(presence).filter(changed).collect()
}

/// What is different from the evening before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Since {
    /// Who is there and was not before, sorted.
    pub new: Vec<Guid>,
    /// Who was there and is not now, sorted.
    pub missing: Vec<Guid>,
    /// Who plays with the other team now, sorted.
    pub changed_teams: Vec<Guid>,
}

/// Two teams of an evening.
#[derive(Clone, Copy, Debug)]
pub struct Lineup<'a> {
    /// Team A.
    pub team_a: &'a [Guid],
    /// Team B.
    pub team_b: &'a [Guid],
}

/// Compares the teams of two evenings. Letters mean nothing from one evening to the next: each team is compared
/// with that of which it has more players.
#[must_use]
pub fn since(now: Lineup<'_>, before: Lineup<'_>) -> Since {
    let set = |guids: &[Guid]| guids.iter().copied().collect::<BTreeSet<Guid>>();
    let (now_a, now_b) = (set(now.team_a), set(now.team_b));
    let (before_a, before_b) = (set(before.team_a), set(before.team_b));
    let shared = |a: &BTreeSet<Guid>, b: &BTreeSet<Guid>| a.intersection(b).count();
    let straight = shared(&now_a, &before_a) + shared(&now_b, &before_b);
    let crossed = shared(&now_a, &before_b) + shared(&now_b, &before_a);
    let (was_a, was_b) = if crossed > straight { (&before_b, &before_a) } else { (&before_a, &before_b) };
    let there_now: BTreeSet<Guid> = now_a.union(&now_b).copied().collect();
    let there_before: BTreeSet<Guid> = before_a.union(&before_b).copied().collect();
    let mut changed_teams: Vec<Guid> = now_a.intersection(was_b).chain(now_b.intersection(was_a)).copied().collect();
    changed_teams.sort();
    Since {
        new: there_now.difference(&there_before).copied().collect(),
        missing: there_before.difference(&there_now).copied().collect(),
        changed_teams,
    }
}
