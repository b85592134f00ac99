//! Splitting players into two teams that are as even as their ratings allow. So few players that every split is tried.

use fullhold_stats_file::Guid;

use crate::rating::{Prediction, Ratings};

/// How many players can be split.
pub const SPLIT_PLAYERS: std::ops::RangeInclusive<usize> = 4..=12;

/// A split into two teams.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// The team with the first player, sorted.
    pub team_a: Vec<Guid>,
    /// The others, sorted.
    pub team_b: Vec<Guid>,
    /// Σ µ of team A less that of team B; where one team has one player more, of means over the players.
    pub difference: f64,
    /// The chance of team A.
    pub prediction: Prediction,
}

/// These players cannot be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitError {
    /// There are too few or too many: see [`SPLIT_PLAYERS`].
    Players(usize),
    /// This one stands twice in the list.
    Twice(Guid),
}

/// The most even splits, the best first, at most `most`. Team sizes differ by one player at most.
///
/// # Errors
/// [`SplitError`] when there are not 4 to 12 players, or one stands twice.
pub fn split_teams(players: &[Guid], ratings: &Ratings, at: i64, most: usize) -> Result<Vec<Split>, SplitError> {
    if !SPLIT_PLAYERS.contains(&players.len()) {
        return Err(SplitError::Players(players.len()));
    }
    let mut sorted = players.to_vec();
    sorted.sort();
    if let Some([twice, _]) = sorted.array_windows().find(|[a, b]| a == b) {
        return Err(SplitError::Twice(*twice));
    }
    let skills: Vec<(Guid, f64)> = sorted.iter().map(|guid| (*guid, ratings.skill(*guid, at).mean)).collect();
    let mut found: Vec<(f64, u32)> = sides(skills.len()).map(|side| (difference(&skills, side), side)).collect();
    found.sort_by(|(a, a_side), (b, b_side)| a.abs().total_cmp(&b.abs()).then(a_side.cmp(b_side)));
    let split = |(difference, side): (f64, u32)| {
        let team = |is_a: bool| {
            let of = skills.iter().enumerate().filter(|(index, _)| (side >> index & 1 == 1) == is_a);
            of.map(|(_, (guid, _))| *guid).collect::<Vec<_>>()
        };
        let (team_a, team_b) = (team(true), team(false));
        let prediction = ratings.predict(&team_a, &team_b, at);
        Split { team_a, team_b, difference, prediction }
    };
    Ok(found.into_iter().take(most).map(split).collect())
}

/// Every way to choose team A, as bits of positions: with the first player, so that each split comes once.
fn sides(players: usize) -> impl Iterator<Item = u32> {
    let half = u32::try_from(players / 2).unwrap_or(0);
    let rest = u32::try_from(players).unwrap_or(0) - half;
    (1..1_u32 << players).step_by(2).filter(move |side| side.count_ones() == half || side.count_ones() == rest)
}

fn difference(skills: &[(Guid, f64)], side: u32) -> f64 {
    let (mut a, mut b, mut of_a, mut of_b) = (0.0, 0.0, 0.0_f64, 0.0_f64);
    for (index, (_, mean)) in skills.iter().enumerate() {
        if side >> index & 1 == 1 {
            a += mean;
            of_a += 1.0;
        } else {
            b += mean;
            of_b += 1.0;
        }
    }
    if (of_a - of_b).abs() < 0.5 { a - b } else { a / of_a - b / of_b }
}
