//! Seasons: quarters of the calendar, in the server's local time.

use std::fmt;

use fullhold_stats_file::Stamp;

/// A quarter; prints as `YYYY-QN`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Season {
    /// Year.
    pub year: i16,
    /// 1–4.
    pub quarter: u8,
}

impl Season {
    /// The season of a stamp.
    #[must_use]
    pub const fn of(stamp: Stamp) -> Self {
        Self { year: stamp.year, quarter: stamp.month.div_ceil(3) }
    }
}

impl fmt::Display for Season {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-Q{}", self.year, self.quarter)
    }
}
