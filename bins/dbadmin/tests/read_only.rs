//! A SQLite database where nothing can be written: everything that only reads works, and the rest says why not.
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

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Command, Stdio};

use support::{Admin, simulated};

fn set(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// `dbadmin` as somebody who owns nothing: root may write anywhere.
fn as_nobody(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let program = env!("CARGO_BIN_EXE_dbadmin");
    let mut command = if fs::metadata("/proc/self").unwrap().uid() == 0 {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", program]);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command.env("DATABASE_URL", "sqlite://db/full.db").args(arguments).stdin(Stdio::null());
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

#[test]
fn a_database_in_a_folder_that_cannot_be_written_is_read() {
    let admin = Admin::new("sqlite://db/full.db");
    let folder = admin.folder();
    set(folder, 0o777);
    let db = folder.join("db");
    fs::create_dir(&db).unwrap();
    simulated(&folder.join("files"), 5, 24);
    admin.fine(&["create"]);
    admin.fine(&["import", "files"]);
    let expected = admin.fine(&["export", "rounds"]);
    for (file_mode, folder_mode) in [(0o644, 0o555), (0o444, 0o777)] {
        set(&db.join("full.db"), file_mode);
        set(&db, folder_mode);
        let readers: [&[&str]; 7] = [
            &["status"],
            &["validate"],
            &["find-missing"],
            &["players"],
            &["servers"],
            &["files"],
            &["backup", "copy.db"],
        ];
        for reading in readers {
            let (code, out, err) = as_nobody(folder, reading);
            assert_eq!((code, err.as_str()), (0, ""), "{reading:?}: {out}");
        }
        fs::remove_file(folder.join("copy.db")).unwrap();
        assert_eq!(as_nobody(folder, &["export", "rounds"]).1, expected);
        for writing in [["import", "files"].as_slice(), &["rebuild", "--yes", "--no-backup"], &["rebuild-sessions"]] {
            let (code, _, err) = as_nobody(folder, writing);
            // An import of nothing new has nothing to write.
            assert!(code == 1 || writing[0] == "import", "{writing:?}: {code} {err}");
            assert!(code == 0 || err.contains("this user may not write to its file or folder"), "{writing:?}: {err}");
        }
        let (code, out, _) = as_nobody(folder, &["doctor"]);
        assert_eq!(code, 1);
        assert!(out.contains("FAIL  permission to write: the database can only be read here"), "{out}");
        assert_eq!(fs::read_dir(&db).unwrap().count(), 1, "nothing is left beside it");
    }
    set(&db, 0o755);
    set(&db.join("full.db"), 0o644);
    // With a writer at work the newest is in its log, and is seen.
    let writer = rusqlite::Connection::open(db.join("full.db")).unwrap();
    writer.execute_batch("INSERT INTO guild_settings VALUES (1, 'prefix', '?')").unwrap();
    set(&db, 0o555);
    let (code, out, err) = as_nobody(folder, &["status"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    // A log without its index, as a copy of two of the three files has it.
    let alone = folder.join("alone");
    fs::create_dir(&alone).unwrap();
    for name in ["full.db", "full.db-wal"] {
        fs::copy(db.join(name), alone.join(name)).unwrap();
    }
    set(&alone, 0o555);
    let (code, _, err) = as_nobody(folder, &["status", "--database-url", "sqlite://alone/full.db"]);
    assert_eq!(code, 1);
    assert!(err.contains("full.db-wal") && err.contains("copy both files"), "{err}");
    drop(writer);
    set(&alone, 0o755);
    set(&db, 0o755);
}
