//! `help`: made of the command table and the catalogue, so it cannot be out of date.

use crate::catalogue::Catalogue;
use crate::command::{Command, Group, Permission};
use crate::reply::{Action, Button, Cell, Reply, Table, Text};
use crate::table::COMMANDS;

/// All commands that somebody with this right can run.
#[must_use]
pub fn overview(texts: &Catalogue, prefix: &str, right: Permission) -> Reply {
    let title = texts.say("help-title", &[]);
    let lead = texts.say("help-lead", &[("prefix", prefix.into())]);
    let mut reply = Reply::new(title).text(lead);
    for group in Group::ALL {
        let commands: Vec<&Command> =
            COMMANDS.iter().filter(|command| command.group == group && command.permission <= right).collect();
        if commands.is_empty() {
            continue;
        }
        let mut lines = texts.say(&format!("group-{}", group.id()), &[]);
        lines = Text::strong(&lines.to_plain());
        for command in commands {
            let line = format!("\n{prefix}{} · {}", command.name, texts.say(&format!("command-{}", command.name), &[]));
            lines = lines.then(&Text::plain(&line));
        }
        reply = reply.text(lines);
    }
    reply
}

/// One command in detail.
#[must_use]
pub fn detail(command: &'static Command, texts: &Catalogue, prefix: &str) -> Reply {
    let mut reply = Reply::new(Text::plain(&format!("{prefix}{}", command.usage())));
    reply = reply.text(texts.say(&format!("command-{}", command.name), &[]));
    let aliases: Vec<&str> = command.aliases.iter().map(|alias| alias.name).collect();
    if !aliases.is_empty() {
        reply = reply.text(texts.say("help-also", &[("names", aliases.join(", ").as_str().into())]));
    }
    let mut options = Table::new("options", texts.say("help-options", &[]))
        .column("option", Text::default())
        .column("meaning", Text::default());
    for option in command.options {
        options = options.row(vec![
            Cell::Text(Text::plain(option.name)),
            Cell::Text(texts.say(&format!("option-{}", option.name), &[])),
        ]);
    }
    reply = reply.table(options);
    let needs = match command.permission {
        Permission::Everyone => Text::default(),
        Permission::Linked => texts.say("help-needs-link", &[("prefix", prefix.into())]),
        Permission::Admin => texts.say("help-needs-admin", &[]),
    };
    reply = reply.text(needs);
    let examples: Vec<String> = command.examples.iter().map(|example| format!("{prefix}{example}")).collect();
    let title = Text::strong(&texts.say("help-examples", &[]).to_plain());
    reply = reply.text(title.then(&Text::plain(&format!("\n{}", examples.join("\n")))));
    // Examples of questions can be pressed; what changes something is typed.
    if command.permission == Permission::Everyone {
        for example in command.examples {
            reply = reply.action(Action::Button(Button::new(Text::plain(&format!("{prefix}{example}")), *example)));
        }
    }
    reply
}
