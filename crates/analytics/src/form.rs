//! Form: an evening against the player's own mean of the ten before it.

use crate::formula::Formula;
use crate::formula_table::{ACCURACY, DPM, KD, KPR, OBJECTIVES_PER_ROUND};
use crate::totals::Totals;

/// What form compares, and how much it weighs.
pub static FORM_METRICS: [FormMetric; 5] = [
    FormMetric { of: &DPM, weight: 0.25 },
    FormMetric { of: &KD, weight: 0.20 },
    FormMetric { of: &OBJECTIVES_PER_ROUND, weight: 0.15 },
    FormMetric { of: &ACCURACY, weight: 0.10 },
    FormMetric { of: &KPR, weight: 0.05 },
];
/// A ratio outside of these says more about the evening before than about this one.
const CLAMP: (f64, f64) = (0.4, 2.5);
/// Evenings looked back on.
pub const FORM_EVENINGS: usize = 10;

/// A metric of form.
#[derive(Clone, Copy, Debug)]
pub struct FormMetric {
    /// What is compared.
    pub of: &'static Formula,
    /// How much it weighs among those that can be compared.
    pub weight: f64,
}

/// What one metric adds to a form.
#[derive(Clone, Copy, Debug)]
pub struct FormPart {
    /// Which.
    pub metric: &'static FormMetric,
    /// The value of this evening.
    pub now: f64,
    /// The mean of the evenings before.
    pub usual: f64,
    /// One by the other, kept between 0.4 and 2.5.
    pub ratio: f64,
}

/// The parts of a form, by the sums of this evening and of those before, newest first: each metric that is known now
/// and was above 0 before.
#[must_use]
pub fn form_parts(now: &Totals, previous: &[Totals]) -> Vec<FormPart> {
    let part = |metric: &'static FormMetric| {
        let past: Vec<f64> = previous.iter().take(FORM_EVENINGS).filter_map(|evening| metric.of.of(evening)).collect();
        let usual = past.iter().sum::<f64>() / f64::from(u32::try_from(past.len()).ok()?);
        let now = metric.of.of(now).filter(|_| usual > 0.0)?;
        Some(FormPart { metric, now, usual, ratio: (now / usual).clamp(CLAMP.0, CLAMP.1) })
    };
    FORM_METRICS.iter().filter_map(part).collect()
}

/// The form of an evening by the sums of this one and of those before, newest first: 100 is as always. `None` on the
/// first evening, or when nothing can be compared.
#[must_use]
pub fn form(now: &Totals, previous: &[Totals]) -> Option<f64> {
    let parts = form_parts(now, previous);
    let weights: f64 = parts.iter().map(|part| part.metric.weight).sum();
    let sum: f64 = parts.iter().map(|part| part.metric.weight * part.ratio).sum();
    (weights > 0.0).then(|| 100.0 * sum / weights)
}
