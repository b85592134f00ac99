//! What could not be had, was cut off or was taken away comes back by itself, or when a person asks.
//! Real sshd, both databases.
#![expect(clippy::indexing_slicing, reason = "test support")]

#[path = "../../ingest/tests/support/mod.rs"]
mod support;
#[path = "watching/trouble.rs"]
mod trouble;
mod watching;

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use fullhold_repository::{Replacement, backup, dump};
use fullhold_testkit::{Hostile, Relay, SqliteFile, each_backend};
use fullhold_watch::{Notice, Scope, WatchConfig, Watcher};
use time::OffsetDateTime;
use trouble::{Closed, REMEMBERED, ROUNDS, wait_for_number, write_in_parts};
use watching::{Running, Site, collector, database_config, files, importer, importer_named};

const DEAD: &str = "SELECT count(*) FROM remote_files WHERE state = 'dead'";

/// Two files, the first of which was tried in vain until it was set aside.
async fn with_a_dead_file(url: &str, dead_retry: Duration) -> (Site, Running, Closed, String) {
    let site = Site::start();
    let files = files(2, Duration::from_secs(300));
    for (name, bytes, at) in &files {
        site.write_at(name, bytes, *at);
    }
    let closed = Closed::new(&site, &files[0].0);
    let config = WatchConfig { dead_retry: (dead_retry, dead_retry), ..site.config(None) };
    let running = Running::start(url, config).await;
    running.until_imported(1).await;
    running.until_told(&[&files[0].0, "set aside", "permission denied"]).await;
    wait_for_number(url, DEAD, 1).await;
    (site, running, closed, files[0].0.clone())
}

