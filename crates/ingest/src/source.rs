//! Files on disk: finds them, in the order of their names.

use std::collections::HashSet;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use fullhold_stats_file::{FileKind, FileName};
use walkdir::WalkDir;

use crate::Rejected;

/// Names of files left alone that are kept for telling; all are counted.
const NAMED: usize = 100;

/// What lies under some paths.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Stats files, oldest first by name. Not all can be read: a pipe, or a link to nowhere, may have such a name.
    pub files: Vec<PathBuf>,
    /// Files with other names.
    pub ignored: usize,
    /// The first of these: those first whose names are not those of other files of a game server.
    pub left_alone: Vec<String>,
    /// What could not be looked into, with reasons.
    pub unreadable: Vec<Rejected>,
}

/// The name of a file as the database knows it: without directory, even where an old writer put a
/// backslash for a slash.
pub fn canonical_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    FileName::strip_directory(&name).to_owned()
}

/// Looks for stats files: each path is a file, or a folder that is searched through. Folders and
/// files whose name begins with a dot are not.
#[must_use]
pub fn find(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    let mut siblings = Vec::new();
    let mut folders = HashSet::new();
    for path in paths {
        let walk = WalkDir::new(path).follow_links(true).into_iter();
        let wanted = |entry: &walkdir::DirEntry| {
            let is_visible = entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
            is_visible && (!entry.file_type().is_dir() || is_new(entry, &mut folders))
        };
        for entry in walk.filter_entry(wanted) {
            match entry {
                Err(error) => trouble(&error, path, &mut found),
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => match FileKind::of(&entry.file_name().to_string_lossy()) {
                    FileKind::Stats(_) => found.files.push(entry.into_path()),
                    FileKind::Unrelated => left_alone(entry.path(), &mut found.left_alone, &mut found.ignored),
                    FileKind::Endstats | FileKind::Sibling => {
                        left_alone(entry.path(), &mut siblings, &mut found.ignored);
                    }
                },
            }
        }
    }
    found.left_alone.extend(siblings);
    found.left_alone.truncate(NAMED);
    // By name, not by path: the stamp comes first, so evenings stay together across folders.
    found.files.sort_by_cached_key(|path| (canonical_name(path), path.clone()));
    found.files.dedup();
    found
}

/// Whether a folder was not looked through yet: links lead to the same one by other names.
fn is_new(folder: &walkdir::DirEntry, seen: &mut HashSet<(u64, u64)>) -> bool {
    // What cannot be looked at says so when it is looked through.
    folder.metadata().map_or(true, |meta| seen.insert((meta.dev(), meta.ino())))
}

fn left_alone(path: &Path, names: &mut Vec<String>, count: &mut usize) {
    *count += 1;
    if names.len() < NAMED {
        names.push(path.display().to_string());
    }
}

/// What could not be looked into.
fn trouble(error: &walkdir::Error, root: &Path, found: &mut Found) {
    let path = error.path().unwrap_or(root);
    if error.loop_ancestor().is_some() {
        // A link to a folder above it: what is there is found without it.
        return left_alone(path, &mut found.left_alone, &mut found.ignored);
    }
    if path.is_symlink() && matches!(FileKind::of(&canonical_name(path)), FileKind::Stats(_)) {
        // Whoever reads it says why that cannot be done. Another name may be that of a folder full of files.
        return found.files.push(path.to_owned());
    }
    let reason = error.io_error().map_or_else(|| error.to_string(), |e| format!("cannot be read: {e}"));
    found.unreadable.push(Rejected { file: path.display().to_string(), reason });
}
