//! Everything stored against a recomputation from the raw bytes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use fullhold_ingest::recompute::Recomputed;
use fullhold_ingest::{OtherRules, Progress};
use fullhold_repository::{Changes, FileId, Mismatch, RoundKey, StoredKind, Transaction};
use fullhold_stats_file::FileKind;

use crate::Error;
use crate::maintenance::{Maintenance, Part};
use crate::read_ahead::ReadAhead;
use crate::rebuilt::StepTimes;
use crate::selection::RulesOf;

/// More problems than this are counted, not listed: one cause makes many.
const LISTED: usize = 1_000;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Table.
    pub relation: String,
    /// Which row, in words.
    pub key: String,
    /// Which column; `row` when the whole row is missing or one too many.
    pub column: String,
    /// What is stored.
    pub stored: String,
    /// What it should be.
    pub expected: String,
}

/// What helps against a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// The file's bytes are to be got again.
    File,
    /// A merge is to be taken back.
    Unmerge,
    /// The database itself is damaged: a backup is to be restored.
    Restore,
    /// Derived data is to be computed anew.
    Rebuild,
}

impl Problem {
    /// What helps.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match (self.relation.as_str(), self.column.as_str()) {
            ("processed_files", "content") => Remedy::File,
            ("players", "canonical_guid") => Remedy::Unmerge,
            ("database", _) => Remedy::Restore,
            _ => Remedy::Rebuild,
        }
    }
}

/// What a validation came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validation {
    /// Files read back from their raw bytes.
    pub files: usize,
    /// Rounds compared.
    pub rounds: usize,
    /// Player lines compared.
    pub players: usize,
    /// Weapon lines compared.
    pub weapons: usize,
    /// Matches compared.
    pub matches: usize,
    /// Evenings compared.
    pub evenings: usize,
    /// What differs; at most a thousand are listed.
    pub problems: Vec<Problem>,
    /// How many differ in all.
    pub total_problems: usize,
    /// How many of these each remedy helps against.
    pub remedies: BTreeMap<Remedy, usize>,
    /// Servers for which other rules are set than those that they were computed with, and are
    /// compared with here.
    pub rules: Vec<OtherRules>,
    /// Rounds by which people set teams, and which are not in the database: those teams count nowhere.
    pub rosters_without_round: Vec<RoundKey>,
    /// Where the time went.
    pub shares: StepTimes,
    /// Time from start to end.
    pub elapsed: Duration,
}

impl Validation {
    fn add(&mut self, problem: Problem) {
        self.total_problems += 1;
        *self.remedies.entry(problem.remedy()).or_default() += 1;
        if self.problems.len() < LISTED {
            self.problems.push(problem);
        }
    }

    fn add_all(&mut self, found: Vec<Mismatch>) {
        for Mismatch { relation, key, column, stored, expected } in found {
            self.add(Problem { relation: relation.to_owned(), key, column: column.to_owned(), stored, expected });
        }
    }
}

impl Maintenance {
    /// Checks that every derived row equals a recomputation from the raw bytes, and that the bytes
    /// are those that were imported. Reads one state of the database, changes nothing.
    ///
    /// # Errors
    /// The database failed; differences are in the result.
    pub async fn validate(&self, progress: &dyn Progress) -> Result<Validation, Error> {
        let started = Instant::now();
        let mut done = self.db.read(|tx, _| Box::pin(self.validate_in(tx, progress))).await?;
        done.elapsed = started.elapsed();
        Ok(done)
    }

    async fn validate_in(&self, tx: &mut Transaction, progress: &dyn Progress) -> Result<Validation, Error> {
        let mut done = Validation::default();
        let mut lap = Instant::now();
        done.rules = self.other_rules_in(tx).await?;
        done.rosters_without_round = tx.rosters_without_round().await?;
        let parts = self.parts(tx, RulesOf::Database, |_| true).await?;
        done.shares.lap("list files", &mut lap);
        progress.begin(parts.iter().map(Part::files).sum());
        for part in &parts {
            self.validate_part(tx, part, progress, &mut done).await?;
        }
        lap = Instant::now();
        done.add_all(tx.compare_names().await?);
        done.add_all(tx.rows_without_parent().await?);
        done.shares.lap("names", &mut lap);
        done.add_all(tx.compare_sums().await?);
        done.shares.lap("roll-ups", &mut lap);
        done.add_all(tx.compare_history().await?);
        done.shares.lap("ratings and achievements", &mut lap);
        for line in tx.integrity().await? {
            done.add(Problem {
                relation: "database".to_owned(),
                key: "integrity check".to_owned(),
                column: "row".to_owned(),
                stored: line,
                expected: "ok".to_owned(),
            });
        }
        done.shares.lap("integrity", &mut lap);
        progress.end();
        Ok(done)
    }

    async fn validate_part(
        &self,
        tx: &mut Transaction,
        part: &Part,
        progress: &dyn Progress,
        done: &mut Validation,
    ) -> Result<(), Error> {
        // Files that hold no round must have none.
        let others: Vec<FileId> = part.islands.others.iter().map(|head| head.id).collect();
        for chunk in others.chunks(1_000) {
            done.add_all(tx.compare(chunk, Changes::default()).await?);
        }
        let ids = tx.next_ids().await?;
        let mut batches = ReadAhead::of(part, "read raw bytes");
        while let Some(batch) = batches.next(tx, &mut done.shares).await? {
            let mut lap = Instant::now();
            let expected = self.expected(part, &batch, ids);
            done.files += batch.batch.own.len();
            done.rounds += expected.new_rounds.len();
            done.players += expected.players.len();
            done.weapons += expected.weapons.len();
            done.matches += expected.matches.len();
            done.evenings += expected.new_sessions.len();
            check_files(&batch, done);
            done.shares.lap("validate, make rows", &mut lap);
            let files = batch.answers_for();
            let found = tx.compare(&files, expected).await?;
            done.shares.lap("compare", &mut lap);
            done.add_all(found);
            progress.advance(batch.batch.own.len());
        }
        Ok(())
    }
}

/// The rows of the files themselves.
fn check_files(batch: &Recomputed, done: &mut Validation) {
    for file in batch.own_files() {
        let row = &file.row;
        let mut wrong = |column: &str, stored: String, expected: String| {
            done.add(Problem {
                relation: "processed_files".to_owned(),
                key: row.filename.clone(),
                column: column.to_owned(),
                stored,
                expected,
            });
        };
        if let Some(damage) = &file.damage {
            wrong(
                "content",
                damage.clone(),
                "the bytes that were imported: get the file again, `dbadmin files retry PATH` or `rebuild --from-files`"
                    .to_owned(),
            );
        }
        let kind = match FileKind::of(&row.filename) {
            FileKind::Stats(_) => StoredKind::Stats,
            _ => StoredKind::Endstats,
        };
        if row.kind != kind {
            wrong("kind", row.kind.to_string(), kind.to_string());
        }
        match (&file.parsed, row.success) {
            _ if file.is_damaged() => {}
            (Err(reason), true) => wrong("state", row.state.to_string(), format!("failed: {reason}")),
            (Ok(_), true) if row.error_message.is_some() => {
                wrong("error_message", row.error_message.clone().unwrap_or_default(), "NULL".to_owned());
            }
            _ => {}
        }
    }
}
