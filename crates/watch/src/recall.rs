//! What the database knows of a server's files: read at the start, and again once anybody has written.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use fullhold_repository::{FileState, RemoteFileRow, RemoteFileState};

use crate::memory::{Dead, Settled};
use crate::window::{SKEW, seconds};
use crate::{Error, WatchConfig, Watcher};

impl Watcher {
    /// Compares what the database knows with what it knew at the last look. Others write, too: a
    /// restore takes files away, `dbadmin files retry` makes some due, another importer stores some.
    pub(crate) async fn compare_knowledge(&mut self) -> Result<(), Error> {
        if let Some(importer) = self.importer.renewed().await? {
            tracing::info!("the database has another server of this name, or another zone of it");
            self.importer = Arc::new(importer);
            self.knowledge = None;
        }
        let now = self.importer.db().knowledge(self.importer.server_id()).await?;
        if self.knowledge == Some(now) {
            return Ok(());
        }
        self.recall(false).await?;
        // What is written while we read differs from this, and is read at the next look.
        self.knowledge = Some(now);
        Ok(())
    }

    /// Reads when everything that was there was stored, the last time the server was watched.
    pub(crate) async fn recall_outage(&mut self) -> Result<(), Error> {
        let status = self.importer.db().server_status(self.importer.server_id()).await?;
        self.freshness.caught_up = status.and_then(|status| status.caught_up_at.or(status.last_look_at));
        Ok(())
    }

    /// Reads what the database knows. At the start what could not be had before is due.
    pub(crate) async fn recall(&mut self, start: bool) -> Result<(), Error> {
        let server = self.importer.server_id();
        let db = self.importer.db();
        if start {
            self.knowledge = Some(db.knowledge(server).await?);
        }
        let mut known = HashMap::new();
        for file in db.stored_marks(server).await? {
            let stored = matches!(file.state, FileState::Imported | FileState::Ignored);
            let size = u64::try_from(file.size_bytes).unwrap_or(0);
            let settled = Settled {
                size,
                mtime: file.mtime.map(seconds),
                mode: None,
                stored,
                left: false,
                noted: false,
                dead: None,
            };
            known.insert(file.filename, settled);
        }
        let mut obsolete = Vec::new();
        for row in db.remote_files(server).await? {
            if is_obsolete(&row, &known) {
                obsolete.push(row.filename);
            } else {
                self.recall_row(row, start, &mut known);
            }
        }
        self.importer.db().forget_remote_files(server, &obsolete).await?;
        let lost = self.memory.replace(known);
        if lost > 0 || !self.freshness.unfinished.is_empty() {
            // A listing tells what is there of it.
            self.looks.forget();
        }
        if lost > 0 && !start {
            tracing::info!(files = lost, "the database has lost files that were stored; they are fetched again");
        }
        Ok(())
    }

    fn recall_row(&mut self, row: RemoteFileRow, start: bool, known: &mut HashMap<String, Settled>) {
        // A start tries once more what was set aside, and the pauses begin anew after it.
        let attempts = if start { row.attempts.min(WatchConfig::ATTEMPTS - 1) } else { row.attempts };
        let given_up = row.state == RemoteFileState::Dead && !start;
        if given_up || matches!(row.state, RemoteFileState::Conflict | RemoteFileState::Same | RemoteFileState::Ignored)
        {
            let stored = known.get(&row.filename).is_some_and(|settled| settled.stored);
            let mode = u32::try_from(row.mode).ok().filter(|_| given_up);
            let size = u64::try_from(row.size_bytes).unwrap_or(0);
            let (again, reason) = (Instant::now() + self.dead_pause(attempts), row.reason.unwrap_or_default());
            let dead = given_up.then(|| Box::new(Dead { attempts, again, reason }));
            let settled = Settled { size, mtime: Some(row.mtime), mode, stored, left: false, noted: true, dead };
            known.insert(row.filename, settled);
        } else if self.memory.waiting_mut(&row.filename).is_none() {
            // It waited when we ended, or a person wants it tried again: it is fetched, whatever its
            // age.
            if known.get(&row.filename).is_some_and(|settled| !settled.stored) {
                known.remove(&row.filename);
            }
            self.freshness.unfinished.insert(row.filename, attempts);
        }
    }

    /// Seconds since everything that was there was stored, by our clock, and what the server's may
    /// differ by; none where it was never so.
    pub(crate) fn outage(&self, now: i64) -> i64 {
        self.freshness.caught_up.map_or(0, |at| now.saturating_sub(seconds(at)).saturating_add(SKEW))
    }
}

/// A note of a file that is stored as it was then: another watcher stored it while the note was made.
fn is_obsolete(row: &RemoteFileRow, known: &HashMap<String, Settled>) -> bool {
    let is_stored = |settled: &Settled| {
        let same_size = i64::try_from(settled.size).is_ok_and(|size| size == row.size_bytes);
        settled.stored && same_size && settled.mtime == Some(row.mtime)
    };
    let is_over = match row.state {
        RemoteFileState::Waiting | RemoteFileState::Failed | RemoteFileState::Same | RemoteFileState::Ignored => true,
        RemoteFileState::Dead | RemoteFileState::Conflict => false,
    };
    is_over && known.get(&row.filename).is_some_and(is_stored)
}
