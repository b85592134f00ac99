//! Achievements: thresholds that a career has passed, and the next ones.

use crate::formulas;

const KILLS: [i64; 6] = [100, 500, 1000, 2500, 5000, 10_000];
const GAMES: [i64; 6] = [10, 50, 100, 250, 500, 1000];
/// In tenths: 1, 1.5, 2, 3.
const KD_TENTHS: [i64; 4] = [10, 15, 20, 30];
/// K/D counts from so many games on.
const KD_GAMES: i64 = 20;

/// A threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Achievement {
    /// Enemies killed.
    Kills(i64),
    /// Rounds played.
    Games(i64),
    /// Kills per death in tenths, with at least 20 games.
    KdTenths(i64),
}

/// What a career has earned, in the order of the table.
#[must_use]
pub fn achievements(kills: i64, deaths: i64, games: i64) -> Vec<Achievement> {
    let kd_tenths = 10.0 * formulas::kd(kills, deaths);
    let earned_kd = |tenths: &i64| games >= KD_GAMES && kd_tenths >= f64::from(i32::try_from(*tenths).unwrap_or(0));
    KILLS
        .into_iter()
        .filter(|n| kills >= *n)
        .map(Achievement::Kills)
        .chain(GAMES.into_iter().filter(|n| games >= *n).map(Achievement::Games))
        .chain(KD_TENTHS.into_iter().filter(earned_kd).map(Achievement::KdTenths))
        .collect()
}
