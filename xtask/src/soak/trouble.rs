//! What goes wrong, by chance.

use std::error::Error;
use std::fmt;
use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use super::site::{LONGEST, Site};

/// Numbers that look like chance, and are the same each time.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2_654_435_761).wrapping_add(1))
    }

    /// A number below `most`.
    pub(super) const fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn lasting(&mut self) -> Duration {
        Duration::from_millis(self.below(u64::try_from(LONGEST.as_millis()).unwrap_or(1)))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    WholeFile,
    GrowingFile,
    ClosedFile,
    Cut,
    CutSoon,
    Kill,
    Terminate,
    Reread,
    FolderGone,
    Restore,
    DatabaseAway,
    FrozenRebuild,
}

/// How often each comes, of a hundred.
#[rustfmt::skip]
const SHARES: [(Trouble, u64); 12] = [
    (Trouble::WholeFile, 22), (Trouble::GrowingFile, 14), (Trouble::ClosedFile, 6), (Trouble::Cut, 15),
    (Trouble::CutSoon, 15), (Trouble::Kill, 10), (Trouble::Terminate, 6), (Trouble::Reread, 3),
    (Trouble::FolderGone, 3), (Trouble::Restore, 2), (Trouble::DatabaseAway, 2),
    (Trouble::FrozenRebuild, 2),
];

/// How often each came.
#[derive(Default)]
pub(super) struct Done([u32; SHARES.len()]);

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> =
            SHARES.iter().zip(self.0).map(|((trouble, _), count)| format!("{count} × {trouble:?}")).collect();
        f.write_str(&parts.join(", "))
    }
}

impl Trouble {
    pub(super) fn by(chance: &mut Chance) -> Self {
        let mut left = chance.below(SHARES.iter().map(|(_, share)| share).sum());
        for (trouble, share) in SHARES {
            if left < share {
                return trouble;
            }
            left -= share;
        }
        Self::WholeFile
    }

    pub(super) fn cause(self, site: &mut Site, chance: &mut Chance, done: &mut Done) -> Result<(), Box<dyn Error>> {
        if let Some(count) = SHARES.iter().position(|(one, _)| *one == self).and_then(|place| done.0.get_mut(place)) {
            *count += 1;
        }
        match self {
            Self::WholeFile => {
                if let Some(file) = site.files.next() {
                    fs::write(site.server.files().join(file.name), file.bytes)?;
                }
            }
            Self::GrowingFile => grow(site, chance),
            Self::ClosedFile => close(site, chance),
            Self::Cut => site.relay.cut(),
            Self::CutSoon => site.relay.cut_after(u32::try_from(chance.below(40_000))?),
            Self::Kill => {
                site.watchers[1].kill()?;
                site.watchers[1].start()?;
            }
            Self::Terminate => {
                site.watchers[1].end()?;
                site.watchers[1].start()?;
            }
            Self::Reread => site.watchers[0].signal("-HUP")?,
            Self::FolderGone => drop(fs::remove_dir_all(site.watchers[0].folder.join("local_stats"))),
            Self::Restore => restore(site, chance)?,
            Self::DatabaseAway => away(site, chance)?,
            Self::FrozenRebuild => site.freeze_a_rebuild(chance.lasting() / 10, chance.lasting())?,
        }
        Ok(())
    }
}

/// Written in parts that end with lines, by somebody who pauses.
fn grow(site: &mut Site, chance: &mut Chance) {
    let Some(file) = site.files.next() else { return };
    let path = site.server.files().join(&file.name);
    let parts = 2 + usize::try_from(chance.below(5)).unwrap_or(0);
    let pauses: Vec<Duration> = (0..parts).map(|_| chance.lasting()).collect();
    site.under_way.push(thread::spawn(move || write_in_parts(&path, &file.bytes, &pauses)));
}

fn write_in_parts(path: &PathBuf, bytes: &[u8], pauses: &[Duration]) -> io::Result<()> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let mut file = File::create(path)?;
    for (part, pause) in lines.chunks(lines.len().div_ceil(pauses.len())).zip(pauses) {
        file.write_all(&part.concat())?;
        thread::sleep(*pause);
    }
    Ok(())
}

/// A file that may not be read, and then may: longer than it is tried.
fn close(site: &mut Site, chance: &mut Chance) {
    let Some(file) = site.files.next() else { return };
    let path = site.server.files().join(&file.name);
    let closed = chance.lasting() * 5;
    site.under_way.push(thread::spawn(move || {
        let hidden = path.with_extension("hidden");
        fs::write(&hidden, &file.bytes)?;
        fs::set_permissions(&hidden, Permissions::from_mode(0o000))?;
        fs::rename(&hidden, &path)?;
        thread::sleep(closed);
        fs::set_permissions(&path, Permissions::from_mode(0o644))
    }));
}

/// The state of a while ago comes back.
fn restore(site: &Site, chance: &mut Chance) -> Result<(), Box<dyn Error>> {
    let backup = site.folder().join("backup");
    drop(fs::remove_file(&backup));
    let backup = backup.display().to_string();
    site.dbadmin(&["backup", &backup])?;
    thread::sleep(chance.lasting());
    site.dbadmin(&["restore", &backup, "--yes", "--no-backup"]).map(drop)
}

/// The database's server is stopped, and comes back. SQLite has none: its file cannot be away without
/// being gone.
fn away(site: &Site, chance: &mut Chance) -> Result<(), Box<dyn Error>> {
    let Some(cluster) = &site.cluster else { return Ok(()) };
    cluster.stop()?;
    thread::sleep(chance.lasting());
    cluster.restart()?;
    Ok(())
}
