//! How old a file is, by the clock of the server it is on. Pure.
//!
//! Our clock and the server's may differ by an hour. So ages are counted back from the newest file,
//! which was written by the server's clock: where that is ahead of our time, the server's clock is;
//! where it is behind, either the clock is or nobody has played, and only so much is believed.

use fullhold_stats_file::{FileKind, FileName};
use time::PrimitiveDateTime;

use crate::zone::Zone;

/// Seconds by which a server's clock may be behind ours without costing files.
const SKEW: i64 = 2 * 3600;

/// When files were written.
pub(crate) struct Window {
    /// Files written before this are too old; seconds since 1970 by the server's clock.
    from: i64,
}

impl Window {
    /// Everything.
    pub(crate) const ALL: Self = Self { from: i64::MIN };

    /// The time back from the server's now: `newest` is when its newest file was written, `now` what
    /// our clock says.
    pub(crate) fn back(seconds: i64, newest: Option<i64>, now: i64) -> Self {
        let there = newest.map_or(now, |newest| newest.max(now.saturating_sub(SKEW)));
        Self { from: there.saturating_sub(seconds) }
    }

    pub(crate) fn holds(&self, written: i64) -> bool {
        written >= self.from
    }
}

/// When a file was written, by the server's clock: its stamp says so even where a copy has lost the
/// modification time.
pub(crate) fn written(name: &str, mtime: i64, zone: &Zone) -> i64 {
    let stats = name.strip_suffix("-endstats.txt").map_or_else(|| name.to_owned(), |start| format!("{start}.txt"));
    match FileKind::of(&stats) {
        FileKind::Stats(FileName { stamp, .. }) => {
            let instants = zone.instants(stamp);
            instants.late.unwrap_or(instants.early)
        }
        _ => mtime,
    }
}

/// An instant as seconds since 1970.
pub(crate) fn seconds(at: PrimitiveDateTime) -> i64 {
    at.assume_utc().unix_timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;
    const NOW: i64 = 1_750_000_000;

    #[test]
    fn a_day_back_is_the_server_s_day_whatever_our_clock_says() {
        for skew in [-HOUR, 0, HOUR] {
            let there = NOW + skew;
            let window = Window::back(24 * HOUR, Some(there), NOW);
            assert!(window.holds(there - 24 * HOUR), "skew {skew}");
            assert!(!window.holds(there - 24 * HOUR - 1), "skew {skew}");
        }
    }

    #[test]
    fn an_archive_of_last_year_is_not_today() {
        let window = Window::back(24 * HOUR, Some(NOW - 365 * 24 * HOUR), NOW);
        assert!(!window.holds(NOW - 365 * 24 * HOUR));
        assert!(Window::ALL.holds(0));
    }

    #[test]
    fn the_stamp_counts_and_not_the_time_of_a_copy() {
        let zone = Zone::new("Europe/Ljubljana").unwrap();
        for name in ["2025-01-07-210000-supply-round-1.txt", "2025-01-07-210000-supply-round-1-endstats.txt"] {
            assert_eq!(written(name, NOW, &zone), 1_736_280_000, "{name}");
        }
        assert_eq!(written("other-endstats.txt", NOW, &zone), NOW);
    }
}
