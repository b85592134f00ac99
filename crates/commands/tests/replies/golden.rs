//! The golden files: what each command answers, case by case.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use fullhold_commands::reply::{Terminal, messages};
use fullhold_commands::{Answer, Answerer, Asker, COMMANDS, Command, Group, OptionKind, Outcome, Permission, answered};

use crate::bad::bad_lines;
use crate::cases::{filled_in, lines};
use crate::checks::check;
use crate::worlds::{Backend, Fresh, NOBODY, ask, ask_page, empty, full, one_round, somebody};

fn commands() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter().filter(|command| answered().any(|name| name == command.name))
}

#[test]
fn every_command_has_cases_and_every_word_of_its_choices_is_in_them() {
    for command in commands() {
        let lines = lines(command);
        assert!(!lines.is_empty(), "{} has no cases: add some to CASES", command.name);
        let words: BTreeSet<&str> = lines.iter().flat_map(|line| line.split([' ', ':'])).collect();
        for option in command.options {
            let OptionKind::Choice(choices) = option.kind else { continue };
            for choice in choices {
                assert!(choice.iter().any(|word| words.contains(word)), "{}: no case for {choice:?}", command.name);
            }
        }
    }
}

/// What differs from run to run and from database to database.
fn masked(shown: &str) -> String {
    let mut lines = String::new();
    // How many facts stand beside each other depends on the name of the database.
    let mut is_health = false;
    for line in shown.lines() {
        is_health = line == "Health" || is_health && line != "Game servers";
        if is_health {
            continue;
        }
        let is_of_the_machine =
            ["The database answered in", "bytes ", "database "].iter().any(|mark| line.contains(mark))
                && !line.contains("export");
        let is_about = line.starts_with("Version");
        let line = if is_of_the_machine || is_about { "(of this machine and version)" } else { line };
        writeln!(lines, "{}", line.replace(env!("CARGO_PKG_VERSION"), "VERSION")).unwrap();
    }
    lines
}

/// An answer in a golden file. It also must fit the platform, whatever it is.
fn written(text: &mut String, case: &str, line: &str, answer: &Answer) {
    messages(&answer.reply, line).iter().for_each(check);
    let terminal = Terminal { columns: 100, has_colours: false, instant: &|seconds| format!("@{seconds}") };
    let shown = masked(&terminal.show(&answer.reply));
    let outcome = match answer.outcome {
        Outcome::Answered => "answered",
        Outcome::Refused => "refused",
        Outcome::Failed => "failed",
    };
    let line: String =
        if line.len() > 200 { line.chars().take(60).collect::<String>() + "…" } else { line.to_owned() };
    let private = if answer.reply.is_private { ", private" } else { "" };
    writeln!(text, "━━━ {case}: {line}  ({outcome}{private})\n").unwrap();
    let files: Vec<&str> = answer.reply.files.iter().map(|file| file.name.as_str()).collect();
    text.push_str(&shown);
    if !files.is_empty() {
        writeln!(text, "files: {}", files.join(", ")).unwrap();
    }
    text.push('\n');
}

/// The same question again is the same answer, and one that is kept comes from the cache.
async fn again(answerer: &Answerer, asker: Asker, line: &str, command: &Command, first: &Answer) {
    // Live answers tell how often and how fast, and orders do something each time.
    if !command.is_kept {
        return;
    }
    let second = ask(answerer, asker, line).await;
    assert_eq!(first.reply, second.reply, "{line}");
    assert_eq!(second.is_cached, second.outcome == Outcome::Answered, "{line}");
}

/// Where commands are asked.
struct Worlds {
    full: Answerer,
    one_round: Answerer,
    empty: Answerer,
    /// Guards of the databases.
    _databases: [Fresh; 3],
}

impl Worlds {
    async fn new(backend: Backend) -> Self {
        let databases = [Fresh::new(backend), Fresh::new(backend), Fresh::new(backend)];
        let [a, b, c] = &databases;
        let (full, one_round, empty) = (full(&a.url()).await, one_round(&b.url()).await, empty(&c.url()).await);
        Self { full, one_round, empty, _databases: databases }
    }
}

