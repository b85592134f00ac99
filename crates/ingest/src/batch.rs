//! A batch of files, in one transaction.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fullhold_analytics::TimelineConfig;
use fullhold_repository::{
    Changes, Db, End, FileId, FileRow, FileState, KnownFile, ServerId, ServerRow, StoredFile, StoredKind, Transaction,
};
use fullhold_stats_file::{PARSER_VERSION, Seconds};
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::changes;
use crate::neighbourhood::{Computed, Neighbourhood, NewFile, Numbering, Rules, StoredLines};
use crate::people::People;
use crate::reference_round::NO_PARSER;
use crate::rules::{OtherRules, Standing};
use crate::stages::{Stage, Stages};
use crate::zone::Zone;
use crate::{Error, FileOutcome, Prepared, versions};

/// What import needs to know that is not in the files.
#[derive(Clone, Debug)]
pub struct Config {
    /// Longest time between the ends of R1 and R2.
    pub match_window: Seconds,
    /// Sessions, restarts, excluded maps.
    pub timeline: TimelineConfig,
    /// How long a batch waits for a lost database before the import fails.
    pub patience: Duration,
}

/// The specification's rules, and no waiting for a lost database.
impl Default for Config {
    fn default() -> Self {
        Self { match_window: Seconds(60 * 60), timeline: TimelineConfig::default(), patience: Duration::ZERO }
    }
}

/// Tells the time. Only the columns that say when something was imported depend on it.
pub type Clock = fn() -> OffsetDateTime;

/// Imports files of one server.
pub struct Importer {
    pub(crate) db: Db,
    pub(crate) server: ServerRow,
    pub(crate) zone: Zone,
    pub(crate) config: Config,
    pub(crate) other_rules: Option<OtherRules>,
    clock: Clock,
    pub(crate) stages: Stages,
}

impl Importer {
    /// For a server, which is recorded if it is new. `timezone` is the zone asked for;
    /// `default_zone` serves a new server when none is.
    ///
    /// # Errors
    /// The zone is unknown or not the recorded one, or the database failed.
    pub async fn new(
        db: Db,
        server: &str,
        timezone: Option<&str>,
        default_zone: &str,
        config: Config,
        clock: Clock,
    ) -> Result<Self, Error> {
        // A zone that does not exist must not get into the database.
        Zone::new(timezone.unwrap_or(default_zone))?;
        let server = db.server(server, timezone, default_zone).await?;
        let zone = Zone::new(&server.timezone)?;
        let standing = db.read(|tx, _| {
            let (server, config) = (&server, &config);
            Box::pin(async move {
                let recorded = tx.server_and_rules(server.id).await?.and_then(|(_, rules)| rules);
                Standing::of(tx, server, recorded.as_ref(), config).await
            })
        });
        let other_rules = standing.await?.notice().cloned();
        if let Some(other) = &other_rules {
            tracing::warn!("{other}");
        }
        Ok(Self { db, server, zone, config, other_rules, clock, stages: Stages::default() })
    }

