//! What the constraints of the database would refuse, said beforehand and in words.

use fullhold_differential::{PlayerRound, RoundStats};
use fullhold_stats_file::{FIELDS, Unit, Weapon};

use crate::finding::{Finding, Findings};

/// Checks that every number can be stored.
///
/// # Errors
/// The first number that cannot: a counter below zero, or more bullet hits than shots.
pub fn check_storable(stats: &RoundStats) -> Result<(), Box<Finding>> {
    let mut findings = Findings::default();
    for player in &stats.players {
        check(player, &mut findings);
        if !findings.0.is_empty() {
            let mut first = findings.0.swap_remove(0);
            first.message = format!(
                "player {} ({}): {}; expected {}, found {}",
                player.guid, player.clean_name, first.message, first.expected, first.found
            );
            return Err(Box::new(first));
        }
    }
    Ok(())
}

fn check(player: &PlayerRound, findings: &mut Findings) {
    let guid = Some(player.guid);
    for spec in &FIELDS {
        let value = player.counters.get(spec.field).unwrap_or(0);
        // Recomputed by us, or a score that may fall below zero.
        let free = spec.unit == Unit::Points || spec.semantics == fullhold_stats_file::Semantics::Derived;
        findings
            .require(free || value >= 0, "negative", guid, || (format!("{} 0 or more", spec.name), value.to_string()));
    }
    for (weapon, w) in Weapon::ALL.into_iter().zip(player.counters.weapons) {
        let lowest = w.hits.min(w.shots).min(w.kills).min(w.deaths).min(w.headshots);
        findings
            .require(lowest >= 0, "negative", guid, || (format!("{} 0 or more", weapon.name()), lowest.to_string()));
        findings.require(!weapon.is_aimed() || w.hits <= w.shots, "bullet_hits", guid, || {
            (format!("{}: at most {} hits", weapon.name(), w.shots), w.hits.to_string())
        });
    }
}
