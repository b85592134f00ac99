//! The importer as a person and a script drive it: every exit code, the JSON, and what it says when
//! something is wrong.
#![expect(clippy::unwrap_used, reason = "test support")]

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use fullhold_testkit::each_backend_blocking;
use serde_json::Value;

fn testdata(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(folder)
}

/// The importer in an empty folder, with nothing of this process's environment but the path.
fn importer(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_importer"));
    command.current_dir(directory).env_clear().stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

fn json(text: &str) -> Value {
    assert_eq!(text.lines().count(), 1, "one object and nothing else: {text}");
    serde_json::from_str(text).unwrap()
}

fn good_files() -> u64 {
    let folders = fs::read_dir(testdata("good")).unwrap().flatten();
    folders.map(|folder| fs::read_dir(folder.path()).unwrap().count() as u64).sum()
}

#[test]
fn the_first_command_of_the_readme_prints_the_evening() {
    let directory = tempfile::tempdir().unwrap();
    let (code, out, err) = run(importer(directory.path()).arg(testdata("good")));
    assert_eq!(code, 0, "{out}{err}");
    assert!(err.contains("UTC is assumed") && err.lines().count() == 1, "the zone, and nothing else: {err}");
    assert!(directory.path().join("fullhold.db").exists());
    for text in ["files seen", "Team A", "Round 1", "MVP: "] {
        assert!(out.contains(text), "{text} is missing:\n{out}");
    }
    let (code, again, _) = run(importer(directory.path()).args(["show", "last-session"]));
    assert_eq!(code, 0);
    assert!(out.ends_with(&again), "show prints what the import printed");
}

#[test]
fn json_is_one_object_and_a_second_run_skips_everything() {
    each_backend_blocking(|url| {
        let directory = tempfile::tempdir().unwrap();
        let import = || {
            let (code, out, err) = run(importer(directory.path()).arg(testdata("good")).args([
                "--json",
                "--database-url",
                url,
                "--timezone",
                "UTC",
            ]));
            assert_eq!((code, err.as_str()), (0, ""));
            json(&out)
        };
        let (first, second) = (import(), import());
        let count = |summary: &Value, name: &str| summary[name].as_u64().unwrap();
        assert_eq!(count(&first, "imported"), good_files());
        assert_eq!(count(&first, "rounds"), good_files());
        assert_eq!((count(&second, "imported"), count(&second, "skipped")), (0, good_files()));
        let (code, out, _) =
            run(importer(directory.path()).args(["show", "last-session", "--json", "--database-url", url]));
        assert_eq!(code, 0);
        let evening = json(&out);
        for key in ["maps", "teams", "players", "mvp", "score_a", "score_b"] {
            assert!(!evening[key].is_null(), "{key} is missing: {evening}");
        }
        let points =
            |key: &str| -> i64 { evening["maps"].as_array().unwrap().iter().filter_map(|map| map[key].as_i64()).sum() };
        assert_eq!(points("points_a"), evening["score_a"].as_i64().unwrap());
        assert_eq!(points("points_b"), evening["score_b"].as_i64().unwrap());
    });
}

#[test]
fn bad_files_cost_only_themselves_and_say_why() {
    let directory = tempfile::tempdir().unwrap();
    let folders = ["good", "bad", "partial"].map(testdata);
    let (code, out, _) = run(importer(directory.path()).args(&folders).arg("--json"));
    assert_eq!(code, 3);
    let summary = json(&out);
    assert_eq!(summary["imported"].as_u64().unwrap(), good_files());
    let rejected = summary["rejected"].as_array().unwrap();
    let bad = ["bad", "partial"].map(|folder| fs::read_dir(testdata(folder)).unwrap().count()).iter().sum::<usize>();
    assert_eq!(rejected.len(), bad);
    for one in rejected {
        let (file, reason) = (one["file"].as_str().unwrap(), one["reason"].as_str().unwrap());
        let name = Path::new(file).file_name().unwrap().to_str().unwrap();
        assert!(reason.starts_with(name), "{reason} does not begin with the file's name");
    }
    // The same again: the reasons are remembered, nothing changes.
    let (code, out, _) = run(importer(directory.path()).args(&folders).arg("--json"));
    assert_eq!(code, 3);
    assert_eq!(json(&out)["rejected"].as_array().unwrap().len(), bad);
}

#[test]
fn the_host_s_zone_does_not_matter() {
    let directory = tempfile::tempdir().unwrap();
    let evenings = ["UTC", "Europe/Ljubljana", "America/New_York"].map(|zone| {
        let url = format!("sqlite://{}.db", zone.replace('/', "-"));
        let arguments = ["--database-url", &url, "--timezone", "Europe/Ljubljana"];
        let (code, _, err) =
            run(importer(directory.path()).env("TZ", zone).arg(testdata("good")).args(arguments).arg("--json"));
        assert_eq!(code, 0, "{err}");
        let show = ["show", "last-session", "--json", "--database-url", &url];
        run(importer(directory.path()).env("TZ", zone).args(show))
    });
    assert_eq!(evenings[0], evenings[1]);
    assert_eq!(evenings[0], evenings[2]);
    assert!(evenings[0].1.contains("Europe/Ljubljana"));
}

#[test]
fn usage_and_configuration_errors_end_with_2_and_make_no_database() {
    let directory = tempfile::tempdir().unwrap();
    let good = testdata("good");
    let good = good.to_str().unwrap();
    let cases: [(&[&str], &str); 6] = [
        (&[], "PATH"),
        (&["no/such/folder"], "no such file or folder"),
        (&[good, "--colour"], "--colour"),
        (&[good, "--timezone", "Mars/Olympus"], "Mars/Olympus"),
        (&[good, "--database-url", "mysql://localhost/x"], "DATABASE_URL"),
        (&["show", "everything"], "everything"),
    ];
    for (arguments, text) in cases {
        let (code, out, err) = run(importer(directory.path()).args(arguments));
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(err.contains(text), "{arguments:?}: {err}");
    }
    let (code, _, err) = run(importer(directory.path()).arg(good).env("SESSION_GAP_MINUTES", "soon"));
    assert_eq!(code, 2);
    assert!(err.contains("SESSION_GAP_MINUTES") && err.contains("soon"), "{err}");
    assert!(!directory.path().join("fullhold.db").exists());
}

#[test]
fn a_zone_by_which_nothing_was_read_is_no_obstacle() {
    each_backend_blocking(|url| {
        let directory = tempfile::tempdir().unwrap();
        let import = |path: &Path, more: &[&str]| {
            run(importer(directory.path()).arg(path).args(["--json", "--database-url", url]).args(more))
        };
        let empty = directory.path().join("empty");
        fs::create_dir(&empty).unwrap();
        let (code, _, err) = import(&empty, &[]);
        assert!(code == 0 && err.contains("UTC is assumed"), "{err}");
        let zone = ["--timezone", "Europe/Ljubljana"];
        assert_eq!(import(&testdata("good"), &zone).0, 0, "nothing was stored as UTC");
        assert_eq!(import(&testdata("good"), &["--timezone", "UTC"]).0, 2);
    });
}

#[test]
fn another_zone_for_a_known_server_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let import = |zone: &str| run(importer(directory.path()).arg(testdata("good")).args(["--timezone", zone]));
    assert_eq!(import("Europe/Ljubljana").0, 0);
    let (code, _, err) = import("America/New_York");
    assert_eq!(code, 2);
    assert!(err.contains("Europe/Ljubljana") && err.contains("America/New_York"), "{err}");
    // Without a word about it the recorded one stays.
    assert_eq!(run(importer(directory.path()).arg(testdata("good"))).0, 0);
}

