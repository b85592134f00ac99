//! Stored files cut where no round on one side can have to do with one on the other, and read
//! back from their compressed bytes.

use std::collections::HashMap;

use fullhold_analytics::Verdict;
use fullhold_repository::{FileHead, FileRow};
use fullhold_stats_file::{FileKind, FileName, StatsFile};
use sha2::{Digest as _, Sha256};

use crate::batch::Config;
use crate::derive::{self, Derived, Input};
use crate::people::People;
use crate::prepare;
use crate::taken_over::{TakenOver, TakenRound};
use crate::zone::Zone;

/// Files per batch, so far as islands allow: memory stays flat however long the history is.
const BATCH: usize = 512;

/// An hour more than the rules' longest reach: a stamp of the hour that exists twice may move by it.
pub(crate) fn reach(config: &Config) -> i64 {
    i64::from(config.match_window.0.max(config.timeline.session_gap.0)) + 3600
}

/// Files of rounds in batches, each closed: nothing in one is near anything in another. Within a
/// batch, oldest first. Files that hold no round are in `others`.
pub(crate) struct Islands {
    pub(crate) batches: Vec<Vec<FileHead>>,
    pub(crate) others: Vec<FileHead>,
}

impl Islands {
    /// Cuts the list; `wanted` says which islands matter, and `join` puts small ones together.
    pub(crate) fn cut(heads: Vec<FileHead>, zone: &Zone, reach: i64, wanted: impl Fn(&FileHead) -> bool) -> Self {
        let mut others = Vec::new();
        let mut islands: Vec<Vec<FileHead>> = Vec::new();
        let mut newest = i64::MIN;
        for head in heads {
            let name = match FileKind::of(&head.filename) {
                FileKind::Stats(name) if head.kind == "stats" && matches!(&*head.state, "imported" | "failed") => name,
                _ => {
                    others.push(head);
                    continue;
                }
            };
            let at = zone.instants(name.stamp).early;
            match islands.last_mut() {
                Some(island) if at.saturating_sub(newest) <= reach => island.push(head),
                _ => islands.push(vec![head]),
            }
            newest = newest.max(at);
        }
        let mut batches: Vec<Vec<FileHead>> = Vec::new();
        for island in islands.into_iter().filter(|island| island.iter().any(&wanted)) {
            match batches.last_mut() {
                Some(batch) if batch.len() + island.len() <= BATCH => batch.extend(island),
                _ => batches.push(island),
            }
        }
        Self { batches, others }
    }
}

/// A stored file, read back.
pub(crate) struct Loaded {
    pub(crate) row: FileRow,
    /// What is in it, or why it holds no round.
    pub(crate) parsed: Result<StatsFile, String>,
    /// What is wrong with the bytes as they are kept: not those that were imported.
    pub(crate) damage: Option<String>,
    /// What else is known of it, if it was taken over from the reference bot.
    pub(crate) taken: Option<TakenRound>,
}

/// A closed batch of stored files, read back and recomputed.
pub(crate) struct Recomputed {
    pub(crate) files: Vec<Loaded>,
    /// Positions in `files` of those that hold a round, in the order of their names.
    pub(crate) rounds: Vec<usize>,
    /// By round.
    pub(crate) derived: Derived,
}

/// What recomputing needs beside the files.
#[derive(Clone)]
pub(crate) struct Rules {
    pub(crate) zone: Zone,
    pub(crate) config: Config,
    pub(crate) verdicts: HashMap<FileName, Verdict>,
    pub(crate) people: People,
}

/// Unpacks, parses and derives a closed batch. Takes milliseconds per hundred files: not for an
/// asynchronous thread.
pub(crate) fn recompute(rows: Vec<FileRow>, rules: &Rules) -> Recomputed {
    again(rows.into_iter().map(load).collect(), rules)
}

/// Derives a batch again, after some of its files have turned out not to count.
pub(crate) fn again(files: Vec<Loaded>, rules: &Rules) -> Recomputed {
    let mut rounds: Vec<(usize, &StatsFile)> =
        files.iter().enumerate().filter_map(|(index, file)| Some((index, file.parsed.as_ref().ok()?))).collect();
    rounds.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
    let inputs: Vec<Input<'_>> = rounds
        .iter()
        .map(|(index, file)| Input {
            file,
            mtime: files.get(*index).and_then(|loaded| loaded.row.mtime),
            verdict: rules.verdicts.get(&file.name).copied(),
            taken: files.get(*index).and_then(|loaded| loaded.taken.as_ref()),
        })
        .collect();
    let derived =
        derive::derive(&inputs, &rules.zone, rules.config.match_window, &rules.config.timeline, &rules.people);
    let rounds = rounds.into_iter().map(|(index, _)| index).collect();
    Recomputed { files, rounds, derived }
}

fn load(row: FileRow) -> Loaded {
    let unpacked = fullhold_repository::decompress(row.id, row.content.as_deref().unwrap_or_default(), row.size_bytes);
    let bytes = match unpacked {
        Ok(bytes) => bytes,
        Err(error) => {
            let reason = crate::batch::chain(&error);
            return Loaded { row, parsed: Err(reason.clone()), damage: Some(reason), taken: None };
        }
    };
    let hash = prepare::hex(&Sha256::digest(&bytes));
    let damage = (hash != row.sha256).then(|| format!("SHA-256 is {hash}, recorded is {}", row.sha256));
    let read = match row.filename.parse::<FileName>() {
        Ok(name) => read_back(&name, &bytes),
        Err(_not_a_name) => Err(format!("{} is no stats file name", row.filename)),
    };
    let (parsed, taken) = match read {
        Ok((file, taken)) => (Ok(file), taken),
        Err(reason) => (Err(reason), None),
    };
    Loaded { row, parsed, damage, taken }
}

/// Kept bytes as a file; and what else is known, where the bytes are a round taken over.
pub(crate) fn read_back(name: &FileName, bytes: &[u8]) -> Result<(StatsFile, Option<TakenRound>), String> {
    match TakenOver::of(bytes) {
        Some(taken) => taken.map(|taken| (taken.file(name), Some(taken.round(name.round)))),
        None => prepare::read(name, bytes).map(|file| (file, None)),
    }
}
