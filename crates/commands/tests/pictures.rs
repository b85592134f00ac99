//! Pictures come with the answers that they belong to, on both databases.
#![expect(clippy::unwrap_used, reason = "test support")]

mod support;

use fullhold_commands::reply::data;
use fullhold_testkit::each_backend;
use support::{answerer, ask, filled};

#[tokio::test(flavor = "multi_thread")]
async fn answers_bring_their_pictures_with_alt_text() {
    each_backend(async |url| {
        let answerer = answerer(filled(url).await, Vec::new());
        let cases: &[(&str, &[&str])] = &[
            ("last_session", &["evening.png"]),
            ("session 1", &["evening.png"]),
            (
                "last graphs",
                &[
                    "kills.png",
                    "dpm.png",
                    "damage.png",
                    "accuracy.png",
                    "time.png",
                    "kd_by_round.png",
                    "dpm_by_round.png",
                    "score.png",
                ],
            ),
            ("last players", &["players.png"]),
            ("round 39", &["round.png"]),
            ("match 39", &["match.png"]),
            ("records", &["records.png"]),
            ("season", &["season.png"]),
            ("rating grashopper", &["rating.png"]),
            ("last weapons", &[]),
            ("compare grashopper otokar zweiblum", &["comparison.png", "playstyle.png"]),
            ("synergy grashopper otokar", &[]),
            ("sessions", &[]),
        ];
        for (line, expected) in cases {
            let reply = ask(&answerer, line).await.reply;
            let names: Vec<&str> = reply.files.iter().map(|file| file.name.as_str()).collect();
            assert_eq!(names, *expected, "{line}");
            for file in &reply.files {
                assert!(file.bytes.starts_with(b"\x89PNG"), "{line}");
                // A picture of many names the best: in most of them, or in who is compared.
                let named = ["grashopper", "Quent1n"].iter().any(|name| file.alt_text.contains(name));
                let names_teams = line.starts_with("session 1") || file.name == "score.png";
                assert!(named || names_teams, "{}", file.alt_text);
                assert!(!file.alt_text.starts_with(char::is_lowercase), "{}", file.alt_text);
                assert!((1..=1_024).contains(&file.alt_text.chars().count()), "{}", file.alt_text);
            }
            let files = data(&reply)["files"].as_array().unwrap().len();
            assert_eq!(files, expected.len());
            let export = ask(&answerer, &format!("export json {line}")).await.reply;
            let text = String::from_utf8(export.files[0].bytes.clone()).unwrap();
            assert!(text.contains("\"files\": []"), "no pictures in a file of numbers: {text}");
        }
    })
    .await;
}
