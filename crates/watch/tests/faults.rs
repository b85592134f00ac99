//! What goes wrong between a game server and the database, each as a test of its own: the message,
//! nothing lost, nothing doubled, nothing partial, and that it recovers by itself. Real sshd, both
//! databases.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

#[path = "../../ingest/tests/support/mod.rs"]
mod support;
mod watching;

use fullhold_repository::{RemoteFileState, ServerId};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use fullhold_repository::Config as DatabaseConfig;
use fullhold_testkit::{Hostile, KeyKind, Relay, each_backend};
use fullhold_watch::{Notice, WatchConfig};
use support::query;
use time::OffsetDateTime;
use watching::{Running, Site, database_config, files, importer, importer_with};

type Files = Vec<(String, Vec<u8>, OffsetDateTime)>;

fn recent(count: usize) -> Files {
    files(count, Duration::from_secs(300))
}

fn write_all(site: &Site, files: &Files) {
    for (name, bytes, at) in files {
        site.write_at(name, bytes, *at);
    }
}

/// Every file is stored once, as it was written, and nothing lies about.
async fn all_is_well(url: &str, site: &Site, files: &Files) {
    let rows = query(url, "SELECT filename, size_bytes, state FROM processed_files ORDER BY filename").await;
    let expected: Vec<_> = files
        .iter()
        .map(|(name, bytes, _)| [name.clone(), bytes.len().to_string(), "imported".to_owned()].map(Some).to_vec())
        .collect();
    assert_eq!(rows, expected);
    let rounds = query(url, "SELECT count(*) FROM rounds").await;
    assert_eq!(rounds[0][0], Some(files.len().to_string()));
    let names: Vec<String> = files.iter().map(|(name, ..)| name.clone()).collect();
    assert_eq!(site.kept(), names);
    for (name, bytes, _) in files {
        assert_eq!(fs::read(site.local.path().join("stats").join(name)).unwrap(), *bytes, "{name}");
    }
    assert_eq!(importer(url).await.db().remote_files(ServerId(1)).await.unwrap(), []);
}

/// Everything is imported, the watcher ends, and all is well.
async fn ends_well(url: &str, running: Running, site: &Site, files: &Files) {
    running.until_imported(files.len()).await;
    running.end().await;
    all_is_well(url, site, files).await;
}

