//! From a game server to the database: what is fetched, when, and how often. Against a real sshd, on
//! both databases.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

#[path = "../../ingest/tests/support/mod.rs"]
mod support;
mod watching;

use std::fs::File;
use std::io::Write as _;
use std::time::{Duration, Instant};

use fullhold_repository::{RemoteFileState, ServerId, dump};
use fullhold_ssh_sync::Stability;
use fullhold_testkit::each_backend;
use fullhold_watch::{Notice, Scope, WatchConfig, Watcher};
use support::query;
use time::OffsetDateTime;
use watching::{PATIENCE, Running, Site, collector, files, files_until, importer, importer_named};

async fn number(url: &str, sql: &str) -> i64 {
    query(url, sql).await[0][0].as_deref().unwrap().parse().unwrap()
}

const ROUNDS: &str = "SELECT count(*) FROM rounds";

#[tokio::test(flavor = "multi_thread")]
async fn the_last_day_is_imported_at_start_the_rest_reported_and_a_second_start_downloads_nothing() {
    each_backend(async |url| {
        let site = Site::start();
        // One an hour: 25 within the day, both ends included.
        let files = files(40, Duration::from_secs(3600));
        for (name, bytes, at) in &files {
            site.write_at(name, bytes, *at);
        }
        for name in ["2025-01-07-200000-supply-round-1_ws.txt", "gametime-1.json", "notes.txt"] {
            site.write(name, b"other");
        }
        let running = Running::start(url, site.config(None)).await;
        running.until_imported(25).await;
        let told = running.until_told(&["40 files on the server, 25 to fetch", "15 older", "sync --all"]).await;
        assert!(!told.contains("ws"), "{told}");
        let told = running.end().await;
        assert_eq!(told.len(), 26, "{told:#?}");
        assert_eq!(number(url, ROUNDS).await, 25);
        assert_eq!(site.kept().len(), 25);
        let status = &importer(url).await.db().server_statuses().await.unwrap()[0].1;
        assert_eq!((status.files, status.left_alone, status.waiting, status.failed), (40, 15, 0, 0));
        assert_eq!((status.newest_file.as_ref(), status.newest_imported), (Some(&files[39].0), true));
        // The second start.
        let running = Running::start(url, site.config(None)).await;
        running.until_told(&["40 files on the server, 0 to fetch; 15 older"]).await;
        assert_eq!(running.end().await.len(), 1);
        // What was left alone is for sync: two days, then everything.
        for (scope, rounds, skipped) in [(Scope::Days(1), 25, 25), (Scope::All, 40, 25), (Scope::All, 40, 40)] {
            let watcher = Watcher::new(importer(url).await, site.config(None), collector().0);
            let summary = watcher.sync(scope, &()).await.unwrap();
            assert_eq!(number(url, ROUNDS).await, rounds);
            assert_eq!(summary.skipped, skipped, "{scope:?} {summary:?}");
            assert_eq!(summary.imported, usize::try_from(rounds).unwrap() - skipped);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_watched_and_what_is_imported_from_disk_are_the_same() {
    each_backend(async |url| {
        let site = Site::start();
        let files = files(20, Duration::from_secs(600));
        let running = Running::start(url, site.config(None)).await;
        running.until_told(&["0 files on the server"]).await;
        for (name, bytes, at) in &files {
            site.write_at(name, bytes, *at);
        }
        running.until_imported(files.len()).await;
        running.end().await;
        let other = fullhold_testkit::SqliteFile::create();
        let from_disk = importer(&other.url()).await;
        from_disk.run(vec![site.server.files()], &()).await.unwrap();
        assert_eq!(dump(importer(url).await.db()).await.unwrap(), dump(from_disk.db()).await.unwrap());
    })
    .await;
}

/// Files that appear one after the other, some of them line by line: nothing partial is tried. How
/// soon each is in the database, `cargo xtask bench --sync` prints.
#[tokio::test(flavor = "multi_thread")]
async fn files_that_grow_while_we_look_are_imported_whole() {
    each_backend(async |url| {
        let site = Site::start();
        let config = WatchConfig { interval: Duration::from_secs(2), ..site.config(None) };
        let running = Running::start(url, config).await;
        running.until_told(&["0 files on the server"]).await;
        for (index, (name, bytes, _)) in files(4, Duration::from_secs(600)).iter().enumerate() {
            if index % 2 == 0 {
                site.write(name, bytes);
            } else {
                let mut file = File::create(site.path(name)).unwrap();
                for line in bytes.split_inclusive(|byte| *byte == b'\n') {
                    file.write_all(line).unwrap();
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
            running.until_imported(index + 1).await;
        }
        let told = running.end().await;
        assert_eq!(told.len(), 5, "nothing partial was ever tried: {told:#?}");
        assert_eq!(number(url, "SELECT count(*) FROM processed_files WHERE attempts > 1").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_does_not_balance_waits_until_it_is_stable() {
    let file = fullhold_testkit::SqliteFile::create();
    let site = Site::start();
    let running = Running::start(&file.url(), site.config(None)).await;
    running.until_told(&["0 files"]).await;
    let (name, bytes, _) = files(1, Duration::ZERO).remove(0);
    // Without its last player: every line ends, and the sums do not balance.
    let end = bytes.len() - 1 - bytes.iter().rev().skip(1).position(|byte| *byte == b'\n').unwrap();
    site.write(&name, &bytes[..end]);
    running.until_imported(1).await;
    let rested = |notice: &Notice| matches!(notice, Notice::Imported { after, .. } if *after >= Stability::APART);
    assert_eq!(running.count(rested), 1, "{:?}", running.told());
    running.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_changes_after_it_was_taken_is_a_conflict_that_is_told_once() {
    each_backend(async |url| {
        let site = Site::start();
        let files = files(2, Duration::from_secs(600));
        let running = Running::start(url, site.config(None)).await;
        for (name, bytes, _) in &files {
            site.write(name, bytes);
        }
        running.until_imported(2).await;
        let before = dump(importer(url).await.db()).await.unwrap();
        let name = &files[0].0;
        // A directory's time does not move when a file in it changes: no listing tells.
        site.write(name, &files[1].1);
        running.until_told(&["was changed on the server", name, "other bytes", "stored file is kept"]).await;
        let conflict = |notice: &Notice| matches!(notice, Notice::Conflict { .. });
        site.write("y-endstats.txt", b"awards");
        running.until_told(&["kept y-endstats.txt"]).await;
        assert_eq!(running.count(conflict), 1);
        running.end().await;
        assert_eq!(std::fs::read(site.local.path().join("stats").join(name)).unwrap(), files[0].1);
        // Nor is it told by the next start.
        let running = Running::start(url, site.config(None)).await;
        running.until_told(&["3 files on the server, 0 to fetch"]).await;
        assert_eq!(running.end().await.len(), 1);
        let db = importer(url).await;
        let kept = "SELECT count(*) FROM processed_files WHERE kind = 'endstats' AND state = 'imported'";
        assert_eq!(number(url, kept).await, 1);
        db.db().execute_raw("DELETE FROM processed_files WHERE kind = 'endstats'").await.unwrap();
        assert_eq!(dump(db.db()).await.unwrap(), before);
        let remembered = db.db().remote_files(ServerId(1)).await.unwrap();
        assert_eq!(remembered.iter().map(|row| row.state).collect::<Vec<_>>(), [RemoteFileState::Conflict]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_only_touched_is_no_conflict() {
    let file = fullhold_testkit::SqliteFile::create();
    let site = Site::start();
    let (name, bytes, at) = files(1, Duration::ZERO).remove(0);
    site.write_at(&name, &bytes, at - Duration::from_secs(100));
    let running = Running::start(&file.url(), site.config(None)).await;
    running.until_imported(1).await;
    running.end().await;
    site.write_at(&name, &bytes, at);
    for fetching in [1, 0] {
        let running = Running::start(&file.url(), site.config(None)).await;
        running.until_told(&[&format!("1 files on the server, {fetching} to fetch")]).await;
        let db = importer(&file.url()).await;
        let began = Instant::now();
        while db.db().remote_files(ServerId(1)).await.unwrap().is_empty() {
            assert!(began.elapsed() < PATIENCE);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(running.end().await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_when_it_ends_in_the_middle_is_noted_and_the_next_start_does_the_rest() {
    each_backend(async |url| {
        let site = Site::start();
        for (name, bytes, at) in files(600, Duration::from_secs(60)) {
            site.write_at(&name, &bytes, at);
        }
        let running = Running::start(url, site.config(None)).await;
        running.until_told(&["600 files on the server, 600 to fetch"]).await;
        running.end().await;
        let status = &importer(url).await.db().server_statuses().await.unwrap()[0].1;
        assert_eq!(i64::from(status.waiting) + number(url, ROUNDS).await, 600);
        let running = Running::start(url, site.config(None)).await;
        running.until_imported(usize::try_from(status.waiting).unwrap()).await;
        running.end().await;
        assert_eq!(number(url, ROUNDS).await, 600);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_an_hour_off_costs_no_file_and_brings_no_old_one() {
    for skew in [-3600_i64, 3600] {
        let file = fullhold_testkit::SqliteFile::create();
        let site = Site::start();
        let there = OffsetDateTime::now_utc() + time::Duration::seconds(skew);
        for (name, bytes, at) in files_until(there, 40, Duration::from_secs(3600)) {
            site.write_at(&name, &bytes, at);
        }
        let running = Running::start(&file.url(), site.config(None)).await;
        running.until_told(&["40 files on the server, 25 to fetch; 15 older"]).await;
        running.until_imported(25).await;
        // One written now, by that clock.
        let (name, bytes, at) = files_until(there + Duration::from_secs(60), 1, Duration::ZERO).remove(0);
        site.write_at(&name, &bytes, at);
        running.until_imported(26).await;
        running.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_servers_are_watched_and_a_dead_one_delays_nobody() {
    each_backend(async |url| {
        let (good, dead, silent) = (Site::start(), Site::start(), Site::start());
        let relay = fullhold_testkit::Relay::to(silent.server.port());
        relay.silent(true);
        let mut down = dead.config(None);
        down.ssh.port = fullhold_testkit::free_port();
        let running = [
            Running::start_with(importer_named(url, "dead").await, down),
            Running::start_with(importer_named(url, "silent").await, silent.config(Some(relay.port()))),
            Running::start_with(importer_named(url, "good").await, good.config(None)),
        ];
        running[0].until_told(&["no connection to 127.0.0.1"]).await;
        let files = files(3, Duration::from_secs(600));
        for (index, (name, bytes, _)) in files.iter().enumerate() {
            good.write(name, bytes);
            running[2].until_imported(index + 1).await;
        }
        running[1].until_told(&["did not answer within 3 s"]).await;
        for one in running {
            one.end().await;
        }
        let states = importer(url).await.db().server_statuses().await.unwrap();
        let states: Vec<_> = states.iter().map(|(server, s)| (server.name.as_str(), s.last_error.is_some())).collect();
        assert_eq!(states, [("dead", true), ("good", false), ("silent", true)]);
    })
    .await;
}
