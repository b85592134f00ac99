//! Periods as people type them. A period counts whole evenings, by the day on which they began in the server's zone.

use std::fmt;
use std::str::FromStr;

use fullhold_analytics::Season;
use time::{Date, Duration, Month, Weekday};

use super::date::{self, YearMonth};

/// A period, as it was asked for. Its days depend on the day of the question: see [`Period::days`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// Everything: `all`.
    All,
    /// `today`.
    Today,
    /// `yesterday`.
    Yesterday,
    /// The last such day, today included: `sunday`.
    Weekday(Weekday),
    /// From this Monday on: `week`.
    Week,
    /// From the first of this month on: `month`.
    Month,
    /// This season: `season`.
    Season,
    /// A season: `2025-Q4`.
    OneSeason(Season),
    /// As many days, weeks, months, years, today included: `7d`, `2w`, `3m`, `1y`.
    Last(
        /// How many, 1–9999.
        u16,
        /// Of what.
        Unit,
    ),
    /// A day: `2025-11-01`.
    Day(Date),
    /// The newest such month that has evenings: `oct`.
    MonthName(Month),
    /// A month of a year: `2025-10`.
    YearMonth(YearMonth),
    /// A year: `2025`.
    Year(i32),
    /// From a day to a day: `2025-10-05..2025-11-01`; months and years stand for their first and last day.
    Range(
        /// The first day.
        Date,
        /// The last day.
        Date,
    ),
}

/// What a number of [`Period::Last`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Days: `d`.
    Days,
    /// Weeks: `w`.
    Weeks,
    /// Months of the calendar: `m`.
    Months,
    /// Years: `y`.
    Years,
}

/// Days of a period; an end that is not there is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Days {
    /// The first day.
    pub first: Option<Date>,
    /// The last day.
    pub last: Option<Date>,
}

/// A word that is no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// It is nothing that means a period.
    #[error("\"{word}\" is no period; {PERIOD_EXAMPLES} are")]
    Unknown {
        /// What was found.
        word: String,
    },
    /// The end lies before the beginning.
    #[error("the period \"{word}\" ends before it begins")]
    Backwards {
        /// What was found.
        word: String,
    },
}

/// Periods for texts: one of each kind.
pub const PERIOD_EXAMPLES: &str =
    "today, sunday, 7d, 3m, week, season, 2025-Q4, oct, 2025-10, 2025-11-01, 2025-10..2025-11 and all";

/// Words for periods that need no number.
const WORDS: &[(&str, Period)] = &[
    ("all", Period::All),
    ("today", Period::Today),
    ("yesterday", Period::Yesterday),
    ("week", Period::Week),
    ("month", Period::Month),
    ("season", Period::Season),
];

impl Period {
    /// Its days, both ends included. `months` are those that have evenings, in any order: a name of a month means the
    /// newest of them, or the newest one of the calendar where there is none.
    #[must_use]
    pub fn days(self, today: Date, months: &[YearMonth]) -> Days {
        match self {
            Self::All => Days { first: None, last: None },
            Self::Today => Days::between(today, today),
            Self::Yesterday => {
                let day = back(today, 1);
                Days::between(day, day)
            }
            Self::Weekday(weekday) => {
                let since = days_since(weekday, today.weekday());
                let day = back(today, since);
                Days::between(day, day)
            }
            Self::Week => Days::between(back(today, today.weekday().number_days_from_monday().into()), today),
            Self::Month => Days { first: YearMonth::of(today).first_day(), last: Some(today) },
            Self::Season => season_days(season_of(today)),
            Self::OneSeason(season) => season_days(season),
            Self::Last(count, unit) => Days { first: first_of_last(today, count, unit), last: Some(today) },
            Self::Day(day) => Days::between(day, day),
            Self::MonthName(month) => {
                let newest = months.iter().filter(|candidate| candidate.month() == month).max().copied();
                let month = newest.unwrap_or_else(|| newest_of_calendar(month, today));
                Days { first: month.first_day(), last: month.last_day() }
            }
            Self::YearMonth(month) => Days { first: month.first_day(), last: month.last_day() },
            Self::Year(year) => Days {
                first: Date::from_calendar_date(year, Month::January, 1).ok(),
                last: Date::from_calendar_date(year, Month::December, 31).ok(),
            },
            Self::Range(first, last) => Days::between(first, last),
        }
    }
}

impl Days {
    const fn between(first: Date, last: Date) -> Self {
        Self { first: Some(first), last: Some(last) }
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        self.first.is_none_or(|first| first <= day) && self.last.is_none_or(|last| day <= last)
    }
}

