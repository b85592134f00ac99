//! The ledger of achievements: in which step of a career each tier of a badge was reached. A tier once reached stays,
//! whatever a ratio does afterwards.

use crate::badges::{BADGES, Badge, Progress, progress};
use crate::measure::Measure;
use crate::totals::Totals;

/// A tier that was reached.
#[derive(Clone, Copy, Debug)]
pub struct Reached {
    /// Of which badge.
    pub badge: &'static Badge,
    /// Position in its tiers, from 1.
    pub tier: usize,
}

/// A career as it goes on, and what it has reached so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    totals: Totals,
    /// Tiers reached, by position in [`BADGES`].
    reached: Vec<usize>,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { totals: Totals::default(), reached: vec![0; BADGES.len()] }
    }
}

impl Badge {
    /// A ratio may fall again: that a tier was reached cannot be told by the sums of the career.
    #[must_use]
    pub const fn may_fall(&self) -> bool {
        matches!(self.value.measure, Measure::Ratio)
    }
}

impl Ledger {
    /// A career that goes on after these sums, in which so many tiers were reached, by badge.
    #[must_use]
    pub fn continued(totals: Totals, reached: impl Fn(&Badge) -> usize) -> Self {
        Self { totals, reached: BADGES.iter().map(reached).collect() }
    }

    /// Whether what is said to be reached can be true of the sums.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        let by_sums = |(one, reached): (Progress, &usize)| {
            if one.badge.may_fall() { one.earned.len() <= *reached } else { one.earned.len() == *reached }
        };
        progress(&self.totals).into_iter().zip(&self.reached).all(by_sums)
    }

    /// What the next step of the career reaches, in table order.
    pub fn add(&mut self, step: &Totals) -> Vec<Reached> {
        self.totals = self.totals + *step;
        let mut found = Vec::new();
        for (one, reached) in progress(&self.totals).into_iter().zip(&mut self.reached) {
            let new = *reached + 1..=one.earned.len();
            *reached = one.earned.len().max(*reached);
            found.extend(new.map(|tier| Reached { badge: one.badge, tier }));
        }
        found
    }

    /// Whether something may be reached on the way through steps with this sum: what may fall again may stand highest
    /// while no death has come yet.
    #[must_use]
    pub fn may_reach(&self, sum: &Totals) -> bool {
        let best = Totals { deaths: self.totals.deaths, ..self.totals + *sum };
        progress(&best).iter().zip(&self.reached).any(|(one, reached)| one.earned.len() > *reached)
    }

    /// Goes through steps with this sum without looking at each: what may fall again is left as it was.
    pub fn pass(&mut self, sum: &Totals) {
        let before = self.reached.clone();
        self.add(sum);
        for ((badge, reached), before) in BADGES.iter().zip(&mut self.reached).zip(before) {
            if badge.may_fall() {
                *reached = before;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kills(kills: i64, deaths: i64, rounds: i64) -> Totals {
        Totals { kills, deaths, rounds, ..Totals::default() }
    }

    fn names(reached: &[Reached]) -> Vec<String> {
        reached.iter().map(|one| format!("{} {}", one.badge.id, one.tier)).collect()
    }

    #[test]
    fn what_fell_again_stays_reached() {
        let mut ledger = Ledger::default();
        assert_eq!(names(&ledger.add(&kills(30, 20, 19))), [String::from("rounds 1")], "K/D counts from 20 rounds on");
        assert_eq!(names(&ledger.add(&kills(1, 0, 1))), ["kd 1", "kd 2"], "31 / 20");
        assert!(ledger.add(&kills(0, 30, 1)).is_empty());
        assert!(ledger.is_consistent());
        assert!(ledger.add(&kills(31, 0, 1)).is_empty(), "62 / 50 again");
        assert_eq!(names(&ledger.add(&kills(38, 0, 1))), ["kills 1", "kd 3"], "100 / 50");
    }

    #[test]
    fn a_sum_tells_whether_a_step_may_reach_something() {
        let ledger = Ledger::continued(kills(90, 100, 40), |badge| usize::from(badge.id == "rounds"));
        assert!(ledger.is_consistent());
        assert!(ledger.may_reach(&kills(10, 50, 1)), "a hundred kills, and K/D 1 before the deaths");
        assert!(!ledger.may_reach(&kills(9, 50, 1)));
        assert!(!Ledger::continued(kills(100, 100, 40), |_| 0).is_consistent(), "nothing is reached of what must be");
        let mut passed = ledger.clone();
        passed.pass(&kills(20, 0, 1));
        assert_eq!(names(&passed.add(&kills(0, 0, 0))), ["kd 1"], "what may fall is not passed");
    }
}
