//! A run over files on disk: reading on a thread of its own, batches, a summary.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use fullhold_stats_file::{FileKind, FileName, Stamp};
use tokio::sync::mpsc;

use crate::batch::blocking;
use crate::left_out::{LeftOut, LookedAt};
use crate::read_file::read_file;
use crate::source::{self, Found};
use crate::stages::Stage;
use crate::{Error, FileOutcome, Importer, Prepared, Rejected, Summary};

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
    /// So many new ones at most, oldest first. Those that were seen before are not counted, so that the next run goes on.
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
    Unreadable { name: String, path: PathBuf, reason: String },
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
        let roots = paths.clone();
        let Found { mut files, ignored, left_alone, unreadable } =
            tokio::task::spawn_blocking(move || source::find(&paths)).await.map_err(joined)?;
        let (server, now) = (self.server_id(), self.now());
        let mut left_out = self.db().read(|tx, _| Box::pin(LeftOut::read(tx, server, now))).await?;
        files.retain(|path| wanted.has(&source::canonical_name(path)));
        if let Some(limit) = wanted.limit {
            self.cut_behind(&mut files, limit, &left_out).await?;
        }
        let mut summary = Summary { ignored, left_alone, unreadable, ..Summary::default() };
        progress.begin(files.len());
        // Two batches in flight: one being read while the other is written.
        let (sender, mut batches) = mpsc::channel::<Vec<Item>>(1);
        let reader = tokio::task::spawn_blocking(move || read_all(&files, &sender));
        let mut lap = Instant::now();
        while let Some(items) = batches.recv().await {
            self.stages.lap(Stage::Wait, &mut lap);
            let count = items.len();
            self.import_items(items, &mut left_out, &mut summary).await?;
            progress.advance(count);
            lap = Instant::now();
        }
        reader.await.map_err(joined)?;
        self.remember(left_out, roots).await?;
        progress.end();
        summary.elapsed = started.elapsed();
        Ok(summary)
    }

    /// Cuts the list behind the last new file that is wanted.
    async fn cut_behind(&self, files: &mut Vec<PathBuf>, limit: usize, left_out: &LeftOut) -> Result<(), Error> {
        let names: Vec<String> = files.iter().map(|path| source::canonical_name(path)).collect();
        let (server, asked) = (self.server_id(), &names);
        let known =
            self.db().read(|tx, _| Box::pin(async move { Ok::<_, Error>(tx.known_files(server, asked).await?) }));
        let known: HashSet<String> = known.await?.into_iter().map(|file| file.filename).collect();
        // A name that is found twice counts once.
        let mut new: HashSet<&str> = HashSet::new();
        for (index, name) in names.iter().enumerate() {
            if known.contains(name) || left_out.has(name) || new.contains(name.as_str()) {
                continue;
            }
            if new.len() == limit {
                files.truncate(index);
                break;
            }
            new.insert(name);
        }
        Ok(())
    }

    async fn import_items(&self, items: Vec<Item>, left_out: &mut LeftOut, summary: &mut Summary) -> Result<(), Error> {
        let mut ready = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Item::Ready(file) => ready.push(*file),
                Item::Unreadable { name, path, reason } => {
                    let shown = path.display().to_string();
                    let looked_at = LookedAt { name, path, sha256: None };
                    summary.add(shown, left_out.note(looked_at, FileOutcome::Rejected(reason)));
                }
            }
        }
        let looked_at: Vec<LookedAt> = ready.iter().map(LookedAt::from).collect();
        let outcomes = self.import(ready).await?;
        for (file, outcome) in looked_at.into_iter().zip(outcomes) {
            summary.add(file.path.display().to_string(), left_out.note(file, outcome));
        }
        Ok(())
    }

    /// Writes down what the run found out of files that are left out.
    async fn remember(&self, left_out: LeftOut, roots: Vec<PathBuf>) -> Result<(), Error> {
        let changes = blocking(move || left_out.changes(&roots)).await?;
        if changes.is_empty() {
            return Ok(());
        }
        let changes = &changes;
        self.db().write(|tx, _| Box::pin(changes.write(tx))).await
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
        Err(Rejected { reason, .. }) => Item::Unreadable { name: name.to_string(), path: path.to_owned(), reason },
    }
}

/// Whether two stamps certainly belong to two evenings.
fn apart(a: Stamp, b: Stamp) -> bool {
    let hours = |s: Stamp| (i64::from(s.month) * 31 + i64::from(s.day)) * 24 + i64::from(s.hour);
    a.year != b.year || (hours(b) - hours(a)).abs() > BREAK_HOURS
}
