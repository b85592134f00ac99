//! Storing files that have arrived whole: their own name on disk, then the database.

use std::time::{Duration, Instant};

use fullhold_ingest::{CONFLICT, FileOutcome, Prepared, prepare, utc};
use fullhold_ssh_sync::Mark;
use fullhold_stats_file::FileKind;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::memory::{Arrived, Settled, Waiting};
use crate::notice::Notice;
use crate::{Error, Watcher, on_a_thread};

/// Files per transaction.
const BATCH: usize = 200;

/// A whole file: its name, what it was when it was fetched, and how it waited.
struct Whole {
    name: String,
    mark: Mark,
    bytes: Vec<u8>,
    waiting: Waiting,
}

impl Watcher {
    /// Stores everything that is ready. When the database fails, files keep waiting, whole.
    pub(crate) async fn take_ready(&mut self) -> Result<(), Error> {
        let mut ready = self.memory.take_ready(Instant::now());
        while !ready.is_empty() {
            let rest = ready.split_off(ready.len().min(BATCH));
            let batch = match self.give_names(ready).await {
                Ok(batch) => batch,
                Err(error) => {
                    self.put_back(rest);
                    return Err(error);
                }
            };
            if let Err(error) = self.store(batch).await {
                self.put_back(rest);
                return Err(error);
            }
            ready = rest;
        }
        Ok(())
    }

    /// Temporary files get their own names, except those of which another version is stored: that
    /// one stays.
    async fn give_names(&mut self, ready: Vec<(String, Waiting)>) -> Result<Vec<Whole>, Error> {
        let mut batch = Vec::with_capacity(ready.len());
        let mut failed = None;
        for (name, mut waiting) in ready {
            if failed.is_some() {
                self.memory.put_back(name, waiting);
                continue;
            }
            match waiting.arrived.take() {
                None => self.memory.put_back(name, waiting),
                Some(Arrived::Whole { bytes, mark }) => batch.push(Whole { name, mark, bytes, waiting }),
                Some(Arrived::Maybe { file, .. }) if waiting.stored => {
                    let (mark, bytes) = (file.entry.mark, file.bytes.clone());
                    batch.push(Whole { name, mark, bytes, waiting });
                }
                Some(Arrived::Maybe { file, .. }) => {
                    let mark = file.entry.mark;
                    match file.keep(&name) {
                        Ok((_, bytes)) => batch.push(Whole { name, mark, bytes, waiting }),
                        Err(error) => {
                            self.memory.put_back(name, waiting);
                            failed = Some(error);
                        }
                    }
                }
            }
        }
        let synced = match failed {
            Some(error) => Err(error.into()),
            None => self.sync_folder().await,
        };
        if let Err(error) = synced {
            self.keep_whole(batch);
            return Err(error);
        }
        Ok(batch)
    }

    fn keep_whole(&mut self, batch: Vec<Whole>) {
        for Whole { name, mark, bytes, mut waiting } in batch {
            waiting.arrived = Some(Arrived::Whole { bytes, mark });
            self.memory.put_back(name, waiting);
        }
    }

    async fn store(&mut self, batch: Vec<Whole>) -> Result<(), Error> {
        let files: Vec<_> = batch.iter().map(|whole| (whole.name.clone(), whole.bytes.clone(), whole.mark)).collect();
        let prepared = on_a_thread("reading files", move || prepare_all(files)).await;
        let outcomes = match prepared.and_then(|prepared| prepared) {
            Ok((stats, others)) => self.import_all(stats, others).await,
            Err(error) => Err(error),
        };
        let mut outcomes = match outcomes {
            Ok(outcomes) => outcomes,
            Err(error) => {
                self.keep_whole(batch);
                return Err(error);
            }
        };
        let mut noted = Vec::new();
        for whole in batch {
            let outcome = outcomes.remove(&whole.name).unwrap_or(FileOutcome::Duplicate);
            if whole.waiting.noted {
                noted.push(whole.name.clone());
            }
            self.settle(&whole, outcome, &mut noted).await?;
        }
        self.importer.db().forget_remote_files(self.importer.server_id(), &noted).await?;
        Ok(())
    }

    async fn import_all(
        &self,
        stats: Vec<(String, Prepared)>,
        others: Vec<(String, Prepared)>,
    ) -> Result<std::collections::HashMap<String, FileOutcome>, Error> {
        let (names, files): (Vec<String>, Vec<Prepared>) = stats.into_iter().unzip();
        let mut outcomes = names.into_iter().zip(self.importer.import(files).await?).collect::<Vec<_>>();
        let (names, files): (Vec<String>, Vec<Prepared>) = others.into_iter().unzip();
        outcomes.extend(names.into_iter().zip(self.importer.keep(files).await?));
        Ok(outcomes.into_iter().collect())
    }

    /// What became of a file is told and remembered.
    async fn settle(&mut self, whole: &Whole, outcome: FileOutcome, noted: &mut Vec<String>) -> Result<(), Error> {
        let Whole { name, mark, waiting, .. } = whole;
        let name = name.clone();
        let (mut stored, mut remembered) = (true, false);
        let stats = matches!(FileKind::of(&name), FileKind::Stats(_));
        self.freshness.add(&outcome, &name);
        match outcome {
            FileOutcome::Imported { .. } if stats => {
                let after: Duration = waiting.stability.since().elapsed();
                self.tell(&Notice::Imported { name: name.clone(), after });
            }
            FileOutcome::Imported { .. } => self.tell(&Notice::Kept { name: name.clone() }),
            FileOutcome::Duplicate | FileOutcome::Ignored(_) if waiting.stored => {
                // Touched, but the same: not to be fetched again after a restart.
                self.remember(&name, *mark, "same", 0, None).await?;
                remembered = true;
            }
            FileOutcome::Duplicate | FileOutcome::Ignored(_) | FileOutcome::Waiting(_) => {}
            FileOutcome::Rejected(reason) if reason.starts_with(CONFLICT) => {
                self.remember(&name, *mark, "conflict", 0, Some(&reason)).await?;
                remembered = true;
                self.tell(&Notice::Conflict { name: name.clone(), reason });
            }
            FileOutcome::Rejected(reason) => {
                stored = false;
                self.tell(&Notice::Rejected { name: name.clone(), reason });
            }
        }
        if remembered {
            noted.retain(|noted| *noted != name);
        }
        let settled = Settled { noted: remembered, ..Settled::seen(*mark, stored) };
        self.memory.stored(name, settled, Instant::now());
        Ok(())
    }
}

type Named = Vec<(String, Prepared)>;

/// Stats files, and others whose bytes are kept.
fn prepare_all(files: Vec<(String, Vec<u8>, Mark)>) -> Result<(Named, Named), Error> {
    let (mut stats, mut others) = (Vec::new(), Vec::new());
    for (name, bytes, mark) in files {
        let failed = |error: std::io::Error| Error::Thread { doing: "compressing files", reason: error.to_string() };
        match FileKind::of(&name) {
            FileKind::Stats(parsed) => {
                stats.push((name.clone(), prepare(&parsed, name, &bytes, instant(mark)).map_err(failed)?));
            }
            _ => others.push((name.clone(), Prepared::raw(name, &bytes, instant(mark)).map_err(failed)?)),
        }
    }
    Ok((stats, others))
}

fn instant(mark: Mark) -> Option<PrimitiveDateTime> {
    OffsetDateTime::from_unix_timestamp(mark.mtime).ok().map(utc)
}
