//! Files on disk: finds them, in the order of their names.

use std::path::{Path, PathBuf};

use fullhold_stats_file::{FileKind, FileName};
use walkdir::WalkDir;

use crate::Rejected;

/// What lies under some paths.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Stats files, oldest first by name.
    pub files: Vec<PathBuf>,
    /// Files with other names.
    pub ignored: usize,
    /// What could not be looked into, with reasons.
    pub unreadable: Vec<Rejected>,
}

/// The name of a file as the database knows it: without directory, even where an old writer put a
/// backslash for a slash.
pub(crate) fn canonical_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    FileName::strip_directory(&name).to_owned()
}

/// Looks for stats files: each path is a file, or a folder that is searched through. Folders and
/// files whose name begins with a dot are not.
#[must_use]
pub fn find(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    for path in paths {
        let walk = WalkDir::new(path).follow_links(true).into_iter();
        let visible =
            |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
        for entry in walk.filter_entry(visible) {
            match entry {
                Err(error) => {
                    let file = error.path().unwrap_or(path).display().to_string();
                    let reason = error.io_error().map_or_else(|| error.to_string(), |e| format!("cannot be read: {e}"));
                    found.unreadable.push(Rejected { file, reason });
                }
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => match FileKind::of(&entry.file_name().to_string_lossy()) {
                    FileKind::Stats(_) => found.files.push(entry.into_path()),
                    FileKind::Endstats | FileKind::Sibling | FileKind::Unrelated => found.ignored += 1,
                },
            }
        }
    }
    // By name, not by path: the stamp comes first, so evenings stay together across folders.
    found.files.sort_by_cached_key(|path| (canonical_name(path), path.clone()));
    found.files.dedup();
    found
}