/// The season of a day.
#[must_use]
pub fn season_of(day: Date) -> Season {
    let year = i16::try_from(day.year()).unwrap_or(i16::MAX);
    Season { year, quarter: u8::from(day.month()).div_ceil(3) }
}

fn season_days(season: Season) -> Days {
    Days { first: season.first_day(), last: season.last_day() }
}

/// How many days ago the last `weekday` was, 0 for today.
fn days_since(weekday: Weekday, today: Weekday) -> i64 {
    let (wanted, today) = (weekday.number_days_from_monday(), today.number_days_from_monday());
    i64::from((7 + today - wanted) % 7)
}

fn back(day: Date, days: i64) -> Date {
    day.saturating_sub(Duration::days(days))
}

fn first_of_last(today: Date, count: u16, unit: Unit) -> Option<Date> {
    let count_days = i64::from(count);
    match unit {
        Unit::Days => Some(back(today, count_days - 1)),
        Unit::Weeks => Some(back(today, 7 * count_days - 1)),
        Unit::Months => months_back(today, u32::from(count)),
        Unit::Years => months_back(today, 12 * u32::from(count)),
    }
}

/// The day after the same day so many months ago: a month ends with today.
/// The 31st of a short month is its last day. `None` before the calendar begins: then the period is open.
fn months_back(today: Date, count: u32) -> Option<Date> {
    let months = today.year() * 12 + i32::from(u8::from(today.month())) - 1 - i32::try_from(count).ok()?;
    let month = Month::try_from(u8::try_from(months.rem_euclid(12) + 1).ok()?).ok()?;
    let year = months.div_euclid(12);
    if year < 1 {
        return None;
    }
    let day = today.day().min(month.length(year));
    Date::from_calendar_date(year, month, day).ok()?.next_day()
}

/// The newest month of this name that has begun.
fn newest_of_calendar(month: Month, today: Date) -> YearMonth {
    let is_to_come = u8::from(month) > u8::from(today.month());
    YearMonth::new(today.year() - i32::from(is_to_come), month)
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(word: &str) -> Result<Self, PeriodError> {
        let unknown = || PeriodError::Unknown { word: word.to_owned() };
        if let Some((first, last)) = word.split_once("..") {
            let first = single(first).and_then(fixed_days).and_then(|days| days.first).ok_or_else(unknown)?;
            let last = single(last).and_then(fixed_days).and_then(|days| days.last).ok_or_else(unknown)?;
            if last < first {
                return Err(PeriodError::Backwards { word: word.to_owned() });
            }
            return Ok(Self::Range(first, last));
        }
        single(word).ok_or_else(unknown)
    }
}

fn single(word: &str) -> Option<Period> {
    let known = WORDS.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)).map(|(_, period)| *period);
    known
        .or_else(|| date::weekday(word).map(Period::Weekday))
        .or_else(|| last(word))
        .or_else(|| word.parse().ok().map(Period::OneSeason))
        .or_else(|| date::day(word).map(Period::Day))
        .or_else(|| date::year_month(word).map(Period::YearMonth))
        .or_else(|| date::year(word).map(Period::Year))
        .or_else(|| date::month_name(word).map(Period::MonthName))
}

/// `7d`, `2w`, `3m`, `1y`, in any case.
fn last(word: &str) -> Option<Period> {
    let units = [('d', Unit::Days), ('w', Unit::Weeks), ('m', Unit::Months), ('y', Unit::Years)];
    let letter = word.chars().next_back()?.to_ascii_lowercase();
    let (_, unit) = units.into_iter().find(|(known, _)| *known == letter)?;
    let count = u16::try_from(date::number(word.get(..word.len() - 1)?, 1..=4)?).ok()?;
    (count > 0).then_some(Period::Last(count, unit))
}

