//! How many files are under way at a time, by how long they take. Pure.
//!
//! Many share the round trips of a good line. On a slow one each waits for all others, and what is half
//! here is lost with the connection: there it is few, down to one.

use std::time::Duration;

/// Files under way at the beginning; as long as they come fast, each that comes allows one more.
const FIRST: usize = 16;
/// Servers allow many more.
const MOST: usize = 64;
/// A file that took no longer than this came fast.
const FAST: Duration = Duration::from_secs(2);
/// A file that took longer than this came slowly: half as many from then on.
const SLOW: Duration = Duration::from_secs(5);
/// So few files are asked for in small pieces.
const FEW: usize = 8;
const PIECE: u32 = 4_096;

/// What a line can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    at_once: usize,
    /// Files that were asked for before the last halving say nothing new.
    old: usize,
}

impl Pace {
    pub(crate) const fn new() -> Self {
        Self { at_once: FIRST, old: 0 }
    }

    /// One after the other.
    pub(crate) const fn single() -> Self {
        Self { at_once: 1, old: 0 }
    }

    /// Files that may be under way.
    pub(crate) const fn at_once(&self) -> usize {
        self.at_once
    }

    /// Bytes to ask for at a time, where so many are wanted.
    pub(crate) const fn piece(&self, most: u32) -> u32 {
        if self.at_once < FEW && most > PIECE { PIECE } else { most }
    }

    /// A file came, so long after it was asked for; so many are still under way.
    pub(crate) fn came(&mut self, after: Duration, under_way: usize) {
        if self.old > 0 {
            self.old -= 1;
        } else if after > SLOW {
            self.at_once = (self.at_once / 2).max(1);
            self.old = under_way;
        } else if after <= FAST {
            self.at_once = (self.at_once + 1).min(MOST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_line_gets_many_and_a_slow_one_one_at_a_time() {
        let mut pace = Pace::new();
        for _ in 0..100 {
            pace.came(Duration::from_millis(30), 10);
        }
        assert_eq!((pace.at_once(), pace.piece(32_768)), (MOST, 32_768));
        let mut steps = Vec::new();
        for _ in 0..7 {
            // What was asked for together comes together.
            for under_way in (0..pace.at_once()).rev() {
                pace.came(Duration::from_secs(20), under_way);
            }
            steps.push(pace.at_once());
        }
        assert_eq!(steps, [32, 16, 8, 4, 2, 1, 1]);
        assert_eq!((pace.piece(32_768), pace.piece(100)), (4_096, 100));
        pace.came(Duration::from_secs(1), 0);
        assert_eq!(pace.at_once(), 2);
    }
}
