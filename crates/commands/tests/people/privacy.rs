//! Players who are anonymous or private: no answer to others says who they are.

use fullhold_commands::{COMMANDS, Group, Outcome, Permission};
use fullhold_testkit::each_backend;

use crate::lines::{Known, fitting};
use crate::support::{GRASHOPPER, ZWEIBLUM, answered, answerer, ask, filled, nobody, refused, user, words};

/// Lines that are tried of each command.
const LINES: usize = 6;

/// Questions whose answers would name the player.
const ABOUT_EVERYBODY: &[&str] = &[
    "last_session",
    "last players",
    "last awards",
    "last teams",
    "last rounds",
    "last sprees",
    "last combat",
    "last weapons",
    "session 1 players",
    "session 2 maps",
    "session 2 graphs",
    "mvp",
    "mvp 2025-11-10",
    "round 1",
    "match 1",
    "last_round",
    "top_kills",
    "top dpm",
    "top_grenades",
    "leaderboard et_rating",
    "records",
    "list_players",
    "player_search gra",
    "player_search hopper",
    "compare zweiblum otokar",
    "stats \"player 1\"",
    "stats \"player 1\" view:weapons",
    "achievements \"player 1\"",
    "compare \"player 1\" otokar",
    "synergy \"player 1\" otokar",
    "stats grashopper",
    "stats guid:B54CDA26",
    "stats B54CDA26",
    "stats <@1>",
    "aliases grashopper",
    "aliases \"player 1\"",
    "stats gra",
    "stats grashoper",
];

/// What says who the player is. A refusal repeats what was typed, so only what was not typed counts.
fn betrays(line: &str, shown: &str) -> bool {
    let shown = shown.to_lowercase();
    let typed = line.to_lowercase();
    ["grashopper", "gras", "b54cda26"]
        .iter()
        .any(|secret| shown.contains(secret) && !typed.contains(secret.get(..3).unwrap_or_default()))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_anonymous_is_a_number_to_everybody_else() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = answerer(&db, Vec::new());
        answered(&answerer, user(1), &format!("link_me {GRASHOPPER}")).await;
        let before = answered(&answerer, nobody(), "last players").await;
        assert!(before.contains("grashopper"));
        let said = answered(&answerer, user(1), "privacy anonymous").await;
        assert!(said.contains("player 1 "), "{said}");
        for asker in [nobody(), user(2)] {
            for line in ABOUT_EVERYBODY {
                let shown = words(&ask(&answerer, asker, line).await.reply);
                assert!(!betrays(line, &shown), "{line}:\n{shown}");
            }
            for line in ["stats grashopper", "stats guid:B54CDA26", "aliases \"player 1\"", "stats <@1>"] {
                let answer = ask(&answerer, asker, line).await;
                assert_eq!(answer.outcome, Outcome::Refused, "{line}");
                assert!(!words(&answer.reply).contains("player 1\""), "{line}");
            }
        }
        for line in ["last players", "top_kills", "list_players", "stats \"player 1\"", "compare \"player 1\" otokar"] {
            assert!(answered(&answerer, nobody(), line).await.contains("player 1"), "{line}");
        }
        // The numbers are as they were.
        let kills = |shown: &str, name: &str| {
            let line = shown.lines().find(|line| line.contains(name)).unwrap().replace(name, "").to_owned();
            line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        let after = answered(&answerer, nobody(), "last players").await;
        assert_eq!(kills(&before, "grashopper"), kills(&after, "player 1"));
    })
    .await;
}

