//! Who won: points of matches given to the teams of the evening.

use std::collections::{BTreeMap, BTreeSet};

use crate::plain::{Round, Sums};
use crate::simulated::World;

/// A decided match: who was there, and whether his team won.
pub(crate) struct Decided<'a> {
    /// Its rounds.
    pub(crate) rounds: [&'a Round; 2],
    /// Persons with the team of the evening they belong to and the result.
    pub(crate) people: Vec<(&'a str, bool, &'static str)>,
}

/// The decided matches of some rounds.
pub(crate) fn decided<'a>(world: &'a World, rounds: &[&'a Round]) -> Vec<Decided<'a>> {
    let mut by_match: BTreeMap<&str, Vec<&Round>> = BTreeMap::new();
    // A round that was broken off and played again belongs to the match too, and decides nothing.
    for round in rounds.iter().filter(|round| round.truth.status == "completed") {
        by_match.entry(&round.truth.match_id).or_default().push(round);
    }
    let mut all = Vec::new();
    for (id, rounds) in by_match {
        let (Some(points), [first, second]) = (world.points.get(id), rounds.as_slice()) else { continue };
        // A match of which a round was ruled out gives nobody points.
        if first.counts && second.counts {
            all.push(result(world, *points, first, second));
        }
    }
    all
}

fn result<'a>(world: &'a World, points: (u8, u8), first: &'a Round, second: &'a Round) -> Decided<'a> {
    let team_a = &world.teams[first.evening];
    let is_a = |guid: &str| team_a.contains(world.person(guid));
    // The side of team A in round 1: where most of it stood.
    let on = |side: u8| first.truth.players.iter().filter(|one| one.team == side && is_a(&one.guid)).count();
    let side_of_a = if on(1) >= on(2) { 1 } else { 2 };
    let attacks_first = side_of_a != first.defender;
    let (a, b) = if attacks_first { (points.0, points.1) } else { (points.1, points.0) };
    let there: BTreeSet<&str> = [first, second]
        .into_iter()
        .flat_map(|round| &round.truth.players)
        .filter(|player| matches!(player.team, 1 | 2))
        .map(|player| world.person(&player.guid))
        .collect();
    let told = |person: &'a str| {
        let is_a = team_a.contains(person);
        let (own, other) = if is_a { (a, b) } else { (b, a) };
        let result = match own.cmp(&other) {
            std::cmp::Ordering::Greater => "won",
            std::cmp::Ordering::Equal => "drawn",
            std::cmp::Ordering::Less => "lost",
        };
        (person, is_a, result)
    };
    Decided { rounds: [first, second], people: there.into_iter().map(told).collect() }
}

/// Adds matches won, drawn and lost to everybody's sums.
pub(crate) fn add_results(world: &World, rounds: &[&Round], sums: &mut BTreeMap<String, Sums>) {
    for one in decided(world, rounds) {
        for (person, _, result) in one.people {
            sums.entry(person.to_owned()).or_default().add(result, 1);
        }
    }
}

/// Matches of two players in one team.
pub(crate) struct Shared {
    pub(crate) matches: u64,
}

pub(crate) fn shared(world: &World, one: &str, other: &str) -> Shared {
    let rounds: Vec<&Round> = world.rounds.iter().collect();
    let team =
        |decided: &Decided<'_>, who: &str| decided.people.iter().find(|(guid, ..)| *guid == who).map(|one| one.1);
    let is_shared = |decided: &&Decided<'_>| {
        let (a, b) = (team(decided, one), team(decided, other));
        a.is_some() && a == b
    };
    let matches = decided(world, &rounds).iter().filter(is_shared).count();
    Shared { matches: matches as u64 }
}
