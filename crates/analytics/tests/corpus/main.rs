//! Answers of the real files, computed from the files alone, against values that independent scripts computed.
//! Skips with a visible line where the corpus is absent: it is not part of the repository.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

mod evenings;

use std::collections::BTreeMap;

use evenings::{Evenings, evenings};
use fullhold_analytics::{BOARDS, Totals, Value as BoardValue, awards, formula, mvp_of, rank};
use fullhold_stats_file::Guid;
use serde_json::{Map, Value};

/// Expected values are rounded to four or six decimals.
fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 0.000_051
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap()
}

/// The sums of a scope as the expected values name it.
fn scope(corpus: &Evenings, name: &str) -> BTreeMap<Guid, Totals> {
    // A period has whole evenings, by the day on which they began.
    let began = |round: usize| {
        let session = &corpus.timeline.sessions[corpus.timeline.rounds[round].session];
        corpus.files[session.first].name.stamp
    };
    corpus.sums(|round| match name {
        "all" => true,
        "2025-10" => (began(round).year, began(round).month) == (2025, 10),
        "2025-Q4" => began(round).year == 2025 && began(round).month >= 10,
        _ => Some(corpus.files[round].name.map.as_str()) == name.strip_prefix("map "),
    })
}

#[test]
fn boards_of_real_evenings_are_as_expected() {
    let Some(corpus) = evenings() else { return };
    let mut wrong = Vec::new();
    for (scope_name, boards) in object(&corpus.expected["boards"]) {
        let sums = scope(&corpus, scope_name);
        for (id, expected) in object(boards) {
            let board = BOARDS.iter().find(|board| board.id == *id).unwrap();
            let found = rank(board, &sums, &BTreeMap::new());
            let expected: Vec<(&str, f64, i64)> = expected
                .as_array()
                .unwrap()
                .iter()
                .map(|row| (row[0].as_str().unwrap(), row[1].as_f64().unwrap(), row[2].as_i64().unwrap()))
                .collect();
            let same = found.len() == expected.len()
                && found.iter().zip(&expected).all(|(found, (guid, value, rounds))| {
                    // The scripts have 0 for what no file carries; here it is unknown.
                    found.guid.as_str() == *guid
                        && near(found.value.unwrap_or(0.0), *value)
                        && found.totals.rounds == *rounds
                });
            if !same {
                let found: Vec<_> = found.iter().map(|row| (row.guid, row.value, row.totals.rounds)).collect();
                wrong.push(format!("{id} of {scope_name}:\n  found {found:?}\n  expected {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_board_is_expected_or_not_of_files_alone() {
    let Some(corpus) = evenings() else { return };
    let expected = object(&corpus.expected["boards"]["all"]);
    for board in BOARDS {
        let needs_more = matches!(board.value, BoardValue::Given(_)) || board.id == "wins";
        assert_ne!(expected.contains_key(board.id), needs_more, "{}", board.id);
    }
}

#[test]
fn players_awards_and_mvps_of_real_evenings_are_as_expected() {
    let Some(corpus) = evenings() else { return };
    let expected_evenings = object(&corpus.expected["evenings"]);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for session in 0..corpus.timeline.sessions.len() {
        let sums = corpus.sums(|round| corpus.timeline.rounds[round].session == session);
        let Some(expected) = expected_evenings.get(&corpus.key(session)) else {
            assert!(sums.is_empty(), "{} has valid rounds, yet no answer is expected", corpus.key(session));
            continue;
        };
        seen += 1;
        let mut differ = |what: &str, found: String, expected: String| {
            if found != expected {
                wrong.push(format!("{}: {what}: found {found}, expected {expected}", corpus.key(session)));
            }
        };
        let mvp = mvp_of(&sums).map(|guid| guid.to_string());
        differ("mvp", format!("{mvp:?}"), format!("{:?}", expected["mvp"].as_str().map(str::to_owned)));
        players(&sums, object(&expected["players"]), &mut differ);
        let found: BTreeMap<String, (String, f64)> = awards(&sums)
            .into_iter()
            .map(|won| (won.award.title.to_owned(), (won.guid.to_string(), won.value)))
            .collect();
        let expected = object(&expected["awards"]);
        for title in found.keys().chain(expected.keys()) {
            let number = |value: f64| format!("{value:.4}");
            let ours = found.get(title).map(|(guid, value)| format!("{guid} {}", number(*value)));
            let theirs = expected
                .get(title)
                .map(|row| format!("{} {}", row[0].as_str().unwrap(), number(row[1].as_f64().unwrap())));
            differ(title, format!("{ours:?}"), format!("{theirs:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(seen, expected_evenings.len());
}

/// The sums of an evening: who is there, and each of his numbers.
fn players(
    sums: &BTreeMap<Guid, Totals>,
    expected: &Map<String, Value>,
    differ: &mut impl FnMut(&str, String, String),
) {
    let names = sums.keys().map(|guid| guid.to_string()).collect::<Vec<_>>();
    differ("players", format!("{names:?}"), format!("{:?}", expected.keys().collect::<Vec<_>>()));
    let metrics = [
        ("kills", "kills"),
        ("deaths", "deaths"),
        ("damage_given", "damage"),
        ("dpm", "dpm"),
        ("accuracy", "accuracy"),
        ("head_hits", "head_hit_percent"),
        ("objectives", "objectives"),
        ("revives_given", "revives"),
        ("rounds", "rounds"),
    ];
    for (guid, totals) in sums {
        let Some(row) = expected.get(guid.as_str()) else { continue };
        assert_eq!(object(row).len(), metrics.len());
        for (theirs, ours) in metrics {
            let expected = row[theirs].as_f64();
            // The scripts have 0 for what no file of the evening carries; here it is unknown.
            let found = formula(ours).unwrap().of(totals).unwrap_or(0.0);
            if !expected.is_some_and(|expected| near(found, expected)) {
                differ(&format!("{theirs} of {guid}"), found.to_string(), format!("{expected:?}"));
            }
        }
    }
}
