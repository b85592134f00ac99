//! Who plays with whom, over a season of simulated evenings, on both databases.
#![expect(clippy::unwrap_used, reason = "test support")]

mod support;

use std::collections::BTreeSet;

use fullhold_commands::Outcome;
use fullhold_commands::reply::data;
use fullhold_repository::{Db, Scope, ServerId};
use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_testkit::each_backend;
use support::{answerer, ask, shown, with_files};

/// A season in which the same few people meet again and again.
async fn season(url: &str) -> Db {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { days_between: 3, ..Config::community(7, 160, "UTC", Disturbances::all()) };
    for file in Simulation::new(config).unwrap().flat_map(|evening| evening.files) {
        std::fs::write(folder.path().join(file.name), file.bytes).unwrap();
    }
    with_files(url, vec![folder.path().to_owned()]).await
}

/// Pairs are listed by what is sure, their matches are those that both share, and who has fewer than ten is not there.
#[tokio::test(flavor = "multi_thread")]
async fn duos_are_listed_by_what_is_sure() {
    each_backend(async |url| {
        let db = season(url).await;
        let answerer = answerer(db.clone(), Vec::new());
        let reply = data(&ask(&answerer, "best_duos all").await.reply);
        let rows = reply["tables"]["pairs"]["rows"].as_array().unwrap();
        assert!(rows.len() > 3 && rows.len() <= 20, "{reply}");
        let low = |row: &serde_json::Value| row[4].as_f64().unwrap();
        assert!(rows.is_sorted_by(|a, b| low(a) >= low(b)), "{reply}");
        assert!(rows.iter().all(|row| row[1].as_i64().unwrap() >= 10), "{reply}");
        let people = db.directory(&[]).await.unwrap();
        let guid = |name: &str| people.iter().find(|one| one.player.shown_name() == name).unwrap().player.guid.clone();
        for row in rows {
            let (one, other) = row[0].as_str().unwrap().split_once(" + ").unwrap();
            let shared = db.together(&guid(one), &guid(other), &Scope::default()).await.unwrap();
            let together = shared.iter().filter(|one| one.together).count();
            assert_eq!(row[1].as_u64(), u64::try_from(together).ok(), "{one} and {other}");
        }
        let nobody = of_another_server(db);
        let empty = shown(&ask(&nobody, "best_duos").await.reply);
        assert!(empty.contains("No two players have ten matches in one team yet."), "{empty}");
    })
    .await;
}

fn of_another_server(db: Db) -> fullhold_commands::Answerer {
    answerer(db, vec![ServerId(9_999)])
}

/// What `teammates` says of a pair is what `synergy` says of it.
#[tokio::test(flavor = "multi_thread")]
async fn teammates_have_the_numbers_of_synergy() {
    each_backend(async |url| {
        let db = season(url).await;
        let answerer = answerer(db.clone(), Vec::new());
        let best = data(&ask(&answerer, "best_duos all").await.reply);
        let pair = best["tables"]["pairs"]["rows"][0][0].as_str().unwrap().to_owned();
        let name = pair.split_once(" + ").unwrap().0;
        let people = db.directory(&[]).await.unwrap();
        let guid = |name: &str| people.iter().find(|one| one.player.shown_name() == name).unwrap().player.guid.clone();
        let reply = data(&ask(&answerer, &format!("teammates guid:{} all", guid(name))).await.reply);
        let rows = reply["tables"]["pairs"]["rows"].as_array().unwrap();
        assert!(rows.len() > 1, "{reply}");
        let mut mates = BTreeSet::new();
        for row in rows {
            let (one, other) = row[0].as_str().unwrap().split_once(" + ").unwrap();
            assert_eq!(one, name);
            assert!(mates.insert(other), "{other} twice");
            let asked = format!("synergy guid:{} guid:{}", guid(one), guid(other));
            let answer = ask(&answerer, &asked).await;
            assert_eq!(answer.outcome, Outcome::Answered);
            let synergy = data(&answer.reply);
            let (together, apart) =
                (&synergy["tables"]["synergy"]["rows"][0], &synergy["tables"]["synergy"]["rows"][1]);
            assert_eq!((&row[1], &row[2], &row[3]), (&together[1], &together[2], &apart[2]), "{one} and {other}");
        }
    })
    .await;
}
