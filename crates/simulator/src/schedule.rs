//! When evenings happen: instants, local stamps, and the nights in which clocks change.

use fullhold_stats_file::Stamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};

/// The server's clock.
pub(crate) struct Schedule {
    zone: TimeZone,
    day: Date,
    days_between: i32,
}

impl Schedule {
    pub(crate) fn new(zone: &str, (year, month, day): (i16, i8, i8), days_between: i32) -> Result<Self, jiff::Error> {
        Ok(Self { zone: TimeZone::get(zone)?, day: Date::new(year, month, day)?, days_between: days_between.max(1) })
    }

    /// Begin of the next evening, at a local hour and minute; moves on.
    pub(crate) fn next_evening(&mut self, hour: i8, minute: i8) -> i64 {
        let at = self.day.at(hour, minute, 0, 0).to_zoned(self.zone.clone());
        self.day = self.day.checked_add(self.days_between.days()).unwrap_or(self.day);
        at.map_or(0, |at| at.timestamp().as_second())
    }

    /// Begin of an evening that the next change of the clock interrupts; moves on behind it.
    pub(crate) fn next_clock_change(&mut self, before: i64) -> Option<i64> {
        let noon = self.day.at(12, 0, 0, 0).to_zoned(self.zone.clone()).ok()?;
        let change = self.zone.following(noon.timestamp()).next()?.timestamp();
        let day = change.to_zoned(self.zone.clone()).date();
        self.day = day.checked_add((self.days_between + 1).days()).ok()?;
        Some(change.as_second() - before)
    }

    /// Moves on behind an instant: the next evening is on a later day.
    pub(crate) fn skip_to(&mut self, instant: i64) {
        let last = self.local(instant).date();
        if self.day <= last {
            self.day = last.checked_add(1.days()).unwrap_or(last);
        }
    }

    /// The day an instant belongs to, if days begin at this local hour.
    pub(crate) fn day_of(&self, instant: i64, begin: i8) -> Date {
        let local = self.local(instant);
        let date = local.date();
        if local.hour() < begin { date.yesterday().unwrap_or(date) } else { date }
    }

    fn local(&self, instant: i64) -> Zoned {
        Timestamp::from_second(instant).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.zone.clone())
    }

    /// The server's local time at an instant, as the file name has it.
    pub(crate) fn stamp(&self, instant: i64) -> Stamp {
        let at = self.local(instant);
        let part = |n: i8| u8::try_from(n).unwrap_or(0);
        Stamp {
            year: at.year(),
            month: part(at.month()),
            day: part(at.day()),
            hour: part(at.hour()),
            minute: part(at.minute()),
            second: part(at.second()),
        }
    }
}
