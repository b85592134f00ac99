//! Who had himself erased: no name of his anywhere, for nobody, whatever is asked, imported or computed anew; the
//! numbers stay.

use fullhold_commands::{Asker, COMMANDS, Command, Group, Outcome};
use fullhold_ingest::Config;
use fullhold_maintenance::{Maintenance, Selection};
use fullhold_repository::Db;
use fullhold_testkit::each_backend;

use crate::lines::{Known, fitting};
use crate::shared::{clock, import, samples};
use crate::support::{GRASHOPPER, admin, answered, answerer, ask, filled, guid, nobody, refused, user, words};

/// Lines that are tried of each command.
const LINES: usize = 6;

async fn erased(url: &str) -> Db {
    let db = filled(url).await;
    let answerer = answerer(&db, Vec::new());
    answered(&answerer, user(1), &format!("link_me {GRASHOPPER}")).await;
    answered(&answerer, user(1), "setname The Grasshopper").await;
    // What was answered before is in the cache.
    assert!(answered(&answerer, nobody(), "last players").await.contains("The Grasshopper"));
    let said = answered(&answerer, user(1), "me erase confirm").await;
    assert!(said.contains("You are player 1 from now on"), "{said}");
    for line in ["last players", "top_kills", "list_players"] {
        let shown = answered(&answerer, nobody(), line).await;
        assert!(shown.contains("player 1") && !names(&shown, line), "{line}:\n{shown}");
    }
    db
}

/// Whether a text has a name that was worn or chosen, other than what was typed.
fn names(shown: &str, line: &str) -> bool {
    let (shown, typed) = (shown.to_lowercase(), line.to_lowercase());
    ["grashopper", "grasshopper"].iter().any(|name| shown.contains(name) && !typed.contains("gra"))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_is_asked_first_and_keeps_the_sums_right() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = answerer(&db, Vec::new());
        assert!(refused(&answerer, nobody(), "me erase").await.contains("linked player"));
        answered(&answerer, user(1), &format!("link_me {GRASHOPPER}")).await;
        let before = answered(&answerer, nobody(), "last players").await;
        let asked = answered(&answerer, user(1), "me erase").await;
        assert!(asked.contains("There is no way back") && asked.contains("me erase confirm"), "{asked}");
        assert_eq!(answered(&answerer, nobody(), "last players").await, before);
        answered(&answerer, user(1), "me erase confirm").await;
        let numbers = |shown: &str, name: &str| {
            let line = shown.lines().find(|line| line.contains(name)).unwrap().replace(name, "");
            line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        let after = answered(&answerer, nobody(), "last players").await;
        assert_eq!(numbers(&before, "grashopper"), numbers(&after, "player 1"));
        // The account is free, and nobody is asked twice.
        assert!(refused(&answerer, user(1), "me erase confirm").await.contains("linked player"));
        assert!(refused(&answerer, user(1), "stats").await.contains("Who are you?"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_to_anybody_names_who_is_erased() {
    each_backend(async |url| {
        let db = erased(url).await;
        let answerer = answerer(&db, Vec::new());
        let mut random = fastrand::Rng::with_seed(19);
        let himself = Asker { player: Some(guid(GRASHOPPER)), ..nobody() };
        // What changes something would give him another name.
        let is_question = |command: &&Command| !matches!(command.group, Group::Me | Group::Admin);
        for command in COMMANDS.iter().filter(is_question) {
            for _ in 0..LINES {
                let line = fitting(command, &Known::samples(), &mut random);
                for asker in [nobody(), user(1), himself, admin(9)] {
                    for line in [line.clone(), format!("export json {line}")] {
                        let shown = words(&ask(&answerer, asker, &line).await.reply);
                        assert!(!names(&shown, &line), "{line}:\n{shown}");
                    }
                }
                let typed: String = line.chars().take(random.usize(..30)).collect();
                let offered = answerer.complete(&typed, admin(9)).await.unwrap().candidates;
                let offered: String = offered.iter().map(|one| format!("{} {}\n", one.word, one.label)).collect();
                assert!(!names(&offered, &typed), "{typed}: {offered}");
            }
        }
        let log = answered(&answerer, admin(9), "audit").await;
        assert!(log.contains("erase") && !log.contains("discord 1 ") && !log.contains(GRASHOPPER), "{log}");
        for line in ["stats grashopper", "aliases grashopper", "stats \"The Grasshopper\""] {
            assert_eq!(ask(&answerer, admin(9), line).await.outcome, Outcome::Refused, "{line}");
        }
    })
    .await;
}

/// Every name that is stored beside the files.
async fn stored_names(db: &Db) -> String {
    let mut all = String::new();
    for one in db.directory(&[]).await.unwrap() {
        all.push_str(&format!("{} {:?} {:?}\n", one.name, one.player, one.names));
        for line in db.lines_of_player(&one.guids, &[]).await.unwrap() {
            let names = line.iter().filter(|(column, _)| column.ends_with("_name"));
            all.push_str(&format!("{:?}\n", names.collect::<Vec<_>>()));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_comes_back_whatever_is_computed_or_imported() {
    each_backend(async |url| {
        let db = erased(url).await;
        assert!(!stored_names(&db).await.to_lowercase().contains("grashopper"));
        let maintenance = Maintenance::new(db.clone(), Config::default(), clock);
        let found = maintenance.validate(&()).await.unwrap();
        assert_eq!(found.total_problems, 0, "{:?}", found.problems);
        maintenance.rebuild(Selection::Everything, &()).await.unwrap();
        maintenance.rebuild_sessions(&()).await.unwrap();
        assert!(!stored_names(&db).await.to_lowercase().contains("grashopper"));
        assert_eq!(maintenance.validate(&()).await.unwrap().total_problems, 0);
        // The same evenings as those of another server: the player is the same.
        import(url, "another", vec![samples()]).await;
        assert!(!stored_names(&db).await.to_lowercase().contains("grashopper"));
        assert_eq!(maintenance.validate(&()).await.unwrap().total_problems, 0);
    })
    .await;
}
