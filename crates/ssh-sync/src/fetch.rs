//! One file from the server to the disk: under a temporary name first, whole or not at all.

use std::fs::{self, File};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use crate::{Entry, Error, Session};

const PREFIX: &str = ".fullhold-";
const SUFFIX: &str = ".part";

/// A file that has arrived under a temporary name. Dropping it removes it.
#[derive(Debug)]
pub struct Fetched {
    /// What was fetched.
    pub entry: Entry,
    /// Its bytes.
    pub bytes: Vec<u8>,
    temporary: PathBuf,
}

impl Fetched {
    /// A file of which nothing arrived, and that lies nowhere: for tests of what is decided about
    /// files.
    #[must_use]
    pub const fn empty(entry: Entry) -> Self {
        Self { entry, bytes: Vec::new(), temporary: PathBuf::new() }
    }
}

impl Session {
    /// Downloads a file into a folder, under a temporary name. It has as many bytes as announced, and
    /// they have reached the disk. That it did not change meanwhile is for a later look to tell.
    ///
    /// # Errors
    /// It is too large, not as large as announced, cannot be read, or a disk or connection failed.
    pub fn fetch(&self, entry: &Entry, folder: &Path) -> Result<Fetched, Error> {
        let mut fetched = None;
        self.fetch_all(vec![entry.clone()], folder, &mut |(_, result)| fetched = Some(result))?;
        fetched.unwrap_or(Err(Error::Stopped))
    }

    /// The size that was announced, if it is allowed.
    pub(crate) fn announced(&self, entry: &Entry) -> Result<usize, Error> {
        let Entry { name, mark } = entry;
        let most = self.config().most_bytes;
        let size = usize::try_from(mark.size).ok().filter(|_| mark.size <= most);
        size.ok_or_else(|| Error::Large { name: name.clone(), size: mark.size, most })
    }

    pub(crate) fn check_size(entry: &Entry, found: usize) -> Result<(), Error> {
        let (name, announced, found) = (&entry.name, entry.mark.size, found as u64);
        if found == announced { Ok(()) } else { Err(Error::Size { name: name.clone(), announced, found }) }
    }
}

impl Fetched {
    /// Lets go of the bytes: they are on the disk.
    pub fn let_go(&mut self) {
        self.bytes = Vec::new();
    }

    /// Its bytes, from the disk if they were let go of.
    ///
    /// # Errors
    /// The disk failed, or somebody took the file away or changed it.
    pub fn read(&self) -> Result<Vec<u8>, Error> {
        if self.bytes.len() as u64 == self.entry.mark.size {
            return Ok(self.bytes.clone());
        }
        let folder = self.temporary.parent().unwrap_or(&self.temporary);
        let bytes = fs::read(&self.temporary).map_err(|source| local("cannot be read", folder, source))?;
        if bytes.len() as u64 == self.entry.mark.size {
            return Ok(bytes);
        }
        // As if it were not there: it is fetched once more.
        Err(local("cannot be read", folder, io::Error::new(io::ErrorKind::NotFound, "a file in it was changed")))
    }

    /// Gives the file a name in the folder it is in, in place of any other of that name. The name is not safe from a power cut before [`sync_folder`].
    ///
    /// # Errors
    /// Something else of that name is in the way, or the disk failed.
    pub fn keep(self, name: &str) -> Result<PathBuf, Error> {
        let path = self.temporary.with_file_name(name);
        fs::rename(&self.temporary, &path).map_err(|source| match source.kind() {
            io::ErrorKind::IsADirectory | io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::InvalidFilename => {
                Error::InTheWay { path: path.clone(), source }
            }
            _ => local("cannot be written", path.parent().unwrap_or(&path), source),
        })?;
        Ok(path)
    }
}

impl Drop for Fetched {
    fn drop(&mut self) {
        // After `keep` it is not there any more.
        drop(fs::remove_file(&self.temporary));
    }
}

