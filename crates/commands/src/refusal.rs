//! What a person is told when a command cannot be run: what was wrong, how it is typed, an example.

use std::time::Duration;

use crate::arguments::ArgumentError;
use crate::catalogue::Catalogue;
use crate::command::{Command, Permission};
use crate::lookup::UnknownCommand;
use crate::option::{CommandOption, NotA, OptionKind};
use crate::reply::{Action, Button, Reply, Text};
use crate::words::{LineError, PERIOD_EXAMPLES, quoted};

/// Why a command was not run. Shown to who asked; nothing internal is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such command.
    Unknown(UnknownCommand),
    /// The line cannot be taken apart.
    Line(LineError),
    /// The words do not fit the command.
    Argument {
        /// The command.
        command: &'static str,
        /// What is wrong.
        error: ArgumentError,
    },
    /// Only some may run it.
    Permission {
        /// Who may.
        needs: Permission,
    },
    /// Too early after the last one.
    Cooldown {
        /// The time that is left.
        left: Duration,
    },
}

impl Refusal {
    /// The answer, seen by the asker alone.
    #[must_use]
    pub fn reply(&self, texts: &Catalogue, prefix: &str) -> Reply {
        match self {
            Self::Unknown(unknown) => unknown_command(unknown, texts, prefix),
            Self::Line(error) => Reply::new(texts.say("line-malformed", &[])).text(line_error(error, texts)),
            Self::Argument { command, error } => {
                let command = crate::table::COMMANDS.iter().find(|known| known.name == *command);
                command.map_or_else(Reply::default, |command| argument(command, error, texts, prefix))
            }
            Self::Permission { needs } => {
                let id = if *needs == Permission::Linked { "needs-link" } else { "needs-admin" };
                Reply::new(texts.say(id, &[])).text(texts.say(&format!("{id}-how"), &[("prefix", prefix.into())]))
            }
            Self::Cooldown { left } => {
                let seconds = i64::try_from(left.as_secs()).unwrap_or(i64::MAX).saturating_add(1);
                Reply::new(texts.say("too-early", &[("seconds", seconds.into())]))
            }
        }
        .private()
    }
}

fn line_error(error: &LineError, texts: &Catalogue) -> Text {
    match *error {
        LineError::OpenQuote { character } => texts.say("line-open-quote", &[("character", character.into())]),
        LineError::TooLong { found, most } => {
            texts.say("line-too-long", &[("found", found.into()), ("most", most.into())])
        }
    }
}

fn unknown_command(unknown: &UnknownCommand, texts: &Catalogue, prefix: &str) -> Reply {
    let name = Text::name(&unknown.word);
    let reply = Reply::new(texts.say("unknown-command", &[("name", name.into())]));
    if unknown.suggestions.is_empty() {
        return reply.text(texts.say("see-help", &[("prefix", prefix.into())]));
    }
    let reply = reply.text(texts.say("did-you-mean", &[]));
    unknown.suggestions.iter().fold(reply, |reply, name| {
        reply.action(Action::Button(Button::new(Text::plain(&format!("{prefix}{name}")), *name)))
    })
}

fn argument(command: &'static Command, error: &ArgumentError, texts: &Catalogue, prefix: &str) -> Reply {
    let wrong = match error {
        ArgumentError::Missing { option } => texts.say("argument-missing", &[("option", (*option).into())]),
        ArgumentError::NotA { option, not_a } => {
            let kind = command.option(option);
            texts
                .say("argument-not-a", &[("word", Text::name(&not_a.word).into()), ("option", (*option).into())])
                .then(&Text::plain(" "))
                .then(&kind.map_or_else(Text::default, |option| allowed(option, texts)))
        }
        ArgumentError::TooMany { word } => texts.say("argument-too-many", &[("word", Text::name(word).into())]),
        ArgumentError::NoSuchOption { option } => {
            let options: Vec<&str> = command.options.iter().map(|option| option.name).collect();
            let options = Text::plain(&options.join(", "));
            texts.say("argument-no-such-option", &[("option", Text::name(option).into()), ("options", options.into())])
        }
        ArgumentError::Twice { option } => texts.say("argument-twice", &[("option", (*option).into())]),
    };
    let example = command.examples.first().map_or("", |example| example);
    let usage = texts.say(
        "usage",
        &[
            ("usage", Text::plain(&format!("{prefix}{}", command.usage())).into()),
            ("example", Text::plain(&format!("{prefix}{example}")).into()),
        ],
    );
    let title = texts.say("argument-wrong", &[("command", command.name.into())]);
    let reply = Reply::new(title).text(wrong);
    let suggestions = match error {
        ArgumentError::NotA { option, not_a } => suggested(command, option, not_a),
        _ => Vec::new(),
    };
    let reply = if suggestions.is_empty() { reply } else { reply.text(texts.say("did-you-mean", &[])) };
    let reply = suggestions.into_iter().fold(reply, |reply, button| reply.action(Action::Button(button)));
    reply.text(usage)
}

/// A button per suggestion, which runs the command with it where that alone is enough.
fn suggested(command: &'static Command, option: &str, not_a: &NotA) -> Vec<Button> {
    let is_enough = command.required().all(|required| required.name == option);
    let button = |suggestion: &String| {
        let mut button =
            Button::new(Text::plain(suggestion), format!("{} {option}:{}", command.name, quoted(suggestion)));
        button.is_current = !is_enough;
        button
    };
    not_a.suggestions.iter().map(button).collect()
}

/// What an option takes.
fn allowed(option: &CommandOption, texts: &Catalogue) -> Text {
    match option.kind {
        OptionKind::Player => texts.say("takes-player", &[]),
        OptionKind::Map => texts.say("takes-map", &[]),
        OptionKind::Board => {
            let boards: Vec<&str> = fullhold_analytics::BOARDS.iter().map(|board| board.id).collect();
            texts.say("takes-board", &[("boards", boards.join(", ").as_str().into())])
        }
        OptionKind::Formula => {
            let numbers: Vec<&str> = fullhold_analytics::FORMULAS.iter().map(|formula| formula.id).collect();
            texts.say("takes-formula", &[("numbers", numbers.join(", ").as_str().into())])
        }
        OptionKind::Period => texts.say("takes-period", &[("examples", PERIOD_EXAMPLES.into())]),
        OptionKind::Month => texts.say("takes-month", &[]),
        OptionKind::Session => texts.say("takes-session", &[]),
        OptionKind::Id => texts.say("takes-id", &[]),
        OptionKind::Choice(choices) => {
            let words: Vec<&str> = choices.iter().filter_map(|words| words.first().copied()).collect();
            texts.say("takes-choice", &[("words", words.join(", ").as_str().into())])
        }
        OptionKind::Integer { least, most } => {
            texts.say("takes-integer", &[("least", least.into()), ("most", most.into())])
        }
        OptionKind::Guid => texts.say("takes-guid", &[]),
        OptionKind::User => texts.say("takes-user", &[]),
        OptionKind::Text { least, most } => texts.say("takes-text", &[("least", least.into()), ("most", most.into())]),
    }
}
