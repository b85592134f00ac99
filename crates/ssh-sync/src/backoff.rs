//! How long to wait after failures in a row. Pure: chance comes from outside.

use std::time::Duration;

/// Doubling waits with jitter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    first: Duration,
    most: Duration,
    failures: u32,
}

impl Backoff {
    /// Waits from `first` on, doubled with each failure, up to `most`.
    #[must_use]
    pub const fn new(first: Duration, most: Duration) -> Self {
        Self { first, most, failures: 0 }
    }

    /// The wait after one more failure: between half and all of the doubled time, so that several
    /// clients do not come back at once. `chance` is uniform in 0..1.
    pub fn failed(&mut self, chance: f64) -> Duration {
        let doubled = self.first.saturating_mul(1 << self.failures.min(20)).min(self.most);
        self.failures = self.failures.saturating_add(1);
        doubled.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
    }

    /// It worked: the next failure begins anew.
    pub fn worked(&mut self) {
        self.failures = 0;
    }

    /// Failures in a row.
    #[must_use]
    pub const fn failures(&self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_most_and_begin_anew() {
        let seconds = |backoff: &mut Backoff| backoff.failed(1.0).as_secs();
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(60));
        let waits: Vec<u64> = (0..8).map(|_| seconds(&mut backoff)).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        backoff.worked();
        assert_eq!(seconds(&mut backoff), 1);
    }

    #[test]
    fn jitter_takes_at_most_half_away() {
        for chance in [0.0, 0.3, 0.999] {
            let wait = Backoff::new(Duration::from_secs(10), Duration::from_secs(60)).failed(chance);
            assert!(wait >= Duration::from_secs(5) && wait <= Duration::from_secs(10), "{wait:?}");
        }
    }

    #[test]
    fn a_thousand_failures_do_not_overflow() {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(60));
        let longest = (0..1_000).map(|_| backoff.failed(1.0)).max();
        assert_eq!(longest, Some(Duration::from_secs(60)));
    }
}
