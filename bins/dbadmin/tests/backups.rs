//! Backups and restores on both databases: every schema so far, what is refused, what is kept, what is between.
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

use fullhold_repository::{MIGRATIONS, Migration};
use fullhold_testkit::each_backend_blocking;
use serde_json::Value;
use support::{Admin, Kept, block_on, filled_by_two, query, run_sql, same_kind, simulated};

/// The SQL of a migration for this kind of database.
fn up(url: &str, migration: &Migration) -> &'static str {
    if url.starts_with("sqlite") { migration.sqlite.0 } else { migration.postgres.0 }
}

/// A database with the schema of the first migrations, as an older program would have made it, and the rows of a
/// newer one that such a program could have written.
fn old(full: &str, url: &str, newest: i32) {
    let mut sql = String::from(
        "CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL,
         applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);",
    );
    let recorded = block_on(query(full, "SELECT version, name, checksum FROM schema_migrations ORDER BY version"));
    for (migration, row) in MIGRATIONS.iter().zip(&recorded).filter(|(migration, _)| migration.version <= newest) {
        sql.push_str(up(url, migration));
        let field = |at: usize| row[at].clone().unwrap();
        sql.push_str(&format!(
            "\nINSERT INTO schema_migrations (version, name, checksum) VALUES ({}, '{}', '{}');\n",
            field(0),
            field(1),
            field(2)
        ));
    }
    run_sql(url, &sql);
    for (name, columns) in tables(url) {
        copy_rows(full, url, &name, &columns);
    }
}

/// Tables, parents first, with the columns that this schema has.
fn tables(url: &str) -> Vec<(String, Vec<String>)> {
    const ORDER: [&str; 8] = [
        "servers",
        "processed_files",
        "gaming_sessions",
        "rounds",
        "players",
        "player_comprehensive_stats",
        "weapon_stats",
        "matches",
    ];
    let columns = |table: &str| {
        let sql = if url.starts_with("sqlite") {
            format!("SELECT name FROM pragma_table_info('{table}')")
        } else {
            format!("SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}'")
        };
        block_on(query(url, &sql)).into_iter().map(|row| row[0].clone().unwrap()).collect::<Vec<String>>()
    };
    ORDER.iter().map(|table| ((*table).to_owned(), columns(table))).collect()
}

/// Copies what the older schema has of a table's columns, as literals.
fn copy_rows(from: &str, to: &str, table: &str, columns: &[String]) {
    let sqlite = from.starts_with("sqlite");
    let literal = |column: &String| {
        if sqlite { format!("quote(\"{column}\")") } else { format!("quote_nullable(\"{column}\")") }
    };
    let there: Vec<String> = tables(from).into_iter().find(|(name, _)| name == table).unwrap().1;
    let columns: Vec<String> = columns.iter().filter(|column| there.contains(column)).cloned().collect();
    let values: Vec<String> = columns.iter().map(literal).collect();
    let sql = format!("SELECT {} FROM {table}", values.join(" || ', ' || "));
    let rows = block_on(query(from, &sql));
    let names: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    // One transaction: each row of its own would wait for the disk.
    let mut script = String::from("BEGIN;\n");
    for row in rows {
        script.push_str(&format!("INSERT INTO {table} ({}) VALUES ({});\n", names.join(", "), row[0].clone().unwrap()));
    }
    script.push_str("COMMIT;");
    run_sql(to, &script);
}

fn filled(admin: &Admin<'_>) {
    filled_by_two(admin, 5, 20);
}

fn rounds(admin: &Admin<'_>) -> i64 {
    admin.json(&["status", "--json"])["counts"]["rounds"].as_i64().unwrap()
}

#[test]
fn every_schema_so_far_is_restored_into_the_newest_and_brought_up_to_date_by_migrate() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        filled_by_two(&admin, 6, 8);
        let (count, clean) = (rounds(&admin), admin.dump());
        let (target, _keep) = same_kind(url);
        let newest = Admin::new(&target);
        newest.fine(&["create"]);
        for migration in MIGRATIONS {
            let version = migration.version;
            let (there, _keep) = same_kind(url);
            old(url, &there, version);
            let older = Admin::new(&there);
            let file = admin.folder().join(format!("schema-{version}")).display().to_string();
            older.fine(&["backup", &file]);
            older.fine(&["migrate"]);
            newest.fine(&["restore", &file, "--yes", "--no-backup"]);
            let status = newest.json(&["status", "--json"]);
            assert_eq!(status["schema_version"], status["schema_known"]);
            assert_eq!((rounds(&older), rounds(&newest)), (count, count), "schema {version}");
            assert_eq!(newest.dump(), older.dump(), "schema {version}, restored and migrated");
            // Whatever an older schema lacks is computed anew.
            newest.fine(&["rebuild", "--yes", "--no-backup"]);
            assert_eq!(newest.dump(), clean, "schema {version}");
        }
    });
}

