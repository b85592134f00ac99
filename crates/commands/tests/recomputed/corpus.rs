//! The real files beside the repository: boards, evenings, awards and teams as `expected/answers.json` has them.

use std::collections::BTreeMap;

use fullhold_testkit::{corpus, each_backend};
use serde_json::Value;

use crate::support::{answerer, import};
use crate::told::{agree, ask, rows};

/// Equal within the rounding of the expected values. Where the files of an era do not carry a number, or there is nothing to
/// divide by, the product says "not known" and the scripts have 0.
fn near(found: &Value, expected: f64, what: &str) {
    if found.is_null() && expected.abs() < f64::EPSILON {
        return;
    }
    let found = found.as_f64().unwrap_or_else(|| panic!("{what}: {found}"));
    assert!((found - expected).abs() < 5e-4, "{what}: {found} is shown, {expected} is right");
}

#[tokio::test(flavor = "multi_thread")]
async fn boards_and_evenings_are_those_that_were_computed_elsewhere() {
    let Some(corpus) = corpus() else { return };
    let expected = corpus.expected_json("answers.json");
    each_backend(async |url| {
        let answerer = answerer(import(url, "demo", vec![corpus.directory()]).await, Vec::new());
        let list = ask(&answerer, "list_players", 0).await;
        let names: BTreeMap<String, String> = rows(&list, "players")
            .iter()
            .map(|row| (row["guid"].as_str().unwrap().to_owned(), row["player"].as_str().unwrap().to_owned()))
            .collect();
        for (scope, boards) in expected["boards"].as_object().unwrap() {
            let scope = scope.strip_prefix("map ").unwrap_or(scope);
            for (board, places) in boards.as_object().unwrap() {
                let places = places.as_array().unwrap();
                let mut found = Vec::new();
                for page in 0..places.len().div_ceil(10).max(1) {
                    found.extend(rows(&ask(&answerer, &format!("leaderboard {board} {scope}"), page).await, "board"));
                }
                assert_eq!(found.len(), places.len(), "{board} {scope}");
                for (row, place) in found.iter().zip(places) {
                    let what = format!("{board} {scope} {place}");
                    assert_eq!(
                        row["player"].as_str(),
                        names.get(place[0].as_str().unwrap()).map(String::as_str),
                        "{what}"
                    );
                    let expected = place[1].as_f64().unwrap();
                    near(&row["value"], expected, &what);
                    if let Some(rounds) = row.get("rounds") {
                        agree(rounds, place[2].as_f64(), &what);
                    }
                }
            }
        }
        for (key, evening) in expected["evenings"].as_object().unwrap() {
            let line = format!("session {}", key.get(..17).unwrap());
            let found = ask(&answerer, &format!("{line} overview"), 0).await;
            let players = rows(&found, "players");
            let sums = evening["players"].as_object().unwrap();
            assert_eq!(players.len(), sums.len(), "{key}");
            for (guid, sums) in sums {
                let row = players.iter().find(|row| row["player"].as_str() == names.get(guid).map(String::as_str));
                let row = row.unwrap_or_else(|| panic!("{key}: {guid} is missing"));
                for (expected, id) in [
                    ("kills", "kills"),
                    ("deaths", "deaths"),
                    ("damage_given", "damage"),
                    ("dpm", "dpm"),
                    ("accuracy", "accuracy"),
                    ("head_hits", "head_hit_percent"),
                ] {
                    near(&row[id], sums[expected].as_f64().unwrap(), &format!("{key} {guid} {id}"));
                }
            }
            let words = ask(&answerer, &format!("{line} awards"), 0).await["text"].to_string();
            for (award, won) in evening["awards"].as_object().unwrap() {
                let name = &names[won[0].as_str().unwrap()];
                let name = serde_json::to_string(name).unwrap();
                let is_told = |line: &str| line.contains(award) && line.contains(name.trim_matches('"'));
                assert!(words.split("\\n").any(is_told), "{key}: {award} of {name} in {words}");
            }
        }
    })
    .await;
}
