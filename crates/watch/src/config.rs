//! How a server is watched.

use std::path::PathBuf;
use std::time::Duration;

/// How one server is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchConfig {
    /// How to reach it.
    pub ssh: fullhold_ssh_sync::Config,
    /// Where its files are kept here.
    pub folder: PathBuf,
    /// Between looks.
    pub interval: Duration,
    /// Between looks when nobody plays; and the directory is listed at least so often.
    pub idle_interval: Duration,
    /// So many people in voice mean that somebody plays; 0: somebody may always be playing.
    pub active_from: usize,
    /// How long after the last one has left voice it is still looked at often.
    pub grace: Duration,
    /// Files older than this when watching begins are left alone, unless they were written after the
    /// server was last seen to the end.
    pub look_back: Duration,
    /// The first and the longest wait after a failure.
    pub retry: (Duration, Duration),
    /// A young file that cannot be complete yet must not have changed for so long.
    pub rest: Duration,
    /// The first and the longest pause after which a file that was set aside is tried again.
    pub dead_retry: (Duration, Duration),
}

impl WatchConfig {
    /// Times that fetching a file is tried before it is set aside.
    pub const ATTEMPTS: i32 = 5;
}

/// Whether somebody plays, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// Nobody tells: somebody may be playing.
    Unknown,
    /// So many people are in the voice channels.
    People(usize),
}

#[cfg(test)]
pub(crate) mod tests {
    use fullhold_ssh_sync::{Config, Identity, Timeouts};

    use super::*;

    pub(crate) fn config() -> WatchConfig {
        let second = Duration::from_secs(1);
        WatchConfig {
            ssh: Config {
                host: "127.0.0.1".to_owned(),
                port: 22,
                user: "nobody".to_owned(),
                identity: Identity::Agent,
                known_hosts: "known_hosts".into(),
                directory: "files".to_owned(),
                most_bytes: 1 << 20,
                timeouts: Timeouts { connect: second, handshake: second, operation: second },
            },
            folder: "local".into(),
            interval: 60 * second,
            idle_interval: 600 * second,
            active_from: 2,
            grace: 600 * second,
            look_back: 86_400 * second,
            retry: (second, 60 * second),
            rest: 60 * second,
            dead_retry: (3_600 * second, 86_400 * second),
        }
    }
}
