//! Storing files that have arrived whole: their own name on disk, then the database.

use fullhold_repository::RemoteFileState;
use std::collections::HashMap;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use fullhold_ingest::{FileOutcome, Prepared, prepare, utc};
use fullhold_ssh_sync::{self as ssh, Fetched, Mark};
use fullhold_stats_file::FileKind;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::complete::Wholeness;
use crate::memory::{Arrived, Settled, Waiting};
use crate::notice::Notice;
use crate::{Error, Watcher, on_a_thread};

/// Files per transaction,
const BATCH: usize = 200;
/// and bytes, which are in memory several times while they are read, packed and stored.
const BATCH_BYTES: u64 = 4 << 20;

/// A whole file: its name, what it was when it was fetched, and how it waited.
struct Whole {
    name: String,
    mark: Mark,
    bytes: Vec<u8>,
    waiting: Waiting,
    /// Not under its own name yet: another version may have to stay there.
    temporary: Option<Fetched>,
}

/// A file that cannot be kept here.
struct Unkept {
    name: String,
    mark: Mark,
    error: ssh::Error,
}

/// What the database is to remember of a file that was dealt with.
struct Noted {
    name: String,
    mark: Mark,
    state: RemoteFileState,
    reason: Option<String>,
}

impl Watcher {
    /// Stores everything that is ready. When the database fails, files keep waiting, whole.
    pub(crate) async fn take_ready(&mut self) -> Result<(), Error> {
        let mut ready = self.memory.take_ready(Instant::now());
        while !ready.is_empty() {
            if self.remote.ending().is_asked_for() {
                self.put_back(ready);
                return Err(ssh::Error::Stopped.into());
            }
            let rest = ready.split_off(batch_of(&ready));
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
    /// one stays until the database has taken this one for it.
    async fn give_names(&mut self, ready: Vec<(String, Waiting)>) -> Result<Vec<Whole>, Error> {
        let mut batch = Vec::with_capacity(ready.len());
        let mut unkept = Vec::new();
        let mut failed = None;
        for (name, mut waiting) in ready {
            if failed.is_some() {
                self.memory.put_back(name, waiting);
                continue;
            }
            match waiting.arrived.take() {
                None => self.memory.put_back(name, waiting),
                Some(Arrived::Whole { bytes, mark }) => {
                    batch.push(Whole { name, mark, bytes, waiting, temporary: None });
                }
                Some(Arrived::Maybe { file, .. }) => {
                    let mark = file.entry.mark;
                    let kept = match file.read() {
                        Ok(bytes) if waiting.stored => Ok((bytes, Some(file))),
                        Ok(bytes) => file.keep(&name).map(|_path| (bytes, None)),
                        Err(error) => Err(error),
                    };
                    match kept {
                        Ok((bytes, temporary)) => batch.push(Whole { name, mark, bytes, waiting, temporary }),
                        Err(error) => {
                            self.memory.put_back(name.clone(), waiting);
                            match error {
                                ssh::Error::InTheWay { .. } => unkept.push(Unkept { name, mark, error }),
                                // Somebody deleted what had arrived: it is fetched once more.
                                ssh::Error::Local { source, .. } if source.kind() == ErrorKind::NotFound => {}
                                error => failed = Some(error),
                            }
                        }
                    }
                }
            }
        }
        let mut synced = failed.map_or(Ok(()), |error| Err(error.into()));
        if synced.is_ok() && !batch.is_empty() {
            synced = self.sync_folder().await;
        }
        for Unkept { name, mark, error } in unkept {
            self.failed_file(&name, mark, &error);
        }
        if let Err(error) = synced {
            self.keep_whole(batch);
            return Err(error);
        }
        Ok(batch)
    }

    fn keep_whole(&mut self, batch: Vec<Whole>) {
        for Whole { name, mark, bytes, mut waiting, temporary } in batch {
            waiting.arrived = Some(match temporary {
                Some(file) => Arrived::Maybe { file, wholeness: Wholeness::Balanced },
                None => Arrived::Whole { bytes, mark },
            });
            self.memory.put_back(name, waiting);
        }
    }

    async fn store(&mut self, batch: Vec<Whole>) -> Result<(), Error> {
        if batch.is_empty() {
            return Ok(());
        }
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
        let mut notes = Vec::new();
        let mut forgotten = Vec::new();
        for whole in batch {
            let outcome = outcomes.remove(&whole.name).unwrap_or(FileOutcome::Duplicate);
            let (name, was_noted) = (whole.name.clone(), whole.waiting.noted);
            match self.settle(whole, outcome) {
                Some(note) => notes.push(note),
                None if was_noted => forgotten.push(name),
                None => {}
            }
        }
        // What is stored is settled, whatever becomes of the notes: without one a file is compared once
        // more after a restart.
        let db = self.importer.db();
        db.forget_remote_files(self.importer.server_id(), &forgotten).await?;
        let others = notes.iter().any(|note| note.state == RemoteFileState::Same);
        for Noted { name, mark, state, reason } in notes {
            self.remember(&name, mark, state, 0, reason.as_deref());
        }
        self.write_down().await?;
        if others {
            // Another watcher may have stored it as it is now: then reading again removes the note.
            self.knowledge = None;
        }
        Ok(())
    }

    async fn import_all(
        &self,
        stats: Vec<(String, Prepared)>,
        others: Vec<(String, Prepared)>,
    ) -> Result<HashMap<String, FileOutcome>, Error> {
        // Not into a file that was deleted under us.
        self.importer.db().check_in_place().await?;
        let (names, files): (Vec<String>, Vec<Prepared>) = stats.into_iter().unzip();
        let mut outcomes = names.into_iter().zip(self.importer.import(files).await?).collect::<Vec<_>>();
        let (names, files): (Vec<String>, Vec<Prepared>) = others.into_iter().unzip();
        outcomes.extend(names.into_iter().zip(self.importer.keep(files).await?));
        Ok(outcomes.into_iter().collect())
    }

    /// What became of a file is told; returns what is to be remembered of it.
    fn settle(&mut self, whole: Whole, outcome: FileOutcome) -> Option<Noted> {
        let Whole { name, mark, waiting, temporary, .. } = whole;
        let mut note = None;
        let mut stored = true;
        let stats = matches!(FileKind::of(&name), FileKind::Stats(_));
        self.freshness.add(&outcome, &name);
        match outcome {
            FileOutcome::Imported { .. } | FileOutcome::Completed { .. } | FileOutcome::Healed { .. } => {
                if let Some(file) = temporary {
                    self.replace_copy(&name, file);
                }
                let after: Duration = waiting.stability.since().elapsed();
                let name = name.clone();
                self.tell(&if stats { Notice::Imported { name, after } } else { Notice::Kept { name } });
            }
            FileOutcome::Duplicate | FileOutcome::OlderCopy | FileOutcome::Ignored(_) if waiting.stored => {
                // Touched, but the same: not to be fetched again after a restart.
                note = Some(Noted { name: name.clone(), mark, state: RemoteFileState::Same, reason: None });
            }
            FileOutcome::Duplicate | FileOutcome::OlderCopy | FileOutcome::Ignored(_) => {}
            FileOutcome::Conflict(reason) => {
                let state = RemoteFileState::Conflict;
                note = Some(Noted { name: name.clone(), mark, state, reason: Some(reason.clone()) });
                self.tell(&Notice::Conflict { name: name.clone(), reason });
            }
            FileOutcome::Rejected(reason) => {
                stored = false;
                self.tell(&Notice::Rejected { name: name.clone(), reason });
            }
        }
        let settled = Settled { noted: note.is_some(), ..Settled::seen(mark, stored) };
        self.memory.stored(name, settled, Instant::now());
        note
    }

    /// The database has taken this version in place of another: so does the folder.
    fn replace_copy(&self, name: &str, file: Fetched) {
        if let Err(error) = file.keep(name) {
            // The bytes are in the database; the copy is for people.
            tracing::warn!(file.name = name, reason = error.chain(), "the copy of a completed file was not kept");
        }
    }
}

/// How many of these files make a batch: at least one.
fn batch_of(ready: &[(String, Waiting)]) -> usize {
    let mut bytes = 0_u64;
    let fits = |(_, waiting): &&(String, Waiting)| {
        let fits = bytes < BATCH_BYTES;
        bytes = bytes.saturating_add(waiting.stability.mark().size);
        fits
    };
    ready.iter().take(BATCH).take_while(fits).count()
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