const LONG: Duration = Duration::from_secs(3_600);

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_file_is_tried_again_now_and_then() {
    each_backend(async |url| {
        let (site, running, closed, _) = with_a_dead_file(url, Duration::from_secs(1)).await;
        let dead = importer(url).await.db().server_statuses().await.unwrap()[0].1.dead;
        assert_eq!(dead, 1);
        closed.open();
        running.until_imported(2).await;
        running.end().await;
        wait_for_number(url, REMEMBERED, 0).await;
        assert_eq!(site.kept().len(), 2);
        let status = importer(url).await.db().server_statuses().await.unwrap().remove(0).1;
        assert_eq!((status.dead, status.waiting, status.failed), (0, 0, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_server_that_opens_none_for_a_while_come_when_it_does() {
    each_backend(async |url| {
        let mut site = Site::start();
        let files = files(3, Duration::from_secs(300));
        let show = |hostile: Hostile, (name, bytes, _): &(String, Vec<u8>, OffsetDateTime)| {
            hostile.file(name.as_bytes(), bytes.len() as u64, bytes)
        };
        let serving = files.iter().fold(Hostile::default(), show);
        // As at EIO or EMFILE: the answer says nothing but that it failed.
        site.server.serve(&serving.clone().most_open(0)).unwrap();
        let second = Duration::from_secs(1);
        let config = WatchConfig { dead_retry: (second, second), ..site.config(None) };
        let running = Running::start(url, config).await;
        running.until_told(&[&files[0].0, "set aside", "the server answers failure"]).await;
        wait_for_number(url, DEAD, 3).await;
        site.server.serve(&serving).unwrap();
        running.until_imported(3).await;
        wait_for_number(url, REMEMBERED, 0).await;
        running.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sync_names_a_dead_file_and_takes_it_once_it_can_be_had() {
    each_backend(async |url| {
        let (site, running, closed, name) = with_a_dead_file(url, LONG).await;
        running.end().await;
        for rejected in [vec![name], Vec::new()] {
            let watcher = Watcher::new(importer(url).await, site.config(None), collector().0);
            let summary = watcher.sync(Scope::All, &()).await.unwrap();
            let names: Vec<String> = summary.rejected.into_iter().map(|one| one.file).collect();
            assert_eq!(names, rejected);
            assert_eq!((summary.seen, summary.skipped), (2, 1));
            closed.open();
        }
        wait_for_number(url, ROUNDS, 2).await;
        wait_for_number(url, REMEMBERED, 0).await;
    })
    .await;
}

/// A key that is refused, or an unknown host, needs a person; a server that is away may come back.
#[tokio::test(flavor = "multi_thread")]
async fn what_no_time_heals_ends_a_sync_at_the_first_try_and_what_may_pass_does_not() {
    each_backend(async |url| {
        let site = Site::start();
        let relay = Relay::to(site.server.port());
        let sync = async |config: WatchConfig| {
            let watcher = Watcher::new(importer(url).await, config, collector().0);
            watcher.sync(Scope::All, &()).await.unwrap_err()
        };
        site.server.let_in(false).unwrap();
        let error = sync(site.config(Some(relay.port()))).await;
        assert!(error.needs_person() && error.to_string().contains("authorized_keys"), "{error}");
        assert_eq!(relay.accepted(), 1);
        site.server.let_in(true).unwrap();
        // It is cut at each try before anything could be said.
        let cutting = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = cutting.local_addr().unwrap().port();
        let tries = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&tries);
        std::thread::spawn(move || {
            for connection in cutting.incoming().flatten() {
                counted.fetch_add(1, Ordering::SeqCst);
                drop(connection);
            }
        });
        let error = sync(site.config(Some(port))).await;
        assert!(!error.needs_person(), "{error}");
        assert!(tries.load(Ordering::SeqCst) > 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_a_dead_file_tried_again_at_the_next_look() {
    each_backend(async |url| {
        let (_site, running, closed, name) = with_a_dead_file(url, LONG).await;
        closed.open();
        let importer = importer(url).await;
        let retry = |names: Vec<String>| {
            let (db, server, now) = (importer.db().clone(), importer.server_id(), importer.now());
            async move { db.retry_remote_files(server, &names, now).await.unwrap() }
        };
        assert_eq!(retry(vec!["other".to_owned()]).await, Vec::<String>::new());
        assert_eq!(retry(vec![name.clone()]).await, [name]);
        running.until_imported(2).await;
        running.end().await;
        wait_for_number(url, REMEMBERED, 0).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_a_local_copy_buries_a_dead_file() {
    each_backend(async |url| {
        let (_site, running, closed, name) = with_a_dead_file(url, LONG).await;
        let copies = tempfile::tempdir().unwrap();
        fs::copy(&closed.path, copies.path().join(&name)).unwrap();
        importer(url).await.run(vec![copies.path().to_owned()], &()).await.unwrap();
        wait_for_number(url, REMEMBERED, 0).await;
        wait_for_number(url, "SELECT dead FROM server_status", 0).await;
        assert_eq!(running.end().await.iter().filter(|text| text.contains("imported")).count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_is_raised_is_a_reason_to_try() {
    each_backend(async |url| {
        let site = Site::start();
        let (name, bytes, at) = files(1, Duration::ZERO).remove(0);
        site.write_at(&name, &bytes, at);
        let mut low = site.config(None);
        low.ssh.most_bytes = 1_000;
        let running = Running::start(url, low).await;
        running.until_told(&["bytes, allowed are 1000", "set aside"]).await;
        running.end().await;
        let running = Running::start(url, site.config(None)).await;
        running.until_imported(1).await;
        running.end().await;
        wait_for_number(url, REMEMBERED, 0).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_restore_took_away_is_fetched_again() {
    each_backend(async |url| {
        let site = Site::start();
        // Older than the look-back: a start would leave them alone.
        let config = WatchConfig { look_back: Duration::ZERO, ..site.config(None) };
        let files = files(9, Duration::from_secs(300));
        let running = Running::start(url, config).await;
        running.until_told(&["0 files on the server"]).await;
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("backup");
        for (index, (name, bytes, at)) in files.iter().enumerate() {
            if index == 4 {
                let (config, copy) = (database_config(url), copy.clone());
                tokio::task::spawn_blocking(move || backup(&config, &copy, false)).await.unwrap().unwrap();
            }
            site.write_at(name, bytes, *at);
            running.until_imported(index + 1).await;
        }
        let ready = Replacement::from_backup(&database_config(url), &copy).await.unwrap();
        ready.install(None).await.unwrap();
        wait_for_number(url, ROUNDS, 9).await;
        running.end().await;
        wait_for_number(url, "SELECT count(*) FROM processed_files WHERE state = 'imported'", 9).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_knows_the_server_under_no_id_or_another_gets_everything_under_its_name() {
    each_backend(async |url| {
        let site = Site::start();
        // Another server has our first number in the state that comes back.
        importer_named(url, "other").await;
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("backup");
        let (config, to) = (database_config(url), copy.clone());
        tokio::task::spawn_blocking(move || backup(&config, &to, false)).await.unwrap().unwrap();
        let running = Running::start_with(importer_named(url, "ours").await, site.config(None));
        for (index, (name, bytes, at)) in files(2, Duration::from_secs(300)).iter().enumerate() {
            site.write_at(name, bytes, *at);
            running.until_imported(index + 1).await;
        }
        let ready = Replacement::from_backup(&database_config(url), &copy).await.unwrap();
        ready.install(None).await.unwrap();
        let ours = "SELECT count(*) FROM rounds WHERE server_id = (SELECT id FROM servers WHERE name = 'ours')";
        wait_for_number(url, ours, 2).await;
        wait_for_number(url, ROUNDS, 2).await;
        assert_eq!(running.count(|notice| matches!(notice, Notice::Rejected { .. })), 0, "{:?}", running.told());
        running.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zone_that_is_corrected_counts_from_the_next_look_on() {
    each_backend(async |url| {
        let site = Site::start();
        let files = files(2, Duration::from_secs(7_200));
        let running = Running::start(url, site.config(None)).await;
        site.write_at(&files[0].0, &files[0].1, files[0].2);
        running.until_imported(1).await;
        importer(url).await.db().execute_raw("UPDATE servers SET timezone = 'Asia/Tokyo'").await.unwrap();
        site.write_at(&files[1].0, &files[1].1, files[1].2);
        running.until_imported(2).await;
        running.end().await;
        // Nine hours ahead: what its name says was nine hours earlier.
        let ends = support::query(url, "SELECT ended_at FROM rounds ORDER BY id").await;
        assert!(ends[1] < ends[0], "{ends:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_into_a_database_file_that_was_deleted_and_one_that_comes_in_its_place_gets_everything() {
    let file = SqliteFile::create();
    let site = Site::start();
    let files = files(3, Duration::from_secs(300));
    let running = Running::start(&file.url(), site.config(None)).await;
    site.write_at(&files[0].0, &files[0].1, files[0].2);
    running.until_imported(1).await;
    let gone = file.path().with_extension("gone");
    for end in ["", "-wal", "-shm"] {
        let name = |path: &std::path::Path| format!("{}{end}", path.display());
        drop(fs::rename(name(&file.path()), name(&gone)));
    }
    running.until_told(&["database file", "was deleted while it was in use"]).await;
    site.write_at(&files[1].0, &files[1].1, files[1].2);
    site.write_at(&files[2].0, &files[2].1, files[2].2);
    // Another one, which knows nothing.
    let other = SqliteFile::create();
    importer(&other.url()).await;
    fs::copy(other.path(), file.path().with_extension("new")).unwrap();
    fs::rename(file.path().with_extension("new"), file.path()).unwrap();
    wait_for_number(&file.url(), ROUNDS, 3).await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_longer_than_the_look_back_leaves_no_gap() {
    each_backend(async |url| {
        let site = Site::start();
        let hours = |hours: u64| OffsetDateTime::now_utc() - Duration::from_secs(hours * 3_600);
        let running = Running::start(url, site.config(None)).await;
        running.until_told(&["0 files on the server"]).await;
        running.end().await;
        let db = importer(url).await;
        let mut status = db.db().server_statuses().await.unwrap().remove(0).1;
        let then = hours(71);
        status.last_look_at = Some(fullhold_ingest::utc(then));
        status.caught_up_at = status.last_look_at;
        db.db().note_server_status(&status).await.unwrap();
        // One from long before, which was left alone already.
        let played = files(8, Duration::ZERO);
        for ((name, bytes, _), ago) in played.iter().zip([500, 70, 50, 40, 30, 26, 23, 1]) {
            site.write_at(&watching::restamped(name, hours(ago)), bytes, hours(ago));
        }
        let running = Running::start(url, site.config(None)).await;
        running.until_told(&["8 files on the server, 7 to fetch; 1 older"]).await;
        running.until_imported(7).await;
        running.end().await;
        let watcher = Watcher::new(importer(url).await, site.config(None), collector().0);
        let check = watcher.check().await.unwrap();
        assert_eq!((check.files, check.waiting, check.left_alone, check.dead.len()), (8, 0, 1, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_folder_that_is_deleted_is_made_again() {
    each_backend(async |url| {
        let site = Site::start();
        let files = files(2, Duration::from_secs(300));
        let running = Running::start(url, site.config(None)).await;
        for (index, (name, bytes, at)) in files.iter().enumerate() {
            site.write_at(name, bytes, *at);
            running.until_imported(index + 1).await;
            fs::remove_dir_all(site.local.path().join("stats")).unwrap();
        }
        running.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn something_in_the_way_of_one_name_is_that_file_s_trouble_only() {
    each_backend(async |url| {
        let site = Site::start();
        let files = files(3, Duration::from_secs(300));
        let in_the_way = site.local.path().join("stats").join(&files[0].0);
        fs::create_dir_all(&in_the_way).unwrap();
        for (name, bytes, at) in &files {
            site.write_at(name, bytes, *at);
        }
        let second = Duration::from_secs(1);
        let config = WatchConfig { dead_retry: (second, second), ..site.config(None) };
        let running = Running::start(url, config).await;
        running.until_imported(2).await;
        running.until_told(&[&files[0].0, "set aside", "cannot be kept here"]).await;
        assert_eq!(running.count(|notice| matches!(notice, Notice::Trouble { .. })), 0);
        fs::remove_dir(&in_the_way).unwrap();
        running.until_imported(3).await;
        running.end().await;
        wait_for_number(url, REMEMBERED, 0).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_written_with_long_pauses_are_stored_whole_in_the_end() {
    each_backend(async |url| {
        let site = Site::start();
        let config = WatchConfig { rest: Duration::from_secs(20), ..site.config(None) };
        let running = Running::start(url, config).await;
        running.until_told(&["0 files on the server"]).await;
        let files = files(6, Duration::from_secs(600));
        let pause = Duration::from_secs(4);
        let writing = files.iter().map(|(name, bytes, _)| write_in_parts(site.path(name), bytes.clone(), pause));
        futures_util::future::join_all(writing).await;
        let size: usize = files.iter().map(|(_, bytes, _)| bytes.len()).sum();
        let sum = "SELECT COALESCE(sum(size_bytes), 0) FROM processed_files WHERE state = 'imported'";
        wait_for_number(url, sum, i64::try_from(size).unwrap()).await;
        assert_eq!(running.count(|notice| matches!(notice, Notice::Conflict { .. })), 0);
        running.end().await;
        for (name, bytes, _) in &files {
            assert_eq!(fs::read(site.local.path().join("stats").join(name)).unwrap(), *bytes, "{name}");
        }
        wait_for_number(url, REMEMBERED, 0).await;
        let other = SqliteFile::create();
        let from_disk = importer(&other.url()).await;
        from_disk.run(vec![site.server.files()], &()).await.unwrap();
        let watched = importer(url).await;
        let dumped = dump(watched.db()).await.unwrap();
        assert_eq!(dumped, dump(from_disk.db()).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn end_statistics_that_grow_after_they_were_kept_are_kept_whole() {
    each_backend(async |url| {
        let site = Site::start();
        let config = WatchConfig { rest: Duration::from_secs(4), ..site.config(None) };
        let running = Running::start(url, config).await;
        running.until_told(&["0 files on the server"]).await;
        let name = watching::restamped("2025-01-07-200000-supply-round-1-endstats.txt", OffsetDateTime::now_utc());
        let parts = [&b"1\tMost damage\n"[..], b"2\tMost kills\n", b"3\tMost revives\n"];
        site.write(&name, parts[0]);
        let size = "SELECT COALESCE(sum(size_bytes), 0) FROM processed_files WHERE kind = 'endstats'";
        for (kept, part) in parts.iter().enumerate() {
            if kept > 0 {
                site.append(&name, part);
            }
            let whole: usize = parts[..=kept].iter().map(|part| part.len()).sum();
            wait_for_number(url, size, i64::try_from(whole).unwrap()).await;
        }
        running
            .until("three times kept", |running| running.count(|notice| matches!(notice, Notice::Kept { .. })) == 3)
            .await;
        assert_eq!(running.end().await.len(), 4, "it is no conflict");
        assert_eq!(fs::read(site.local.path().join("stats").join(&name)).unwrap(), parts.concat());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_alone_waits_for_the_rest_and_nothing_partial_is_stored() {
    let file = SqliteFile::create();
    let site = Site::start();
    let config = WatchConfig { rest: Duration::from_secs(20), ..site.config(None) };
    let running = Running::start(&file.url(), config).await;
    running.until_told(&["0 files on the server"]).await;
    let (name, bytes, _) = files(1, Duration::ZERO).remove(0);
    let header = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    site.write(&name, &bytes[..header]);
    // Nobody tells of a file that rests; after ten seconds it is remembered.
    wait_for_number(&file.url(), REMEMBERED, 1).await;
    site.append(&name, &bytes[header..]);
    running.until_imported(1).await;
    assert_eq!(running.end().await.len(), 2, "told once, and nothing was rejected");
    wait_for_number(&file.url(), "SELECT attempts FROM processed_files", 1).await;
}
