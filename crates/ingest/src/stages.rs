//! Where the time of an import goes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A step of the import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Stage {
    /// Waiting for files to be read, hashed, parsed and compressed (done on another thread).
    Wait,
    /// Waiting for the writer's lock, and asking what is known.
    Ask,
    /// Reading the neighbourhood.
    Neighbours,
    /// Pairing, differential, sessions, teams, score.
    Derive,
    /// Validation, and making rows.
    Rows,
    /// Writing rows.
    Write,
    /// Reading back what was written.
    Verify,
    /// Making it permanent.
    Commit,
}

const STAGES: [(Stage, &str); 8] = [
    (Stage::Wait, "wait for files"),
    (Stage::Ask, "ask what is known"),
    (Stage::Neighbours, "read neighbourhood"),
    (Stage::Derive, "derive"),
    (Stage::Rows, "validate, make rows"),
    (Stage::Write, "write"),
    (Stage::Verify, "verify"),
    (Stage::Commit, "commit"),
];

/// Time spent per stage since the importer was made.
#[derive(Debug, Default)]
pub(crate) struct Stages([AtomicU64; STAGES.len()]);

impl Stages {
    pub(crate) fn add(&self, stage: Stage, time: Duration) {
        if let Some(sum) = self.0.get(stage as usize) {
            sum.fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
        }
    }

    /// Adds the time since `since` and begins anew.
    pub(crate) fn lap(&self, stage: Stage, since: &mut Instant) {
        let now = Instant::now();
        self.add(stage, now - *since);
        *since = now;
    }

    pub(crate) fn times(&self) -> Vec<(&'static str, Duration)> {
        STAGES
            .iter()
            .zip(&self.0)
            .map(|((_, name), sum)| (*name, Duration::from_nanos(sum.load(Ordering::Relaxed))))
            .collect()
    }
}
