//! `files` and what belongs to it, on two servers: what is left out is found again, names that two servers have are
//! asked for, and files on disk heal what is stored.
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
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use fullhold_testkit::each_backend_blocking;
use serde_json::Value;
use support::{Admin, block_on, query, simulated};

const PIPE: &str = "2031-05-01-200000-supply-round-1.txt";
const NOWHERE: &str = "2031-05-01-201500-supply-round-2.txt";

/// Servers `default` and `two` with the same names, filled in turn, one file of the first late.
fn two_servers(admin: &Admin<'_>) -> Vec<String> {
    let folder = admin.folder().join("files");
    simulated(&folder, 5, 24);
    let mut names: Vec<String> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    admin.fine(&["create"]);
    let late = admin.folder().join("late");
    fs::rename(folder.join(&names[2]), &late).unwrap();
    for limit in [8, 100] {
        let limit = limit.to_string();
        admin.fine(&["import", "files", "--limit", &limit]);
        let two = ["--server", "two", "--timezone", "Europe/Ljubljana"];
        let (code, out, err) = admin.run(&[["import", "files", "--limit", &limit].as_slice(), &two].concat());
        assert_eq!(code, 0, "{out}{err}");
        // A name may be a typo: it is told once.
        assert_eq!(err.contains("server two is new; there is default already"), limit == "8", "{err}");
    }
    fs::rename(late, folder.join(&names[2])).unwrap();
    for server in ["default", "two"] {
        let done = admin.json(&["import", "files", "--server", server, "--json"]);
        assert_eq!((&done["imported"], &done["rejected"]), (&Value::from(1), &Value::Array(Vec::new())));
    }
    names
}

fn names_of(listed: &Value, list: &str) -> Vec<String> {
    listed[list].as_array().unwrap().iter().map(|one| one["file"].as_str().unwrap().to_owned()).collect()
}

fn file(admin: &Admin<'_>, name: &str) -> PathBuf {
    admin.folder().join("files").join(name)
}

/// Two player lines change places: another file that parses.
fn other(admin: &Admin<'_>, name: &str) {
    let text = fs::read_to_string(file(admin, name)).unwrap();
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    lines.swap(1, 2);
    fs::write(file(admin, name), lines.concat()).unwrap();
}

#[test]
fn what_is_left_out_is_told_everywhere_until_it_is_set_aside_or_fine() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        let names = two_servers(&admin);
        let clean = admin.dump();
        let good = fs::read(file(&admin, &names[0])).unwrap();
        other(&admin, &names[0]);
        assert!(Command::new("mkfifo").arg(file(&admin, PIPE)).status().unwrap().success());
        symlink("/nowhere/at/all", file(&admin, NOWHERE)).unwrap();
        let (code, out, err) = admin.run(&["import", "files"]);
        assert_eq!((code, err.as_str()), (3, ""), "{out}");
        for text in ["conflict: ", "a named pipe, allowed are plain files", "No such file or directory"] {
            assert!(out.contains(text), "{text} is not said: {out}");
        }
        let listed = admin.json(&["files", "left-out", "--json"]);
        assert_eq!(names_of(&listed, "left_out"), [&names[0], PIPE, NOWHERE]);
        let out = admin.fine(&["files"]);
        assert!(out.contains(&format!("conflict: {} (default, on disk", names[0])), "{out}");
        assert!(out.contains(&file(&admin, PIPE).display().to_string()), "the place on disk: {out}");
        assert!(out.ends_with("3 files failed, left out or waiting\n"), "{out}");
        assert!(admin.fine(&["status"]).contains("left out   1 conflict, 2 unreadable"));
        assert_eq!(admin.json(&["status", "--json"])["left_out"]["conflict"], 1);
        assert!(admin.run(&["doctor"]).1.contains("look  files on disk: 3 on disk are left out"));
        // By server, name, pattern and path.
        for (words, found) in [
            (["files", "left-out", "--server", "two"].as_slice(), 0),
            (&["files", "left-out", "--server", "default"], 3),
            (&["files", "left-out", PIPE], 1),
            (&["files", "left-out", "2031-*"], 2),
            (&["files", "left-out", "files"], 3),
            (&["files", "left-out", "2031-*-round-2.txt", &names[0]], 2),
        ] {
            let listed = admin.json(&[words, &["--json"]].concat());
            assert_eq!(listed["left_out"].as_array().unwrap().len(), found, "{words:?}");
        }
        let all = admin.json(&["files", "list", "--all", "--server", "two", "--json"]);
        assert_eq!(names_of(&all, "files"), names);
        let (code, _, err) = admin.run(&["files", "--server", "three"]);
        assert_eq!(code, 2);
        assert!(err.contains("default, two"), "{err}");
        // Set aside: cron has nothing to tell any more.
        let (code, out, _) = admin.run(&["files", "ignore", "--all", "--reason", "known"]);
        assert_eq!(code, 0, "{out}");
        let again = admin.fine(&["import", "files"]);
        assert!(again.contains("3 set aside by a person"), "{again}");
        assert_eq!(names_of(&admin.json(&["files", "ignored", "--json"]), "left_out").len(), 3);
        // Fine again, or gone.
        fs::write(file(&admin, &names[0]), good).unwrap();
        fs::remove_file(file(&admin, PIPE)).unwrap();
        fs::remove_file(file(&admin, NOWHERE)).unwrap();
        admin.fine(&["import", "files"]);
        assert!(admin.fine(&["files", "ignored"]).starts_with("0 files"));
        assert_eq!(admin.dump(), clean);
        assert_eq!(admin.json(&["validate", "--json"])["clean"], true);
    });
}

