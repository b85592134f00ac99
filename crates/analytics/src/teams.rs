//! Teams of people: who stood beside whom, found from the sides of an evening.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_stats_file::{Guid, RoundNumber, Side, Stamp};

use crate::restarts;
use crate::timeline::TimelineRound;
use crate::words::Confidence;

/// Rounds that confidence looks at.
const FIRST_ROUNDS: usize = 3;
/// Share of them, in percent, that must agree.
const AGREEMENT_PERCENT: usize = 70;

/// The teams of a session as people set them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManualRoster {
    /// Stamp of a round: the session that it is in now is meant, whatever else is in it.
    pub stamp: Stamp,
    /// Map of that round.
    pub map: String,
    /// Number of that round.
    pub round: RoundNumber,
    /// Who is in team A.
    pub team_a: BTreeSet<Guid>,
    /// Who is in team B.
    pub team_b: BTreeSet<Guid>,
}

impl ManualRoster {
    fn is_of(&self, round: &TimelineRound<'_>) -> bool {
        (self.stamp, self.round) == (round.stamp, round.round) && self.map == round.map
    }

    fn names(&self, guid: Guid) -> bool {
        self.team_a.contains(&guid) || self.team_b.contains(&guid)
    }
}

/// The two teams of an evening.
#[derive(Debug, Default)]
pub(crate) struct Teams {
    pub(crate) team_a: BTreeSet<Guid>,
    pub(crate) team_b: BTreeSet<Guid>,
    pub(crate) ambiguous: BTreeSet<Guid>,
    /// Position of the roster that people set.
    pub(crate) roster: Option<usize>,
    agreeing: usize,
    looked_at: usize,
}

impl Teams {
    /// High: nobody unassigned, and the first rounds agree. Medium: at most one unassigned.
    pub(crate) fn confidence(&self) -> Confidence {
        let agree = self.agreeing * 100 >= self.looked_at * AGREEMENT_PERCENT;
        match self.ambiguous.len() {
            0 if agree && self.looked_at > 0 => Confidence::High,
            0 | 1 => Confidence::Medium,
            _ => Confidence::Low,
        }
    }

    /// The side team A had in round 1 of a match with these players, by majority; `None` on a tie.
    pub(crate) fn a_side_in_r1<'a>(&self, rounds: impl Iterator<Item = &'a TimelineRound<'a>>) -> Option<Side> {
        let mut axis = 0_i32;
        for (guid, side) in rounds.flat_map(r1_sides) {
            let weight = match (self.team_a.contains(&guid), self.team_b.contains(&guid)) {
                (true, false) => 1,
                (false, true) => -1,
                _ => 0,
            };
            axis += if side == Side::Axis { weight } else { -weight };
        }
        match axis {
            0 => None,
            1.. => Some(Side::Axis),
            _ => Some(Side::Allies),
        }
    }
}

/// The side each player had, or would have had, in round 1: people change sides between rounds.
fn r1_sides<'a>(round: &'a TimelineRound<'_>) -> impl Iterator<Item = (Guid, Side)> + 'a {
    round.roster.iter().filter_map(|entry| {
        let side = entry.side?;
        Some((entry.guid, if restarts::number(round) == RoundNumber::One { side } else { side.other() }))
    })
}

/// The teams of a session: as people set them last, where that fits the players, or as found.
pub(crate) fn of_session(rounds: &[TimelineRound<'_>], members: &[usize], rosters: &[ManualRoster]) -> Teams {
    let played: Vec<&TimelineRound<'_>> = members
        .iter()
        .filter_map(|index| rounds.get(*index))
        .filter(|round| round.roster.iter().any(|entry| entry.side.is_some()))
        .collect();
    let is_meant = |roster: &ManualRoster| members.iter().filter_map(|i| rounds.get(*i)).any(|r| roster.is_of(r));
    // A roster that names nobody who played is stale.
    let fits = |roster: &ManualRoster| played.iter().flat_map(|r| r1_sides(r)).any(|(guid, _)| roster.names(guid));
    let manual = rosters.iter().enumerate().rev().find(|(_, roster)| is_meant(roster) && fits(roster));
    let mut teams = match manual {
        Some((index, roster)) => Teams {
            team_a: roster.team_a.clone(),
            team_b: roster.team_b.clone(),
            roster: Some(index),
            ..Teams::default()
        },
        None => seeded(&played),
    };
    let mut open: BTreeSet<Guid> = played.iter().flat_map(|r| r1_sides(r)).map(|(guid, _)| guid).collect();
    open.retain(|guid| !teams.team_a.contains(guid) && !teams.team_b.contains(guid));
    vote(&played, &mut teams, open);
    for round in played.iter().take(FIRST_ROUNDS) {
        teams.looked_at += 1;
        let consistent = |a_side: Side| {
            r1_sides(round)
                .all(|(guid, side)| teams.ambiguous.contains(&guid) || (side == a_side) == teams.team_a.contains(&guid))
        };
        teams.agreeing += usize::from(consistent(Side::Axis) || consistent(Side::Allies));
    }
    teams
}

/// Team A is Axis in the session's first R1 (in its first round when it has no R1), team B the
/// others; who came later is voted for by those he stood beside.
fn seeded(played: &[&TimelineRound<'_>]) -> Teams {
    let mut teams = Teams::default();
    let first_r1 = played.iter().find(|round| restarts::number(round) == RoundNumber::One);
    let Some(seed) = first_r1.or_else(|| played.first()) else { return teams };
    for entry in &seed.roster {
        match entry.side {
            Some(Side::Axis) => teams.team_a.insert(entry.guid),
            Some(Side::Allies) => teams.team_b.insert(entry.guid),
            None => false,
        };
    }
    teams
}

/// Late joiners, in waves: those who met assigned players are decided by them (a tie stays
/// ambiguous); those who only met late joiners wait for these.
fn vote(played: &[&TimelineRound<'_>], teams: &mut Teams, mut open: BTreeSet<Guid>) {
    while !open.is_empty() {
        let mut votes: BTreeMap<Guid, (i32, bool)> = open.iter().map(|guid| (*guid, (0, false))).collect();
        for round in played {
            let Some(a_side) = teams.a_side_in_r1(std::iter::once(*round)) else { continue };
            for (guid, side) in r1_sides(round) {
                if let Some((balance, met)) = votes.get_mut(&guid) {
                    *balance += if side == a_side { 1 } else { -1 };
                    *met = true;
                }
            }
        }
        let before = open.len();
        for (guid, (balance, met)) in votes {
            let team = match (balance, met) {
                (_, false) => continue,
                (1.., _) => &mut teams.team_a,
                (0, _) => &mut teams.ambiguous,
                _ => &mut teams.team_b,
            };
            team.insert(guid);
            open.remove(&guid);
        }
        if open.len() == before {
            teams.ambiguous.append(&mut open);
        }
    }
}
