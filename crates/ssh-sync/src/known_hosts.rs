//! OpenSSH's `known_hosts`: who is known by which key.
//!
//! Plain and hashed names, patterns with `*` and `?`, negation, `[host]:port` and `@revoked` are
//! understood; lines of certificate authorities and lines that cannot be read are passed over.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use thiserror::Error;

use crate::{Error, HostKey};

const SSH_PORT: u16 = 22;

/// What a file says about one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The file.
    pub path: PathBuf,
    /// The host as `known_hosts` names it: `host`, or `[host]:port`.
    pub host: String,
    /// Its keys, in the order of the file.
    pub keys: Vec<KnownKey>,
}

/// A line of the file that is about the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// Line number, from 1.
    pub line: usize,
    /// The key.
    pub key: HostKey,
    /// Marked `@revoked`: never to be accepted.
    pub revoked: bool,
}

/// A host's key is not the known one. Both fingerprints are in the message.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// No entry.
    #[error(
        "host key of {host} is not known: it shows {shown}, and {} has no entry for it; \
         compare the fingerprint with the server's and add it with `dbadmin trust-host`", path.display()
    )]
    Unknown {
        /// The host.
        host: String,
        /// The key it showed.
        shown: HostKey,
        /// The file of known hosts.
        path: PathBuf,
    },
    /// Other entries.
    #[error(
        "host key of {host} has CHANGED: it shows {shown}, known is {}; either the server was set up anew or somebody \
         is in between: if you know why, remove line {} of {} and add the new key with `dbadmin trust-host`",
        List(known), Lines(known), path.display()
    )]
    Changed {
        /// The host.
        host: String,
        /// The key it showed.
        shown: HostKey,
        /// The keys it should have shown.
        known: Vec<KnownKey>,
        /// The file of known hosts.
        path: PathBuf,
    },
    /// An entry that says never.
    #[error("host key of {host} is revoked: it shows {shown}, marked @revoked in line {line} of {}", path.display())]
    Revoked {
        /// The host.
        host: String,
        /// The key it showed.
        shown: HostKey,
        /// The line.
        line: usize,
        /// The file of known hosts.
        path: PathBuf,
    },
}

struct List<'a>(&'a [KnownKey]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<String> = self.0.iter().map(|known| known.key.to_string()).collect();
        f.write_str(&keys.join(" and "))
    }
}

struct Lines<'a>(&'a [KnownKey]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(|known| known.line.to_string()).collect();
        f.write_str(&lines.join(", "))
    }
}

impl Known {
    /// The kinds of the keys that may be accepted: what to ask the host for.
    #[must_use]
    pub fn kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> = Vec::new();
        for known in self.keys.iter().filter(|known| !known.revoked) {
            if !kinds.contains(&known.key.kind) {
                kinds.push(known.key.kind.clone());
            }
        }
        kinds
    }

    /// Whether the key a host shows is one of its own.
    ///
    /// # Errors
    /// It is unknown, another one, or revoked.
    pub fn verify(&self, shown: &HostKey) -> Result<(), Refusal> {
        let (host, path, shown_key) = (self.host.clone(), self.path.clone(), shown.clone());
        let same: Vec<&KnownKey> = self.keys.iter().filter(|known| known.key == *shown).collect();
        if let Some(known) = same.iter().find(|known| known.revoked) {
            return Err(Refusal::Revoked { host, shown: shown_key, line: known.line, path });
        }
        if !same.is_empty() {
            return Ok(());
        }
        let known: Vec<KnownKey> = self.keys.iter().filter(|known| !known.revoked).cloned().collect();
        Err(if known.is_empty() {
            Refusal::Unknown { host, shown: shown_key, path }
        } else {
            Refusal::Changed { host, shown: shown_key, known, path }
        })
    }
}

