//! Every command, on both databases, as a person and a script drive it: what it prints, how it
//! ends, and what it says when something is wrong. What is printed is compared with the files in
//! `golden/`; `UPDATE_GOLDEN=1` writes them anew, for reading in the diff.
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

use fullhold_testkit::each_backend_blocking;
use serde_json::Value;
use support::{Admin, golden, simulated};

/// A database with forty simulated rounds: aborted and missing ones among them.
fn filled(admin: &Admin<'_>) {
    let files = admin.folder().join("files");
    if !files.exists() {
        simulated(&files, 5, 40);
        // A file cut in the middle of a line, and one of another program.
        let name = "2031-01-01-200000-supply-round-1.txt";
        fs::write(files.join(name), "^7server\\supply\\legacy3\\1\\1\\2\\12:00\\0:00\\0\nAAAA").unwrap();
        fs::write(files.join("readme.txt"), "x").unwrap();
    }
    admin.fine(&["create"]);
    let (code, _, _) = admin.run(&["import", "files"]);
    assert_eq!(code, 3, "one file cannot be imported");
}

#[test]
fn a_database_is_created_filled_and_looked_at() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        simulated(&admin.folder().join("files"), 5, 40);
        golden("create", &admin.fine(&["create"]));
        golden("create-again", &admin.fine(&["create"]));
        golden("migrate", &admin.fine(&["migrate"]));
        golden("import", &admin.fine(&["import", "files"]));
        golden("import-again", &admin.fine(&["import", "files"]));
        golden("status", &admin.fine(&["status"]));
        golden("validate", &admin.fine(&["validate"]));
        golden("find-missing", &admin.fine(&["find-missing"]));
        golden("players", &admin.fine(&["players"]));
        golden("rebuild-sessions", &admin.fine(&["rebuild-sessions"]));
        golden("files", &admin.fine(&["files"]));
        // Full now: it cannot be created over.
        let (code, out, err) = admin.run(&["create"]);
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.contains("holds data already") && err.contains("--backup"), "{err}");
        golden("create-backup", &admin.fine(&["create", "--backup", "--yes"]));
        let status = admin.json(&["status", "--json"]);
        assert_eq!(status["counts"]["rounds"], 0);
        assert_eq!(status["drift"], Value::Null);
    });
}

#[test]
fn import_takes_what_is_asked_for() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        let days = simulated(&admin.folder().join("files"), 5, 40);
        admin.fine(&["create"]);
        let (first, last) = (days.first().unwrap().as_str(), days.last().unwrap().as_str());
        assert_eq!(admin.json(&["import", "files", "--limit", "3", "--json"])["imported"], 3);
        let year = admin.json(&["import", "files", "--year", "1999", "--json"]);
        assert_eq!((&year["seen"], &year["imported"]), (&Value::from(0), &Value::from(0)));
        let one = admin.json(&["import", "files", "--from", first, "--to", first, "--json"]);
        assert!(one["imported"].as_u64().unwrap() > 0);
        let rest = admin.json(&["import", "files", "--from", last, "--json"]);
        assert!(rest["imported"].as_u64().unwrap() > 0);
        admin.json(&["import", "files", "--json"]);
        assert_eq!(admin.json(&["validate", "--json"])["clean"], true);
    });
}

#[test]
fn derived_data_is_rebuilt_from_the_database_and_from_files() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        filled(&admin);
        let clean = admin.dump();
        for plant in [
            "UPDATE player_comprehensive_stats SET kills = kills + 1 WHERE round_id = 2",
            "DELETE FROM matches",
            "UPDATE rounds SET match_state = 'orphan_r2' WHERE id = 1",
        ] {
            admin.plant(plant);
        }
        let (code, out, _) = admin.run(&["validate"]);
        assert_eq!(code, 3);
        assert!(out.contains("wrong: player_comprehensive_stats.kills of "), "{out}");
        assert!(out.contains("wrong: matches.row of "), "{out}");
        // One file failed when it was imported, and does so again.
        let (code, out, _) = admin.run(&["rebuild", "--yes", "--backup-folder", "backups"]);
        assert_eq!(code, 3, "{out}");
        golden("rebuild", &out);
        assert_eq!(admin.dump(), clean);
        assert_eq!(admin.json(&["validate", "--json"])["clean"], true);
        assert_eq!(fs::read_dir(admin.folder().join("backups")).unwrap().count(), 1, "a backup was taken first");

        admin.plant("UPDATE weapon_stats SET hits = hits + 1, shots = shots + 1");
        let (_, out, _) = admin.run(&["rebuild", "--from-files", "files", "--yes", "--no-backup"]);
        golden("rebuild-from-files", &out);
        assert_eq!(admin.dump(), clean);

        admin.plant("UPDATE player_aliases SET times_seen = times_seen + 3");
        admin.plant("UPDATE gaming_sessions SET score_a = score_a + 1");
        let (code, out, _) = admin.run(&["fix-range", "2000-01-01", "2030-12-31", "--yes", "--no-backup"]);
        assert_eq!(code, 0, "{out}");
        golden("fix-range", &out);
        assert_eq!(admin.dump(), clean);

        admin.plant("UPDATE gaming_sessions SET score_a = score_a + 1");
        let changed = admin.json(&["rebuild-sessions", "--json"]);
        assert!(changed["evenings_changed"].as_u64().unwrap() > 0);
        assert_eq!(admin.dump(), clean);
    });
}