/// Days of a period that does not move with today.
fn fixed_days(period: Period) -> Option<Days> {
    let fixed = matches!(period, Period::Day(_) | Period::YearMonth(_) | Period::Year(_) | Period::OneSeason(_));
    fixed.then(|| period.days(Date::MIN, &[]))
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All | Self::Today | Self::Yesterday | Self::Week | Self::Month | Self::Season => {
                f.write_str(WORDS.iter().find(|(_, period)| period == self).map_or("", |(word, _)| *word))
            }
            Self::Weekday(weekday) => f.write_str(date::name_of_weekday(*weekday)),
            Self::OneSeason(season) => season.fmt(f),
            Self::Last(count, unit) => {
                let letter = match unit {
                    Unit::Days => 'd',
                    Unit::Weeks => 'w',
                    Unit::Months => 'm',
                    Unit::Years => 'y',
                };
                write!(f, "{count}{letter}")
            }
            Self::Day(day) => day.fmt(f),
            Self::MonthName(month) => f.write_str(date::name_of_month(*month)),
            Self::YearMonth(month) => month.fmt(f),
            Self::Year(year) => write!(f, "{year}"),
            Self::Range(first, last) => write!(f, "{first}..{last}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    /// A Wednesday.
    const TODAY: Date = date!(2026 - 11 - 25);

    fn days(word: &str) -> (Option<Date>, Option<Date>) {
        let months = [YearMonth::new(2024, Month::October), YearMonth::new(2025, Month::October)];
        let days = word.parse::<Period>().unwrap().days(TODAY, &months);
        (days.first, days.last)
    }

    #[test]
    fn words_of_people_are_days() {
        let between = |first, last| (Some(first), Some(last));
        let cases = [
            ("all", (None, None)),
            ("today", between(TODAY, TODAY)),
            ("Yesterday", between(date!(2026 - 11 - 24), date!(2026 - 11 - 24))),
            ("wednesday", between(TODAY, TODAY)),
            ("thursday", between(date!(2026 - 11 - 19), date!(2026 - 11 - 19))),
            ("sunday", between(date!(2026 - 11 - 22), date!(2026 - 11 - 22))),
            ("week", between(date!(2026 - 11 - 23), TODAY)),
            ("month", between(date!(2026 - 11 - 01), TODAY)),
            ("season", between(date!(2026 - 10 - 01), date!(2026 - 12 - 31))),
            ("2025-q3", between(date!(2025 - 07 - 01), date!(2025 - 09 - 30))),
            ("1d", between(TODAY, TODAY)),
            ("7d", between(date!(2026 - 11 - 19), TODAY)),
            ("2W", between(date!(2026 - 11 - 12), TODAY)),
            ("3m", between(date!(2026 - 08 - 26), TODAY)),
            ("1y", between(date!(2025 - 11 - 26), TODAY)),
            ("9999y", (None, Some(TODAY))),
            ("1.11.2025", between(date!(2025 - 11 - 01), date!(2025 - 11 - 01))),
            ("oct", between(date!(2025 - 10 - 01), date!(2025 - 10 - 31))),
            ("december", between(date!(2025 - 12 - 01), date!(2025 - 12 - 31))),
            ("november", between(date!(2026 - 11 - 01), date!(2026 - 11 - 30))),
            ("2025-10", between(date!(2025 - 10 - 01), date!(2025 - 10 - 31))),
            ("2025", between(date!(2025 - 01 - 01), date!(2025 - 12 - 31))),
            ("2025-10..2025-11", between(date!(2025 - 10 - 01), date!(2025 - 11 - 30))),
            ("2025-Q4..2026", between(date!(2025 - 10 - 01), date!(2026 - 12 - 31))),
            ("5.10.2025..2025-10-05", between(date!(2025 - 10 - 05), date!(2025 - 10 - 05))),
        ];
        for (word, expected) in cases {
            assert_eq!(days(word), expected, "{word}");
        }
    }

    #[test]
    fn a_month_back_from_a_long_month_ends_in_the_short_one() {
        let days = Period::Last(1, Unit::Months).days(date!(2026 - 03 - 31), &[]);
        assert_eq!(days.first, Some(date!(2026 - 03 - 01)));
    }

    #[test]
    fn other_words_are_no_period() {
        for word in ["", "vid", "0d", "d", "10", "99999d", "2025-Q5", "2025-13", "..", "2025..", "today..2025", "-1d"] {
            let error = word.parse::<Period>().unwrap_err();
            assert_eq!(error, PeriodError::Unknown { word: word.to_owned() });
        }
        let error = "2025-11..2025-10".parse::<Period>().unwrap_err();
        assert_eq!(error.to_string(), "the period \"2025-11..2025-10\" ends before it begins");
    }

    #[test]
    fn the_examples_of_the_error_are_periods() {
        for word in PERIOD_EXAMPLES.split([',', ' ']).filter(|word| !matches!(*word, "" | "and")) {
            assert!(word.parse::<Period>().is_ok(), "{word}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(word in "(all|today|yesterday|week|month|season|(mon|fri|sun)day|[1-9][0-9]{0,3}[dwmy]|20[0-9]{2}(-Q[1-4]|-0[1-9](-[0-2][1-8])?)?|may|jun|2025-0[1-9]\\.\\.2026-0[1-9])") {
            let period: Period = word.parse().unwrap();
            prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period));
        }

        #[test]
        fn no_text_makes_it_panic(word in ".{0,20}", day in 0_i32..3_000_000) {
            if let Ok(period) = word.parse::<Period>() {
                let today = Date::from_julian_day(day).unwrap_or(TODAY);
                let days = period.days(today, &[]);
                prop_assert!(days.first.is_none() || days.last.is_none() || days.first <= days.last);
            }
        }
    }
}
