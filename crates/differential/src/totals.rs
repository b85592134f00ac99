//! Match totals: the only place where the halves of a match are added.

use fullhold_stats_file::{FIELDS, Guid, Semantics, WeaponCounts};

use crate::{Counters, PlayerRound, RoundStats};

/// Each player's numbers over both rounds of a match, by identity.
pub type MatchTotals = Vec<(Guid, Counters)>;

/// Adds the two rounds of a match: sums, the greater one for the two sprees. Ratios are to be recomputed
/// from the result. Players appear in the order of R1, then those who joined in R2.
#[must_use]
pub fn totals(r1: &RoundStats, r2: &RoundStats) -> MatchTotals {
    let mut sums: MatchTotals = r1.players.iter().map(|p| (p.guid, p.counters.clone())).collect();
    for PlayerRound { guid, counters, .. } in &r2.players {
        match sums.iter_mut().find(|(known, _)| known == guid) {
            Some((_, sum)) => add(sum, counters),
            None => sums.push((*guid, counters.clone())),
        }
    }
    sums
}

fn add(sum: &mut Counters, more: &Counters) {
    for spec in &FIELDS {
        let value = match (sum.get(spec.field), more.get(spec.field), spec.semantics) {
            (Some(a), Some(b), Semantics::Cumulative | Semantics::PerRound) => Some(a.saturating_add(b)),
            (Some(a), Some(b), Semantics::Maximum) => Some(a.max(b)),
            (a, b, Semantics::Cumulative | Semantics::PerRound | Semantics::Maximum) => a.or(b),
            (_, _, Semantics::Derived) => None,
        };
        sum.set(spec.field, value);
    }
    for (a, b) in sum.weapons.iter_mut().zip(&more.weapons) {
        *a = WeaponCounts {
            hits: a.hits.saturating_add(b.hits),
            shots: a.shots.saturating_add(b.shots),
            kills: a.kills.saturating_add(b.kills),
            deaths: a.deaths.saturating_add(b.deaths),
            headshots: a.headshots.saturating_add(b.headshots),
        };
    }
    sum.played.0 = sum.played.0.saturating_add(more.played.0);
    sum.alive_ms = match (sum.alive_ms, more.alive_ms) {
        (Some(a), Some(b)) => Some(a.saturating_add(b)),
        _ => None,
    };
}
