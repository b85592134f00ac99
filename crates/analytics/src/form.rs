//! Form: an evening against the player's own mean of the ten before it.

/// The metrics of an evening that form compares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FormMetrics {
    /// Damage per minute.
    pub dpm: f64,
    /// Kills per death.
    pub kd: f64,
    /// Objectives per round.
    pub objective: f64,
    /// Accuracy in percent.
    pub accuracy: f64,
    /// Kills per round.
    pub kills: f64,
}

const WEIGHTS: [f64; 5] = [0.25, 0.20, 0.15, 0.10, 0.05];
/// A ratio outside of these says more about the evening before than about this one.
const CLAMP: (f64, f64) = (0.4, 2.5);
/// Evenings looked back on.
const EVENINGS: usize = 10;

impl FormMetrics {
    const fn values(&self) -> [f64; 5] {
        [self.dpm, self.kd, self.objective, self.accuracy, self.kills]
    }
}

/// 100 is as always. `previous` is newest first. `None` on the first evening, or when nothing can
/// be compared.
#[must_use]
pub fn form(now: &FormMetrics, previous: &[FormMetrics]) -> Option<f64> {
    let past: Vec<[f64; 5]> = previous.iter().take(EVENINGS).map(FormMetrics::values).collect();
    let count = f64::from(u32::try_from(past.len()).ok()?);
    let mut sum = 0.0;
    let mut weights = 0.0;
    for (metric, weight) in WEIGHTS.into_iter().enumerate() {
        let mean = past.iter().filter_map(|values| values.get(metric)).sum::<f64>() / count;
        let Some(value) = now.values().get(metric).copied().filter(|_| mean > 0.0) else { continue };
        sum += weight * (value / mean).clamp(CLAMP.0, CLAMP.1);
        weights += weight;
    }
    (weights > 0.0).then(|| 100.0 * sum / weights)
}
