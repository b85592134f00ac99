//! Who wins, where strength decides: known before the match is played, so that the truth can tell
//! the chance.

use super::{Host, Member};

/// Double holds, in cases per 1,000.
const DRAWS: u32 = 120;
/// Chance gained per point of strength that a team has more on average, in cases per 1,000.
const PER_POINT: i64 = 90;

/// The course of a match.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    pub(super) first_held: bool,
    pub(super) second_held: bool,
    /// Chance of those who attack in R1, in cases per 1,000, draws aside.
    pub(super) chance: u32,
}

impl Host<'_> {
    /// Decides the match that begins; `attackers` is the team that attacks in R1.
    pub(super) fn decide(&mut self, attackers: usize) {
        if !self.config.habits.strength_decides {
            return;
        }
        let ahead = mean(&self.line_up, attackers) - mean(&self.line_up, 1 - attackers);
        let chance = u32::try_from((500 + ahead * PER_POINT / 1000).clamp(50, 950)).unwrap_or(500);
        let draw = self.random.permille(DRAWS);
        let wins = self.random.permille(chance);
        let first_held = draw || !wins && self.random.permille(400);
        self.plan = Some(Plan { first_held, second_held: draw || wins, chance });
    }
}

/// Mean strength of a team, in thousandths.
fn mean(line_up: &[Member], team: usize) -> i64 {
    let (mut sum, mut count) = (0, 0);
    for member in line_up.iter().filter(|member| member.team == team) {
        sum += i64::from(member.person.skill) * 1000;
        count += 1;
    }
    if count == 0 { 0 } else { sum / count }
}
