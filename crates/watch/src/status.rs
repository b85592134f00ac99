//! How fresh a server's data is: noted in the database when it changes.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use fullhold_ingest::{FileOutcome, Rejected, Summary, Zone, utc};
use fullhold_repository::ServerStatusRow;
use fullhold_ssh_sync::Listing;
use fullhold_stats_file::FileKind;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::state::{MOST_NAMED, ServerState, Trouble, Unstored};
use crate::window::written;
use crate::{Error, Watcher};

/// An unchanged state is noted so often, for the time of the last look in it.
const NOTE_AGAIN: Duration = Duration::from_secs(30);

/// Noting may take so long.
const NOTING: Duration = Duration::from_secs(3);

/// What is known of the server as a whole.
#[derive(Debug, Default)]
pub(crate) struct Freshness {
    last_look: Option<PrimitiveDateTime>,
    last_error: Option<(PrimitiveDateTime, String)>,
    /// Since when looks fail, and whether a person must act.
    trouble: Option<Trouble>,
    failures: u32,
    /// Nobody plays, as far as voice tells.
    pub(crate) idle: bool,
    /// The last look after which nothing waited: files written later were never seen.
    pub(crate) caught_up: Option<PrimitiveDateTime>,
    newest: Option<(String, i64)>,
    files: usize,
    noted: Option<(ServerStatusRow, Instant)>,
    /// Files that waited when the last watcher ended, with attempts.
    pub(crate) unfinished: HashMap<String, i32>,
    /// What was stored since watching began.
    pub(crate) summary: Summary,
}

impl Freshness {
    /// A look worked; whether nothing waits after it.
    pub(crate) fn worked(&mut self, now: PrimitiveDateTime, caught_up: bool) {
        self.last_look = Some(now);
        self.failures = 0;
        self.trouble = None;
        if caught_up {
            self.caught_up = Some(now);
        }
    }

    pub(crate) fn failed(&mut self, now: PrimitiveDateTime, error: &Error, failures: u32) {
        let reason = fullhold_console::chain(error);
        let since = self.trouble.take().map_or(now.assume_utc(), |trouble| trouble.since);
        self.trouble = Some(Trouble { reason: reason.clone(), since, needs_person: error.needs_person() });
        self.last_error = Some((now, reason));
        self.failures = failures;
    }

    pub(crate) fn listed(&mut self, listing: &Listing, zone: &Zone) {
        self.files = listing.entries.len();
        let stats = listing.entries.iter().filter(|entry| matches!(FileKind::of(&entry.name), FileKind::Stats(_)));
        let stamped = stats.map(|entry| (written(&entry.name, entry.mark.mtime, zone), &entry.name, entry.mark.mtime));
        self.newest = stamped.max().map(|(_, name, mtime)| (name.clone(), mtime));
    }

    pub(crate) fn add(&mut self, outcome: &FileOutcome, name: &str) {
        self.summary.add(name.to_owned(), outcome.clone());
        if matches!(outcome, FileOutcome::Imported { .. }) && !matches!(FileKind::of(name), FileKind::Stats(_)) {
            // End statistics are stored, and hold no round.
            self.summary.rounds -= 1;
        }
        self.forget_old();
    }

    /// A file that was not even fetched.
    pub(crate) fn reject(&mut self, file: String, reason: String) {
        self.summary.seen += 1;
        self.summary.rejected.push(Rejected { file, reason });
        self.forget_old();
    }

    /// Files that need no look: they are stored already.
    pub(crate) fn skip(&mut self, waiting: usize, left: usize) {
        let skipped = self.files.saturating_sub(waiting + left);
        self.summary.skipped += skipped;
        self.summary.seen += skipped;
        self.summary.older = left;
    }

    /// A watcher runs for months, and what was rejected is in the database too.
    fn forget_old(&mut self) {
        const KEPT: usize = 10_000;
        let more = self.summary.rejected.len().saturating_sub(KEPT);
        self.summary.rejected.drain(..more);
    }
}