#[test]
fn what_replaces_data_asks_for_the_name_of_the_database() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        filled(&admin);
        let clean = admin.dump();
        for command in [["rebuild"].as_slice(), &["fix-range", "2025-01-01", "2025-12-31"]] {
            let (code, out, err) = admin.answer(command, "");
            assert_eq!((code, out.as_str()), (2, ""));
            assert!(err.contains("--yes"), "{err}");
            let (code, _, err) = admin.answer(command, "no\n");
            assert_eq!(code, 2, "as with nobody there");
            assert!(err.contains("Nothing was changed"), "{err}");
            let (code, _, err) = admin.answer(command, &format!("{}\n", admin.database_name()));
            assert!(code == 0 || code == 3, "{err}");
        }
        assert_eq!(admin.dump(), clean);
    });
}

#[test]
fn a_backup_is_kept_verified_and_restored() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        filled(&admin);
        let clean = admin.dump();
        golden("backup", &admin.fine(&["backup", "mine/saved"]));
        golden("restore-verify", &admin.fine(&["restore", "mine/saved", "--verify"]));
        admin.plant("DELETE FROM rounds");
        admin.plant("DELETE FROM processed_files");
        golden("restore", &admin.fine(&["restore", "mine/saved", "--yes", "--no-backup"]));
        assert_eq!(admin.dump(), clean);
        // A backup of wrong data is restored as it is, and verification says so.
        admin.plant("UPDATE rounds SET mvp_guid = 'NOBODY'");
        admin.fine(&["backup", "mine/wrong"]);
        let (code, out, _) = admin.run(&["restore", "mine/wrong", "--verify"]);
        assert_eq!(code, 3);
        assert!(out.contains("BAD: mine/wrong"), "{out}");
        // No backup at all.
        fs::write(admin.folder().join("nonsense"), "hello").unwrap();
        for arguments in [["restore", "nonsense", "--yes"].as_slice(), &["restore", "nonsense", "--verify"]] {
            let (code, _, err) = admin.run(arguments);
            assert_eq!(code, 1);
            assert!(err.contains("nonsense cannot be restored"), "{err}");
        }
        let (code, _, err) = admin.run(&["restore", "nowhere"]);
        assert_eq!(code, 2);
        assert!(err.contains("nowhere: no such file"), "{err}");
        // Rotation.
        for expected in [1, 2, 2] {
            let kept = admin.json(&["backup", "--keep", "2", "--folder", "kept", "--json"]);
            assert!(kept["size_bytes"].as_i64().unwrap() > 0);
            assert_eq!(fs::read_dir(admin.folder().join("kept")).unwrap().count(), expected);
        }
        assert_eq!(fs::read_dir(admin.folder().join("mine")).unwrap().count(), 2, "nothing half-written is left");
    });
}

#[test]
fn everything_is_copied_in_both_directions() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        filled(&admin);
        let guid = admin.guids().remove(0);
        admin.fine(&["round-status", "3", "cancelled", "--reason", "lag, and worse"]);
        admin.plant(&format!("INSERT INTO player_links VALUES (42, '{guid}', '2025-01-01 00:00:00', 'test')"));
        admin.plant("INSERT INTO guild_settings VALUES (1, 'prefix', '?')");
        let clean = admin.dump();
        let (there, _keep) = support::other_kind(url);
        golden("copy", &admin.fine(&["copy", "--to", &there]));
        let other = Admin::new(&there);
        assert_eq!(other.dump(), clean);
        assert_eq!(other.json(&["validate", "--json"])["clean"], true);
        // It is not empty any more.
        let (code, _, err) = admin.run(&["copy", "--to", &there]);
        assert_eq!(code, 1);
        assert!(err.contains("only an empty database"), "{err}");
        let (same, _keep) = support::same_kind(url);
        other.fine(&["copy", "--to", &same]);
        assert_eq!(Admin::new(&same).dump(), clean);
    });
}

