//! Derived data computed anew from the raw bytes in the database: all of it, the evenings of some
//! days, or what one verdict changes. One transaction each: whoever reads sees the old state until
//! the new one is complete, and an interruption leaves the old one.

use std::collections::{BTreeSet, HashMap};
use std::time::Instant;

use fullhold_ingest::recompute::{
    Context, Days, Entry, Islands, Loaded, People, Recomputed, Rules, Standing, again, collect, rules_row, verdicts,
};
use fullhold_ingest::{Clock, Config, OtherRules, Progress, Zone, utc};
use fullhold_repository::{
    AuditEntry, Changes, ClearedRows, Db, DerivedOf, FileHead, FileId, FileRow, FileState, Identity, NextIds, RoundId,
    ServerRow, SessionId, Transaction,
};
use fullhold_stats_file::PARSER_VERSION;
use time::PrimitiveDateTime;

use crate::Error;
use crate::read_ahead::ReadAhead;
use crate::rebuilt::{Rebuilt, Summed};
use crate::selection::{RulesOf, Selection};

/// Keeps the derived data of a database right.
pub struct Maintenance {
    pub(crate) db: Db,
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    /// Who is acting, for the audit log.
    pub(crate) actor: String,
}

/// A recomputation on its way.
pub(crate) struct Run<'a> {
    pub(crate) progress: &'a dyn Progress,
    pub(crate) done: &'a mut Rebuilt,
    pub(crate) ids: NextIds,
    /// What is to be put back at the end.
    forgotten: ClearedRows,
    cleared: Cleared,
    /// Players of the rounds written.
    guids: BTreeSet<String>,
}

/// Which old rows are gone before batches are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cleared {
    /// None: each batch removes what it writes anew.
    Nothing,
    /// All of the server whose batches are written.
    Everything,
    /// What hangs on evenings: lines of damaged files stay.
    Evenings,
}

impl<'a> Run<'a> {
    pub(crate) fn new(ids: NextIds, progress: &'a dyn Progress, done: &'a mut Rebuilt) -> Self {
        let (forgotten, guids) = (ClearedRows::default(), BTreeSet::new());
        Self { progress, done, ids, forgotten, cleared: Cleared::Nothing, guids }
    }

    /// The ids of these rows are taken.
    pub(crate) fn takes_ids_of(&mut self, changes: &Changes) {
        let rounds = changes.new_rounds.iter().map(|row| row.id.next());
        self.ids.round = rounds.fold(self.ids.round, RoundId::max);
        let sessions = changes.new_sessions.iter().map(|row| row.id.next());
        self.ids.session = sessions.fold(self.ids.session, SessionId::max);
    }
}

/// One server's part of a recomputation.
pub(crate) struct Part {
    pub(crate) server: ServerRow,
    pub(crate) islands: Islands,
    pub(crate) rules: Rules,
    pub(crate) identities: HashMap<FileId, Identity>,
    pub(crate) session_ids: HashMap<String, SessionId>,
    /// The rules are to be recorded: other ones are, or none.
    pub(crate) records_rules: bool,
    /// The stored rows may follow other rules than these.
    pub(crate) changes_rules: Option<OtherRules>,
}

impl Part {
    /// Files that are computed anew.
    pub(crate) fn files(&self) -> usize {
        self.islands.batches.iter().map(|batch| batch.own.len()).sum()
    }