impl Watcher {
    /// A look worked.
    pub(crate) fn worked_through(&mut self) {
        let (waiting, _) = self.memory.waiting_counts();
        self.freshness.worked(self.importer.now(), waiting == 0);
    }

    /// Shows how the server is doing, and notes it in the database. A database that fails here is
    /// found out by the next look.
    pub(crate) async fn note_freshness(&mut self) {
        self.show_state();
        let row = self.status_row();
        let same = |noted: &ServerStatusRow| {
            ServerStatusRow { last_look_at: row.last_look_at, caught_up_at: row.caught_up_at, ..noted.clone() } == row
        };
        let recent = self.freshness.noted.as_ref().is_some_and(|(noted, at)| same(noted) && at.elapsed() < NOTE_AGAIN);
        if recent {
            return;
        }
        // A database that does not answer is the next look's trouble; this must not hold up the end.
        match tokio::time::timeout(NOTING, self.importer.db().note_server_status(&row)).await {
            Ok(Ok(())) => self.freshness.noted = Some((row, Instant::now())),
            Ok(Err(error)) => tracing::debug!(%error, "freshness not noted"),
            Err(_elapsed) => tracing::debug!("freshness not noted: the database does not answer"),
        }
    }

    fn status_row(&self) -> ServerStatusRow {
        let (waiting, failed) = self.memory.waiting_counts();
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        let fresh = &self.freshness;
        let newest = fresh.newest.as_ref();
        ServerStatusRow {
            server_id: self.importer.server_id(),
            last_look_at: fresh.last_look,
            last_error_at: fresh.last_error.as_ref().map(|(at, _)| *at),
            last_error: fresh.last_error.as_ref().map(|(_, reason)| reason.clone()),
            failures: i32::try_from(fresh.failures).unwrap_or(i32::MAX),
            newest_file: newest.map(|(name, _)| name.clone()),
            newest_at: newest.and_then(|(_, mtime)| OffsetDateTime::from_unix_timestamp(*mtime).ok()).map(utc),
            newest_imported: self.newest_is_stored(),
            files: count(fresh.files),
            waiting: count(waiting),
            failed: count(failed),
            left_alone: count(self.memory.left()),
            dead: count(self.memory.dead()),
            caught_up_at: fresh.caught_up,
        }
    }

    fn newest_is_stored(&self) -> bool {
        let newest = self.freshness.newest.as_ref();
        newest.and_then(|(name, _)| self.memory.settled(name)).is_some_and(|settled| settled.stored)
    }

    fn show_state(&self) {
        let (waiting, failed) = self.memory.waiting_counts();
        let fresh = &self.freshness;
        let newest = fresh.newest.as_ref();
        let on_their_way = self.memory.on_their_way().map(|(name, waiting)| Unstored {
            name: name.clone(),
            dead: false,
            attempts: waiting.attempts,
            reason: waiting.reason.clone(),
        });
        let set_aside = self.memory.set_aside().map(|(name, dead)| Unstored {
            name: name.clone(),
            dead: true,
            attempts: dead.attempts,
            reason: Some(dead.reason.clone()),
        });
        self.desk.show(ServerState {
            last_look_at: fresh.last_look.map(PrimitiveDateTime::assume_utc),
            caught_up_at: fresh.caught_up.map(PrimitiveDateTime::assume_utc),
            failures: fresh.failures,
            idle: fresh.idle,
            trouble: fresh.trouble.clone(),
            newest_file: newest.map(|(name, _)| name.clone()),
            newest_at: newest.and_then(|(_, mtime)| OffsetDateTime::from_unix_timestamp(*mtime).ok()),
            newest_stored: self.newest_is_stored(),
            files: fresh.files,
            waiting,
            failed,
            dead: self.memory.dead(),
            left_alone: self.memory.left(),
            unstored: set_aside.chain(on_their_way).take(MOST_NAMED).collect(),
            ..ServerState::default()
        });
    }
}
