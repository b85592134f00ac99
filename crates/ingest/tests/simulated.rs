//! Simulated evenings with everything that goes wrong on a real server: what is stored is what was
//! played.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

mod support;

use std::collections::BTreeMap;

use fullhold_simulator::{Config, Disturbances, Evening, Simulation, TrueEvening, TruePlayer, TrueRound};
use fullhold_testkit::each_backend;
use support::{Rows, column, import_written_at, importer, query};

/// More than 500 matches: a match is at most two rounds.
const ROUNDS: usize = 1300;

fn evenings(seed: u64, rounds: usize, zone: &str) -> Vec<Evening> {
    let config = Config::community(seed, rounds, zone, Disturbances::all());
    Simulation::new(config).unwrap().collect()
}

/// The evening's files with the instants of their writing, which decide the hour that a clock set
/// back shows twice.
fn written(evening: &Evening) -> Vec<(&str, &[u8], Option<i64>)> {
    let at = evening.truth.rounds.iter().map(|r| Some(r.ended_at));
    evening.files.iter().zip(at).map(|(f, at)| (f.name.as_str(), f.bytes.as_slice(), at)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_is_what_was_played() {
    let evenings = evenings(7, ROUNDS, "Europe/Ljubljana");
    let matches: usize = evenings.iter().map(|e| e.truth.matches.len()).sum();
    assert!(matches >= 500, "{matches} matches");
    for word in ["aborted", "cancelled", "substitution", "orphan_r2"] {
        let happened = evenings.iter().flat_map(|e| &e.truth.rounds).any(|r| r.status == word);
        assert!(happened, "no round is {word}: the simulation shows nothing");
    }
    for word in ["joined", "reset"] {
        let happened = evenings.iter().flat_map(|e| &e.truth.rounds).flat_map(|r| &r.players).any(|p| p.class == word);
        assert!(happened, "no player is {word}: the simulation shows nothing");
    }
    each_backend(async |url| {
        let importer = importer(url, "Europe/Ljubljana").await;
        for evening in &evenings {
            import_written_at(&importer, &written(evening)).await;
        }
        rounds_are_true(url, &evenings).await;
        players_are_true(url, &evenings).await;
        weapons_are_true(url, &evenings).await;
        scores_are_true(url, &evenings).await;
    })
    .await;
}

fn by_file(rows: Rows) -> BTreeMap<String, Vec<String>> {
    let text = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    rows.into_iter()
        .map(|row| {
            let mut texts = row.into_iter().map(text);
            (texts.next().unwrap(), texts.collect())
        })
        .collect()
}

async fn rounds_are_true(url: &str, evenings: &[Evening]) {
    let epoch = if url.starts_with("sqlite") {
        "CAST(strftime('%s', substr(r.ended_at, 1, 19)) AS INTEGER)"
    } else {
        "CAST(extract(epoch FROM r.ended_at) AS BIGINT)"
    };
    let sql = format!(
        "SELECT f.filename, r.match_id, r.match_state, r.round_status, CASE WHEN r.is_valid THEN 1 ELSE 0 END,
            r.round_outcome, r.actual_time_seconds, {epoch}
         FROM rounds r JOIN processed_files f ON f.id = r.file_id"
    );
    let mut stored = by_file(query(url, &sql).await);
    for TrueRound { file, ended_at, match_id, match_state, status, is_valid, outcome, duration, .. } in
        evenings.iter().flat_map(|e| &e.truth.rounds)
    {
        let truth = vec![
            match_id.clone(),
            (*match_state).to_owned(),
            (*status).to_owned(),
            u8::from(*is_valid).to_string(),
            (*outcome).to_owned(),
            duration.map_or("-".to_owned(), |d| d.to_string()),
            ended_at.to_string(),
        ];
        assert_eq!(stored.remove(file), Some(truth), "{file}");
    }
    assert!(stored.is_empty(), "rounds nobody played: {stored:?}");
}

async fn players_are_true(url: &str, evenings: &[Evening]) {
    let players = || evenings.iter().flat_map(|e| &e.truth.rounds).flat_map(|r| r.players.iter().map(move |p| (r, p)));
    let (_, example) = players().next().unwrap();
    let columns: Vec<String> = example
        .values
        .iter()
        .map(|(field, _)| match field.spec().name {
            // Stored in minutes.
            "time_played_minutes" => "CAST(round(p.time_played_minutes * 10) AS INTEGER)".to_owned(),
            "time_dead_minutes" => "CAST(round(p.time_dead_minutes * 10) AS INTEGER)".to_owned(),
            name => format!("p.{}", column(name)),
        })
        .collect();
    let sql = format!(
        "SELECT f.filename || ' ' || p.player_guid, p.player_name, p.differential_class, p.team,
            p.time_played_seconds, {}
         FROM player_comprehensive_stats p JOIN rounds r ON r.id = p.round_id JOIN processed_files f ON f.id = r.file_id",
        columns.join(", ")
    );
    let mut stored = by_file(query(url, &sql).await);
    for (round, TruePlayer { guid, name, class, team, values, seconds, .. }) in players() {
        let mut truth = vec![name.clone(), (*class).to_owned(), team.to_string(), seconds.to_string()];
        truth.extend(values.iter().map(|(_, value)| value.map_or("-".to_owned(), |v| v.to_string())));
        let key = format!("{} {guid}", round.file);
        assert_eq!(stored.remove(&key), Some(truth), "{key} {columns:?}");
    }
    assert!(stored.is_empty(), "players nobody saw: {stored:?}");
}

async fn weapons_are_true(url: &str, evenings: &[Evening]) {
    let sql = "SELECT f.filename || ' ' || w.player_guid || ' ' || w.weapon_name, w.hits, w.shots, w.kills, w.deaths,
            w.headshots
         FROM weapon_stats w JOIN rounds r ON r.id = w.round_id JOIN processed_files f ON f.id = r.file_id";
    let mut stored = by_file(query(url, sql).await);
    for round in evenings.iter().flat_map(|e| &e.truth.rounds) {
        for player in &round.players {
            for (weapon, w) in &player.weapons {
                let key = format!("{} {} {}", round.file, player.guid, weapon.name());
                let truth = [w.hits, w.shots, w.kills, w.deaths, w.headshots].map(|n| n.to_string()).to_vec();
                assert_eq!(stored.remove(&key), Some(truth), "{key}");
            }
        }
    }
    assert!(stored.is_empty(), "weapons nobody used: {stored:?}");
}

async fn scores_are_true(url: &str, evenings: &[Evening]) {
    let points = by_file(
        query(
            url,
            "SELECT match_id, points_r1_attackers, points_r2_attackers FROM matches WHERE match_state = 'complete'",
        )
        .await,
    );
    let sessions = by_file(query(url, "SELECT session_key, rounds, score_a, score_b FROM gaming_sessions").await);
    assert_eq!(sessions.len(), evenings.len());
    let mut known = 0;
    for Evening { truth, .. } in evenings {
        for one in &truth.matches {
            let (first, second) = one.points;
            assert_eq!(points[&one.match_id], [first.to_string(), second.to_string()], "{}", one.match_id);
        }
        let TrueEvening { rounds, score, .. } = truth;
        let first = rounds[0].file.replace("-round-", "-").replace(".txt", "");
        let stored = &sessions[&first];
        assert_eq!(stored[0], rounds.len().to_string(), "{first}");
        if let Some((a, b)) = score {
            known += 1;
            assert_eq!(stored[1..], [a.to_string(), b.to_string()], "{first}");
        }
    }
    assert!(known * 10 > evenings.len() * 9, "too few evenings have a score to compare");
}
