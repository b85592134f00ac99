//! How far a predicted chance can be trusted: fitted to the matches before, drawn towards one half, and shown only
//! while it is better than a coin.

use std::collections::VecDeque;

use crate::rating::Predicted;

/// Matches whose predictions are looked back on.
pub(crate) const WINDOW: usize = 100;
/// Below so many, nothing is proved: the same teams meet all evening, so that a dozen evenings with a lucky streak each
/// look like skill.
const LEAST: usize = WINDOW;
/// How much a prediction must be better than a coin's log-loss, in units of its standard error.
const MARGIN: f64 = 1.645;
/// Precision of the belief that none of the features says anything: what draws chances towards one half. Teams' mean
/// K/D differ by a tenth or two, so that their weight may be greater.
const PRIOR: Precision =
    Precision { rating: 16.0, size: 4.0, duels: 0.1, rating_size: 0.0, rating_duels: 0.0, size_duels: 0.0 };
/// Chances are kept off 0 and 1, where one surprise would cost without bound.
const EDGE: f64 = 0.02;

/// What a chance is computed of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features {
    /// The uncalibrated chance by the ratings, as log-odds.
    pub rating: f64,
    /// Players of team A more than of team B.
    pub size: f64,
    /// How much the mean of team A's logarithms of K/D is above that of team B.
    pub duels: f64,
}

impl Features {
    /// The sum of products.
    fn weighed(self, weights: Self) -> f64 {
        let by_rating = weights.rating * self.rating;
        weights.duels.mul_add(self.duels, weights.size.mul_add(self.size, by_rating))
    }
}

/// How well weights are known: the inverse of their covariance.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the features' names, alone and in pairs")]
pub struct Precision {
    pub rating: f64,
    pub size: f64,
    pub duels: f64,
    pub rating_size: f64,
    pub rating_duels: f64,
    pub size_duels: f64,
}

impl Precision {
    /// With what a match of these features tells, where the result is as uncertain as `slope`.
    fn with(self, x: Features, slope: f64) -> Self {
        Self {
            rating: (slope * x.rating).mul_add(x.rating, self.rating),
            size: (slope * x.size).mul_add(x.size, self.size),
            duels: (slope * x.duels).mul_add(x.duels, self.duels),
            rating_size: (slope * x.rating).mul_add(x.size, self.rating_size),
            rating_duels: (slope * x.rating).mul_add(x.duels, self.rating_duels),
            size_duels: (slope * x.size).mul_add(x.duels, self.size_duels),
        }
    }

    /// The covariance times these features, by cofactors.
    fn solve(self, x: Features) -> Features {
        let Self { rating: a, size: d, duels: f, rating_size: b, rating_duels: c, size_duels: e } = self;
        let (first, second, third) = (d * f - e * e, c * e - b * f, b * e - c * d);
        // Positive, for the prior is, and each match only adds to it.
        let determinant = a * first + b * second + c * third;
        let mixed = b * c - a * e;
        Features {
            rating: (first * x.rating + second * x.size + third * x.duels) / determinant,
            size: (second * x.rating + (a * f - c * c) * x.size + mixed * x.duels) / determinant,
            duels: (third * x.rating + mixed * x.size + (a * d - b * b) * x.duels) / determinant,
        }
    }
}

/// What a calibration has come to after a match: with the predictions before it, all that the next one continues from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrationState {
    /// How much each feature counts.
    pub weights: Features,
    /// How well that is known.
    pub precision: Precision,
}

/// A logistic model of three weights, learned one match after the other. It has no order of its own: the same matches
/// in the same order give the same numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Calibration {
    state: CalibrationState,
    /// Log-losses of the last predictions above a coin's, oldest first.
    losses: VecDeque<f64>,
}

impl Calibration {
    pub(crate) const fn new() -> Self {
        let weights = Features { rating: 0.0, size: 0.0, duels: 0.0 };
        Self { state: CalibrationState { weights, precision: PRIOR }, losses: VecDeque::new() }
    }

