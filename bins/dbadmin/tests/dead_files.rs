//! Files that could not be had from a server, or are others there: `files`, `doctor` and `status` count and
//! name them, `files retry` makes them due. That a watcher takes them then, its own tests show.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "test support"
)]

mod support;

use fullhold_testkit::each_backend_blocking;
use serde_json::Value;
use support::{Admin, simulated};

const DEAD: &str = "2031-02-01-200000-supply-round-1.txt";
const OTHER: &str = "2031-02-01-210000-supply-round-1.txt";
const CONFLICT: &str = "2031-02-01-220000-supply-round-1.txt";

/// A database whose watcher gave two files up, found another one changed, and left three alone.
fn watched(admin: &Admin<'_>) {
    simulated(&admin.folder().join("files"), 5, 4);
    admin.fine(&["create"]);
    admin.fine(&["import", "files"]);
    for (name, state, reason) in [
        (DEAD, "dead", "permission denied"),
        (OTHER, "dead", "the server answers failure (SFTP status 4)"),
        (CONFLICT, "conflict", "was imported before with other bytes"),
    ] {
        admin.plant(&format!(
            "INSERT INTO remote_files SELECT id, '{name}', 1000, 1900000000, 33152, '{state}', 5, '{reason}', \
             '2031-02-01 20:00:00', '2031-02-01 20:01:00' FROM servers"
        ));
    }
    admin.plant(
        "INSERT INTO server_status (server_id, failures, newest_imported, files, waiting, failed, left_alone, dead) \
         SELECT id, 0, FALSE, 10, 0, 0, 3, 2 FROM servers",
    );
}

fn names(list: &Value, key: &str) -> Vec<String> {
    let rows = list[key].as_array().unwrap();
    rows.iter().map(|row| row["file"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_could_not_be_had_is_counted_and_named() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        watched(&admin);
        let text = admin.fine(&["files", "failed"]);
        for line in [
            format!("dead: {DEAD} (on server default, seen 2031-02-01"),
            "        permission denied\n".to_owned(),
            format!("dead: {OTHER} (on server default"),
            format!("conflict: {CONFLICT} (on server default"),
            "3 files failed\n".to_owned(),
        ] {
            assert!(text.contains(&line), "{line}: {text}");
        }
        assert_eq!(names(&admin.json(&["files", "--json"]), "on_servers"), [DEAD, OTHER, CONFLICT]);
        let text = admin.fine(&["status"]);
        assert!(text.contains("0 waiting, 0 failed, 2 set aside, 3 left alone"), "{text}");
        assert_eq!(admin.json(&["status", "--json"])["freshness"][0]["dead"], 2);
        let (_, text, _) = admin.run(&["doctor"]);
        for line in [
            "look  files on the servers: 2 could not be had and are set aside\n",
            "look  files on the servers: 1 are other ones than those that are stored\n",
            "look  files on the servers: 3 on default are older than the look-back, and not here\n",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
    });
}

#[test]
fn what_could_not_be_had_is_tried_again_when_a_person_says_so() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        watched(&admin);
        let (code, text, err) = admin.run(&["files", "retry", DEAD]);
        assert_eq!(code, 0, "{text}{err}");
        assert!(text.contains(&format!("due: {DEAD}\n")) && text.contains("importer sync"), "{text}");
        assert!(!text.contains("no such file"), "{text}");
        assert_eq!(names(&admin.json(&["files", "waiting", "--json"]), "on_servers"), [DEAD]);
        assert_eq!(names(&admin.json(&["files", "failed", "--json"]), "on_servers"), [OTHER, CONFLICT]);
        let done = admin.json(&["files", "retry", "--all", "--json"]);
        assert_eq!(done["due"], serde_json::json!([OTHER]));
        // A conflict is not tried again: the stored file stays.
        assert_eq!(names(&admin.json(&["files", "failed", "--json"]), "on_servers"), [CONFLICT]);
        let (code, text, _) = admin.run(&["files", "retry", "no-such-file.txt"]);
        assert!(code == 3 && text.contains("there is no such file"), "{text}");
    });
}

#[test]
fn what_could_not_be_had_or_is_another_one_there_is_set_aside_until_a_person_says_otherwise() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        watched(&admin);
        let (code, text, err) = admin.run(&["files", "ignore", CONFLICT, "--reason", "a test round"]);
        assert_eq!(code, 0, "{text}{err}");
        assert_eq!(names(&admin.json(&["files", "failed", "--json"]), "on_servers"), [DEAD, OTHER]);
        let text = admin.fine(&["files", "ignored"]);
        assert!(
            text.contains(&format!("ignored: {CONFLICT} (on server default")) && text.contains("a test round"),
            "{text}"
        );
        admin.fine(&["files", "ignore", "--all", "--reason", "nobody may read them"]);
        assert_eq!(names(&admin.json(&["files", "failed", "--json"]), "on_servers"), [""; 0]);
        let (_, text, _) = admin.run(&["doctor"]);
        assert!(!text.contains("other ones than those") && !text.contains("could not be had"), "{text}");
        // They are not tried again with all others, but when one is named.
        assert_eq!(admin.json(&["files", "retry", "--all", "--json"])["due"], serde_json::json!([]));
        assert_eq!(admin.json(&["files", "retry", DEAD, "--json"])["due"], serde_json::json!([DEAD]));
    });
}
