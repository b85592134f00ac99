//! Short forms of what `xtask bench --sync` and `xtask soak` measure: a large directory over a slow
//! line, and an evening over a line that is cut again and again, without growth.
#![expect(clippy::unwrap_used, reason = "test support")]

#[path = "../../ingest/tests/support/mod.rs"]
mod support;
mod watching;

use std::fs;
use std::time::Duration;

use fullhold_testkit::{Relay, SqliteFile, each_backend};
use fullhold_watch::{Voice, WatchConfig};
use support::query;
use time::OffsetDateTime;
use watching::{Running, Site, files, restamped};

#[tokio::test(flavor = "multi_thread")]
async fn four_thousand_files_over_a_slow_line() {
    let site = Site::start();
    let old = OffsetDateTime::now_utc() - Duration::from_secs(40 * 86_400);
    for number in 0..3_940_u32 {
        let at = old - Duration::from_secs(60) * number;
        site.write(&restamped("2025-01-07-200000-supply-round-1.txt", at), b"old\n");
    }
    let recent = files(60, Duration::from_secs(600));
    for (name, bytes, at) in &recent {
        site.write_at(name, bytes, *at);
    }
    let relay = Relay::to(site.server.port());
    relay.delay(Duration::from_millis(15));
    let file = SqliteFile::create();
    let running = Running::start(&file.url(), site.config(Some(relay.port()))).await;
    running.until_told(&["4000 files on the server, 60 to fetch; 3940 older"]).await;
    running.until_imported(60).await;
    running.end().await;
    assert_eq!(relay.accepted(), 1, "everything goes over one connection");
}

/// Descriptors and threads of this process.
fn usage() -> (usize, usize) {
    let count = |path: &str| fs::read_dir(path).unwrap().count();
    (count("/proc/self/fd"), count("/proc/self/task"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_evening_over_a_line_that_is_cut_again_and_again() {
    const ROUNDS: usize = 20;
    each_backend(async |url| {
        let site = Site::start();
        let relay = Relay::to(site.server.port());
        let config = WatchConfig { interval: Duration::from_millis(250), ..site.config(Some(relay.port())) };
        let running = Running::start(url, config).await;
        running.until_told(&["0 files on the server"]).await;
        let mut before = (0, 0);
        for (index, (name, bytes, at)) in files(ROUNDS, Duration::from_secs(900)).iter().enumerate() {
            running.voice.send_replace(Voice::People(index % 3));
            site.write_at(name, bytes, *at);
            tokio::time::sleep(Duration::from_millis(400)).await;
            // In the middle of what is going on, or of the next.
            relay.cut_after(u32::try_from(index * 1_717 % 9_000).unwrap());
            if index == 4 {
                running.until_imported(5).await;
                before = usage();
            }
        }
        running.voice.send_replace(Voice::People(1));
        running.until_imported(ROUNDS).await;
        let (descriptors, threads) = usage();
        assert!(descriptors <= before.0 + 8, "{} descriptors, then {descriptors}", before.0);
        assert!(threads <= before.1 + 8, "{} threads, then {threads}", before.1);
        assert_eq!(running.imported(), ROUNDS);
        running.end().await;
        let rounds = query(url, "SELECT count(*) FROM rounds").await;
        assert_eq!(rounds[0][0], Some(ROUNDS.to_string()));
    })
    .await;
}
