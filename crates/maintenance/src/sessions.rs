//! Evenings, teams, matches, scores and what rounds say of them, computed anew without touching the
//! lines: all of them, or those that a merge or a roster concerns.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use fullhold_ingest::Progress;
use fullhold_ingest::recompute::{Context, Entry, Recomputed, collect};
use fullhold_repository::{
    AuditEntry, ChangeKind, Changes, FileHead, FileId, RoundRow, ServerId, SessionId, Transaction,
};

use crate::Error;
use crate::maintenance::{self, Maintenance, Part, Run};
use crate::read_ahead::read;
use crate::rebuilt::Rebuilt;
use crate::selection::RulesOf;

/// What becomes of the lines of rounds whose place among the others did not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    /// They stay.
    Stay,
    /// They are written anew.
    Anew,
}

/// Which evenings are computed anew.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    /// Those of these servers; none stands for all.
    servers: &'a [ServerId],
    /// Those of these files; `None` for all.
    files: Option<&'a HashSet<FileId>>,
}

impl Maintenance {
    /// Computes evenings, teams, matches, scores and what rounds say of them anew, and writes what
    /// differs. Lines of players stay, unless a round has another partner now.
    ///
    /// # Errors
    /// The database failed. Nothing is changed then.
    pub async fn rebuild_sessions(&self, progress: &dyn Progress) -> Result<Rebuilt, Error> {
        self.rebuild_sessions_of(&[], progress).await
    }

    /// As [`Maintenance::rebuild_sessions`], for some servers by their row ids; none stands for all.
    ///
    /// # Errors
    /// As [`Maintenance::rebuild_sessions`].
    pub async fn rebuild_sessions_of(&self, servers: &[ServerId], progress: &dyn Progress) -> Result<Rebuilt, Error> {
        let started = Instant::now();
        let rebuild = self.db.write(|tx, _| {
            Box::pin(async move {
                let mut done = Rebuilt::default();
                tx.because(ChangeKind::Rebuild);
                self.sessions_in(tx, Wanted { servers, files: None }, progress, &mut done).await?;
                let result = format!("{} evenings and {} rounds changed", done.evenings, done.rounds);
                let detail = if servers.is_empty() { "all evenings" } else { "all evenings of some servers" };
                let entry = AuditEntry { by: &self.actor, action: "rebuild-sessions", detail, result: &result };
                let only = servers.first().copied().filter(|_| servers.len() == 1);
                tx.audit_of(only, self.now(), entry).await?;
                Ok::<_, Error>(done)
            })
        });
        let mut done = rebuild.await?;
        done.elapsed = started.elapsed();
        Ok(done)
    }

    /// As [`Maintenance::rebuild_sessions`], for the evenings of some files and in a transaction of
    /// the caller.
    ///
    /// # Errors
    /// As there.
    pub async fn sessions_of(&self, tx: &mut Transaction, files: &[FileId]) -> Result<Rebuilt, Error> {
        let mut done = Rebuilt::default();
        if !files.is_empty() {
            let files: HashSet<FileId> = files.iter().copied().collect();
            self.sessions_in(tx, Wanted { servers: &[], files: Some(&files) }, &(), &mut done).await?;
        }
        Ok(done)
    }

    async fn sessions_in(
        &self,
        tx: &mut Transaction,
        wanted: Wanted<'_>,
        progress: &dyn Progress,
        done: &mut Rebuilt,
    ) -> Result<(), Error> {
        let is_wanted = |head: &FileHead| wanted.files.is_none_or(|files| files.contains(&head.id));
        let mut parts = self.parts(tx, RulesOf::Database, is_wanted).await?;
        parts.retain(|part| wanted.servers.is_empty() || wanted.servers.contains(&part.server.id));
        let mut run = Run::new(tx.next_ids().await?, progress, done);
        progress.begin(parts.iter().map(Part::files).sum());
        for part in &parts {
            for heads in &part.islands.batches {
                let mut lap = Instant::now();
                // A file that failed has no round here, whatever its bytes are today: `files retry` is
                // what gives it one, and its state with it.
                let heads = heads.imported();
                let batch = read(tx, &heads, &part.rules).await?;
                run.done.shares.lap("read, parse, derive", &mut lap);
                self.write_differences(tx, part, &batch, Lines::Stay, &mut run).await?;
                run.done.shares.lap("compare and write", &mut lap);
                progress.advance(heads.own.len());
            }
        }
        progress.end();
        Ok(())
    }

    /// Writes what differs from what is stored, and leaves the rest alone.
    pub(crate) async fn write_differences(
        &self,
        tx: &mut Transaction,
        part: &Part,
        batch: &Recomputed,
        lines: Lines,
        run: &mut Run<'_>,
    ) -> Result<(), Error> {
        let rewrite = lines == Lines::Anew;
        let rows = tx.rounds_of(&batch.answers_for()).await?;
        let mut sessions: Vec<SessionId> = rows.iter().map(|row| row.gaming_session_id).collect();
        sessions.sort_unstable();
        sessions.dedup();
        let stored: HashMap<FileId, &RoundRow> = rows.iter().map(|row| (row.file_id, row)).collect();
        let matches = tx.matches_of(&sessions).await?;
        let teams = tx.members_of(&sessions).await?;
        let sessions = tx.sessions(&sessions).await?;
        let mut changes = Changes::default();
        let now = self.now();
        if rewrite {
            changes.updated_files = batch.own_files().filter_map(|file| maintenance::outcome(file, now)).collect();
        }
        let entries: Vec<Entry<'_>> = batch
            .rounds
            .iter()
            .filter_map(|index| {
                let loaded = batch.files.get(*index)?;
                Some(Entry {
                    stored: stored.get(&loaded.row.id).copied(),
                    kept: loaded.kept.is_some(),
                    rewrite: rewrite && loaded.kept.is_none() && stored.contains_key(&loaded.row.id),
                    ..part.entry(loaded)?
                })
            })
            .collect();
        let session_ids = sessions.iter().map(|row| (row.session_key.clone(), row.id)).collect();
        let context = Context {
            server_id: part.server.id,
            people: &part.rules.people,
            ids: run.ids,
            now: self.now(),
            sessions,
            session_ids,
            matches,
            teams,
            is_import: false,
        };
        collect(&entries, &batch.derived, &context, &mut changes);
        let done = &mut *run.done;
        done.files += batch.batch.own.len();
        done.rounds += changes.new_rounds.len() + changes.updated_rounds.len();
        done.evenings += changes.new_sessions.len() + changes.updated_sessions.len() + changes.removed_sessions.len();
        run.takes_ids_of(&changes);
        tx.apply(changes).await?;
        Ok(())
    }
}