#[test]
fn a_newer_or_unusable_backup_is_refused_and_nothing_is_touched() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        filled(&admin);
        let clean = admin.dump();
        let (there, _keep) = same_kind(url);
        let newer = Admin::new(&there);
        newer.fine(&["create"]);
        newer.plant("INSERT INTO schema_migrations (version, name, checksum) VALUES (99, '0099_future', 'x')");
        let file = |name: &str| admin.folder().join(name).display().to_string();
        newer.fine(&["backup", &file("newer")]);
        admin.fine(&["backup", &file("good")]);
        let good = fs::read(file("good")).unwrap();
        fs::write(file("cut"), &good[..good.len() / 2]).unwrap();
        let mut flipped = good.clone();
        let middle = flipped.len() / 2;
        flipped[middle..middle + 2000].iter_mut().for_each(|byte| *byte ^= 0x5a);
        fs::write(file("flipped"), flipped).unwrap();
        fs::write(file("empty"), "").unwrap();
        fs::write(file("text"), "hello").unwrap();
        for name in ["newer", "cut", "flipped", "empty", "text"] {
            for more in [["--yes"].as_slice(), &["--yes", "--no-backup"]] {
                let path = file(name);
                let (code, out, err) = admin.run(&[&["restore", &path], more].concat());
                assert_eq!((code, out.as_str()), (1, ""), "{name}: {err}");
                assert!(err.contains(&format!("{name} cannot be restored: ")), "{name}: {err}");
                assert!(!err.contains("out of memory") || err.contains("damaged"), "{err}");
            }
        }
        assert_eq!(admin.dump(), clean);
        assert!(!admin.folder().join("backups").exists(), "no backup for what is refused");
        // A database that a newer program has made can be gone back from.
        admin.plant("INSERT INTO schema_migrations (version, name, checksum) VALUES (99, '0099_future', 'x')");
        admin.fine(&["restore", &file("good"), "--yes", "--backup-folder", &file("before")]);
        assert_eq!(admin.dump(), clean);
    });
}

#[test]
fn a_safety_backup_is_named_before_and_holds_what_was_there() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        filled(&admin);
        let clean = admin.dump();
        let (there, _keep) = same_kind(url);
        let empty = Admin::new(&there);
        empty.fine(&["create"]);
        let file = admin.folder().join("empty").display().to_string();
        empty.fine(&["backup", &file]);
        let folder = admin.folder().join("saved").display().to_string();
        let out = admin.fine(&["restore", &file, "--yes", "--backup-folder", &folder]);
        let saved = out.lines().next().unwrap().strip_prefix("backup: ").unwrap().to_owned();
        assert!(saved.contains("-before-restore."), "{out}");
        assert_eq!(rounds(&admin), 0);
        admin.fine(&["restore", &saved, "--yes"]);
        assert_eq!(admin.dump(), clean);
    });
}

