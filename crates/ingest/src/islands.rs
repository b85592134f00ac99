//! Stored files cut where no round on one side can have to do with one on the other, and read
//! back from their compressed bytes.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use fullhold_analytics::Verdict;
use fullhold_repository::{FileHead, FileId, FileRow, FileState, RoundRow, RoundStatus, StoredKind};
use fullhold_stats_file::{FileKind, FileName, Stamp, StatsFile};
use sha2::{Digest as _, Sha256};

use crate::batch::Config;
use crate::days::Days;
use crate::derive::{self, Derived, Input};
use crate::people::People;
use crate::reference_round::{LinesWithoutFile, ReferenceRound};
use crate::zone::Zone;
use crate::{ambiguous_time, prepare};

/// Files per batch, so far as islands and days allow: memory stays flat however long the history is.
const BATCH: usize = 512;

/// Files that are computed together.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Files whose rounds lie in it, but for matches that go on after their day; oldest first.
    pub own: Vec<FileHead>,
    /// Files whose rounds have a say in which rounds these are.
    pub context: Vec<FileHead>,
    /// The days whose rounds are computed; all when none.
    pub days: Option<RangeInclusive<i64>>,
}

impl Batch {
    pub(crate) fn wants(&self, day: i64) -> bool {
        self.days.as_ref().is_none_or(|days| days.contains(&day))
    }

    /// The same without files that failed: they have no round.
    pub fn imported(&self) -> Self {
        let imported =
            |heads: &[FileHead]| heads.iter().filter(|head| head.state == FileState::Imported).cloned().collect();
        Self { own: imported(&self.own), context: imported(&self.context), days: self.days.clone() }
    }
}

/// Files of rounds in batches, each closed: nothing in one has to do with anything in another.
/// Files that hold no round are in `others`.
pub struct Islands {
    /// What is computed together.
    pub batches: Vec<Batch>,
    /// Files that hold no round.
    pub others: Vec<FileHead>,
}

/// A file of a round, and what its stamp means.
struct Placed {
    head: FileHead,
    stamp: Stamp,
    at: i64,
}

impl Islands {
    /// Cuts the list where nobody played for long, and, where they played on, between days; `wanted`
    /// says which files matter.
    pub fn cut(heads: Vec<FileHead>, zone: &Zone, days: &Days, wanted: impl Fn(&FileHead) -> bool) -> Self {
        let mut others = Vec::new();
        let mut islands: Vec<Vec<Placed>> = Vec::new();
        let mut newest = i64::MIN;
        for head in heads {
            let name = match FileKind::of(&head.filename) {
                FileKind::Stats(name) if head.kind == StoredKind::Stats && head.state != FileState::Ignored => name,
                _ => {
                    others.push(head);
                    continue;
                }
            };
            let at = zone.instants(name.stamp).early;
            let file = Placed { head, stamp: name.stamp, at };
            match islands.last_mut() {
                Some(island) if at.saturating_sub(newest) <= days.reach => island.push(file),
                _ => islands.push(vec![file]),
            }
            newest = newest.max(at);
        }
        let mut batches: Vec<Batch> = Vec::new();
        for island in islands.into_iter().filter(|island| island.iter().any(|file| wanted(&file.head))) {
            if island.len() > BATCH {
                batches.extend(cut_at_days(&island, days, &wanted));
                continue;
            }
            let heads = island.into_iter().map(|file| file.head);
            match batches.last_mut() {
                Some(batch) if batch.days.is_none() && batch.own.len() + heads.len() <= BATCH => {
                    batch.own.extend(heads)
                }
                _ => batches.push(Batch { own: heads.collect(), ..Batch::default() }),
            }
        }
        Self { batches, others }
    }
}

/// A long island in whole days, those of them that wanted files have a say in.
fn cut_at_days(island: &[Placed], days: &Days, wanted: &impl Fn(&FileHead) -> bool) -> Vec<Batch> {
    let touched: Vec<RangeInclusive<i64>> =
        island.iter().filter(|file| wanted(&file.head)).map(|file| days.touched(days.span(file.stamp))).collect();
    let mut pieces: Vec<Vec<&Placed>> = Vec::new();
    for day in island.chunk_by(|a, b| days.day(a.at) == days.day(b.at)) {
        match pieces.last_mut() {
            Some(piece) if piece.len() + day.len() <= BATCH => piece.extend(day),
            _ => pieces.push(day.iter().collect()),
        }
    }
    let firsts: Vec<i64> = pieces.iter().map(|piece| piece.first().map_or(0, |file| days.day(file.at))).collect();
    let mut batches = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let first = if index == 0 { i64::MIN } else { firsts.get(index).copied().unwrap_or(i64::MIN) };
        let last = firsts.get(index + 1).map_or(i64::MAX, |next| next - 1);
        if !touched.iter().any(|days| *days.start() <= last && *days.end() >= first) {
            continue;
        }
        let own: Vec<FileHead> = piece.iter().map(|file| file.head.clone()).collect();
        let read = days.read(&(first..=last));
        // The stamp of an hour that exists twice may mean an hour more.
        let shift = ambiguous_time::LONGEST_SHIFT;
        let near = |at: i64| read.from.saturating_sub(shift) <= at && at <= read.to.saturating_add(shift);
        let of_piece = |at: i64| (first..=last).contains(&days.day(at));
        let context = island.iter().filter(|file| near(file.at) && !of_piece(file.at)).map(|file| file.head.clone());
        batches.push(Batch { own, context: context.collect(), days: Some(first..=last) });
    }
    batches
}

