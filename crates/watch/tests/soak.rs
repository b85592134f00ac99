//! The short form of `cargo xtask soak`: two watchers of one server while everything goes wrong that can, each
//! once or more. In the end everything is stored once, as if imported from disk.
#![expect(clippy::unwrap_used, reason = "test support")]

#[path = "../../ingest/tests/support/mod.rs"]
mod support;
#[path = "watching/trouble.rs"]
mod trouble;
mod watching;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use fullhold_repository::{Replacement, backup, dump};
use fullhold_testkit::{Relay, SqliteFile, each_backend};
use fullhold_watch::WatchConfig;
use trouble::{Closed, REMEMBERED, ROUNDS, wait_for_number, write_in_parts};
use watching::{Running, Site, database_config, files, importer};

const FILES: usize = 24;
const STORED: &str = "SELECT COALESCE(sum(size_bytes), 0) FROM processed_files WHERE state = 'imported'";
/// Longer than a file that balances must rest.
const PAUSE: Duration = Duration::from_millis(1_500);

/// The state of before comes back while files arrive.
async fn restore(url: &str, site: &Site, (name, bytes): (&str, &[u8]), rounds: i64) {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("backup");
    let (config, to) = (database_config(url), copy.clone());
    tokio::task::spawn_blocking(move || backup(&config, &to, false)).await.unwrap().unwrap();
    site.write(name, bytes);
    wait_for_number(url, ROUNDS, rounds).await;
    Replacement::from_backup(&database_config(url), &copy).await.unwrap().install(None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_everything_is_stored_once_and_whole() {
    each_backend(async |url| {
        let site = Site::start();
        let relay = Relay::to(site.server.port());
        let second = Duration::from_secs(1);
        let folders: [PathBuf; 2] = ["stats", "other"].map(|name| site.local.path().join(name));
        let configs = folders.clone().map(|folder| WatchConfig {
            folder,
            rest: 10 * second,
            dead_retry: (second, second),
            ..site.config(Some(relay.port()))
        });
        let first = Running::start(url, configs[0].clone()).await;
        let mut other = Running::start(url, configs[1].clone()).await;
        for one in [&first, &other] {
            one.until_told(&["0 files on the server"]).await;
        }
        let files = files(FILES, Duration::from_secs(600));
        let size =
            |count: usize| i64::try_from(files.iter().take(count).map(|(_, bytes, _)| bytes.len()).sum::<usize>());
        let mut growing = None;
        for (index, (name, bytes, _)) in files.iter().enumerate() {
            match index % 8 {
                0 => growing = Some(tokio::spawn(write_in_parts(site.path(name), bytes.clone(), PAUSE))),
                1 => {
                    relay.cut_after(u32::try_from(index * 997).unwrap());
                    site.write(name, bytes);
                }
                2 => {
                    other.kill().await;
                    site.write(name, bytes);
                    other = Running::start(url, configs[1].clone()).await;
                }
                3 => {
                    drop(fs::remove_dir_all(&folders[0]));
                    site.write(name, bytes);
                }
                4 => {
                    let closed = Closed::write(&site, name, bytes);
                    first.until_told(&[name, "set aside"]).await;
                    closed.open();
                }
                5 => {
                    if let Some(growing) = growing.take() {
                        growing.await.unwrap();
                    }
                    // All there is is stored, so that what comes next is what is taken away.
                    wait_for_number(url, STORED, size(index).unwrap()).await;
                    restore(url, &site, (name, bytes), i64::try_from(index + 1).unwrap()).await;
                }
                6 => {
                    site.write(name, bytes);
                    relay.cut();
                }
                _ => {
                    other.end().await;
                    site.write(name, bytes);
                    other = Running::start(url, configs[1].clone()).await;
                }
            }
        }
        wait_for_number(url, STORED, size(FILES).unwrap()).await;
        wait_for_number(url, REMEMBERED, 0).await;
        first.end().await;
        other.end().await;
        let from_disk = SqliteFile::create();
        let from_disk = importer(&from_disk.url()).await;
        from_disk.run(vec![site.server.files()], &()).await.unwrap();
        assert_eq!(dump(importer(url).await.db()).await.unwrap(), dump(from_disk.db()).await.unwrap());
    })
    .await;
}