#[test]
fn what_is_committed_while_a_restore_runs_is_in_the_backup_or_in_the_database() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        let days = simulated(&admin.folder().join("files"), 7, 60);
        admin.fine(&["create"]);
        let empty = admin.folder().join("empty").display().to_string();
        admin.fine(&["backup", &empty]);
        admin.fine(&["import", "files", "--to", &days[0]]);
        let folder = admin.folder().join("saved").display().to_string();
        // One file per run, so that there are many commits.
        let mut names: Vec<PathBuf> =
            fs::read_dir(admin.folder().join("files")).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        names.truncate(20);
        let committed = std::thread::scope(|scope| {
            let importing = scope.spawn(|| {
                let mut committed = Vec::new();
                for name in &names {
                    let path = name.display().to_string();
                    let out = admin.run(&["import", &path, "--json"]).1;
                    let done: Value = serde_json::from_str(&out).unwrap_or_default();
                    if done["imported"] == 1 {
                        committed.push(name.file_name().unwrap().to_string_lossy().into_owned());
                    }
                }
                committed
            });
            let mut restores = 0;
            while !importing.is_finished() || restores == 0 {
                let (code, _, err) = admin.run(&["restore", &empty, "--yes", "--backup-folder", &folder]);
                assert_eq!(code, 0, "{err}");
                restores += 1;
            }
            importing.join().unwrap()
        });
        let mut seen = files_of(url);
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let (there, _keep) = same_kind(url);
            let path = entry.unwrap().path().display().to_string();
            Admin::new(&there).fine(&["restore", &path, "--yes"]);
            seen.extend(files_of(&there));
        }
        for name in committed {
            assert!(seen.contains(&name), "{name} was committed and is nowhere");
        }
    });
}

fn files_of(url: &str) -> Vec<String> {
    block_on(query(url, "SELECT filename FROM processed_files"))
        .into_iter()
        .map(|row| row[0].clone().unwrap())
        .collect()
}

/// Overwrites the middle of a SQLite file.
fn damage(path: &std::path::Path) {
    let mut bytes = fs::read(path).unwrap();
    let at = bytes.len() / 3;
    bytes[at..at + 40_000].fill(0xa5);
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_damaged_database_is_not_saved_as_a_good_one_and_a_backup_replaces_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fullhold.db");
    let url = format!("sqlite://{}", path.display());
    let admin = Admin::new(&url);
    filled(&admin);
    let clean = admin.dump();
    admin.fine(&["backup"]);
    let good = fs::read_dir(folder.path().join("backups")).unwrap().next().unwrap().unwrap().path();
    for broken in ["damaged", "text", "cut"] {
        let bytes = fs::read(&good).unwrap();
        for suffix in ["-wal", "-shm"] {
            drop(fs::remove_file(format!("{}{suffix}", path.display())));
        }
        match broken {
            "damaged" => {
                fs::write(&path, &bytes).unwrap();
                damage(&path);
            }
            "text" => fs::write(&path, "this is no database at all, it is a text").unwrap(),
            _ => fs::write(&path, &bytes[..bytes.len() / 2]).unwrap(),
        }
        let now = fs::read(&path).unwrap();
        let (code, _, err) = admin.run(&["backup", "--keep", "1"]);
        assert_eq!(code, 1, "{broken}: {err}");
        assert!(err.contains("is damaged"), "{broken}: {err}");
        assert!(good.exists(), "nothing is pruned");
        let (code, out, _) = admin.run(&["doctor"]);
        assert_eq!(code, 1);
        assert!(out.contains("restore a backup") && !out.contains("start the server"), "{out}");
        let good = good.display().to_string();
        let (code, _, err) = admin.answer(&["restore", &good], "no\n");
        assert_eq!(code, 2);
        assert!(err.contains("cannot be read"), "{err}");
        assert_eq!(fs::read(&path).unwrap(), now, "nothing was changed");
        let out = admin.fine(&["restore", &good, "--yes"]);
        let kept = out.lines().next().unwrap().rsplit(": ").next().unwrap().to_owned();
        assert_eq!(fs::read(kept).unwrap(), now, "the broken file is kept");
        assert_eq!(admin.dump(), clean, "{broken}");
    }
    damage(&path);
    assert!(admin.fine(&["create", "--backup", "--yes"]).contains("created anew"));
    assert_eq!(rounds(&admin), 0);
}

