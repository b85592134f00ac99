//! Which user runs the server, and a directory that user can reach.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// The user the server runs as; `ids` only when we are root and it is somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) name: String,
    ids: Option<(u32, u32)>,
}

impl Account {
    /// Ourselves, or as root an unprivileged user, who then owns the directory.
    pub(super) fn of_directory(directory: &Path) -> io::Result<Self> {
        let own = fs::metadata(directory)?.uid();
        let accounts = fs::read_to_string("/etc/passwd")?;
        let missing = || io::Error::other("no such user in /etc/passwd");
        if own != 0 {
            let name = users(&accounts).find(|(_, user, _)| *user == own).map(|(name, _, _)| name);
            return Ok(Self { name: name.ok_or_else(missing)?.to_owned(), ids: None });
        }
        let (name, user, group) = unprivileged(&accounts).ok_or_else(missing)?;
        let account = Self { name: name.to_owned(), ids: Some((user, group)) };
        account.own(directory)?;
        fs::set_permissions(directory, fs::Permissions::from_mode(0o755))?;
        Ok(account)
    }

    /// Gives a file to this account.
    pub(super) fn own(&self, path: &Path) -> io::Result<()> {
        self.ids.map_or(Ok(()), |(user, group)| chown(path, Some(user), Some(group)))
    }

    /// Makes the command run as this account.
    pub(super) fn apply(&self, command: &mut Command) {
        if let Some((user, group)) = self.ids {
            command.uid(user).gid(group);
        }
    }
}

/// A user with a shell that runs commands comes first: programs that serve SFTP are run by it.
fn unprivileged(accounts: &str) -> Option<(&str, u32, u32)> {
    let named = |wanted: &str| users(accounts).find(|(name, user, _)| *name == wanted && *user != 0);
    named("postgres").or_else(|| named("nobody"))
}

fn users(accounts: &str) -> impl Iterator<Item = (&str, u32, u32)> {
    accounts.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        Some((name, fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

/// A fresh directory, in the first temporary place that every user can pass through.
pub(super) fn temporary_directory() -> io::Result<PathBuf> {
    let places = [env::temp_dir(), PathBuf::from("/tmp"), PathBuf::from("/var/tmp")];
    let [first, ..] = &places;
    let place = places.iter().find(|place| passable(place).unwrap_or(false)).unwrap_or(first);
    tempfile::Builder::new().prefix("fullhold-sshd-").tempdir_in(place).map(tempfile::TempDir::keep)
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
