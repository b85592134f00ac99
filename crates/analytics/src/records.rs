//! Records: the best single round, match or evening per metric, and who held them before. Which rounds may set them
//! is decided by who calls: valid ones of complete matches.

use fullhold_stats_file::Guid;

use crate::formula::Formula;
use crate::formula_table::{
    ACCURACY, BEST_SPREE, CONSTRUCTIONS, DAMAGE, DENIED, DPM, DYNAMITES, GIBS, GRENADE_KILLS, HEAD_HIT_PERCENT,
    HEADSHOT_KILLS, HITS, HOURS, KILLS, MULTIKILLS, OBJECTIVES, REVIVES, SHOTS, USEFUL_KILLS,
};
use crate::totals::{RoundMark, Totals};

/// Seconds denied per minute above which the number is an error of the writer, not a feat.
const DENIED_PER_MINUTE: i64 = 45;

/// A kind of record: the highest value.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// What is measured.
    pub value: &'static Formula,
    /// So much of this, at least: a ratio of next to nothing is no feat.
    pub needs: Option<(&'static Formula, f64)>,
}

const fn record(value: &'static Formula) -> Record {
    Record { value, needs: None }
}

const fn with(value: &'static Formula, of: &'static Formula, at_least: f64) -> Record {
    Record { value, needs: Some((of, at_least)) }
}

/// All records.
pub static RECORDS: &[Record] = &[
    record(&KILLS),
    record(&DAMAGE),
    with(&DPM, &HOURS, 120.0),
    with(&ACCURACY, &SHOTS, 100.0),
    with(&HEAD_HIT_PERCENT, &HITS, 50.0),
    record(&HEADSHOT_KILLS),
    record(&BEST_SPREE),
    record(&MULTIKILLS),
    record(&REVIVES),
    record(&GIBS),
    record(&USEFUL_KILLS),
    record(&DENIED),
    record(&OBJECTIVES),
    record(&CONSTRUCTIONS),
    record(&DYNAMITES),
    record(&GRENADE_KILLS),
];

/// What a player did in a round, a match or an evening.
#[derive(Clone, Copy, Debug)]
pub struct Performance<'a> {
    /// The player.
    pub guid: Guid,
    /// His sums in it.
    pub totals: &'a Totals,
    /// The round, or the last one of the match or evening.
    pub at: RoundMark,
}

/// A record that was set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// By whom.
    pub guid: Guid,
    /// With what.
    pub value: f64,
    /// When.
    pub at: RoundMark,
}

/// Every time that a record was set, oldest first: the last is who holds it, the one before who held it before. Who
/// equals a record does not take it; in the same round it goes to the smaller guid. The order of the input is no
/// matter. Zero is no record.
#[must_use]
pub fn record_history(record: &Record, performances: &[Performance<'_>]) -> Vec<Held> {
    let stands = |totals: &Totals| {
        is_plausible(totals) && record.needs.is_none_or(|(of, least)| of.of(totals).is_some_and(|has| has >= least))
    };
    let mut values: Vec<Held> = performances
        .iter()
        .filter(|one| stands(one.totals))
        .filter_map(|one| Some(Held { guid: one.guid, value: record.value.of(one.totals)?, at: one.at }))
        .collect();
    values.sort_by(|a, b| a.at.cmp(&b.at).then(b.value.total_cmp(&a.value)).then(a.guid.cmp(&b.guid)));
    let mut best = 0.0;
    values.retain(|held| {
        let is_better = held.value > best;
        best = held.value.max(best);
        is_better
    });
    values
}

/// Who holds a record: the last of [`record_history`], without the others.
#[must_use]
pub fn record_holder(record: &Record, performances: &[Performance<'_>]) -> Option<Held> {
    let stands = |totals: &Totals| {
        is_plausible(totals) && record.needs.is_none_or(|(of, least)| of.of(totals).is_some_and(|has| has >= least))
    };
    let mut best: Option<Held> = None;
    for one in performances {
        let Some(value) = record.value.of(one.totals).filter(|value| *value > 0.0) else { continue };
        let is_better = best.is_none_or(|best| {
            let later = |a: &Held| (a.at, a.guid);
            value > best.value || (value >= best.value && (one.at, one.guid) < later(&best))
        });
        if is_better && stands(one.totals) {
            best = Some(Held { guid: one.guid, value, at: one.at });
        }
    }
    best
}

/// The best performances, best first, at most `most`: of equal ones the first.
#[must_use]
pub fn best_performances(record: &Record, performances: &[Performance<'_>], most: usize) -> Vec<Held> {
    let alone = |one: &Performance<'_>| record_history(record, std::slice::from_ref(one)).pop();
    let mut all: Vec<Held> = performances.iter().filter_map(alone).collect();
    all.sort_by_key(|held| (held.at, held.guid));
    // Stable, so that of equal values the first stays before.
    all.sort_by(|a, b| b.value.total_cmp(&a.value));
    all.truncate(most);
    all
}

fn is_plausible(totals: &Totals) -> bool {
    let denied = totals.denied_seconds.unwrap_or(0).saturating_mul(60);
    denied <= totals.seconds_beside_denied.saturating_mul(DENIED_PER_MINUTE)
}
