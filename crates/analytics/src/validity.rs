//! Which rounds count for statistics, and why the others do not.

use crate::timeline::{TimelineConfig, TimelineRound};
use crate::words::{Reason, RoundStatus, Verdict};

/// The reasons against a round; none means that it is valid. A person's word goes first, except
/// that the totals of an orphan cannot be made the numbers of a round.
pub(crate) fn reasons(round: &TimelineRound<'_>, status: RoundStatus, config: &TimelineConfig) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if status == RoundStatus::OrphanR2 {
        reasons.push(if round.is_contradictory { Reason::DifferentialError } else { Reason::OrphanR2 });
    }
    match round.verdict {
        Some(Verdict::Valid) => return reasons,
        Some(Verdict::Cancelled | Verdict::Ignore) => reasons.push(Reason::Override),
        None => match status {
            RoundStatus::Aborted => reasons.push(Reason::Aborted),
            RoundStatus::Cancelled => reasons.push(Reason::Cancelled),
            RoundStatus::Completed | RoundStatus::Substitution | RoundStatus::OrphanR2 => {}
        },
    }
    let bots = round.roster.iter().filter(|entry| entry.is_bot).count();
    if bots > 0 && bots * 2 > round.roster.len() {
        reasons.push(Reason::Bots);
    }
    if round.roster.is_empty() {
        reasons.push(Reason::NoPlayers);
    }
    if config.excluded_maps.iter().any(|map| map.eq_ignore_ascii_case(round.map)) {
        reasons.push(Reason::ExcludedMap);
    }
    reasons
}
