//! Any order of import, in any batches, with repeats, gives the same database.
#![expect(clippy::unwrap_used, reason = "test support")]

mod support;

use std::fmt::Write as _;

use fullhold_ingest::FileOutcome;
use fullhold_repository::dump;
use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_testkit::{corpus, each_backend};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use support::{import_written_at, importer, open};

/// Name, bytes, instant of writing.
type File = (String, Vec<u8>, Option<i64>);

/// Evenings with everything that goes wrong, a clock set back among it, and files that cannot be read.
fn files(seed: u64, rounds: usize) -> Vec<File> {
    let mut config = Config::community(seed, rounds, "Europe/Ljubljana", Disturbances::all());
    config.disturbances.lost_r1 = 150;
    let mut files: Vec<File> = Simulation::new(config)
        .unwrap()
        .flat_map(|evening| {
            let at: Vec<i64> = evening.truth.rounds.iter().map(|r| r.ended_at).collect();
            evening.files.into_iter().zip(at).map(|(f, at)| (f.name, f.bytes, Some(at)))
        })
        .collect();
    files.push(("2025-01-08-120000-junk-round-1.txt".to_owned(), b"hello\n".to_vec(), None));
    files
}

async fn dumped(url: &str, batches: &[Vec<&File>]) -> Vec<String> {
    let importer = importer(url, "Europe/Ljubljana").await;
    for batch in batches {
        let batch: Vec<_> = batch.iter().map(|(n, b, at)| (n.as_str(), b.as_slice(), *at)).collect();
        import_written_at(&importer, &batch).await;
    }
    dump(importer.db()).await.unwrap()
}

/// The dump of each backend after these batches.
async fn on_both(batches: &[Vec<&File>]) -> Vec<Vec<String>> {
    let dumps = std::sync::Mutex::new(Vec::new());
    each_backend(async |url| {
        let dump = dumped(url, batches).await;
        dumps.lock().unwrap().push(dump);
    })
    .await;
    dumps.into_inner().unwrap()
}

/// Fails with the first lines that differ.
fn assert_same(expected: &[String], found: &[String], what: &str) {
    let mut differences = String::new();
    let (a, b): (Vec<_>, Vec<_>) = (
        expected.iter().filter(|line| found.binary_search(line).is_err()).collect(),
        found.iter().filter(|line| expected.binary_search(line).is_err()).collect(),
    );
    for (mark, line) in a.iter().take(6).map(|l| ('-', l)).chain(b.iter().take(6).map(|l| ('+', l))) {
        let _ = writeln!(differences, "{mark} {line}");
    }
    assert!(expected == found, "{what}: {} lines gone, {} new\n{differences}", a.len(), b.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn any_order_in_any_batches_with_repeats_gives_the_same_database() {
    let files = files(11, 120);
    // Shuffled positions with repeats, and the sizes of batches.
    let positions = prop::collection::vec(0..files.len(), 0..40);
    let plan = (Just((0..files.len()).collect::<Vec<_>>()).prop_shuffle(), positions, 1..30_usize);
    let mut runner = TestRunner::deterministic();
    let mut reference: Option<Vec<String>> = None;
    for _ in 0..6 {
        let (order, repeats, size) = plan.new_tree(&mut runner).unwrap().current();
        let all: Vec<&File> = order.iter().chain(&repeats).map(|i| &files[*i]).collect();
        let batches: Vec<Vec<&File>> = all.chunks(size).map(<[&File]>::to_vec).collect();
        let in_order: Vec<Vec<&File>> = vec![files.iter().collect()];
        let mut found = on_both(&batches).await;
        if reference.is_none() {
            found.extend(on_both(&in_order).await);
        }
        let expected = reference.get_or_insert_with(|| found.pop().unwrap()).clone();
        assert!(expected.len() > 1000, "a dump of {} lines shows nothing", expected.len());
        for dump in &found {
            assert_same(&expected, dump, &format!("batches of {size}"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn real_files_backwards_one_by_one_give_the_same_database() {
    let Some(corpus) = corpus() else { return };
    let files: Vec<File> = corpus.files().into_iter().map(|(name, bytes)| (name, bytes, None)).collect();
    let forwards: Vec<Vec<&File>> = vec![files.iter().collect()];
    let backwards: Vec<Vec<&File>> = files.iter().rev().map(|file| vec![file]).collect();
    let mut dumps = on_both(&forwards).await;
    dumps.extend(on_both(&backwards).await);
    for dump in &dumps {
        assert_same(&dumps[0], dump, "real files");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_import_changes_nothing_and_other_bytes_are_a_conflict() {
    let files = files(3, 40);
    each_backend(async |url| {
        let all: Vec<&File> = files.iter().collect();
        let before = dumped(url, std::slice::from_ref(&all)).await;
        let after = dumped(url, &[all]).await;
        assert_same(&before, &after, "second import");
        let importer = importer(url, "Europe/Ljubljana").await;
        let (name, bytes, _) = &files[0];
        // Not the same file grown or cut: its first byte is another.
        let mut other = bytes.clone();
        other[0] ^= 1;
        let outcomes = import_written_at(&importer, &[(name, &other, None)]).await;
        let FileOutcome::Conflict(reason) = &outcomes[0] else { panic!("{outcomes:?}") };
        assert!(reason.contains("conflict"), "{reason}");
        assert_same(&before, &dump(&open(url).await).await.unwrap(), "conflict");
    })
    .await;
}
