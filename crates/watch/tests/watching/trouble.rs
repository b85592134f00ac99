//! Test support: files that may not be read, files that are written slowly, and waiting for what a query gives.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "each test file uses its own part"
)]

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::support::query;
use crate::watching::{PATIENCE, Site};

pub const ROUNDS: &str = "SELECT count(*) FROM rounds";
pub const REMEMBERED: &str = "SELECT count(*) FROM remote_files";

/// Waits until a query gives this number.
pub async fn wait_for_number(url: &str, sql: &str, expected: i64) {
    let began = Instant::now();
    loop {
        let found: i64 = query(url, sql).await[0][0].as_deref().unwrap().parse().unwrap();
        if found == expected {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{sql}: {found}, expected is {expected}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Files that the game server's user may not read, and how they become readable: by another owner,
/// which changes neither size, time nor mode. Without the right to give files away, by their mode.
pub struct Closed {
    pub path: PathBuf,
    owner: u32,
}

impl Closed {
    pub fn new(site: &Site, name: &str) -> Self {
        let path = site.path(name);
        let owner = fs::metadata(site.server.files()).unwrap().uid();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        if owner == 0 || chown(&path, Some(0), None).is_err() {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        }
        Self { path, owner }
    }

    /// A file that nobody saw before it was closed.
    pub fn write(site: &Site, name: &str, bytes: &[u8]) -> Self {
        let hidden = format!(".{name}");
        site.write(&hidden, bytes);
        let closed = Self::new(site, &hidden);
        let path = site.path(name);
        fs::rename(&closed.path, &path).unwrap();
        Self { path, ..closed }
    }

    pub fn open(&self) {
        if chown(&self.path, Some(self.owner), None).is_err() || self.owner == 0 {
            fs::set_permissions(&self.path, fs::Permissions::from_mode(0o600)).unwrap();
        }
    }
}

/// Writes a file in parts that end with lines, and pauses after each.
pub async fn write_in_parts(path: PathBuf, bytes: Vec<u8>, pause: Duration) {
    let mut file = File::create(path).unwrap();
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    for part in [&lines[..1], &lines[1..3], &lines[3..]] {
        file.write_all(&part.concat()).unwrap();
        tokio::time::sleep(pause).await;
    }
}
