//! A file on disk, read without waiting for anybody: a pipe, a socket or a device may have the name of
//! a stats file.

use std::fs::{File, FileType, OpenOptions};
use std::io::{Error, Read as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;

use fullhold_stats_file::FileName;
use rustix::fs::OFlags;
use time::OffsetDateTime;

use crate::batch::utc;
use crate::{Prepared, Rejected, prepare};

/// A stats file is a few KiB; nothing near this size is one.
const LARGEST_FILE: u64 = 1 << 20;

/// Reads and prepares a file.
///
/// # Errors
/// It cannot be read, or is a link to something else; with a sentence for people.
pub fn read_file(path: &Path, name: &FileName) -> Result<Prepared, Rejected> {
    let shown = path.display().to_string();
    let rejected = |reason: String| Rejected { file: shown.clone(), reason };
    let read = read(path).and_then(|(bytes, mtime)| prepare(name, shown.clone(), &bytes, mtime));
    let prepared = read.map_err(|error| rejected(format!("cannot be read: {error}")))?;
    match (&prepared.parsed, path.is_symlink()) {
        // The bytes of what is stored are kept for ever, and a link may lead to anything.
        (Err(reason), true) => {
            let target = path.canonicalize().unwrap_or_else(|_gone| path.to_owned());
            Err(rejected(format!("a link to {}, which is no stats file: {reason}", target.display())))
        }
        _ => Ok(prepared),
    }
}

fn read(path: &Path) -> std::io::Result<(Vec<u8>, Option<time::PrimitiveDateTime>)> {
    // To open a device may do something, and to open a pipe waits for a writer.
    refuse_unless_plain(path.metadata()?.file_type())?;
    let file = open(path)?;
    // Another file may have taken its place since.
    let meta = file.metadata()?;
    refuse_unless_plain(meta.file_type())?;
    let mut bytes = Vec::new();
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    let size = meta.len().max(bytes.len() as u64);
    if size > LARGEST_FILE {
        return Err(Error::other(format!("{size} bytes, allowed are {LARGEST_FILE}")));
    }
    Ok((bytes, meta.modified().ok().map(|at| utc(OffsetDateTime::from(at)))))
}

fn open(path: &Path) -> std::io::Result<File> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

fn refuse_unless_plain(file_type: FileType) -> std::io::Result<()> {
    let what = match file_type {
        plain if plain.is_file() => return Ok(()),
        pipe if pipe.is_fifo() => "a named pipe",
        socket if socket.is_socket() => "a socket",
        folder if folder.is_dir() => "a folder",
        _ => "a device",
    };
    Err(Error::other(format!("it is {what}, allowed are plain files")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_refused_at_once_and_a_link_to_something_else_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let text = "2025-01-01-001900-x-round-1.txt";
        let name: FileName = text.parse().unwrap();
        let path = folder.path().join(text);
        let reason = || read_file(&path, &name).unwrap_err().reason;
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        assert!(reason().contains("a named pipe"), "{}", reason());
        std::fs::remove_file(&path).unwrap();
        let socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
        assert!(reason().contains("a socket"), "{}", reason());
        drop(socket);
        std::fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("/dev/null", &path).unwrap();
        assert!(reason().contains("a device"), "{}", reason());
        std::fs::remove_file(&path).unwrap();
        let secret = folder.path().join("secret");
        std::fs::write(&secret, "root:x:0:0\n").unwrap();
        std::os::unix::fs::symlink(&secret, &path).unwrap();
        assert!(reason().contains("a link to ") && reason().contains("secret"), "{}", reason());
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "root:x:0:0\n").unwrap();
        assert!(read_file(&path, &name).unwrap().parsed.is_err(), "a file of that name is kept as it is");
    }
}
