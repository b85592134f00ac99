//! A slash command as the command line that a person would have typed: everything behind it has one way in.

use fullhold_commands::quoted;
use twilight_model::application::interaction::application_command::{
    CommandData, CommandDataOption, CommandOptionValue,
};

/// What is being typed into an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Typing {
    /// The option.
    pub(crate) option: String,
    /// What is there so far.
    pub(crate) text: String,
}

/// The line of a command: `stats player:"mister x" period:30d`.
#[must_use]
pub(crate) fn line(data: &CommandData) -> String {
    let mut line = data.name.clone();
    for CommandDataOption { name, value } in &data.options {
        if let Some(value) = word(value) {
            line.push_str(&format!(" {name}:{}", quoted(&value)));
        }
    }
    line
}

/// The option that somebody is typing into.
#[must_use]
pub(crate) fn typing(data: &CommandData) -> Option<Typing> {
    data.options.iter().find_map(|option| match &option.value {
        CommandOptionValue::Focused(text, _) => Some(Typing { option: option.name.clone(), text: text.clone() }),
        _ => None,
    })
}

/// The word of a value; `None` for kinds that no command of ours has.
fn word(value: &CommandOptionValue) -> Option<String> {
    match value {
        CommandOptionValue::String(text) => Some(text.clone()),
        CommandOptionValue::Integer(number) => Some(number.to_string()),
        CommandOptionValue::User(id) => Some(format!("<@{id}>")),
        CommandOptionValue::Boolean(is_so) => Some(is_so.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use fullhold_commands::{Known, Value, Who, bind, find, words};
    use proptest::prelude::*;
    use twilight_model::application::command::CommandType;
    use twilight_model::id::Id;

    use super::*;

    fn data(name: &str, options: Vec<(&str, CommandOptionValue)>) -> CommandData {
        let options =
            options.into_iter().map(|(name, value)| CommandDataOption { name: name.to_owned(), value }).collect();
        CommandData {
            guild_id: None,
            id: Id::new(1),
            kind: CommandType::ChatInput,
            name: name.to_owned(),
            options,
            resolved: None,
            target_id: None,
        }
    }

    /// The player that the line of `/stats player:…` is read as.
    fn player(text: &str) -> Option<Who> {
        let line = line(&data("stats", vec![("player", CommandOptionValue::String(text.to_owned()))]));
        let words = words(&line).unwrap();
        let (name, rest) = words.split_first().unwrap();
        let found = find(&name.text).unwrap();
        match bind(found.command, found.given, rest, Known::default()).ok()?.get("player")? {
            Value::Player(who) => Some(who.clone()),
            _ => None,
        }
    }

    #[test]
    fn me_and_mentions_are_themselves_and_names_are_names() {
        assert_eq!(player("me"), Some(Who::Me));
        assert!(matches!(player("<@123456789012345678>"), Some(Who::User(_))));
        assert_eq!(player("mister x"), Some(Who::Name("mister x".to_owned())));
        assert_eq!(player("season"), Some(Who::Name("season".to_owned())));
    }

    proptest! {
        #[test]
        fn any_name_is_read_back(name in "[^\\p{Cc}]{1,40}") {
            prop_assume!(!name.trim().is_empty());
            match player(&name) {
                Some(Who::Name(read)) => prop_assert_eq!(read, name),
                // Guids, mentions and `me` mean themselves.
                Some(_) => {}
                None => prop_assert!(false, "{name} was not read"),
            }
        }
    }
}
