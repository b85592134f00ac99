//! Several files of one name: a part and the whole, an older copy, damaged bytes and the good file.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

#[path = "../../ingest/tests/support/mod.rs"]
mod support;

use fullhold_ingest::FileOutcome;
use fullhold_maintenance::{Maintenance, Selection};
use fullhold_repository::dump;
use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_testkit::each_backend;
use support::{assert_same, import, importer, open, query};
use time::OffsetDateTime;

type File = (String, Vec<u8>);

fn files(rounds: usize) -> Vec<File> {
    let evenings = Simulation::new(Config::community(9, rounds, "UTC", Disturbances::none())).unwrap();
    evenings.flat_map(|evening| evening.files).map(|file| (file.name, file.bytes)).take(rounds).collect()
}

/// The file without its last line: it parses.
fn cut(file: &File) -> File {
    let lines: Vec<&[u8]> = file.1.split_inclusive(|byte| *byte == b'\n').collect();
    (file.0.clone(), lines[..lines.len() - 1].concat())
}

async fn maintenance(url: &str) -> Maintenance {
    let config = importer(url, "UTC").await.config().clone();
    Maintenance::new(open(url).await, config, OffsetDateTime::now_utc)
}

async fn dumped(url: &str) -> Vec<String> {
    dump(&open(url).await).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_part_is_completed_and_an_older_copy_changes_nothing() {
    let files = files(12);
    let expected = std::sync::Mutex::new(Vec::new());
    each_backend(async |url| {
        import(&importer(url, "UTC").await, &files).await;
        *expected.lock().unwrap() = dumped(url).await;
    })
    .await;
    let expected = expected.into_inner().unwrap();
    each_backend(async |url| {
        let importer = importer(url, "UTC").await;
        for (index, file) in files.iter().enumerate() {
            let outcome = import(&importer, &[cut(file)]).await;
            assert!(matches!(outcome[0], FileOutcome::Imported { .. }), "{index}: {outcome:?}");
        }
        for file in files.iter().rev() {
            let outcome = import(&importer, std::slice::from_ref(file)).await;
            assert!(matches!(outcome[0], FileOutcome::Completed { players, .. } if players > 0), "{outcome:?}");
        }
        assert_same(&expected, &dumped(url).await, "completed");
        let copies: Vec<File> = files.iter().map(cut).collect();
        let outcomes = import(&importer, &copies).await;
        assert!(outcomes.iter().all(|outcome| *outcome == FileOutcome::OlderCopy), "{outcomes:?}");
        assert_same(&expected, &dumped(url).await, "older copies");
        assert_eq!(maintenance(url).await.validate(&()).await.unwrap().problems, Vec::new());
    })
    .await;
    each_backend(async |url| {
        // Part and whole in one batch, in either order.
        let importer = importer(url, "UTC").await;
        let both: Vec<File> = files
            .iter()
            .enumerate()
            .flat_map(
                |(index, file)| if index % 2 == 0 { [cut(file), file.clone()] } else { [file.clone(), cut(file)] },
            )
            .collect();
        let outcomes = import(&importer, &both).await;
        let older = outcomes.iter().filter(|outcome| **outcome == FileOutcome::OlderCopy).count();
        assert_eq!(older, files.len(), "{outcomes:?}");
        assert_same(&expected, &dumped(url).await, "both in a batch");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_bytes_stay_a_conflict() {
    let files = files(4);
    each_backend(async |url| {
        let importer = importer(url, "UTC").await;
        import(&importer, &files).await;
        let before = dumped(url).await;
        let mut garbage = files[0].clone();
        garbage.1.extend_from_slice(b"not a player line\n\xff\xff");
        garbage.1[0] = b'#';
        let outcome = import(&importer, &[garbage]).await;
        assert!(matches!(&outcome[0], FileOutcome::Conflict(reason) if reason.contains("other bytes")), "{outcome:?}");
        assert_same(&before, &dumped(url).await, "conflict");
    })
    .await;
}

fn damage(url: &str, id: i32) -> String {
    let value = if url.starts_with("sqlite") { "x'00112233'" } else { "'\\x00112233'" };
    format!("UPDATE processed_files SET content = {value} WHERE id = {id}")
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_bytes_do_not_stop_a_server_and_heal_from_the_good_file() {
    let files = files(12);
    each_backend(async |url| {
        let importer = importer(url, "UTC").await;
        import(&importer, &files[..10]).await;
        let maintenance = maintenance(url).await;
        let db = open(url).await;
        let before = query(url, "SELECT count(*), sum(kills) FROM player_comprehensive_stats").await;
        let broken = query(url, "SELECT id FROM processed_files ORDER BY filename").await;
        let broken: i32 = broken[9][0].clone().unwrap().parse().unwrap();
        db.execute_raw(&damage(url, broken)).await.unwrap();
        // The neighbour cannot be read; its round stays, and the next ones come in.
        let outcomes = import(&importer, &files[10..]).await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, FileOutcome::Imported { .. })), "{outcomes:?}");
        let rounds = query(url, "SELECT count(*) FROM rounds WHERE match_state = 'complete'").await;
        assert_eq!(rounds[0][0].as_deref(), Some("12"));
        // Whoever looks at the round is told, once.
        let noted = "SELECT round_id, found FROM validation_findings WHERE \"check\" = 'stored_file_unreadable'";
        let notes = query(url, noted).await;
        assert_eq!(notes.len(), 1, "{notes:?}");
        let found = maintenance.validate(&()).await.unwrap();
        assert!(found.total_problems > 0);
        assert!(found.problems.iter().any(|problem| problem.expected.contains("--from-files")), "{:?}", found.problems);
        // Nothing derived is thrown away for bytes that cannot be read.
        let rebuilt = maintenance.rebuild(Selection::Everything, &()).await.unwrap();
        assert_eq!(rebuilt.failed.len(), 1, "{rebuilt:?}");
        let everything = Selection::Dates("0000-01-01".to_owned(), "9999-12-31".to_owned());
        maintenance.rebuild(everything, &()).await.unwrap();
        let rounds = query(url, "SELECT count(*) FROM rounds WHERE match_state = 'complete'").await;
        assert_eq!(rounds[0][0].as_deref(), Some("12"), "the round and its other half are still there");
        let kept = query(url, "SELECT count(*), sum(p.kills) FROM player_comprehensive_stats p JOIN rounds r ON r.id = p.round_id WHERE r.id <= 10").await;
        assert_eq!(kept, before);
        assert_eq!(query(url, noted).await, notes);
        let healed = import(&importer, &files).await;
        assert_eq!(healed.iter().filter(|one| matches!(one, FileOutcome::Healed { .. })).count(), 1, "{healed:?}");
        assert_eq!(query(url, noted).await.len(), 0);
        assert_eq!(maintenance.validate(&()).await.unwrap().problems, Vec::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_from_files_takes_good_bytes_for_damaged_ones_and_no_cut_copy() {
    let files = files(8);
    each_backend(async |url| {
        let importer = importer(url, "UTC").await;
        import(&importer, &files).await;
        let before = dumped(url).await;
        let maintenance = maintenance(url).await;
        let db = open(url).await;
        db.execute_raw(&damage(url, 3)).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        for (index, file) in files.iter().enumerate() {
            let bytes = match index {
                // A cut copy that parses, one that does not, the good file for the damaged bytes.
                0 => cut(file).1,
                1 => file.1[..file.1.len() / 3].to_vec(),
                _ => file.1.clone(),
            };
            std::fs::write(folder.path().join(&file.0), bytes).unwrap();
        }
        let server = db.server("default", None, "UTC").await.unwrap();
        let selection = Selection::FromFiles(vec![folder.path().to_owned()], server);
        let rebuilt = maintenance.rebuild(selection, &()).await.unwrap();
        assert_eq!(rebuilt.changed_files.len(), 1, "{rebuilt:?}");
        assert_eq!((rebuilt.older_copies.len(), rebuilt.unreadable.len()), (2, 0), "{rebuilt:?}");
        assert!(rebuilt.failed.is_empty(), "{rebuilt:?}");
        assert_same(&before, &dumped(url).await, "from files");
        assert_eq!(maintenance.validate(&()).await.unwrap().problems, Vec::new());
    })
    .await;
}
