//! Where PostgreSQL's programs are.
//!
//! Debian keeps the server's programs out of PATH, in a folder per major version; others put them in PATH.

use std::path::{Path, PathBuf};
use std::{env, fs};

const DEBIAN: &str = "/usr/lib/postgresql";
const NEEDED: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// A directory with the server's programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries(PathBuf);

impl Binaries {
    /// Looks in `$PG_BIN`, in PATH, then in Debian's folders, newest version first.
    #[must_use]
    pub fn find() -> Option<Self> {
        let named = env::var_os("PG_BIN").map(PathBuf::from);
        let path = env::var_os("PATH").unwrap_or_default();
        named
            .into_iter()
            .chain(env::split_paths(&path))
            .filter_map(|folder| Self::in_folder(&folder))
            .chain(debian_folders(Path::new(DEBIAN)).into_iter().filter_map(|folder| Self::in_folder(&folder)))
            .next()
    }

    /// The full path of a program.
    #[must_use]
    pub fn path(&self, program: &str) -> PathBuf {
        self.0.join(program)
    }

    /// A folder of links in PATH may hold only some of the programs, so the links are followed first.
    fn in_folder(folder: &Path) -> Option<Self> {
        let pg_ctl = fs::canonicalize(folder.join("pg_ctl")).ok()?;
        let real = pg_ctl.parent()?;
        NEEDED.iter().all(|name| real.join(name).is_file()).then(|| Self(real.to_path_buf()))
    }
}

fn debian_folders(root: &Path) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(root)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_debian_version_comes_first() {
        let root = tempfile::tempdir().unwrap();
        for name in ["9", "15", "notes"] {
            fs::create_dir(root.path().join(name)).unwrap();
        }
        assert_eq!(debian_folders(root.path()), [root.path().join("15/bin"), root.path().join("9/bin")]);
    }

    #[test]
    fn a_folder_without_the_server_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("pg_ctl"), "").unwrap();
        assert_eq!(Binaries::in_folder(folder.path()), None);
    }
}