/// Something is broken when watching begins: these words are told and nothing is stored; once it is mended
/// everything is.
async fn broken_then_mended(words: &[&str], spoil: impl Fn(&mut Site), mend: impl Fn(&mut Site)) {
    each_backend(async |url| {
        let mut site = Site::start();
        let files = recent(2);
        write_all(&site, &files);
        let config = site.config(None);
        spoil(&mut site);
        let running = Running::start(url, config).await;
        running.until_told(words).await;
        assert_eq!(running.imported(), 0);
        mend(&mut site);
        running.until_told(&["works again"]).await;
        ends_well(url, running, &site, &files).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_in_a_listing() {
    each_backend(async |url| {
        let site = Site::start();
        let relay = Relay::to(site.server.port());
        let files = recent(20);
        write_all(&site, &files);
        for number in 0..400 {
            site.write(&format!("other-{number}.txt"), b"x");
        }
        // Handshake and login take some 5,000 bytes; the listing more than 30,000.
        relay.cut_after(20_000);
        let running = Running::start(url, site.config(Some(relay.port()))).await;
        running.until_told(&["the connection to 127.0.0.1", "was lost while listing"]).await;
        running.until_told(&["works again after 1 failures"]).await;
        ends_well(url, running, &site, &files).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_in_a_download() {
    each_backend(async |url| {
        let site = Site::start();
        let relay = Relay::to(site.server.port());
        let running = Running::start(url, site.config(Some(relay.port()))).await;
        running.until_told(&["0 files on the server"]).await;
        let files = recent(3);
        let size: usize = files.iter().map(|(_, bytes, _)| bytes.len()).sum();
        // In the middle of what is coming.
        relay.cut_after(u32::try_from(size / 2).unwrap());
        write_all(&site, &files);
        running.until_told(&["was lost while"]).await;
        running.until_told(&["works again"]).await;
        ends_well(url, running, &site, &files).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_cut_in_a_bulk_download() {
    each_backend(async |url| {
        let site = Site::start();
        let relay = Relay::to(site.server.port());
        let files = recent(100);
        write_all(&site, &files);
        relay.cut_after(200_000);
        let running = Running::start(url, site.config(Some(relay.port()))).await;
        running.until_imported(files.len()).await;
        assert!(!relay.is_cut_pending());
        running.until_told(&["works again"]).await;
        running.end().await;
        all_is_well(url, &site, &files).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sshd_restarted() {
    each_backend(async |url| {
        let mut site = Site::start();
        let files = recent(4);
        write_all(&site, &files[..2].to_vec());
        let running = Running::start(url, site.config(None)).await;
        running.until_imported(2).await;
        site.server.stop();
        running.until_told(&["no connection to 127.0.0.1", "refused", "trying again"]).await;
        write_all(&site, &files[2..].to_vec());
        site.server.restart().unwrap();
        running.until_told(&["works again"]).await;
        ends_well(url, running, &site, &files).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_key_that_changed() {
    broken_then_mended(
        &["host key of", "CHANGED", "dbadmin trust-host", "SHA256:"],
        |site| site.server.change_host_key(KeyKind::Ed25519).unwrap(),
        |site| site.server.trust().unwrap(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_refused() {
    broken_then_mended(
        &["refuses user", "authorized_keys"],
        |site| site.server.let_in(false).unwrap(),
        |site| site.server.let_in(true).unwrap(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_missing() {
    let moved = |site: &Site| site.server.files().with_file_name("moved");
    broken_then_mended(
        &["directory", "does not exist"],
        |site| fs::rename(site.server.files(), moved(site)).unwrap(),
        |site| fs::rename(moved(site), site.server.files()).unwrap(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_may_not_be_read() {
    let mode = |site: &Site, mode| fs::set_permissions(site.server.files(), fs::Permissions::from_mode(mode)).unwrap();
    broken_then_mended(&["directory", "permission denied"], |site| mode(site, 0o000), |site| mode(site, 0o777)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_may_not_be_read_becomes_a_dead_letter_and_comes_back() {
    each_backend(async |url| {
        let site = Site::start();
        let files = recent(2);
        write_all(&site, &files);
        let closed = site.path(&files[0].0);
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
        let running = Running::start(url, site.config(None)).await;
        running.until_imported(1).await;
        running.until_told(&[&files[0].0, "not fetched (attempt 1)", "permission denied"]).await;
        running.until_told(&[&files[0].0, "not fetched (attempt 4)"]).await;
        running.until_told(&[&files[0].0, "set aside", "permission denied"]).await;
        running.end().await;
        let remembered = importer(url).await.db().remote_files(ServerId(1)).await.unwrap().remove(0);
        assert_eq!((remembered.state, remembered.attempts), (RemoteFileState::Dead, 5));
        assert!(remembered.reason.unwrap().contains("permission denied"));
        // The next start tries it once.
        let running = Running::start(url, site.config(None)).await;
        running.until_told(&["2 files on the server, 1 to fetch"]).await;
        running.until_told(&[&files[0].0, "set aside, and tried again in 1 h"]).await;
        assert_eq!(running.end().await.len(), 2);
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o644)).unwrap();
        let running = Running::start(url, site.config(None)).await;
        running.until_imported(1).await;
        running.end().await;
        all_is_well(url, &site, &files).await;
    })
    .await;
}

/// A file system of 64 KiB that is full. Needs root; elsewhere a quota cannot be had.
struct Small(std::path::PathBuf);

impl Small {
    fn mount(at: &Path) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=64k,mode=777", "tmpfs"]).arg(at);
        mount.status().is_ok_and(|status| status.success()).then(|| Self(at.to_path_buf()))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_local_disk() {
    each_backend(async |url| {
        let site = Site::start();
        let files = recent(2);
        write_all(&site, &files);
        let folder = site.local.path().join("stats");
        let small = Small::mount(&folder);
        if small.is_some() {
            // All of it but a page.
            drop(fs::write(folder.join("ballast"), vec![0; 1 << 20]));
        } else {
            // Not root: a folder that may not be written to fails in the same place.
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).unwrap();
        }
        let running = Running::start(url, site.config(None)).await;
        let told = running.until_told(&["cannot be written", &folder.display().to_string()]).await;
        assert!(small.is_none() || told.contains("No space left on device"), "{told}");
        assert_eq!(running.imported(), 0);
        if small.is_some() {
            fs::remove_file(folder.join("ballast")).unwrap();
        } else {
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        }
        running.until_told(&["works again"]).await;
        ends_well(url, running, &site, &files).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_truncated_and_replaced_while_it_is_downloaded() {
    each_backend(async |url| {
        let site = Site::start();
        let relay = Relay::to(site.server.port());
        let running = Running::start(url, site.config(Some(relay.port()))).await;
        running.until_told(&["0 files on the server"]).await;
        // A slow line, so that there is time between the look and the download.
        relay.delay(Duration::from_millis(100));
        let files = recent(4);
        for (index, (name, bytes, at)) in files.iter().enumerate() {
            // Another's bytes first, whole and balanced; then truncated; then the real ones.
            let other = &files[(index + 1) % files.len()].1;
            site.write(name, other);
            // The pace of whoever writes; nothing depends on it.
            tokio::time::sleep(Duration::from_millis(60 * (index as u64 + 1))).await;
            site.write(name, &bytes[..bytes.len() / 3]);
            tokio::time::sleep(Duration::from_millis(150)).await;
            site.write_at(name, bytes, *at);
        }
        ends_well(url, running, &site, &files).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_would_lead_elsewhere() {
    each_backend(async |url| {
        let mut site = Site::start();
        let files = recent(1);
        let (name, bytes, _) = &files[0];
        let size = bytes.len() as u64;
        let long = "x".repeat(300);
        let names: [&[u8]; 5] = [
            b"../2025-01-07-200000-supply-round-1.txt",
            b"/tmp/2025-01-07-200000-supply-round-1.txt",
            b"2025-01-07-200000-sup\nply-round-1.txt",
            b"2025-01-07-200000-sup\xffply-round-1.txt",
            long.as_bytes(),
        ];
        let hostile = names.iter().fold(Hostile::default(), |hostile, name| hostile.file(name, size, bytes));
        site.server.serve(&hostile.file(b"..", 1, b"x").file(name.as_bytes(), size, bytes)).unwrap();
        let running = Running::start(url, site.config(None)).await;
        running.until_imported(1).await;
        for words in [
            ["\"../2025-01-07", "path separator"],
            ["\"/tmp/2025", "path separator"],
            [r"sup\nply", "control character"],
            [r"sup\xffply", "not UTF-8"],
            ["x\"… (300 bytes)", "more than 255 bytes"],
        ] {
            running.until_told(&words).await;
        }
        // Another listing, after another connection: told once.
        site.server.drop_connections();
        running.until_told(&["works again"]).await;
        let told = running.end().await;
        assert_eq!(told.iter().filter(|text| text.contains("is not taken")).count(), 5, "{told:#?}");
        all_is_well(url, &site, &files).await;
        assert!(!site.local.path().join("2025-01-07-200000-supply-round-1.txt").exists());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_accepts_and_then_says_nothing() {
    each_backend(async |url| {
        let site = Site::start();
        let relay = Relay::to(site.server.port());
        let config = site.config(Some(relay.port()));
        let files = recent(3);
        write_all(&site, &files[..1].to_vec());
        relay.silent(true);
        let running = Running::start(url, config).await;
        running.until_told(&["did not answer within 3 s while shaking hands"]).await;
        relay.silent(false);
        running.until_imported(1).await;
        // In the middle of a session.
        relay.silent(true);
        write_all(&site, &files[1..].to_vec());
        running.until_told(&["did not answer within 3 s while looking at"]).await;
        relay.silent(false);
        running.until_imported(3).await;
        // And when asked to end.
        relay.silent(true);
        running.end().await;
        all_is_well(url, &site, &files).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_large_costs_only_itself() {
    each_backend(async |url| {
        let site = Site::start();
        let files = recent(2);
        write_all(&site, &files[..1].to_vec());
        site.write(&files[1].0, &vec![b'x'; (1 << 20) + 1]);
        let running = Running::start(url, site.config(None)).await;
        running.until_told(&[&files[1].0, "1048577 bytes, allowed are 1048576", "set aside"]).await;
        running.until_imported(1).await;
        running.end().await;
        // It is replaced by a proper one.
        write_all(&site, &files[1..].to_vec());
        let running = Running::start(url, site.config(None)).await;
        running.until_imported(1).await;
        running.end().await;
        all_is_well(url, &site, &files).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_file_is_rejected_once_and_taken_when_it_is_repaired() {
    each_backend(async |url| {
        let site = Site::start();
        let files = recent(2);
        write_all(&site, &files[..1].to_vec());
        let (name, bytes, at) = &files[1];
        site.write(name, &bytes[..bytes.len() / 2]);
        let running = Running::start(url, site.config(None)).await;
        running.until_told(&["rejected", name, "incomplete"]).await;
        running.until_imported(1).await;
        running.end().await;
        let running = Running::start(url, site.config(None)).await;
        running.until_told(&["2 files on the server, 0 to fetch"]).await;
        assert_eq!(running.end().await.len(), 1);
        site.write_at(name, bytes, *at);
        let running = Running::start(url, site.config(None)).await;
        running.until_imported(1).await;
        running.end().await;
        all_is_well(url, &site, &files).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_and_comes_back() {
    let cluster = fullhold_testkit::Postgres::start().unwrap();
    cluster.create_database("watched").unwrap();
    let url = cluster.url("watched");
    let site = Site::start();
    let files = recent(4);
    write_all(&site, &files[..2].to_vec());
    let running = Running::start(&url, site.config(None)).await;
    running.until_imported(2).await;
    cluster.stop().unwrap();
    write_all(&site, &files[2..].to_vec());
    running.until_told(&["could not connect to database"]).await;
    cluster.restart().unwrap();
    running.until_told(&["works again"]).await;
    ends_well(&url, running, &site, &files).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_file_that_another_program_holds_for_long_is_told_and_waited_for() {
    let file = fullhold_testkit::SqliteFile::create();
    let site = Site::start();
    let files = recent(3);
    write_all(&site, &files[..1].to_vec());
    let database = DatabaseConfig { timeout: Duration::from_secs(1), ..database_config(&file.url()) };
    let running = Running::start_with(importer_with(&database, "default").await, site.config(None));
    running.until_imported(1).await;
    let other = rusqlite::Connection::open(file.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    write_all(&site, &files[1..].to_vec());
    // Told once, however often it is tried.
    running.until_told(&["another program has held the writer's lock for more than 1s", "trying again"]).await;
    assert_eq!(running.imported(), 1);
    other.execute_batch("ROLLBACK").unwrap();
    running.until_told(&["works again"]).await;
    running.until_imported(3).await;
    assert_eq!(running.count(|notice| matches!(notice, Notice::Trouble { .. })), 1);
    running.end().await;
    all_is_well(&file.url(), &site, &files).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cuts_every_moment_lose_nothing_and_double_nothing() {
    each_backend(async |url| {
        let site = Site::start();
        let relay = Relay::to(site.server.port());
        let config = WatchConfig { interval: Duration::from_millis(200), ..site.config(Some(relay.port())) };
        let running = Running::start(url, config).await;
        let files = recent(30);
        for (index, (name, bytes, at)) in files.iter().enumerate() {
            site.write_at(name, bytes, *at);
            // At other moments of the conversation each time, and not faster than a connection is made.
            relay.cut_after(u32::try_from(1_500 + index * 700).unwrap());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        running.until_imported(files.len()).await;
        assert_eq!(running.imported(), files.len());
        running.end().await;
        all_is_well(url, &site, &files).await;
    })
    .await;
}