#[test]
fn a_missing_or_unreachable_database_ends_with_1() {
    let directory = tempfile::tempdir().unwrap();
    let (code, _, err) = run(importer(directory.path()).args(["show", "last-session"]));
    assert_eq!(code, 1);
    assert!(err.contains("does not exist"), "{err}");
    let port = fullhold_testkit::free_port();
    let url = format!("postgres://somebody:secret@127.0.0.1:{port}/nothing");
    let (code, _, err) = run(importer(directory.path()).arg(testdata("good")).args(["--database-url", &url]));
    assert_eq!(code, 1);
    assert!(err.contains("could not connect") && !err.contains("secret"), "{err}");
    fs::write(directory.path().join("fullhold.db"), b"this is no database, but long enough to be read as one").unwrap();
    let (code, _, err) = run(importer(directory.path()).arg(testdata("good")));
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("not a database"), "{err}");
}

#[test]
fn a_full_disk_is_said_and_leaves_what_was_there() {
    let directory = tempfile::tempdir().unwrap();
    // Room for the schema, not for the evenings: a limit on the size of files is as good as a full disk.
    let script = format!(
        "ulimit -f 900; trap '' XFSZ; exec {} {} --json --timezone UTC",
        env!("CARGO_BIN_EXE_importer"),
        testdata("good").display()
    );
    let (code, out, err) =
        run(Command::new("sh").args(["-c", &script]).current_dir(directory.path()).stdin(Stdio::null()));
    assert_eq!(code, 1, "{out}{err}");
    assert!(err.contains("disk") && err.contains("run the same command again"), "{err}");
    let (code, out, err) = run(importer(directory.path()).arg(testdata("good")).args(["--json", "--timezone", "UTC"]));
    assert_eq!((code, err.as_str()), (0, ""));
    let summary = json(&out);
    let stored = summary["imported"].as_u64().unwrap() + summary["skipped"].as_u64().unwrap();
    assert_eq!(stored, good_files());
}

