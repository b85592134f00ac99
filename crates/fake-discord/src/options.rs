//! What a fake is told before it starts.

use std::time::Duration;

/// All intents that exist, as bits.
pub const ALL_INTENTS: u64 = 0x3ff_ffff;
/// The intent without which messages have no text.
pub const MESSAGE_CONTENT: u64 = 1 << 15;

/// What a fake is told before it starts.
#[derive(Clone, Debug)]
pub struct Options {
    /// The bot's token.
    pub token: String,
    /// How often the bot must send a heartbeat.
    pub heartbeat: Duration,
    /// How long a session can be resumed after its connection is gone.
    pub resume_window: Duration,
    /// Intents that the application has, as bits; another one closes the connection with 4014.
    pub allowed_intents: u64,
    /// How many requests are answered in which time.
    pub rate_limits: RateLimits,
    /// The least time between two identifies, and how many a day.
    pub identify: IdentifyLimits,
    /// How long a test waits for anything before it fails.
    pub patience: Duration,
    /// Whether the answers of the fake are checked against the description as well as the requests: for its own tests.
    pub checks_itself: bool,
    /// TCP port for REST; 0 is any.
    pub rest_port: u16,
    /// TCP port for the gateway; 0 is any.
    pub gateway_port: u16,
}

impl Options {
    /// What Discord does, but for rate limits, which are wide.
    #[must_use]
    pub fn usual() -> Self {
        Self {
            token: "MTEyMjMz.fake.token-of-the-tests".to_owned(),
            heartbeat: Duration::from_millis(41_250),
            resume_window: Duration::from_secs(180),
            allowed_intents: ALL_INTENTS,
            rate_limits: RateLimits::roomy(),
            identify: IdentifyLimits { least: Duration::from_secs(5), a_day: 1_000 },
            patience: Duration::from_secs(15),
            checks_itself: false,
            rest_port: 0,
            gateway_port: 0,
        }
    }
}

/// How many requests are answered in which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// Requests of a bucket.
    pub bucket: u32,
    /// In this time.
    pub window: Duration,
    /// Requests a second over all, but those of interactions.
    pub global: u32,
}

impl RateLimits {
    /// So wide that only a storm meets them.
    #[must_use]
    pub fn roomy() -> Self {
        Self { bucket: 200, window: Duration::from_secs(1), global: 1_000 }
    }

    /// Like Discord's for messages in a channel.
    #[must_use]
    pub fn discord() -> Self {
        Self { bucket: 5, window: Duration::from_secs(5), global: 50 }
    }
}

/// How often a bot may identify. More is a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentifyLimits {
    /// The least time between two.
    pub least: Duration,
    /// The most within 24 hours.
    pub a_day: usize,
}
