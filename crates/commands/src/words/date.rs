//! Days and months as people write them: `2025-11-01`, `1.11.2025`, `oct`, `2025-10`, `sunday`.

use std::fmt;

use time::{Date, Month, Weekday};

/// A month of a year; prints as `YYYY-MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    /// Year, 1–9999.
    pub year: i32,
    /// Month, 1–12. A number, because months of `time` have no order.
    month: u8,
}

impl YearMonth {
    /// The month of a year.
    #[must_use]
    pub fn new(year: i32, month: Month) -> Self {
        Self { year, month: u8::from(month) }
    }

    /// The month that a day lies in.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self::new(day.year(), day.month())
    }

    /// The month without its year.
    #[must_use]
    pub fn month(self) -> Month {
        Month::try_from(self.month).unwrap_or(Month::January)
    }

    /// Its first day; `None` outside of the calendar of `time`.
    #[must_use]
    pub fn first_day(self) -> Option<Date> {
        Date::from_calendar_date(self.year, self.month(), 1).ok()
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Option<Date> {
        let month = self.month();
        Date::from_calendar_date(self.year, month, month.length(self.year)).ok()
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// Names of months, from January on; three letters are enough.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Names of days. Shorter forms are none: `sun` and `sat` are names that people wear.
const WEEKDAYS: &[(&str, Weekday)] = &[
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// A day: `2025-11-01` or `1.11.2025`.
#[must_use]
pub(crate) fn day(word: &str) -> Option<Date> {
    let (year, month, day) = if word.contains('.') {
        let mut parts = word.split('.');
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        (number(year, 4..=4)?, number(month, 1..=2)?, number(day, 1..=2)?)
    } else {
        let mut parts = word.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        (number(year, 4..=4)?, number(month, 2..=2)?, number(day, 2..=2)?)
    };
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(i32::try_from(year).ok()?, month, u8::try_from(day).ok()?).ok()
}

/// A month with its year: `2025-10`.
#[must_use]
pub(crate) fn year_month(word: &str) -> Option<YearMonth> {
    let (year, month) = word.split_once('-')?;
    let (year, month) = (number(year, 4..=4)?, number(month, 2..=2)?);
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    (year > 0).then(|| i32::try_from(year).ok()).flatten().map(|year| YearMonth::new(year, month))
}

/// A year from 1970 to 2099: `2025`. Other numbers are ids and months.
#[must_use]
pub(crate) fn year(word: &str) -> Option<i32> {
    let year = i32::try_from(number(word, 4..=4)?).ok()?;
    (1970..=2099).contains(&year).then_some(year)
}

/// A month by its name or the first three letters of it, in any case.
#[must_use]
pub(crate) fn month_name(word: &str) -> Option<Month> {
    let word = word.to_lowercase();
    let index = MONTHS.iter().position(|name| *name == word || word.len() == 3 && name.starts_with(&word))?;
    Month::try_from(u8::try_from(index).ok()?.checked_add(1)?).ok()
}

/// A month by its number: `1`, `01` … `12`.
#[must_use]
pub(crate) fn month_number(word: &str) -> Option<Month> {
    Month::try_from(u8::try_from(number(word, 1..=2)?).ok()?).ok()
}

/// A day of the week by its whole name, in any case.
#[must_use]
pub(crate) fn weekday(word: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, weekday)| *weekday)
}

/// The English name of a month, as it is read.
#[must_use]
pub(crate) fn name_of_month(month: Month) -> &'static str {
    MONTHS.get(usize::from(u8::from(month)).saturating_sub(1)).copied().unwrap_or_default()
}

/// The English name of a day of the week, as it is read.
#[must_use]
pub(crate) fn name_of_weekday(weekday: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(_, day)| *day == weekday).map_or("", |(name, _)| *name)
}

/// A number of this many digits, without sign.
pub(crate) fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let fits = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn days_are_read_in_both_spellings() {
        let cases = [
            ("2025-11-01", Some(date!(2025 - 11 - 01))),
            ("1.11.2025", Some(date!(2025 - 11 - 01))),
            ("01.11.2025", Some(date!(2025 - 11 - 01))),
            ("29.2.2024", Some(date!(2024 - 02 - 29))),
            ("29.2.2025", None),
            ("2025-13-01", None),
            ("2025-1-1", None),
            ("1.11.25", None),
            ("1.11.2025.", None),
            ("2025-11-01-02", None),
            ("+2025-11-01", None),
            ("", None),
        ];
        for (word, expected) in cases {
            assert_eq!(day(word), expected, "{word}");
        }
    }

    #[test]
    fn months_have_names_numbers_and_years() {
        assert_eq!(month_name("oct"), Some(Month::October));
        assert_eq!(month_name("October"), Some(Month::October));
        assert_eq!(month_name("octo"), None);
        assert_eq!(month_number("10"), Some(Month::October));
        assert_eq!(month_number("0"), None);
        assert_eq!(month_number("13"), None);
        assert_eq!(year_month("2025-10"), Some(YearMonth::new(2025, Month::October)));
        assert_eq!(year_month("0000-10"), None);
        assert_eq!(year_month("2025-00"), None);
        assert_eq!(YearMonth::new(2024, Month::February).last_day(), Some(date!(2024 - 02 - 29)));
        assert_eq!(weekday("Sunday"), Some(Weekday::Sunday));
        assert_eq!(weekday("sun"), None);
        assert_eq!(year("2025"), Some(2025));
        assert_eq!(year("1234"), None);
    }
}
