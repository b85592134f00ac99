//! What stands around new files: read from the database, computed again together with them, and made
//! into changes. Reading is asynchronous; parsing and computing are not, and leave the asynchronous
//! threads alone.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use fullhold_analytics::Verdict;
use fullhold_repository::{
    Changes, FileId, Identity, MatchRow, NextIds, PlayerRow, RoundId, RoundRow, RoundStatus, ServerId, SessionId,
    SessionRow, SessionTeamRow, StoredFile, Transaction, UnreadableFile, WeaponLine,
};
use fullhold_stats_file::{FileName, Header, Seconds, Side, StatsFile};
use time::PrimitiveDateTime;

use crate::batch::{Config, instant};
use crate::changes::{self, Context, Entry};
use crate::days::{Days, Group, Span};
use crate::derive::{self, Input, Placed};
use crate::people::People;
use crate::reference_round::LinesWithoutFile;
use crate::zone::Zone;
use crate::{Error, FileOutcome, islands};

/// A file that is to be imported: new, or another version of one that is stored.
pub(crate) struct NewFile {
    /// Position in the batch.
    pub(crate) index: usize,
    pub(crate) file_id: FileId,
    pub(crate) file: Arc<StatsFile>,
    pub(crate) mtime: Option<PrimitiveDateTime>,
}

/// A stored round near new ones.
struct Neighbour {
    row: RoundRow,
    stored: Option<StoredFile>,
}

/// A stored round, read back as far as that is possible.
struct Known {
    row: RoundRow,
    mtime: Option<PrimitiveDateTime>,
    file: Arc<StatsFile>,
    taken: Option<LinesWithoutFile>,
    /// Its file, or that of its other half, cannot be read any more: its lines stay as they are.
    kept: bool,
    /// The stored file is replaced by a new one.
    rewrite: bool,
}

impl Known {
    fn kept_lines(&mut self) -> &mut LinesWithoutFile {
        self.taken.get_or_insert_with(|| LinesWithoutFile::kept(Vec::new(), Vec::new()))
    }
}

/// Lines of rounds whose files cannot be read any more.
#[derive(Default)]
pub(crate) struct StoredLines {
    pub(crate) players: Vec<PlayerRow>,
    pub(crate) weapons: Vec<WeaponLine>,
}

/// Everything that computing needs.
pub(crate) struct Rules {
    pub(crate) server_id: ServerId,
    pub(crate) zone: Zone,
    pub(crate) config: Config,
    pub(crate) verdicts: HashMap<FileName, Verdict>,
    pub(crate) people: People,
}

/// New files and the stored rounds that they have to do with.
pub(crate) struct Neighbourhood {
    groups: Vec<Group>,
    new: Vec<NewFile>,
    rows: Vec<Neighbour>,
    sessions: Vec<SessionRow>,
    matches: Vec<MatchRow>,
    teams: Vec<SessionTeamRow>,
}

impl Neighbourhood {
    /// Reads what is near.
    pub(crate) async fn read(
        tx: &mut Transaction,
        server_id: ServerId,
        zone: &Zone,
        config: &Config,
        new: Vec<NewFile>,
    ) -> Result<Self, Error> {
        let days = Days::new(zone, config);
        let groups = days.groups(new.iter().map(|new| days.span(new.file.name.stamp)).collect());
        let mut found: BTreeMap<RoundId, RoundRow> = BTreeMap::new();
        for group in &groups {
            for seed in &group.seeds {
                let rows = read_around(tx, server_id, *seed, group.read, days.reach).await?;
                found.extend(rows.into_iter().map(|row| (row.id, row)));
            }
        }
        let replaced: HashSet<FileId> = new.iter().map(|new| new.file_id).collect();
        let files: Vec<FileId> = found.values().map(|row| row.file_id).filter(|id| !replaced.contains(id)).collect();
        let mut contents = if files.is_empty() { HashMap::new() } else { tx.contents(&files).await? };
        let mut session_ids: Vec<SessionId> = found.values().map(|row| row.gaming_session_id).collect();
        session_ids.sort_unstable();
        session_ids.dedup();
        let sessions = tx.sessions(&session_ids).await?;
        let matches = tx.matches_of(&session_ids).await?;
        let teams = tx.members_of(&session_ids).await?;
        let rows = found.into_values().map(|row| Neighbour { stored: contents.remove(&row.file_id), row }).collect();
        Ok(Self { groups, new, rows, sessions, matches, teams })
    }

