//! One file from the server to the disk: under a temporary name first, whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
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
    /// Gives the file a name in the folder it is in, in place of any other of that name, and returns
    /// its bytes. The name is not safe from a power cut before [`sync_folder`].
    ///
    /// # Errors
    /// The disk failed.
    pub fn keep(mut self, name: &str) -> Result<(PathBuf, Vec<u8>), Error> {
        let path = self.temporary.with_file_name(name);
        fs::rename(&self.temporary, &path).map_err(|e| local("cannot be renamed", &self.temporary, e))?;
        Ok((path, std::mem::take(&mut self.bytes)))
    }
}

impl Drop for Fetched {
    fn drop(&mut self) {
        // After `keep` it is not there any more.
        drop(fs::remove_file(&self.temporary));
    }
}

pub(crate) fn store(entry: &Entry, bytes: Vec<u8>, folder: &Path) -> Result<Fetched, Error> {
    let fetched = Fetched { entry: entry.clone(), bytes, temporary: folder.join(temporary_name()) };
    let path = &fetched.temporary;
    let written = File::create_new(path).and_then(|mut file| {
        file.write_all(&fetched.bytes)?;
        if let Ok(seconds) = u64::try_from(entry.mark.mtime) {
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))?;
        }
        file.sync_all()
    });
    written.map_err(|e| local("cannot be written", path, e))?;
    Ok(fetched)
}

/// Makes the names in a folder safe from a power cut.
///
/// # Errors
/// The disk failed.
pub fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| local("cannot be written", folder, e))
}

/// Removes temporary files that a killed process left behind: those nobody has written to for so
/// long. Returns how many there were.
///
/// # Errors
/// The folder cannot be read.
pub fn remove_leftovers(folder: &Path, older_than: Duration) -> Result<usize, Error> {
    let mut removed = 0;
    for entry in fs::read_dir(folder).map_err(|e| local("cannot be read", folder, e))?.flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        // Not the modification time, which is the server's: when it came here.
        let age = entry.metadata().and_then(|meta| meta.created()).ok().and_then(|at| at.elapsed().ok());
        if ours && age.is_some_and(|age| age >= older_than) && fs::remove_file(entry.path()).is_ok() {
            removed += 1;
        }
    }
    Ok(removed)
}

/// Unique among the processes of this machine and the threads of each.
fn temporary_name() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("{PREFIX}{}-{number}{SUFFIX}", std::process::id())
}

fn local(doing: &'static str, path: &Path, source: io::Error) -> Error {
    Error::Local { doing, path: path.to_path_buf(), source }
}
