//! How far a predicted chance can be trusted: fitted to the matches before, drawn towards one half, and shown only
//! while it is better than a coin.

use std::collections::VecDeque;

/// Matches whose predictions are looked back on.
const WINDOW: usize = 100;
/// Below so many, nothing is proved: the same teams meet all evening, so that a dozen evenings with a lucky streak each
/// look like skill.
const LEAST: usize = WINDOW;
/// How much a prediction must be better than a coin's log-loss, in units of its standard error.
const MARGIN: f64 = 1.645;
/// Precision of the belief that neither rating nor team size says anything: what draws chances towards one half.
const PRIOR: [f64; 2] = [8.0, 4.0];
/// Chances are kept off 0 and 1, where one surprise would cost without bound.
const EDGE: f64 = 0.02;

/// What a chance is computed of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Features {
    /// The uncalibrated chance as log-odds.
    pub(crate) log_odds: f64,
    /// Players of team A more than of team B.
    pub(crate) more_players: f64,
}

/// A logistic model of two weights, learned one match after the other. It has no order of its own: the same matches
/// in the same order give the same numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Calibration {
    weights: [f64; 2],
    /// The inverse of the weights' covariance: first, second, and mixed.
    precision: [f64; 3],
    /// Log-losses of the last predictions, oldest first.
    losses: VecDeque<f64>,
    squares: f64,
    matches: usize,
}

impl Calibration {
    pub(crate) const fn new() -> Self {
        Self {
            weights: [0.0; 2],
            precision: [PRIOR[0], PRIOR[1], 0.0],
            losses: VecDeque::new(),
            squares: 0.0,
            matches: 0,
        }
    }

    /// The calibrated chance of team A.
    pub(crate) fn chance(&self, features: Features) -> f64 {
        let [rating, size] = self.weights;
        logistic(rating.mul_add(features.log_odds, size * features.more_players)).clamp(EDGE, 1.0 - EDGE)
    }

    /// Learns the result of a match (1 won by team A, 0.5 drawn, 0 lost) after predicting it.
    pub(crate) fn learn(&mut self, features: Features, result: f64) {
        let chance = self.chance(features);
        self.note_loss(log_loss(chance, result));
        let x = [features.log_odds, features.more_players];
        let slope = chance * (1.0 - chance);
        let [mut first, mut second, mut mixed] = self.precision;
        first += slope * x[0] * x[0];
        second += slope * x[1] * x[1];
        mixed += slope * x[0] * x[1];
        // Positive, for the prior is, and each match only adds to it.
        let determinant = first * second - mixed * mixed;
        let surprise = result - chance;
        self.weights[0] += surprise * (second * x[0] - mixed * x[1]) / determinant;
        self.weights[1] += surprise * (first * x[1] - mixed * x[0]) / determinant;
        self.precision = [first, second, mixed];
    }

    fn note_loss(&mut self, loss: f64) {
        let excess = loss - std::f64::consts::LN_2;
        self.losses.push_back(excess);
        if self.losses.len() > WINDOW {
            self.losses.pop_front();
        }
        self.squares = self.losses.iter().map(|loss| loss * loss).sum();
        self.matches += 1;
    }

    /// Mean log-loss of the last predictions; `None` before the first.
    pub(crate) fn recent_log_loss(&self) -> Option<f64> {
        let count = crate::et_rating::count(self.losses.len());
        (count > 0.0).then(|| std::f64::consts::LN_2 + self.losses.iter().sum::<f64>() / count)
    }

    /// Whether the last predictions were better than a coin's, by more than luck alone.
    pub(crate) fn beats_a_coin(&self) -> bool {
        if self.losses.len() < LEAST {
            return false;
        }
        let count = crate::et_rating::count(self.losses.len());
        let mean = self.losses.iter().sum::<f64>() / count;
        let error = ((self.squares / count - mean * mean).max(0.0) / count).sqrt();
        mean + MARGIN * error < 0.0
    }
}

/// The log-loss of a chance against a result of 1, 0.5 or 0; a coin's is ln 2 for each.
#[must_use]
pub fn log_loss(chance: f64, result: f64) -> f64 {
    -(result * chance.ln() + (1.0 - result) * (1.0 - chance).ln())
}

fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRONG: Features = Features { log_odds: 1.0, more_players: 0.0 };

    #[test]
    fn without_matches_every_chance_is_one_half() {
        let new = Calibration::new();
        assert!((new.chance(Features { log_odds: 3.0, more_players: 2.0 }) - 0.5).abs() < 1e-12);
        assert!(!new.beats_a_coin());
        assert_eq!(new.recent_log_loss(), None);
    }

    #[test]
    fn it_learns_what_is_true_and_shows_only_then() {
        let mut of_strength = Calibration::new();
        let mut of_luck = Calibration::new();
        for round in 0..200 {
            // The stronger win three of four; then a coin.
            of_strength.learn(STRONG, if round % 4 == 0 { 0.0 } else { 1.0 });
            of_luck.learn(STRONG, if round % 2 == 0 { 0.0 } else { 1.0 });
        }
        assert!((of_strength.chance(STRONG) - 0.75).abs() < 0.05, "{}", of_strength.chance(STRONG));
        assert!((of_luck.chance(STRONG) - 0.5).abs() < 0.03, "{}", of_luck.chance(STRONG));
        assert!(of_strength.beats_a_coin());
        assert!(!of_luck.beats_a_coin());
    }

    #[test]
    fn no_chance_is_certain() {
        let mut calibration = Calibration::new();
        for _ in 0..10_000 {
            calibration.learn(Features { log_odds: 40.0, more_players: 6.0 }, 1.0);
        }
        let chance = calibration.chance(Features { log_odds: 40.0, more_players: 6.0 });
        assert!(chance < 1.0 && log_loss(chance, 0.0).is_finite());
    }
}
