//! When a file has come to rest. Pure.

use std::time::{Duration, Instant};

use crate::Mark;

/// Looks at one file: how long it has had the size and time it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stability {
    mark: Mark,
    since: Instant,
    last: Instant,
}

impl Stability {
    /// Two looks so far apart that see the same make a file stable.
    pub const APART: Duration = Duration::from_secs(2);

    /// The first look.
    #[must_use]
    pub const fn first(mark: Mark, now: Instant) -> Self {
        Self { mark, since: now, last: now }
    }

    /// Another look; whether it saw what the one before it saw.
    pub fn look(&mut self, mark: Mark, now: Instant) -> bool {
        let same = self.mark == mark;
        if !same {
            *self = Self::first(mark, now);
        }
        self.last = now;
        same
    }

    /// What was seen last.
    #[must_use]
    pub const fn mark(&self) -> Mark {
        self.mark
    }

    /// When it was first seen like this.
    #[must_use]
    pub const fn since(&self) -> Instant {
        self.since
    }

    /// For how long it has been seen unchanged: from first to last look.
    #[must_use]
    pub fn unchanged_for(&self) -> Duration {
        self.last.duration_since(self.since)
    }

    /// Same size and time in two looks far enough apart.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.unchanged_for() >= Self::APART
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(size: u64, mtime: i64) -> Mark {
        Mark { size, mtime, mode: 0o644 }
    }

    #[test]
    fn two_equal_looks_two_seconds_apart_make_it_stable() {
        let start = Instant::now();
        let at = |millis: u64| start + Duration::from_millis(millis);
        type Looks = &'static [(u64, u64, i64)];
        let cases: [(Looks, bool); 6] = [
            (&[], false),
            (&[(1_999, 10, 1)], false),
            (&[(2_000, 10, 1)], true),
            (&[(1_000, 10, 1), (2_000, 10, 1)], true),
            (&[(1_000, 20, 1), (2_500, 20, 1)], false),
            (&[(1_000, 10, 2), (3_000, 10, 2)], true),
        ];
        for (looks, stable) in cases {
            let mut stability = Stability::first(mark(10, 1), start);
            for (millis, size, mtime) in looks {
                stability.look(mark(*size, *mtime), at(*millis));
            }
            assert_eq!(stability.is_stable(), stable, "{looks:?}");
        }
    }
}
