//! A run over files on disk: reading on a thread of its own, batches, a summary.

use std::path::{Path, PathBuf};
use std::time::Instant;

use fullhold_stats_file::{FileKind, FileName, Stamp};
use time::OffsetDateTime;
use tokio::sync::mpsc;

use crate::batch::utc;
use crate::source::{self, Found};
use crate::stages::Stage;
use crate::{Error, FileOutcome, Importer, Prepared, Rejected, Summary, prepare};

/// The first batch is closed at the next break between evenings once it has so many files, so that
/// writing begins while the rest is still being read.
const FIRST_BATCH: usize = 128;
/// Each batch may be twice as large as the one before, up to this: enough to spread the cost of a
/// transaction, few enough to keep memory flat.
const BATCH: usize = 1024;
/// A batch is closed here in any case.
const LARGEST_BATCH: usize = 2048;
/// Hours between two stamps that certainly part two evenings.
const BREAK_HOURS: i64 = 3;
/// A stats file is a few KiB; nothing near this size is one.
const LARGEST_FILE: u64 = 1 << 20;

/// Called while a run goes on.
pub trait Progress: Sync {
    /// So many files are to be looked at.
    fn begin(&self, _files: usize) {}
    /// So many more are done.
    fn advance(&self, _files: usize) {}
    /// Nothing more follows.
    fn end(&self) {}
}

impl Progress for () {}

/// Which files a run takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// First day of the server's calendar, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// So many at most, oldest first.
    pub limit: Option<usize>,
}

impl Wanted {
    fn has(&self, name: &str) -> bool {
        let day = name.get(..10).unwrap_or_default();
        self.from.as_deref().is_none_or(|from| from <= day) && self.to.as_deref().is_none_or(|to| day <= to)
    }
}

/// A file on its way to the database.
enum Item {
    Ready(Box<Prepared>),
    Unreadable { file: String, reason: String },
}

impl Importer {
    /// Imports everything under the paths.
    ///
    /// # Errors
    /// The database failed. What was committed before stays, and a second run does the rest.
    pub async fn run(&self, paths: Vec<PathBuf>, progress: &dyn Progress) -> Result<Summary, Error> {
        self.run_selected(paths, &Wanted::default(), progress).await
    }

    /// Imports what is wanted of everything under the paths.
    ///
    /// # Errors
    /// As [`Importer::run`].
    pub async fn run_selected(
        &self,
        paths: Vec<PathBuf>,
        wanted: &Wanted,
        progress: &dyn Progress,
    ) -> Result<Summary, Error> {
        let started = Instant::now();
        let joined = |e: tokio::task::JoinError| Error::Reader(e.to_string());
        let Found { mut files, ignored, unreadable } =
            tokio::task::spawn_blocking(move || source::find(&paths)).await.map_err(joined)?;
        files.retain(|path| wanted.has(&source::canonical_name(path)));
        files.truncate(wanted.limit.unwrap_or(usize::MAX));
        let mut summary = Summary { ignored, unreadable, ..Summary::default() };
        progress.begin(files.len());
        // Two batches in flight: one being read while the other is written.
        let (sender, mut batches) = mpsc::channel::<Vec<Item>>(1);
        let reader = tokio::task::spawn_blocking(move || read_all(&files, &sender));
        let mut lap = Instant::now();
        while let Some(items) = batches.recv().await {
            self.stages.lap(Stage::Wait, &mut lap);
            let count = items.len();
            self.import_items(items, &mut summary).await?;
            progress.advance(count);
            lap = Instant::now();
        }
        reader.await.map_err(joined)?;
        progress.end();
        summary.elapsed = started.elapsed();
        Ok(summary)
    }

    async fn import_items(&self, items: Vec<Item>, summary: &mut Summary) -> Result<(), Error> {
        let mut ready = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Item::Ready(file) => ready.push(*file),
                Item::Unreadable { file, reason } => summary.add(file, FileOutcome::Rejected(reason)),
            }
        }
        let shown: Vec<String> = ready.iter().map(|file| file.shown.clone()).collect();
        let outcomes = self.import(ready).await?;
        for (file, outcome) in shown.into_iter().zip(outcomes) {
            summary.add(file, outcome);
        }
        Ok(())
    }
}

/// Reads and prepares all files in batches. Ends early when nobody listens any more.
fn read_all(files: &[PathBuf], sender: &mpsc::Sender<Vec<Item>>) {
    let mut batch = Vec::new();
    let mut enough = FIRST_BATCH;
    let mut last: Option<Stamp> = None;
    for path in files {
        let name = source::canonical_name(path);
        let FileKind::Stats(name) = FileKind::of(&name) else { continue };
        let parted = last.is_some_and(|last| apart(last, name.stamp));
        let full = batch.len() >= LARGEST_BATCH || (batch.len() >= enough && parted);
        if full {
            if sender.blocking_send(std::mem::take(&mut batch)).is_err() {
                return;
            }
            enough = (enough * 2).min(BATCH);
        }
        last = Some(name.stamp);
        batch.push(read(path, &name));
    }
    if !batch.is_empty() {
        // Nobody listening means that the run has failed and says so itself.
        drop(sender.blocking_send(batch));
    }
}

fn read(path: &Path, name: &FileName) -> Item {
    match read_file(path, name) {
        Ok(prepared) => Item::Ready(Box::new(prepared)),
        Err(Rejected { file, reason }) => Item::Unreadable { file, reason },
    }
}

/// Reads and prepares a file.
pub(crate) fn read_file(path: &Path, name: &FileName) -> Result<Prepared, Rejected> {
    let file = path.display().to_string();
    let read = std::fs::metadata(path).and_then(|meta| {
        if meta.len() > LARGEST_FILE {
            return Err(std::io::Error::other(format!("{} bytes, allowed are {LARGEST_FILE}", meta.len())));
        }
        Ok((std::fs::read(path)?, meta.modified().ok()))
    });
    let prepared = read.and_then(|(bytes, modified)| {
        let mtime = modified.map(|at| utc(OffsetDateTime::from(at)));
        prepare(name, file.clone(), &bytes, mtime)
    });
    prepared.map_err(|error| Rejected { reason: format!("cannot be read: {error}"), file })
}

/// Whether two stamps certainly belong to two evenings.
fn apart(a: Stamp, b: Stamp) -> bool {
    let hours = |s: Stamp| (i64::from(s.month) * 31 + i64::from(s.day)) * 24 + i64::from(s.hour);
    a.year != b.year || (hours(b) - hours(a)).abs() > BREAK_HOURS
}