    /// The first and the last stamp of a round in it.
    pub(crate) fn stamps(&self) -> (String, String) {
        let stored = self.rows.iter().map(|near| near.row.server_stamp.clone());
        let stamps: Vec<String> = stored.chain(self.new.iter().map(|new| new.file.name.stamp.to_string())).collect();
        (stamps.iter().min().cloned().unwrap_or_default(), stamps.iter().max().cloned().unwrap_or_default())
    }
}

/// The stored rounds that are linked with a span by gaps no longer than `reach`, within limits.
/// Each round is read once, however often the span grows.
async fn read_around(
    tx: &mut Transaction,
    server_id: ServerId,
    seed: Span,
    limits: Span,
    reach: i64,
) -> Result<Vec<RoundRow>, Error> {
    let within = |from: i64, to: i64| Span { from: from.max(limits.from), to: to.min(limits.to) };
    let mut step = reach;
    let mut read = within(seed.from - step, seed.to + step);
    let mut rows = tx.rounds_between(server_id, instant(read.from), instant(read.to)).await?;
    loop {
        rows.sort_unstable_by_key(|row| (row.ended_at, row.id));
        let linked = linked(&rows, seed, reach);
        step = step.saturating_mul(2);
        let mut wider = read;
        if linked.from - reach < read.from && read.from > limits.from {
            wider.from = within(read.from - step, read.to).from;
        }
        if linked.to + reach > read.to && read.to < limits.to {
            wider.to = within(read.from, read.to + step).to;
        }
        if wider == read {
            rows.retain(|row| (linked.from..=linked.to).contains(&ended(row)));
            return Ok(rows);
        }
        if wider.from < read.from {
            rows.extend(tx.rounds_between(server_id, instant(wider.from), instant(read.from - 1)).await?);
        }
        if wider.to > read.to {
            rows.extend(tx.rounds_between(server_id, instant(read.to + 1), instant(wider.to)).await?);
        }
        read = wider;
    }
}

/// How far gaps no longer than `reach` lead from a span, over rounds in order.
fn linked(rows: &[RoundRow], seed: Span, reach: i64) -> Span {
    let mut span = seed;
    for at in rows.iter().map(ended) {
        if at > span.to && at - span.to <= reach {
            span.to = at;
        }
    }
    for at in rows.iter().rev().map(ended) {
        if at < span.from && span.from - at <= reach {
            span.from = at;
        }
    }
    span
}

fn ended(row: &RoundRow) -> i64 {
    row.ended_at.assume_utc().unix_timestamp()
}

/// Stored rounds read back, and those that cannot be.
pub(crate) struct Parsed {
    rest: Neighbourhood,
    known: Vec<Known>,
    /// Positions in the batch, by file.
    positions: HashMap<FileId, usize>,
    /// Rounds whose files cannot be read any more.
    pub(crate) unreadable: Vec<UnreadableFile>,
    /// Rounds whose stored lines are needed because their files, or those of their other halves,
    /// cannot be read.
    pub(crate) lines_wanted: Vec<RoundId>,
}

