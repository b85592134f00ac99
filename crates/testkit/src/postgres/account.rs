//! Which user runs the server, and a directory that user can reach.
//!
//! PostgreSQL refuses to run as root. As root we hand the directory to `postgres`, or to `nobody` where the packages
//! were unpacked without creating that user; as anyone else we run it as ourselves.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use super::{PostgresError, file_error};

/// The unprivileged user that runs the server when we are root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    user: u32,
    group: u32,
}

impl Account {
    /// None when we are not root; else the account, which then owns the directory.
    pub(super) fn for_directory(directory: &Path) -> Result<Option<Self>, PostgresError> {
        let owner = fs::metadata(directory).map_err(|e| file_error("reading", directory, &e))?.uid();
        if owner != 0 {
            return Ok(None);
        }
        let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let account = Self::in_passwd(&accounts).ok_or(PostgresError::NoAccount)?;
        std::os::unix::fs::chown(directory, Some(account.user), Some(account.group))
            .map_err(|e| file_error("giving away", directory, &e))?;
        Ok(Some(account))
    }

    /// Gives it a file.
    pub(super) fn own(self, path: &Path) -> io::Result<()> {
        std::os::unix::fs::chown(path, Some(self.user), Some(self.group))
    }

    /// Makes the command run as this account; the standard library also drops root's supplementary groups.
    pub(super) fn apply(self, command: &mut Command) {
        command.uid(self.user).gid(self.group);
    }

    fn in_passwd(text: &str) -> Option<Self> {
        ["postgres", "nobody"].iter().find_map(|name| {
            text.lines().find_map(|line| {
                let mut fields = line.split(':');
                if fields.next() != Some(name) {
                    return None;
                }
                let (user, group) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
                (user != 0).then_some(Self { user, group })
            })
        })
    }
}

/// A fresh directory, in the first temporary place that every user can pass through.
pub(super) fn temporary_directory() -> Result<PathBuf, PostgresError> {
    let places = [env::temp_dir(), PathBuf::from("/tmp"), PathBuf::from("/var/tmp")];
    let [first, ..] = &places;
    let place = places.iter().find(|place| passable(place).unwrap_or(false)).unwrap_or(first);
    let made = tempfile::Builder::new().prefix("fullhold-postgres-").tempdir_in(place);
    made.map(tempfile::TempDir::keep).map_err(|e| file_error("creating a directory in", place, &e))
}

fn passable(path: &Path) -> io::Result<bool> {
    const OTHERS_MAY_PASS: u32 = 0o001;
    for folder in fs::canonicalize(path)?.ancestors() {
        if fs::metadata(folder)?.permissions().mode() & OTHERS_MAY_PASS == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgres_is_preferred_to_nobody_and_root_is_never_taken() {
        let nobody = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533::/:/bin/false\n";
        assert_eq!(Account::in_passwd(nobody), Some(Account { user: 65534, group: 65533 }));
        let both = format!("{nobody}postgres:x:101:104::/:/bin/sh\n");
        assert_eq!(Account::in_passwd(&both), Some(Account { user: 101, group: 104 }));
        assert_eq!(Account::in_passwd("postgres:x:0:0::/:/bin/sh\n"), None);
    }

    #[test]
    fn a_private_folder_is_not_passable() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert!(!passable(folder.path()).unwrap());
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(passable(folder.path()).unwrap(), passable(folder.path().parent().unwrap()).unwrap());
    }
}
