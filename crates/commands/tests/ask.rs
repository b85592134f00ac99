//! Questions to a database with the sample evenings, on both databases: what is there, what is not, what is wrong.
#![expect(clippy::unwrap_used, reason = "test support")]

mod support;

use fullhold_repository::ServerId;
use std::collections::BTreeMap;
use std::time::Duration;

use fullhold_commands::reply::{buttons, data, messages};
use fullhold_commands::{
    Answerer, AskConfig, Asker, COMMANDS, Catalogue, CooldownConfig, Outcome, Permission, Question, UserId, answered,
};
use fullhold_stats_file::Guid;
use fullhold_testkit::each_backend;
use serde_json::json;
use support::{answerer, ask, filled, open, question, shown};
use time::OffsetDateTime;
use time::macros::{date, datetime};

/// A line of each command that has a handler, about what the samples have.
const ANSWERABLE: &[&str] = &[
    "help",
    "help stats",
    "badges",
    "last_session",
    "last_session weapons",
    "session 2025-11-12",
    "session 12.11.2025",
    "session 2 awards",
    "session friday",
    "sessions",
    "sessions nov",
    "sessions 2025-11",
    "mvp",
    "mvp 2025-11-10",
    "last_round",
    "round 1",
    "match 1",
    "match 2025-11-10",
    "player_search gra",
    "list_players",
    "aliases grashopper",
    "aliases guid:B54CDA26",
    "teams",
    "achievements grashopper",
    "last overview",
    "last top",
    "last combat",
    "last objectives",
    "last support",
    "last sprees",
    "last maps",
    "last rounds",
    "last teams",
    "last graphs",
    "last awards",
    "last players",
    "stats grashopper",
    "stats grashopper 2025-11-14",
    "stats grashopper view:weapons",
    "stats grashopper view:maps",
    "stats grashopper te_escape2",
    "compare grashopper otokar",
    "compare grashopper otokar zweiblum",
    "synergy grashopper otokar",
    "top_kills",
    "top dpm",
    "top grenades all",
    "lb games 2025-11-12 te_escape2",
    "leaderboard et_rating",
    "maps",
    "map te_escape2",
    "map adler",
    "records",
    "records te_escape2",
    "export csv last_session",
    "export json top dpm all",
    "export csv aliases guid:B54CDA26",
    "season",
    "season 2025-Q4",
    "seasons 2025-Q3",
    "best_duos",
    "best_duos season",
    "teammates grashopper",
    "session_stats",
    "ping",
    "about",
];

/// A question about what is not there, or that cannot be understood, and what its answer says.
const REFUSED: &[(&str, &str)] = &[
    ("session 2024-01-01", "Nobody played on 2024-01-01."),
    ("session 99", "There is no such evening."),
    ("session 2025-11-12-000000", "There is no such evening."),
    ("round 99999", "There is no such round."),
    ("round 99999999999", "There is no such round."),
    ("round x", "\"x\" is no round."),
    ("aliases nobody", "There is no player \"nobody\"."),
    ("aliases grashoper", "Did you mean:"),
    ("lb dmp", "Did you mean:"),
    ("map zzz", "No map that was played here"),
    ("stats", "Who are you?"),
    ("compare grashopper", "\"b\" is missing."),
    ("aliases o", "Several players are called \"o\"."),
    ("aliases", "Who are you?"),
    ("lst", "There is no command \"lst\""),
    ("last \"weapons", "The quote at character 6 is not closed."),
    ("health", "That is for those who run the community"),
    ("export csv export json help", "Say what is to be exported"),
    ("export csv health", "That is for those who run the community"),
    ("export csv round 99999", "There is no such round."),
    ("export csv badgs", "There is no command \"badgs\""),
    ("season 30d", "A season is season or a year and a quarter"),
    ("teammates nobody", "There is no player \"nobody\"."),
    ("last wepons", "\"wepons\" is no view."),
];

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_answered_and_what_is_wrong_is_said() {
    each_backend(async |url| {
        let answerer = answerer(filled(url).await, Vec::new());
        for line in ANSWERABLE {
            let answer = ask(&answerer, line).await;
            assert!(answer.error.is_none(), "{line}: {:?}", answer.error);
            assert_eq!(answer.outcome, Outcome::Answered, "{line}:\n{}", shown(&answer.reply));
            assert!(!messages(&answer.reply, line).is_empty() && data(&answer.reply).is_object(), "{line}");
        }
        for (line, expected) in REFUSED {
            let answer = ask(&answerer, line).await;
            let shown = shown(&answer.reply);
            assert_eq!(answer.outcome, Outcome::Refused, "{line}:\n{shown}");
            assert!(answer.reply.is_private, "{line}");
            assert!(shown.contains(expected), "{line}: {expected} is missing in\n{shown}");
        }
    })
    .await;
}