impl Neighbourhood {
    /// Unpacks and parses. Not for an asynchronous thread.
    pub(crate) fn parse(mut self) -> Parsed {
        let new: HashMap<FileId, &NewFile> = self.new.iter().map(|new| (new.file_id, new)).collect();
        let mut known = Vec::with_capacity(self.rows.len());
        let mut unreadable: HashSet<String> = HashSet::new();
        let mut files = Vec::new();
        for Neighbour { row, stored } in std::mem::take(&mut self.rows) {
            let mtime = stored.as_ref().and_then(|stored| stored.mtime);
            let read = match new.get(&row.file_id) {
                Some(new) => Ok((Arc::clone(&new.file), None, new.mtime)),
                None => read_back(&row, stored.as_ref()).map(|(file, taken)| (Arc::new(file), taken, mtime)),
            };
            let rewrite = new.contains_key(&row.file_id);
            match read {
                Ok((file, taken, mtime)) => known.push(Known { row, mtime, file, taken, kept: false, rewrite }),
                Err(reason) => {
                    tracing::warn!(
                        round.id = row.id.0,
                        reason,
                        "the file of a stored round cannot be read any more: its lines stay as they are; \
                         `dbadmin validate` says what to do"
                    );
                    unreadable.insert(row.match_id.clone());
                    files.push(UnreadableFile { round_id: row.id, reason });
                    let file = Arc::new(kept_file(&row));
                    known.push(Known { row, mtime, file, taken: None, kept: true, rewrite: false });
                }
            }
        }
        // Without its other half, a round's numbers cannot be computed either.
        for one in known.iter_mut().filter(|one| unreadable.contains(&one.row.match_id) && !one.kept) {
            one.kept = true;
            one.file = Arc::new(kept_file(&one.row));
        }
        let lines_wanted = known.iter().filter(|one| one.kept).map(|one| one.row.id).collect();
        let replaced: HashSet<FileId> = known.iter().filter(|one| one.rewrite).map(|one| one.row.file_id).collect();
        let positions = self.new.iter().map(|new| (new.file_id, new.index)).collect();
        self.new.retain(|new| !replaced.contains(&new.file_id));
        Parsed { rest: self, known, positions, unreadable: files, lines_wanted }
    }
}

/// The file of a stored round, and its lines where they were taken over.
fn read_back(row: &RoundRow, stored: Option<&StoredFile>) -> Result<(StatsFile, Option<LinesWithoutFile>), String> {
    let name = format!("{}-{}-round-{}.txt", row.server_stamp, row.map_name, row.round_number);
    let parsed: FileName = name.parse().map_err(|_not_a_name| format!("{name} is no stats file name"))?;
    let stored = stored.ok_or_else(|| format!("{name} has no stored bytes"))?;
    let bytes = stored.unpack().map_err(|error| fullhold_repository::chain(&error))?;
    if !crate::versions::is_hash_of(&stored.sha256, &bytes) {
        return Err(format!("the stored bytes of {name} are not those that were imported"));
    }
    islands::read_back(&parsed, &bytes)
}

/// What is known of a round's file from its row.
pub fn kept_file(row: &RoundRow) -> StatsFile {
    let side = |number: i32| if number == 2 { Side::Allies } else { Side::Axis };
    let name = format!("{}-{}-round-{}.txt", row.server_stamp, row.map_name, row.round_number);
    let name = name.parse().unwrap_or_else(|_not_a_name| FileName {
        stamp: fullhold_stats_file::Stamp::EPOCH,
        map: row.map_name.clone(),
        round: if row.round_number == 2 {
            fullhold_stats_file::RoundNumber::Two
        } else {
            fullhold_stats_file::RoundNumber::One
        },
    });
    let header = Header {
        server_name: String::new(),
        map: row.map_name.clone(),
        config: row.config_name.clone(),
        round: name.round,
        defender: side(row.defender_team),
        winner: row.winner_team.map(side),
        time_limit: Seconds(row.time_limit_seconds),
        next_time_limit: Seconds(row.next_time_limit_seconds),
        play_time: row.actual_time_seconds.map(Seconds),
        has_play_time: row.actual_time_seconds.is_some(),
    };
    StatsFile { name, header, players: Vec::new(), rejected: Vec::new() }
}

/// What a batch changes, and what became of each of its files, by position.
pub(crate) struct Computed {
    pub(crate) changes: Changes,
    pub(crate) outcomes: Vec<(usize, FileOutcome)>,
}

/// Where ids begin, and what the clock says.
#[derive(Clone, Copy)]
pub(crate) struct Numbering {
    pub(crate) ids: NextIds,
    pub(crate) now: PrimitiveDateTime,
}

