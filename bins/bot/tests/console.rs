//! The program as a person or a script starts it: demo, pipe, JSON, exit codes.
#![expect(clippy::unwrap_used, reason = "test support")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn checkout() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Runs the program in a folder, with this on standard input and none of our settings.
fn bot_in(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut bot = Command::new(env!("CARGO_BIN_EXE_bot"));
    // Pictures go where nobody else looks, and are gone afterwards.
    let pictures = tempfile::tempdir().unwrap();
    bot.args(arguments).current_dir(folder).env_clear().env("TMPDIR", pictures.path());
    bot.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut bot = bot.spawn().unwrap();
    // A program that ends at once reads nothing: that is for the output to say.
    drop(bot.stdin.take().unwrap().write_all(input.as_bytes()));
    bot.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_demo_shows_an_evening_and_answers() {
    let output = bot_in(checkout(), &["--demo"], "# a comment\n\nsessions\nround 1\n");
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{out}{}", text(&output.stderr));
    for expected in
        ["42 sample files imported", "Evening #3 of 2025-11-14", "Team A 7 : 3 Team B", "Evenings", "et_brewdog"]
    {
        assert!(out.contains(expected), "{expected} is missing in\n{out}");
    }
    assert!(!out.contains('\u{1b}'), "colours in a pipe");
}

#[test]
fn a_refused_question_is_exit_code_3() {
    let output = bot_in(checkout(), &["--demo"], "sessions\nround 99999\nsessions\n");
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stdout));
}

#[test]
fn quit_ends_a_pipe_and_is_no_question() {
    let output = bot_in(checkout(), &["--demo"], "sessions\nquit\nround 99999\n");
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{out}");
    assert!(!out.contains("There is no such round"), "{out}");
}

#[test]
fn json_is_a_line_per_answer() {
    let output = bot_in(checkout(), &["--demo", "--json"], "sessions\nlst\n");
    let answers: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // The evening that the demo shows first, and the two questions.
    let outcomes: Vec<&str> = answers.iter().map(|answer| answer["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["answered", "answered", "refused"]);
    assert_eq!(answers[1]["command"], "sessions");
    assert_eq!(answers[1]["data"]["tables"]["evenings"]["rows"].as_array().unwrap().len(), 3);
}

#[test]
fn files_are_written_where_they_are_wanted_and_never_over_others() {
    let folder = tempfile::tempdir().unwrap();
    let pictures = folder.path().to_str().unwrap();
    let line = "export csv sessions\nexport csv sessions\n";
    let output = bot_in(checkout(), &["--demo", "--json", "--pictures", pictures], line);
    let answers: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (answer, name) in answers[1..].iter().zip(["evenings", "evenings-2"]) {
        let path = folder.path().join(format!("fullhold-sessions-{name}.csv"));
        assert_eq!(answer["data"]["files"][0]["path"].as_str(), path.to_str());
        assert!(std::fs::read_to_string(&path).unwrap().contains("2025-11-14"));
    }
    let output = bot_in(checkout(), &["--demo", "--pictures", pictures], "export json sessions\n");
    let path = folder.path().join("fullhold-sessions.json");
    assert!(text(&output.stdout).contains(path.to_str().unwrap()) && path.is_file(), "{}", text(&output.stdout));
    let output = bot_in(checkout(), &["--demo", "--pictures", "/nowhere"], "");
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
}

#[test]
fn what_is_wrong_is_said_with_its_exit_code() {
    let empty = tempfile::tempdir().unwrap();
    let cases: &[(&[&str], i32, &str)] = &[
        (&[], 2, "--console"),
        (&["--console"], 1, "fullhold.db"),
        (&["--console", "--database-url", "mysql://x"], 2, "mysql://x"),
        (&["--demo"], 2, "testdata/good"),
        (&["--demo", "--database-url", "sqlite://x.db"], 2, "cannot be used with"),
    ];
    for (arguments, exit, expected) in cases {
        let output = bot_in(empty.path(), arguments, "");
        let err = text(&output.stderr);
        assert_eq!(output.status.code(), Some(*exit), "{arguments:?}: {err}");
        assert!(err.contains(expected), "{arguments:?}: {expected} is missing in {err}");
        assert!(!empty.path().join("fullhold.db").exists(), "a question makes no database");
    }
    let output = bot_in(checkout(), &["--demo", "--server", "other"], "");
    assert!(text(&output.stderr).contains("there are: demo"), "{}", text(&output.stderr));
    let output = bot_in(checkout(), &["--demo", "--as", "nobody"], "");
    assert_eq!((output.status.code(), text(&output.stderr).contains("no such player")), (Some(2), true));
}
