//! Server local time to instants. The only place that knows time zones.

use fullhold_analytics::DayStart;
use fullhold_stats_file::Stamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan as _};
use thiserror::Error;
use time::PrimitiveDateTime;

use crate::ambiguous_time;
use crate::days::Span;

/// Seconds by which a server's clock and its file system's may differ.
const NEAR: i64 = 600;

/// A zone name that is not in the IANA database.
#[derive(Debug, Error)]
#[error("time zone {name:?} is unknown; allowed are IANA names such as Europe/Ljubljana or UTC")]
pub struct ZoneError {
    /// The name.
    pub name: String,
}

/// The time zone of a server's stamps. Independent of the zone of this host.
#[derive(Clone, Debug)]
pub struct Zone {
    zone: TimeZone,
    name: String,
}

/// The instants a stamp can mean, seconds since 1970 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instants {
    /// The only one, or the earlier of two.
    pub early: i64,
    /// In the hour that a clock set back shows twice: the second time.
    pub late: Option<i64>,
}

impl Instants {
    /// A file whose modification time is near exactly one of its two meanings was written then. A
    /// copy that lost the time is near neither, and the rounds around it have to tell.
    pub(crate) fn known(self, mtime: Option<PrimitiveDateTime>) -> Self {
        let (Some(late), Some(mtime)) = (self.late, mtime) else { return self };
        let near = |at: i64| (mtime.assume_utc().unix_timestamp() - at).abs() <= NEAR;
        match (near(self.early), near(late)) {
            (true, false) => Self { early: self.early, late: None },
            (false, true) => Self { early: late, late: None },
            _ => self,
        }
    }
}

impl Zone {
    /// The zone of an IANA name, from the database built into the program.
    ///
    /// # Errors
    /// The name is unknown.
    pub fn new(name: &str) -> Result<Self, ZoneError> {
        let zone = TimeZone::get(name).map_err(|_unknown| ZoneError { name: name.to_owned() })?;
        Ok(Self { zone, name: name.to_owned() })
    }

    /// The name as given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the clock shows there at an instant (seconds since 1970 UTC): `2025-11-03 20:15`.
    #[must_use]
    pub fn local(&self, at: i64) -> String {
        let at = jiff::Timestamp::from_second(at).unwrap_or_default().to_zoned(self.zone.clone());
        at.strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// The date there at an instant (seconds since 1970 UTC).
    #[must_use]
    pub fn date(&self, at: i64) -> time::Date {
        let local = Timestamp::from_second(at).unwrap_or_default().to_zoned(self.zone.clone()).date();
        let month = u8::try_from(local.month()).ok().and_then(|month| time::Month::try_from(month).ok());
        let day = u8::try_from(local.day()).unwrap_or(1);
        let date = time::Date::from_calendar_date(local.year().into(), month.unwrap_or(time::Month::January), day);
        date.unwrap_or(time::Date::MIN)
    }

    /// The day that an instant lies in, counted from 1970-01-01, when days begin at that time.
    pub(crate) fn day(&self, at: i64, start: DayStart) -> i64 {
        let local = Timestamp::from_second(at).unwrap_or_default().to_zoned(self.zone.clone()).date();
        let date = Date::constant(1970, 1, 1).until(local).map_or(0, |span| i64::from(span.get_days()));
        if at < self.day_begin(date, start) {
            date - 1
        } else if at >= self.day_begin(date + 1, start) {
            date + 1
        } else {
            date
        }
    }

    /// When that day begins. Where the clock shows the time twice, the first time; where it skips
    /// the time, so much later as it was set forward.
    pub(crate) fn day_begin(&self, day: i64, start: DayStart) -> i64 {
        let part = |n: u8| i8::try_from(n).unwrap_or(0);
        let date = Date::constant(1970, 1, 1).checked_add(day.days()).unwrap_or_default();
        let local = date.at(part(start.hour), part(start.minute), 0, 0);
        self.zone.to_ambiguous_timestamp(local).compatible().map_or(0, Timestamp::as_second)
    }

    /// The instants that share their local time with another, for each clock set back whose
    /// instants touch the span.
    pub(crate) fn folds(&self, span: Span) -> Vec<Span> {
        let at = |second: i64| Timestamp::from_second(second).unwrap_or_default();
        let mut folds = Vec::new();
        for transition in self.zone.following(at(span.from.saturating_sub(ambiguous_time::LONGEST_SHIFT + 1))) {
            let turn = transition.timestamp().as_second();
            if turn > span.to.saturating_add(ambiguous_time::LONGEST_SHIFT) {
                break;
            }
            let before = self.zone.to_offset(at(turn - 1)).seconds();
            let back = i64::from(before - transition.offset().seconds());
            let fold = Span { from: turn - back, to: turn + back };
            if back > 0 && fold.from <= span.to && fold.to >= span.from {
                folds.push(fold);
            }
        }
        folds
    }

    /// What a stamp can mean. A time that a clock set forward skips counts as if it had not been set.
    #[must_use]
    pub fn instants(&self, stamp: Stamp) -> Instants {
        let Stamp { year, month, day, hour, minute, second } = stamp;
        let part = |n: u8| i8::try_from(n).unwrap_or(0);
        // A stamp has a date that exists, and a year of at most four digits.
        let local =
            DateTime::new(year, part(month), part(day), part(hour), part(minute), part(second), 0).unwrap_or_default();
        let at = |offset: jiff::tz::Offset| offset.to_timestamp(local).map_or(0, jiff::Timestamp::as_second);
        match self.zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Gap { before: offset, .. } => {
                Instants { early: at(offset), late: None }
            }
            AmbiguousOffset::Fold { before, after } => Instants { early: at(before), late: Some(at(after)) },
        }
    }
}
