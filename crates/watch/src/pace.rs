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
    ///
    /// Returns whether people have come back: then it is time to look.
    pub(crate) fn hear(&mut self, voice: Voice, config: &WatchConfig, now: Instant) -> bool {
        let play = match voice {
            Voice::Unknown => true,
            Voice::People(people) => people >= config.active_from,
        };
        let came = play && self.empty_since.is_some();
        self.empty_since = if play { None } else { self.empty_since.or(Some(now)) };
        came
    }

    /// The time from one look to the next. Idle only lengthens it, so that no file is ever lost.
    pub(crate) fn interval(&self, config: &WatchConfig, now: Instant, chance: f64) -> Duration {
        let asked = if self.is_idle(config, now) { config.idle_interval.max(config.interval) } else { config.interval };
        asked.mul_f64(SHARE.0 + (SHARE.1 - SHARE.0) * chance.clamp(0.0, 1.0))
    }

    /// Whether nobody has been there for as long as the grace period.
    pub(crate) fn is_idle(&self, config: &WatchConfig, now: Instant) -> bool {
        self.empty_since.is_some_and(|since| now.duration_since(since) >= config.grace)
    }

    /// When idleness begins, if it is still to come: the pace changes then.
    pub(crate) fn idle_at(&self, config: &WatchConfig) -> Option<Instant> {
        self.empty_since.map(|since| since + config.grace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::config;

    #[test]
    fn idleness_begins_after_the_grace_period_and_ends_at_once() {
        let config = config();
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let mut pace = Pace::new();
        let looks_often = |pace: &Pace, seconds| pace.interval(&config, at(seconds), 1.0) < config.interval;
        let hear = |pace: &mut Pace, people, seconds| pace.hear(Voice::People(people), &config, at(seconds));
        assert!(looks_often(&pace, 0), "nobody tells: always active");
        assert!(!hear(&mut pace, 3, 0), "nobody had left");
        assert!(!hear(&mut pace, 1, 100), "two are needed");
        assert!(!hear(&mut pace, 0, 400));
        let grace = config.grace.as_secs();
        assert!(looks_often(&pace, 100 + grace - 1));
        assert!(!looks_often(&pace, 100 + grace));
        assert!(!hear(&mut pace, 1, 100 + grace + 1));
        assert!(!looks_often(&pace, 100 + grace + 1));
        assert!(hear(&mut pace, 2, 100 + grace + 2), "they are back: look at once");
        assert!(!hear(&mut pace, 3, 100 + grace + 3));
        assert!(looks_often(&pace, 100 + grace + 3));
        hear(&mut pace, 0, 5_000);
        pace.hear(Voice::Unknown, &config, at(5_001));
        assert!(looks_often(&pace, 50_000));
    }

    #[test]
    fn where_voice_does_not_count_somebody_always_plays() {
        let config = WatchConfig { active_from: 0, ..config() };
        let mut pace = Pace::new();
        pace.hear(Voice::People(0), &config, Instant::now());
        assert_eq!(pace.idle_at(&config), None);
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