#[test]
fn verdicts_are_recorded_and_taken_back() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        filled(&admin);
        let clean = admin.dump();
        golden("round-status", &admin.fine(&["round-status", "3"]));
        golden("round-status-cancelled", &admin.fine(&["round-status", "3", "cancelled", "--reason", "lag"]));
        let shown = admin.json(&["round-status", "3", "--json"]);
        assert_eq!(shown["round"]["is_valid"], false);
        assert_eq!(shown["verdict"]["reason"], "lag");
        assert_ne!(admin.dump(), clean);
        assert_eq!(admin.json(&["validate", "--json"])["clean"], true);
        golden("round-status-clear", &admin.fine(&["round-status", "3", "clear"]));
        assert_eq!(admin.dump(), clean);
        // By its name, as find-missing prints it.
        let name = format!(
            "{}-{}-round-{}",
            shown["round"]["server_stamp"].as_str().unwrap(),
            shown["round"]["map_name"].as_str().unwrap(),
            shown["round"]["round_number"]
        );
        assert_eq!(admin.fine(&["round-status", &name]), admin.fine(&["round-status", "3"]));
        let (code, _, err) = admin.run(&["round-status", "99999", "valid", "--reason", "x"]);
        assert_eq!(code, 2);
        assert!(err.contains("99999"), "{err}");
        let (code, _, err) = admin.run(&["round-status", "3", "ignore"]);
        assert_eq!(code, 2);
        assert!(err.contains("--reason"), "{err}");
    });
}

#[test]
fn players_are_merged_and_taken_apart() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        filled(&admin);
        let clean = admin.dump();
        let guids = admin.guids();
        let (a, b, c) = (guids[0].as_str(), guids[1].as_str(), guids[2].as_str());
        let dry = admin.fine(&["merge-players", a, b, "--dry-run"]);
        assert!(dry.contains("dry run: nothing was changed"), "{dry}");
        assert_eq!(admin.dump(), clean);
        let (code, _, err) = admin.run(&["merge-players", a, b]);
        assert_eq!(code, 2, "they were in one round");
        assert!(err.contains("--force"), "{err}");
        golden("merge", &admin.fine(&["merge-players", &a.to_lowercase(), b, "--force"]));
        let listed = admin.fine(&["players", a]);
        assert!(listed.contains(b) && listed.contains("also ") && listed.ends_with("1 player\n"), "{listed}");
        assert!(admin.fine(&["aliases", a]).contains("also "));
        let rows = admin.fine(&["export", "players"]);
        assert!(rows.lines().filter(|row| row.contains(a)).all(|row| row.ends_with(&format!(",{b}"))));
        assert!(rows.lines().any(|row| row.contains(a)));
        // Whoever was merged into B follows B.
        let moved = admin.json(&["merge-players", b, c, "--force", "--json"]);
        assert_eq!(moved["moved"].as_array().unwrap().len(), 2);
        assert_eq!(admin.json(&["validate", "--json"])["clean"], true);
        let (code, _, err) = admin.run(&["merge-players", a, c]);
        assert_eq!(code, 2);
        assert!(err.contains("already"), "{err}");
        let (code, _, err) = admin.run(&["merge-players", c, c]);
        assert_eq!(code, 2);
        assert!(err.contains("themselves"), "{err}");
        let (code, _, err) = admin.run(&["merge-players", "NOBODY", c]);
        assert_eq!(code, 2);
        assert!(err.contains("no player NOBODY"), "{err}");
        let apart = admin.fine(&["unmerge", b]);
        assert!(apart.contains("stays counted as"), "{apart}");
        golden("unmerge", &admin.fine(&["unmerge", a]));
        assert_eq!(admin.dump(), clean);
        let (code, _, err) = admin.run(&["unmerge", a]);
        assert_eq!(code, 2);
        assert!(err.contains("was not merged"), "{err}");
        golden("aliases", &admin.fine(&["aliases", a]));
        let (code, _, err) = admin.run(&["aliases", "nobody has this name"]);
        assert_eq!(code, 2);
        assert!(err.contains("nobody has this name"), "{err}");
        let found = admin.json(&["players", a, "--json"]);
        assert_eq!(found["players"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn teams_are_set_and_detected_again() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        filled(&admin);
        let clean = admin.dump();
        let lines = admin.fine(&["export", "sessions", "--format", "jsonl"]);
        let evening: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
        let key = evening["session_key"].as_str().unwrap();
        let guids = admin.guids();
        let half = guids.len() / 2;
        let (a, b) = (guids[..half].join(","), guids[half..].join(","));
        let set = admin.json(&["set-teams", key, "--team-a", &a, "--team-b", &b, "--name-a", "Reds", "--json"]);
        assert_eq!((&set["session_key"], &set["is_stale"]), (&Value::from(key), &Value::from(false)));
        let manual = set["teams"].as_array().unwrap().iter().filter(|row| row["source"] == "manual").count();
        assert_eq!(manual, guids.len());
        assert_eq!(admin.json(&["validate", "--json"])["clean"], true);
        for unknown in [["clear-teams", "1999-01-01"], ["clear-teams", "nonsense"]] {
            assert_eq!(admin.run(&unknown).0, 2, "{unknown:?}");
        }
        let (code, _, err) = admin.run(&["set-teams", key, "--team-a", &a, "--team-b", &guids[0]]);
        assert_eq!(code, 2);
        assert!(err.contains("team A and in team B"), "{err}");
        admin.fine(&["clear-teams", key]);
        assert_eq!(admin.dump(), clean);
    });
}

