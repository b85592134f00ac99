//! Exports say what the command shows, on both databases.
#![expect(clippy::unwrap_used, reason = "test support")]

mod support;

use std::time::Duration;

use fullhold_commands::reply::{Reply, csv, data};
use fullhold_commands::{Answerer, AskConfig, Asker, Catalogue, CooldownConfig, Outcome, Permission, Question, UserId};
use fullhold_testkit::each_backend;
use support::{answerer, ask, filled, question};

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_what_the_command_shows() {
    each_backend(async |url| {
        let answerer = answerer(filled(url).await, Vec::new());
        for line in ["last_session", "session \"2025-11-12\" awards", "top kills all", "stats grashopper", "sessions"] {
            let shown = ask(&answerer, line).await.reply;
            let exported = ask(&answerer, &format!("export csv {line}")).await;
            assert_eq!(exported.outcome == Outcome::Answered, !csv(&shown).is_empty(), "{line}");
            let texts: Vec<String> =
                exported.reply.files.iter().map(|file| String::from_utf8(file.bytes.clone()).unwrap()).collect();
            let expected: Vec<String> = csv(&shown).into_iter().map(|(_, text)| text).collect();
            assert_eq!(texts, expected, "{line}");
            let exported = ask(&answerer, &format!("export json {line}")).await.reply;
            assert_eq!(exported.files.len(), 1, "{line}");
            let text = std::str::from_utf8(&exported.files[0].bytes).unwrap();
            // Pictures are not drawn for a file of numbers.
            let expected = data(&Reply { files: Vec::new(), ..shown });
            assert_eq!(text, format!("{expected:#}\n"), "{line}");
        }
        let evening = ask(&answerer, "export csv last_session").await.reply;
        let names: Vec<&str> = evening.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["last_session-facts.csv", "last_session-matches.csv", "last_session-players.csv"]);
    })
    .await;
}

/// What is exported waits once, for the export.
#[tokio::test(flavor = "multi_thread")]
async fn an_export_waits_once() {
    each_backend(async |url| {
        let config = AskConfig {
            prefix: "!".into(),
            servers: Vec::new(),
            cooldowns: Some(CooldownConfig { query: Duration::from_secs(2), picture: Duration::from_secs(10) }),
        };
        let answerer = Answerer::new(filled(url).await, Catalogue::english().unwrap(), config);
        let asker = Asker { user: Some(UserId(1)), player: None, right: Permission::Everyone };
        let at = |seconds| Question { asker, now: Duration::from_secs(seconds), ..question("export csv last_session") };
        assert_eq!(answerer.answer(at(100)).await.outcome, Outcome::Answered);
        assert_eq!(answerer.answer(at(105)).await.outcome, Outcome::Refused);
        assert_eq!(answerer.answer(at(110)).await.outcome, Outcome::Answered);
    })
    .await;
}