/// What a file says about a host. A missing file says nothing. Behind a port other than 22, entries
/// for `[host]:port` are asked first, then those for the host alone, as OpenSSH does.
///
/// # Errors
/// The file cannot be read.
pub fn lookup(path: &Path, host: &str, port: u16) -> Result<Known, Error> {
    let text = match fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(Error::KnownHosts { doing: "read", path: path.to_path_buf(), source }),
    };
    let name = entry_name(host, port);
    let mut keys = keys_of(&text, &name);
    if keys.iter().all(|known| known.revoked) && port != SSH_PORT {
        keys.extend(keys_of(&text, &host.to_ascii_lowercase()));
    }
    Ok(Known { path: path.to_path_buf(), host: name, keys })
}

/// Appends a host's key. The file, and its folder, are made if they are missing. Look up first: this
/// does not ask whether another key is known.
///
/// # Errors
/// The file cannot be written.
pub fn add(path: &Path, host: &str, port: u16, key: &HostKey) -> Result<(), Error> {
    append(path, &format!("{} {} {}\n", entry_name(host, port), key.kind, key.to_base64()))
        .map_err(|source| Error::KnownHosts { doing: "written", path: path.to_path_buf(), source })
}

fn append(path: &Path, line: &str) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    let mut last = [b'\n'];
    if file.metadata()?.len() > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    // A last line without its end must not swallow ours.
    let gap = if last == [b'\n'] { "" } else { "\n" };
    file.write_all(format!("{gap}{line}").as_bytes())?;
    file.sync_all()
}

/// `host`, or `[host]:port` behind an unusual port; lower case.
fn entry_name(host: &str, port: u16) -> String {
    let host = host.to_ascii_lowercase();
    if port == SSH_PORT { host } else { format!("[{host}]:{port}") }
}

fn keys_of(text: &str, name: &str) -> Vec<KnownKey> {
    text.lines().enumerate().filter_map(|(index, line)| key_of(line, name, index + 1)).collect()
}

fn key_of(line: &str, name: &str, number: usize) -> Option<KnownKey> {
    let mut words = line.split_ascii_whitespace().peekable();
    let marker = words.next_if(|word| word.starts_with('@'));
    // Certificates are not asked for, so their authorities do not matter.
    if marker.is_some_and(|marker| marker != "@revoked") {
        return None;
    }
    let (hosts, kind, blob) = (words.next()?, words.next()?, words.next()?);
    if hosts.starts_with('#') || !matches_hosts(hosts, name) {
        return None;
    }
    let key = HostKey::from_base64(blob).filter(|key| key.kind == kind)?;
    Some(KnownKey { line: number, key, revoked: marker.is_some() })
}

fn matches_hosts(hosts: &str, name: &str) -> bool {
    if let Some(hashed) = hosts.strip_prefix("|1|") {
        return matches_hash(hashed, name).unwrap_or(false);
    }
    let mut found = false;
    for pattern in hosts.split(',') {
        match pattern.strip_prefix('!') {
            Some(pattern) if matches_pattern(pattern, name) => return false,
            Some(_) => {}
            None => found |= matches_pattern(pattern, name),
        }
    }
    found
}

/// `salt|hash`: the HMAC-SHA1 of the name under the salt.
fn matches_hash(hashed: &str, name: &str) -> Option<bool> {
    let (salt, hash) = hashed.split_once('|')?;
    let mut mac = Hmac::<Sha1>::new_from_slice(&STANDARD.decode(salt).ok()?).ok()?;
    mac.update(name.as_bytes());
    Some(mac.verify_slice(&STANDARD.decode(hash).ok()?).is_ok())
}

