//! Real rounds break no rule of severity Error, and the others only where that is known. Skips with a visible line
//! where the corpus is absent: it is not part of the repository.
#![expect(clippy::unwrap_used, clippy::print_stderr, clippy::indexing_slicing, reason = "test support")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use fullhold_differential::{Role, RoundRef, RoundStats, orphan, pair, round_one, subtract};
use fullhold_stats_file::{FileName, Seconds, Stamp, StatsFile, parse};
use fullhold_validation::{Finding, Severity, check_round, check_storable};

const FILES: usize = 195;
const PAIRS: usize = 88;
/// A rule broken this often or less is listed finding by finding.
const RARE: usize = 10;

/// All files in order of time, or `None` after a line that says so.
fn corpus(test: &str) -> Option<Vec<StatsFile>> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/gamestats"));
    if !root.is_dir() {
        eprintln!("SKIPPED {test}: no corpus at ../shared/corpus");
        return None;
    }
    let mut files: Vec<StatsFile> = fs::read_dir(root)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name: FileName = path.file_name().unwrap().to_str().unwrap().parse().unwrap();
            parse(&name, &fs::read(&path).unwrap()).unwrap()
        })
        .collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(files.len(), FILES);
    Some(files)
}

/// Seconds of a calendar without time zones: the corpus has no round in a night when clocks change.
fn naive_seconds(stamp: Stamp) -> i64 {
    // Days from civil, by H. Hinnant: March is the first month.
    let (year, month) = (i64::from(stamp.year), i64::from(stamp.month));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + i64::from(stamp.day) - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    days * 86_400 + i64::from(stamp.hour) * 3600 + i64::from(stamp.minute) * 60 + i64::from(stamp.second)
}

/// Each file with its role and its true numbers.
fn rounds(files: &[StatsFile]) -> Vec<(&StatsFile, Role, RoundStats)> {
    let refs: Vec<RoundRef<'_>> =
        files.iter().map(|file| RoundRef::new(file, naive_seconds(file.name.stamp))).collect();
    let roles = pair(&refs, Seconds(3600));
    let numbers = |(file, role): (&StatsFile, Role)| match role {
        Role::SecondOf(first) => subtract(&files[first], file).unwrap(),
        Role::OrphanR2 => orphan(file),
        Role::FirstOf(_) | Role::AbandonedR1 | Role::AbortedR1 | Role::AbortedR2 => round_one(file),
    };
    files.iter().zip(roles).map(|(file, role)| (file, role, numbers((file, role)))).collect()
}

#[test]
fn days_are_counted_as_the_calendar_does() {
    let days = |text: &str| naive_seconds(text.parse().unwrap());
    assert_eq!(days("1970-01-01-000000"), 0);
    assert_eq!(days("2000-03-01-000000"), 951_868_800);
    assert_eq!(days("2025-10-02-211808"), 1_759_439_888);
}

#[test]
fn real_rounds_break_no_rule_but_that_of_the_ratio() {
    let Some(files) = corpus("real_rounds_break_no_rule_but_that_of_the_ratio") else { return };
    let mut broken: BTreeMap<&str, Vec<(String, Finding)>> = BTreeMap::new();
    for (file, role, stats) in rounds(&files) {
        for finding in check_round(file, &stats, role) {
            assert_ne!(finding.severity, Severity::Error, "{}: {finding:?}", file.name);
            broken.entry(finding.rule).or_default().push((file.name.to_string(), finding));
        }
    }
    for (rule, findings) in &broken {
        eprintln!("{rule}: {} findings in {FILES} rounds", findings.len());
        for (name, finding) in findings.iter().filter(|_| findings.len() <= RARE) {
            let who = finding.guid.map(|guid| guid.to_string()).unwrap_or_default();
            eprintln!("    {name} {who}: expected {}, found {}", finding.expected, finding.found);
        }
    }
    // Kills without a weapon slot are in the file's ratio and not in ours. Nothing else is known to be broken.
    let counts: Vec<(&str, usize)> = broken.iter().map(|(rule, findings)| (*rule, findings.len())).collect();
    assert_eq!(counts, [("kd_ratio", 10)]);
}

#[test]
fn every_real_round_can_be_stored() {
    let Some(files) = corpus("every_real_round_can_be_stored") else { return };
    for (file, _, stats) in rounds(&files) {
        assert_eq!(check_storable(&stats), Ok(()), "{}", file.name);
    }
}

#[test]
fn real_second_rounds_balance_to_the_last_point() {
    let Some(files) = corpus("real_second_rounds_balance_to_the_last_point") else { return };
    let balances =
        ["damage_balance", "team_damage_balance", "total_deaths", "weapon_balance", "revives_balance", "bullet_hits"];
    let mut second_rounds = 0;
    for (file, role, stats) in rounds(&files) {
        if matches!(role, Role::SecondOf(_)) {
            second_rounds += 1;
            let findings = check_round(file, &stats, role);
            let unbalanced: Vec<&Finding> = findings.iter().filter(|f| balances.contains(&f.rule)).collect();
            assert!(unbalanced.is_empty(), "{}: {unbalanced:?}", file.name);
        }
    }
    assert_eq!(second_rounds, PAIRS);
}