#[test]
fn servers_are_listed_corrected_and_removed() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        filled(&admin);
        admin.json(&["import", "files", "--server", "typo", "--json"]);
        let listed = admin.json(&["servers", "--json"]);
        let names: Vec<&str> =
            listed["servers"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["default", "typo"]);
        for refused in [
            ["rebuild", "--yes", "--timezone", "Europe/Ljubljana"].as_slice(),
            &["rebuild", "--yes", "--server", "nosuch"],
            &["servers", "set-timezone", "nosuch", "UTC", "--yes"],
            &["servers", "set-timezone", "default", "Europe/Atlantis", "--yes"],
            &["servers", "remove", "typo"],
        ] {
            assert_eq!(admin.run(refused).0, 2, "{refused:?}");
        }
        admin.fine(&["servers", "remove", "typo", "--yes", "--no-backup"]);
        let (code, out, err) =
            admin.run(&["servers", "set-timezone", "default", "Europe/Ljubljana", "--yes", "--no-backup"]);
        assert_eq!(code, 3, "the file that failed fails again: {out}{err}");
        assert!(admin.fine(&["servers"]).contains("Europe/Ljubljana"));
        admin.fine(&["servers", "rename", "default", "home"]);
        assert_eq!(admin.json(&["validate", "--json"])["clean"], true);
        let dry = admin.json(&["rebuild", "--server", "home", "--dry-run", "--json"]);
        assert!(dry["files"].as_u64().unwrap() > 0);
        let none = admin.fine(&["fix-range", "1999-01-01", "1999-12-31"]);
        assert!(none.contains("nothing to compute anew"), "{none}");
        assert!(!admin.folder().join("backups").exists(), "no backup for nothing");
    });
}

#[test]
fn files_are_listed_tried_again_and_set_aside() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        filled(&admin);
        let name = "2031-01-01-200000-supply-round-1.txt";
        golden("files-failed", &admin.fine(&["files", "failed"]));
        let (code, out, _) = admin.run(&["files", "retry", name]);
        assert_eq!(code, 3);
        assert!(out.contains("not imported: "), "{out}");
        golden("files-ignore", &admin.fine(&["files", "ignore", name, "--reason", "cut by a crash"]));
        assert_eq!(admin.json(&["files", "failed", "--json"])["files"], Value::Array(Vec::new()));
        golden("files-ignored", &admin.fine(&["files", "ignored"]));
        let (code, out, _) = admin.run(&["files", "ignore", "no-such-file.txt", "--reason", "x"]);
        assert_eq!(code, 3);
        assert!(out.contains("there is no such file"), "{out}");
        let (code, _, _) = admin.run(&["files", "retry", "--all"]);
        assert_eq!(code, 0, "nothing has failed: the only one is set aside");
        let (code, _, _) = admin.run(&["files", "retry", name]);
        assert_eq!(code, 3);
        assert_eq!(admin.json(&["files", "failed", "--json"])["files"].as_array().unwrap().len(), 1);
        assert_eq!(admin.json(&["validate", "--json"])["clean"], true);
    });
}

