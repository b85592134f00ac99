//! The days of a server: where a session ends though people play on, and how far one file can have
//! an effect because of that.
//!
//! A match belongs to the day of its R1. So the rounds of a day are those that ended in it, without
//! the R2 of matches begun the day before, and with those that ended after it of its own matches.
//! Which these are is found from the rounds around the beginning of a day alone, and within a day
//! nothing is asked about another: whatever the history, a file changes its own day, and the one
//! beside it when it ended within the pairing window of the day's beginning.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use fullhold_analytics::DayStart;
use fullhold_differential::{Continues, Role, RoundRef, pair};
use fullhold_stats_file::{RoundNumber, Seconds, Stamp};

use crate::ambiguous_time;
use crate::batch::Config;
use crate::zone::Zone;

/// Instants, both included, seconds since 1970 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: i64,
    pub(crate) to: i64,
}

/// Days that are computed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// Their numbers.
    pub(crate) days: RangeInclusive<i64>,
    /// Rounds that have a say in them ended in this span.
    pub(crate) read: Span,
    /// Where something is new, in order; each is more than the reach from the next.
    pub(crate) seeds: Vec<Span>,
}

/// The rules about days and distances of one server.
#[derive(Clone)]
pub struct Days {
    zone: Zone,
    start: Option<DayStart>,
    window: Seconds,
    /// Rounds farther apart than this have nothing to do with each other, if nobody played between.
    pub(crate) reach: i64,
}

impl Days {
    /// Of a server with this zone and these rules.
    pub fn new(zone: &Zone, config: &Config) -> Self {
        let longest = i64::from(config.match_window.0.max(config.timeline.session_gap.0)).max(ambiguous_time::NEAR);
        // A stamp of an hour that exists twice may move by the difference.
        let reach = longest + ambiguous_time::LONGEST_SHIFT;
        Self { zone: zone.clone(), start: config.timeline.day_start, window: config.match_window, reach }
    }

    /// The day that an instant lies in.
    pub(crate) fn day(&self, at: i64) -> i64 {
        self.start.map_or(0, |start| self.zone.day(at, start))
    }

    /// When a day begins. Where days end no session, there is only one.
    fn begin(&self, day: i64) -> i64 {
        match self.start {
            Some(_) if day == i64::MIN => i64::MIN,
            Some(_) if day == i64::MAX => i64::MAX,
            Some(start) => self.zone.day_begin(day, start),
            None if day > 0 => i64::MAX,
            None => i64::MIN,
        }
    }

    /// The instants at which something may change because of a file: its own, and those of the
    /// hour that exists twice, if it has a say in how that is read.
    pub(crate) fn span(&self, stamp: Stamp) -> Span {
        let at = self.zone.instants(stamp);
        let own = Span { from: at.early, to: at.late.unwrap_or(at.early) };
        self.with_folds(own, |span, fold| Span { from: span.from.min(fold.from), to: span.to.max(fold.to) })
    }

    /// The span together with each doubled hour near it.
    fn with_folds(&self, span: Span, join: impl Fn(Span, Span) -> Span) -> Span {
        let near = ambiguous_time::NEAR + 1;
        let wide = Span { from: span.from.saturating_sub(near), to: span.to.saturating_add(near) };
        self.zone.folds(wide).into_iter().fold(span, join)
    }

    /// The days that change when something changes in a span.
    pub(crate) fn touched(&self, span: Span) -> RangeInclusive<i64> {
        let window = i64::from(self.window.0);
        self.day(span.from - window)..=self.day(span.to + window)
    }

    /// The days that change with these spans, with what must be read for them.
    pub(crate) fn groups(&self, mut spans: Vec<Span>) -> Vec<Group> {
        spans.sort_unstable_by_key(|span| (span.from, span.to));
        let mut groups: Vec<Group> = Vec::new();
        for span in spans {
            let (first, last) = self.touched(span).into_inner();
            match groups.last_mut().filter(|group| first <= group.days.end().saturating_add(1)) {
                Some(group) => {
                    group.days = *group.days.start()..=last.max(*group.days.end());
                    match group.seeds.last_mut().filter(|seed| span.from - seed.to <= self.reach) {
                        Some(seed) => seed.to = seed.to.max(span.to),
                        None => group.seeds.push(span),
                    }
                }
                None => groups.push(Group { days: first..=last, read: span, seeds: vec![span] }),
            }
        }
        for group in &mut groups {
            group.read = self.read(&group.days);
        }
        groups
    }

    /// Where the rounds ended that have a say in these days.
    pub(crate) fn read(&self, days: &RangeInclusive<i64>) -> Span {
        let window = i64::from(self.window.0);
        let from = self.begin(*days.start()).saturating_sub(window);
        let to = self.begin(days.end().saturating_add(1)).saturating_add(window);
        Span { from: self.edge(from).from, to: self.edge(to).to }
    }

