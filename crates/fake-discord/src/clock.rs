//! Time and ids of the fake: real time, and what tests let pass on top of it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use tokio::time::Instant;

/// Milliseconds from 1970 to Discord's epoch, the start of 2015.
const EPOCH_MS: u64 = 1_420_070_400_000;

/// Time since the fake was started.
#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    started_unix_ms: u64,
    passed: Duration,
    ids: u64,
}

impl Clock {
    pub(crate) fn new() -> Self {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let started_unix_ms = u64::try_from(unix.as_millis()).unwrap_or(EPOCH_MS);
        Self { started: Instant::now(), started_unix_ms, passed: Duration::ZERO, ids: 0 }
    }

    /// Now, since the fake was started.
    pub(crate) fn now(&self) -> Duration {
        self.started.elapsed() + self.passed
    }

    /// Makes everything older.
    pub(crate) fn pass(&mut self, time: Duration) {
        self.passed += time;
    }

    fn unix_ms(&self) -> u64 {
        self.started_unix_ms + u64::try_from(self.now().as_millis()).unwrap_or_default()
    }

    /// A number that no other thing has; it says when it was made.
    pub(crate) fn snowflake(&mut self) -> u64 {
        self.ids += 1;
        (self.unix_ms().saturating_sub(EPOCH_MS) << 22) | (self.ids & 0x3f_ffff)
    }

    /// Now, as Discord writes it.
    pub(crate) fn stamp(&self) -> String {
        let seconds = i64::try_from(self.unix_ms() / 1_000).unwrap_or_default();
        let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let (date, time) = (at.date(), at.time());
        let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        let micros = self.unix_ms() % 1_000 * 1_000;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}+00:00")
    }
}
