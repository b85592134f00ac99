//! Files of answers: pictures and exports, written where somebody finds them.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use fullhold_commands::reply::Attachment;

/// So many files of one name are written before it is an error.
const MOST: u32 = 9_999;

/// Writes a file under its name. What is there already is never overwritten: then a number stands before the extension.
pub(crate) fn write(folder: &Path, file: &Attachment) -> Result<PathBuf, String> {
    let failed = |path: &Path, error: std::io::Error| format!("could not write {}: {error}", path.display());
    let (stem, extension) = file.name.rsplit_once('.').unwrap_or((&file.name, "bin"));
    for number in 1..=MOST {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let path = folder.join(format!("fullhold-{stem}{number}.{extension}"));
        // A new file only: in a folder that others write to, a name may be a link of theirs.
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut open) => {
                return open.write_all(&file.bytes).map(|()| path.clone()).map_err(|error| failed(&path, error));
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(&path, error)),
        }
    }
    Err(format!("{} holds {MOST} files called {} already", folder.display(), file.name))
}