/// `*` is any text, `?` any one character. Case does not matter in host names.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.to_ascii_lowercase().chars().collect(), name.chars().collect());
    // Where to go on after a mismatch: behind the last star, one character further.
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p + 1, n));
                p += 1;
            }
            Some(c) if *c == '?' || Some(c) == name.get(n) => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((behind, from)) = star else { return false };
                star = Some((behind, from + 1));
                p = behind;
                n = from + 1;
            }
        }
    }
    pattern.get(p..).is_none_or(|rest| rest.iter().all(|c| *c == '*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIPAo7FOxEa9YxmYOBVoMYcQRc7JuELj0ZlzdAoYY3DQR";
    const B: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn known(text: &str, host: &str, port: u16) -> Known {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known_hosts");
        fs::write(&path, text).unwrap();
        lookup(&path, host, port).unwrap()
    }

    fn lines(text: &str, host: &str, port: u16) -> Vec<usize> {
        known(text, host, port).keys.iter().map(|key| key.line).collect()
    }

    #[test]
    fn patterns_match_as_in_openssh() {
        let cases = [
            ("example.org", "example.org", true),
            ("Example.ORG", "example.org", true),
            ("*.org", "example.org", true),
            ("ex?mple.*", "example.org", true),
            ("*", "anything", true),
            ("*.com", "example.org", false),
            ("example", "example.org", false),
            ("*a*b*c", "xxaxxbxxc", true),
            ("*a*b*c", "xxaxxcxxb", false),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(matches_pattern(pattern, name), expected, "{pattern} {name}");
        }
        assert!(matches_hosts("*.org,!bad.org", "good.org"));
        assert!(!matches_hosts("*.org,!bad.org", "bad.org"));
    }

    #[test]
    fn the_port_is_part_of_the_name() {
        let text = format!("# comment\ngame ssh-ed25519 {A}\n[game]:2222 ssh-ed25519 {B} a comment\n\nbroken\n");
        assert_eq!(lines(&text, "game", 22), [2]);
        assert_eq!(lines(&text, "game", 2222), [3]);
        assert_eq!(lines(&text, "GAME", 2022), [2]);
        assert_eq!(lines(&text, "other", 22), Vec::<usize>::new());
    }

    #[test]
    fn a_hashed_name_is_found() {
        let salt = b"12345678901234567890";
        let mut mac = Hmac::<Sha1>::new_from_slice(salt).unwrap();
        mac.update(b"[game]:2222");
        let hash = STANDARD.encode(mac.finalize().into_bytes());
        let text = format!("|1|{}|{hash} ssh-ed25519 {A}\n", STANDARD.encode(salt));
        assert_eq!(lines(&text, "game", 2222), [1]);
        assert_eq!(lines(&text, "game", 22), Vec::<usize>::new());
    }

    #[test]
    fn verdicts_name_both_fingerprints() {
        let (a, b) = (HostKey::from_base64(A).unwrap(), HostKey::from_base64(B).unwrap());
        let text = format!("game ssh-ed25519 {A}\n");
        assert_eq!(known(&text, "game", 22).verify(&a), Ok(()));
        let changed = known(&text, "game", 22).verify(&b).unwrap_err().to_string();
        assert!(changed.contains("CHANGED") && changed.contains(&a.fingerprint()), "{changed}");
        assert!(changed.contains(&b.fingerprint()) && changed.contains("line 1 of"), "{changed}");
        let unknown = known(&text, "other", 22).verify(&a).unwrap_err().to_string();
        assert!(unknown.contains("is not known") && unknown.contains(&a.fingerprint()), "{unknown}");
        let text = format!("game ssh-ed25519 {A}\n@revoked * ssh-ed25519 {A}\n@cert-authority * ssh-ed25519 {B}\n");
        let revoked = known(&text, "game", 22).verify(&a).unwrap_err().to_string();
        assert!(revoked.contains("revoked") && revoked.contains("line 2"), "{revoked}");
    }

    #[test]
    fn an_added_key_is_known_then() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/known_hosts");
        let key = HostKey::from_base64(A).unwrap();
        assert_eq!(lookup(&path, "game", 2222).unwrap().keys, []);
        add(&path, "game", 2222, &key).unwrap();
        assert_eq!(lookup(&path, "game", 2222).unwrap().verify(&key), Ok(()));
        // A file whose last line has no end.
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.trim_end()).unwrap();
        add(&path, "other", 22, &key).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 2);
        assert_eq!(lookup(&path, "other", 22).unwrap().verify(&key), Ok(()));
    }
}