#[test]
fn a_name_that_two_servers_have_is_asked_for() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        let names = two_servers(&admin);
        let clean = admin.dump();
        let name = names[0].as_str();
        // Both failed, as an older parser might have had it.
        let success = if url.starts_with("sqlite") { "0" } else { "false" };
        let set = format!("UPDATE processed_files SET state = 'failed', success = {success}, error_message = 'x'");
        admin.plant(&format!("{set} WHERE filename = '{name}'"));
        for arguments in [["files", "retry", name].as_slice(), &["files", "ignore", name, "--reason", "x"]] {
            let (code, out, err) = admin.run(arguments);
            assert_eq!((code, out.as_str()), (2, ""), "{err}");
            assert!(err.contains("2 servers have a file") && err.contains("--server"), "{err}");
            assert!(err.contains("--server default  failed") && err.contains("--server two  failed"), "{err}");
        }
        assert_eq!(
            admin.fine(&["files", "retry", name, "--server", "two"]),
            format!("imported: {name}\n1 file imported, 0 not\n")
        );
        let failed = admin.json(&["files", "failed", "--json"]);
        assert_eq!(failed["files"].as_array().unwrap().len(), 1);
        assert_eq!(failed["files"][0]["server"], "default");
        // Now the other one: still two servers have it.
        assert_eq!(admin.run(&["files", "retry", name]).0, 2);
        admin.fine(&["files", "retry", "--all"]);
        assert_eq!(admin.dump(), clean);
        assert_eq!(admin.json(&["validate", "--json"])["clean"], true);
        // Verdicts are by server too.
        let round = name.strip_suffix(".txt").unwrap();
        let (code, _, err) = admin.run(&["round-status", round, "ignore", "--reason", "x"]);
        assert_eq!(code, 2);
        assert!(err.contains("servers default and two have a round") && err.contains("--server"), "{err}");
        admin.fine(&["round-status", round, "ignore", "--reason", "x", "--server", "two"]);
        admin.fine(&["round-status", round, "clear", "--server", "two"]);
        assert_eq!(admin.dump(), clean);
    });
}

#[test]
fn stored_bytes_heal_from_the_file_on_disk() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        let names = two_servers(&admin);
        let clean = admin.dump();
        let name = names[3].as_str();
        let value = if url.starts_with("sqlite") { "x'00112233'" } else { "'\\x00112233'" };
        let two = "(SELECT id FROM servers WHERE name = 'two')";
        admin.plant(&format!(
            "UPDATE processed_files SET content = {value} WHERE filename = '{name}' AND server_id = {two}"
        ));
        let (code, out, _) = admin.run(&["validate"]);
        assert_eq!(code, 3);
        assert!(out.contains("dbadmin files retry PATH"), "{out}");
        let rebuild = out.lines().find(|line| line.contains("`dbadmin rebuild` computes"));
        assert!(rebuild.is_none_or(|line| line.contains(": afterwards, if any are left: ")), "it does not help: {out}");
        let path = file(&admin, name).display().to_string();
        let (code, out, err) = admin.run(&["files", "retry", &path, "--server", "two"]);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        assert_eq!(admin.dump(), clean);
        assert_eq!(admin.json(&["validate", "--json"])["clean"], true);
        // Each finding has its own remedy.
        admin.plant("UPDATE rounds SET match_state = 'orphan_r2' WHERE id = 1");
        let guid = admin.guids().remove(0);
        admin.plant(&format!("UPDATE players SET canonical_guid = 'NOBODY' WHERE guid = '{guid}'"));
        let (_, out, _) = admin.run(&["validate"]);
        assert!(out.contains("`dbadmin rebuild` computes") && out.contains("`dbadmin unmerge GUID`"), "{out}");
        admin.fine(&["unmerge", &guid]);
        admin.fine(&["rebuild", "--yes", "--no-backup"]);
        assert_eq!(admin.dump(), clean);
    });
}