    /// A calibration as it was after a match. `predicted` are the chances and results of the last matches, oldest first;
    /// more than [`WINDOW`] are no harm.
    pub(crate) fn continued(state: CalibrationState, predicted: impl IntoIterator<Item = Predicted>) -> Self {
        let mut calibration = Self { state, losses: VecDeque::new() };
        for one in predicted {
            calibration.note_loss(one.log_loss());
        }
        calibration
    }

    /// What is to be remembered of it.
    pub(crate) const fn state(&self) -> CalibrationState {
        self.state
    }

    /// The calibrated chance of team A.
    pub(crate) fn chance(&self, features: Features) -> f64 {
        logistic(features.weighed(self.state.weights)).clamp(EDGE, 1.0 - EDGE)
    }

    /// Learns the result of a match (1 won by team A, 0.5 drawn, 0 lost) after predicting it.
    pub(crate) fn learn(&mut self, features: Features, result: f64) {
        let chance = self.chance(features);
        self.note_loss(log_loss(chance, result));
        let CalibrationState { weights, precision } = &mut self.state;
        *precision = precision.with(features, chance * (1.0 - chance));
        let step = precision.solve(features);
        let surprise = result - chance;
        weights.rating += surprise * step.rating;
        weights.size += surprise * step.size;
        weights.duels += surprise * step.duels;
    }

    fn note_loss(&mut self, loss: f64) {
        self.losses.push_back(loss - LOG_LOSS_OF_A_COIN);
        if self.losses.len() > WINDOW {
            self.losses.pop_front();
        }
    }

    /// Mean log-loss of the last predictions; `None` before the first.
    pub(crate) fn recent_log_loss(&self) -> Option<f64> {
        let count = crate::et_rating::count(self.losses.len());
        (count > 0.0).then(|| LOG_LOSS_OF_A_COIN + self.losses.iter().sum::<f64>() / count)
    }

    /// Whether the last predictions were better than a coin's, by more than luck alone.
    pub(crate) fn beats_a_coin(&self) -> bool {
        if self.losses.len() < LEAST {
            return false;
        }
        let count = crate::et_rating::count(self.losses.len());
        let mean = self.losses.iter().sum::<f64>() / count;
        let squares: f64 = self.losses.iter().map(|loss| loss * loss).sum();
        let error = ((squares / count - mean * mean).max(0.0) / count).sqrt();
        mean + MARGIN * error < 0.0
    }
}

/// The log-loss of who says one half of everything.
pub const LOG_LOSS_OF_A_COIN: f64 = std::f64::consts::LN_2;

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

    const STRONG: Features = Features { rating: 1.0, size: 0.0, duels: 0.0 };

    #[test]
    fn without_matches_every_chance_is_one_half() {
        let new = Calibration::new();
        assert!((new.chance(Features { rating: 3.0, size: 2.0, duels: 1.0 }) - 0.5).abs() < 1e-12);
        assert!(!new.beats_a_coin());
        assert_eq!(new.recent_log_loss(), None);
    }

    #[test]
    fn it_learns_what_is_true_and_shows_only_then() {
        let mut of_strength = Calibration::new();
        let mut of_luck = Calibration::new();
        for round in 0..1_000 {
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
    fn the_covariance_is_the_inverse_of_the_precision() {
        let precision = PRIOR
            .with(Features { rating: 1.5, size: -1.0, duels: 0.2 }, 0.25)
            .with(Features { rating: -0.3, size: 2.0, duels: 0.7 }, 0.2);
        let x = Features { rating: 0.4, size: -2.0, duels: 1.1 };
        let solved = precision.solve(x);
        let Precision { rating: a, size: d, duels: f, rating_size: b, rating_duels: c, size_duels: e } = precision;
        let row = |p: f64, q: f64, r: f64| p * solved.rating + q * solved.size + r * solved.duels;
        for (found, expected) in [(row(a, b, c), x.rating), (row(b, d, e), x.size), (row(c, e, f), x.duels)] {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }

    #[test]
    fn no_chance_is_certain() {
        let mut calibration = Calibration::new();
        let certain = Features { rating: 40.0, size: 6.0, duels: 3.0 };
        for _ in 0..10_000 {
            calibration.learn(certain, 1.0);
        }
        let chance = calibration.chance(certain);
        assert!(chance < 1.0 && log_loss(chance, 0.0).is_finite());
    }
}
