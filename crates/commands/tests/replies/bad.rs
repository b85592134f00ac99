//! Lines that cannot be answered: nothing, too much, nonsense, made of the options of each command.

use fullhold_commands::{Command, OptionKind};

/// What cannot be answered, with what is wrong with it.
pub(crate) fn bad_lines(command: &Command) -> Vec<(&'static str, String)> {
    let name = command.name;
    let mut lines = vec![
        ("missing", name.to_owned()),
        ("an open quote", format!("{name} \"abc")),
        ("an option that it has not", format!("{name} colour:\"red\"")),
        ("a word too many", format!("{name}{} x y", words(command, "2"))),
        ("too long", format!("{name} {}", "x".repeat(5_000))),
        ("a long word", format!("{name} {}", "wörd".repeat(120))),
        ("injection", format!("{name} \"'; DROP TABLE rounds; --\"")),
    ];
    for option in command.options {
        let (what, word) = match option.kind {
            OptionKind::Player => ("an ambiguous player", "e"),
            OptionKind::Map => ("an ambiguous map", "et"),
            _ => ("nonsense", "zzzz"),
        };
        let line = format!("{name}{} {}:{word}", words_without(command, option.name), option.name);
        lines.push((what, line));
        if option.kind == OptionKind::Player {
            let line = format!("{name}{} {}:nobodyatall", words_without(command, option.name), option.name);
            lines.push(("an unknown player", line));
        }
    }
    lines
}

/// A word for each required option.
fn words(command: &Command, other: &str) -> String {
    command.required().map(|option| format!(" {}:{}", option.name, word(option.kind, other))).collect()
}

fn words_without(command: &Command, name: &str) -> String {
    let others = command.required().filter(|option| option.name != name);
    others.map(|option| format!(" {}:{}", option.name, word(option.kind, "2"))).collect()
}

fn word(kind: OptionKind, other: &str) -> String {
    match kind {
        OptionKind::Player => "grashopper",
        OptionKind::Map => "te_escape2",
        OptionKind::Board | OptionKind::Formula => "kills",
        OptionKind::Period => "all",
        OptionKind::Month => "nov",
        OptionKind::Session | OptionKind::Id | OptionKind::Integer { .. } => other,
        OptionKind::Choice(choices) => choices.first().and_then(|words| words.first()).copied().unwrap_or_default(),
        OptionKind::Guid => "B54CDA26",
        OptionKind::User => "<@77>",
        OptionKind::Text { .. } => "abc",
    }
    .to_owned()
}
