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
    /// How long after the last one has left voice it is still looked at often.
    pub grace: Duration,
    /// Files older than this when watching begins are left alone.
    pub look_back: Duration,
    /// The first and the longest wait after a failure.
    pub retry: (Duration, Duration),
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
