//! ET rating: how good a player's numbers are in his pool, blind to results. A composite of percentiles.

use std::collections::BTreeMap;

use fullhold_stats_file::Guid;

use crate::boards::Order;
use crate::formula::Formula;
use crate::formula_table::{
    ACCURACY, DPM, DPR, KPR, OBJECTIVES_PER_ROUND, REVIVES_PER_ROUND, SURVIVAL, USEFUL_KILL_PERCENT,
};
use crate::totals::Totals;

/// The version of the composite: stored ratings of another version are to be computed again.
pub const ET_RATING_VERSION: i32 = 1;

/// A metric of the composite.
#[derive(Clone, Copy, Debug)]
pub struct EtMetric {
    /// What is ranked.
    pub of: &'static Formula,
    /// How much its percentile weighs.
    pub weight: f64,
    /// Which values are good.
    pub order: Order,
}

const fn metric(of: &'static Formula, weight: f64, order: Order) -> EtMetric {
    EtMetric { of, weight, order }
}

/// What the ET rating is made of.
pub static ET_METRICS: [EtMetric; 8] = [
    metric(&DPM, 0.12, Order::HighestFirst),
    metric(&KPR, 0.10, Order::HighestFirst),
    metric(&DPR, 0.08, Order::LowestFirst),
    metric(&ACCURACY, 0.04, Order::HighestFirst),
    metric(&REVIVES_PER_ROUND, 0.07, Order::HighestFirst),
    metric(&SURVIVAL, 0.07, Order::HighestFirst),
    metric(&USEFUL_KILL_PERCENT, 0.06, Order::HighestFirst),
    metric(&OBJECTIVES_PER_ROUND, 0.06, Order::HighestFirst),
];

/// Rated from so many rounds on.
pub const ET_ROUNDS: i64 = 20;
/// Rounds that the mean of the pool weighs: few rounds say little.
pub const ET_SHRINKAGE: f64 = 40.0;

/// What a rating makes of a player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EtTier {
    /// Below 0.40.
    Newcomer,
    /// From 0.40 on.
    Regular,
    /// From 0.55 on.
    Experienced,
    /// From 0.70 on.
    Veteran,
    /// From 0.85 on.
    Elite,
}

impl EtTier {
    /// The tier of a rating between 0 and 1.
    #[must_use]
    pub fn of(rating: f64) -> Self {
        match rating {
            0.85.. => Self::Elite,
            0.70.. => Self::Veteran,
            0.55.. => Self::Experienced,
            0.40.. => Self::Regular,
            _ => Self::Newcomer,
        }
    }

    /// Its word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Newcomer => "newcomer",
            Self::Regular => "regular",
            Self::Experienced => "experienced",
            Self::Veteran => "veteran",
            Self::Elite => "elite",
        }
    }
}

/// What one metric adds to a player's ET rating.
#[derive(Clone, Copy, Debug)]
pub struct EtPart {
    /// Which.
    pub metric: &'static EtMetric,
    /// His value.
    pub value: f64,
    /// How good that is in the pool: 1 is the best, 0 the worst.
    pub percentile: f64,
}

/// The parts of a player's rating: every metric that is known of him. Empty for who is not rated in this pool.
#[must_use]
pub fn et_parts(pool: &BTreeMap<Guid, Totals>, guid: Guid) -> Vec<EtPart> {
    let Some(own) = pool.get(&guid).filter(|totals| totals.rounds >= ET_ROUNDS) else { return Vec::new() };
    let part = |metric: &'static EtMetric| {
        let value = metric.of.of(own)?;
        Some(EtPart { metric, value, percentile: metric.percentile(&metric.sorted(pool.values()), value) })
    };
    ET_METRICS.iter().filter_map(part).collect()
}

impl EtMetric {
    /// The values of everybody who is rated, sorted.
    fn sorted<'a>(&self, pool: impl Iterator<Item = &'a Totals>) -> Vec<f64> {
        let rated = pool.filter(|totals| totals.rounds >= ET_ROUNDS);
        let mut sorted: Vec<f64> = rated.filter_map(|totals| self.of.of(totals)).collect();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    fn percentile(&self, sorted: &[f64], value: f64) -> f64 {
        let percentile = mid_rank(sorted, value);
        if self.order == Order::HighestFirst { percentile } else { 1.0 - percentile }
    }
}

/// The ratings of a pool, between 0 and 1, of everybody with at least 20 rounds. Per metric the mid-rank percentile
/// among those who have it, weighted; what is not known of a player is left out of his. Then drawn towards the mean
/// of the pool as 40 average rounds would.
#[must_use]
pub fn et_ratings(pool: &BTreeMap<Guid, Totals>) -> BTreeMap<Guid, f64> {
    let pool: Vec<(Guid, &Totals)> =
        pool.iter().filter(|(_, totals)| totals.rounds >= ET_ROUNDS).map(|(guid, totals)| (*guid, totals)).collect();
    let mut composites = vec![(0.0, 0.0); pool.len()];
    for metric in &ET_METRICS {
        let sorted = metric.sorted(pool.iter().map(|(_, totals)| *totals));
        for ((_, totals), (sum, weights)) in pool.iter().zip(&mut composites) {
            let Some(value) = metric.of.of(totals) else { continue };
            *sum += metric.weight * metric.percentile(&sorted, value);
            *weights += metric.weight;
        }
    }
    let raw: Vec<f64> =
        composites.into_iter().map(|(sum, weights)| if weights > 0.0 { sum / weights } else { 0.5 }).collect();
    let mean = raw.iter().sum::<f64>() / count(raw.len()).max(1.0);
    let shrunk = |((guid, totals), raw): ((Guid, &Totals), f64)| {
        let rounds = crate::formulas::float(totals.rounds);
        (guid, (rounds * raw + ET_SHRINKAGE * mean) / (rounds + ET_SHRINKAGE))
    };
    pool.into_iter().zip(raw).map(shrunk).collect()
}

/// (less + (equal − 1) / 2) / (n − 1) in sorted values that hold this one; the middle when it is alone.
fn mid_rank(sorted: &[f64], value: f64) -> f64 {
    let less = sorted.partition_point(|other| other.total_cmp(&value).is_lt());
    let equal = sorted.partition_point(|other| other.total_cmp(&value).is_le()) - less;
    if sorted.len() < 2 {
        return 0.5;
    }
    (count(less) + (count(equal) - 1.0) / 2.0) / (count(sorted.len()) - 1.0)
}

pub(crate) fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
