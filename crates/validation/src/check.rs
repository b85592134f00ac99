//! The checks before the insert, in one call.

use fullhold_differential::{Role, RoundStats, WarningKind};
use fullhold_stats_file::{Era, StatsFile};

use crate::finding::{Finding, Findings};
use crate::{lines, plausibility, sums};

/// Checks a round: its file, and the numbers that are to be stored.
#[must_use]
pub fn check_round(file: &StatsFile, stats: &RoundStats, role: Role) -> Vec<Finding> {
    let mut findings = Findings::default();
    rejected(file, &mut findings);
    for line in &file.players {
        lines::check(line, &mut findings);
    }
    sums::check(file, stats, role, &mut findings);
    // The cumulative numbers of an orphan are not those of the round: rates mean nothing.
    if role != Role::OrphanR2 {
        for player in &stats.players {
            plausibility::check(player, stats.duration.map(|d| d.seconds), &mut findings);
        }
    }
    warnings(stats, &mut findings);
    findings.0
}

fn rejected(file: &StatsFile, findings: &mut Findings) {
    for line in &file.rejected {
        let found = || (line.problem.to_string(), format!("line {}, column {}", line.line, line.column));
        findings.require(false, "rejected_line", None, found);
    }
    for line in file.players.iter().filter(|line| line.era == Era::Prefix28) {
        let guid = Some(line.identity());
        findings.require(false, "unknown_layout", guid, || {
            ("33, 36, 37 or 38 TAB fields".to_owned(), format!("another number in line {}", line.line))
        });
    }
}

fn warnings(stats: &RoundStats, findings: &mut Findings) {
    for warning in &stats.warnings {
        let (rule, expected, found) = match warning.kind {
            WarningKind::TimeLooksReset { raw, duration } => {
                ("time_looks_reset", format!("more than {} s", duration.0), format!("{} s", raw.0))
            }
            WarningKind::JoinedWithUnseenCounters { raw, duration } => {
                ("joined_with_counters", format!("at most {} s", duration.0), format!("{} s", raw.0))
            }
            WarningKind::NoTimeButAction => ("no_time", "more than 0 s".to_owned(), "0 s".to_owned()),
        };
        findings.require(false, rule, Some(warning.guid), || (expected, found));
    }
}