#[test]
fn importing_says_what_became_of_every_file() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        let folder = admin.folder().join("files");
        simulated(&folder, 5, 12);
        admin.fine(&["create"]);
        let mut names: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        let whole = fs::read_to_string(&names[0]).unwrap();
        let lines: Vec<&str> = whole.split_inclusive('\n').collect();
        fs::write(&names[0], lines[..lines.len() - 1].concat()).unwrap();
        admin.fine(&["import", "files"]);
        fs::write(&names[0], &whole).unwrap();
        let value = if url.starts_with("sqlite") { "x'00'" } else { "'\\x00'" };
        let healed = names[4].file_name().unwrap().to_str().unwrap();
        admin.plant(&format!("UPDATE processed_files SET content = {value} WHERE filename = '{healed}'"));
        fs::write(folder.join("2025-13-01-200000-supply-round-1.txt"), "no such month").unwrap();
        fs::write(folder.join("2025-01-01-200000-supply-round-3.txt"), "no such round").unwrap();
        let out = admin.fine(&["import", "files"]);
        assert!(out.contains(", 1 completed (a part was stored), 1 healed (the stored bytes were damaged), "), "{out}");
        assert!(out.contains("2 other files left alone") && out.contains("supply-round-3.txt"), "{out}");
        fs::write(&names[0], lines[..lines.len() - 1].concat()).unwrap();
        assert!(admin.fine(&["import", "files"]).contains(", 1 older copies (more is stored), "));
        let (code, out, _) = admin.run(&["rebuild", "--from-files", "files", "--yes", "--no-backup"]);
        assert_eq!(code, 0, "{out}");
        assert!(out.contains("1 file on disk older than what is stored"), "{out}");
        let empty = admin.folder().join("empty");
        fs::create_dir(&empty).unwrap();
        for number in 1..8 {
            fs::write(empty.join(format!("note-{number}.txt")), "x").unwrap();
        }
        let out = admin.fine(&["import", "empty"]);
        assert!(out.contains("no stats file was found; their names look like 20"), "{out}");
        assert!(out.contains("7 other files left alone") && out.contains(" and 2 more\n"), "{out}");
    });
}

#[test]
fn an_assumed_zone_is_said_once_and_a_wrong_one_is_seen_by_the_doctor() {
    each_backend_blocking(|url| {
        let admin = Admin::without_zone(url);
        simulated(&admin.folder().join("files"), 5, 12);
        admin.fine(&["create"]);
        let (code, _, err) = admin.run(&["import", "files"]);
        assert_eq!(code, 0);
        assert!(err.contains("UTC is assumed") && err.contains("servers set-timezone default ZONE"), "{err}");
        admin.fine(&["import", "files"]);
        let (code, out, _) = admin.run(&["doctor"]);
        assert_eq!(code, 0, "{out}");
        assert!(out.contains("look  recorded zone of default: UTC, which nobody said"), "{out}");
        fs::write(admin.folder().join("fullhold.toml"), "server_timezone = \"Europe/Ljubljana\"\n").unwrap();
        let (code, out, _) = admin.run(&["doctor"]);
        assert_eq!(code, 1, "every import is refused");
        assert!(out.contains("FAIL  recorded zone of default: UTC, but Europe/Ljubljana is configured"), "{out}");
        assert_eq!(admin.run(&["import", "files"]).0, 2);
        admin.fine(&["servers", "set-timezone", "default", "Europe/Ljubljana", "--yes", "--no-backup"]);
        assert!(admin.run(&["doctor"]).1.contains("ok    recorded zone of default: Europe/Ljubljana"));
        admin.fine(&["import", "files"]);
        let asked = "SELECT action FROM audit_log ORDER BY id";
        assert_eq!(block_on(query(url, asked)), [[Some("servers set-timezone".to_owned())]]);
    });
}

#[test]
fn what_replaces_everything_is_in_the_audit_log() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        simulated(&admin.folder().join("files"), 5, 12);
        admin.fine(&["create"]);
        admin.fine(&["import", "files"]);
        let log = |url: &str| {
            let rows = block_on(query(url, "SELECT actor, action, detail, result FROM audit_log ORDER BY id"));
            rows.into_iter().map(|row| row.into_iter().map(Option::unwrap).collect()).collect::<Vec<Vec<String>>>()
        };
        let (there, _keep) = support::other_kind(url);
        admin.fine(&["copy", "--to", &there, "--by", "alice"]);
        assert_eq!(log(&there)[0][..2], ["alice", "copy"]);
        assert!(log(url).is_empty(), "nothing was done to the one that was copied");
        admin.fine(&["backup", "good"]);
        admin.fine(&["restore", "good", "--yes", "--by", "O'Hara \\ \"x\""]);
        let [entry] = log(url).try_into().unwrap();
        assert_eq!(entry[..3], ["O'Hara \\ \"x\"", "restore", "good"]);
        assert!(entry[3].starts_with("what was there is in ") && entry[3].contains("before-restore"), "{entry:?}");
        admin.fine(&["create", "--backup", "--yes", "--by", "bob"]);
        let [entry] = log(url).try_into().unwrap();
        assert_eq!(entry[..2], ["bob", "create"]);
        admin.fine(&["restore", "good", "--yes", "--no-backup"]);
        assert_eq!(log(url).len(), 1, "that of the new content, not that of the old");
    });
}
