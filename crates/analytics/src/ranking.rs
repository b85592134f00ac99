//! Places on a board. Pure: the same sums in any order give the same places.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use fullhold_stats_file::Guid;

use crate::boards::{BOARDS, Board, Gate, Order, Value};
use crate::totals::Totals;

/// A listed player. Places are counted from 1 and never shared: the order is total.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked<'a> {
    /// Place, from 1.
    pub place: usize,
    /// The player.
    pub guid: Guid,
    /// What is ranked; `None` when no round of his carries it. Then he stands where 0 would, and "–" is shown.
    pub value: Option<f64>,
    /// His sums, for the second line.
    pub totals: &'a Totals,
}

/// What a player lacks to be listed.
#[derive(Clone, Copy, Debug)]
pub struct Missing {
    /// The gate.
    pub gate: &'static Gate,
    /// What he has.
    pub has: i64,
    /// How much more he needs, at least 1.
    pub to_go: i64,
}

/// Where who asks stands.
#[derive(Clone, Debug)]
pub enum Place<'a> {
    /// He is listed.
    Listed(Ranked<'a>),
    /// He is not listed for these reasons, in the order of the gates.
    Below(Vec<Missing>),
    /// He played, but nobody gave a value of him, such as a rating.
    Unknown,
    /// He did not play in what was asked for.
    Absent,
}

/// There is no such board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownBoard {
    /// What was asked for.
    pub word: String,
    /// Boards with a similar name or synonym, the likeliest first; at most three.
    pub suggestions: Vec<&'static str>,
}

/// How much a word may look like a name to be suggested: 1 is the same.
const LIKENESS: f64 = 0.6;
const SUGGESTIONS: usize = 3;

/// The board of this name or synonym, in any case.
///
/// # Errors
/// [`UnknownBoard`] with similar names: a typing error never shows another board.
pub fn board(word: &str) -> Result<&'static Board, UnknownBoard> {
    let wanted = word.trim().to_lowercase();
    let names = |board: &'static Board| std::iter::once(board.id).chain(board.synonyms.iter().copied());
    if let Some(found) = BOARDS.iter().find(|board| names(board).any(|name| name == wanted)) {
        return Ok(found);
    }
    let likeness = |board: &'static Board| {
        names(board).map(|name| strsim::normalized_damerau_levenshtein(name, &wanted)).fold(0.0, f64::max)
    };
    let mut similar: Vec<(f64, &'static str)> = BOARDS.iter().map(|board| (likeness(board), board.id)).collect();
    similar.retain(|(likeness, _)| *likeness >= LIKENESS);
    similar.sort_by(|a, b| b.0.total_cmp(&a.0));
    let suggestions = similar.into_iter().take(SUGGESTIONS).map(|(_, id)| id).collect();
    Err(UnknownBoard { word: word.to_owned(), suggestions })
}

/// All who are listed, best first: by value, then more rounds, then guid. `given` has the values of a board that is
/// not computed of sums.
#[must_use]
pub fn rank<'a>(board: &Board, sums: &'a BTreeMap<Guid, Totals>, given: &BTreeMap<Guid, f64>) -> Vec<Ranked<'a>> {
    let mut listed: Vec<Ranked<'_>> = sums
        .iter()
        .filter(|(_, totals)| missing(board, totals).is_empty())
        .filter_map(|(guid, totals)| {
            let value = match board.value {
                Value::Of(formula) => formula.of(totals),
                Value::Given(_) => Some(given.get(guid).copied().filter(|value| value.is_finite())?),
            };
            Some(Ranked { place: 0, guid: *guid, value, totals })
        })
        .collect();
    listed.sort_by(|a, b| compare(board.order, a, b));
    for (index, ranked) in listed.iter_mut().enumerate() {
        ranked.place = index + 1;
    }
    listed
}

/// Where a player stands: his place, however far down, or what he lacks.
#[must_use]
pub fn place<'a>(board: &Board, ranking: &[Ranked<'a>], sums: &BTreeMap<Guid, Totals>, guid: Guid) -> Place<'a> {
    if let Some(ranked) = ranking.iter().find(|ranked| ranked.guid == guid) {
        return Place::Listed(*ranked);
    }
    let Some(totals) = sums.get(&guid) else { return Place::Absent };
    let missing = missing(board, totals);
    if missing.is_empty() { Place::Unknown } else { Place::Below(missing) }
}

#[expect(clippy::cast_possible_truncation, reason = "gates ask for counts, which are whole and far below 2^53")]
fn missing(board: &Board, totals: &Totals) -> Vec<Missing> {
    let lacks = |gate: &'static Gate| {
        let has = gate.of.of(totals).unwrap_or(0.0) as i64;
        (has <= gate.more_than).then(|| Missing { gate, has, to_go: gate.more_than + 1 - has })
    };
    board.gates.iter().filter_map(lacks).collect()
}

fn compare(order: Order, a: &Ranked<'_>, b: &Ranked<'_>) -> Ordering {
    let value = |ranked: &Ranked<'_>| ranked.value.unwrap_or(0.0);
    let by_value = match order {
        Order::HighestFirst => value(b).total_cmp(&value(a)),
        Order::LowestFirst => value(a).total_cmp(&value(b)),
    };
    by_value.then(b.totals.rounds.cmp(&a.totals.rounds)).then(a.guid.cmp(&b.guid))
}
