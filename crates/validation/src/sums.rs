//! Rules over a whole round: what was read is what is stored, and the numbers balance.

use fullhold_differential::{Role, RoundStats};
use fullhold_stats_file::{Field, StatsFile, WEAPON_COUNT, Weapon};

use crate::finding::Findings;

pub(crate) fn check(file: &StatsFile, stats: &RoundStats, role: Role, findings: &mut Findings) {
    let (lines, stored) = (file.players.len(), stats.players.len());
    // Only an R2 leaves players out: those whose line is R1's, carried over.
    let complete = if matches!(role, Role::SecondOf(_)) { stored <= lines } else { stored == lines };
    findings.require(complete, "player_count", None, || (lines.to_string(), stored.to_string()));
    if !matches!(role, Role::SecondOf(_)) {
        let written: i64 = file.players.iter().map(|p| i64::from(p.weapon_sum(|w| w.kills))).sum();
        let kept: i64 = stats.players.iter().map(|p| i64::from(p.counters.kills())).sum();
        findings.require(written == kept, "total_kills", None, || (written.to_string(), kept.to_string()));
        let used = |w: &fullhold_stats_file::WeaponCounts| usize::from(!w.is_zero());
        let written: usize = file.players.iter().map(|p| p.weapons.iter().map(used).sum::<usize>()).sum();
        let kept: usize = stats.players.iter().map(|p| p.counters.used_weapons().count()).sum();
        // A weapon of which only a taken-back shot was left is gone.
        findings.require(kept <= written, "weapon_count", None, || (written.to_string(), kept.to_string()));
    }
    balance(stats, findings);
}

fn balance(stats: &RoundStats, findings: &mut Findings) {
    let mut kills = [0_i64; WEAPON_COUNT];
    let mut deaths = [0_i64; WEAPON_COUNT];
    let (mut given, mut received, mut team_given, mut team_received) = (0_i64, 0_i64, 0_i64, 0_i64);
    let (mut revives, mut revived) = (0_i64, 0_i64);
    let mut revives_known = !stats.players.is_empty();
    for player in &stats.players {
        let counters = &player.counters;
        for ((w, k), d) in counters.weapons.iter().zip(&mut kills).zip(&mut deaths) {
            *k += i64::from(w.kills);
            *d += i64::from(w.deaths);
        }
        let count = |field| i64::from(counters.count(field));
        given += count(Field::DamageGiven);
        received += count(Field::DamageReceived);
        team_given += count(Field::TeamDamageGiven);
        team_received += count(Field::TeamDamageReceived);
        revives += count(Field::RevivesGiven);
        revived += count(Field::TimesRevived);
        revives_known &= counters.get(Field::RevivesGiven).is_some();
    }
    let mut equal = |a: i64, b: i64, rule: &'static str| {
        findings.require(a == b, rule, None, || (a.to_string(), b.to_string()));
    };
    equal(given, received, "damage_balance");
    equal(team_given, team_received, "team_damage_balance");
    equal(kills.iter().sum(), deaths.iter().sum(), "total_deaths");
    if revives_known {
        equal(revived, revives, "revives_balance");
    }
    // One finding for all of them: where a line is missing, most weapons are out of balance.
    findings.require(kills == deaths, "weapon_balance", None, || {
        let unequal = || Weapon::ALL.into_iter().zip(kills).zip(deaths).filter(|((_, k), d)| k != d);
        let list = |number: fn(i64, i64) -> i64| {
            let each: Vec<String> =
                unequal().map(|((weapon, k), d)| format!("{} {}", weapon.name(), number(k, d))).collect();
            each.join(", ")
        };
        (format!("as many deaths as kills: {}", list(|k, _| k)), format!("deaths: {}", list(|_, d| d)))
    });
}
