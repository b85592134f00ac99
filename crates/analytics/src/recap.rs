//! The recap of an evening: which facts are said of it. Texts are the catalogue's; nothing here is invented, and
//! nothing is said that is true of every evening.

use std::collections::BTreeMap;

use fullhold_stats_file::{Guid, Seconds};

use crate::et_rating::count;
use crate::form::form;
use crate::series::{MatchTeams, Series, series_of};
use crate::totals::Totals;

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
    /// The first win against these opponents. Strength: series lost before.
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

/// A decided match of an evening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayedMatch {
    /// Its position in the evening.
    pub index: usize,
    /// Who stood where, and the points.
    pub teams: MatchTeams,
    /// Both teams held.
    pub is_double_hold: bool,
    /// The seconds that both attacks took, where both reached the objective.
    pub attacks: Option<[Seconds; 2]>,
}

/// An evening as recaps look at it.
#[derive(Clone, Debug, Default)]
pub struct PlayedEvening {
    /// Its decided matches in order.
    pub matches: Vec<PlayedMatch>,
    /// Everybody's sums.
    pub sums: BTreeMap<Guid, Totals>,
    /// Players who reached badges in it, each with the highest tier.
    pub milestones: BTreeMap<Guid, usize>,
    /// Players who had not played here before.
    pub debuts: Vec<Guid>,
    /// Players who set records in it.
    pub records: Vec<Guid>,
}

/// The facts that follow from the matches of an evening and their series: comebacks, the closest map, double holds.
#[must_use]
pub fn match_facts(matches: &[PlayedMatch], series: &[Series]) -> Vec<Fact> {
    let mut facts: Vec<Fact> =
        series.iter().enumerate().filter_map(|(index, one)| comeback(index, one, matches)).collect();
    let apart = |times: [Seconds; 2]| times[0].0.abs_diff(times[1].0);
    let close = matches.iter().filter_map(|one| Some((apart(one.attacks?), one.index)));
    if let Some((seconds, index)) = close.min() {
        let strength = -f64::from(seconds);
        facts.push(Fact { kind: FactKind::ClosestMap, strength, subject: Subject::Match(index) });
    }
    let held: Vec<usize> = matches.iter().filter(|one| one.is_double_hold).map(|one| one.index).collect();
    if let Some(first) = held.first() {
        facts.push(Fact { kind: FactKind::DoubleHold, strength: count(held.len()), subject: Subject::Match(*first) });
    }
    facts
}

/// Which team of a series won it; `None` for a draw.
fn winner(series: &Series) -> Option<bool> {
    match series.points_a.cmp(&series.points_b) {
        std::cmp::Ordering::Equal => None,
        order => Some(order.is_gt()),
    }
}

fn comeback(index: usize, series: &Series, matches: &[PlayedMatch]) -> Option<Fact> {
    let is_a = winner(series)?;
    let (mut won, mut lost, mut behind) = (0_usize, 0_usize, 0);
    for one in matches.iter().filter(|one| series.matches.contains(&one.index)) {
        let (a, b) = (one.teams.points_a, one.teams.points_b);
        won += if is_a { a } else { b };
        lost += if is_a { b } else { a };
        behind = behind.max(lost.saturating_sub(won));
    }
    let subject = Subject::Team { series: index, is_a };
    (behind >= DEFICIT).then(|| Fact { kind: FactKind::Comeback, strength: count(behind), subject })
}

/// All facts of an evening. `before` are the evenings before it, oldest first, as far as they are known.
#[must_use]
pub fn evening_facts(evening: &PlayedEvening, before: &[PlayedEvening]) -> Vec<Fact> {
    let series = series_in(evening);
    let mut facts = match_facts(&evening.matches, &series);
    let past: Vec<Series> = before.iter().flat_map(series_in).collect();
    facts.extend(series.iter().enumerate().filter_map(|(index, one)| first_win(index, one, &past)));
    let player = |kind, strength, guid: &Guid| Fact { kind, strength, subject: Subject::Player(*guid) };
    facts.extend(evening.records.iter().map(|guid| player(FactKind::Record, 1.0, guid)));
    facts.extend(evening.debuts.iter().map(|guid| player(FactKind::Debut, 1.0, guid)));
    facts.extend(evening.milestones.iter().map(|(guid, tier)| player(FactKind::Milestone, count(*tier), guid)));
    let form_of = |(guid, now): (&Guid, &Totals)| {
        let previous: Vec<Totals> = before.iter().rev().filter_map(|one| one.sums.get(guid)).copied().collect();
        Some((*guid, form(now, &previous)?))
    };
    facts.extend(form_fact(&evening.sums.iter().filter_map(form_of).collect()));
    facts
}

fn series_in(evening: &PlayedEvening) -> Vec<Series> {
    series_of(&evening.matches.iter().map(|one| (one.index, one.teams.clone())).collect::<Vec<_>>())
}

/// The winners had met these opponents before, and never won.
fn first_win(index: usize, series: &Series, past: &[Series]) -> Option<Fact> {
    let is_a = winner(series)?;
    let sides = |one: &Series, is_a: bool| {
        if is_a { (one.team_a.clone(), one.team_b.clone()) } else { (one.team_b.clone(), one.team_a.clone()) }
    };
    let (winners, losers) = sides(series, is_a);
    let mut lost = 0;
    for one in past {
        for as_a in [true, false] {
            let (own, theirs) = sides(one, as_a);
            if same_team(&own, &winners) && same_team(&theirs, &losers) {
                match winner(one) {
                    Some(won) if won == as_a => return None,
                    Some(_) => lost += 1,
                    None => {}
                }
            }
        }
    }
    let subject = Subject::Team { series: index, is_a };
    (lost > 0).then(|| Fact { kind: FactKind::FirstWin, strength: count(lost), subject })
}

/// Two rosters share at least half of the smaller one: as series have it.
fn same_team(a: &[Guid], b: &[Guid]) -> bool {
    let least = a.len().min(b.len());
    least > 0 && a.iter().filter(|guid| b.contains(guid)).count() * 2 >= least
}

/// The recap of the last of these evenings, oldest first, against those before it.
#[must_use]
pub fn recap_of_last(evenings: &[PlayedEvening]) -> Vec<Fact> {
    let Some((last, before)) = evenings.split_last() else { return Vec::new() };
    let mut past: BTreeMap<FactKind, Vec<f64>> = BTreeMap::new();
    for (index, evening) in before.iter().enumerate() {
        let mut strongest: BTreeMap<FactKind, f64> = BTreeMap::new();
        for fact in evening_facts(evening, before.get(..index).unwrap_or_default()) {
            let strength = strongest.entry(fact.kind).or_insert(fact.strength);
            *strength = fact.strength.max(*strength);
        }
        for (kind, strength) in strongest {
            past.entry(kind).or_default().push(strength);
        }
    }
    recap(&evening_facts(last, before), &past, before.len())
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
