//! Test support: a configuration for a throw-away server.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::unwrap_used,
    reason = "each test file uses its own part"
)]

use std::time::Duration;

use fullhold_ssh_sync::{CancelSocket, Config, Identity, Session, Timeouts};
use fullhold_testkit::Sshd;

/// Time-outs short enough for a test that waits for one.
pub const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(5),
    handshake: Duration::from_secs(10),
    operation: Duration::from_secs(10),
};

/// How to reach a server.
pub fn config(server: &Sshd) -> Config {
    Config {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        user: server.user().to_owned(),
        identity: Identity::Key { path: server.key(), passphrase: None },
        known_hosts: server.known_hosts(),
        directory: server.files().display().to_string(),
        most_bytes: 1 << 20,
        timeouts: TIMEOUTS,
    }
}

/// A session with a server.
pub fn open(server: &Sshd) -> Session {
    Session::open(&config(server), &CancelSocket::default()).unwrap()
}

/// Any name.
pub fn any(_name: &str) -> bool {
    true
}
