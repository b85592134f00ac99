//! Free TCP ports on loopback.
//!
//! Ports come from below the range the kernel hands to outgoing connections (32768 and up on Linux), so that no
//! client takes the port between the moment it was found free and the moment a server binds it.
#![expect(clippy::expect_used, reason = "test support: a machine without a free port cannot run the tests")]

use std::hash::{BuildHasher, RandomState};
use std::net::{Ipv4Addr, TcpListener};

const FIRST: u16 = 16_000;
const COUNT: u16 = 16_000;
const TRIES: u32 = 200;

/// A TCP port on 127.0.0.1 that nobody listened on a moment ago.
///
/// # Panics
/// When 200 random ports in a row are taken.
#[must_use]
pub fn free_port() -> u16 {
    (0..TRIES)
        .map(|_| FIRST + random(COUNT))
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .expect("a free TCP port on 127.0.0.1")
}

/// Random enough to keep concurrent test processes apart: every `RandomState` is seeded anew.
fn random(below: u16) -> u16 {
    let value = RandomState::new().hash_one(std::process::id()) % u64::from(below);
    u16::try_from(value).unwrap_or_default()
}

/// A short random name part, lower-case hexadecimal.
#[cfg(feature = "databases")]
pub(crate) fn random_suffix() -> String {
    format!("{:016x}", RandomState::new().hash_one(std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_port_can_be_bound() {
        let port = free_port();
        assert!((FIRST..FIRST + COUNT).contains(&port));
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    }
}