#[test]
fn rows_are_exported_for_other_programs() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        filled(&admin);
        let status = admin.json(&["status", "--json"]);
        for (what, table) in [
            ("rounds", "rounds"),
            ("players", "player_comprehensive_stats"),
            ("weapons", "weapon_stats"),
            ("sessions", "gaming_sessions"),
            ("aliases", "player_aliases"),
        ] {
            let rows = usize::try_from(status["counts"][table].as_u64().unwrap()).unwrap();
            let csv = admin.fine(&["export", what]);
            let lines: Vec<&str> = csv.lines().collect();
            assert_eq!(lines.len(), rows + 1, "{what}");
            let jsonl = admin.fine(&["export", what, "--format", "jsonl"]);
            let objects: Vec<Value> = jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(objects.len(), rows);
            let columns: Vec<&str> = lines[0].split(',').collect();
            assert!(objects.iter().all(|row| columns.iter().all(|column| row.get(column).is_some())));
            let head: Vec<&str> = lines.iter().take(4).copied().collect();
            golden(&format!("export-{what}"), &format!("{}\n", head.join("\n")));
        }
        let none = admin.fine(&["export", "rounds", "--from", "1999-01-01", "--to", "1999-12-31"]);
        assert_eq!(none.lines().count(), 1);
    });
}

#[test]
fn a_quick_test_passes_on_good_files_and_fails_on_bad_ones() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        simulated(&admin.folder().join("files"), 5, 20);
        golden("quick-test", &admin.fine(&["quick-test", "files"]));
        let bad = admin.folder().join("bad");
        fs::create_dir(&bad).unwrap();
        fs::write(bad.join("2031-01-01-200000-supply-round-1.txt"), "x").unwrap();
        let (code, out, _) = admin.run(&["quick-test", "bad"]);
        assert_eq!(code, 3);
        assert!(out.contains("FAILED"), "{out}");
        let (code, _, err) = admin.run(&["quick-test", "nowhere"]);
        assert_eq!(code, 2);
        assert!(err.contains("nowhere"), "{err}");
    });
}

#[test]
fn bad_input_ends_with_2_and_says_what_is_allowed() {
    let admin = Admin::new("sqlite://nothing-here.db");
    let cases: [(&[&str], &str); 12] = [
        (&["colour"], "colour"),
        (&["import"], "PATH"),
        (&["import", "x", "--year", "12"], "1970..=9999"),
        (&["import", "x", "--from", "3.11.2025"], "YYYY-MM-DD"),
        (&["import", "x", "--from", "2025-02-30"], "2025-02-30"),
        (&["fix-range", "2025-01-01"], "<TO>"),
        (&["fix-range", "2025-02-01", "2025-01-01"], "is after"),
        (&["backup", "--keep", "0"], "1.."),
        (&["round-status", "x"], "x"),
        (&["export", "everything"], "everything"),
        (&["files", "ignore", "x"], "--reason"),
        (&["status", "--database-url", "mysql://x"], "DATABASE_URL"),
    ];
    for (arguments, text) in cases {
        let (code, out, err) = admin.run(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(err.contains(text), "{arguments:?}: {err}");
    }
    for command in ["status", "migrate", "validate", "rebuild", "backup", "find-missing", "files", "players"] {
        let (code, _, err) = admin.run(&[command]);
        assert_eq!(code, 1, "{command}: {err}");
        assert!(err.contains("nothing-here.db"), "{command}: {err}");
    }
    assert!(!admin.folder().join("nothing-here.db").exists(), "a typo makes no database");
}

#[test]
fn manual_pages_are_written_for_each_command() {
    let admin = Admin::new("sqlite://x.db");
    fs::create_dir(admin.folder().join("man")).unwrap();
    admin.fine(&["man", "man"]);
    let page = fs::read_to_string(admin.folder().join("man/dbadmin-rebuild.1")).unwrap();
    assert!(page.contains("from\\-files"), "{page}");
    let (code, _, err) = admin.run(&["man", "nowhere"]);
    assert_eq!(code, 1);
    assert!(err.contains("nowhere"), "{err}");
}

#[test]
fn completions_are_printed_for_each_shell() {
    let admin = Admin::new("sqlite://x.db");
    for shell in ["bash", "zsh", "fish"] {
        assert!(admin.fine(&["completions", shell]).contains("fix-range"), "{shell}");
    }
}
