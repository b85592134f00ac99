//! Derived data computed anew from the raw bytes in the database: all of it, the evenings of some
//! days, or what one verdict changes. One transaction each: whoever reads sees the old state until
//! the new one is complete, and an interruption leaves the old one.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use fullhold_repository::{
    AuditEntry, Changes, Db, DerivedOf, FileHead, FileRow, Forgotten, Identity, NextIds, ServerRow, Transaction,
};
use fullhold_stats_file::PARSER_VERSION;
use time::PrimitiveDateTime;

use crate::batch::{Clock, Config};
use crate::changes::{self, Context, Entry};
use crate::days::Days;
use crate::islands::{self, Batch, Islands, Recomputed, Rules};
use crate::people::People;
use crate::zone::Zone;
use crate::{Error, Progress, Rejected};

/// Keeps the derived data of a database right.
pub struct Maintenance {
    pub(crate) db: Db,
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    /// Who is acting, for the audit log.
    pub(crate) actor: String,
}

/// Where the time went, by step, in order of first use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shares(pub Vec<(&'static str, Duration)>);

impl Shares {
    /// Adds the time since `since` to a step and begins anew.
    pub(crate) fn lap(&mut self, step: &'static str, since: &mut Instant) {
        let now = Instant::now();
        self.add(step, now - *since);
        *since = now;
    }

    fn add(&mut self, step: &'static str, time: Duration) {
        match self.0.iter_mut().find(|(name, _)| *name == step) {
            Some((_, sum)) => *sum += time,
            None => self.0.push((step, time)),
        }
    }
}

/// What a recomputation did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Files read back.
    pub files: usize,
    /// Files that were only on disk.
    pub new_files: usize,
    /// Files that were stored with other bytes than those on disk; the disk's are stored now.
    pub changed_files: Vec<String>,
    /// Files that could not be imported before and can now.
    pub recovered: usize,
    /// Files that hold no round, with reasons.
    pub failed: Vec<Rejected>,
    /// Rounds written.
    pub rounds: usize,
    /// Player lines written.
    pub players: usize,
    /// Weapon lines written.
    pub weapons: usize,
    /// Findings written.
    pub findings: usize,
    /// Evenings written.
    pub evenings: usize,
    /// Files that could not be read from disk, or taken from there, with reasons.
    pub unreadable: Vec<Rejected>,
    /// Copies on disk made before the file was complete: more of it is stored.
    pub older_copies: Vec<String>,
    /// Where the time went.
    pub shares: Shares,
    /// Time from start to end.
    pub elapsed: Duration,
}

/// What is computed anew.
#[derive(Clone, Debug)]
pub enum Selection {
    /// Everything, from the bytes in the database.
    Everything,
    /// Everything; files under these paths that are new or differ are taken in first, as files of
    /// this server.
    FromFiles(Vec<PathBuf>, ServerRow),
    /// Everything of one server.
    Server(ServerRow),
    /// The evenings that touch these dates of the servers' calendars, `YYYY-MM-DD`, both included.
    Dates(String, String),
    /// The evenings of these files.
    Files(Vec<i32>),
}

impl Selection {
    fn wants(&self, head: &FileHead) -> bool {
        match self {
            Self::Everything | Self::FromFiles(..) | Self::Server(_) => true,
            Self::Dates(from, to) => {
                head.filename.get(..10).is_some_and(|day| from.as_str() <= day && day <= to.as_str())
            }
            Self::Files(ids) => ids.contains(&head.id),
        }
    }

    /// What it is called in the audit log.
    fn action(&self) -> &'static str {
        match self {
            Self::Everything | Self::FromFiles(..) | Self::Server(_) => "rebuild",
            Self::Dates(..) => "fix-range",
            Self::Files(_) => "rebuild files",
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Everything => "from the database".to_owned(),
            Self::FromFiles(paths, server) => {
                let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
                format!("server {}, from {}", server.name, paths.join(", "))
            }
            Self::Server(server) => format!("server {}, from the database", server.name),
            Self::Dates(from, to) => format!("{from} to {to}"),
            Self::Files(ids) => format!("{} files", ids.len()),
        }
    }

    fn is_everything(&self) -> bool {
        matches!(self, Self::Everything | Self::FromFiles(..))
    }
}

