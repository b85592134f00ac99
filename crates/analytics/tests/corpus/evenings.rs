//! The real files, parsed, paired, subtracted and cut into evenings: what every answer is computed from.

use std::collections::BTreeMap;

use fullhold_analytics::{RosterEntry, Timeline, TimelineConfig, TimelineRound, Totals, player_totals, timeline};
use fullhold_differential::{PlayerRound, Role, RoundRef, RoundStats, orphan, pair, round_one, subtract};
use fullhold_stats_file::{FileName, Guid, Seconds, Stamp, StatsFile, parse};
use fullhold_testkit::corpus;
use serde_json::Value;

/// Everything that follows from the files, and what answers are expected.
pub(crate) struct Evenings {
    pub(crate) files: Vec<StatsFile>,
    pub(crate) roles: Vec<Role>,
    pub(crate) stats: Vec<RoundStats>,
    pub(crate) timeline: Timeline,
    pub(crate) expected: Value,
}

/// Computes them, or `None` after a line that says that there is no corpus.
pub(crate) fn evenings() -> Option<Evenings> {
    let corpus = corpus()?;
    let files: Vec<StatsFile> = corpus
        .files()
        .into_iter()
        .map(|(name, bytes)| {
            let name: FileName = name.parse().unwrap();
            parse(&name, &bytes).unwrap()
        })
        .collect();
    let refs: Vec<RoundRef<'_>> = files.iter().map(|file| RoundRef::new(file, seconds(file.name.stamp))).collect();
    let roles = pair(&refs, Seconds(3600));
    let stats: Vec<RoundStats> = files
        .iter()
        .zip(&roles)
        .map(|(file, role)| match role {
            Role::SecondOf(first) => subtract(&files[*first], file).unwrap(),
            Role::OrphanR2 => orphan(file),
            Role::FirstOf(_) | Role::AbandonedR1 | Role::AbortedR1 | Role::AbortedR2 => round_one(file),
        })
        .collect();
    let rounds: Vec<TimelineRound<'_>> =
        files.iter().zip(&roles).zip(&stats).map(|((file, role), stats)| round(file, *role, stats)).collect();
    let config = TimelineConfig { day_start: None, ..TimelineConfig::default() };
    let timeline = timeline(&rounds, &config, &[]);
    drop(rounds);
    Some(Evenings { roles, stats, timeline, expected: corpus.expected_json("answers.json"), files })
}

fn rounds<'a>(files: &'a [StatsFile], roles: &[Role], stats: &[RoundStats]) -> Vec<TimelineRound<'a>> {
    files.iter().zip(roles).zip(stats).map(|((file, role), stats)| round(file, *role, stats)).collect()
}

fn round<'a>(file: &'a StatsFile, role: Role, stats: &RoundStats) -> TimelineRound<'a> {
    let entry = |p: &PlayerRound| RosterEntry { guid: p.guid, side: p.side(), is_bot: p.is_bot };
    TimelineRound {
        ended_at: seconds(file.name.stamp),
        day: 0,
        stamp: file.name.stamp,
        map: &file.name.map,
        round: file.name.round,
        role,
        defender: file.header.defender,
        winner: file.header.winner,
        roster: stats.players.iter().map(entry).collect(),
        verdict: None,
        is_contradictory: false,
    }
}

impl Evenings {
    /// The rounds as the timeline got them.
    pub(crate) fn rounds(&self) -> Vec<TimelineRound<'_>> {
        rounds(&self.files, &self.roles, &self.stats)
    }

    /// The name of a session in the expected values: stamp, map and number of its first round.
    pub(crate) fn key(&self, session: usize) -> String {
        let name = &self.files[self.timeline.sessions[session].first].name;
        format!("{}-{}-{}", name.stamp, name.map, name.round.number())
    }

    /// The sums of everybody over the valid rounds that are asked for.
    pub(crate) fn sums(&self, wanted: impl Fn(usize) -> bool) -> BTreeMap<Guid, Totals> {
        let rounds = (0..self.files.len()).filter(|round| self.timeline.rounds[*round].is_valid && wanted(*round));
        player_totals(rounds.map(|round| self.stats[round].players.as_slice()))
    }
}

/// Seconds of a calendar without time zones: the corpus has no round in a night when clocks change.
pub(crate) fn seconds(stamp: Stamp) -> i64 {
    // Days from civil, by H. Hinnant: March is the first month.
    let (year, month) = (i64::from(stamp.year), i64::from(stamp.month));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + i64::from(stamp.day) - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    days * 86_400 + i64::from(stamp.hour) * 3600 + i64::from(stamp.minute) * 60 + i64::from(stamp.second)
}