/// All cases of a command, but those with teams set by hand.
async fn told(command: &'static Command, worlds: &Worlds) -> String {
    let mut text = format!("{}\n\n", command.usage());
    let (linked, stranger) = (somebody(command.permission, true), somebody(command.permission, false));
    let world = &worlds.full;
    for line in lines(command).iter().map(|line| filled_in(line)) {
        let answer = ask(world, linked, &line).await;
        written(&mut text, "good", &line, &answer);
        again(world, linked, &line, command, &answer).await;
    }
    for (what, line) in bad_lines(command) {
        written(&mut text, what, &line, &ask(world, linked, &line).await);
    }
    let first = filled_in(lines(command).first().unwrap_or(&command.name));
    if command.permission > Permission::Everyone {
        written(&mut text, "not allowed", &first, &ask(world, NOBODY, &first).await);
    }
    written(&mut text, "no link", command.name, &ask(world, stranger, command.name).await);
    written(&mut text, "page 99", &first, &ask_page(world, linked, &first, 98).await);
    for (what, player) in [("two players of one name", "grashopper"), ("three names", "mister x")] {
        if command.option("player").is_some() && command.is_kept {
            let number = if command.option("number").is_some() { " kd" } else { "" };
            let line = format!("{}{number} player:\"{player}\"", command.name);
            written(&mut text, what, &line, &ask(world, stranger, &line).await);
        }
    }
    for (what, world) in [("one round", &worlds.one_round), ("empty", &worlds.empty)] {
        for line in lines(command).iter().map(|line| filled_in(line).replace(" 7", " 1")) {
            written(&mut text, what, &line, &ask(world, linked, &line).await);
        }
    }
    text
}

/// Whether it changes what is asked.
fn is_order(command: &Command) -> bool {
    matches!(command.group, Group::Admin | Group::Me)
}

/// Every command that only reads, on one set of worlds.
async fn questions(backend: Backend) {
    let worlds = Worlds::new(backend).await;
    let mut found: Vec<(&Command, String)> = Vec::new();
    for command in commands().filter(|command| !is_order(command)) {
        found.push((command, told(command, &worlds).await));
    }
    let order = "set_teams \"zweiblum, otokar, F1BBCD88\" \"Quent1n\"";
    let set = ask(&worlds.full, somebody(Permission::Admin, false), order).await;
    assert_eq!(set.outcome, Outcome::Answered, "{:?}", set.reply);
    for (command, text) in &mut found {
        if command.group == Group::Evenings {
            for line in lines(command).iter().map(|line| filled_in(line)) {
                let answer = ask(&worlds.full, NOBODY, &line).await;
                written(text, "teams set by hand", &line, &answer);
            }
        }
    }
    for (command, text) in &found {
        compare(command, text);
    }
}

/// Every order, on worlds of its own.
async fn orders(backend: Backend) {
    for command in commands().filter(|command| is_order(command)) {
        compare(command, &told(command, &Worlds::new(backend).await).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_answered_as_in_the_golden_files_on_sqlite() {
    questions(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_answered_as_in_the_golden_files_on_postgresql() {
    questions(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_are_answered_as_in_the_golden_files_on_sqlite() {
    orders(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_are_answered_as_in_the_golden_files_on_postgresql() {
    orders(Backend::Postgres).await;
}

/// A file of a command that is gone is nobody's golden file.
#[test]
fn every_golden_file_has_its_command() {
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replies/golden")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(commands().any(|command| format!("{}.txt", command.name) == name), "{name}");
    }
}

fn path(command: &Command) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replies/golden").join(format!("{}.txt", command.name))
}

/// Compares, or writes anew.
fn compare(command: &Command, found: &str) {
    let path = path(command);
    if std::env::var_os("FULLHOLD_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some((number, (expected, found))) =
        expected.lines().zip(found.lines()).enumerate().find(|(_, (one, other))| one != other)
    {
        panic!("{} line {}:\n  golden {expected}\n  found  {found}", path.display(), number + 1);
    }
    assert_eq!(expected.lines().count(), found.lines().count(), "{}: more or fewer lines", path.display());
}