    /// An importer that knows its server as the database does now; none where this one does. Another database
    /// may have come in place of ours, and somebody may have corrected the zone.
    ///
    /// # Errors
    /// The database failed.
    pub async fn renewed(&self) -> Result<Option<Self>, Error> {
        let servers = self.db.servers().await?;
        let named = servers.iter().find(|row| row.name == self.server.name);
        // One that was renamed keeps its id.
        let known = named.or_else(|| servers.iter().find(|row| row.id == self.server.id));
        if known.is_some_and(|row| row.id == self.server.id && row.timezone == self.server.timezone) {
            return Ok(None);
        }
        let ServerRow { name, timezone, .. } = known.unwrap_or(&self.server);
        Self::new(self.db.clone(), name, None, timezone, self.config.clone(), self.clock).await.map(Some)
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// What import needs to know that is not in the files.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Where the time has gone since this importer was made, by step.
    #[must_use]
    pub fn times(&self) -> Vec<(&'static str, Duration)> {
        self.stages.times()
    }

    /// Imports files; one outcome each, in their order. If the batch is refused, it is halved
    /// until the file that is to blame stands alone, so that a bad file costs only itself. If the
    /// database is lost on the way, the batch waits for it and is tried again.
    ///
    /// # Errors
    /// The database failed for reasons of its own, or stayed away for longer than the
    /// configuration's patience; what was committed before stays.
    pub async fn import(&self, files: Vec<Prepared>) -> Result<Vec<FileOutcome>, Error> {
        let mut outcomes = Vec::with_capacity(files.len());
        let mut stack = vec![files];
        while let Some(mut batch) = stack.pop() {
            match self.import_patiently(&batch).await {
                Ok(done) => outcomes.extend(done),
                Err(Error::Database(error)) if error.is_rejected_data() => match batch.as_slice() {
                    [] => {}
                    [file] => {
                        let reason = fullhold_repository::chain(&error);
                        tracing::warn!(file.name = file.shown, reason, "file refused");
                        self.record_failure(file, &reason).await?;
                        outcomes.push(FileOutcome::Rejected(reason));
                    }
                    several => {
                        let second = batch.split_off(several.len() / 2);
                        stack.push(second);
                        stack.push(batch);
                    }
                },
                Err(error) => return Err(error),
            }
        }
        Ok(outcomes)
    }

    /// One batch, again and again while the database is lost and patience lasts.
    async fn import_patiently(&self, files: &[Prepared]) -> Result<Vec<FileOutcome>, Error> {
        let started = Instant::now();
        let import = self.db.write_until_confirmed(self.config.patience, |tx, unconfirmed, _| {
            self.stages.add(Stage::Ask, started.elapsed());
            Box::pin(self.import_in(tx, files, self.now(), unconfirmed))
        });
        let attempt = import.await?;
        self.stages.add(Stage::Commit, attempt.done_at.elapsed());
        Ok(attempt.outcomes)
    }

    /// Does the work; also says whether anything is to be committed.
    async fn import_in(
        &self,
        tx: &mut Transaction,
        files: &[Prepared],
        now: PrimitiveDateTime,
        unconfirmed: &[Attempt],
    ) -> Result<End<Attempt>, Error> {
        let mut lap = Instant::now();
        self.check_server(tx).await?;
        let names: Vec<String> = files.iter().map(|file| file.filename.clone()).collect();
        let known: HashMap<String, KnownFile> = tx
            .known_files(self.server.id, &names)
            .await?
            .into_iter()
            .map(|known| (known.filename.clone(), known))
            .collect();
        if let Some((file_id, attempt)) = unconfirmed.iter().find_map(|attempt| attempt.confirmed_by(&known)) {
            // Committed once more: the lost commit may have reached this server's disk only.
            tx.write_again(file_id).await?;
            return Ok(End::Commit(attempt));
        }
        let stored = self.stored_versions(tx, &known).await?;
        self.stages.lap(Stage::Ask, &mut lap);
        let sorted = versions::sort(files, &known, &stored);
        let mut outcomes = sorted.outcomes;
        if sorted.chosen.is_empty() {
            return Ok(End::Rollback(Attempt { at: now, done_at: Instant::now(), outcomes }));
        }
        let mut changes = Changes::default();
        let mut ids = tx.next_ids().await?;
        let mut new = Vec::with_capacity(sorted.chosen.len());
        for index in sorted.chosen {
            let Some(file) = files.get(index) else { continue };
            let result = file.parsed.as_ref().map(|_| ()).map_err(String::as_str);
            let row = self.file_row(file, known.get(&file.filename), ids.file, now, result);
            if let Ok(parsed) = &file.parsed {
                new.push(NewFile { index, file_id: row.id, file: Arc::clone(parsed), mtime: file.mtime });
            }
            place(&mut changes, row, &mut ids.file);
        }
        if !new.is_empty() {
            let computed = self.derive(tx, new, changes, Numbering { ids, now }).await?;
            changes = computed.changes;
            for (index, counts) in computed.outcomes {
                if let Some(outcome) = outcomes.get_mut(index) {
                    *outcome = outcome.with_counts_of(counts);
                }
            }
        }
        lap = Instant::now();
        let applied = tx.apply(changes).await?;
        self.stages.add(Stage::Verify, applied.verifying);
        self.stages.add(Stage::Write, lap.elapsed().saturating_sub(applied.verifying));
        Ok(End::Commit(Attempt { at: now, done_at: Instant::now(), outcomes }))
    }

    /// The server must be what it was when we began: its number may be another one's by now, and its stamps may be read
    /// by another zone.
    pub(crate) async fn check_server(&self, tx: &mut Transaction) -> Result<(), Error> {
        if tx.servers().await?.contains(&self.server) {
            return Ok(());
        }
        Err(Error::ServerChanged(self.server.name.clone()))
    }

    /// The stored bytes of imported files of which the batch has another copy.
    async fn stored_versions(
        &self,
        tx: &mut Transaction,
        known: &HashMap<String, KnownFile>,
    ) -> Result<HashMap<FileId, StoredFile>, Error> {
        let wanted = |file: &&KnownFile| file.state == FileState::Imported && file.parser_version != NO_PARSER;
        let ids: Vec<FileId> = known.values().filter(wanted).map(|file| file.id).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        Ok(tx.contents(&ids).await?)
    }

    /// Computes what the new rounds change in their neighbourhood.
    async fn derive(
        &self,
        tx: &mut Transaction,
        new: Vec<NewFile>,
        changes: Changes,
        numbering: Numbering,
    ) -> Result<Computed, Error> {
        let mut lap = Instant::now();
        let verdicts = changes::verdicts(tx.overrides(self.server.id).await?);
        let (zone, config) = self.zone_and_rules(tx).await?;
        let near = Neighbourhood::read(tx, self.server.id, &zone, &config, new).await?;
        let (from, to) = near.stamps();
        let rules = Rules {
            server_id: self.server.id,
            zone,
            config,
            verdicts,
            people: People::read(tx, self.server.id, &from, &to).await?,
        };
        self.stages.lap(Stage::Neighbours, &mut lap);
        let parsed = blocking(move || near.parse()).await?;
        tx.note_unreadable(&parsed.unreadable).await?;
        let mut lines = StoredLines::default();
        if !parsed.lines_wanted.is_empty() {
            lines.players = tx.player_lines(&parsed.lines_wanted).await?;
            lines.weapons = tx.weapon_lines(&parsed.lines_wanted).await?;
        }
        let computed = blocking(move || parsed.compute(lines, &rules, numbering, changes)).await?;
        self.stages.lap(Stage::Derive, &mut lap);
        Ok(computed)
    }

    async fn record_failure(&self, file: &Prepared, reason: &str) -> Result<(), Error> {
        // Once more after a lost commit, too: a failure that is recorded is found to be so.
        let record = self.db.write_until_confirmed(self.config.patience, |tx, _unconfirmed, _| {
            Box::pin(async move { self.record_failure_in(tx, file, reason).await.map(End::Commit) })
        });
        Ok(record.await?)
    }

    async fn record_failure_in(
        &self,
        tx: &mut Transaction,
        file: &Prepared,
        reason: &str,
    ) -> Result<(), fullhold_repository::Error> {
        let known = tx.known_files(self.server.id, std::slice::from_ref(&file.filename)).await?.pop();
        if let Some(known) = known.as_ref().filter(|known| versions::failed_like_this(known, file)) {
            // Such a file is not imported at all: it was recorded by a commit believed lost.
            return tx.write_again(known.id).await;
        }
        let mut ids = tx.next_ids().await?;
        let row = self.file_row(file, known.as_ref(), ids.file, self.now(), Err(reason));
        let mut changes = Changes::default();
        place(&mut changes, row, &mut ids.file);
        tx.apply(changes).await.map(drop)
    }

    /// The server's id in the database.
    #[must_use]
    pub fn server_id(&self) -> ServerId {
        self.server.id
    }

    /// The zone of the server's stamps.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// What the clock says, as the database keeps it.
    #[must_use]
    pub fn now(&self) -> PrimitiveDateTime {
        utc((self.clock)())
    }

    pub(crate) fn file_row(
        &self,
        file: &Prepared,
        known: Option<&KnownFile>,
        next_id: FileId,
        now: PrimitiveDateTime,
        result: Result<(), &str>,
    ) -> FileRow {
        FileRow {
            id: known.map_or(next_id, |k| k.id),
            server_id: self.server.id,
            filename: file.filename.clone(),
            kind: StoredKind::Stats,
            sha256: file.sha256.clone(),
            size_bytes: file.size_bytes,
            mtime: file.mtime,
            content: Some(file.content.clone()),
            state: if result.is_ok() { FileState::Imported } else { FileState::Failed },
            attempts: known.map_or(1, |k| k.attempts.saturating_add(1)),
            success: result.is_ok(),
            error_message: result.err().map(ToOwned::to_owned),
            parser_version: PARSER_VERSION,
            first_seen_at: known.map_or(now, |k| k.first_seen_at),
            processed_at: Some(now),
        }
    }
}

/// What an attempt to import a batch came to. If the connection was lost while it was being
/// committed, all of it is stored, or nothing.
#[derive(Clone)]
struct Attempt {
    /// `processed_at` of the batch's files.
    at: PrimitiveDateTime,
    /// When the work was done, and the commit began.
    done_at: Instant,
    /// What is to be said if it is stored.
    outcomes: Vec<FileOutcome>,
}

impl Attempt {
    /// One of the files that this attempt stored after all, and the attempt; `None` if it stored
    /// nothing. A file that somebody else stored has another instant.
    fn confirmed_by(&self, known: &HashMap<String, KnownFile>) -> Option<(FileId, Self)> {
        let stored = known.values().find(|known| known.processed_at == Some(self.at))?;
        Some((stored.id, self.clone()))
    }
}

pub(crate) fn place(changes: &mut Changes, row: FileRow, next_id: &mut FileId) {
    if row.id == *next_id {
        *next_id = next_id.next();
        changes.new_files.push(row);
    } else {
        changes.updated_files.push(row);
    }
}

/// Runs work that takes the processor for milliseconds where it holds up nothing else.
///
/// # Errors
/// The thread died.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Reader(error.to_string()))
}

/// An instant as the database keeps it: UTC, to the microsecond, which is all PostgreSQL has.
#[must_use]
pub fn utc(at: OffsetDateTime) -> PrimitiveDateTime {
    let at = at.to_offset(time::UtcOffset::UTC);
    let time = at.time().replace_nanosecond(at.nanosecond() / 1000 * 1000).unwrap_or(at.time());
    PrimitiveDateTime::new(at.date(), time)
}

pub(crate) fn instant(seconds: i64) -> PrimitiveDateTime {
    let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    PrimitiveDateTime::new(at.date(), at.time())
}
