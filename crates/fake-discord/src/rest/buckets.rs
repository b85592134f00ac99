//! How many requests are answered: buckets by route and channel, guild or webhook, and one over all.

use std::collections::HashMap;
use std::time::Duration;

use crate::options::RateLimits;

/// The time of the limit over all.
const SECOND: Duration = Duration::from_secs(1);

/// Requests that were counted.
#[derive(Debug, Default)]
pub(crate) struct Buckets {
    counted: HashMap<String, Counted>,
    global: Counted,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    requests: u32,
    since: Duration,
}

/// How a bucket is after a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Filling {
    /// The bucket's name, as the header has it.
    pub(crate) name: String,
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset_after: Duration,
}

/// Why a request is not answered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TooMany {
    Bucket(Filling),
    Global(Duration),
}

impl Buckets {
    /// Counts a request of a route; `place` is the channel, guild or webhook. Those of interactions are not in the limit
    /// over all.
    pub(crate) fn count(
        &mut self,
        route: &str,
        place: &str,
        limits: RateLimits,
        now: Duration,
    ) -> Result<Filling, TooMany> {
        let of_interaction = route.contains("/interactions/") || route.contains("/webhooks/");
        if !of_interaction && !self.global.take(limits.global, SECOND, now) {
            return Err(TooMany::Global(self.global.rest(SECOND, now)));
        }
        let counted = self.counted.entry(format!("{route} {place}")).or_default();
        let is_taken = counted.take(limits.bucket, limits.window, now);
        let filling = Filling {
            name: bucket_name(route),
            limit: limits.bucket,
            remaining: limits.bucket.saturating_sub(counted.requests),
            reset_after: counted.rest(limits.window, now),
        };
        if is_taken { Ok(filling) } else { Err(TooMany::Bucket(filling)) }
    }
}

impl Counted {
    fn take(&mut self, limit: u32, window: Duration, now: Duration) -> bool {
        if now.saturating_sub(self.since) >= window || self.requests == 0 {
            *self = Self { requests: 0, since: now };
        }
        if self.requests >= limit {
            return false;
        }
        self.requests += 1;
        true
    }

    fn rest(&self, window: Duration, now: Duration) -> Duration {
        (self.since + window).saturating_sub(now)
    }
}

/// A name as opaque as Discord's.
fn bucket_name(route: &str) -> String {
    let hash = route
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: RateLimits = RateLimits { bucket: 2, window: Duration::from_secs(5), global: 4 };

    #[test]
    fn a_bucket_is_empty_until_its_time_is_over() {
        let mut buckets = Buckets::default();
        let route = "POST /channels/{channel_id}/messages";
        let mut at = |seconds: u64, place: &str| buckets.count(route, place, LIMITS, Duration::from_secs(seconds));
        assert_eq!(at(0, "1").unwrap().remaining, 1);
        assert_eq!(at(1, "1").unwrap().remaining, 0);
        let Err(TooMany::Bucket(filling)) = at(2, "1") else { panic!("a third request") };
        assert_eq!((filling.remaining, filling.reset_after), (0, Duration::from_secs(3)));
        assert!(at(2, "2").is_ok(), "another channel has its own");
        assert!(at(5, "1").is_ok());
    }

    #[test]
    fn interactions_are_not_in_the_limit_over_all() {
        let mut buckets = Buckets::default();
        let mut at = |route: &str, place: u32| buckets.count(route, &place.to_string(), LIMITS, Duration::ZERO);
        for place in 0..4 {
            assert!(at("GET /channels/{channel_id}", place).is_ok());
        }
        assert_eq!(at("GET /channels/{channel_id}", 9), Err(TooMany::Global(SECOND)));
        assert!(at("POST /interactions/{interaction_id}/{interaction_token}/callback", 9).is_ok());
    }
}
