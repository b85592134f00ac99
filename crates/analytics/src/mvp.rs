//! Most valuable players. Bots are none.

use std::collections::BTreeMap;

use fullhold_differential::PlayerRound;
use fullhold_stats_file::{Field, Guid};

use crate::formulas;

#[derive(Default)]
struct Sums {
    kills: i64,
    deaths: i64,
    damage: i64,
    rounds: i64,
}

impl Sums {
    fn add(&mut self, player: &PlayerRound) {
        let weapons = player.counters.weapon_sums();
        self.kills += i64::from(weapons.kills);
        self.deaths += i64::from(weapons.deaths);
        self.damage += i64::from(player.counters.count(Field::DamageGiven));
        self.rounds += 1;
    }
}

/// The most valuable player of a round; ties go to more damage, then to the smaller guid.
#[must_use]
pub fn round_mvp(players: &[PlayerRound]) -> Option<Guid> {
    evening_mvp(std::iter::once(players))
}

/// The most valuable player of several rounds; ties as for one. Who played less than half as many
/// rounds as the busiest does not stand: two good minutes are no evening.
#[must_use]
pub fn evening_mvp<'a>(rounds: impl Iterator<Item = &'a [PlayerRound]>) -> Option<Guid> {
    let mut sums: BTreeMap<Guid, Sums> = BTreeMap::new();
    for player in rounds.flatten().filter(|player| !player.is_bot && player.side().is_some()) {
        sums.entry(player.guid).or_default().add(player);
    }
    let value = |s: &Sums| formulas::evening_mvp(s.kills, s.deaths, s.damage, s.rounds);
    let most = sums.values().map(|s| s.rounds).max().unwrap_or(0);
    sums.into_iter()
        .filter(|(_, s)| s.rounds * 2 >= most)
        .max_by(|(a_guid, a), (b_guid, b)| {
            value(a).total_cmp(&value(b)).then(a.damage.cmp(&b.damage)).then(b_guid.cmp(a_guid))
        })
        .map(|(guid, _)| guid)
}
