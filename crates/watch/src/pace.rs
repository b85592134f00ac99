//! How often to look: often while somebody may be playing. Pure.

use std::time::{Duration, Instant};

use crate::{Voice, WatchConfig};

/// Looks come a little earlier than asked for, and not in step with other watchers.
const SHARE: (f64, f64) = (0.82, 0.92);

/// Follows the voice channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    /// Since when nobody is there, if that is known.
    empty_since: Option<Instant>,
}

impl Pace {
    pub(crate) const fn new() -> Self {
        Self { empty_since: None }
    }

    /// What is heard now.
    pub(crate) fn hear(&mut self, voice: Voice, now: Instant) {
        self.empty_since = match voice {
            Voice::Unknown | Voice::People(1..) => None,
            Voice::People(0) => self.empty_since.or(Some(now)),
        };
    }

    /// The time from one look to the next. Idle only lengthens it, so that no file is ever lost.
    pub(crate) fn interval(&self, config: &WatchConfig, now: Instant, chance: f64) -> Duration {
        let idle = self.empty_since.is_some_and(|since| now.duration_since(since) >= config.grace);
        let asked = if idle { config.idle_interval.max(config.interval) } else { config.interval };
        asked.mul_f64(SHARE.0 + (SHARE.1 - SHARE.0) * chance.clamp(0.0, 1.0))
    }

    /// When idleness begins, if it is still to come: the pace changes then.
    pub(crate) fn idle_at(&self, config: &WatchConfig) -> Option<Instant> {
        self.empty_since.map(|since| since + config.grace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::tests::config;

    #[test]
    fn idleness_begins_after_the_grace_period_and_ends_at_once() {
        let config = config();
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let mut pace = Pace::new();
        let looks_often = |pace: &Pace, seconds| pace.interval(&config, at(seconds), 1.0) < config.interval;
        assert!(looks_often(&pace, 0), "nobody tells: always active");
        pace.hear(Voice::People(3), at(0));
        pace.hear(Voice::People(0), at(100));
        pace.hear(Voice::People(0), at(400));
        let grace = config.grace.as_secs();
        assert!(looks_often(&pace, 100 + grace - 1));
        assert!(!looks_often(&pace, 100 + grace));
        pace.hear(Voice::People(1), at(100 + grace + 1));
        assert!(looks_often(&pace, 100 + grace + 1));
        pace.hear(Voice::People(0), at(5_000));
        pace.hear(Voice::Unknown, at(5_001));
        assert!(looks_often(&pace, 50_000));
    }

    #[test]
    fn looks_never_come_later_than_asked_for() {
        let config = config();
        for chance in [0.0, 0.5, 1.0] {
            let interval = Pace::new().interval(&config, Instant::now(), chance);
            assert!(interval <= config.interval && interval >= config.interval.mul_f64(0.8), "{interval:?}");
        }
    }
}