#[test]
fn killed_at_any_moment_a_rerun_completes() {
    each_backend_blocking(|url| {
        let directory = tempfile::tempdir().unwrap();
        let url_of = ["--database-url", url, "--timezone", "UTC"];
        for pause in 0..12_u32 {
            let mut child = importer(directory.path())
                .arg(testdata("good"))
                .args(url_of)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            // Busy waiting of growing length: it dies in ever later steps of its work.
            let until = std::time::Instant::now() + std::time::Duration::from_millis(u64::from(pause) * 4);
            while std::time::Instant::now() < until {
                std::hint::spin_loop();
            }
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let (code, out, err) = run(importer(directory.path()).arg(testdata("good")).args(url_of).arg("--json"));
        assert_eq!((code, err.as_str()), (0, ""));
        let summary = json(&out);
        let stored = summary["imported"].as_u64().unwrap() + summary["skipped"].as_u64().unwrap();
        assert_eq!(stored, good_files(), "{summary}");
    });
}

#[test]
fn two_importers_at_once_double_nothing() {
    each_backend_blocking(|url| {
        let directory = tempfile::tempdir().unwrap();
        let spawn = || {
            importer(directory.path())
                .arg(testdata("good"))
                .args(["--json", "--database-url", url, "--timezone", "UTC"])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        };
        let imported: u64 = [spawn(), spawn(), spawn()]
            .into_iter()
            .map(|mut child| {
                let status = child.wait().unwrap();
                let (mut out, mut err) = (String::new(), String::new());
                child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
                child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
                assert!(status.success(), "{err}");
                json(&out)["imported"].as_u64().unwrap()
            })
            .sum();
        assert_eq!(imported, good_files());
    });
}

#[test]
fn unreadable_files_are_rejected_and_unreadable_folders_fail() {
    let directory = tempfile::tempdir().unwrap();
    let files = directory.path().join("files");
    fs::create_dir(&files).unwrap();
    // A link to nowhere cannot be read by anybody, root included.
    std::os::unix::fs::symlink("/nowhere/at/all", files.join("2025-11-01-200000-supply-round-1.txt")).unwrap();
    let (code, out, err) = run(importer(directory.path()).arg(&files).arg("--json"));
    assert_eq!(code, 3, "{out}{err}");
    assert!(json(&out)["rejected"][0]["reason"].as_str().unwrap().contains("cannot be read"), "{out}");
    // Behind a link of another name may be a folder full of files.
    std::os::unix::fs::symlink("/nowhere/at/all", files.join("2024")).unwrap();
    let (code, out, err) = run(importer(directory.path()).arg(&files).arg("--json"));
    assert_eq!(code, 1, "{out}{err}");
    assert!(json(&out)["unreadable"][0]["reason"].as_str().unwrap().contains("cannot be read"), "{out}");
    fs::remove_file(files.join("2024")).unwrap();
    // A link to a folder above it leads to nothing new.
    std::os::unix::fs::symlink("..", files.join("loop")).unwrap();
    // A file larger than any stats file is not even loaded.
    let large = files.join("2025-11-01-200100-supply-round-1.txt");
    fs::remove_file(files.join("2025-11-01-200000-supply-round-1.txt")).unwrap();
    fs::write(&large, vec![b'x'; 2 << 20]).unwrap();
    let (code, out, _) = run(importer(directory.path()).arg(&files).arg("--json"));
    assert_eq!(code, 3);
    let rejected = json(&out)["rejected"].clone();
    assert_eq!(rejected.as_array().unwrap().len(), 1, "once, not once more by the link: {out}");
    assert!(rejected[0]["reason"].as_str().unwrap().contains("allowed are 1048576"), "{out}");
}

#[test]
fn a_named_pipe_holds_nobody_up() {
    each_backend_blocking(|url| {
        let directory = tempfile::tempdir().unwrap();
        let files = directory.path().join("files");
        fs::create_dir(&files).unwrap();
        let pipe = files.join("2025-01-01-001900-x-round-1.txt");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let arguments = ["--json", "--timezone", "UTC", "--database-url", url];
        let (code, out, err) = run(importer(directory.path()).arg(&files).args(arguments));
        assert_eq!((code, err.as_str()), (3, ""), "{out}");
        assert!(json(&out)["rejected"][0]["reason"].as_str().unwrap().contains("a named pipe"), "{out}");
    });
}

#[test]
fn a_folder_without_permission_ends_with_1_and_a_file_without_with_3() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let open = |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    open(directory.path(), 0o777);
    let files = directory.path().join("files");
    fs::create_dir(&files).unwrap();
    let file = files.join("2025-11-01-200000-supply-round-1.txt");
    fs::write(&file, b"whatever").unwrap();
    // Nobody may be refused anything as root: become somebody else there.
    let as_somebody = || {
        let program = env!("CARGO_BIN_EXE_importer");
        let mut command = if !is_root() {
            Command::new(program)
        } else {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", program]);
            command
        };
        command.current_dir(directory.path()).stdin(Stdio::null()).arg(&files).arg("--json");
        command
    };
    open(&file, 0o000);
    let (code, out, err) = run(&mut as_somebody());
    assert_eq!(code, 3, "{out}{err}");
    assert!(json(&out)["rejected"][0]["reason"].as_str().unwrap().contains("Permission denied"), "{out}");
    open(&files, 0o000);
    let (code, out, err) = run(&mut as_somebody());
    open(&files, 0o755);
    assert_eq!(code, 1, "{out}{err}");
    assert!(json(&out)["unreadable"][0]["reason"].as_str().unwrap().contains("Permission denied"), "{out}");
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").unwrap().uid() == 0
}
