//! The hour that exists twice. When a clock is set back, stamps of that hour have two meanings and
//! the file does not say which; the rounds around it do.

use fullhold_differential::RoundRef;
use fullhold_stats_file::RoundNumber;

use crate::zone::Instants;

/// More ambiguous rounds than this are left at their earlier meaning: nobody plays so many in two
/// hours, and all combinations are tried.
const MOST: usize = 14;

/// Rounds farther than so many seconds from the doubled hour do not help to read it.
pub(crate) const NEAR: i64 = 2 * 3600;
/// Clocks are set back by no more seconds than these.
pub(crate) const LONGEST_SHIFT: i64 = 3600;

/// Cost of a round 2 that does not follow its round 1, in the unit of squared seconds; more than
/// any gap within an evening costs.
const UNPAIRED: i64 = 1 << 40;
/// Cost of a round that would have begun before the one before it ended.
const OVERLAP: i64 = 1 << 38;

/// Sets `ended_at` of ambiguous rounds to the combination of meanings that tells the most likely
/// story: rounds 2 follow their rounds 1, rounds do not overlap, pauses are short. Depends only on
/// the set of rounds; equal stories are decided for the earlier meanings.
pub(crate) fn resolve(rounds: &mut [RoundRef<'_>], instants: &[Instants]) {
    let mut ambiguous: Vec<(usize, i64)> =
        instants.iter().enumerate().filter_map(|(i, at)| at.late.map(|late| (i, late))).collect();
    ambiguous.sort_by(|(a, _), (b, _)| {
        let key = |i: &usize| rounds.get(*i).map(|r| (r.ended_at, r.map, r.round));
        key(a).cmp(&key(b))
    });
    // Each night by itself: a batch may hold several.
    let early: Vec<i64> = instants.iter().map(|at| at.early).collect();
    let early = |index: usize| early.get(index).copied().unwrap_or_default();
    for night in ambiguous.chunk_by(|(a, _), (b, _)| early(*b) - early(*a) <= NEAR) {
        resolve_night(rounds, instants, night);
    }
}

fn resolve_night(rounds: &mut [RoundRef<'_>], instants: &[Instants], ambiguous: &[(usize, i64)]) {
    if ambiguous.len() > MOST {
        return;
    }
    // Only rounds near the hour matter; the rest costs the same in every combination.
    let first = ambiguous.iter().filter_map(|(index, _)| instants.get(*index)).map(|at| at.early).min();
    let (Some(first), Some(last)) = (first, ambiguous.iter().map(|(_, late)| *late).max()) else { return };
    let near = |at: i64| (first - NEAR..=last + NEAR).contains(&at);
    let fixed: Vec<usize> = instants
        .iter()
        .enumerate()
        .filter(|(_, at)| at.late.is_none() && near(at.early))
        .map(|(index, _)| index)
        .collect();
    let best = (0_u32..1 << ambiguous.len()).min_by_key(|choice| {
        let chosen = ambiguous.iter().enumerate().map(|(bit, (index, late))| {
            let early = instants.get(*index).map_or(0, |at| at.early);
            (if choice >> bit & 1 == 1 { *late } else { early }, *index)
        });
        let known = fixed.iter().map(|index| (instants.get(*index).map_or(0, |at| at.early), *index));
        let mut story: Vec<(i64, usize)> = chosen.chain(known).collect();
        story.sort_unstable();
        (cost(rounds, &story), *choice)
    });
    for (bit, (index, late)) in ambiguous.iter().enumerate() {
        if let Some(round) = rounds.get_mut(*index).filter(|_| best.unwrap_or(0) >> bit & 1 == 1) {
            round.ended_at = *late;
        }
    }
}

fn cost(rounds: &[RoundRef<'_>], story: &[(i64, usize)]) -> i64 {
    let mut cost = 0_i64;
    let mut before: Option<(i64, &RoundRef<'_>)> = None;
    for (at, index) in story {
        let Some(round) = rounds.get(*index) else { continue };
        let gap = before.map_or(0, |(earlier, _)| at - earlier);
        cost += gap.min(NEAR).pow(2);
        if before.is_some() && gap < i64::from(round.at_least.0) {
            cost += OVERLAP;
        }
        let follows = before.is_some_and(|(_, r1)| {
            r1.map == round.map && r1.round == RoundNumber::One && r1.next_time_limit == round.time_limit
        });
        if round.round == RoundNumber::Two && !follows {
            cost += UNPAIRED;
        }
        before = Some((*at, round));
    }
    cost
}
