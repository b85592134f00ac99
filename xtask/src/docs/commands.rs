//! docs/COMMANDS.md: the table of commands in the words of the catalogue.

use std::error::Error;
use std::fmt::Write;

use fullhold_commands::{COMMANDS, Catalogue, Command, Group, Permission, answered};

pub(super) fn commands(generated: &str) -> Result<String, Box<dyn Error>> {
    let texts = Catalogue::english()?;
    let mut text = format!(
        "# Commands\n\n{generated} (`COMMANDS` in `crates/commands`)\n\n\
         The same in the console (`bot --console`) and in Discord. What is in `[ ]` can be left out. Words find their\n\
         options wherever they stand; a name of several words needs quotes only beside another name; `player:vid` says it\n\
         outright. Commands marked ○ have their place in the table but no answer yet.\n"
    );
    for group in Group::ALL {
        let title = texts.say(&format!("group-{}", group.id()), &[]);
        write!(text, "\n## {title}\n\n| command | also | what it answers | such as |\n|---|---|---|---|\n")?;
        for command in COMMANDS.iter().filter(|command| command.group == group) {
            writeln!(text, "{}", row(command, &texts))?;
        }
    }
    Ok(text)
}

fn row(command: &Command, texts: &Catalogue) -> String {
    let open = if answered().any(|name| name == command.name) { "" } else { " ○" };
    let aliases: Vec<String> = command.aliases.iter().map(|alias| format!("`{}`", alias.name)).collect();
    let examples: Vec<String> = command.examples.iter().map(|example| format!("`{example}`")).collect();
    let summary = texts.say(&format!("command-{}", command.name), &[]);
    let needs = match command.permission {
        Permission::Everyone | Permission::Admin => "",
        Permission::Linked => " (for those who have linked a player)",
    };
    format!("| `{}`{open} | {} | {summary}{needs} | {} |", command.usage(), aliases.join(" "), examples.join("<br>"))
}
