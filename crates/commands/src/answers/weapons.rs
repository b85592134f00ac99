//! Weapons of a player, of an evening or of a career.

use fullhold_analytics::Measure;
use fullhold_stats_file::Weapon;

use crate::catalogue::Catalogue;
use crate::reply::{Cell, Table};

/// What somebody did with a weapon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeaponSums {
    /// The weapon.
    pub weapon: Weapon,
    /// Enemies killed with it.
    pub kills: i64,
    /// Own deaths by it.
    pub deaths: i64,
    /// Hits; successful revives for the syringe.
    pub hits: i64,
    /// Shots, throws, calls or uses.
    pub shots: i64,
    /// Hits in the head.
    pub head_hits: i64,
}

impl WeaponSums {
    /// Hits per shot in percent. More hits than shots are possible with what explodes: then 100.
    #[must_use]
    pub fn accuracy(&self) -> Option<f64> {
        percent(self.hits, self.shots).map(|percent| percent.min(100.0))
    }

    /// Share of hits in the head in percent; only of weapons that are aimed.
    #[must_use]
    pub fn head_hit_percent(&self) -> Option<f64> {
        percent(self.head_hits, self.hits).filter(|_| self.weapon.is_aimed())
    }

    const fn is_unused(&self) -> bool {
        self.kills == 0 && self.deaths == 0 && self.hits == 0 && self.shots == 0
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of one community are far below 2^53")]
fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

/// The most deadly weapons, at most `most`.
#[must_use]
pub fn weapon_table(weapons: &[WeaponSums], most: usize, texts: &Catalogue) -> Table {
    let table = Table::new("weapons", texts.say("profile-weapons", &[]))
        .column("weapon", texts.say("column-weapon", &[]))
        .column("kills", texts.say("short-kills", &[]))
        .column("deaths", texts.say("short-deaths", &[]))
        .column("accuracy", texts.say("short-accuracy", &[]))
        .column("head_hit_percent", texts.say("short-head_hit_percent", &[]));
    best(weapons, most).into_iter().fold(table, |table, sums| {
        table.row(vec![
            Cell::name(sums.weapon.name()),
            Cell::count(sums.kills),
            Cell::count(sums.deaths),
            Cell::number(sums.accuracy(), Measure::Percent),
            Cell::number(sums.head_hit_percent(), Measure::Percent),
        ])
    })
}

/// Weapons by kills, then by use.
#[must_use]
pub fn best(weapons: &[WeaponSums], most: usize) -> Vec<&WeaponSums> {
    let mut used: Vec<&WeaponSums> = weapons.iter().filter(|sums| !sums.is_unused()).collect();
    used.sort_by_key(|sums| (std::cmp::Reverse((sums.kills, sums.shots)), sums.weapon.name()));
    used.truncate(most);
    used
}
