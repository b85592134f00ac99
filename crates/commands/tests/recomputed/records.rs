//! Records of all maps, of one, and of a player: the best of what was really played.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::plain::{Round, Sums, formula};
use crate::simulated::World;
use crate::told::{agree, ask, rows};

/// Least of something for a record by a ratio: nobody is the best of next to nothing.
const NEEDS: &[(&str, &str, f64)] =
    &[("dpm", "hours", 120.0), ("accuracy", "shots", 100.0), ("head_hit_percent", "hits", 50.0)];
/// More seconds denied in a minute than this are an error of the writer.
const MOST_DENIED: f64 = 45.0;
/// Maps and players that are asked for.
const ASKED: usize = 4;

/// A round or a match: the number of its last round, its map, and what everybody did in it.
struct Played {
    number: i64,
    map: String,
    sums: BTreeMap<String, Sums>,
}

/// All single rounds that count, of matches that were played to the end.
fn rounds(world: &World) -> Vec<Played> {
    let played = |round: &&Round| round.counts && round.truth.match_state == "complete";
    world.rounds.iter().filter(played).map(|round| of(world, &[round])).collect()
}

/// All matches of which both rounds count.
fn matches(world: &World) -> Vec<Played> {
    let mut by_match: BTreeMap<&str, Vec<&Round>> = BTreeMap::new();
    for round in world.rounds.iter().filter(|round| round.counts && round.truth.match_state == "complete") {
        by_match.entry(&round.truth.match_id).or_default().push(round);
    }
    by_match.into_values().filter(|rounds| rounds.len() == 2).map(|rounds| of(world, &rounds)).collect()
}

fn of(world: &World, rounds: &[&Round]) -> Played {
    let last = rounds[rounds.len() - 1];
    Played { number: world.numbers[&last.truth.file], map: last.map.clone(), sums: world.sums(rounds.iter().copied()) }
}

/// What a record is measured by, where it stands.
fn value(id: &str, sums: &Sums) -> Option<f64> {
    let needs = NEEDS.iter().find(|(of, ..)| *of == id);
    let enough = needs.is_none_or(|(_, of, least)| formula(of, sums).flatten().is_some_and(|has| has >= *least));
    let denied = formula("denied_per_minute", sums).flatten().unwrap_or(0.0);
    formula(id, sums).flatten().filter(|_| enough && denied <= MOST_DENIED)
}

/// `records` of all maps and of some, and the bests of some players.
pub(crate) async fn records(
    world: &World,
    names: &BTreeMap<String, String>,
    labels: &BTreeMap<String, String>,
) -> usize {
    let (rounds, matches) = (rounds(world), matches(world));
    let mut compared = 0;
    let all = ask(&world.answerer, "records", 0).await;
    assert!(rows(&all, "records").len() > 12 && rows(&all, "match_records").len() > 12);
    let holder = |row: &BTreeMap<String, Value>| names[row["player"].as_str().unwrap()].clone();
    for (table, played) in [("records", &rounds), ("match_records", &matches)] {
        let played: Vec<&Played> = played.iter().collect();
        compared += agree_all(&rows(&all, table), &played, labels, None, &holder);
    }
    let mut maps: Vec<&str> = rounds.iter().map(|one| one.map.as_str()).collect();
    maps.sort_unstable();
    maps.dedup();
    for map in maps.into_iter().take(ASKED) {
        let found = ask(&world.answerer, &format!("records map:{map}"), 0).await;
        for (table, played) in [("records", &rounds), ("match_records", &matches)] {
            let played: Vec<&Played> = played.iter().filter(|one| one.map == map).collect();
            let rows = rows(&found, table);
            assert!(rows.len() > 10, "{map}: {} {table}", rows.len());
            compared += agree_all(&rows, &played, labels, None, &holder);
        }
    }
    for guid in names.values().take(ASKED) {
        let found = ask(&world.answerer, &format!("stats guid:{guid} view:records"), 0).await;
        for (table, played) in [("best", &rounds), ("best_matches", &matches)] {
            let played: Vec<&Played> = played.iter().filter(|one| one.sums.contains_key(guid)).collect();
            let rows = rows(&found, table);
            assert!(rows.len() > 10 || played.is_empty(), "{guid}: {} {table}", rows.len());
            compared += agree_all(&rows, &played, labels, Some(guid), &|_| guid.clone());
        }
    }
    compared
}

/// Every row is the best of what was played, by everybody or by one player, where it says.
fn agree_all(
    found: &[BTreeMap<String, Value>],
    played: &[&Played],
    labels: &BTreeMap<String, String>,
    only: Option<&str>,
    holder: &dyn Fn(&BTreeMap<String, Value>) -> String,
) -> usize {
    let mut compared = 0;
    for row in found {
        let Some(id) = labels.get(row["what"].as_str().unwrap()) else { continue };
        let of_everybody = played.iter().flat_map(|one| one.sums.iter());
        let wanted = of_everybody.filter(|(guid, _)| only.is_none_or(|only| guid.as_str() == only));
        let best = wanted.filter_map(|(_, sums)| value(id, sums)).fold(0.0, f64::max);
        agree(&row["value"], Some(best), &format!("record {id}"));
        let number = row["round"].as_i64().unwrap();
        let there = played.iter().find(|one| one.number == number).unwrap();
        assert_eq!(row["map"].as_str(), Some(there.map.as_str()), "{id}");
        agree(&row["value"], value(id, &there.sums[&holder(row)]), &format!("record {id} of its holder"));
        compared += 3;
    }
    compared
}