/// Whatever is asked: every command with words by chance, as table, page, file and while it is typed.
#[tokio::test(flavor = "multi_thread")]
async fn no_question_of_others_betrays_who_is_anonymous() {
    each_backend(async |url| {
        let answerer = answerer(&filled(url).await, Vec::new());
        answered(&answerer, user(1), &format!("link_me {GRASHOPPER}")).await;
        // What was answered before is in the cache.
        let questions = COMMANDS.iter().filter(|command| command.permission < Permission::Admin);
        let mut random = fastrand::Rng::with_seed(17);
        let mut lines: Vec<String> = Vec::new();
        for command in questions.filter(|command| command.group != Group::Me) {
            lines.extend((0..LINES).map(|_| fitting(command, &Known::samples(), &mut random)));
        }
        for line in &lines {
            ask(&answerer, user(2), line).await;
        }
        answered(&answerer, user(1), "privacy anonymous").await;
        for line in &lines {
            for line in [line.clone(), format!("export json {line}"), format!("export csv {line}")] {
                let shown = words(&ask(&answerer, user(2), &line).await.reply);
                assert!(!betrays(&line, &shown), "{line}:\n{shown}");
            }
            let typed: String = line.chars().take(random.usize(..30)).collect();
            let offered = answerer.complete(&typed, user(2)).await.unwrap().candidates;
            let offered: String = offered.iter().map(|one| format!("{} {}\n", one.word, one.label)).collect();
            assert!(!betrays(&typed, &offered), "{typed}: {offered}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_anonymous_sees_himself_and_only_he() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = answerer(&db, Vec::new());
        answered(&answerer, user(1), &format!("link_me {GRASHOPPER}")).await;
        answered(&answerer, user(1), "privacy anonymous").await;
        for line in ["stats", "aliases me", "achievements", "stats grashopper", "me export"] {
            let answer = ask(&answerer, user(1), line).await;
            assert!(words(&answer.reply).contains("grashopper"), "{line}");
            assert!(answer.reply.is_private, "{line}: others would read it");
        }
        // What everybody reads does not name him, though he asks.
        for line in ["last players", "top_kills", "list_players"] {
            assert!(!answered(&answerer, user(1), line).await.contains("grashopper"), "{line}");
        }
        answered(&answerer, user(1), "privacy public").await;
        assert!(answered(&answerer, nobody(), "last players").await.contains("grashopper"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_stays_and_is_given_once() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = answerer(&db, Vec::new());
        answered(&answerer, user(1), &format!("link_me {GRASHOPPER}")).await;
        answered(&answerer, user(2), &format!("link_me {ZWEIBLUM}")).await;
        for (asker, mode, expected) in [
            (1, "anonymous", "player 1 "),
            (2, "anonymous", "player 2 "),
            (1, "public", "grashopper"),
            (1, "anonymous", "player 1 "),
        ] {
            let said = answered(&answerer, user(asker), &format!("privacy {mode}")).await;
            assert!(said.contains(expected), "{said}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_private_is_among_all_players_and_on_no_page_of_his_own() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = answerer(&db, Vec::new());
        answered(&answerer, user(1), &format!("link_me {GRASHOPPER}")).await;
        answered(&answerer, user(1), "privacy private").await;
        for line in ["stats grashopper", "aliases grashopper", "achievements grashopper", "compare grashopper otokar"] {
            assert!(refused(&answerer, nobody(), line).await.contains("keeps this to himself"), "{line}");
        }
        assert!(!answered(&answerer, nobody(), "player_search grashop").await.contains(GRASHOPPER));
        for line in ["last players", "top_kills", "list_players"] {
            assert!(answered(&answerer, nobody(), line).await.contains("grashopper"), "{line}");
        }
        assert!(answered(&answerer, user(1), "stats").await.contains("grashopper"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_stored_of_somebody_is_handed_out_to_him() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = answerer(&db, Vec::new());
        answered(&answerer, user(1), &format!("link_me {GRASHOPPER}")).await;
        let answer = ask(&answerer, user(1), "me export").await;
        let file = answer.reply.files.first().unwrap();
        let all: serde_json::Value = serde_json::from_slice(&file.bytes).unwrap();
        assert_eq!(all["guids"], serde_json::json!([GRASHOPPER]));
        assert_eq!(all["accounts"][0]["account"], 1);
        let lines = all["rounds"].as_array().unwrap();
        let seen: i64 = all["names"].as_array().unwrap().iter().filter_map(|name| name["rounds"].as_i64()).sum();
        assert_eq!(i64::try_from(lines.len()).unwrap(), seen);
        assert!(lines.iter().all(|line| line["player_guid"] == GRASHOPPER && line["kills"].is_number()));
        assert!(COMMANDS.iter().any(|command| command.name == "me"));
    })
    .await;
}
