//! Pauses between tries: each twice as long as the one before, up to a limit, until patience ends.

use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(2);

/// Pauses, from the first failure on.
pub(crate) struct Pauses {
    until: Instant,
    next: Duration,
}

impl Pauses {
    pub(crate) fn new(patience: Duration) -> Self {
        Self { until: Instant::now() + patience, next: FIRST }
    }

    /// The next pause; none when patience has ended. Up to a quarter is cut off by chance, so that
    /// several that lost the same server do not come back at the same moment.
    pub(crate) fn next(&mut self) -> Option<Duration> {
        let now = Instant::now();
        if now >= self.until {
            return None;
        }
        let chance = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 0);
        let pause =
            self.next - self.next.mul_f64(0.25 * f64::from(u16::try_from(chance & 0xFFFF).unwrap_or(0)) / 65536.0);
        self.next = (self.next * 2).min(LONGEST);
        Some(pause.min(self.until - now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let mut pauses = Pauses::new(Duration::from_secs(3600));
        let all: Vec<Duration> = std::iter::from_fn(|| pauses.next()).take(12).collect();
        assert!(all[0] >= FIRST.mul_f64(0.74) && all[0] <= FIRST);
        assert!(all.iter().all(|pause| *pause <= LONGEST));
        assert!(all[11] >= LONGEST.mul_f64(0.74));
        assert_eq!(Pauses::new(Duration::ZERO).next(), None);
    }
}