/// What a recomputation has to put back at its end.
#[derive(Default)]
struct Run {
    forgotten: Forgotten,
    /// Everything was forgotten at the beginning; else each batch forgets what it writes.
    is_everything: bool,
    /// Players of the rounds written.
    guids: BTreeSet<String>,
}

/// One server's part of a recomputation.
pub(crate) struct Part {
    pub(crate) server: ServerRow,
    pub(crate) islands: Islands,
    pub(crate) rules: Rules,
    pub(crate) identities: HashMap<i32, Identity>,
    pub(crate) session_ids: HashMap<String, i32>,
}

impl Part {
    /// Files that are computed anew.
    pub(crate) fn files(&self) -> usize {
        self.islands.batches.iter().map(|batch| batch.own.len()).sum()
    }
}

impl Maintenance {
    /// For a database.
    #[must_use]
    pub fn new(db: Db, config: Config, clock: Clock) -> Self {
        Self { db, config, clock, actor: "fullhold".to_owned() }
    }

    /// For a person: their name goes into the audit log.
    #[must_use]
    pub fn acting_for(mut self, person: &str) -> Self {
        person.clone_into(&mut self.actor);
        self
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Computes derived data anew and replaces the old.
    ///
    /// # Errors
    /// The database failed, or it refused what was computed. Nothing is changed then.
    pub async fn rebuild(&self, selection: Selection, progress: &dyn Progress) -> Result<Rebuilt, Error> {
        let started = Instant::now();
        let selection = &selection;
        let rebuild = self.db.write(|tx, _| {
            Box::pin(async move {
                let (mut done, mut lap) = (Rebuilt::default(), started);
                done.shares.lap("wait for the writer's lock", &mut lap);
                self.rebuild_in(tx, selection, progress, &mut done).await?;
                let entry = AuditEntry {
                    by: &self.actor,
                    action: selection.action(),
                    detail: &selection.detail(),
                    result: &format!(
                        "{} files, {} evenings, {} rounds, {} files failed",
                        done.files,
                        done.evenings,
                        done.rounds,
                        done.failed.len()
                    ),
                };
                tx.audit(self.now(), entry).await?;
                Ok::<_, Error>((done, Instant::now()))
            })
        });
        let (mut done, mut lap) = rebuild.await?;
        done.shares.lap("commit", &mut lap);
        done.elapsed = started.elapsed();
        Ok(done)
    }

    /// How many stored files a recomputation of this selection would read.
    ///
    /// # Errors
    /// The database failed.
    pub async fn files_of(&self, selection: &Selection) -> Result<usize, Error> {
        let parts = self.db.read(|tx, _| Box::pin(self.parts(tx, |head| selection.wants(head)))).await;
        let wanted = |part: &&Part| !matches!(selection, Selection::Server(server) if server.id != part.server.id);
        Ok(parts?.iter().filter(wanted).map(Part::files).sum())
    }

    /// As [`Maintenance::rebuild`], within a transaction of the caller.
    pub(crate) async fn rebuild_in(
        &self,
        tx: &mut Transaction,
        selection: &Selection,
        progress: &dyn Progress,
        done: &mut Rebuilt,
    ) -> Result<(), Error> {
        let mut lap = Instant::now();
        if let Selection::FromFiles(paths, server) = selection {
            self.take_in(tx, paths.clone(), server, done).await?;
            done.shares.lap("compare files on disk", &mut lap);
        }
        let mut parts = self.parts(tx, |head| selection.wants(head)).await?;
        if let Selection::Server(server) = selection {
            parts.retain(|part| part.server.id == server.id);
        }
        let mut ids = tx.next_ids().await?;
        done.shares.lap("list files", &mut lap);
        progress.begin(parts.iter().map(Part::files).sum());
        let mut run = Run::default();
        // Where bytes are damaged, what follows from them stays; so not all may be forgotten.
        if selection.is_everything() && !self.any_damaged(tx, &parts).await? {
            run.forgotten = tx.forget(DerivedOf::Everything).await?;
            run.is_everything = true;
        }
        done.shares.lap("forget", &mut lap);
        for part in &parts {
            self.write_part(tx, part, &mut ids, (progress, done, &mut run)).await?;
        }
        lap = Instant::now();
        let forgotten = run.forgotten.with_players(tx, run.guids.into_iter().collect()).await?;
        tx.remember(forgotten).await?;
        done.shares.lap("names", &mut lap);
        progress.end();
        Ok(())
    }

    /// What each server has, cut into batches.
    pub(crate) async fn parts(
        &self,
        tx: &mut Transaction,
        wanted: impl Fn(&FileHead) -> bool,
    ) -> Result<Vec<Part>, Error> {
        let mut parts = Vec::new();
        for server in tx.servers().await? {
            let zone = Zone::new(&server.timezone)?;
            let heads = tx.file_heads(server.id).await?;
            let islands = Islands::cut(heads, &zone, &Days::new(&zone, &self.config), &wanted);
            let verdicts = changes::verdicts(tx.overrides(server.id).await?);
            let people = People::read(tx, server.id, "", "9999-99-99").await?;
            let rules = Rules { zone, config: self.config.clone(), verdicts, people };
            let identities = tx.identities(server.id).await?;
            let session_ids = tx.session_ids(server.id).await?;
            parts.push(Part { server, islands, rules, identities, session_ids });
        }
        Ok(parts)
    }

    async fn write_part(
        &self,
        tx: &mut Transaction,
        part: &Part,
        ids: &mut NextIds,
        (progress, done, run): (&dyn Progress, &mut Rebuilt, &mut Run),
    ) -> Result<(), Error> {
        let mut coming = None;
        let mut batches = part.islands.batches.iter();
        loop {
            // The next batch is unpacked and derived while this one is written.
            let mut lap = Instant::now();
            let next = match batches.next() {
                Some(batch) => Some(start(tx, batch, &part.rules).await?),
                None => None,
            };
            done.shares.lap("read", &mut lap);
            let Some(now) = std::mem::replace(&mut coming, next) else {
                if coming.is_none() {
                    return Ok(());
                }
                continue;
            };
            let batch = finish(now).await?;
            done.shares.lap("wait for parsing and differential", &mut lap);
            let count = batch.batch.own.len();
            self.write_batch(tx, part, batch, ids, (&mut *done, &mut *run)).await?;
            progress.advance(count);
        }
    }

    /// Writes a batch. What only now turns out to be refused by the database was refused when it
    /// was imported, too, and stays out.
    async fn write_batch(
        &self,
        tx: &mut Transaction,
        part: &Part,
        batch: Recomputed,
        ids: &mut NextIds,
        (done, run): (&mut Rebuilt, &mut Run),
    ) -> Result<(), Error> {
        if batch.files.iter().any(islands::Loaded::is_damaged) {
            return self.write_around_damage(tx, part, batch, ids, done).await;
        }
        tx.savepoint().await?;
        let before = *ids;
        let mut batch = batch;
        let mut error = match self.try_write(tx, part, &batch, ids, (&mut *done, &mut *run)).await {
            Ok(()) => return Ok(tx.release().await?),
            Err(error) => error,
        };
        let refused = matches!(&error, Error::Database(cause) if cause.is_about_the_data());
        let suspects = batch.files.iter_mut().filter(|file| file.row.state == "failed" && file.parsed.is_ok());
        let mut any = false;
        for file in suspects {
            any = true;
            file.parsed = Err(file.row.error_message.clone().unwrap_or_default());
        }
        if refused && any {
            tx.rollback_to_savepoint().await?;
            tx.savepoint().await?;
            *ids = before;
            let batch = islands::again(batch.batch, batch.files, &part.rules);
            match self.try_write(tx, part, &batch, ids, (&mut *done, &mut *run)).await {
                Ok(()) => return Ok(tx.release().await?),
                Err(again) => error = again,
            }
        }
        Err(error)
    }

    async fn try_write(
        &self,
        tx: &mut Transaction,
        part: &Part,
        batch: &Recomputed,
        ids: &mut NextIds,
        (done, run): (&mut Rebuilt, &mut Run),
    ) -> Result<(), Error> {
        let mut lap = Instant::now();
        let forgotten = if run.is_everything {
            Forgotten::default()
        } else {
            tx.forget(DerivedOf::Files(&batch.answers_for())).await?
        };
        done.shares.lap("forget", &mut lap);
        let mut changes = self.expected(part, batch, *ids);
        let now = self.now();
        changes.updated_files = batch.own_files().filter_map(|file| outcome(file, now)).collect();
        let sum = Summed::of(&changes, batch);
        ids.round = ids.round.max(changes.new_rounds.iter().map(|row| row.id + 1).max().unwrap_or(0));
        ids.session = ids.session.max(changes.new_sessions.iter().map(|row| row.id + 1).max().unwrap_or(0));
        let players: Vec<String> = changes.players.iter().map(|row| row.player_guid.clone()).collect();
        done.shares.lap("validate, make rows", &mut lap);
        let applied = tx.write(changes).await?;
        let verifying = applied.verifying;
        done.shares.add("verify", verifying);
        done.shares.add("write", lap.elapsed().saturating_sub(verifying));
        run.guids.extend(players);
        run.forgotten.absorb(forgotten);
        sum.add_to(done);
        Ok(())
    }

    /// All rows of a batch, as new ones.
    pub(crate) fn expected(&self, part: &Part, batch: &Recomputed, ids: NextIds) -> Changes {
        let mut changes = Changes::default();
        let entries: Vec<Entry<'_>> = batch
            .rounds
            .iter()
            .filter_map(|index| {
                let loaded = batch.files.get(*index)?;
                Some(Entry {
                    file: loaded.parsed.as_ref().ok()?,
                    mtime: loaded.row.mtime,
                    file_id: loaded.row.id,
                    stored: None,
                    identity: part.identities.get(&loaded.row.id).copied(),
                    taken: loaded.taken.as_ref(),
                    kept: false,
                    rewrite: false,
                })
            })
            .collect();
        let context = Context {
            server_id: part.server.id,
            people: &part.rules.people,
            ids,
            now: self.now(),
            sessions: Vec::new(),
            session_ids: part.session_ids.clone(),
            matches: Vec::new(),
            teams: Vec::new(),
        };
        changes::collect(&entries, &batch.derived, &context, &mut changes);
        changes
    }

    pub(crate) fn now(&self) -> PrimitiveDateTime {
        crate::batch::utc((self.clock)())
    }
}

/// Begins to read a batch back.
pub(crate) async fn start(
    tx: &mut Transaction,
    batch: &Batch,
    rules: &Rules,
) -> Result<tokio::task::JoinHandle<Recomputed>, Error> {
    let ids: Vec<i32> = batch.own.iter().chain(&batch.context).map(|head| head.id).collect();
    let rows = tx.files(&ids).await?;
    let (batch, rules) = (batch.clone(), rules.clone());
    Ok(tokio::task::spawn_blocking(move || islands::recompute(batch, rows, &rules)))
}

pub(crate) async fn finish(handle: tokio::task::JoinHandle<Recomputed>) -> Result<Recomputed, Error> {
    handle.await.map_err(|e| Error::Reader(e.to_string()))
}

/// The row of a file whose outcome is not the recorded one.
pub(crate) fn outcome(file: &islands::Loaded, now: PrimitiveDateTime) -> Option<FileRow> {
    if file.is_damaged() {
        return None;
    }
    let success = file.parsed.is_ok();
    let error_message = file.parsed.as_ref().err().cloned();
    let old = &file.row;
    // What was taken over was read by no parser.
    let parser_version = if file.taken.is_some() { old.parser_version } else { PARSER_VERSION };
    if (old.success, &old.error_message, old.parser_version) == (success, &error_message, parser_version) {
        return None;
    }
    Some(FileRow {
        state: if success { "imported" } else { "failed" }.to_owned(),
        success,
        error_message,
        parser_version,
        processed_at: Some(now),
        ..old.clone()
    })
}

/// What a batch adds to the sums.
struct Summed(Rebuilt);

impl Summed {
    fn of(changes: &Changes, batch: &Recomputed) -> Self {
        let failed = batch.own_files().filter_map(|file| {
            let reason = file.parsed.as_ref().err()?.clone();
            Some(Rejected { file: file.row.filename.clone(), reason })
        });
        Self(Rebuilt {
            files: batch.batch.own.len(),
            recovered: batch.own_files().filter(|file| !file.row.success && file.parsed.is_ok()).count(),
            failed: failed.collect(),
            rounds: changes.new_rounds.len(),
            players: changes.players.len(),
            weapons: changes.weapons.len(),
            findings: changes.findings.len(),
            evenings: changes.new_sessions.len(),
            ..Rebuilt::default()
        })
    }

    fn add_to(self, done: &mut Rebuilt) {
        done.files += self.0.files;
        done.recovered += self.0.recovered;
        done.failed.extend(self.0.failed);
        done.rounds += self.0.rounds;
        done.players += self.0.players;
        done.weapons += self.0.weapons;
        done.findings += self.0.findings;
        done.evenings += self.0.evenings;
    }
}
