//! A batch of files, in one transaction.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use fullhold_analytics::TimelineConfig;
use fullhold_repository::{
    Changes, Db, End, FileRow, Identity, KnownFile, RoundRow, ServerRow, StoredFile, Transaction,
};
use fullhold_stats_file::{FileName, PARSER_VERSION, Seconds, StatsFile};
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::changes::{self, Entry};
use crate::derive::{self, Input};
use crate::islands;
use crate::people::People;
use crate::reference::NO_PARSER;
use crate::stages::{Stage, Stages};
use crate::taken_over::TakenRound;
use crate::zone::Zone;
use crate::{Error, FileOutcome, Prepared};

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

/// How the reason of a file begins that was stored before with other bytes.
pub const CONFLICT: &str = "conflict:";

/// Tells the time. Only the columns that say when something was imported depend on it.
pub type Clock = fn() -> OffsetDateTime;

/// Imports files of one server.
pub struct Importer {
    pub(crate) db: Db,
    server: ServerRow,
    zone: Zone,
    config: Config,
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
        Ok(Self { db, server, zone, config, clock, stages: Stages::default() })
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
                Err(Error::Database(error)) if error.is_about_the_data() => match batch.as_slice() {
                    [] => {}
                    [file] => {
                        let reason = chain(&error);
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
        let mut outcomes = Vec::with_capacity(files.len());
        let mut fresh: BTreeMap<&str, usize> = BTreeMap::new();
        let mut failed: Vec<(usize, String)> = Vec::new();
        for (index, file) in files.iter().enumerate() {
            let earlier = fresh.get(file.filename.as_str()).and_then(|first| files.get(*first));
            let outcome = seen_before(file, known.get(&file.filename), earlier);
            if outcome.is_none() {
                match &file.parsed {
                    Ok(_) => {
                        fresh.insert(&file.filename, index);
                    }
                    Err(reason) => failed.push((index, reason.clone())),
                }
            }
            // Replaced below for files that are imported.
            outcomes.push(outcome.unwrap_or_else(|| {
                let reason = failed.last().filter(|(i, _)| *i == index).map(|(_, reason)| reason.clone());
                FileOutcome::Rejected(reason.unwrap_or_default())
            }));
        }
        if fresh.is_empty() && failed.is_empty() {
            return Ok(End::Rollback(Attempt { at: now, done_at: Instant::now(), outcomes }));
        }
        let mut changes = Changes::default();
        let mut ids = tx.next_ids().await?;
        for (index, reason) in &failed {
            let Some(file) = files.get(*index) else { continue };
            let row = self.file_row(file, known.get(&file.filename), ids.file, now, Err(reason));
            place(&mut changes, row, &mut ids.file);
        }
        let mut new = Vec::with_capacity(fresh.len());
        for index in fresh.into_values() {
            let Some(file) = files.get(index) else { continue };
            let Ok(parsed) = &file.parsed else { continue };
            let row = self.file_row(file, known.get(&file.filename), ids.file, now, Ok(()));
            new.push(NewFile { index, file_id: row.id, file: parsed, mtime: file.mtime });
            place(&mut changes, row, &mut ids.file);
        }
        self.stages.lap(Stage::Ask, &mut lap);
        if !new.is_empty() {
            self.derive_into(tx, &new, &mut changes, ids, now, &mut outcomes).await?;
        }
        lap = Instant::now();
        let applied = tx.apply(changes).await?;
        self.stages.add(Stage::Verify, applied.verifying);
        self.stages.add(Stage::Write, lap.elapsed().saturating_sub(applied.verifying));
        Ok(End::Commit(Attempt { at: now, done_at: Instant::now(), outcomes }))
    }

    /// Computes what the new rounds change in their neighbourhood.
    async fn derive_into(
        &self,
        tx: &mut Transaction,
        new: &[NewFile<'_>],
        changes: &mut Changes,
        ids: fullhold_repository::NextIds,
        now: PrimitiveDateTime,
        outcomes: &mut [FileOutcome],
    ) -> Result<(), Error> {
        let mut lap = Instant::now();
        let neighbours = self.neighbours(tx, new.iter().map(|n| n.file)).await?;
        let verdicts = changes::verdicts(tx.overrides(self.server.id).await?);
        let mut session_ids: Vec<i32> = neighbours.iter().map(|n| n.row.gaming_session_id).collect();
        session_ids.sort_unstable();
        session_ids.dedup();
        let sessions = if session_ids.is_empty() { Vec::new() } else { tx.sessions(&session_ids).await? };
        self.stages.lap(Stage::Neighbours, &mut lap);
        let mut entries: Vec<Entry<'_>> = neighbours
            .iter()
            .map(|n| Entry {
                file: &n.file,
                mtime: n.mtime,
                file_id: n.row.file_id,
                stored: Some(&n.row),
                identity: Some(Identity { round_id: n.row.id, created_at: n.row.created_at }),
                taken: n.taken.as_ref(),
            })
            .chain(new.iter().map(|n| Entry {
                file: n.file,
                mtime: n.mtime,
                file_id: n.file_id,
                stored: None,
                identity: None,
                taken: None,
            }))
            .collect();
        entries.sort_by(|a, b| a.file.name.cmp(&b.file.name));
        let inputs: Vec<Input<'_>> = entries
            .iter()
            .map(|entry| Input {
                file: entry.file,
                mtime: entry.mtime,
                verdict: verdicts.get(&entry.file.name).copied(),
                taken: entry.taken,
            })
            .collect();
        let stamp =
            |entry: Option<&Entry<'_>>| entry.map(|entry| entry.file.name.stamp.to_string()).unwrap_or_default();
        let (from, to) = (stamp(entries.first()), stamp(entries.last()));
        let people = People::read(tx, self.server.id, &from, &to).await?;
        let derived = derive::derive(&inputs, &self.zone, self.config.match_window, &self.config.timeline, &people);
        self.stages.lap(Stage::Derive, &mut lap);
        let session_ids = sessions.iter().map(|row| (row.session_key.clone(), row.id)).collect();
        let context = changes::Context { server_id: self.server.id, people: &people, ids, now, sessions, session_ids };
        let counts = changes::collect(&entries, &derived, &context, changes);
        self.stages.lap(Stage::Rows, &mut lap);
        for NewFile { index, file_id, .. } in new {
            if let (Some(outcome), Some(counts)) = (outcomes.get_mut(*index), counts.get(file_id)) {
                *outcome = counts.clone();
            }
        }
        Ok(())
    }

    /// Stored rounds near the new ones, and near those, until nothing is near any more.
    async fn neighbours<'a>(
        &self,
        tx: &mut Transaction,
        new: impl Iterator<Item = &'a StatsFile>,
    ) -> Result<Vec<Neighbour>, Error> {
        // An hour more: a stamp of the hour that exists twice may move by it.
        let reach = i64::from(self.config.match_window.0.max(self.config.timeline.session_gap.0)) + 3600;
        let mut ends: Vec<i64> = new.map(|file| self.zone.instants(file.name.stamp).early).collect();
        ends.sort_unstable();
        let mut found: BTreeMap<i32, RoundRow> = BTreeMap::new();
        for island in ends.chunk_by(|a, b| b - a <= reach) {
            let (Some(&first), Some(&last)) = (island.first(), island.last()) else { continue };
            let (mut from, mut to) = (first, last);
            loop {
                let rows = tx.rounds_between(self.server.id, instant(from - reach), instant(to + reach)).await?;
                let seconds = |row: &RoundRow| row.ended_at.assume_utc().unix_timestamp();
                let (low, high) = (rows.iter().map(seconds).min(), rows.iter().map(seconds).max());
                found.extend(rows.into_iter().map(|row| (row.id, row)));
                let wider = (low.map_or(from, |s| s.min(from)), high.map_or(to, |s| s.max(to)));
                if wider == (from, to) {
                    break;
                }
                (from, to) = wider;
            }
        }
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let file_ids: Vec<i32> = found.values().map(|row| row.file_id).collect();
        let mut contents = tx.contents(&file_ids).await?;
        found.into_values().map(|row| stored_file(row, &mut contents)).collect()
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
        if let Some(known) = known.as_ref().filter(|known| failed_like_this(known, file)) {
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
    pub fn server_id(&self) -> i32 {
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
        next_id: i32,
        now: PrimitiveDateTime,
        result: Result<(), &str>,
    ) -> FileRow {
        FileRow {
            id: known.map_or(next_id, |k| k.id),
            server_id: self.server.id,
            filename: file.filename.clone(),
            kind: "stats".to_owned(),
            sha256: file.sha256.clone(),
            size_bytes: file.size_bytes,
            mtime: file.mtime,
            content: Some(file.content.clone()),
            state: if result.is_ok() { "imported" } else { "failed" }.to_owned(),
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
    fn confirmed_by(&self, known: &HashMap<String, KnownFile>) -> Option<(i32, Self)> {
        let stored = known.values().find(|known| known.processed_at == Some(self.at))?;
        Some((stored.id, self.clone()))
    }
}

/// A file that is to be imported.
struct NewFile<'a> {
    /// Position in the batch.
    index: usize,
    file_id: i32,
    file: &'a StatsFile,
    mtime: Option<PrimitiveDateTime>,
}

/// What is to be said of a file that the database, or this batch, has seen before; `None` if it is
/// to be imported (now, or again).
pub(crate) fn seen_before(
    file: &Prepared,
    known: Option<&KnownFile>,
    in_batch: Option<&Prepared>,
) -> Option<FileOutcome> {
    let conflict = || {
        let reason = format!(
            "{CONFLICT} {} was imported before with other bytes; the stored file is kept (this one has SHA-256 {})",
            file.filename, file.sha256
        );
        FileOutcome::Rejected(reason)
    };
    if let Some(first) = in_batch {
        return Some(if first.sha256 == file.sha256 { FileOutcome::Duplicate } else { conflict() });
    }
    let known = known?;
    let same = known.sha256 == file.sha256;
    match known.state.as_str() {
        "imported" if same => Some(FileOutcome::Duplicate),
        "imported" if known.parser_version == NO_PARSER => Some(FileOutcome::Rejected(format!(
            "{} was taken over from the reference bot; `dbadmin rebuild --from-files` puts the raw file in its place",
            file.filename
        ))),
        "imported" => Some(conflict()),
        "ignored" => Some(FileOutcome::Ignored(known.error_message.clone().unwrap_or_default())),
        // The same bytes read by the same parser fail in the same way.
        "failed" if failed_like_this(known, file) => {
            Some(FileOutcome::Rejected(known.error_message.clone().unwrap_or_default()))
        }
        _ => None,
    }
}

fn failed_like_this(known: &KnownFile, file: &Prepared) -> bool {
    known.state == "failed" && known.sha256 == file.sha256 && known.parser_version == PARSER_VERSION
}

pub(crate) fn place(changes: &mut Changes, row: FileRow, next_id: &mut i32) {
    if row.id == *next_id {
        *next_id += 1;
        changes.new_files.push(row);
    } else {
        changes.updated_files.push(row);
    }
}

/// A stored round near new ones.
struct Neighbour {
    row: RoundRow,
    file: StatsFile,
    mtime: Option<PrimitiveDateTime>,
    taken: Option<TakenRound>,
}

fn stored_file(row: RoundRow, contents: &mut HashMap<i32, StoredFile>) -> Result<Neighbour, Error> {
    let name = format!("{}-{}-round-{}.txt", row.server_stamp, row.map_name, row.round_number);
    let StoredFile { bytes, mtime } = contents.remove(&row.file_id).unwrap_or_default();
    let parsed_name: FileName = name.parse().map_err(|_not_a_name| Error::StoredName(name.clone()))?;
    let (file, taken) =
        islands::read_back(&parsed_name, &bytes).map_err(|reason| Error::Stored { file: name, reason })?;
    Ok(Neighbour { row, file, mtime, taken })
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

/// An error with its causes in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
