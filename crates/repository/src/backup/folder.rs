//! The folder of backups: names with the database's in them, and which of them are old.
//!
//! `NAME-YYYYMMDD-HHMMSS-mmm.db`, and `….-before-rebuild.db` for what was saved before something was replaced. Only
//! files of exactly this form, with this database's name, are ever removed.

use std::fs;
use std::path::{Path, PathBuf};

use time::PrimitiveDateTime;

use super::{file_error, part, save};
use crate::{DatabaseUrl, Host, Result};

/// Between the stamp and the word for what was about to happen.
const BEFORE: &str = "-before-";
/// Digits and dashes of a stamp.
const STAMP: &str = "00000000-000000-000";

/// Where the backups of one database are.
#[derive(Clone, Debug)]
pub struct BackupFolder {
    folder: PathBuf,
    url: DatabaseUrl,
    name: String,
    extension: &'static str,
}

/// Why a backup was taken; they are counted apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Somebody asked for one.
    Asked,
    /// Before something was replaced.
    Safety,
}

impl BackupFolder {
    /// The given folder, or `backups` beside the SQLite file or in the working directory.
    #[must_use]
    pub fn of(url: &DatabaseUrl, folder: Option<PathBuf>) -> Self {
        let beside = url.sqlite_path().and_then(Path::parent).unwrap_or(Path::new(""));
        let extension = if url.sqlite_path().is_some() { "db" } else { "dump" };
        let folder = folder.unwrap_or_else(|| beside.join("backups"));
        Self { folder, url: url.clone(), name: name_of(url), extension }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// The file of a backup taken at this moment, UTC. To the millisecond, so that names sort by age and never meet.
    /// `before` is the command that is about to replace something.
    #[must_use]
    pub fn file(&self, now: PrimitiveDateTime, before: Option<&str>) -> PathBuf {
        let why = before.map(|command| format!("{BEFORE}{command}")).unwrap_or_default();
        self.folder.join(format!("{}-{}{why}.{}", self.name, stamp(now), self.extension))
    }

    /// Removes all but the newest backups of this database: `keep` of those asked for, and as many of those taken
    /// before something was replaced. Never the one just made, whatever the clocks said; never the database itself.
    ///
    /// # Errors
    /// The folder cannot be read, or a file not be removed.
    pub fn rotate(&self, made: &Path, keep: usize) -> Result<Vec<PathBuf>> {
        let (mut asked, mut safety) = (Vec::new(), Vec::new());
        for path in self.files()? {
            if path.file_name() == made.file_name() || save::is_database_itself(&self.url, &path) {
                continue;
            }
            match self.kind(&path) {
                Some(Kind::Asked) => asked.push(path),
                Some(Kind::Safety) => safety.push(path),
                None => {}
            }
        }
        let mut removed = oldest(asked, keep.saturating_sub(1));
        removed.extend(oldest(safety, keep));
        for old in &removed {
            fs::remove_file(old).map_err(|e| file_error("removing", old, e))?;
        }
        Ok(removed)
    }

    /// What killed backups of this database left behind.
    ///
    /// # Errors
    /// The folder is there and cannot be read.
    pub fn leftovers(&self) -> Result<Vec<PathBuf>> {
        if !self.folder.exists() {
            return Ok(Vec::new());
        }
        let ours = |name: &str| self.kind(Path::new(name)).is_some();
        let mut found = part::leftovers(&self.folder, ours).map_err(|e| file_error("reading", &self.folder, e))?;
        // A restore makes its new content beside the database.
        if let Some(database) = self.url.sqlite_path() {
            let (folder, name) = (part::folder_of(database), database.file_name().unwrap_or_default());
            let beside = part::leftovers(folder, |one| name.to_str() == Some(one));
            found.extend(beside.map_err(|e| file_error("reading", folder, e))?);
        }
        Ok(found)
    }

    /// Removes what killed backups of this database left behind.
    ///
    /// # Errors
    /// As [`BackupFolder::leftovers`], or one cannot be removed.
    pub fn remove_leftovers(&self) -> Result<Vec<PathBuf>> {
        let found = self.leftovers()?;
        for path in &found {
            fs::remove_file(path).map_err(|e| file_error("removing", path, e))?;
        }
        Ok(found)
    }

    fn files(&self) -> Result<Vec<PathBuf>> {
        let trouble = |e| file_error("reading", &self.folder, e);
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(trouble)? {
            let entry = entry.map_err(trouble)?;
            if entry.file_type().map_err(trouble)?.is_file() {
                files.push(entry.path());
            }
        }
        Ok(files)
    }

    /// Whether a file has the name of a backup of this database.
    fn kind(&self, path: &Path) -> Option<Kind> {
        let name = path.file_name()?.to_str()?;
        let rest = name.strip_prefix(&self.name)?.strip_prefix('-')?;
        let rest = rest.strip_suffix(self.extension)?.strip_suffix('.')?;
        let (stamp, why) = rest.split_at_checked(STAMP.len())?;
        let same = |(found, wanted): (u8, u8)| if wanted == b'0' { found.is_ascii_digit() } else { found == wanted };
        if !stamp.bytes().zip(STAMP.bytes()).all(same) {
            return None;
        }
        if why.is_empty() {
            return Some(Kind::Asked);
        }
        let command = why.strip_prefix(BEFORE)?;
        let word = !command.is_empty() && command.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        word.then_some(Kind::Safety)
    }
}

/// All but the newest, by name: names sort by age.
fn oldest(mut files: Vec<PathBuf>, keep: usize) -> Vec<PathBuf> {
    files.sort();
    files.truncate(files.len().saturating_sub(keep));
    files
}

/// `20261124-040000-001`.
pub(super) fn stamp(now: PrimitiveDateTime) -> String {
    let ((year, month, day), (hour, minute, second, milli)) = (now.to_calendar_date(), now.as_hms_milli());
    format!("{year:04}{:02}{day:02}-{hour:02}{minute:02}{second:02}-{milli:03}", u8::from(month))
}

/// The database's name in its backups' names. Databases of the same name on different servers differ.
fn name_of(url: &DatabaseUrl) -> String {
    let name = url.name();
    let name = match url {
        DatabaseUrl::Sqlite(_) => name.strip_suffix(".db").unwrap_or(&name).to_owned(),
        DatabaseUrl::Postgres(url) => match url.hosts.first().and_then(place) {
            Some(place) => format!("{name}@{place}"),
            None => name,
        },
    };
    let plain = |c: char| c.is_alphanumeric() || "-._@".contains(c);
    name.chars().map(|c| if plain(c) { c.to_string() } else { format!("%{:02X}", u32::from(c)) }).collect()
}

/// Host and port, where they are not the usual ones of this machine.
fn place(host: &Host) -> Option<String> {
    let here = host.is_socket() || ["localhost", "127.0.0.1", "::1"].contains(&host.name.as_str());
    match (here, host.port.filter(|_| host.port() != 5432)) {
        (true, None) => None,
        (true, Some(port)) => Some(port.to_string()),
        (false, None) => Some(host.name.clone()),
        (false, Some(port)) => Some(format!("{}_{port}", host.name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[PathBuf]) -> Vec<&str> {
        paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect()
    }

    fn at(hour: u8) -> PrimitiveDateTime {
        let day = time::Date::from_calendar_date(2026, time::Month::November, 24).unwrap();
        PrimitiveDateTime::new(day, time::Time::from_hms_milli(hour, 0, 0, 1).unwrap())
    }

    #[test]
    fn names_carry_the_database_and_where_it_is() {
        let cases = [
            ("sqlite:///var/fullhold.db", "fullhold-20261124-040000-001.db"),
            ("sqlite://prod.sqlite", "prod.sqlite-20261124-040000-001.db"),
            ("postgres://u@localhost/stats", "stats-20261124-040000-001.dump"),
            ("postgres://u@127.0.0.1:5433/stats", "stats@5433-20261124-040000-001.dump"),
            ("postgres://u@db1,db2/stats", "stats@db1-20261124-040000-001.dump"),
            ("postgres://u@db1:7/et%20%2Fstats", "et%20%2Fstats@db1_7-20261124-040000-001.dump"),
        ];
        for (url, name) in cases {
            let backups = BackupFolder::of(&url.parse().unwrap(), None);
            let file = backups.file(at(4), None);
            assert_eq!(file.file_name().unwrap(), name);
            assert!(backups.kind(&file) == Some(Kind::Asked), "{name}");
            assert!(backups.kind(&backups.file(at(4), Some("fix-range"))) == Some(Kind::Safety), "{name}");
        }
    }

    #[test]
    fn only_old_backups_of_this_database_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let other = [
            "fullhold-before-upgrade.db",
            "fullhold-golden.db",
            "fullhold-20261124.db",
            "fullhold-20261124-040000-001-mine.db",
            "fullhold-20261124-040000-001-before-.db",
            "fullhold-20261124-040000-001.db.old",
            "fullhold-20261124-040000-001.dump",
            "fullhold-1-20261124-040000-001.db",
            "prod-20261124-040000-001.db",
            "notes.txt",
        ];
        for name in other {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        // The open database has the name of a backup.
        let database = folder.path().join("fullhold-20200101-000000-000.db");
        let url = DatabaseUrl::Sqlite(folder.path().join("fullhold.db"));
        fs::write(folder.path().join("fullhold.db"), "x").unwrap();
        fs::hard_link(folder.path().join("fullhold.db"), &database).unwrap();
        let backups = BackupFolder::of(&url, Some(folder.path().to_owned()));
        for hour in 1..=5 {
            fs::write(backups.file(at(hour), None), "x").unwrap();
            fs::write(backups.file(at(hour), Some("rebuild")), "x").unwrap();
        }
        // A clock that was wrong once.
        let future = folder.path().join("fullhold-20300101-000000-000.db");
        fs::write(&future, "x").unwrap();
        let made = backups.file(at(6), None);
        fs::write(&made, "x").unwrap();
        let removed = backups.rotate(&made, 2).unwrap();
        assert_eq!(
            names(&removed),
            [
                "fullhold-20261124-010000-001.db",
                "fullhold-20261124-020000-001.db",
                "fullhold-20261124-030000-001.db",
                "fullhold-20261124-040000-001.db",
                "fullhold-20261124-050000-001.db",
                "fullhold-20261124-010000-001-before-rebuild.db",
                "fullhold-20261124-020000-001-before-rebuild.db",
                "fullhold-20261124-030000-001-before-rebuild.db",
            ]
            .map(|name| name)
        );
        let made = backups.file(at(7), None);
        fs::write(&made, "x").unwrap();
        backups.rotate(&made, 1).unwrap();
        assert!(made.exists(), "never the one just made");
        assert!(database.exists() && folder.path().join("fullhold.db").exists(), "never the open database");
        assert!(other.iter().all(|name| folder.path().join(name).exists()));
    }
}
