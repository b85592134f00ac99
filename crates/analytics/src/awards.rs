//! Awards of an evening: a table, who wins them, and which six are shown. Nothing here is random: ties go to more
//! rounds, then to the smaller guid.

use std::collections::BTreeMap;

use fullhold_stats_file::Guid;

use crate::boards::Order;
use crate::formula::Formula;
use crate::formula_table::{
    CONSTRUCTIONS, DAMAGE_EFFICIENCY, DAMAGE_PER_DEATH, DEATHS, DENIED, DYNAMITES, GIBS, HEAD_HIT_PERCENT, HITS,
    KILL_STEALS, KILLS, REVIVES, SELF_KILLS, SHOTS_PER_KILL, SURVIVAL, TEAM_KILLS, USELESS_KILLS, WORST_SPREE,
};
use crate::mvp::regulars;
use crate::totals::Totals;

/// From which value on an award is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Threshold {
    /// Always, to the best.
    None,
    /// From this value on.
    AtLeast(f64),
    /// Above this value.
    Above(f64),
}

/// An award of an evening.
#[derive(Clone, Copy, Debug)]
pub struct Award {
    /// Its name, for storage.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// The number that wins it.
    pub value: &'static Formula,
    /// Which numbers win.
    pub order: Order,
    /// Shown if the number is so good.
    pub shown: Threshold,
    /// Who stands for it: so much of this, at least.
    pub needs: Option<(&'static Formula, f64)>,
}

const fn award(id: &'static str, title: &'static str, value: &'static Formula, shown: Threshold) -> Award {
    Award { id, title, value, order: Order::HighestFirst, shown, needs: None }
}

impl Award {
    const fn needs(self, of: &'static Formula, at_least: f64) -> Self {
        Self { needs: Some((of, at_least)), ..self }
    }

    const fn fewest(self) -> Self {
        Self { order: Order::LowestFirst, ..self }
    }
}

/// All awards. The order decides between equally rare ones.
#[rustfmt::skip]
pub static AWARDS: &[Award] = &[
    award("damage_efficiency", "Damage efficiency king", &DAMAGE_EFFICIENCY, Threshold::Above(1.5)),
    award("engineer", "Chief engineer", &CONSTRUCTIONS, Threshold::AtLeast(1.0)),
    award("medic", "Field medic", &REVIVES, Threshold::AtLeast(5.0)),
    award("demolition", "Demolition expert", &DYNAMITES, Threshold::AtLeast(2.0)),
    award("tank", "Tank shield", &DAMAGE_PER_DEATH, Threshold::None).needs(&DEATHS, 5.0),
    award("headhunter", "Headhunter", &HEAD_HIT_PERCENT, Threshold::AtLeast(10.0)).needs(&HITS, 200.0),
    award("survivor", "Survivor", &SURVIVAL, Threshold::AtLeast(60.0)),
    award("wrecking_ball", "Wrecking ball", &GIBS, Threshold::AtLeast(10.0)),
    award("team_killer", "Team killer", &TEAM_KILLS, Threshold::AtLeast(3.0)),
    award("self_destruct", "Self-destruct", &SELF_KILLS, Threshold::AtLeast(2.0)),
    award("kill_thief", "Kill thief", &KILL_STEALS, Threshold::AtLeast(5.0)),
    award("spray", "Spray and pray", &SHOTS_PER_KILL, Threshold::AtLeast(50.0)).needs(&KILLS, 5.0),
    award("patience", "Sniper's patience", &SHOTS_PER_KILL, Threshold::None).needs(&KILLS, 10.0).fewest(),
    award("useless", "Most useless kills", &USELESS_KILLS, Threshold::AtLeast(3.0)),
    award("death_spree", "Worst death spree", &WORST_SPREE, Threshold::AtLeast(5.0)),
    award("playtime_thief", "Playtime thief", &DENIED, Threshold::AtLeast(60.0)),
];

/// An award that was won.
#[derive(Clone, Copy, Debug)]
pub struct Won {
    /// Which.
    pub award: &'static Award,
    /// By whom.
    pub guid: Guid,
    /// With which number.
    pub value: f64,
}

/// All awards of an evening in table order, by the sums of its players. Only those stand who played at least half
/// as many rounds as the busiest.
#[must_use]
pub fn awards(sums: &BTreeMap<Guid, Totals>) -> Vec<Won> {
    AWARDS.iter().filter_map(|award| winner(award, sums)).collect()
}

fn winner(award: &'static Award, sums: &BTreeMap<Guid, Totals>) -> Option<Won> {
    let stands = |totals: &Totals| award.needs.is_none_or(|(of, least)| of.of(totals).is_some_and(|has| has >= least));
    let shown = |value: f64| match award.shown {
        Threshold::None => true,
        Threshold::AtLeast(least) => value >= least,
        Threshold::Above(limit) => value > limit,
    };
    let (guid, _, value) = regulars(sums)
        .filter(|(_, totals)| stands(totals))
        .filter_map(|(guid, totals)| Some((guid, totals.rounds, award.value.of(totals)?)))
        .max_by(|(a_guid, a_rounds, a), (b_guid, b_rounds, b)| {
            let by_value = match award.order {
                Order::HighestFirst => a.total_cmp(b),
                Order::LowestFirst => b.total_cmp(a),
            };
            by_value.then(a_rounds.cmp(b_rounds)).then(b_guid.cmp(a_guid))
        })?;
    shown(value).then_some(Won { award, guid: *guid, value })
}

/// The rarest of an evening's awards, at most `most`: by the percentile of the winning number among the winners of
/// the same award on past evenings of the server, which `past` has by award id. Without past evenings nothing is
/// rare; ties stay in table order.
#[must_use]
pub fn rarest(won: &[Won], past: &BTreeMap<&str, Vec<f64>>, most: usize) -> Vec<Won> {
    let mut rated: Vec<(f64, Won)> =
        won.iter().map(|won| (rarity(won, past.get(won.award.id).map_or(&[], Vec::as_slice)), *won)).collect();
    // Stable, so that table order decides between equals.
    rated.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    rated.into_iter().take(most).map(|(_, won)| won).collect()
}

/// The mid-rank percentile of a winning number among past ones: 0 for one that everybody beat, 1 for the best ever.
fn rarity(won: &Won, past: &[f64]) -> f64 {
    if past.is_empty() {
        return 0.0;
    }
    let half_points = |past: &f64| {
        let better = match won.award.order {
            Order::HighestFirst => won.value.total_cmp(past),
            Order::LowestFirst => past.total_cmp(&won.value),
        };
        match better {
            std::cmp::Ordering::Greater => 2,
            std::cmp::Ordering::Equal => 1,
            std::cmp::Ordering::Less => 0,
        }
    };
    let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    count(past.iter().map(half_points).sum::<usize>()) / (2.0 * count(past.len()))
}
