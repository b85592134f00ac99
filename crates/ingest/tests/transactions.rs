//! Transactions as several programs see each other's: the writer's lock, and isolation levels.

#![expect(clippy::unwrap_used, reason = "test support")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use fullhold_ingest::FileOutcome;
use fullhold_repository::{AuditEntry, Config, Db, Error, OpenMode};
use fullhold_simulator::{Config as Community, Disturbances, Simulation};
use fullhold_testkit::{TestDatabase, each_backend};
use support::{import, importer, open, query};
use tokio::sync::Notify;

fn files(count: usize) -> Vec<(String, Vec<u8>)> {
    let evenings = Simulation::new(Community::community(11, count, "UTC", Disturbances::none())).unwrap();
    evenings.flat_map(|evening| evening.files).map(|file| (file.name, file.bytes)).take(count).collect()
}

/// With REPEATABLE READ the snapshot is older than the lock: the next free number is that of the
/// writer before, and good files were recorded as failed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn importers_at_once_store_everything_whatever_isolation_is_the_default() {
    for level in ["repeatable read", "serializable"] {
        let database = TestDatabase::create();
        let url = database.url();
        drop(importer(&url, "UTC").await);
        database.execute(&format!("ALTER DATABASE {} SET default_transaction_isolation = '{level}'", database.name()));
        let at_once: Vec<_> = files(12)
            .chunks(3)
            .map(|files| {
                let (url, files) = (url.clone(), files.to_vec());
                tokio::spawn(async move {
                    let importer = importer(&url, "UTC").await;
                    for file in files {
                        let outcomes = import(&importer, &[file]).await;
                        assert!(matches!(outcomes.as_slice(), [FileOutcome::Imported { .. }]), "{outcomes:?}");
                    }
                })
            })
            .collect();
        for one in at_once {
            one.await.unwrap();
        }
        let stored = query(&url, "SELECT count(*) FROM processed_files WHERE state = 'imported'").await;
        assert_eq!(stored, [[Some("12".to_owned())]], "{level}");
    }
}

/// The lock is held by somebody who does not end: that is said, with who it is, and what only reads
/// does not wait for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn waiting_for_the_writers_lock_ends_and_says_who_holds_it() {
    each_backend(async |url| {
        drop(importer(url, "Europe/Berlin").await);
        let (held, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let holder = open(url).await;
        let holding = {
            let (held, release) = (held.clone(), release.clone());
            tokio::spawn(async move {
                let (held, release) = (&held, &release);
                let hold = holder.write(|_tx, _| {
                    Box::pin(async move {
                        held.notify_one();
                        release.notified().await;
                        Ok::<(), Error>(())
                    })
                });
                hold.await.unwrap();
            })
        };
        held.notified().await;
        let hasty = Config {
            max_connections: 2,
            timeout: Duration::from_millis(300),
            patience: Duration::from_secs(60),
            ..Config::new(url.parse().unwrap())
        };
        let hasty = Db::open(&hasty, OpenMode::Existing).await.unwrap();
        let known = hasty.server("default", None, "UTC").await.unwrap();
        assert_eq!(known.timezone, "Europe/Berlin");
        let error = hasty.check_writable().await.unwrap_err();
        let Error::Locked { holder, .. } = &error else { panic!("{error}") };
        assert_eq!(holder.is_some(), url.starts_with("postgres"), "{error}");
        assert!(holder.as_ref().is_none_or(|who| who.contains("process ") && who.contains("user ")), "{error}");
        release.notify_one();
        holding.await.unwrap();
        hasty.check_writable().await.unwrap();
    })
    .await;
}

fn entry(action: &str) -> AuditEntry<'_> {
    AuditEntry { by: "test", action, detail: "", result: "" }
}

/// Work that fails leaves nothing; work that says so leaves nothing, either.
#[tokio::test(flavor = "multi_thread")]
async fn only_work_that_commits_leaves_something() {
    use fullhold_repository::End;
    each_backend(async |url| {
        let db = open(url).await;
        let at = time::PrimitiveDateTime::new(time::Date::MIN, time::Time::MIDNIGHT).replace_year(2025).unwrap();
        let failing = db.write(|tx, _| {
            Box::pin(async move {
                tx.audit(at, entry("one")).await?;
                Err::<(), _>(Error::Url { url: String::new() })
            })
        });
        failing.await.unwrap_err();
        let dry = db.write_or_roll_back(|tx, _| {
            Box::pin(async move { tx.audit(at, entry("two")).await.map(|()| End::dry(true, ())) })
        });
        dry.await.unwrap();
        db.write(|tx, _| Box::pin(tx.audit(at, entry("three")))).await.unwrap();
        let rows = query(url, "SELECT action FROM audit_log").await;
        assert_eq!(rows, [[Some("three".to_owned())]]);
    })
    .await;
}