    /// A file's round as if nothing was stored of it; none where the file cannot be read.
    pub(crate) fn entry<'a>(&self, loaded: &'a Loaded) -> Option<Entry<'a>> {
        Some(Entry {
            file: loaded.parsed.as_ref().ok()?,
            mtime: loaded.row.mtime,
            file_id: loaded.row.id,
            stored: None,
            identity: self.identities.get(&loaded.row.id).copied(),
            taken: loaded.taken.as_ref(),
            kept: false,
            rewrite: false,
        })
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

    /// The rules that are set.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
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
        let parts =
            self.db.read(|tx, _| Box::pin(self.parts(tx, selection.rules(), |head| selection.wants(head)))).await;
        let wanted = |part: &&Part| !matches!(selection, Selection::Server(server) if server.id != part.server.id);
        Ok(parts?.iter().filter(wanted).map(Part::files).sum())
    }

    /// As [`Maintenance::rebuild`], within a transaction of the caller.
    ///
    /// # Errors
    /// As there.
    pub async fn rebuild_in(
        &self,
        tx: &mut Transaction,
        selection: &Selection,
        progress: &dyn Progress,
        done: &mut Rebuilt,
    ) -> Result<(), Error> {
        let mut lap = Instant::now();
        if let Selection::FromFiles(paths, server) = selection {
            self.import_from_disk(tx, paths.clone(), server, done).await?;
            done.shares.lap("compare files on disk", &mut lap);
        }
        let mut parts = self.parts(tx, selection.rules(), |head| selection.wants(head)).await?;
        if let Selection::Server(server) = selection {
            parts.retain(|part| part.server.id == server.id);
        }
        let mut run = Run::new(tx.next_ids().await?, progress, done);
        run.done.shares.lap("list files", &mut lap);
        progress.begin(parts.iter().map(Part::files).sum());
        let everything = selection.is_everything();
        let cleared = everything || parts.iter().any(|part| part.changes_rules.is_some());
        // Where bytes are damaged, what follows from them stays; so not all may be forgotten.
        let damaged = cleared && self.any_damaged(tx, &parts).await?;
        if everything && !damaged {
            run.forgotten = tx.clear_derived(DerivedOf::Everything).await?;
        }
        run.done.shares.lap("forget", &mut lap);
        for part in &parts {
            run.cleared = match &part.changes_rules {
                _ if everything && !damaged => Cleared::Everything,
                None => Cleared::Nothing,
                Some(_) => clear(tx, part, damaged, &mut run).await?,
            };
            self.write_part(tx, part, &mut run).await?;
            if part.records_rules && tx.has_rounds(part.server.id).await? {
                tx.record_rules(rules_row(part.server.id, &part.rules.config, self.now())).await?;
                run.done.rules.extend(part.changes_rules.clone());
            }
        }
        lap = Instant::now();
        let forgotten = run.forgotten.with_players(tx, run.guids.into_iter().collect()).await?;
        tx.restore_manual(forgotten).await?;
        run.done.shares.lap("names", &mut lap);
        progress.end();
        Ok(())
    }

    /// What each server has, cut into batches.
    pub(crate) async fn parts(
        &self,
        tx: &mut Transaction,
        rules: RulesOf,
        wanted: impl Fn(&FileHead) -> bool,
    ) -> Result<Vec<Part>, Error> {
        let mut parts = Vec::new();
        for server in tx.servers().await? {
            parts.push(self.part(tx, server, rules, &wanted).await?);
        }
        Ok(parts)
    }

    async fn part(
        &self,
        tx: &mut Transaction,
        server: ServerRow,
        rules: RulesOf,
        wanted: impl Fn(&FileHead) -> bool,
    ) -> Result<Part, Error> {
        let zone = Zone::new(&server.timezone)?;
        let standing = self.standing(tx, &server).await?;
        let config = match rules {
            RulesOf::Settings => &self.config,
            RulesOf::Database => standing.config(&self.config),
        };
        let heads = tx.file_heads(server.id).await?;
        let islands = Islands::cut(heads, &zone, &Days::new(&zone, config), &wanted);
        let verdicts = verdicts(tx.overrides(server.id).await?);
        let people = People::read(tx, server.id, "", "9999-99-99").await?;
        Ok(Part {
            records_rules: match standing {
                Standing::Recorded => false,
                Standing::New => true,
                Standing::Unknown(_) | Standing::Other(..) => rules == RulesOf::Settings,
            },
            changes_rules: standing.notice().filter(|_| rules == RulesOf::Settings).cloned(),
            rules: Rules { config: config.clone(), zone, verdicts, people },
            identities: tx.identities(server.id).await?,
            session_ids: tx.session_ids(server.id).await?,
            islands,
            server,
        })
    }

    async fn write_part(&self, tx: &mut Transaction, part: &Part, run: &mut Run<'_>) -> Result<(), Error> {
        let mut batches = ReadAhead::of(part, "read");
        while let Some(batch) = batches.next(tx, &mut run.done.shares).await? {
            let count = batch.batch.own.len();
            self.write_batch(tx, part, batch, run).await?;
            run.progress.advance(count);
        }
        Ok(())
    }

    /// Writes a batch. What only now turns out to be refused by the database was refused when it
    /// was imported, too, and stays out.
    async fn write_batch(
        &self,
        tx: &mut Transaction,
        part: &Part,
        batch: Recomputed,
        run: &mut Run<'_>,
    ) -> Result<(), Error> {
        if run.cleared == Cleared::Evenings || batch.files.iter().any(Loaded::is_damaged) {
            return self.write_around_damage(tx, part, batch, run).await;
        }
        tx.savepoint().await?;
        let before = run.ids;
        let mut batch = batch;
        let mut error = match self.try_write(tx, part, &batch, run).await {
            Ok(()) => return Ok(tx.release().await?),
            Err(error) => error,
        };
        let refused = matches!(&error, Error::Database(cause) if cause.is_rejected_data());
        let suspects = batch.files.iter_mut().filter(|file| file.row.state == FileState::Failed && file.parsed.is_ok());
        let mut any = false;
        for file in suspects {
            any = true;
            file.parsed = Err(file.row.error_message.clone().unwrap_or_default());
        }
        if refused && any {
            tx.rollback_to_savepoint().await?;
            tx.savepoint().await?;
            run.ids = before;
            let batch = again(batch.batch, batch.files, &part.rules);
            match self.try_write(tx, part, &batch, run).await {
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
        run: &mut Run<'_>,
    ) -> Result<(), Error> {
        let mut lap = Instant::now();
        let forgotten = match run.cleared {
            Cleared::Everything => ClearedRows::default(),
            Cleared::Nothing | Cleared::Evenings => tx.clear_derived(DerivedOf::Files(&batch.answers_for())).await?,
        };
        run.done.shares.lap("forget", &mut lap);
        let mut changes = self.expected(part, batch, run.ids);
        let now = self.now();
        changes.updated_files = batch.own_files().filter_map(|file| outcome(file, now)).collect();
        let sum = Summed::of(&changes, batch);
        run.takes_ids_of(&changes);
        let players: Vec<String> = changes.players.iter().map(|row| row.player_guid.clone()).collect();
        run.done.shares.lap("validate, make rows", &mut lap);
        let verifying = tx.write(changes).await?.verifying;
        run.done.shares.add("verify", verifying);
        run.done.shares.add("write", lap.elapsed().saturating_sub(verifying));
        run.guids.extend(players);
        run.forgotten.absorb(forgotten);
        sum.add_to(run.done);
        Ok(())
    }

    /// All rows of a batch, as new ones.
    pub(crate) fn expected(&self, part: &Part, batch: &Recomputed, ids: NextIds) -> Changes {
        let mut changes = Changes::default();
        let entries: Vec<Entry<'_>> =
            batch.rounds.iter().filter_map(|index| part.entry(batch.files.get(*index)?)).collect();
        let context = Context {
            server_id: part.server.id,
            people: &part.rules.people,
            ids,
            now: self.now(),
            sessions: Vec::new(),
            session_ids: part.session_ids.clone(),
            matches: Vec::new(),
            teams: Vec::new(),
            is_import: false,
        };
        collect(&entries, &batch.derived, &context, &mut changes);
        changes
    }

    /// The time, UTC.
    #[must_use]
    pub fn now(&self) -> PrimitiveDateTime {
        utc((self.clock)())
    }
}

/// Removes the rows of a server whose rules change before any is written: an evening of the old
/// rules may lie in several batches of the new ones.
async fn clear(tx: &mut Transaction, part: &Part, damaged: bool, run: &mut Run<'_>) -> Result<Cleared, Error> {
    if damaged {
        tx.clear_matches_and_teams(part.server.id).await?;
        return Ok(Cleared::Evenings);
    }
    let files: Vec<FileId> = part.identities.keys().copied().collect();
    let forgotten = tx.clear_derived(DerivedOf::Files(&files)).await?;
    run.forgotten.absorb(forgotten);
    Ok(Cleared::Everything)
}

/// The row of a file whose outcome is not the recorded one.
pub(crate) fn outcome(file: &Loaded, now: PrimitiveDateTime) -> Option<FileRow> {
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
        state: if success { FileState::Imported } else { FileState::Failed },
        success,
        error_message,
        parser_version,
        processed_at: Some(now),
        ..old.clone()
    })
}
