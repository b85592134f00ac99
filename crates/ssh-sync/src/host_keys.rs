//! A host's public key: its kind, its fingerprint, and how to ask for it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::{CancelSocket, Error, Timeouts, known_hosts, link};

/// A host's public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostKey {
    /// `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`, …
    pub kind: String,
    /// The key as it goes over the wire.
    pub blob: Vec<u8>,
}

impl HostKey {
    /// A key from its bytes, which begin with its kind.
    #[must_use]
    pub fn from_blob(blob: &[u8]) -> Option<Self> {
        let (length, rest) = blob.split_first_chunk::<4>()?;
        let kind = rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        let kind = std::str::from_utf8(kind).ok().filter(|kind| kind.chars().all(|c| c.is_ascii_graphic()))?;
        Some(Self { kind: kind.to_owned(), blob: blob.to_vec() })
    }

    /// A key from the third word of a `known_hosts` line.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        Self::from_blob(&STANDARD.decode(text).ok()?)
    }

    /// The key as in `known_hosts`.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.blob)
    }

    /// `SHA256:…`, as OpenSSH shows it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        format!("SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(&self.blob)))
    }
}

/// Kind and fingerprint.
impl fmt::Display for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.fingerprint())
    }
}

/// The methods to ask a host for, when the known keys are of these kinds; none leaves the choice to
/// libssh2. An RSA key signs in three ways.
pub(crate) fn preference(kinds: &[String]) -> Option<String> {
    let methods: Vec<&str> = kinds
        .iter()
        .map(|kind| if kind == "ssh-rsa" { "rsa-sha2-512,rsa-sha2-256,ssh-rsa" } else { kind.as_str() })
        .collect();
    (!methods.is_empty()).then(|| methods.join(","))
}

/// Asks a host for its key, without logging in. Of several, the one that the given file of known
/// hosts has an entry for comes first. For `ssh-keyscan`-like use: nothing is verified.
///
/// # Errors
/// No connection or no handshake, or the file of known hosts cannot be read.
pub fn scan(host: &str, port: u16, known_hosts: &std::path::Path, timeouts: Timeouts) -> Result<HostKey, Error> {
    let known = known_hosts::lookup(known_hosts, host, port)?;
    let mut link = link::Link::connect(host, port, timeouts, &CancelSocket::default())?;
    link.handshake(&known.kinds())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by `ssh-keygen -t ed25519`; the fingerprint by `ssh-keygen -l`.
    const KEY: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIPAo7FOxEa9YxmYOBVoMYcQRc7JuELj0ZlzdAoYY3DQR";

    #[test]
    fn a_key_tells_its_kind_and_survives_base64() {
        let key = HostKey::from_base64(KEY).unwrap();
        assert_eq!(key.kind, "ssh-ed25519");
        assert_eq!(key.to_base64(), KEY);
        assert!(key.fingerprint().starts_with("SHA256:") && key.fingerprint().len() == 50);
    }

    #[test]
    fn what_is_no_key_is_none() {
        for text in ["", "AAAA", "not base64!", "AAAAC3NzaC1lZDI"] {
            assert_eq!(HostKey::from_base64(text), None, "{text}");
        }
    }

    #[test]
    fn an_rsa_key_is_asked_for_by_its_modern_signatures() {
        let kinds = ["ssh-ed25519".to_owned(), "ssh-rsa".to_owned()];
        assert_eq!(preference(&kinds).as_deref(), Some("ssh-ed25519,rsa-sha2-512,rsa-sha2-256,ssh-rsa"));
        assert_eq!(preference(&[]), None);
    }
}
