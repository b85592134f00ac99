//! What careers come to beyond sums: achievements with their days, and skill.

use std::collections::BTreeMap;

use fullhold_analytics::{Confidence, MatchOutcome, Played, RatedMatch, Skill, replay_ratings};
use fullhold_stats_file::Guid;
use serde_json::Value;

use crate::matches::decided;
use crate::plain::{Round, Sums, formula};
use crate::simulated::World;
use crate::told::{agree, ask, rows};

/// The tiers of the specification by formula.
const TIERS: &[(&str, &[f64])] = &[
    ("kills", &[100.0, 500.0, 1000.0, 2500.0, 5000.0, 10_000.0, 20_000.0]),
    ("rounds", &[10.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 5000.0]),
    ("kd", &[1.0, 1.5, 2.0, 3.0]),
    ("revives", &[100.0, 500.0, 1000.0, 5000.0]),
    ("times_revived", &[100.0, 500.0, 3000.0]),
    ("planted", &[50.0, 200.0, 1000.0]),
    ("defused", &[50.0, 200.0, 1000.0]),
    ("constructions", &[50.0, 250.0, 1000.0]),
    ("objectives", &[25.0, 250.0, 2500.0]),
    ("wins", &[10.0, 50.0, 250.0]),
    ("evenings", &[10.0, 50.0, 250.0]),
];

/// `achievements` of everybody: what he has, the next tier and how far it is, and the day of the last tier of kills.
pub(crate) async fn achievements(world: &World, all: &BTreeMap<String, Sums>) -> usize {
    let mut compared = 0;
    for (guid, sums) in all {
        let found = ask(&world.answerer, &format!("achievements guid:{guid}"), 0).await;
        let table = rows(&found, "achievements");
        assert_eq!(table.len(), TIERS.len(), "{guid}");
        // Both are in the order of the specification.
        for (row, (id, tiers)) in table.iter().zip(TIERS) {
            let what = format!("achievements {guid}: {id}");
            let has = formula(id, sums).unwrap();
            agree(&row["has"], has, &what);
            let Some(has) = has else { continue };
            let is_new = formula("rounds", sums).flatten().unwrap_or(0.0) < 20.0;
            if *id == "kd" && is_new {
                continue;
            }
            let next = tiers.iter().copied().find(|tier| *tier > has);
            agree(&row["next"], next, &what);
            agree(&row["to_go"], next.map(|next| next - has), &what);
            compared += 3;
        }
        compared += day_of_kills(world, guid, &found);
    }
    compared
}

/// The evening in which somebody reached his last tier of kills.
fn day_of_kills(world: &World, guid: &str, found: &Value) -> usize {
    let mut rounds: Vec<&Round> = world.rounds.iter().filter(|round| round.counts).collect();
    rounds.sort_by_key(|round| round.truth.ended_at);
    let (mut kills, mut reached) = (0.0, None);
    for round in rounds {
        let sums = world.sums(std::iter::once(round));
        let Some(own) = sums.get(guid) else { continue };
        let before = kills;
        kills += formula("kills", own).flatten().unwrap_or(0.0);
        let tiers = TIERS.iter().find(|(id, _)| *id == "kills").unwrap().1;
        if tiers.iter().any(|tier| before < *tier && *tier <= kills) {
            reached = Some(&round.day);
        }
    }
    let Some(day) = reached else { return 0 };
    let text = found["text"].as_array().unwrap().iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n");
    let line = text.lines().find(|line| line.contains("(kills)")).unwrap_or_default();
    assert!(line.ends_with(&format!("· {day}")), "{guid}: {line:?} and not {day}");
    1
}

/// The decided matches as they were played, oldest first. The rules of skill are the product's; what they are fed is not.
fn rated(world: &World) -> Vec<RatedMatch> {
    let rounds: Vec<&Round> = world.rounds.iter().collect();
    let mut matches: Vec<(i64, &str, RatedMatch)> = Vec::new();
    for one in decided(world, &rounds) {
        let [first, second] = one.rounds;
        let sums = world.sums(one.rounds.into_iter());
        let of = |wanted: bool| {
            let team = one.people.iter().filter(|(_, is_a, _)| *is_a == wanted);
            team.map(|(person, ..)| played(person, &sums[*person])).collect::<Vec<_>>()
        };
        let result = one.people.iter().find(|(_, is_a, _)| *is_a).map(|(.., result)| *result);
        let outcome = match result {
            Some("won") => MatchOutcome::TeamA,
            Some("lost") => MatchOutcome::TeamB,
            _ => MatchOutcome::Draw,
        };
        let ended_at = second.truth.ended_at;
        let confidence = Confidence::High;
        let one = RatedMatch { ended_at, team_a: of(true), team_b: of(false), outcome, confidence };
        matches.push((ended_at, &first.truth.match_id, one));
    }
    matches.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    matches.into_iter().map(|(.., one)| one).collect()
}

fn played(person: &str, sums: &Sums) -> Played {
    let n = |name: &str| sums.get(name).unwrap_or(0);
    Played { guid: Guid::new(person).unwrap(), seconds: n("seconds"), kills: n("kills"), deaths: n("deaths") }
}

/// `ratings`: everybody's skill, in order, and `rating` of each.
pub(crate) async fn ratings(world: &World, names: &BTreeMap<String, String>) -> usize {
    let matches = rated(world);
    let (expected, _) = replay_ratings(&matches);
    let expected: &BTreeMap<Guid, Skill> = expected.players();
    let mut found = Vec::new();
    for page in 0..expected.len().div_ceil(10) {
        found.extend(rows(&ask(&world.answerer, "ratings", page).await, "ratings"));
    }
    assert_eq!(found.len(), expected.len());
    let mut compared = 0;
    let mut last: Option<(bool, f64)> = None;
    for row in &found {
        let guid = &names[row["player"].as_str().unwrap()];
        let skill = expected[&Guid::new(guid).unwrap()];
        assert_eq!(row["matches"].as_u64(), Some(skill.matches.into()), "matches of {guid}");
        agree(&row["skill"], Some(skill.mean), guid);
        agree(&row["spread"], Some(2.0 * skill.deviation), guid);
        agree(&row["at_least"], Some(skill.mean - 2.0 * skill.deviation), guid);
        let is_guess = skill.matches < 10;
        assert_eq!(row["place"].is_null(), is_guess, "{guid}");
        let at_least = skill.mean - 2.0 * skill.deviation;
        assert!(last.is_none_or(|(guess, least)| (guess, -least) <= (is_guess, -at_least)), "{guid} stands too low");
        last = Some((is_guess, at_least));
        let own = ask(&world.answerer, &format!("rating guid:{guid}"), 0).await;
        assert_eq!(own["facts"]["matches"]["value"].as_u64(), Some(skill.matches.into()), "{guid}");
        agree(&own["facts"]["at_least"]["value"], Some(at_least), guid);
        compared += 6;
    }
    compared
}
