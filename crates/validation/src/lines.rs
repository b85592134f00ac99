//! Rules for a single line of the file, as written. All real lines pass them, with the exceptions
//! that the field's documentation names.

use fullhold_stats_file::{Era, Field, PlayerLine, Weapon, WeaponCounts};

use crate::finding::Findings;

const MULTIKILLS: [(Field, i32); 5] = [
    (Field::Multikill2x, 2),
    (Field::Multikill3x, 3),
    (Field::Multikill4x, 4),
    (Field::Multikill5x, 5),
    (Field::Multikill6x, 6),
];

pub(crate) fn check(line: &PlayerLine, findings: &mut Findings) {
    let guid = Some(line.identity());
    let sum = weapons(line, findings);
    let count = |field| line.count(field);
    let text = |n: i32| n.to_string();
    let percent = count(Field::TimePlayedPercent);
    findings.require((0..=1000).contains(&percent), "alive_percent", guid, || {
        ("0.0 to 100.0".to_owned(), line.tenths(Field::TimePlayedPercent).to_string())
    });
    let headshot_kills = count(Field::HeadshotKills);
    findings.require(headshot_kills <= sum.kills && headshot_kills <= sum.headshots, "headshot_kills", guid, || {
        (format!("at most {} kills and {} headshots", sum.kills, sum.headshots), text(headshot_kills))
    });
    if let Some(given) = line.get(Field::RevivesGiven) {
        let hits = line.weapon(Weapon::Syringe).hits;
        // Revives are per round, syringe hits cumulative: equal in R1, not more in R2.
        findings.require(given <= hits, "revives_given", guid, || (text(hits), text(given)));
    }
    if line.era.has_true_bullets_fired() {
        let fired = count(Field::BulletsFired);
        findings.require(fired == sum.shots, "bullets_fired", guid, || (text(sum.shots), text(fired)));
    }
    for field in [Field::KillingSpree, Field::DeathSpree] {
        let spree = count(field);
        let most = if field == Field::KillingSpree { sum.kills } else { i32::MAX };
        findings.require(spree == 0 || (3..=most).contains(&spree), "sprees", guid, || {
            ("0, or 3 and more but not more than kills".to_owned(), format!("{} {spree}", field.spec().name))
        });
    }
    let in_chains: i32 = MULTIKILLS.iter().map(|(field, kills)| count(*field).saturating_mul(*kills)).sum();
    findings
        .require(in_chains <= sum.kills, "multikills", guid, || (format!("at most {}", sum.kills), text(in_chains)));
    let judged = count(Field::UsefulKills).saturating_add(count(Field::UselessKills));
    findings.require(judged <= sum.kills, "useful_kills", guid, || (format!("at most {}", sum.kills), text(judged)));
    kd_ratio(line, sum, findings);
}

fn weapons(line: &PlayerLine, findings: &mut Findings) -> WeaponCounts {
    let mut sum = WeaponCounts::default();
    for (weapon, w) in line.listed_weapons() {
        sum.kills = sum.kills.saturating_add(w.kills);
        sum.deaths = sum.deaths.saturating_add(w.deaths);
        sum.shots = sum.shots.saturating_add(w.shots);
        sum.headshots = sum.headshots.saturating_add(w.headshots);
        findings.require(w.kills <= w.hits && w.headshots <= w.hits, "weapon_hits", Some(line.identity()), || {
            let found = format!("{} kills, {} headshots, {} hits", w.kills, w.headshots, w.hits);
            (format!("{}: at most as many as hits", weapon.name()), found)
        });
    }
    sum
}

/// The writer rounds to one decimal; kills without a weapon slot (crush, falling) may differ.
fn kd_ratio(line: &PlayerLine, sum: WeaponCounts, findings: &mut Findings) {
    if line.era == Era::Prefix28 || line.get(Field::KdRatio).is_none() {
        return;
    }
    let (kills, deaths) = (f64::from(sum.kills), f64::from(sum.deaths));
    let expected = if sum.deaths == 0 { kills + 1.0 } else { kills / deaths };
    let found = line.tenths(Field::KdRatio).to_f64();
    let idle = sum.kills == 0 && sum.deaths == 0;
    findings.require(idle || (expected - found).abs() < 0.051, "kd_ratio", Some(line.identity()), || {
        (format!("{expected:.1}"), format!("{found:.1}"))
    });
}