/// A stored file, read back.
pub struct Loaded {
    /// Its row, with its bytes.
    pub row: FileRow,
    /// What is in it, or why it holds no round.
    pub parsed: Result<StatsFile, String>,
    /// What is wrong with the bytes as they are kept: not those that were imported.
    pub damage: Option<String>,
    /// The lines, if they were taken over from the reference bot, or stay because the file cannot be
    /// read any more.
    pub taken: Option<LinesWithoutFile>,
    /// The stored round, if everything that follows from the file stays as it is: the file is
    /// damaged, or that of its other half.
    pub kept: Option<RoundRow>,
}

impl Loaded {
    /// It was imported once, and its bytes are damaged now.
    pub fn is_damaged(&self) -> bool {
        self.damage.is_some() && self.row.success
    }
}

/// A closed batch of stored files, read back and recomputed.
pub struct Recomputed {
    /// Which files these are.
    pub batch: Batch,
    /// The files, read back.
    pub files: Vec<Loaded>,
    /// Positions in `files` of those that hold a round of the batch's days, in the order of names.
    pub rounds: Vec<usize>,
    /// By round.
    pub derived: Derived,
}

impl Recomputed {
    /// The files that this batch answers for: those of its rounds, and its own that hold none.
    pub fn answers_for(&self) -> Vec<FileId> {
        let own: HashSet<FileId> = self.batch.own.iter().map(|head| head.id).collect();
        let without = self.files.iter().filter(|file| file.parsed.is_err() && own.contains(&file.row.id));
        let with = self.rounds.iter().filter_map(|index| self.files.get(*index));
        with.chain(without).map(|file| file.row.id).collect()
    }

    /// Its own files, not those that only have a say in it.
    pub fn own_files(&self) -> impl Iterator<Item = &Loaded> {
        let own: HashSet<FileId> = self.batch.own.iter().map(|head| head.id).collect();
        self.files.iter().filter(move |file| own.contains(&file.row.id))
    }
}

/// What recomputing needs beside the files.
#[derive(Clone)]
pub struct Rules {
    /// Zone of the server.
    pub zone: Zone,
    /// Gaps, windows, excluded maps.
    pub config: Config,
    /// Human verdicts.
    pub verdicts: HashMap<FileName, Verdict>,
    /// Merges and rosters.
    pub people: People,
}

/// Unpacks, parses and derives a closed batch. Takes milliseconds per hundred files: not for an
/// asynchronous thread.
pub fn recompute(batch: Batch, rows: Vec<FileRow>, rules: &Rules) -> Recomputed {
    again(batch, rows.into_iter().map(load).collect(), rules)
}

/// Derives a batch again, after some of its files have turned out not to count.
pub fn again(batch: Batch, files: Vec<Loaded>, rules: &Rules) -> Recomputed {
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
            kept_aborted: files
                .get(*index)
                .and_then(|loaded| loaded.kept.as_ref())
                .is_some_and(|row| row.round_status == RoundStatus::Aborted),
        })
        .collect();
    let days = Days::new(&rules.zone, &rules.config);
    let placed = derive::place(&inputs, &rules.zone, &days);
    let (mut own, mut inputs_left) = (Vec::new(), Vec::new());
    let mut left = derive::Placed { rounds: Vec::new(), days: Vec::new() };
    for (((index, _), input), (round, day)) in rounds.iter().zip(inputs).zip(placed.rounds.into_iter().zip(placed.days))
    {
        if batch.wants(day) {
            own.push(*index);
            inputs_left.push(input);
            left.rounds.push(round);
            left.days.push(day);
        }
    }
    let (window, timeline) = (rules.config.match_window, &rules.config.timeline);
    let derived = derive::derive(&inputs_left, left, window, timeline, &rules.people);
    Recomputed { batch, files, rounds: own, derived }
}

fn load(row: FileRow) -> Loaded {
    let unpacked = fullhold_repository::decompress(row.id, row.content.as_deref().unwrap_or_default(), row.size_bytes);
    let bytes = match unpacked {
        Ok(bytes) => bytes,
        Err(error) => {
            let reason = fullhold_repository::chain(&error);
            return Loaded { row, parsed: Err(reason.clone()), damage: Some(reason), taken: None, kept: None };
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
    Loaded { row, parsed, damage, taken, kept: None }
}

/// Kept bytes as a file; and what else is known, where the bytes are a round taken over.
pub(crate) fn read_back(name: &FileName, bytes: &[u8]) -> Result<(StatsFile, Option<LinesWithoutFile>), String> {
    match ReferenceRound::of(bytes) {
        Some(taken) => taken.map(|taken| (taken.file(name), Some(taken.round(name.round)))),
        None => prepare::read(name, bytes).map(|file| (file, None)),
    }
}
