//! Every answer over simulated matches.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_testkit::each_backend;
use serde_json::Value;

use crate::careers::{achievements, ratings};
use crate::matches::{add_results, shared};
use crate::plain::{Round, Sums, formula};
use crate::records::records;
use crate::simulated::World;
use crate::told::{agree, agree_row, ask, rows};

/// A board of the specification.
struct Board {
    id: &'static str,
    /// The formula that it ranks by.
    value: &'static str,
    is_high: bool,
    /// More than so much of something.
    gates: &'static [(&'static str, f64)],
}

const fn board(id: &'static str, value: &'static str, gates: &'static [(&'static str, f64)]) -> Board {
    Board { id, value, is_high: true, gates }
}

const BOARDS: &[Board] = &[
    board("kills", "kills", &[("rounds", 10.0)]),
    board("kd", "kd", &[("rounds", 50.0), ("deaths", 0.0)]),
    board("dpm", "dpm", &[("rounds", 50.0)]),
    board("accuracy", "accuracy", &[("rounds", 50.0), ("shots", 1000.0)]),
    board("headshots", "head_hit_percent", &[("rounds", 50.0), ("hits", 1000.0)]),
    board("efficiency", "efficiency", &[("rounds", 50.0)]),
    board("games", "rounds", &[]),
    board("revives", "revives", &[("rounds", 10.0)]),
    board("gibs", "gibs", &[("rounds", 10.0)]),
    board("objectives", "objectives", &[("rounds", 10.0)]),
    Board { is_high: false, ..board("teamwork", "team_damage", &[("rounds", 50.0), ("damage", 0.0)]) },
    board("multikills", "multikills", &[("rounds", 10.0)]),
    board("grenades", "grenade_kills", &[("grenade_rounds", 10.0)]),
    board("wins", "win_rate", &[("matches", 10.0)]),
];
/// Champions of a season.
const CHAMPIONS: [&str; 2] = ["dpm", "kills"];

/// Guids by the names that answers show.
struct Names {
    guids: BTreeMap<String, String>,
}

impl Names {
    async fn read(world: &World) -> Self {
        let list = ask(&world.answerer, "list_players", 0).await;
        let mut guids = BTreeMap::new();
        for row in rows(&list, "players") {
            let (name, guid) = (row["player"].as_str().unwrap(), row["guid"].as_str().unwrap());
            assert!(guids.insert(name.to_owned(), guid.to_owned()).is_none(), "two players are called {name}");
        }
        Self { guids }
    }