#[test]
fn the_database_itself_and_what_is_there_already_are_no_place_for_a_backup() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fullhold.db");
    let url = format!("sqlite://{}", path.display());
    let admin = Admin::new(&url);
    filled(&admin);
    let place = |name: &str| folder.path().join(name);
    symlink(&path, place("link.db")).unwrap();
    fs::hard_link(&path, place("hard.db")).unwrap();
    symlink(place("nowhere"), place("dangling.db")).unwrap();
    fs::write(place("notes.txt"), "mine").unwrap();
    let before = admin.dump();
    for name in ["fullhold.db", "link.db", "hard.db"] {
        for more in [[].as_slice(), &["--overwrite"]] {
            let file = place(name).display().to_string();
            let (code, _, err) = admin.run(&[&["backup", &file], more].concat());
            assert_eq!(code, 2, "{name}: {err}");
            assert!(err.contains("is the database itself"), "{err}");
        }
    }
    for name in ["notes.txt", "dangling.db"] {
        let (code, _, err) = admin.run(&["backup", &place(name).display().to_string()]);
        assert_eq!(code, 2, "{name}: {err}");
        assert!(err.contains("is there already") && err.contains("--overwrite"), "{err}");
    }
    // A device would be gone, and a file in its place.
    assert!(std::process::Command::new("mkfifo").arg(place("pipe")).status().unwrap().success());
    for more in [[].as_slice(), &["--overwrite"]] {
        let file = place("pipe").display().to_string();
        let (code, _, err) = admin.run(&[&["backup", &file], more].concat());
        assert_eq!(code, 2, "{err}");
        assert!(err.contains("is a device, a pipe or a socket"), "{err}");
        // Nor is it waited for.
        let (code, _, err) = admin.run(&[&["restore", &file, "--yes"], &["--no-backup"][..]].concat());
        assert_eq!(code, 1, "{err}");
        assert!(err.contains("it is no plain file"), "{err}");
    }
    assert_eq!(fs::read_to_string(place("notes.txt")).unwrap(), "mine");
    assert_eq!(admin.dump(), before);
    admin.fine(&["backup", &place("notes.txt").display().to_string(), "--overwrite"]);
    admin.fine(&["restore", &place("notes.txt").display().to_string(), "--verify"]);
    let (code, _, err) = admin.run(&["backup", &folder.path().display().to_string()]);
    assert_eq!(code, 2, "{err}");
    let (code, _, err) = admin.run(&["restore", &place("hard.db").display().to_string(), "--yes"]);
    assert_eq!(code, 2, "{err}");
}

#[test]
fn databases_that_share_a_folder_keep_their_backups_and_leftovers_go() {
    each_backend_blocking(|url| {
        let folder = tempfile::tempdir().unwrap();
        let shared = folder.path().join("shared").display().to_string();
        let (other, _keep): (String, Kept) = if url.starts_with("sqlite") {
            (format!("sqlite://{}", folder.path().join("test.db").display()), Kept::Nothing)
        } else {
            same_kind(url)
        };
        let (prod, test) = (Admin::new(url), Admin::new(&other));
        filled(&prod);
        test.fine(&["create"]);
        prod.fine(&["backup", "--folder", &shared]);
        prod.fine(&["rebuild", "--yes", "--backup-folder", &shared]);
        let mine: Vec<_> = fs::read_dir(&shared).unwrap().map(|entry| entry.unwrap().path()).collect();
        let name = mine[0].file_name().unwrap().to_string_lossy().into_owned();
        for left in [format!(".{name}.1.part"), format!(".{name}.1.part-journal")] {
            fs::write(folder.path().join("shared").join(left), "half").unwrap();
        }
        for _ in 0..3 {
            test.fine(&["backup", "--keep", "1", "--folder", &shared]);
        }
        assert!(mine.iter().all(|path| path.exists()), "another database's stay");
        let removed = prod.json(&["backup", "--keep", "1", "--folder", &shared, "--json"]);
        assert_eq!(removed["leftovers_removed"].as_array().unwrap().len(), 2, "{removed}");
        assert_eq!(removed["removed"].as_array().unwrap().len(), 1, "the safety backup is counted apart: {removed}");
        assert_eq!(fs::read_dir(&shared).unwrap().count(), 3);
    });
}

#[test]
fn somebody_elses_database_is_left_alone() {
    each_backend_blocking(|url| {
        run_sql(url, "CREATE TABLE customers (id INTEGER)");
        let admin = Admin::new(url);
        let files = admin.folder().join("files");
        simulated(&files, 5, 10);
        let (there, _keep) = same_kind(url);
        let ours = Admin::new(&there);
        ours.fine(&["create"]);
        let file = admin.folder().join("saved").display().to_string();
        ours.fine(&["backup", &file]);
        for command in [["create"].as_slice(), &["migrate"], &["import", "files"], &["restore", &file, "--yes"]] {
            let (code, _, err) = admin.run(command);
            assert_eq!(code, 1, "{command:?}: {err}");
            assert!(err.contains("somebody else (customers)"), "{command:?}: {err}");
        }
    });
}

