//! The layers that block: each made to fire, on both databases. A bad file costs only itself,
//! nothing partial is left, and what was wrong is recorded.
#![expect(clippy::unwrap_used, clippy::panic, reason = "test support")]

mod support;

use fullhold_ingest::FileOutcome;
use fullhold_repository::dump;
use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_testkit::{SqliteFile, each_backend};
use support::{import, importer, open, query};

/// Three whole matches on maps of their own.
fn files() -> Vec<(String, Vec<u8>)> {
    let mut config = Config::community(2, 6, "UTC", Disturbances::none());
    config.matches = (3, 3);
    let evening = Simulation::new(config).unwrap().next().unwrap();
    evening.files.into_iter().map(|file| (file.name, file.bytes)).collect()
}

/// The stamp a file name begins with.
fn stamp(name: &str) -> &str {
    name.get(..17).unwrap()
}

fn reasons(outcomes: &[FileOutcome]) -> Vec<Option<&str>> {
    outcomes
        .iter()
        .map(|outcome| match outcome {
            FileOutcome::Imported { .. } => None,
            FileOutcome::Rejected(reason) | FileOutcome::Conflict(reason) => Some(reason.as_str()),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_returns_other_numbers_than_were_sent_is_not_believed() {
    let files = files();
    let spoiled = &files[2].0;
    let stamp = stamp(spoiled);
    each_backend(async |url| {
        let importer = importer(url, "UTC").await;
        let change = "UPDATE player_comprehensive_stats SET kills = kills + 1 WHERE round_id = NEW.round_id
            AND player_guid = NEW.player_guid";
        let of_that_round = format!("(SELECT server_stamp FROM rounds WHERE id = NEW.round_id) = '{stamp}'");
        let trigger = if url.starts_with("sqlite") {
            format!(
                "CREATE TRIGGER spoil AFTER INSERT ON player_comprehensive_stats WHEN {of_that_round}
                 BEGIN {change}; END"
            )
        } else {
            format!(
                "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
                 $$BEGIN IF {of_that_round} THEN {change}; END IF; RETURN NULL; END$$;
                 CREATE TRIGGER spoil AFTER INSERT ON player_comprehensive_stats
                 FOR EACH ROW EXECUTE FUNCTION spoil()"
            )
        };
        importer.db().execute_raw(&trigger).await.unwrap();
        let outcomes = import(&importer, &files).await;
        for (index, reason) in reasons(&outcomes).into_iter().enumerate() {
            assert_eq!(reason.is_some(), index == 2, "{index}: {reason:?}");
        }
        let reason = reasons(&outcomes)[2].unwrap();
        assert!(reason.contains("verification") && reason.contains("kills"), "{reason}");
        let stored =
            query(url, "SELECT state, success, attempts, error_message FROM processed_files WHERE state <> 'imported'");
        let stored = stored.await;
        assert_eq!(stored.len(), 1);
        assert_eq!(stored[0][3].as_deref(), Some(reason));
        let left = format!("SELECT count(*) FROM rounds WHERE server_stamp = '{stamp}'");
        assert_eq!(query(url, &left).await[0][0].as_deref(), Some("0"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_constraint_of_the_database_costs_only_the_file_that_breaks_it() {
    let files = files();
    each_backend(async |url| {
        let importer = importer(url, "UTC").await;
        // A constraint of our own, so that no earlier layer can see it coming: of the first two
        // rounds only one may be there.
        let index = format!(
            "CREATE UNIQUE INDEX one_of_two ON rounds (server_id) WHERE server_stamp IN ('{}', '{}')",
            stamp(&files[0].0),
            stamp(&files[1].0)
        );
        importer.db().execute_raw(&index).await.unwrap();
        let outcomes = import(&importer, &files).await;
        for (index, reason) in reasons(&outcomes).into_iter().enumerate() {
            assert_eq!(reason.is_some(), index == 1, "{index}: {reason:?}");
        }
        let whole = "SELECT count(*) FROM rounds r JOIN processed_files f ON f.id = r.file_id WHERE f.success";
        assert_eq!(query(url, whole).await[0][0], Some((files.len() - 1).to_string()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_is_stored_once_within_a_batch_and_over_batches() {
    let files = files();
    each_backend(async |url| {
        let importer = importer(url, "UTC").await;
        let twice: Vec<_> = files.iter().chain(&files).cloned().collect();
        let outcomes = import(&importer, &twice).await;
        let duplicates = |outcomes: &[FileOutcome]| outcomes.iter().filter(|o| **o == FileOutcome::Duplicate).count();
        assert_eq!(duplicates(&outcomes), files.len());
        let before = dump(importer.db()).await.unwrap();
        assert_eq!(duplicates(&import(&importer, &files).await), files.len());
        assert_eq!(dump(importer.db()).await.unwrap(), before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repaired_file_takes_the_place_of_the_broken_one() {
    let files = files();
    each_backend(async |url| {
        let importer = importer(url, "UTC").await;
        let (name, bytes) = &files[0];
        let half = vec![(name.clone(), bytes[..bytes.len() / 2].to_vec())];
        let outcomes = import(&importer, &half).await;
        assert!(reasons(&outcomes)[0].unwrap().contains("incomplete"), "{outcomes:?}");
        // Known to be broken: the reason is remembered, and nothing is tried.
        let before = query(url, "SELECT attempts, processed_at FROM processed_files").await;
        assert_eq!(reasons(&import(&importer, &half).await), reasons(&outcomes));
        assert_eq!(query(url, "SELECT attempts, processed_at FROM processed_files").await, before);
        let outcomes = import(&importer, &files[..1]).await;
        assert_eq!(reasons(&outcomes), [None]);
        let rows = query(url, "SELECT state, attempts, error_message FROM processed_files").await;
        assert_eq!(rows, [[Some("imported".to_owned()), Some("2".to_owned()), None]]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_of_a_person_wins_and_survives_later_imports() {
    let files = files();
    each_backend(async |url| {
        let importer = importer(url, "UTC").await;
        let name: fullhold_stats_file::FileName = files[0].0.parse().unwrap();
        let verdict = format!(
            "INSERT INTO round_overrides VALUES (1, '{}', '{}', 1, 'ignore', 'a test round', 'somebody', '2025-01-01 00:00:00')",
            name.stamp, name.map
        );
        importer.db().execute_raw(&verdict).await.unwrap();
        for file in &files {
            import(&importer, std::slice::from_ref(file)).await;
        }
        let invalid = query(url, "SELECT server_stamp, invalid_reasons FROM rounds WHERE NOT is_valid").await;
        assert_eq!(invalid, [[Some(name.stamp.to_string()), Some("override".to_owned())]]);
        let undecided = "SELECT undecided_reason FROM matches WHERE undecided_reason IS NOT NULL";
        assert_eq!(query(url, undecided).await, [[Some("invalid_round".to_owned())]]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn migrations_go_down_and_up_again() {
    each_backend(async |url| {
        let db = open(url).await;
        db.migrate_down_and_up().await.unwrap();
        let importer = importer(url, "UTC").await;
        assert_eq!(reasons(&import(&importer, &files()).await).iter().flatten().count(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_that_was_applied_in_another_form_stops_the_start() {
    each_backend(async |url| {
        open(url).await.execute_raw("UPDATE schema_migrations SET checksum = 'other'").await.unwrap();
        let config = fullhold_repository::Config {
            max_connections: 1,
            timeout: std::time::Duration::from_secs(5),
            ..fullhold_repository::Config::new(url.parse().unwrap())
        };
        let opened = fullhold_repository::Db::open(&config, fullhold_repository::OpenMode::Existing).await;
        let Err(error) = opened else { panic!("opened in spite of drift") };
        assert!(error.to_string().contains("0001_first_schema"), "{error}");
    })
    .await;
}

/// A new database is made by whoever comes first; on SQLite this needs a lock that ends deadlocks at
/// once, whatever the time-out is. So often, because only some of the openings collide.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_database_may_be_opened_by_many_at_once() {
    let open_by_eight = async |url: &str| {
        let openings: Vec<_> = (0..8)
            .map(|_| {
                let url = url.to_owned();
                tokio::spawn(async move { drop(open(&url).await) })
            })
            .collect();
        for opening in openings {
            opening.await.unwrap();
        }
    };
    for _ in 0..60 {
        let file = SqliteFile::create();
        open_by_eight(&file.url()).await;
    }
    each_backend(open_by_eight).await;
}