    fn guid(&self, row: &BTreeMap<String, Value>) -> &str {
        &self.guids[row["player"].as_str().unwrap()]
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_number_is_what_was_played() {
    each_backend(async |url| {
        let world = World::new(url).await;
        let decided = world.points.len();
        assert!(decided >= 500, "{decided} matches");
        let names = Names::read(&world).await;
        let everything: Vec<&Round> = world.rounds.iter().collect();
        let all = with_results(&world, &everything);
        let mut compared = 0;
        compared += profiles(&world, &all).await;
        compared += boards(&world, &names, &all, "").await;
        let first_quarter: Vec<&Round> =
            everything.iter().copied().filter(|one| one.day.as_str() < "2025-04").collect();
        let quarter = with_results(&world, &first_quarter);
        compared += boards(&world, &names, &quarter, " 2025-Q1").await;
        compared += season(&world, &names, &quarter).await;
        let labels = labels(&world, &all).await;
        compared += comparisons(&world, &all, &labels).await;
        compared += synergies(&world, &all).await;
        compared += evenings(&world, &names).await;
        compared += maps(&world).await;
        compared += achievements(&world, &all).await;
        compared += ratings(&world, &names.guids).await;
        compared += records(&world, &names.guids, &labels).await;
        assert!(compared > 10_000, "only {compared} numbers were compared");
    })
    .await;
}

fn with_results(world: &World, rounds: &[&Round]) -> BTreeMap<String, Sums> {
    let mut sums = world.sums(rounds.iter().copied());
    add_results(world, rounds, &mut sums);
    sums
}

/// `stats` of everybody, in all that they show.
async fn profiles(world: &World, all: &BTreeMap<String, Sums>) -> usize {
    let mut compared = 0;
    for (guid, sums) in all {
        let found = ask(&world.answerer, &format!("stats guid:{guid}"), 0).await;
        let facts = found["facts"].as_object().unwrap();
        let facts = facts.iter().map(|(id, fact)| (id.clone(), fact["value"].clone())).collect();
        let known = agree_row(&facts, sums, guid);
        assert!(known > 30, "{guid}: {known} facts");
        compared += known;
        let n = |name: &str| sums.get(name).unwrap_or(0);
        let expected = format!("{} won, {} drawn, {} lost", n("won"), n("drawn"), n("lost"));
        assert_eq!(facts["results"].as_str(), Some(expected.as_str()), "{guid}");
        let weapons = ask(&world.answerer, &format!("stats guid:{guid} weapons"), 0).await;
        for row in rows(&weapons, "weapons") {
            let weapon = row["weapon"].as_str().unwrap();
            let n = |what: &str| sums.get(&format!("{weapon} {what}")).unwrap_or(0);
            assert_eq!(row["kills"].as_i64(), Some(n("kills")), "{guid} {weapon}");
            assert_eq!(row["deaths"].as_i64(), Some(n("deaths")), "{guid} {weapon}");
            compared += 2;
        }
        let maps = ask(&world.answerer, &format!("stats guid:{guid} maps"), 0).await;
        for row in rows(&maps, "maps") {
            let map = row["map"].as_str().unwrap();
            let there: Vec<&Round> = world.rounds.iter().filter(|round| round.map == map).collect();
            compared += agree_row(&row, &with_results(world, &there)[guid], &format!("{guid} on {map}"));
        }
    }
    compared
}

/// Who is listed on a board: value, rounds, guid, in order.
fn ranking<'a>(board: &Board, all: &'a BTreeMap<String, Sums>) -> Vec<(&'a str, f64, i64)> {
    let passes = |sums: &Sums| {
        board.gates.iter().all(|(of, more_than)| formula(of, sums).flatten().is_some_and(|has| has > *more_than))
    };
    let mut listed: Vec<(&str, f64, i64)> = all
        .iter()
        .filter(|(_, sums)| passes(sums))
        .filter_map(|(guid, sums)| {
            Some((guid.as_str(), formula(board.value, sums).flatten()?, sums.get("rounds").unwrap_or(0)))
        })
        .collect();
    listed.sort_by(|(a_guid, a, a_rounds), (b_guid, b, b_rounds)| {
        let better = if board.is_high { b.total_cmp(a) } else { a.total_cmp(b) };
        better.then(b_rounds.cmp(a_rounds)).then(a_guid.cmp(b_guid))
    });
    listed
}

async fn boards(world: &World, names: &Names, all: &BTreeMap<String, Sums>, period: &str) -> usize {
    let mut compared = 0;
    for board in BOARDS {
        let expected = ranking(board, all);
        let mut found = Vec::new();
        for page in 0..expected.len().div_ceil(10) {
            let data = ask(&world.answerer, &format!("leaderboard {}{period}", board.id), page).await;
            found.extend(rows(&data, "board"));
        }
        assert_eq!(found.len(), expected.len(), "{}{period}", board.id);
        for (row, (guid, value, _)) in found.iter().zip(&expected) {
            let what = format!("{}{period} {guid}", board.id);
            assert_eq!(names.guid(row), *guid, "{what}: {row:?}");
            agree(&row["value"], Some(*value), &what);
            compared += 1 + agree_row(row, &all[*guid], &what);
        }
    }
    compared
}

async fn season(world: &World, names: &Names, quarter: &BTreeMap<String, Sums>) -> usize {
    let found = ask(&world.answerer, "season 2025-Q1", 0).await;
    let mut compared = 0;
    let standings = rows(&found, "standings");
    assert_eq!(standings.len(), 10);
    for row in &standings {
        let guid = names.guid(row);
        compared += agree_row(row, &quarter[guid], &format!("season {guid}"));
    }
    for id in CHAMPIONS {
        let board = BOARDS.iter().find(|board| board.id == id).unwrap();
        let (guid, ..) = ranking(board, quarter)[0];
        let shown = found["facts"][id]["value"].as_str().unwrap();
        let name = shown.rsplit_once(" (").unwrap().0;
        assert_eq!(names.guids[name], guid, "champion of {id}");
        compared += 1;
    }
    compared
}

/// `compare`: a column for each, its rows in the order of the table.
async fn comparisons(world: &World, all: &BTreeMap<String, Sums>, labels: &BTreeMap<String, String>) -> usize {
    let guids: Vec<&String> = all.keys().collect();
    let mut compared = 0;
    for pair in guids.windows(2) {
        let found = ask(&world.answerer, &format!("compare guid:{} guid:{}", pair[0], pair[1]), 0).await;
        for row in rows(&found, "compare") {
            let Some(id) = labels.get(row["what"].as_str().unwrap()) else { continue };
            for guid in pair {
                if let Some(expected) = formula(id, &all[*guid]) {
                    agree(&row[*guid], expected, &format!("compare {guid}: {id}"));
                    compared += 1;
                }
            }
        }
    }
    compared
}

/// `synergy`: matches and win rates together and apart.
async fn synergies(world: &World, all: &BTreeMap<String, Sums>) -> usize {
    let guids: Vec<&String> = all.keys().collect();
    let mut compared = 0;
    for pair in guids.windows(2) {
        let together = shared(world, pair[0], pair[1]);
        let found = ask(&world.answerer, &format!("synergy guid:{} guid:{}", pair[0], pair[1]), 0).await;
        let [row, apart] = &rows(&found, "synergy")[..2.min(rows(&found, "synergy").len())] else {
            assert!(together.matches < 10, "{pair:?}: {} matches and no synergy", together.matches);
            continue;
        };
        let what = format!("synergy {pair:?}");
        assert_eq!(row["matches"].as_u64(), Some(together.matches), "{what}");
        let n = |name: &str| all[pair[0]].get(name).unwrap_or(0).unsigned_abs();
        assert_eq!(apart["matches"].as_u64(), Some(n("won") + n("drawn") + n("lost") - together.matches), "{what}");
        compared += 2;
    }
    compared
}

/// Ids of formulas by how they are labelled in a profile.
async fn labels(world: &World, all: &BTreeMap<String, Sums>) -> BTreeMap<String, String> {
    let guid = all.keys().next().unwrap();
    let found = ask(&world.answerer, &format!("stats guid:{guid}"), 0).await;
    let facts = found["facts"].as_object().unwrap();
    facts.iter().map(|(id, fact)| (fact["label"].as_str().unwrap().to_owned(), id.clone())).collect()
}

/// Views of an evening with a line per player.
const VIEWS: [&str; 7] = ["overview", "top", "combat", "objectives", "support", "sprees", "players"];

async fn evenings(world: &World, names: &Names) -> usize {
    let evenings: BTreeSet<usize> = world.rounds.iter().map(|round| round.evening).collect();
    let last = evenings.len() - 1;
    let mut compared = 0;
    for evening in evenings.into_iter().filter(|number| number % 9 == 0 || *number == last) {
        let rounds: Vec<&Round> = world.rounds.iter().filter(|round| round.evening == evening).collect();
        let stamp = rounds[0].truth.file.get(..17).unwrap();
        let line = if evening == last { "last_session".to_owned() } else { format!("session {stamp}") };
        let sums = world.sums(rounds.iter().copied());
        for view in VIEWS {
            let found = ask(&world.answerer, &format!("{line} {view}"), 0).await;
            let shown = rows(&found, "players");
            assert_eq!(shown.len(), sums.len(), "{line} {view}");
            for row in &shown {
                let guid = names.guid(row);
                compared += agree_row(row, &sums[guid], &format!("{line} {view} {guid}"));
            }
        }
        compared += matches_of(world, names, &line, &rounds).await;
        compared += single_rounds(world, names, &rounds).await;
    }
    compared
}

/// The view of maps, and `match`: rounds of each match alone and together.
async fn matches_of(world: &World, names: &Names, line: &str, rounds: &[&Round]) -> usize {
    let mut compared = 0;
    let found = ask(&world.answerer, &format!("{line} maps"), 0).await;
    let mut ids: Vec<&str> = Vec::new();
    for round in rounds {
        if !ids.contains(&round.truth.match_id.as_str()) {
            ids.push(&round.truth.match_id);
        }
    }
    // The product lists them by their ids, which begin with the stamp.
    ids.sort_unstable();
    for (index, id) in ids.iter().enumerate() {
        let of_match: Vec<&Round> = rounds.iter().copied().filter(|round| round.truth.match_id == *id).collect();
        let sums = world.sums(of_match.iter().copied());
        let shown = rows(&found, &format!("match_{}", index + 1));
        assert_eq!(shown.len(), sums.len(), "{line}: {id}");
        for row in &shown {
            compared += agree_row(row, &sums[names.guid(row)], &format!("{line} {id}"));
        }
        let number = world.numbers[&of_match[0].truth.file];
        let found = ask(&world.answerer, &format!("match {number}"), 0).await;
        for row in rows(&found, "match") {
            let guid = names.guid(&row);
            let sum: BTreeMap<String, Value> = row
                .iter()
                .filter_map(|(id, value)| Some((id.strip_suffix("_sum")?.to_owned(), value.clone())))
                .collect();
            compared += agree_row(&sum, &sums[guid], &format!("match {number} {guid}"));
        }
    }
    compared
}

/// `round`: whether it counts or not.
async fn single_rounds(world: &World, names: &Names, rounds: &[&Round]) -> usize {
    let mut compared = 0;
    for round in rounds.iter().filter(|round| round.counts) {
        let number = world.numbers[&round.truth.file];
        let sums = world.sums(std::iter::once(*round));
        let found = ask(&world.answerer, &format!("round {number}"), 0).await;
        let tables = found["tables"].as_object().unwrap();
        let players: Vec<_> =
            tables.keys().flat_map(|table| rows(&found, table)).filter(|row| row.contains_key("player")).collect();
        assert_eq!(players.len(), sums.len(), "round {number}");
        for row in &players {
            compared += agree_row(row, &sums[names.guid(row)], &format!("round {number}"));
        }
    }
    compared
}

/// `maps`: how often, how they end, how fast.
async fn maps(world: &World) -> usize {
    let found = ask(&world.answerer, "maps", 0).await;
    let mut compared = 0;
    for row in rows(&found, "maps") {
        let map = row["map"].as_str().unwrap();
        let is_there = |round: &&Round| round.map == map && round.counts && round.truth.match_state == "complete";
        let there: Vec<&Round> = world.rounds.iter().filter(is_there).collect();
        let count = |is: &dyn Fn(&Round) -> bool| there.iter().filter(|round| is(round)).count();
        let plays = count(&|round| round.number == 1);
        assert_eq!(row["plays"].as_u64(), Some(plays as u64), "{map}");
        let (done, held) =
            (count(&|round| round.truth.outcome == "completed"), count(&|round| round.truth.outcome == "fullhold"));
        let share = |part: usize| (done + held > 0).then(|| 100.0 * part as f64 / (done + held) as f64);
        agree(&row["attack_wins"], share(done), map);
        agree(&row["held"], share(held), map);
        let mut times: Vec<i32> = there
            .iter()
            .filter(|round| round.truth.outcome == "completed")
            .filter_map(|round| round.truth.duration)
            .collect();
        times.sort_unstable();
        agree(&row["record"], times.first().map(|seconds| f64::from(*seconds)), map);
        let middle = times.len().checked_sub(1).map(|last| f64::from(times[last / 2]));
        agree(&row["median"], middle, map);
        compared += 5;
    }
    compared
}