#[test]
fn a_dry_run_says_what_would_be_replaced_and_touches_nothing() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        let absent = admin.folder().join("absent.db");
        let text = Admin::new(&format!("sqlite://{}", absent.display())).fine(&["create", "--dry-run"]);
        assert!(text.contains("replaces nothing") && text.contains("nothing was changed"), "{text}");
        assert!(!absent.exists(), "not even a file is made");
        filled(&admin);
        let (clean, count) = (admin.dump(), rounds(&admin));
        let file = admin.folder().join("good").display().to_string();
        admin.fine(&["backup", &file]);
        let text = admin.fine(&["restore", &file, "--dry-run"]);
        assert!(text.contains(&format!("replaces {count} rounds after a backup")), "{text}");
        let text = admin.fine(&["restore", &file, "--dry-run", "--no-backup"]);
        assert!(text.contains(&format!("replaces {count} rounds without a backup")), "{text}");
        let text = admin.fine(&["create", "--backup", "--dry-run"]);
        assert!(text.contains(&format!("replaces {count} rounds after a backup")), "{text}");
        let (code, _, err) = admin.run(&["create", "--dry-run"]);
        assert!(code == 1 && err.contains("holds data already"), "{err}");
        fs::write(admin.folder().join("text"), "hello").unwrap();
        assert_eq!(admin.run(&["restore", "text", "--dry-run"]).0, 1);
        assert_eq!(admin.dump(), clean);
        assert!(!admin.folder().join("backups").exists());
    });
}

#[test]
fn creating_says_what_was_there_and_makes_a_database_on_the_server() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        assert!(admin.fine(&["create"]).contains(": created, schema version"));
        assert!(admin.fine(&["create"]).contains("was there already"));
        if url.starts_with("postgres") {
            let fresh = format!("{url}_fresh");
            let other = Admin::new(&fresh);
            let (code, _, err) = other.run(&["status"]);
            assert_eq!(code, 1);
            assert!(err.contains("`dbadmin create`") && err.contains("createdb"), "{err}");
            assert!(other.fine(&["create"]).contains("created, database and schema"));
            let name = other.database_name();
            run_sql(url, "CREATE ROLE visitor LOGIN PASSWORD 'v'");
            let visitor = fresh.replace("postgres@", "visitor:v@");
            run_sql(url, &format!("ALTER DATABASE {name} RENAME TO {name}_away"));
            let (code, _, err) = Admin::new(&visitor).run(&["create"]);
            assert_eq!(code, 1);
            assert!(err.contains(&format!("createdb {name}")), "{err}");
            run_sql(url, &format!("DROP DATABASE {name}_away"));
            run_sql(url, "DROP ROLE visitor");
        }
    });
}

#[test]
fn a_role_that_may_only_read_is_told_so() {
    let (url, _keep) = same_kind("postgres");
    let admin = Admin::new(&url);
    admin.fine(&["create"]);
    let role = format!("reader_{}", std::process::id());
    run_sql(&url, &format!("CREATE ROLE {role} LOGIN PASSWORD 'r'"));
    let as_reader = url.replace("postgres@", &format!("{role}:r@"));
    let reader = Admin::new(&as_reader);
    let (code, out, err) = reader.run(&["status"]);
    assert_eq!(code, 1, "{out}");
    assert!(err.contains("permission denied") && !out.contains("version 0"), "{out}{err}");
    run_sql(&url, &format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"));
    assert!(reader.fine(&["status"]).contains("up to date"));
    let (code, out, _) = reader.run(&["doctor"]);
    assert_eq!(code, 1);
    assert!(out.contains("FAIL  permission to write: "), "{out}");
    run_sql(&url, "REVOKE USAGE ON SCHEMA public FROM PUBLIC");
    let (code, out, err) = reader.run(&["status"]);
    assert_eq!(code, 1, "{out}");
    assert!(err.contains("may not see"), "{err}");
    run_sql(&url, &format!("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"));
    run_sql(&url, &format!("GRANT USAGE ON SCHEMA public TO {role}"));
    assert!(reader.run(&["doctor"]).1.contains("ok    permission to write: granted"));
    run_sql(&url, &format!("DROP OWNED BY {role}"));
    run_sql(&url, &format!("DROP ROLE {role}"));
}
