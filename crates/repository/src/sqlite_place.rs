//! Where a SQLite file lies: whether it can be written there, and how it is opened where it can only be read.

use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

/// How a SQLite file is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// What SQLite is told: a path, or a URI.
    pub(crate) name: String,
    /// Nothing can be written there.
    pub(crate) is_read_only: bool,
}

/// Looks at a file, which need not be there yet.
///
/// SQLite wants to write beside a file with a write-ahead log, even to read it. Where it may not, a file without a log
/// is opened as one that nobody changes; with one, the log's index must be there.
pub(crate) fn of(path: &Path) -> Result<Place, String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.is_dir() {
        return Err(format!("{} is a folder", path.display()));
    }
    if !folder.is_dir() {
        return Err(format!("there is no folder {}", folder.display()));
    }
    if path.exists() && !path.is_file() {
        return Err(format!("{} is a device, a pipe or a socket", path.display()));
    }
    let may = |path: &Path| access(path, Access::WRITE_OK).is_ok();
    if !path.exists() && !may(folder) {
        return Err(format!("this user may not write to {}", folder.display()));
    }
    if !path.exists() || (may(path) && may(folder)) {
        return Ok(Place { name: path.display().to_string(), is_read_only: false });
    }
    if access(path, Access::READ_OK).is_err() {
        return Err(format!("this user may not read {}", path.display()));
    }
    let has_log = beside(path, "-wal").metadata().is_ok_and(|log| log.len() > 0);
    if has_log && !beside(path, "-shm").exists() {
        return Err(format!(
            "this user may only read here, and the newest of the database is in {}-wal: whoever may write to {} opens it \
             once, or copy both files to another folder",
            path.display(),
            folder.display()
        ));
    }
    let how = if has_log { "mode=ro" } else { "immutable=1" };
    Ok(Place { name: format!("{}?{how}", uri(path)), is_read_only: true })
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{name}{ending}"))
}

/// A file's URI; what means something in one is encoded.
fn uri(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_nowhere| path.to_owned());
    let text = path.display().to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_holds_what_means_something_in_one() {
        assert_eq!(uri(Path::new("/srv/100%/a?b#c.db")), "file:/srv/100%25/a%3fb%23c.db");
        assert!(of(Path::new("/nowhere/at/all/x.db")).unwrap_err().contains("no folder"));
        assert!(of(Path::new("/tmp")).unwrap_err().contains("is a folder"));
        assert!(of(Path::new("/dev/null")).unwrap_err().contains("is a device"));
    }
}
