//! Answers of the real files, computed from the files alone, against values that independent scripts computed.
//! Skips with a visible line where the corpus is absent: it is not part of the repository.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

mod evenings;

use std::collections::BTreeMap;

use evenings::{Evenings, evenings};
use fullhold_analytics::{
    BOARDS, Confidence, MatchOutcome, Played, RatedMatch, Ratings, TeamNames, Totals, Value as BoardValue, awards,
    formula, lineup_changes, mvp_of, rank, series,
};
use fullhold_stats_file::{Guid, Side};
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

#[test]
fn series_and_team_names_of_real_evenings_are_as_expected() {
    let Some(corpus) = evenings() else { return };
    let rounds = corpus.rounds();
    let mut wrong = Vec::new();
    for (index, session) in corpus.timeline.sessions.iter().enumerate() {
        let Some(expected) = corpus.expected["evenings"].get(corpus.key(index)) else { continue };
        let matches: Vec<_> = corpus.timeline.matches.iter().filter(|one| one.session == index).cloned().collect();
        let found: Vec<Value> = series(&rounds, &matches)
            .into_iter()
            .map(|series| {
                let members: Vec<usize> =
                    series.matches.iter().flat_map(|&index| [matches[index].r1, matches[index].r2]).flatten().collect();
                let worn = |team: &[Guid]| -> Vec<&str> {
                    team.iter().map(|guid| newest_name(&corpus, &members, *guid)).collect()
                };
                let (a, b) = (worn(&series.team_a), worn(&series.team_b));
                let names = TeamNames::of(TeamNames::default(), &a, &b);
                serde_json::json!({
                    "a": series.points_a,
                    "b": series.points_b,
                    "maps": series.matches.len(),
                    "names": {"A": names.team_a.unwrap_or_default(), "B": names.team_b.unwrap_or_default()},
                })
            })
            .collect();
        if Value::Array(found.clone()) != expected["series"] {
            wrong.push(format!("{}: found {found:?}, expected {}", corpus.key(index), expected["series"]));
        }
        let points: u64 = found.iter().map(|one| one["a"].as_u64().unwrap()).sum();
        assert_eq!(points, u64::try_from(session.score_a).unwrap(), "{}", corpus.key(index));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The clean name that a player wore last in these rounds.
fn newest_name<'a>(corpus: &'a Evenings, rounds: &[usize], guid: Guid) -> &'a str {
    let worn = rounds.iter().rev().filter_map(|round| corpus.stats[*round].players.iter().find(|p| p.guid == guid));
    worn.map(|player| player.clean_name.as_str()).next().unwrap()
}

#[test]
fn line_ups_of_real_evenings_name_only_those_who_were_not_there_all_the_time() {
    let Some(corpus) = evenings() else { return };
    let rounds = corpus.rounds();
    for (index, session) in corpus.timeline.sessions.iter().enumerate() {
        let matches: Vec<_> = corpus.timeline.matches.iter().filter(|one| one.session == index).cloned().collect();
        let changes = lineup_changes(&rounds, &session.members, &matches);
        let sides = |guid: Guid| -> Vec<Side> {
            let of = |round: &usize| rounds[*round].roster.iter().find(|entry| entry.guid == guid)?.side;
            session.members.iter().filter_map(of).collect()
        };
        let everybody: Vec<Guid> = session.team_a.iter().chain(&session.team_b).copied().collect();
        for guid in everybody {
            let was_always_there = sides(guid).len() == session.members.len();
            let change = changes.iter().find(|one| one.guid == guid);
            let came_or_left = change.is_some_and(|one| one.came_in.is_some() || one.left_after.is_some());
            assert!(!(was_always_there && came_or_left), "{}: {change:?}", corpus.key(index));
        }
    }
}

/// The decided matches of the corpus in order, as ratings see them.
fn rated_matches(corpus: &Evenings) -> Vec<RatedMatch> {
    let decided = corpus.timeline.matches.iter().filter(|one| one.undecided.is_none());
    let mut found: Vec<RatedMatch> = decided
        .map(|one| {
            let session = &corpus.timeline.sessions[one.session];
            let (r1, r2) = (one.r1.unwrap(), one.r2.unwrap());
            let sums = corpus.sums(|round| round == r1 || round == r2);
            let team = |of: &[Guid]| -> Vec<Played> {
                let played = |guid: &Guid| {
                    let Totals { seconds, kills, deaths, .. } = *sums.get(guid)?;
                    Some(Played { guid: *guid, seconds, kills, deaths })
                };
                of.iter().filter_map(played).collect()
            };
            let outcome = match one.points_a.cmp(&one.points_b) {
                std::cmp::Ordering::Greater => MatchOutcome::TeamA,
                std::cmp::Ordering::Equal => MatchOutcome::Draw,
                std::cmp::Ordering::Less => MatchOutcome::TeamB,
            };
            RatedMatch {
                ended_at: evenings::seconds(corpus.files[r2].name.stamp),
                team_a: team(&session.team_a),
                team_b: team(&session.team_b),
                outcome,
                confidence: session.confidence,
            }
        })
        .collect();
    found.sort_by_key(|one| one.ended_at);
    found
}

#[test]
fn few_real_matches_between_balanced_teams_show_no_chance_in_numbers() {
    let Some(corpus) = evenings() else { return };
    let matches = rated_matches(&corpus);
    assert!(matches.len() > 70 && matches.iter().all(|one| one.confidence != Confidence::Low), "{}", matches.len());
    let mut ratings = Ratings::default();
    for one in &matches {
        let guids = |team: &[Played]| team.iter().map(|played| played.guid).collect::<Vec<_>>();
        let said = ratings.predict(&guids(&one.team_a), &guids(&one.team_b), one.ended_at);
        assert_eq!(said.shown, None, "{said:?} before {one:?}");
        ratings.play(one);
    }
    // The calibration is drawn to one half, so that being wrong costs little.
    let loss = ratings.recent_log_loss().unwrap();
    assert!((loss - std::f64::consts::LN_2).abs() < 0.05, "{loss}");
    for skill in ratings.players().values() {
        assert!(skill.mean.is_finite() && skill.deviation > 0.0 && skill.deviation <= 25.0 / 3.0 + 1e-9);
    }
}
