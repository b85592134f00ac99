//! Accounts and names: each change shows in every answer at once, and is in the audit log.

use fullhold_commands::reply::{Reply, buttons};
use fullhold_commands::{Answerer, Outcome};
use fullhold_testkit::each_backend;

use crate::support::{
    GRASHOPPER, ZWEIBLUM, acting, admin, answered, answerer, ask, filled, nobody, refused, user, words,
};

async fn audited(db: &fullhold_repository::Db) -> Vec<String> {
    let mut rows = db.audited(&[], 100).await.unwrap();
    rows.reverse();
    rows.into_iter().map(|row| format!("{} {}: {} = {}", row.actor, row.action, row.detail, row.result)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_linked_and_unlinked_and_everything_knows_at_once() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = answerer(&db, Vec::new());
        assert!(refused(&answerer, user(1), "stats").await.contains("Who are you?"));
        let done = answered(&answerer, user(1), &format!("link_me {}", GRASHOPPER.to_lowercase())).await;
        assert!(done.contains("You are linked: grashopper."), "{done}");
        for line in ["stats", "stats me", "aliases me", "achievements", "stats <@1>"] {
            assert!(answered(&answerer, user(1), line).await.contains("grashopper"), "{line}");
        }
        assert!(answered(&answerer, user(2), "stats <@1>").await.contains("grashopper"));
        let board = answered(&answerer, user(1), "top_kills").await;
        assert_ne!(board, answered(&answerer, user(2), "top_kills").await, "the asker's own rank");
        // One owner per guid, one guid per owner.
        assert!(refused(&answerer, user(2), &format!("link_me {GRASHOPPER}")).await.contains("another account"));
        assert!(refused(&answerer, user(1), &format!("link_me {ZWEIBLUM}")).await.contains("linked to grashopper"));
        assert!(answered(&answerer, user(1), &format!("link_me {GRASHOPPER}")).await.contains("linked before"));
        assert!(refused(&answerer, user(2), "link_me 00000000").await.contains("No such GUID"));
        assert!(refused(&answerer, nobody(), &format!("link_me {ZWEIBLUM}")).await.contains("Only an account"));
        answered(&answerer, user(1), "unlink").await;
        assert!(refused(&answerer, user(1), "unlink").await.contains("no link"));
        assert!(refused(&answerer, user(1), "stats").await.contains("Who are you?"));
        answered(&answerer, user(2), &format!("link_me {GRASHOPPER}")).await;
        assert_eq!(
            audited(&db).await,
            [
                format!("discord 1 link: account 1, player {GRASHOPPER} = said"),
                format!("discord 1 unlink: account 1 = no more player {GRASHOPPER}"),
                format!("discord 2 link: account 2, player {GRASHOPPER} = said"),
            ]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_likeliest_players_are_offered_and_one_is_picked() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = answerer(&db, Vec::new());
        let offer = async |line: &str| -> Reply { ask(&answerer, user(1), line).await.reply };
        let likeliest = offer("link grasho").await;
        assert!(likeliest.is_private);
        let lines: Vec<String> = buttons(&likeliest).iter().map(|button| button.line.clone()).collect();
        assert_eq!(lines.first(), Some(&format!("link_me {GRASHOPPER}")));
        assert_eq!(buttons(&offer("link").await).len(), 3);
        let found = words(&offer("link nobodyatall").await);
        assert!(found.contains("No player fits"), "{found}");
        answered(&answerer, user(1), &lines[0]).await;
        // Who is linked is offered to nobody else.
        let again = words(&ask(&answerer, user(2), "link grasho").await.reply);
        assert!(!again.contains(GRASHOPPER), "{again}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_link_others_and_nobody_else_does() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = answerer(&db, Vec::new());
        for line in ["link grashopper user:<@7>", "unlink user:<@7>"] {
            assert!(refused(&answerer, user(1), line).await.contains("those who run the community"), "{line}");
        }
        let asked = ask(&answerer, admin(1), "link grashopper user:<@7>").await.reply;
        assert!(refused(&answerer, user(7), "stats").await.contains("Who are you?"), "nothing is done before that");
        let confirm = buttons(&asked)[0].line.clone();
        assert_eq!(confirm, format!("link guid:{GRASHOPPER} user:<@7> confirm"));
        assert!(refused(&answerer, user(1), &confirm).await.contains("those who run the community"));
        answered(&answerer, admin(1), &confirm).await;
        assert!(answered(&answerer, user(7), "stats").await.contains("grashopper"));
        answered(&answerer, admin(1), "unlink user:<@7>").await;
        assert!(refused(&answerer, user(7), "stats").await.contains("Who are you?"));
        assert!(audited(&db).await[0].starts_with("discord 1 link: account 7"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_in_the_name_proves_who_somebody_is() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = acting(&db, Vec::new(), true);
        let line = format!("link_me {GRASHOPPER}");
        let code_for = async |account: u64| {
            let shown = answered(&answerer, user(account), &line).await;
            shown.split_once("Wear ").unwrap().1.split_whitespace().next().unwrap().to_owned()
        };
        let (one, other) = (code_for(1).await, code_for(2).await);
        assert_ne!(one, other);
        let seen = "1, '2025-11-20 10:00:00', '2025-11-20 10:00:00'";
        let sql = format!("INSERT INTO player_aliases VALUES ('{GRASHOPPER}', 'gras {one}', {seen})");
        db.execute_raw(&sql).await.unwrap();
        // An import would say that the data is another one.
        answered(&answerer, admin(9), "cache_clear").await;
        // The code of one account proves nothing for another.
        assert_eq!(code_for(2).await, other);
        assert!(answered(&answerer, user(1), &line).await.contains("You are linked"));
        assert!(audited(&db).await.iter().any(|entry| entry.ends_with("= code")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_name_is_shown_everywhere_and_is_nobody_elses() {
    each_backend(async |url| {
        let db = filled(url).await;
        let answerer = answerer(&db, Vec::new());
        assert!(refused(&answerer, user(1), "setname Boss").await.contains("linked player"));
        answered(&answerer, user(1), &format!("link_me {GRASHOPPER}")).await;
        for (line, expected) in [
            ("setname zweiblum", "Somebody else"),
            ("setname ZWEIBLUM", "Somebody else"),
            ("setname ^1^2", "cannot be a name"),
            ("setname \"player 17\"", "cannot be a name"),
            ("setname x", "no name"),
        ] {
            assert!(refused(&answerer, user(1), line).await.contains(expected), "{line}");
        }
        answered(&answerer, user(1), "setname ^1The Boss").await;
        for line in WITH_NAMES {
            let shown = answered(&answerer, user(2), line).await;
            assert!(shown.contains("The Boss"), "{line}:\n{shown}");
        }
        answered(&answerer, user(1), "setname reset").await;
        for line in WITH_NAMES.iter().filter(|line| !line.contains("boss")) {
            assert!(answered(&answerer, user(2), line).await.contains("grashopper"), "{line}");
        }
    })
    .await;
}

/// Questions whose answers name the player.
const WITH_NAMES: &[&str] = &[
    "last_session players",
    "session 2025-11-12 players",
    "top_kills",
    "list_players",
    "stats grashopper",
    "stats \"the boss\"",
    "compare grashopper zweiblum",
    "aliases grashopper",
    "player_search grashopper",
];

#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_to_change_nothing_changes() {
    each_backend(async |url| {
        let db = filled(url).await;
        let config = fullhold_commands::AskConfig { prefix: "!".into(), servers: Vec::new(), cooldowns: None };
        let reading = Answerer::new(db.clone(), fullhold_commands::Catalogue::english().unwrap(), config);
        let answer = ask(&reading, user(1), &format!("link_me {GRASHOPPER}")).await;
        assert_eq!(answer.outcome, Outcome::Refused);
        assert!(words(&answer.reply).contains("Nothing can be changed here."));
        assert!(audited(&db).await.is_empty());
    })
    .await;
}