/// Whatever an answer offers to press is a question that is answered.
#[tokio::test(flavor = "multi_thread")]
async fn every_button_leads_somewhere() {
    each_backend(async |url| {
        let answerer = answerer(filled(url).await, Vec::new());
        for line in [
            "last_session",
            "sessions",
            "session 2024-01-01",
            "match 1",
            "round 2",
            "aliases o",
            "aliases grashoper",
            "stats grashopper",
            "records",
            "maps",
            "lb dmp",
            "list_players",
            "season",
            "session_stats",
        ] {
            let answer = ask(&answerer, line).await;
            for button in buttons(&answer.reply) {
                let next = ask(&answerer, &button.line).await;
                assert_eq!(next.outcome, Outcome::Answered, "{line} -> {}:\n{}", button.line, shown(&next.reply));
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_database_and_another_server_show_nothing() {
    each_backend(async |url| {
        let empty = answerer(open(url).await, Vec::new());
        for line in ANSWERABLE {
            let answer = ask(&empty, line).await;
            assert!(answer.error.is_none(), "{line}: {:?}", answer.error);
        }
        // A community whose server is another one.
        let other = answerer(filled(url).await, vec![ServerId(9_999)]);
        for line in ["last_session", "sessions", "session 1", "round 1", "match 1", "last_round", "session 2025-11-12"]
        {
            let answer = ask(&other, line).await;
            let shown = shown(&answer.reply);
            assert!(!shown.contains("grashopper") && !shown.contains("te_escape2"), "{line}:\n{shown}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_evening_has_the_numbers_that_the_importer_prints() {
    each_backend(async |url| {
        let answerer = answerer(filled(url).await, Vec::new());
        let data = data(&ask(&answerer, "last_session").await.reply);
        let players = data["tables"]["players"]["rows"].as_array().unwrap();
        // testdata/README.md and the golden file of the importer's tests have the same evening.
        assert_eq!(players.len(), 7);
        assert_eq!(players[0].as_array().unwrap()[..3], [json!("Quent1n"), json!(117), json!(88)]);
        let kills: i64 = players.iter().filter_map(|row| row[1].as_i64()).sum();
        let deaths: i64 = players.iter().filter_map(|row| row[2].as_i64()).sum();
        // Nobody kills without somebody dying: only team kills and bots are beside it.
        assert_eq!(kills, deaths, "kills and deaths by enemies");
    })
    .await;
}

/// The evening is being played while a round could still belong to it: the importer's gap is an hour.
#[tokio::test(flavor = "multi_thread")]
async fn an_evening_runs_until_a_pause_ends_it() {
    each_backend(async |url| {
        let answerer = answerer(filled(url).await, Vec::new());
        let last = data(&ask(&answerer, "ping").await.reply);
        let ended_at = last["tables"]["servers"]["rows"][0][2].as_i64().unwrap();
        let after = async |seconds: i64| {
            let at = OffsetDateTime::from_unix_timestamp(ended_at + seconds).unwrap();
            answerer.answer(Question { at, ..question("session_stats") }).await
        };
        for seconds in [-5, 0, 3_599] {
            let running = after(seconds).await;
            let shown = shown(&running.reply);
            assert!(shown.starts_with("Evening #3 of 2025-11-14") && shown.contains("played by"), "{shown}");
        }
        for seconds in [3_600, 86_400] {
            let over = after(seconds).await;
            let shown = shown(&over.reply);
            assert_eq!(over.outcome, Outcome::Answered);
            let expected = format!("The last one was #3 of 2025-11-14; its last round ended @{ended_at}.");
            assert!(shown.contains(&expected), "{shown}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ping_says_how_old_the_newest_round_is() {
    each_backend(async |url| {
        let db = filled(url).await;
        let newest = db.freshness().await.unwrap()[0].newest_round.unwrap().assume_utc().unix_timestamp();
        let reply = data(&ask(&answerer(db.clone(), Vec::new()), "ping").await.reply);
        let row = &reply["tables"]["servers"]["rows"][0];
        let age = datetime!(2025-11-20 12:00 UTC).unix_timestamp() - newest;
        assert_eq!((row[0].as_str(), row[1].as_f64()), (Some("demo"), Some(f64::from(i32::try_from(age).unwrap()))));
        let other = data(&ask(&answerer(db, vec![ServerId(9_999)]), "ping").await.reply);
        assert!(other["tables"]["servers"].is_null(), "{other}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_season_is_the_board_of_its_period() {
    each_backend(async |url| {
        let answerer = answerer(filled(url).await, Vec::new());
        let season = data(&ask(&answerer, "season").await.reply);
        let board = data(&ask(&answerer, "top_kills season").await.reply);
        let columns = |table: &serde_json::Value, value: usize| -> Vec<(String, i64)> {
            let rows = table["rows"].as_array().unwrap().iter();
            rows.map(|row| (row[0].as_str().unwrap().to_owned(), row[value].as_i64().unwrap())).collect()
        };
        let standings = columns(&season["tables"]["standings"], 1);
        // The board has a gate, standings have none: who is on both has the same number.
        let board: BTreeMap<String, i64> = columns(&board["tables"]["board"], 2).into_iter().collect();
        let on_both: Vec<_> = standings.iter().filter(|(name, _)| board.contains_key(name)).collect();
        assert!(on_both.len() >= 8 && on_both.iter().all(|(name, kills)| board.get(name) == Some(kills)), "{board:?}");
        assert!(standings.is_sorted_by(|a, b| a.1 >= b.1), "{standings:?}");
        let champion = season["facts"]["kills"]["value"].as_str().unwrap();
        assert_eq!(champion, format!("{} ({})", standings[0].0, standings[0].1));
        assert_eq!(season["facts"]["all_time_kills"]["value"], champion);
        // Nobody has more than 50 rounds in the samples.
        assert_eq!(season["facts"]["dpm"]["value"], "nobody yet");
        let before = shown(&ask(&answerer, "season 2025-Q3").await.reply);
        assert!(before.contains("Nobody played in it.") && before.contains("2025-07-01 to 2025-09-30"), "{before}");
        let after = Question { today: date!(2026 - 01 - 05), ..question("season") };
        let after = data(&answerer.answer(after).await.reply);
        let past = after["tables"]["past"]["rows"].as_array().unwrap();
        assert!(past.contains(&json!(["2025-Q4", "Kills", standings[0].0, standings[0].1])), "{past:?}");
    })
    .await;
}

/// Boards and profiles add up roll-ups, evenings add up lines: both are the same rounds.
#[tokio::test(flavor = "multi_thread")]
async fn boards_and_profiles_are_the_sums_of_evenings() {
    each_backend(async |url| {
        let answerer = answerer(filled(url).await, Vec::new());
        let mut kills: BTreeMap<String, i64> = BTreeMap::new();
        for number in 1..=3 {
            let evening = data(&ask(&answerer, &format!("session {number}")).await.reply);
            for row in evening["tables"]["players"]["rows"].as_array().unwrap() {
                *kills.entry(row[0].as_str().unwrap().to_owned()).or_default() += row[1].as_i64().unwrap();
            }
        }
        let board = data(&ask(&answerer, "top_kills").await.reply);
        let rows = board["tables"]["board"]["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 10);
        for row in rows {
            let name = row[0].as_str().unwrap();
            assert_eq!(row[2].as_i64(), kills.get(name).copied(), "kills of {name} on the board");
        }
        for name in ["grashopper", "zweiblum", "otokar"] {
            let profile = data(&ask(&answerer, &format!("stats {name}")).await.reply);
            let expected = kills.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, kills)| *kills);
            assert_eq!(profile["facts"]["kills"]["value"].as_i64(), expected, "kills of {name}");
            let weapons = data(&ask(&answerer, &format!("stats {name} view:weapons")).await.reply);
            let by_weapon = weapons["tables"]["weapons"]["rows"].as_array().unwrap().iter();
            let sum: i64 = by_weapon.filter_map(|row| row[1].as_i64()).sum();
            assert_eq!(Some(sum), expected, "kills of {name} over all weapons");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_wait_between_questions() {
    each_backend(async |url| {
        let config = AskConfig {
            prefix: "!".into(),
            servers: Vec::new(),
            cooldowns: Some(CooldownConfig { query: Duration::from_secs(2), picture: Duration::from_secs(10) }),
        };
        let answerer = Answerer::new(open(url).await, Catalogue::english().unwrap(), config);
        let asker = Asker { user: Some(UserId(1)), player: Guid::new("B54CDA26"), right: Permission::Everyone };
        let at = |seconds| Question { asker, now: Duration::from_secs(seconds), ..question("badges") };
        assert_eq!(answerer.answer(at(10)).await.outcome, Outcome::Answered);
        let early = answerer.answer(at(11)).await;
        assert_eq!(early.outcome, Outcome::Refused);
        assert!(shown(&early.reply).contains("One moment"), "{}", shown(&early.reply));
        assert_eq!(answerer.answer(at(12)).await.outcome, Outcome::Answered);
    })
    .await;
}

#[test]
fn what_has_a_handler_is_in_the_table() {
    for name in answered() {
        assert!(COMMANDS.iter().any(|command| command.name == name), "{name}");
    }
    assert!(answered().is_sorted());
}
