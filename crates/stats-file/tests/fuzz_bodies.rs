//! The bodies of the fuzz targets, over the test data, over every input that ever broke something
//! (`fuzz/regressions`), and over some changes by chance. The long run is `cargo xtask fuzz`.
#![expect(clippy::unwrap_used, reason = "test support")]

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../../../fuzz/src/bodies.rs"]
mod fuzz_bodies;
#[path = "../../../fuzz/src/mutate.rs"]
mod mutate;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All files below a folder, in the order of their paths.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let of = |path: PathBuf| {
        if path.is_dir() {
            return files(&path);
        }
        let bytes = fs::read(&path).unwrap();
        vec![(path, bytes)]
    };
    paths.into_iter().flat_map(of).collect()
}

fn seeds() -> Vec<(PathBuf, Vec<u8>)> {
    let mut seeds = files(&root().join("testdata"));
    seeds.extend(files(&root().join("fuzz/regressions")));
    seeds
}

#[test]
fn bodies_hold_for_test_data_and_regressions() {
    let seeds = seeds();
    assert!(seeds.len() > 40, "only {} seeds", seeds.len());
    let mut taken = 0;
    for (path, bytes) in &seeds {
        eprintln!("{}", path.display());
        fuzz_bodies::parse(bytes);
        taken += usize::from(fuzz_bodies::roundtrip(bytes));
    }
    assert!(taken > 30, "only {taken} seeds are files: the bodies see nothing but errors");
}

#[test]
fn bodies_hold_for_every_cut_of_a_file() {
    let good = files(&root().join("testdata/good"));
    let (path, bytes) = good.first().unwrap();
    for end in 0..=bytes.len() {
        eprintln!("{} cut at {end}", path.display());
        fuzz_bodies::parse(bytes.get(..end).unwrap());
        fuzz_bodies::roundtrip(bytes.get(..end).unwrap());
    }
}

#[test]
fn bodies_hold_for_seeds_changed_by_chance() {
    let seeds: Vec<Vec<u8>> = seeds().into_iter().map(|(_, bytes)| bytes).collect();
    let report = mutate::mutate_run(&seeds, 30_000, 1);
    let shown = report.panics.first().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert_eq!(shown, None, "an input panicked");
    assert_eq!(report.executions, 30_000);
    assert!(report.accepted > 3_000, "only {} inputs were files: the changes are too wild", report.accepted);
}
