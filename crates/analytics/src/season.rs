//! Seasons: quarters of the calendar, in the server's local time.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use fullhold_stats_file::{Guid, Stamp};
use time::{Date, Month};

use crate::boards::{BOARDS, Board};
use crate::ranking::{Ranked, rank};
use crate::totals::Totals;

/// A quarter; prints as `YYYY-QN`, and is read from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Season {
    /// Year.
    pub year: i16,
    /// 1–4.
    pub quarter: u8,
}

/// Boards whose first is a champion of the season; their gates hold.
const CHAMPIONS: [&str; 3] = ["rating", "dpm", "kills"];

impl Season {
    /// The season of a stamp.
    #[must_use]
    pub const fn of(stamp: Stamp) -> Self {
        Self { year: stamp.year, quarter: stamp.month.div_ceil(3) }
    }

    /// The season before.
    #[must_use]
    pub const fn previous(self) -> Self {
        match self.quarter {
            0..=1 => Self { year: self.year.saturating_sub(1), quarter: 4 },
            quarter => Self { quarter: quarter - 1, ..self },
        }
    }

    /// The season after.
    #[must_use]
    pub const fn next(self) -> Self {
        match self.quarter {
            4.. => Self { year: self.year.saturating_add(1), quarter: 1 },
            quarter => Self { quarter: quarter + 1, ..self },
        }
    }

    /// Its first day; `None` for a quarter or a year that the calendar does not have.
    #[must_use]
    pub fn first_day(self) -> Option<Date> {
        let month = self.quarter.checked_sub(1)?.checked_mul(3)?.checked_add(1)?;
        Date::from_calendar_date(i32::from(self.year), Month::try_from(month).ok()?, 1).ok()
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Option<Date> {
        self.first_day().and(self.next().first_day())?.previous_day()
    }

    /// Days after today until it has ended: 0 when it ends today, `None` when today is outside of it.
    #[must_use]
    pub fn days_left(self, today: Date) -> Option<i64> {
        let (first, last) = (self.first_day()?, self.last_day()?);
        (first <= today && today <= last).then(|| (last - today).whole_days())
    }
}

/// The first of the boards that have champions: skill rating, DPM, kills. None where nobody passes the gates.
/// `skills` ranks the first board.
#[must_use]
pub fn champions<'a>(
    sums: &'a BTreeMap<Guid, Totals>,
    skills: &BTreeMap<Guid, f64>,
) -> Vec<(&'static Board, Option<Ranked<'a>>)> {
    let boards = CHAMPIONS.iter().filter_map(|id| BOARDS.iter().find(|board| board.id == *id));
    boards.map(|board| (board, rank(board, sums, skills).into_iter().next())).collect()
}

impl fmt::Display for Season {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-Q{}", self.year, self.quarter)
    }
}

/// A text that is no season.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSeason(
    /// What was found.
    pub String,
);

impl fmt::Display for NoSeason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" is no season; a season is a year and a quarter from 1 to 4, such as 2025-Q4", self.0)
    }
}

impl std::error::Error for NoSeason {}

impl FromStr for Season {
    type Err = NoSeason;

    fn from_str(text: &str) -> Result<Self, NoSeason> {
        let parse = || {
            let (year, quarter) = text.trim().split_once('-')?;
            let quarter = quarter.strip_prefix(['Q', 'q'])?;
            let digits = |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
            if !digits(year, 4) || !digits(quarter, 1) {
                return None;
            }
            let season = Self { year: year.parse().ok()?, quarter: quarter.parse().ok()? };
            (1..=4).contains(&season.quarter).then_some(season)
        };
        parse().ok_or_else(|| NoSeason(text.to_owned()))
    }
}