impl Parsed {
    /// Computes everything again. Not for an asynchronous thread. `lines` are those of
    /// [`Parsed::lines_wanted`].
    pub(crate) fn compute(
        mut self,
        lines: StoredLines,
        rules: &Rules,
        numbering: Numbering,
        mut changes: Changes,
    ) -> Computed {
        for line in lines.players {
            if let Some(known) = self.known.iter_mut().find(|known| known.row.id == line.round_id) {
                known.kept_lines().lines.push(line);
            }
        }
        for line in lines.weapons {
            if let Some(known) = self.known.iter_mut().find(|known| known.row.id == line.round_id) {
                known.kept_lines().weapons.push(line);
            }
        }
        let entries = self.entries();
        let inputs: Vec<Input<'_>> = entries.iter().map(|entry| input(entry, &rules.verdicts)).collect();
        let days = Days::new(&rules.zone, &rules.config);
        let placed = derive::place(&inputs, &rules.zone, &days);
        drop(inputs);
        let wanted = |day: i64| self.rest.groups.iter().any(|group| group.days.contains(&day));
        let (entries, placed) = only(entries, placed, wanted);
        let inputs: Vec<Input<'_>> = entries.iter().map(|entry| input(entry, &rules.verdicts)).collect();
        let derived = derive::derive(&inputs, placed, rules.config.match_window, &rules.config.timeline, &rules.people);
        let of: HashSet<SessionId> = entries.iter().filter_map(|e| e.stored).map(|row| row.gaming_session_id).collect();
        let sessions: Vec<SessionRow> = self.rest.sessions.iter().filter(|row| of.contains(&row.id)).cloned().collect();
        let session_ids = sessions.iter().map(|row| (row.session_key.clone(), row.id)).collect();
        let context = Context {
            server_id: rules.server_id,
            people: &rules.people,
            ids: numbering.ids,
            now: numbering.now,
            session_ids,
            matches: self.rest.matches.iter().filter(|row| of.contains(&row.gaming_session_id)).cloned().collect(),
            teams: self.rest.teams.iter().filter(|row| of.contains(&row.session_id)).cloned().collect(),
            sessions,
            is_import: true,
        };
        let stored = changes::collect(&entries, &derived, &context, &mut changes);
        let position = |file_id| self.positions.get(&file_id).copied();
        let outcomes = stored.into_iter().filter_map(|(file, outcome)| Some((position(file)?, outcome))).collect();
        Computed { changes, outcomes }
    }

    fn entries(&self) -> Vec<Entry<'_>> {
        let mut entries: Vec<Entry<'_>> = self
            .known
            .iter()
            .map(|known| Entry {
                file: &known.file,
                mtime: known.mtime,
                file_id: known.row.file_id,
                stored: Some(&known.row),
                identity: Some(Identity { round_id: known.row.id, created_at: known.row.created_at }),
                taken: known.taken.as_ref(),
                kept: known.kept,
                rewrite: known.rewrite,
            })
            .chain(self.rest.new.iter().map(|new| Entry {
                file: &new.file,
                mtime: new.mtime,
                file_id: new.file_id,
                stored: None,
                identity: None,
                taken: None,
                kept: false,
                rewrite: false,
            }))
            .collect();
        entries.sort_by(|a, b| a.file.name.cmp(&b.file.name));
        entries
    }
}

/// A round as the derivation sees it.
pub(crate) fn input<'a>(entry: &Entry<'a>, verdicts: &HashMap<FileName, Verdict>) -> Input<'a> {
    Input {
        file: entry.file,
        mtime: entry.mtime,
        verdict: verdicts.get(&entry.file.name).copied(),
        taken: entry.taken,
        kept_aborted: entry.kept && entry.stored.is_some_and(|row| row.round_status == RoundStatus::Aborted),
    }
}

/// The rounds of the wanted days; others only had a say in which rounds these are.
pub(crate) fn only<'a>(
    entries: Vec<Entry<'a>>,
    placed: Placed<'a>,
    wanted: impl Fn(i64) -> bool,
) -> (Vec<Entry<'a>>, Placed<'a>) {
    let mut kept = Vec::with_capacity(entries.len());
    let mut left = Placed { rounds: Vec::with_capacity(entries.len()), days: Vec::with_capacity(entries.len()) };
    for ((entry, round), day) in entries.into_iter().zip(placed.rounds).zip(placed.days) {
        if wanted(day) {
            kept.push(entry);
            left.rounds.push(round);
            left.days.push(day);
        }
    }
    (kept, left)
}
