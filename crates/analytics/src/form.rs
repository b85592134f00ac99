//! Form: an evening against the player's own mean of the ten before it.

use crate::formula::Formula;
use crate::formula_table::{ACCURACY, DPM, KD, KPR, OBJECTIVES_PER_ROUND};
use crate::totals::Totals;

/// What form compares, and how much it weighs.
static METRICS: [(&Formula, f64); 5] =
    [(&DPM, 0.25), (&KD, 0.20), (&OBJECTIVES_PER_ROUND, 0.15), (&ACCURACY, 0.10), (&KPR, 0.05)];
/// A ratio outside of these says more about the evening before than about this one.
const CLAMP: (f64, f64) = (0.4, 2.5);
/// Evenings looked back on.
const EVENINGS: usize = 10;

/// The form of an evening by the sums of this one and of those before, newest first: 100 is as always. A metric
/// counts where it is known now and was above 0 before. `None` on the first evening, or when nothing can be compared.
#[must_use]
pub fn form(now: &Totals, previous: &[Totals]) -> Option<f64> {
    let mut sum = 0.0;
    let mut weights = 0.0;
    for (metric, weight) in METRICS {
        let past: Vec<f64> = previous.iter().take(EVENINGS).filter_map(|evening| metric.of(evening)).collect();
        let count = f64::from(u32::try_from(past.len()).ok()?);
        let total: f64 = past.iter().sum();
        let Some(value) = metric.of(now).filter(|_| total > 0.0) else { continue };
        sum += weight * (value * count / total).clamp(CLAMP.0, CLAMP.1);
        weights += weight;
    }
    (weights > 0.0).then(|| 100.0 * sum / weights)
}
