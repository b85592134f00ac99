//! When a directory must be listed again. Pure.
//!
//! A directory's modification time moves when a file appears, is renamed or vanishes, not when one
//! grows. It has a granularity of one second, so a list made within that second may miss a file that
//! appears later in it: such a list is not final, and one more is made.

use std::time::{Duration, Instant};

/// A list that began so long after its modification time was first seen is final. One second would
/// do for a server whose clock runs as ours does.
const SECOND_OVER: Duration = Duration::from_millis(1_500);
/// A list is renewed after so long although the time did not move: times can be set back, and another
/// directory of the same time be put in its place.
const RENEWED: Duration = Duration::from_secs(60);
/// But not before so many times as long as it took: a large one costs the server work.
const SHARE: u32 = 500;

/// Remembers what was seen of a directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DirectoryLooks {
    seen: Option<Seen>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    mtime: i64,
    since: Instant,
    /// When the last list began, and how long it took.
    listed: Option<(Instant, Duration)>,
}

impl DirectoryLooks {
    /// Whether to list, having seen this modification time now. A list older than `longest` is
    /// always renewed.
    pub fn must_list(&mut self, mtime: i64, now: Instant, longest: Duration) -> bool {
        match self.seen.filter(|seen| seen.mtime == mtime) {
            None => {
                self.seen = Some(Seen { mtime, since: now, listed: None });
                true
            }
            Some(Seen { listed: None, .. }) => true,
            Some(Seen { since, listed: Some((listed, took)), .. }) => {
                let longest = longest.min(RENEWED.max(took.saturating_mul(SHARE)));
                listed.duration_since(since) < SECOND_OVER && now.duration_since(since) >= SECOND_OVER
                    || now.duration_since(listed) >= longest
            }
        }
    }

    /// A list that began then is complete now.
    pub fn listed(&mut self, began: Instant, now: Instant) {
        if let Some(seen) = &mut self.seen {
            seen.listed = Some((began, now.duration_since(began)));
        }
    }

    /// The next look must list.
    pub fn forget(&mut self) {
        self.seen = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: Duration = Duration::from_secs(600);

    #[test]
    fn a_list_is_made_when_the_time_moved_then_once_more_then_not() {
        let start = Instant::now();
        let at = |millis: u64| start + Duration::from_millis(millis);
        let mut looks = DirectoryLooks::default();
        let mut listed = Vec::new();
        for (millis, mtime) in [
            (0, 5),
            (1_000, 5),
            (2_000, 5),
            (4_000, 5),
            (6_000, 7),
            (8_000, 7),
            (10_000, 7),
            (700_000, 7),
            (702_000, 7),
        ] {
            if looks.must_list(mtime, at(millis), LONGEST) {
                looks.listed(at(millis), at(millis + 2_000));
                listed.push(millis);
            }
        }
        assert_eq!(listed, [0, 2_000, 6_000, 8_000, 700_000]);
    }

    #[test]
    fn a_list_is_renewed_although_the_time_stands_and_a_large_one_seldom() {
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        for (took, renewed_after) in [(0, 60), (100, 60), (400, 200), (10_000, 600)] {
            let mut looks = DirectoryLooks::default();
            assert!(looks.must_list(5, at(0), LONGEST));
            looks.listed(at(2), at(2) + Duration::from_millis(took));
            let renewed = (3..1_000).find(|seconds| looks.must_list(5, at(*seconds), LONGEST));
            assert_eq!(renewed, Some(2 + renewed_after), "{took} ms");
        }
    }

    #[test]
    fn a_list_that_failed_is_made_again() {
        let now = Instant::now();
        let mut looks = DirectoryLooks::default();
        assert!(looks.must_list(5, now, LONGEST));
        assert!(looks.must_list(5, now, LONGEST));
        looks.listed(now, now);
        assert!(!looks.must_list(5, now, LONGEST));
        looks.forget();
        assert!(looks.must_list(5, now, LONGEST));
    }
}
