//! What was played, cut into sessions, with the truth of each.

use fullhold_stats_file::Side;

use super::record::{self, Record};
use super::{Host, Played};
use crate::simulation::{Evening, SimulatedFile};
use crate::truth::{TrueEvening, TrueSeries};

/// A session in the making.
#[derive(Default)]
struct Piece {
    files: Vec<SimulatedFile>,
    records: Vec<Record>,
    matches: Vec<Played>,
}

impl Host<'_> {
    /// Files and truth, a piece for each session. There is one piece unless days begin at an hour.
    pub(crate) fn close(mut self) -> Vec<Evening> {
        let has_guests = self.has_guests();
        let pieces = self.cut();
        pieces.into_iter().map(|piece| piece.judge(has_guests)).collect()
    }

    /// A match belongs to the day of its R1, everything else to its own.
    fn cut(&mut self) -> Vec<Piece> {
        let mut first_halves: Vec<Option<usize>> = vec![None; self.records.len()];
        for played in &self.matches {
            let [first, second] = played.halves;
            if let Some(slot) = first_halves.get_mut(second) {
                *slot = Some(first);
            }
        }
        let day = |index: usize| {
            let begin = self.config.habits.day_start?;
            let at = first_halves.get(index).copied().flatten().unwrap_or(index);
            self.records.get(at).map(|record| self.schedule.day_of(record.truth.ended_at, begin))
        };
        let days: Vec<_> = (0..self.records.len()).map(day).collect();
        let mut pieces: Vec<Piece> = Vec::new();
        let mut offset = 0;
        let mut matches = std::mem::take(&mut self.matches).into_iter().peekable();
        let mut written = self.files.drain(..).zip(self.records.drain(..)).enumerate().peekable();
        while let Some((index, _)) = written.peek() {
            let (begin, today) = (*index, days.get(*index).copied().flatten());
            let mut piece = Piece::default();
            while let Some((_, (file, record))) =
                written.next_if(|(index, _)| days.get(*index).copied().flatten() == today)
            {
                piece.files.push(file);
                piece.records.push(record);
            }
            offset = begin + piece.records.len();
            while let Some(mut played) = matches.next_if(|played| played.halves.iter().all(|half| *half < offset)) {
                played.halves = played.halves.map(|half| half - begin);
                piece.matches.push(played);
            }
            pieces.push(piece);
        }
        debug_assert!(matches.next().is_none() && offset == days.len());
        if pieces.is_empty() { vec![Piece::default()] } else { pieces }
    }
}

impl Piece {
    fn judge(mut self, has_guests: bool) -> Evening {
        record::judge_leftovers(&mut self.records);
        let mut truth = TrueEvening::default();
        let seed = self.records.iter().find(|r| r.is_first_round() && !r.truth.players.is_empty());
        let a_team = seed.and_then(Record::axis_team);
        if let (Some(team), Some(seed)) = (a_team, seed) {
            let axis = seed.truth.players.iter().filter(|p| p.team == Side::Axis.number());
            let mut guids: Vec<String> = axis.map(|p| p.guid.clone()).collect();
            guids.sort();
            truth.team_a = Some(guids);
            truth.score = self.is_of_one_kind().then(|| score(&self.records, &self.matches, team));
        }
        if has_guests {
            truth.series = series(&self.records, &self.matches);
        }
        truth.matches = self.matches.into_iter().map(|played| played.truth).collect();
        truth.rounds = self.records.into_iter().map(|record| record.truth).collect();
        Evening { files: self.files, truth }
    }

    /// Bots among themselves show nobody who stands beside whom among people.
    fn is_of_one_kind(&self) -> bool {
        let mut alone = self.records.iter().map(|record| record.bots_alone);
        let first = alone.next();
        alone.all(|next| Some(next) == first)
    }
}

/// Points of a team of people and of the other, over matches whose rounds both count.
fn score<'a>(records: &[Record], matches: impl IntoIterator<Item = &'a Played>, team: usize) -> (u32, u32) {
    let mut score = (0, 0);
    for Played { truth, halves, .. } in matches {
        let valid = halves.iter().all(|i| records.get(*i).is_some_and(|r| r.truth.is_valid));
        let first = halves.first().and_then(|i| records.get(*i));
        let Some(first) = first.filter(|_| valid) else { continue };
        let (one, two) = (u32::from(truth.points.0), u32::from(truth.points.1));
        let attacked_first = first.team_of(first.defender.other()) == Some(team);
        score = if attacked_first { (score.0 + one, score.1 + two) } else { (score.0 + two, score.1 + one) };
    }
    score
}

/// A series per team of guests. Home is team 0.
fn series(records: &[Record], matches: &[Played]) -> Vec<TrueSeries> {
    let people = |played: &Played, team: usize| -> Vec<String> {
        let first = played.halves.first().and_then(|half| records.get(*half));
        let Some(first) = first else { return Vec::new() };
        let side = if first.axis == team { Side::Axis } else { Side::Allies };
        let members = first.truth.players.iter().filter(|player| player.team == side.number());
        members.map(|player| player.guid.clone()).collect()
    };
    let mut all = Vec::new();
    for one in matches.chunk_by(|a, b| a.guests == b.guests) {
        let everybody = |team: usize| {
            let mut guids: Vec<String> = one.iter().flat_map(|played| people(played, team)).collect();
            guids.sort();
            guids.dedup();
            guids
        };
        all.push(TrueSeries {
            home: everybody(0),
            guests: everybody(1),
            tags: one.first().map(|played| played.tags.map(str::to_owned)).unwrap_or_default(),
            matches: one.iter().map(|played| played.truth.match_id.clone()).collect(),
            score: score(records, one, 0),
        });
    }
    all
}
