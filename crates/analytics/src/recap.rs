//! The recap of an evening: which facts are said of it. Texts are the catalogue's; nothing here is invented, and
//! nothing is said that is true of every evening.

use std::collections::BTreeMap;

use fullhold_stats_file::{Guid, Seconds};

use crate::et_rating::count;
use crate::series::Series;
use crate::timeline::MatchResult;

/// Sentences of a recap.
pub const RECAP_FACTS: usize = 3;
/// A fact that so large a share of past evenings had as strongly is not worth a sentence.
const COMMON: f64 = 0.25;
/// Points behind from which on winning is a comeback.
const DEFICIT: usize = 2;
/// Who is so far from his usual form of 100 stood out.
const FORM_GAIN: f64 = 30.0;

/// The kinds of facts; of equally rare ones the first is said first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactKind {
    /// A series was won from behind. Strength: points behind.
    Comeback,
    /// A record was set. Strength: 1.
    Record,
    /// The first win against these opponents. Strength: matches lost before.
    FirstWin,
    /// Two attacks were close. Strength: the fewer seconds between them, the greater (negative seconds).
    ClosestMap,
    /// Both teams held in one match. Strength: how many such matches.
    DoubleHold,
    /// Somebody reached a badge. Strength: its tier.
    Milestone,
    /// Somebody played here for the first time. Strength: 1.
    Debut,
    /// Somebody was far above his own form. Strength: his form.
    Form,
}

/// Whom or what a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A player.
    Player(Guid),
    /// A match, by its position in the evening.
    Match(usize),
    /// Team A or B of a series, by its position in the evening.
    Team {
        /// The series.
        series: usize,
        /// Team A, else team B.
        is_a: bool,
    },
}

/// A fact of an evening.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fact {
    /// What.
    pub kind: FactKind,
    /// How much of it, as its kind says: greater is stronger.
    pub strength: f64,
    /// Of whom.
    pub subject: Subject,
}

/// The facts that follow from the matches of an evening and their series: comebacks, the closest map, double holds.
/// `attacks` has the seconds that both attacks took, per match where both reached the objective.
#[must_use]
pub fn match_facts(matches: &[MatchResult], series: &[Series], attacks: &BTreeMap<usize, [Seconds; 2]>) -> Vec<Fact> {
    let mut facts: Vec<Fact> =
        series.iter().enumerate().filter_map(|(index, one)| comeback(index, one, matches)).collect();
    let apart = |times: &[Seconds; 2]| times[0].0.abs_diff(times[1].0);
    if let Some((index, times)) = attacks.iter().min_by_key(|(index, times)| (apart(times), **index)) {
        let strength = -f64::from(apart(times));
        facts.push(Fact { kind: FactKind::ClosestMap, strength, subject: Subject::Match(*index) });
    }
    let held = |one: &MatchResult| (one.points_r1_attackers, one.points_r2_attackers) == (Some(1), Some(1));
    let held: Vec<usize> = (0..matches.len()).filter(|index| matches.get(*index).is_some_and(held)).collect();
    if let Some(first) = held.first() {
        facts.push(Fact { kind: FactKind::DoubleHold, strength: count(held.len()), subject: Subject::Match(*first) });
    }
    facts
}

fn comeback(index: usize, series: &Series, matches: &[MatchResult]) -> Option<Fact> {
    let is_a = match series.points_a.cmp(&series.points_b) {
        std::cmp::Ordering::Equal => return None,
        order => order.is_gt(),
    };
    let (mut winner, mut loser, mut behind) = (0_usize, 0_usize, 0);
    for one in series.matches.iter().filter_map(|index| matches.get(*index)) {
        let (a, b) = (usize::from(one.points_a.unwrap_or(0)), usize::from(one.points_b.unwrap_or(0)));
        winner += if is_a { a } else { b };
        loser += if is_a { b } else { a };
        behind = behind.max(loser.saturating_sub(winner));
    }
    let subject = Subject::Team { series: index, is_a };
    (behind >= DEFICIT).then(|| Fact { kind: FactKind::Comeback, strength: count(behind), subject })
}

/// Who was furthest above his own form, if anybody was by 30 or more; ties go to the smaller guid.
#[must_use]
pub fn form_fact(forms: &BTreeMap<Guid, f64>) -> Option<Fact> {
    let (guid, form) = forms.iter().max_by(|(a_guid, a), (b_guid, b)| a.total_cmp(b).then(b_guid.cmp(a_guid)))?;
    let subject = Subject::Player(*guid);
    (*form >= 100.0 + FORM_GAIN).then_some(Fact { kind: FactKind::Form, strength: *form, subject })
}

/// The facts that are said, the most unusual first, at most three and one of a kind. `past` has, per kind, the greatest
/// strength of each past evening of the server that had it; `evenings` is how many evenings there were. Rare is what
/// few past evenings had as strongly; what a quarter of them had is not said.
#[must_use]
pub fn recap(facts: &[Fact], past: &BTreeMap<FactKind, Vec<f64>>, evenings: usize) -> Vec<Fact> {
    let share = |fact: &Fact| {
        let as_strong = past.get(&fact.kind).map_or(0, |past| past.iter().filter(|s| **s >= fact.strength).count());
        if evenings == 0 { 0.0 } else { count(as_strong) / count(evenings) }
    };
    let mut said: Vec<(f64, Fact)> = facts.iter().map(|fact| (share(fact), *fact)).collect();
    said.retain(|(share, _)| *share < COMMON);
    said.sort_by(|(a_share, a), (b_share, b)| {
        a_share.total_cmp(b_share).then(a.kind.cmp(&b.kind)).then(b.strength.total_cmp(&a.strength))
    });
    let mut chosen: Vec<Fact> = Vec::new();
    for (_, fact) in said {
        if chosen.len() < RECAP_FACTS && chosen.iter().all(|other| other.kind != fact.kind) {
            chosen.push(fact);
        }
    }
    chosen
}
