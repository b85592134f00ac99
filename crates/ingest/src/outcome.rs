//! What became of files, one by one and in sum.

use std::time::Duration;

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileOutcome {
    /// Stored.
    Imported {
        /// Player lines stored.
        players: usize,
        /// Weapon lines stored.
        weapons: usize,
        /// Validation findings.
        findings: usize,
    },
    /// Stored before, with the same bytes.
    Duplicate,
    /// A part of it was stored before: its bytes began this file. The whole is stored now, and
    /// everything that follows from it is computed anew.
    Completed {
        /// Player lines stored.
        players: usize,
        /// Weapon lines stored.
        weapons: usize,
        /// Validation findings.
        findings: usize,
    },
    /// Stored before, but the stored bytes were damaged: they are in their place again, and
    /// everything that follows from them is computed anew.
    Healed {
        /// Player lines stored.
        players: usize,
        /// Weapon lines stored.
        weapons: usize,
        /// Validation findings.
        findings: usize,
    },
    /// More of it is stored than this: a copy made before the file was complete. Nothing changed.
    OlderCopy,
    /// Other bytes are stored under its name, and stay; which.
    Conflict(String),
    /// Cannot be imported, and why.
    Rejected(String),
    /// Set aside by a person, and why.
    Ignored(String),
}

impl FileOutcome {
    /// The same, with the counts of another.
    pub(crate) fn with_counts_of(&self, counted: Self) -> Self {
        match (self, counted) {
            (Self::Completed { .. }, Self::Imported { players, weapons, findings }) => {
                Self::Completed { players, weapons, findings }
            }
            (Self::Healed { .. }, Self::Imported { players, weapons, findings }) => {
                Self::Healed { players, weapons, findings }
            }
            (_, counted) => counted,
        }
    }
}

/// A file that was not imported, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The file, as found.
    pub file: String,
    /// What was wrong, where, and what is allowed.
    pub reason: String,
}

/// Everything a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files looked at that have the name of a stats file.
    pub seen: usize,
    /// Files stored.
    pub imported: usize,
    /// Files of which a part was stored, stored whole now.
    pub completed: usize,
    /// Files whose stored bytes were damaged, and are in their place again.
    pub healed: usize,
    /// Files stored before.
    pub skipped: usize,
    /// Copies made before the file was complete: more of it is stored.
    pub older_copies: usize,
    /// Files that a person set aside.
    pub set_aside: usize,
    /// Files with other names, left alone.
    pub ignored: usize,
    /// The first of these, as found.
    pub left_alone: Vec<String>,
    /// Files on a game server that are older than asked for, left there.
    pub older: usize,
    /// Files that cannot be imported, with reasons.
    pub rejected: Vec<Rejected>,
    /// Rounds stored: one per imported file.
    pub rounds: usize,
    /// Player lines stored.
    pub players: usize,
    /// Weapon lines stored.
    pub weapons: usize,
    /// Validation findings stored.
    pub findings: usize,
    /// Folders that could not be read, with reasons.
    pub unreadable: Vec<Rejected>,
    /// Time from start to end.
    pub elapsed: Duration,
}

impl Summary {
    /// Counts one more file.
    pub fn add(&mut self, file: String, outcome: FileOutcome) {
        self.seen += 1;
        match outcome {
            FileOutcome::Imported { players, weapons, findings } => {
                self.imported += 1;
                self.rounds += 1;
                self.players += players;
                self.weapons += weapons;
                self.findings += findings;
            }
            FileOutcome::Completed { players, weapons, findings } => {
                self.completed += 1;
                self.players += players;
                self.weapons += weapons;
                self.findings += findings;
            }
            FileOutcome::Healed { players, weapons, findings } => {
                self.healed += 1;
                self.players += players;
                self.weapons += weapons;
                self.findings += findings;
            }
            FileOutcome::Duplicate => self.skipped += 1,
            FileOutcome::OlderCopy => self.older_copies += 1,
            FileOutcome::Ignored(_) => self.set_aside += 1,
            FileOutcome::Conflict(reason) | FileOutcome::Rejected(reason) => {
                self.rejected.push(Rejected { file, reason })
            }
        }
    }

    /// Adds what another run did: of another server.
    pub fn absorb(&mut self, other: Self) {
        self.seen += other.seen;
        self.imported += other.imported;
        self.completed += other.completed;
        self.healed += other.healed;
        self.skipped += other.skipped;
        self.older_copies += other.older_copies;
        self.set_aside += other.set_aside;
        self.ignored += other.ignored;
        self.left_alone.extend(other.left_alone);
        self.older += other.older;
        self.rejected.extend(other.rejected);
        self.rounds += other.rounds;
        self.players += other.players;
        self.weapons += other.weapons;
        self.findings += other.findings;
        self.unreadable.extend(other.unreadable);
        self.elapsed += other.elapsed;
    }

    /// Files looked at per second.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a file count is far below 2^52")]
    pub fn files_per_second(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 { self.seen as f64 / seconds } else { 0.0 }
    }
}
