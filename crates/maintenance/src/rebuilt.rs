//! What a recomputation came to, and where its time went.

use std::time::{Duration, Instant};

use fullhold_ingest::recompute::Recomputed;
use fullhold_ingest::{OtherRules, Rejected};
use fullhold_repository::Changes;

/// Where the time went, by step, in order of first use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepTimes(pub Vec<(&'static str, Duration)>);

impl StepTimes {
    /// Adds the time since `since` to a step and begins anew.
    pub(crate) fn lap(&mut self, step: &'static str, since: &mut Instant) {
        let now = Instant::now();
        self.add(step, now - *since);
        *since = now;
    }

    pub(crate) fn add(&mut self, step: &'static str, time: Duration) {
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
    /// Rules that are recorded anew, because others were set; or were not recorded before.
    pub rules: Vec<OtherRules>,
    /// Files that could not be read from disk, or taken from there, with reasons.
    pub unreadable: Vec<Rejected>,
    /// Copies on disk made before the file was complete: more of it is stored.
    pub older_copies: Vec<String>,
    /// Where the time went.
    pub shares: StepTimes,
    /// Time from start to end.
    pub elapsed: Duration,
}

/// What a batch adds to the sums.
pub(crate) struct Summed(Rebuilt);

impl Summed {
    pub(crate) fn of(changes: &Changes, batch: &Recomputed) -> Self {
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

    pub(crate) fn add_to(self, done: &mut Rebuilt) {
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
