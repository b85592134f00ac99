//! A full disk: said clearly, and what was there is there.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stdout,
    reason = "test support"
)]

mod support;

use std::path::Path;
use std::process::Command;

use support::{Admin, simulated};

/// A small file system in memory, for as long as it lives; none where mounting is not allowed.
struct Small<'a>(&'a Path);

impl<'a> Small<'a> {
    fn mounted(at: &'a Path, size: &str) -> Option<Self> {
        let options = format!("size={size}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(at).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(at))
    }
}

impl Drop for Small<'_> {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("--lazy").arg(self.0).status());
    }
}

#[test]
fn on_a_full_disk_nothing_is_lost_and_the_message_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let Some(_small) = Small::mounted(folder.path(), "3m") else {
        println!("skipped: mounting a small file system is not allowed here");
        return;
    };
    let url = format!("sqlite://{}/fullhold.db", folder.path().display());
    let admin = Admin::new(&url);
    let files = admin.folder().join("files");
    let days = simulated(&files, 11, 600);
    admin.fine(&["create"]);
    admin.fine(&["import", "files", "--to", &days[1]]);
    let before = admin.dump();
    let full = |arguments: &[&str]| {
        let (code, out, err) = admin.run(arguments);
        assert_eq!((code, out.as_str()), (1, ""), "{arguments:?}: {err}");
        assert!(err.contains("full") || err.contains("No space left"), "{arguments:?}: {err}");
    };
    // The whole history does not fit. What fitted is committed, batch by batch, and right.
    full(&["import", "files"]);
    admin.fine(&["validate"]);
    let stored = admin.dump();
    assert!(before.iter().filter(|line| line.starts_with("rounds|")).all(|line| stored.contains(line)));
    // No room for a backup, so nothing that needs one is begun, and no half of one is left.
    let there = |name: &str| folder.path().join(name);
    full(&["backup"]);
    full(&["rebuild", "--yes"]);
    assert_eq!(std::fs::read_dir(there("backups")).unwrap().count(), 0);
    assert_eq!(admin.dump(), stored);
    // And, once the last byte is taken, none for the new state beside the old one.
    let filler = there("filler");
    let fill = format!("cat /dev/zero > {} 2> /dev/null", filler.display());
    assert!(!Command::new("sh").args(["-c", &fill]).status().unwrap().success());
    // It may still fit into the log that the failed import left behind.
    let (code, _, err) = admin.run(&["rebuild", "--yes", "--no-backup"]);
    assert!(code == 0 || err.contains("full"), "{code}: {err}");
    std::fs::remove_file(&filler).unwrap();
    assert_eq!(admin.dump(), stored);
    admin.fine(&["validate"]);
    // With room, everything goes on from where it stopped.
    let grown = Command::new("mount").args(["-o", "remount,size=64m"]).arg(folder.path()).status().unwrap();
    assert!(grown.success());
    admin.fine(&["rebuild", "--yes"]);
    assert_eq!(admin.dump(), stored);
    admin.fine(&["import", "files"]);
    admin.fine(&["validate"]);
}
