//! Bytes per second of the parser on one core, over the real files, or over the repository's own
//! when those are absent.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fullhold_stats_file::{FileName, parse};

fn files(folder: &Path, into: &mut Vec<(FileName, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path: PathBuf = entry.path();
        if path.is_dir() {
            files(&path, into);
        } else if let Ok(name) = entry.file_name().to_string_lossy().parse() {
            into.push((name, std::fs::read(&path).unwrap_or_default()));
        }
    }
}

fn parsing(c: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    files(&root.join("../../../shared/corpus/gamestats"), &mut all);
    if all.is_empty() {
        files(&root.join("../../testdata/good"), &mut all);
    }
    let bytes: usize = all.iter().map(|(_, bytes)| bytes.len()).sum();
    let mut group = c.benchmark_group("stats-file");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("parse", |b| {
        b.iter(|| {
            for (name, bytes) in &all {
                drop(black_box(parse(black_box(name), black_box(bytes))));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, parsing);
criterion_main!(benches);
