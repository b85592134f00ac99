//! How old a file is, by the clock of the server it is on. Pure.
//!
//! Our clock and the server's may differ by an hour. So ages are counted back from the newest file,
//! which was written by the server's clock: where that is ahead of our time, the server's clock is;
//! where it is behind, either the clock is or nobody has played. Only so much of either is believed:
//! one file with a stamp of the next century must not make all others old.

use fullhold_ingest::Zone;
use fullhold_ssh_sync::Entry;
use fullhold_stats_file::{FileKind, FileName};
use time::PrimitiveDateTime;

/// Seconds by which a server's clock may differ from ours without costing files.
pub(crate) const SKEW: i64 = 2 * 3600;

/// Which files are young enough.
pub(crate) struct Window {
    /// Files written before this are too old; seconds since 1970 by the server's clock.
    from: i64,
    /// By modification times only.
    by_mtime: bool,
}

impl Window {
    /// Everything.
    pub(crate) const ALL: Self = Self { from: i64::MIN, by_mtime: false };

    /// So many seconds back from the server's now; `now` is what our clock says.
    ///
    /// Stamps count. Where not one of them is in the window, modification times do: files that were
    /// copied in today, or a server whose stamps are all wrong, are not nothing.
    pub(crate) fn back(seconds: i64, entries: &[Entry], zone: &Zone, now: i64) -> Self {
        let stamps = Self::from_newest(seconds, entries, zone, now, false);
        if entries.iter().any(|entry| stamps.holds(entry, zone)) {
            return stamps;
        }
        Self::from_newest(seconds, entries, zone, now, true)
    }

    fn from_newest(seconds: i64, entries: &[Entry], zone: &Zone, now: i64, by_mtime: bool) -> Self {
        let newest = entries.iter().map(|entry| age(entry, zone, by_mtime)).max().unwrap_or(now);
        let there = newest.clamp(now.saturating_sub(SKEW), now.saturating_add(SKEW));
        Self { from: there.saturating_sub(seconds), by_mtime }
    }

    pub(crate) fn holds(&self, entry: &Entry, zone: &Zone) -> bool {
        age(entry, zone, self.by_mtime) >= self.from
    }
}

fn age(entry: &Entry, zone: &Zone, by_mtime: bool) -> i64 {
    if by_mtime { entry.mark.mtime } else { written(&entry.name, entry.mark.mtime, zone) }
}

/// What the server's clock says now, as far as the modification times of its files tell.
pub(crate) fn there(entries: &[Entry], now: i64) -> i64 {
    let newest = entries.iter().map(|entry| entry.mark.mtime).max().unwrap_or(now);
    newest.clamp(now.saturating_sub(SKEW), now.saturating_add(SKEW))
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
    use fullhold_ssh_sync::Mark;

    use super::*;

    const HOUR: i64 = 3600;
    const NOW: i64 = 1_750_000_000;

    fn utc() -> Zone {
        Zone::new("UTC").unwrap()
    }

    fn entry(stamp: i64, mtime: i64) -> Entry {
        let at = time::OffsetDateTime::from_unix_timestamp(stamp).unwrap();
        let (date, time) = (at.date(), at.time());
        let name = format!("{date}-{:02}{:02}{:02}-supply-round-1.txt", time.hour(), time.minute(), time.second());
        Entry { name, mark: Mark { size: 1, mtime, mode: 0o100_644 } }
    }

    /// Which files of such stamps and modification times a day's window takes.
    fn taken(files: &[(i64, i64)]) -> Vec<bool> {
        let entries: Vec<Entry> = files.iter().map(|&(stamp, mtime)| entry(stamp, mtime)).collect();
        let window = Window::back(24 * HOUR, &entries, &utc(), NOW);
        entries.iter().map(|entry| window.holds(entry, &utc())).collect()
    }

    #[test]
    fn a_day_back_is_the_server_s_day_whatever_our_clock_says() {
        for skew in [-HOUR, 0, HOUR] {
            let there = NOW + skew;
            let at = |age: i64| (there - age, there - age);
            let files = [at(0), at(24 * HOUR), at(24 * HOUR + 1)];
            assert_eq!(taken(&files), [true, true, false], "skew {skew}");
        }
    }

    #[test]
    fn an_archive_of_last_year_is_not_today() {
        let old = NOW - 365 * 24 * HOUR;
        assert_eq!(taken(&[(old, old)]), [false]);
        assert!(Window::ALL.holds(&entry(0, 0), &utc()));
        assert!(taken(&[]).is_empty());
    }

    #[test]
    fn one_stamp_of_the_next_century_makes_no_other_file_old() {
        let ahead = NOW + 50 * 365 * 24 * HOUR;
        assert_eq!(taken(&[(ahead, NOW), (NOW - HOUR, NOW - HOUR)]), [true, true]);
    }

    #[test]
    fn a_copy_that_lost_the_times_does_not_make_everything_new() {
        let old = NOW - 365 * 24 * HOUR;
        assert_eq!(taken(&[(old, NOW), (NOW - HOUR, NOW)]), [false, true]);
    }

    #[test]
    fn where_every_stamp_is_old_the_modification_times_count() {
        let old = NOW - 365 * 24 * HOUR;
        assert_eq!(taken(&[(old, NOW - 23 * HOUR), (old, NOW - 30 * HOUR)]), [true, false]);
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
