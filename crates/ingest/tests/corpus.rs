//! The real files: what is stored equals what independent scripts computed from the same files.
#![expect(clippy::unwrap_used, reason = "test support")]

mod support;

use std::collections::BTreeMap;

use fullhold_testkit::{Corpus, corpus, each_backend};
use serde_json::Value;
use support::{Rows, column, import, importer, number, query};

async fn imported(corpus: &Corpus, url: &str) {
    let importer = importer(url, "Europe/Ljubljana").await;
    for batch in corpus.files().chunks(50) {
        import(&importer, batch).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_real_file_is_stored_with_its_partner_and_sums() {
    let Some(corpus) = corpus() else { return };
    each_backend(async |url| {
        imported(&corpus, url).await;
        let rounds = query(
            url,
            "SELECT f.filename, r.match_state, r.round_number, r.round_outcome, r.actual_time_seconds,
                r.time_limit_seconds, r.next_time_limit_seconds, r.defender_team, r.winner_team, o.server_stamp,
                o.map_name, o.round_number, f.state
             FROM processed_files f LEFT JOIN rounds r ON r.file_id = f.id
             LEFT JOIN rounds o ON o.match_id = r.match_id AND o.id <> r.id",
        )
        .await;
        let rounds: BTreeMap<String, Vec<Option<String>>> =
            rounds.into_iter().map(|row| (row[0].clone().unwrap(), row)).collect();
        let expected = corpus.expected_table("files.csv");
        assert_eq!(rounds.len(), expected.len());
        for row in expected {
            let stored = &rounds[&row["file"]];
            let get = |i: usize| stored[i].clone().unwrap_or_default();
            let file = &row["file"];
            assert_eq!(get(12), "imported", "{file}");
            let partner = if row["partner"].is_empty() {
                assert!(stored[9].is_none(), "{file}");
                String::new()
            } else {
                format!("{}-{}-round-{}.txt", get(9), get(10), get(11))
            };
            let kind = match (get(1).as_str(), get(2).as_str()) {
                ("orphan_r2", "2") => "R2-orphan",
                ("complete", "2") => "R2",
                (_, "1") => "R1",
                other => panic!("{file}: {other:?}"),
            };
            let clock = |i: usize| {
                let seconds: i64 = get(i).parse().unwrap();
                format!("{}:{:02}", seconds / 60, seconds % 60)
            };
            let outcome = if get(3) == "fullhold" { "hold" } else { "done" };
            let ours =
                [kind.to_owned(), partner, outcome.to_owned(), clock(5), clock(6), format!("{}/{}", get(7), get(8))];
            let columns = ["kind", "partner", "outcome", "timelimit", "nexttimelimit", "defender/winner"];
            let theirs = columns.map(|column| row[column].clone());
            assert_eq!(ours, theirs, "{file}");
            match row["duration_s"].parse::<f64>() {
                Ok(seconds) => assert!((number(stored[4].as_ref()) - seconds).abs() <= 6.0, "{file} {stored:?}"),
                Err(_) => assert!(stored[4].is_none(), "{file} {stored:?}"),
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_player_line_of_a_paired_round_2_is_the_true_one() {
    let Some(corpus) = corpus() else { return };
    each_backend(async |url| {
        imported(&corpus, url).await;
        let lines = corpus.expected_json_lines("round2_differential.jsonl");
        let names: Vec<String> = lines[0]
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| !["r2", "r1", "guid", "kind", "weapons"].contains(&key.as_str()))
            .cloned()
            .chain(["revives_given".to_owned()])
            .collect();
        let columns: Vec<&str> = names.iter().map(|name| column(name)).collect();
        let sql = format!(
            "SELECT f.filename, p.player_guid, p.differential_class, p.{} FROM player_comprehensive_stats p
             JOIN rounds r ON r.id = p.round_id JOIN processed_files f ON f.id = r.file_id
             WHERE r.match_state = 'complete' AND r.round_number = 2",
            columns.join(", p.")
        );
        let mut stored: BTreeMap<(String, String), Vec<Option<String>>> = BTreeMap::new();
        for row in query(url, &sql).await {
            stored.insert((row[0].clone().unwrap(), row[1].clone().unwrap()), row);
        }
        let mut weapons = weapons_of(query(url, WEAPONS).await);
        for line in &lines {
            let key = (line["r2"].as_str().unwrap().to_owned(), line["guid"].as_str().unwrap().to_owned());
            let row = stored.remove(&key);
            if line["kind"] == "spectator" {
                assert!(row.is_none(), "{key:?} took no part");
                continue;
            }
            let row = row.unwrap_or_else(|| panic!("{key:?} is missing"));
            assert_eq!(row[2].as_deref(), line["kind"].as_str(), "{key:?}");
            for (name, value) in names.iter().zip(&row[3..]) {
                match line.get(name).filter(|v| !v.is_null()) {
                    None => assert_eq!(*value, None, "{key:?} {name}: the era has none"),
                    Some(expected) => {
                        let (ours, theirs) = (number(value.as_ref()), expected.as_f64().unwrap());
                        assert!((ours - theirs).abs() < 1e-9, "{key:?} {name}: {ours}, expected {theirs}");
                    }
                }
            }
            let mut theirs: BTreeMap<String, Vec<i64>> = serde_json::from_value(line["weapons"].clone()).unwrap();
            theirs.retain(|_, counts| counts.iter().any(|n| *n != 0));
            assert_eq!(weapons.remove(&key).unwrap_or_default(), theirs, "{key:?}");
        }
        assert!(stored.is_empty(), "lines nobody expected: {:?}", stored.keys());
    })
    .await;
}

const WEAPONS: &str = "SELECT f.filename, w.player_guid, w.weapon_name, w.hits, w.shots, w.kills, w.deaths, w.headshots
    FROM weapon_stats w JOIN rounds r ON r.id = w.round_id JOIN processed_files f ON f.id = r.file_id
    WHERE r.match_state = 'complete' AND r.round_number = 2";

fn weapons_of(rows: Rows) -> BTreeMap<(String, String), BTreeMap<String, Vec<i64>>> {
    let mut weapons: BTreeMap<(String, String), BTreeMap<String, Vec<i64>>> = BTreeMap::new();
    for row in rows {
        let mut texts = row.into_iter().map(Option::unwrap);
        let key = (texts.next().unwrap(), texts.next().unwrap());
        let name = texts.next().unwrap();
        weapons.entry(key).or_default().insert(name, texts.map(|n| n.parse().unwrap()).collect());
    }
    weapons
}

#[tokio::test(flavor = "multi_thread")]
async fn evenings_teams_and_scores_are_those_expected() {
    let Some(corpus) = corpus() else { return };
    each_backend(async |url| {
        imported(&corpus, url).await;
        let sessions = query(
            url,
            "SELECT g.id, g.session_key, g.rounds, g.matches, g.players, g.score_a, g.score_b,
                (SELECT count(*) FROM rounds r WHERE r.gaming_session_id = g.id AND r.round_number = 1),
                (SELECT count(*) FROM matches m WHERE m.gaming_session_id = g.id AND m.match_state = 'abandoned_r1'),
                (SELECT count(*) FROM matches m WHERE m.gaming_session_id = g.id AND m.match_state = 'orphan_r2')
             FROM gaming_sessions g ORDER BY g.started_at",
        )
        .await;
        let teams = query(url, "SELECT session_id, team, player_guid FROM session_teams ORDER BY player_guid").await;
        let matches = query(
            url,
            "SELECT m.gaming_session_id, m.match_id, m.map_name, m.match_state, m.points_r1_attackers,
                m.points_r2_attackers, m.team_a_r1_side, m.points_a, m.points_b
             FROM matches m ORDER BY m.match_id",
        )
        .await;
        let expected = corpus.expected_json("sessions.json");
        let expected = expected.as_array().unwrap();
        assert_eq!(sessions.len(), expected.len());
        for (row, evening) in sessions.iter().zip(expected) {
            let id = row[0].clone();
            let key = evening["first"].as_str().unwrap().replace("-round-", "-").replace(".txt", "");
            assert_eq!(row[1], Some(key.clone()));
            let names = ["rounds", "complete", "players", "score_a", "score_b", "r1", "abandoned_r1", "orphan_r2"];
            for (name, value) in names.iter().zip(&row[2..]) {
                assert_eq!(value.as_ref().unwrap(), &evening[*name].to_string(), "{key} {name}");
            }
            for (team, name) in [("A", "team_a"), ("B", "team_b"), ("ambiguous", "ambiguous")] {
                let ours: Vec<&str> = teams
                    .iter()
                    .filter(|t| t[0] == id && t[1].as_deref() == Some(team))
                    .map(|t| t[2].as_deref().unwrap())
                    .collect();
                let theirs: Vec<&str> =
                    evening[name].as_array().unwrap().iter().map(|guid| guid.as_str().unwrap()).collect();
                assert_eq!(ours, theirs, "{key} {name}");
            }
            let ours: Vec<Vec<String>> = matches
                .iter()
                .filter(|m| m[0] == id)
                .map(|m| m[1..].iter().map(|v| v.clone().unwrap_or_default()).collect())
                .collect();
            let theirs: Vec<Vec<String>> = evening["maps"].as_array().unwrap().iter().map(match_of).collect();
            assert_eq!(ours, theirs, "{key}");
        }
    })
    .await;
}

/// A match of the expected values in the order of our columns.
fn match_of(m: &Value) -> Vec<String> {
    let text =
        |v: &Value| v.as_str().map_or_else(|| if v.is_null() { String::new() } else { v.to_string() }, str::to_owned);
    let mut row = vec![format!("{}-{}", text(&m["match_id"]), text(&m["map"])), text(&m["map"]), text(&m["status"])];
    let points = &m["points_r1att_r2att"];
    let ab = &m["points_a_b"];
    row.extend([&points[0], &points[1], &m["team_a_r1_side"], &ab[0], &ab[1]].map(text));
    row
}

#[tokio::test(flavor = "multi_thread")]
async fn sums_over_everything_are_those_expected_and_every_pair_is_zero_sum() {
    let Some(corpus) = corpus() else { return };
    each_backend(async |url| {
        imported(&corpus, url).await;
        let totals = corpus.expected_json("totals.json");
        let expected = totals["round2_differential"].as_object().unwrap();
        for (name, value) in expected {
            let sum = match name.as_str() {
                "lines" => "count(*)".to_owned(),
                "dropped_spectator_lines" => continue,
                "time_played_tenths_of_minute" => "round(sum(p.time_played_minutes) * 10)".to_owned(),
                name => format!("sum(p.{})", column(name)),
            };
            let sql = format!(
                "SELECT {sum} FROM player_comprehensive_stats p JOIN rounds r ON r.id = p.round_id
                 WHERE r.match_state = 'complete' AND r.round_number = 2"
            );
            let ours = number(query(url, &sql).await[0][0].as_ref());
            assert!((ours - value.as_f64().unwrap()).abs() < 1e-6, "{name}: {ours}, expected {value}");
        }
        let unequal = query(
            url,
            "SELECT r.match_id, r.round_number, w.weapon_name, sum(w.kills), sum(w.deaths) FROM weapon_stats w
             JOIN rounds r ON r.id = w.round_id WHERE r.match_state = 'complete'
             GROUP BY r.match_id, r.round_number, w.weapon_name HAVING sum(w.kills) <> sum(w.deaths)",
        )
        .await;
        assert_eq!(unequal, Rows::new());
        let unequal = query(
            url,
            "SELECT r.match_id, r.round_number FROM player_comprehensive_stats p JOIN rounds r ON r.id = p.round_id
             WHERE r.match_state = 'complete' GROUP BY r.match_id, r.round_number
             HAVING sum(p.damage_given) <> sum(p.damage_received)
                OR sum(p.team_damage_given) <> sum(p.team_damage_received)",
        )
        .await;
        assert_eq!(unequal, Rows::new());
    })
    .await;
}
