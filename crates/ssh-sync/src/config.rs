//! What a connection needs to know.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// A game server's SSH side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// User to log in as.
    pub user: String,
    /// What to log in with.
    pub identity: Identity,
    /// File of known host keys.
    pub known_hosts: PathBuf,
    /// The directory of stats files on the server.
    pub directory: String,
    /// Larger files are refused.
    pub most_bytes: u64,
    /// Deadlines.
    pub timeouts: Timeouts,
}

/// What to log in with.
#[derive(Clone, PartialEq, Eq)]
pub enum Identity {
    /// A private key file.
    Key {
        /// The file.
        path: PathBuf,
        /// Its passphrase.
        passphrase: Option<String>,
    },
    /// The keys of a running agent, one after the other.
    Agent,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key { path, passphrase } => {
                let masked = passphrase.as_ref().map(|_| "***");
                f.debug_struct("Key").field("path", path).field("passphrase", &masked).finish()
            }
            Self::Agent => f.write_str("Agent"),
        }
    }
}

/// How long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For the TCP connection.
    pub connect: Duration,
    /// For the SSH handshake, and for logging in.
    pub handshake: Duration,
    /// For one answer.
    pub operation: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_is_never_shown() {
        let identity = Identity::Key { path: "key".into(), passphrase: Some("hunter2".to_owned()) };
        assert_eq!(format!("{identity:?}"), r#"Key { path: "key", passphrase: Some("***") }"#);
    }
}
