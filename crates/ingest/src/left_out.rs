//! Files on disk that cannot be stored: conflicts, and what cannot be read. They are remembered until
//! they are fine or gone, so that a person finds them again and can set them aside.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fullhold_repository::{LeftOutFileRow, LeftOutKind, LeftOutState, ServerId, Transaction};
use time::PrimitiveDateTime;

use crate::{Error, FileOutcome, Prepared, Rejected};

/// A file that a run looked at.
pub struct LookedAt {
    /// Its name as in the database.
    pub name: String,
    /// Where it was found.
    pub path: PathBuf,
    /// SHA-256 of its bytes; none where they cannot be read.
    pub sha256: Option<String>,
}

impl From<&Prepared> for LookedAt {
    fn from(file: &Prepared) -> Self {
        Self { name: file.filename.clone(), path: PathBuf::from(&file.shown), sha256: Some(file.sha256.clone()) }
    }
}

/// What is remembered of a server's files, while a run goes on.
pub struct LeftOut {
    server_id: ServerId,
    now: PrimitiveDateTime,
    known: BTreeMap<String, LeftOutFileRow>,
    noted: BTreeMap<String, LeftOutFileRow>,
    fine: BTreeSet<PathBuf>,
}

impl LeftOut {
    /// Reads what is remembered.
    ///
    /// # Errors
    /// The database failed.
    pub async fn read(tx: &mut Transaction, server_id: ServerId, now: PrimitiveDateTime) -> Result<Self, Error> {
        let rows = tx.left_out_of(server_id).await?;
        let known = rows.into_iter().map(|row| (row.filename.clone(), row)).collect();
        Ok(Self { server_id, now, known, noted: BTreeMap::new(), fine: BTreeSet::new() })
    }

    /// Whether a file of that name is left out.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    /// Takes note of what became of a file. What a person set aside is told of no more.
    pub(crate) fn note(&mut self, file: LookedAt, outcome: FileOutcome) -> FileOutcome {
        match outcome {
            FileOutcome::Conflict(reason) => self.leave_out_unless_ignored(file, FileOutcome::Conflict, reason),
            FileOutcome::Rejected(reason) if file.sha256.is_none() => {
                self.leave_out_unless_ignored(file, FileOutcome::Rejected, reason)
            }
            outcome => {
                self.fine(&file);
                outcome
            }
        }
    }

    fn leave_out_unless_ignored(
        &mut self,
        file: LookedAt,
        outcome: fn(String) -> FileOutcome,
        reason: String,
    ) -> FileOutcome {
        match self.set_aside(&file.name) {
            Some(why) => FileOutcome::Ignored(why),
            None => {
                self.leave_out(file, &reason);
                outcome(reason)
            }
        }
    }

    /// Takes note of a file with which nothing is wrong, or whose trouble is kept with its bytes.
    pub fn fine(&mut self, file: &LookedAt) {
        self.fine.insert(absolute(&file.path));
    }

    /// Takes note of a file that is not taken in, unless a person set it aside; then nobody is to be told.
    pub fn refuse(&mut self, file: LookedAt, reason: String, told: &mut Vec<Rejected>) {
        if self.set_aside(&file.name).is_some() {
            return;
        }
        let shown = file.path.display().to_string();
        self.leave_out(file, &reason);
        told.push(Rejected { file: shown, reason });
    }

    /// Why a person set a file of that name aside, if anybody did.
    fn set_aside(&self, name: &str) -> Option<String> {
        let row = self.known.get(name).filter(|row| row.state == LeftOutState::Ignored)?;
        Some(row.ignored_reason.clone().unwrap_or_default())
    }

    fn leave_out(&mut self, file: LookedAt, reason: &str) {
        let kind = if file.sha256.is_some() { LeftOutKind::Conflict } else { LeftOutKind::Unreadable };
        let row = LeftOutFileRow {
            server_id: self.server_id,
            filename: file.name.clone(),
            path: absolute(&file.path).display().to_string(),
            kind,
            sha256: file.sha256,
            reason: reason.to_owned(),
            state: LeftOutState::Open,
            ignored_reason: None,
            first_seen_at: self.known.get(&file.name).map_or(self.now, |row| row.first_seen_at),
            last_seen_at: self.now,
        };
        self.noted.insert(file.name, row);
    }

    /// Names that need not be remembered any more: the file is fine now, or is gone from under the folders that were
    /// looked through.
    fn over(&self, roots: &[PathBuf]) -> Vec<String> {
        let roots: Vec<PathBuf> = roots.iter().map(|root| absolute(root)).collect();
        let is_over = |row: &&LeftOutFileRow| {
            let path = Path::new(&row.path);
            let was_looked_for = roots.iter().any(|root| path.starts_with(root));
            let is_gone = || matches!(path.symlink_metadata(), Err(e) if e.kind() == std::io::ErrorKind::NotFound);
            !self.noted.contains_key(&row.filename) && (self.fine.contains(path) || (was_looked_for && is_gone()))
        };
        self.known.values().filter(is_over).map(|row| row.filename.clone()).collect()
    }

    /// What is to be written after a run over these paths.
    pub fn changes(&self, roots: &[PathBuf]) -> LeftOutChanges {
        LeftOutChanges {
            server_id: self.server_id,
            noted: self.noted.values().cloned().collect(),
            over: self.over(roots),
        }
    }
}

/// What a run found out of files that are left out.
pub struct LeftOutChanges {
    server_id: ServerId,
    noted: Vec<LeftOutFileRow>,
    over: Vec<String>,
}

impl LeftOutChanges {
    pub(crate) fn is_empty(&self) -> bool {
        self.noted.is_empty() && self.over.is_empty()
    }

    /// Writes them.
    ///
    /// # Errors
    /// The database failed.
    pub async fn write(&self, tx: &mut Transaction) -> Result<(), Error> {
        tx.note_left_out(self.noted.clone()).await?;
        Ok(tx.forget_left_out(self.server_id, &self.over).await?)
    }
}

/// The path from the root, links in it left alone: another folder may be the working one next time.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_nowhere| path.to_owned())
}
