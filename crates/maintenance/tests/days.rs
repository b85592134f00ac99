//! A server where nobody ever stops playing: sessions end at the beginning of a day, between matches,
//! whatever the order of import.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

#[path = "../../ingest/tests/support/mod.rs"]
mod support;

use fullhold_analytics::DayStart;
use fullhold_ingest::Importer;
use fullhold_maintenance::{Maintenance, Selection};
use fullhold_repository::{RoundId, Verdict, dump};
use fullhold_testkit::each_backend;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use support::{Played, assert_same, import_written_at, importer, nonstop, open, query};
use time::OffsetDateTime;

const ZONE: &str = "Europe/Ljubljana";
/// 2025-10-25 12:10 there, half a day before the clock is set back.
const NOON_BEFORE: i64 = 1_761_387_000;

async fn import(importer: &Importer, files: &[&Played], with_time: bool) {
    let files: Vec<_> =
        files.iter().map(|(name, bytes, at)| (name.as_str(), bytes.as_slice(), with_time.then_some(*at))).collect();
    import_written_at(importer, &files).await;
}

async fn maintenance(url: &str) -> Maintenance {
    let config = importer(url, ZONE).await.config().clone();
    Maintenance::new(open(url).await, config, OffsetDateTime::now_utc)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_at_six_between_matches() {
    // Every 20 minutes, at 10, 30 and 50 minutes past: of one match in six, R1 ends at 05:50 and R2 at 06:10.
    let files = nonstop(5, 160, ZONE, NOON_BEFORE, 1200);
    each_backend(async |url| {
        let importer = importer(url, ZONE).await;
        import(&importer, &files.iter().collect::<Vec<_>>(), true).await;
        let sessions = query(
            url,
            "SELECT (SELECT round_time FROM rounds r WHERE r.gaming_session_id = s.id ORDER BY ended_at LIMIT 1), \
             (SELECT round_time FROM rounds r WHERE r.gaming_session_id = s.id ORDER BY ended_at DESC LIMIT 1), \
             rounds, matches FROM gaming_sessions s ORDER BY started_at",
        )
        .await;
        let sessions: Vec<Vec<&str>> =
            sessions.iter().map(|row| row.iter().map(|cell| cell.as_deref().unwrap()).collect()).collect();
        let times: Vec<[&str; 2]> = sessions.iter().map(|row| [row[0], row[1]]).collect();
        // 19 hours by the clock between 12:10 and 06:10, in the night that has one hour more: 56 rounds and a half.
        assert_eq!(times[0][0], "12:10:00");
        for pair in times.windows(2) {
            let (end, begin) = (pair[0][1], pair[1][0]);
            assert!((end, begin) == ("05:50:00", "06:10:00") || (end, begin) == ("06:10:00", "06:30:00"), "{times:?}");
        }
        assert_eq!(sessions.len(), 3);
        let split = "SELECT count(*) FROM rounds a JOIN rounds b ON a.match_id = b.match_id \
                     AND a.gaming_session_id <> b.gaming_session_id";
        assert_eq!(query(url, split).await[0][0].as_deref(), Some("0"), "no match lies in two sessions");
        let complete = query(url, "SELECT count(*) FROM matches WHERE match_state = 'complete'").await;
        assert_eq!(complete[0][0].as_deref(), Some("80"), "no match was torn apart");
        assert_eq!(maintenance(url).await.validate(&()).await.unwrap().problems, Vec::new());
    })
    .await;
}

/// Some files lose their R1 or R2, so that pairing has something to find out.
fn with_losses(seed: u64, from: i64, every: i64) -> Vec<Played> {
    let mut files = nonstop(seed, 150, ZONE, from, every);
    let mut index = 0;
    files.retain(|_| {
        index += 1;
        index % 11 != 0
    });
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn any_order_gives_the_same_days_with_and_without_modification_times() {
    let mut runner = TestRunner::deterministic();
    for (seed, every, with_time) in [(1, 1200, true), (2, 1200, false), (3, 1790, false), (4, 660, true)] {
        let files = with_losses(seed, NOON_BEFORE, every);
        let plan = (Just((0..files.len()).collect::<Vec<_>>()).prop_shuffle(), 1..20_usize);
        let expected = std::sync::Mutex::new(None::<Vec<String>>);
        for _ in 0..2 {
            let (order, size) = plan.new_tree(&mut runner).unwrap().current();
            each_backend(async |url| {
                let importer = importer(url, ZONE).await;
                let shuffled: Vec<&Played> = order.iter().map(|index| &files[*index]).collect();
                for batch in shuffled.chunks(size) {
                    import(&importer, batch, with_time).await;
                }
                let found = dump(importer.db()).await.unwrap();
                let validation = maintenance(url).await.validate(&()).await.unwrap();
                assert_eq!(validation.problems, Vec::new(), "every {every} s, batches of {size}");
                let first = expected.lock().unwrap().get_or_insert_with(|| found.clone()).clone();
                assert_same(&first, &found, &format!("every {every} s, batches of {size}"));
            })
            .await;
        }
        each_backend(async |url| {
            let importer = importer(url, ZONE).await;
            import(&importer, &files.iter().collect::<Vec<_>>(), with_time).await;
            let found = dump(importer.db()).await.unwrap();
            assert_same(&expected.lock().unwrap().clone().unwrap(), &found, "all at once");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_without_a_pause_is_rebuilt_day_by_day() {
    // More files than a batch takes, so that it is cut between days.
    let files = nonstop(6, 1200, ZONE, NOON_BEFORE, 700);
    each_backend(async |url| {
        let importer = importer(url, ZONE).await;
        for batch in files.iter().collect::<Vec<_>>().chunks(200) {
            import(&importer, batch, false).await;
        }
        let maintenance = maintenance(url).await;
        let before = dump(importer.db()).await.unwrap();
        let clean = maintenance.validate(&()).await.unwrap();
        assert_eq!((clean.problems, clean.rounds, clean.files), (Vec::new(), files.len(), files.len()));
        let some = Selection::Dates("2025-10-29".to_owned(), "2025-10-30".to_owned());
        let rebuilt = maintenance.rebuild(some, &()).await.unwrap();
        assert!(rebuilt.rounds > 200 && rebuilt.rounds < files.len(), "{rebuilt:?}");
        assert_same(&before, &dump(importer.db()).await.unwrap(), "some days");
        let rebuilt = maintenance.rebuild(Selection::Everything, &()).await.unwrap();
        assert_eq!((rebuilt.files, rebuilt.rounds), (files.len(), files.len()));
        assert_same(&before, &dump(importer.db()).await.unwrap(), "everything");
        maintenance.rebuild_sessions(&()).await.unwrap();
        assert_same(&before, &dump(importer.db()).await.unwrap(), "sessions");
        let id: RoundId =
            query(url, "SELECT id FROM rounds ORDER BY ended_at").await[600][0].clone().unwrap().parse().unwrap();
        let valid = "SELECT count(*) FROM rounds WHERE is_valid AND id <> ";
        let others = query(url, &format!("{valid}{id}")).await;
        maintenance.override_round(id, Some(Verdict::Ignore), "test", "me").await.unwrap();
        assert_eq!(maintenance.validate(&()).await.unwrap().problems, Vec::new());
        maintenance.override_round(id, None, "test", "me").await.unwrap();
        assert_eq!(query(url, &format!("{valid}{id}")).await, others);
        assert_same(&before, &dump(importer.db()).await.unwrap(), "a verdict that was taken back");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_days_only_a_pause_ends_a_session() {
    let files = nonstop(7, 130, ZONE, NOON_BEFORE, 1200);
    each_backend(async |url| {
        let mut config = importer(url, ZONE).await.config().clone();
        assert_eq!(config.timeline.day_start, Some(DayStart::SIX));
        config.timeline.day_start = None;
        let db = open(url).await;
        let importer = Importer::new(db, "default", None, "UTC", config, OffsetDateTime::now_utc).await.unwrap();
        for batch in files.iter().rev().collect::<Vec<_>>().chunks(7) {
            import(&importer, batch, false).await;
        }
        assert_eq!(query(url, "SELECT count(*) FROM gaming_sessions").await[0][0].as_deref(), Some("1"));
        let maintenance = Maintenance::new(open(url).await, importer.config().clone(), OffsetDateTime::now_utc);
        assert_eq!(maintenance.validate(&()).await.unwrap().problems, Vec::new());
    })
    .await;
}
