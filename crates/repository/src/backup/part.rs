//! A file that is being written: under a hidden name, locked, and gone if it is not finished.
//!
//! The lock tells a file that somebody writes from one that a killed process left behind. A process id would not: they
//! come again, in containers at once.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::file_error;
use crate::{Error, Result};

/// What SQLite keeps beside a database.
const COMPANIONS: [&str; 3] = ["-journal", "-wal", "-shm"];

/// The hidden file; dropping it removes it.
pub(super) struct Part {
    path: PathBuf,
    // Held for as long as somebody writes.
    _lock: File,
}

impl Part {
    /// An empty one, `.NAME.PID.part`, in the folder of the file that it shall become.
    pub(super) fn beside(file: &Path) -> Result<Self> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let path = file.with_file_name(format!(".{name}.{}.part", std::process::id()));
        let lock = File::create(&path).map_err(|e| file_error("creating", &path, e))?;
        // Where locks are not to be had, the file may be removed too early by another backup, which then fails.
        drop(lock.try_lock());
        Ok(Self { path, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// On disk first, then visible under its name, then its name on disk.
    pub(super) fn place(self, file: &Path, overwrite: bool) -> Result<()> {
        File::open(&self.path).and_then(|f| f.sync_all()).map_err(|e| file_error("writing", &self.path, e))?;
        if overwrite {
            fs::rename(&self.path, file).map_err(|e| file_error("renaming to", file, e))?;
        } else {
            link(&self.path, file)?;
        }
        sync_folder(file)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        for path in all_of(&self.path) {
            // It is of no use to anybody; that it cannot be removed tells nothing new.
            drop(fs::remove_file(path));
        }
    }
}

/// A second name, which must be free: unlike a check before a rename, nobody can come between.
fn link(from: &Path, to: &Path) -> Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Error::Exists { path: to.display().to_string() })
        }
        // Some file systems have no links.
        Err(_) if fs::symlink_metadata(to).is_err() => {
            fs::rename(from, to).map_err(|e| file_error("renaming to", to, e))
        }
        Err(_) => Err(Error::Exists { path: to.display().to_string() }),
    }
}

/// Makes the names in a file's folder survive a power cut.
pub(super) fn sync_folder(file: &Path) -> Result<()> {
    let folder = folder_of(file);
    File::open(folder).and_then(|f| f.sync_all()).map_err(|e| file_error("writing", folder, e))
}

/// The folder a file is in.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A database file and what SQLite keeps beside it.
pub(super) fn all_of(path: &Path) -> Vec<PathBuf> {
    let companion = |suffix: &&str| {
        let mut name: OsString = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    std::iter::once(path.to_path_buf()).chain(COMPANIONS.iter().map(companion)).collect()
}

/// What killed processes left in a folder, of those files that `ours` knows by the name they should have got.
pub(super) fn leftovers(folder: &Path, ours: impl Fn(&str) -> bool) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let part = COMPANIONS.iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name);
        if intended(part).is_some_and(&ours) && is_abandoned(&path.with_file_name(part)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// `.NAME.PID.part` was to become NAME.
fn intended(part: &str) -> Option<&str> {
    let (name, pid) = part.strip_prefix('.')?.strip_suffix(".part")?.rsplit_once('.')?;
    (!pid.is_empty() && pid.bytes().all(|b| b.is_ascii_digit())).then_some(name)
}

/// Nobody holds its lock, or it is gone and only its journal is left.
fn is_abandoned(part: &Path) -> bool {
    match File::open(part) {
        Ok(file) => file.try_lock().is_ok(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_writes_any_more_is_left_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("saved");
        let part = Part::beside(&file).unwrap();
        for name in [".saved.1.part", ".saved.1.part-journal", ".other.1.part", ".saved.x.part", "saved.1.part"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let names = || -> Vec<String> {
            let found = leftovers(folder.path(), |name| name == "saved").unwrap();
            found.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
        };
        assert_eq!(names(), [".saved.1.part", ".saved.1.part-journal"]);
        fs::write(part.path(), "content").unwrap();
        part.place(&file, false).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "content");
        let again = Part::beside(&file).unwrap();
        assert!(matches!(again.place(&file, false), Err(Error::Exists { .. })));
        assert_eq!(fs::read_to_string(&file).unwrap(), "content");
        assert_eq!(names().len(), 2, "nothing of ours stays");
    }
}
