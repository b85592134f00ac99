//! Orders of those who run the community: only theirs, in the audit log, and every answer knows at once.

use fullhold_commands::reply::{buttons, data};
use fullhold_commands::{COMMANDS, Outcome, Permission};
use fullhold_repository::Db;
use fullhold_testkit::each_backend;

use crate::support::{GRASHOPPER, ZWEIBLUM, admin, answered, answerer, ask, filled, refused, user};

async fn actions(db: &Db) -> Vec<String> {
    let rows = db.audited(&[], 100).await.unwrap();
    rows.iter().rev().map(|row| format!("{} {}", row.actor, row.action)).collect()
}

/// Orders that would change something.
const ORDERS: &[&str] = &[
    "round_valid 1 cancelled server crashed",
    "merge_players B54CDA26 78DDE6C4 confirm",
    "unmerge B54CDA26",
    "set_teams grashopper zweiblum",
    "rebuild_sessions",
    "files failed",
    "files retry",
    "files ignore x.txt broken",
    "health",
];

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_gives_orders() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = answerer(&db, Vec::new());
        answered(&answerer, user(1), &format!("link_me {GRASHOPPER}")).await;
        let before = actions(&db).await;
        for line in ORDERS {
            let shown = refused(&answerer, user(1), line).await;
            assert!(shown.contains("those who run the community"), "{line}:\n{shown}");
        }
        assert_eq!(actions(&db).await, before);
        // Whatever the group of admins has is theirs alone.
        let orders =
            COMMANDS.iter().filter(|command| ORDERS.iter().any(|line| line.split(' ').next() == Some(command.name)));
        assert!(orders.into_iter().all(|command| command.permission == Permission::Admin));
        assert!(
            ORDERS.iter().all(|line| fullhold_commands::answered().any(|name| line.split(' ').next() == Some(name)))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_that_is_ruled_out_counts_nowhere() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = answerer(&db, Vec::new());
        let round = |shown: &str| shown.contains("counts");
        let board = async || data(&ask(&answerer, user(2), "top_kills").await.reply)["tables"]["board"].clone();
        let before = board().await;
        assert!(round(&answered(&answerer, user(2), "round 1").await));
        let said = answered(&answerer, admin(1), "round_valid 1 cancelled the server crashed").await;
        assert!(said.contains("it does not count"), "{said}");
        assert_ne!(board().await, before);
        answered(&answerer, admin(1), "round_valid 1 valid it did not").await;
        assert_eq!(board().await, before);
        assert!(refused(&answerer, admin(1), "round_valid 9999 valid x").await.contains("no such round"));
        let log = actions(&db).await;
        assert_eq!(log, ["discord 1 round-status", "discord 1 round-status"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn players_are_merged_when_that_is_confirmed() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = answerer(&db, Vec::new());
        let line = format!("merge_players {GRASHOPPER} {ZWEIBLUM}");
        let all = async || {
            let shown = data(&ask(&answerer, user(2), "list_players").await.reply);
            shown["tables"]["players"]["rows"].as_array().unwrap().len()
        };
        let before = all().await;
        let preview = ask(&answerer, admin(1), &line).await;
        assert_eq!(preview.outcome, Outcome::Answered);
        assert!(preview.reply.is_private);
        // They were in one round, which the preview says, and nothing is done yet.
        let shown = crate::support::words(&preview.reply);
        assert!(shown.contains("hardly one person") && shown.contains("would be counted as"), "{shown}");
        assert_eq!(all().await, before);
        assert!(actions(&db).await.is_empty());
        let confirm = buttons(&preview.reply).first().unwrap().line.clone();
        let done = answered(&answerer, admin(1), &confirm).await;
        assert!(done.contains("is counted as Zweiblum now"), "{done}");
        assert_eq!(all().await, before - 1);
        assert!(answered(&answerer, user(2), &format!("stats guid:{GRASHOPPER}")).await.contains("Zweiblum"));
        assert!(refused(&answerer, admin(1), &line).await.contains("one player already"));
        answered(&answerer, admin(1), &format!("unmerge {GRASHOPPER}")).await;
        assert_eq!(all().await, before);
        assert!(refused(&answerer, admin(1), &format!("unmerge {GRASHOPPER}")).await.contains("not merged"));
        let oneself = format!("merge_players {GRASHOPPER} {GRASHOPPER}");
        assert!(refused(&answerer, admin(1), &oneself).await.contains("into himself"));
        assert!(refused(&answerer, admin(1), "unmerge 00000000").await.contains("No such GUID"));
        assert_eq!(actions(&db).await, ["discord 1 merge-players", "discord 1 unmerge"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn teams_are_set_by_names_and_shown_at_once() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = answerer(&db, Vec::new());
        for (line, expected) in [
            ("set_teams nosuchtag grashopper", "no tag that somebody wore"),
            ("set_teams \"grashopper,\" \"grashopper, zweiblum\"", "both teams"),
            ("set_teams \"nobodyatall,\" \"zweiblum,\"", "no single player"),
        ] {
            let shown = refused(&answerer, admin(1), line).await;
            assert!(shown.contains(expected), "{line}:\n{shown}");
        }
        assert!(actions(&db).await.is_empty());
        let players = data(&ask(&answerer, user(2), "last players").await.reply);
        let names: Vec<String> = players["tables"]["players"]["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row[0].as_str().unwrap().to_owned())
            .collect();
        let (a, b) = names.split_at(names.len() / 2);
        let line = format!("set_teams \"{},\" \"{},\"", a.join(", "), b.join(", "));
        let shown = answered(&answerer, admin(1), &line).await;
        assert!(names.iter().all(|name| shown.contains(name)), "{shown}");
        answered(&answerer, user(2), "last_session teams").await;
        assert_eq!(actions(&db).await, ["discord 1 set-teams"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_and_evenings_are_kept_right_and_health_tells() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = answerer(&db, Vec::new());
        assert!(answered(&answerer, admin(1), "files failed").await.contains("None."));
        // A file that was refused: its bytes are there, and can be read after all.
        let name = "2025-11-14-224537-te_escape2-round-1.txt";
        let sql =
            format!("UPDATE processed_files SET state = 'failed', success = false, error_message = 'bad day' WHERE filename = '{name}'");
        db.execute_raw(&sql).await.unwrap();
        let listed = answered(&answerer, admin(1), "files failed").await;
        assert!(listed.contains(name) && listed.contains("bad day"), "{listed}");
        let health = data(&ask(&answerer, admin(1), "health").await.reply);
        assert_eq!(health["facts"]["failed"]["value"], 1);
        assert_eq!(health["facts"]["waiting"]["value"], 0);
        assert_eq!(health["tables"]["servers"]["rows"][0][0], "alpha");
        assert!(answered(&answerer, admin(1), "files retry").await.contains("Imported: 1, not: 0"));
        assert!(answered(&answerer, admin(1), "files failed").await.contains("None."));
        assert!(refused(&answerer, admin(1), "files ignore").await.contains("Which file?"));
        assert!(refused(&answerer, admin(1), "files retry nosuch.txt").await.contains("no file"));
        assert!(answered(&answerer, admin(1), "rebuild_sessions").await.contains("Changed: 0 evenings, 0 rounds."));
        assert_eq!(actions(&db).await, ["discord 1 files retry", "discord 1 rebuild-sessions"]);
    })
    .await;
}
