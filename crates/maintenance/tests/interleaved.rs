//! Looking after histories whose rounds do not have ids in a row: two servers filled in parallel,
//! and a file that came late.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

mod keeping;
#[path = "../../ingest/tests/support/mod.rs"]
mod support;

use fullhold_ingest::Importer;
use fullhold_maintenance::{Maintenance, Selection};
use fullhold_repository::{RoundId, Verdict, dump};
use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_testkit::each_backend;
use keeping::asked;
use support::{assert_same, import, importer, open, query};
use time::OffsetDateTime;

fn files(seed: u64, rounds: usize) -> Vec<(String, Vec<u8>)> {
    let evenings = Simulation::new(Config::community(seed, rounds, "UTC", Disturbances::all())).unwrap();
    evenings.flat_map(|evening| evening.files).map(|file| (file.name, file.bytes)).collect()
}

async fn clean(maintenance: &Maintenance, expected: &[String], what: &str) {
    assert_eq!(maintenance.validate(&()).await.unwrap().problems, Vec::new(), "{what}");
    assert_same(expected, &dump(maintenance.db()).await.unwrap(), what);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_and_a_late_file_can_be_looked_after() {
    let (one, two) = (files(7, 40), files(8, 40));
    each_backend(async |url| {
        let first = importer(url, "UTC").await;
        let (db, config) = (open(url).await, first.config().clone());
        let second = Importer::new(db, "two", None, "UTC", config.clone(), OffsetDateTime::now_utc).await.unwrap();
        let late = one.len() / 3;
        for (index, (a, b)) in one.iter().zip(&two).enumerate() {
            if index != late {
                import(&first, std::slice::from_ref(a)).await;
            }
            import(&second, std::slice::from_ref(b)).await;
        }
        import(&first, &one[late..=late]).await;
        import(&first, &[("2025-01-09-120000-junk-round-1.txt".to_owned(), b"hello\n".to_vec())]).await;
        let maintenance = Maintenance::new(open(url).await, config, OffsetDateTime::now_utc);
        let before = dump(maintenance.db()).await.unwrap();
        let everything = Selection::Dates("0000-01-01".to_owned(), "9999-12-31".to_owned());
        for (selection, what) in [(Selection::Everything, "rebuild"), (everything, "fix-range")] {
            maintenance.rebuild(selection, &()).await.unwrap();
            clean(&maintenance, &before, what).await;
        }
        let id = "SELECT id FROM rounds WHERE server_id = 1 ORDER BY ended_at LIMIT 1";
        let id: RoundId = query(url, id).await[0][0].clone().unwrap().parse().unwrap();
        maintenance.override_round(id, Some(Verdict::Ignore), "test", "me").await.unwrap();
        assert_eq!(maintenance.validate(&()).await.unwrap().problems, Vec::new());
        maintenance.override_round(id, None, "test", "me").await.unwrap();
        // A file that failed, as an older parser might have had it.
        let name = &one[late].0;
        let db = maintenance.db();
        for sql in [
            format!("DELETE FROM weapon_stats WHERE round_id = (SELECT r.id FROM rounds r JOIN processed_files f ON f.id = r.file_id WHERE f.filename = '{name}' AND f.server_id = 1)"),
            format!("UPDATE processed_files SET state = 'failed', success = {}, error_message = 'x' WHERE filename = '{name}' AND server_id = 1", if url.starts_with("sqlite") { "0" } else { "false" }),
        ] {
            db.execute_raw(&sql).await.unwrap();
        }
        let done = maintenance.retry(&asked(db, std::slice::from_ref(name)).await[..1], "me").await.unwrap();
        assert_eq!(done.done, std::slice::from_ref(name), "{done:?}");
        assert_eq!(maintenance.validate(&()).await.unwrap().problems, Vec::new());
    })
    .await;
}
