//! Synergy: how a player does together with another, against apart from him, with intervals that say how little
//! few matches say.

use crate::formula_table::DPM;
use crate::formulas::float;
use crate::totals::Totals;

/// Matches together below which nothing is said.
pub const SYNERGY_MATCHES: i64 = 10;
/// Quantile of the normal distribution for intervals of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// A value with its interval of 95 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// Together against apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Synergy {
    /// Matches in one team.
    pub matches_together: i64,
    /// Matches of which the other was not in the team.
    pub matches_apart: i64,
    /// Share of matches won together, 0 to 1.
    pub wins_together: Estimate,
    /// Share of matches won apart, 0 to 1.
    pub wins_apart: Estimate,
    /// Difference of the shares, −1 to 1; its interval holds 0 while nothing is proved.
    pub gain: Estimate,
    /// Damage per minute together.
    pub dpm_together: Option<f64>,
    /// Damage per minute apart.
    pub dpm_apart: Option<f64>,
}

/// There are not enough matches together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotEnough {
    /// Matches in one team.
    pub has: i64,
    /// Matches still lacking.
    pub to_go: i64,
}

/// Compares the sums of a player over his matches with another and over those without.
///
/// # Errors
/// [`NotEnough`] with less than ten matches together.
pub fn synergy(together: &Totals, apart: &Totals) -> Result<Synergy, NotEnough> {
    let has = together.matches();
    if has < SYNERGY_MATCHES {
        return Err(NotEnough { has, to_go: SYNERGY_MATCHES - has });
    }
    let (a, b) = (win_share(together), win_share(apart));
    // Newcombe: the difference of two Wilson intervals.
    let low = (a.value - a.low).hypot(b.high - b.value);
    let high = (a.high - a.value).hypot(b.value - b.low);
    let value = a.value - b.value;
    let gain = Estimate { value, low: (value - low).max(-1.0), high: (value + high).min(1.0) };
    Ok(Synergy {
        matches_together: has,
        matches_apart: apart.matches(),
        wins_together: a,
        wins_apart: b,
        gain,
        dpm_together: DPM.of(together),
        dpm_apart: DPM.of(apart),
    })
}

/// The share of matches won, a draw being half a win, with Wilson's interval. Without matches anything is possible.
#[must_use]
pub fn win_share(totals: &Totals) -> Estimate {
    let matches = float(totals.matches());
    if matches <= 0.0 {
        return Estimate { value: 0.5, low: 0.0, high: 1.0 };
    }
    let share = (float(totals.matches_won) + 0.5 * float(totals.matches_drawn)) / matches;
    let square = Z * Z / matches;
    let centre = (share + square / 2.0) / (1.0 + square);
    let half = Z * (share * (1.0 - share) / matches + square / (4.0 * matches)).sqrt() / (1.0 + square);
    Estimate { value: share, low: (centre - half).clamp(0.0, share), high: (centre + half).clamp(share, 1.0) }
}