    /// An instant, or the whole of a doubled hour near it with all that helps to read it.
    fn edge(&self, at: i64) -> Span {
        let edge = Span { from: at, to: at };
        if at == i64::MIN || at == i64::MAX {
            return edge;
        }
        self.with_folds(edge, |span, fold| Span {
            from: span.from.min(fold.from - ambiguous_time::NEAR),
            to: span.to.max(fold.to + ambiguous_time::NEAR),
        })
    }

    /// By round: the day of its match.
    pub(crate) fn assign(&self, rounds: &[RoundRef<'_>]) -> Vec<i64> {
        let mut days: Vec<i64> = rounds.iter().map(|round| self.day(round.ended_at)).collect();
        let mut present = days.clone();
        present.sort_unstable();
        present.dedup();
        if self.start.is_some() {
            for day in present {
                for index in self.of_the_day_before(day, rounds) {
                    if let Some(slot) = days.get_mut(index) {
                        *slot = day - 1;
                    }
                }
            }
        }
        days
    }

    /// Rounds that ended in this day and go on with a match of the day before.
    fn of_the_day_before(&self, day: i64, rounds: &[RoundRef<'_>]) -> Vec<usize> {
        let (begin, window) = (self.begin(day), i64::from(self.window.0));
        let near: Vec<(usize, &RoundRef<'_>)> =
            rounds.iter().enumerate().filter(|(_, round)| (round.ended_at - begin).abs() <= window).collect();
        let before = |round: &RoundRef<'_>| round.ended_at < begin;
        if !near.iter().any(|(_, round)| before(round)) || near.iter().all(|(_, round)| before(round)) {
            return Vec::new();
        }
        let indices: Vec<usize> = near.iter().map(|(index, _)| *index).collect();
        let local = renumbered(near.iter().map(|(_, round)| (*round).clone()).collect(), &indices);
        let roles = pair(&local, self.window);
        let goes_on = |at: usize| {
            let round = local.get(at).filter(|round| !before(round))?;
            let first = match roles.get(at)? {
                Role::SecondOf(first) => local.get(*first),
                Role::AbortedR2 => interrupted(&local, &roles, round),
                _ => None,
            };
            first.filter(|first| before(first))
        };
        near.iter().enumerate().filter(|(at, _)| goes_on(*at).is_some()).map(|(_, (index, _))| *index).collect()
    }
}

/// The R1 that an aborted R2 went on from: the last of its map that waited for an R2 then.
fn interrupted<'a, 'b>(rounds: &'a [RoundRef<'b>], roles: &[Role], aborted: &RoundRef<'_>) -> Option<&'a RoundRef<'b>> {
    let order = |round: &RoundRef<'_>| (round.ended_at, round.round);
    rounds
        .iter()
        .zip(roles)
        .filter(|(round, role)| {
            let waits = match role {
                Role::AbandonedR1 => true,
                Role::FirstOf(second) => rounds.get(*second).is_some_and(|r2| order(r2) > order(aborted)),
                _ => false,
            };
            waits && round.map == aborted.map && round.round == RoundNumber::One && order(round) < order(aborted)
        })
        .map(|(round, _)| round)
        .max_by_key(|round| round.ended_at)
}

/// Pairs the rounds of each day by themselves.
pub(crate) fn roles(rounds: Vec<RoundRef<'_>>, days: &[i64], window: Seconds) -> Vec<Role> {
    let mut roles = vec![Role::OrphanR2; rounds.len()];
    let mut by_day: BTreeMap<i64, (Vec<usize>, Vec<RoundRef<'_>>)> = BTreeMap::new();
    for (index, (round, day)) in rounds.into_iter().zip(days).enumerate() {
        let (indices, rounds) = by_day.entry(*day).or_default();
        indices.push(index);
        rounds.push(round);
    }
    for (indices, rounds) in by_day.into_values() {
        let at: HashMap<usize, usize> = indices.iter().copied().enumerate().collect();
        let outside = |local: usize| at.get(&local).copied().unwrap_or_default();
        let rounds = renumbered(rounds, &indices);
        for (local, role) in pair(&rounds, window).into_iter().enumerate() {
            if let Some(slot) = roles.get_mut(outside(local)) {
                *slot = match role {
                    Role::FirstOf(second) => Role::FirstOf(outside(second)),
                    Role::SecondOf(first) => Role::SecondOf(outside(first)),
                    other => other,
                };
            }
        }
    }
    roles
}

/// Some of the rounds, whose positions among all were these: an R1 that another round names is found
/// at its new position, and not at all if it is not among them.
fn renumbered<'a>(mut rounds: Vec<RoundRef<'a>>, indices: &[usize]) -> Vec<RoundRef<'a>> {
    for round in &mut rounds {
        if let Continues::Round(first) = round.continues {
            let position = indices.iter().position(|index| *index == first);
            round.continues = position.map_or(Continues::NoRound, Continues::Round);
        }
    }
    rounds
}