pub(crate) fn store(entry: &Entry, bytes: Vec<u8>, folder: &Path) -> Result<Fetched, Error> {
    // What is said of it names no file: the same trouble reads the same each time.
    let failed = |source| local("cannot be written", folder, source);
    let (mut file, temporary) = create(folder).map_err(failed)?;
    let fetched = Fetched { entry: entry.clone(), bytes, temporary };
    let mut write = || {
        file.write_all(&fetched.bytes)?;
        if let Ok(seconds) = u64::try_from(entry.mark.mtime) {
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))?;
        }
        file.sync_all()
    };
    write().map_err(failed)?;
    Ok(fetched)
}

/// A new temporary file: another name is tried where somebody has the first.
fn create(folder: &Path) -> io::Result<(File, PathBuf)> {
    const TRIES: u32 = 10;
    let mut tries = 0;
    loop {
        tries += 1;
        let path = folder.join(temporary_name());
        match File::create_new(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < TRIES => {}
            created => return created.map(|file| (file, path)),
        }
    }
}

/// Makes the names in a folder safe from a power cut.
///
/// # Errors
/// The disk failed.
pub fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| local("cannot be written", folder, e))
}

/// Removes temporary files that ended processes left behind, whatever their age: not those of a
/// process that lives. Returns how many there were.
///
/// # Errors
/// The folder cannot be read.
pub fn remove_leftovers(folder: &Path) -> Result<usize, Error> {
    let mut removed = 0;
    for entry in fs::read_dir(folder).map_err(|e| local("cannot be read", folder, e))?.flatten() {
        let name = entry.file_name();
        let middle = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX));
        if middle.is_some_and(|middle| !is_of_the_living(middle)) && fs::remove_file(entry.path()).is_ok() {
            removed += 1;
        }
    }
    Ok(removed)
}

/// Whether the process that made such a name still runs: one of its number, started when it was. A
/// process in another container that shares the folder is not seen; it fetches its file once more.
fn is_of_the_living(middle: &str) -> bool {
    let mut parts = middle.split('-');
    let (Some(process), Some(started)) = (parts.next(), parts.next()) else { return false };
    process.bytes().all(|byte| byte.is_ascii_digit())
        && start_of(process).is_some_and(|running| running.to_string() == started)
}

/// When a process was started, in ticks since the machine was: the 22nd field, counted behind the
/// program's name, which may hold anything.
fn start_of(process: &str) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, behind) = stat.rsplit_once(')')?;
    behind.split_whitespace().nth(19)?.parse().ok()
}

/// Unique among the processes of this machine, those of its containers, and the threads of each:
/// all containers have a process 1, so that number and start do not suffice.
fn temporary_name() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    static START: LazyLock<u64> = LazyLock::new(|| start_of("self").unwrap_or_default());
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let chance = RandomState::new().hash_one(number);
    format!("{PREFIX}{}-{}-{chance:016x}{SUFFIX}", std::process::id(), *START)
}

fn local(doing: &'static str, path: &Path, source: io::Error) -> Error {
    Error::Local { doing, path: path.to_path_buf(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_go_whatever_their_age_and_what_a_living_process_writes_stays() {
        let folder = tempfile::tempdir().unwrap();
        let mine = temporary_name();
        let init = start_of("1").unwrap();
        let kept =
            [mine.clone(), format!(".fullhold-1-{init}-0.part"), "2025.txt".to_owned(), ".other.part".to_owned()];
        let left = [
            // The same numbers, of a process that ended.
            mine.replacen(&format!("-{}-", start_of("self").unwrap()), "-1-", 1),
            ".fullhold-481-18.part".to_owned(),
            format!(".fullhold-1-{}-0.part", init + 1),
            ".fullhold-..-0.part".to_owned(),
            ".fullhold-.part".to_owned(),
        ];
        for name in kept.iter().chain(&left) {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        assert_eq!(remove_leftovers(folder.path()).unwrap(), left.len());
        let there = |name: &String| folder.path().join(name).exists();
        assert!(kept.iter().all(there) && !left.iter().any(there));
    }

    #[test]
    fn temporary_names_differ() {
        let names: std::collections::HashSet<String> = (0..1_000).map(|_| temporary_name()).collect();
        assert_eq!(names.len(), 1_000);
    }
}
