//! Questions to a database with the sample evenings, on both databases: what is there, what is not, what is wrong.
#![expect(clippy::unwrap_used, reason = "test support")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use fullhold_analytics::{DayStart, TimelineConfig};
use fullhold_commands::reply::{Reply, Terminal, buttons, data, messages};
use fullhold_commands::{
    ANSWERED, Answer, Answerer, AskConfig, Asker, COMMANDS, Catalogue, CooldownConfig, Outcome, Permission, Question,
    UserId,
};
use fullhold_ingest::{Config, Importer};
use fullhold_repository::{Db, OpenMode};
use fullhold_stats_file::{Guid, Seconds};
use fullhold_testkit::each_backend;
use serde_json::json;
use time::macros::{date, datetime};

/// The sample evenings that the repository carries, made by the simulator.
fn samples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/good")
}

async fn open(url: &str) -> Db {
    let config = fullhold_repository::Config {
        url: url.parse().unwrap(),
        min_connections: 0,
        max_connections: 4,
        timeout: Duration::from_secs(30),
        patience: Duration::ZERO,
    };
    Db::open(&config, OpenMode::Create).await.unwrap()
}

async fn filled(url: &str) -> Db {
    let config = Config {
        match_window: Seconds(3600),
        timeline: TimelineConfig {
            session_gap: Seconds(3600),
            day_start: Some(DayStart::SIX),
            restart_window: Seconds(900),
            excluded_maps: Vec::new(),
        },
        patience: Duration::ZERO,
    };
    let clock = || datetime!(2025-11-20 12:00 UTC);
    let importer = Importer::new(open(url).await, "demo", Some("UTC"), "UTC", config, clock).await.unwrap();
    importer.run(vec![samples()], &()).await.unwrap();
    importer.db().clone()
}

fn answerer(db: Db, servers: Vec<i32>) -> Answerer {
    let config = AskConfig { prefix: "!".into(), servers, cooldowns: None };
    Answerer::new(db, Catalogue::english().unwrap(), config)
}

const fn question(line: &str) -> Question<'_> {
    let asker = Asker { user: None, player: None, right: Permission::Everyone };
    Question { line, page: 0, asker, today: date!(2025 - 11 - 20), now: Duration::ZERO }
}

async fn ask(answerer: &Answerer, line: &str) -> Answer {
    answerer.answer(question(line)).await
}

fn shown(reply: &Reply) -> String {
    Terminal { columns: 120, has_colours: false, instant: &|seconds| format!("@{seconds}") }.show(reply)
}

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
    ("lb rating", "This leaderboard has no values yet."),
    ("map zzz", "No map that was played here"),
    ("stats", "Who are you?"),
    ("compare grashopper", "\"b\" is missing."),
    ("aliases o", "Several players are called \"o\"."),
    ("aliases", "Who are you?"),
    ("lst", "There is no command \"lst\""),
    ("last \"weapons", "The quote at character 6 is not closed."),
    ("health", "That is for those who run the community"),
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
        let other = answerer(filled(url).await, vec![9_999]);
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
    for name in ANSWERED {
        assert!(COMMANDS.iter().any(|command| command.name == *name), "{name}");
    }
    assert!(ANSWERED.is_sorted());
}
