//! Words given to the options of a command. Knows which words mean what; knows nobody's data but the names of maps.

use std::collections::BTreeMap;

use crate::command::Command;
use crate::option::{CommandOption, Known, NotA, OptionKind, Value};
use crate::words::{Word, words};

/// What a command was given: at most one value per option.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    values: BTreeMap<&'static str, Value>,
}

/// Why words do not fit a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentError {
    /// A required option was not given.
    Missing {
        /// Its name.
        option: &'static str,
    },
    /// A word that an option cannot read.
    NotA {
        /// The option.
        option: &'static str,
        /// The word, and what may have been meant.
        not_a: NotA,
    },
    /// More words than the command has options.
    TooMany {
        /// The first that is too much.
        word: String,
    },
    /// `name:value` for an option that the command does not have.
    NoSuchOption {
        /// What was found.
        option: String,
    },
    /// An option was given twice.
    Twice {
        /// Its name.
        option: &'static str,
    },
}

impl Arguments {
    /// The value of an option, if it was given.
    #[must_use]
    pub fn get(&self, option: &str) -> Option<&Value> {
        self.values.get(option)
    }

    /// All values by the names of their options.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.values.iter().map(|(name, value)| (*name, value))
    }

    /// Gives a typed value, as slash commands do.
    ///
    /// # Errors
    /// [`ArgumentError`] when the command has no such option, or has it already, or it cannot read the word.
    pub fn give(
        &mut self,
        command: &'static Command,
        option: &str,
        word: &str,
        known: Known<'_>,
    ) -> Result<(), ArgumentError> {
        let option = command.option(option).ok_or_else(|| ArgumentError::NoSuchOption { option: option.to_owned() })?;
        self.set(option, option.kind.read(word, known))
    }

    /// # Errors
    /// [`ArgumentError::Missing`] when a required option has no value.
    pub fn complete(self, command: &'static Command) -> Result<Self, ArgumentError> {
        match command.required().find(|option| !self.values.contains_key(option.name)) {
            Some(option) => Err(ArgumentError::Missing { option: option.name }),
            None => Ok(self),
        }
    }

    fn set(&mut self, option: &'static CommandOption, value: Result<Value, NotA>) -> Result<(), ArgumentError> {
        let value = value.map_err(|not_a| ArgumentError::NotA { option: option.name, not_a })?;
        match self.values.insert(option.name, value) {
            Some(_) => Err(ArgumentError::Twice { option: option.name }),
            None => Ok(()),
        }
    }

    fn is_free(&self, option: &CommandOption) -> bool {
        !self.values.contains_key(option.name)
    }
}

/// The arguments of a command line. `given` is what the alias said, `words` stand behind the command.
///
/// Words find their options in this order: `name:value` says it; then options that can tell their words from names
/// (periods, boards, views, maps) take theirs wherever they stand; what is left goes to the names in order. A name of
/// several words needs no quotes where only one name is asked for.
///
/// # Errors
/// [`ArgumentError`], for the first word that does not fit.
pub fn bind(
    command: &'static Command,
    given: &[&str],
    line: &[Word],
    known: Known<'_>,
) -> Result<Arguments, ArgumentError> {
    let mut arguments = Arguments::default();
    let given: Vec<Word> = given.iter().filter_map(|text| words(text).ok()).flatten().collect();
    let mut left = {
        let is_filler =
            |word: &&Word| !word.is_quoted && word.option.is_none() && command.fillers.contains(&word.text.as_str());
        let words = given.iter().chain(line.iter().filter(|word| !is_filler(word)));
        take_named(command, &mut arguments, words, known)?
    };
    take_free_text(command, &mut arguments, &mut left)?;
    take_recognised(command, &mut arguments, &mut left, known)?;
    take_rest(command, &mut arguments, &left, known)?;
    arguments.complete(command)
}

/// Takes `name:value`, returns the other words.
fn take_named<'w>(
    command: &'static Command,
    arguments: &mut Arguments,
    words: impl Iterator<Item = &'w Word>,
    known: Known<'_>,
) -> Result<Vec<&'w Word>, ArgumentError> {
    let mut left = Vec::new();
    for word in words {
        if let Some(name) = &word.option {
            let option = command.option(name).ok_or_else(|| ArgumentError::NoSuchOption { option: name.clone() })?;
            arguments.set(option, option.kind.read_name(&word.text, known))?;
            continue;
        }
        let named = word.text.split_once(':').filter(|_| !word.is_quoted);
        match named.and_then(|(name, value)| Some((command.option(name)?, value))) {
            Some((option, value)) => arguments.set(option, option.kind.read(value, known))?,
            None => left.push(word),
        }
    }
    Ok(left)
}

/// A command that ends in a text, such as a reason or another command line: words in front of it are given in order,
/// and the text takes all that is left, whatever it looks like.
fn take_free_text(
    command: &'static Command,
    arguments: &mut Arguments,
    left: &mut Vec<&Word>,
) -> Result<(), ArgumentError> {
    let free: Vec<_> = command.options.iter().filter(|option| arguments.is_free(option)).collect();
    let Some((last, before)) = free.split_last() else { return Ok(()) };
    let takes_rest = matches!(last.kind, OptionKind::Text { .. }) && before.iter().all(|option| option.is_required);
    if !takes_rest || left.len() <= before.len() {
        return Ok(());
    }
    let text = joined(left.get(before.len()..).unwrap_or_default());
    left.truncate(before.len());
    arguments.set(last, last.kind.read(&text, Known::default()))
}

/// Options that can tell their words from names take the first of theirs.
fn take_recognised(
    command: &'static Command,
    arguments: &mut Arguments,
    left: &mut Vec<&Word>,
    known: Known<'_>,
) -> Result<(), ArgumentError> {
    // A required option in front is asked for by its place: a word there that it cannot read is an error, no name.
    while let Some(option) = command.options.iter().find(|option| arguments.is_free(option)) {
        if !option.is_required || !option.kind.is_closed() || left.is_empty() {
            break;
        }
        let word = left.remove(0);
        arguments.set(option, option.kind.read(&word.text, known))?;
    }
    for option in command.options.iter().filter(|option| option.kind.is_closed()) {
        if !arguments.is_free(option) {
            continue;
        }
        let index = left.iter().position(|word| !word.is_quoted && option.kind.recognises(&word.text, known));
        if let Some(index) = index {
            let word = left.remove(index);
            arguments.set(option, option.kind.read(&word.text, known))?;
        }
    }
    Ok(())
}

/// Names and texts take what is left.
fn take_rest(
    command: &'static Command,
    arguments: &mut Arguments,
    left: &[&Word],
    known: Known<'_>,
) -> Result<(), ArgumentError> {
    if left.is_empty() {
        return Ok(());
    }
    let names: Vec<_> =
        command.options.iter().filter(|option| !option.kind.is_closed() && arguments.is_free(option)).collect();
    match names.as_slice() {
        [] => {
            // Nothing takes names: the word was meant for an option that could not read it.
            let word = left.first().map_or("", |word| word.text.as_str());
            match command.options.iter().find(|option| arguments.is_free(option)) {
                Some(option) => arguments.set(option, option.kind.read(word, known)),
                None => Err(ArgumentError::TooMany { word: word.to_owned() }),
            }
        }
        [only] => match left {
            [word] if word.is_quoted => arguments.set(only, only.kind.read_name(&word.text, known)),
            words => arguments.set(only, only.kind.read(&joined(words), known)),
        },
        several => {
            if let Some(word) = left.get(several.len()) {
                return Err(ArgumentError::TooMany { word: word.text.clone() });
            }
            for (option, word) in several.iter().zip(left) {
                let value = if word.is_quoted {
                    option.kind.read_name(&word.text, known)
                } else {
                    option.kind.read(&word.text, known)
                };
                arguments.set(option, value)?;
            }
            Ok(())
        }
    }
}

fn joined(words: &[&Word]) -> String {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    texts.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lookup::find;
    use crate::table::COMMANDS;

    /// What a line means, each value as it prints itself.
    fn read(line: &str) -> Result<String, ArgumentError> {
        let maps = ["supply".to_owned(), "etl_adlernest".to_owned()];
        let words = words(line).unwrap();
        let (name, rest) = words.split_first().unwrap();
        let found = find(&name.text).unwrap();
        let arguments = bind(found.command, found.given, rest, Known { maps: &maps })?;
        let values: Vec<String> = arguments.iter().map(|(name, value)| format!("{name}={}", shown(value))).collect();
        Ok(values.join(" "))
    }

    fn shown(value: &Value) -> String {
        match value {
            Value::Player(who) => who.to_string(),
            Value::Map(text) | Value::Text(text) => text.clone(),
            Value::Formula(formula) => formula.id.to_owned(),
            Value::Board(board) => board.id.to_owned(),
            Value::Period(period) => period.to_string(),
            Value::Month(month) => format!("{month:?}"),
            Value::Session(session) => format!("{session:?}"),
            Value::Number(number) => number.to_string(),
            Value::Choice(choice) => (*choice).to_owned(),
            Value::Guid(guid) => guid.to_string(),
            Value::User(user) => user.to_string(),
        }
    }

    #[test]
    fn words_find_their_options() {
        let cases = [
            ("stats", ""),
            ("stats vid", "player=vid"),
            ("stats 30d", "period=30d"),
            ("stats vid 30d supply", "map=supply period=30d player=vid"),
            ("stats supply 30d vid", "map=supply period=30d player=vid"),
            ("stats mister x 30d", "period=30d player=mister x"),
            ("stats \"30d\"", "player=30d"),
            ("stats \"me\" weapons", "player=me view=weapons"),
            ("stats player:30d", "player=30d"),
            ("stats player:\"mister x\" period:season", "period=season player=mister x"),
            ("stats <@42>", "player=<@42>"),
            ("top_dpm season", "category=dpm period=season"),
            ("top dpm 7d Supply", "category=dpm map=supply period=7d"),
            ("compare vid \"mister x\"", "a=vid b=mister x"),
            ("last obj", "view=objectives"),
            ("teams", "view=teams"),
            ("session 2025-11-01 weap", "session=On(2025-11-01) view=weapons"),
            ("sync_week", "days=7"),
            ("round_valid 12 cancelled server 30d crashed", "reason=server 30d crashed round=12 verdict=cancelled"),
            ("export csv top dpm season", "command=top dpm season format=csv"),
            ("myaliases", "player=me"),
            ("map adler", "map=etl_adlernest"),
            ("set_teams \"a b\" c", "a=a b b=c"),
        ];
        for (line, expected) in cases {
            assert_eq!(read(line), Ok(expected.to_owned()), "{line}");
        }
    }

    #[test]
    fn words_that_do_not_fit_are_named() {
        let not_a = |option, word: &str, suggestions: &[&str]| ArgumentError::NotA {
            option,
            not_a: NotA { word: word.to_owned(), suggestions: suggestions.iter().map(|s| (*s).to_owned()).collect() },
        };
        let cases = [
            ("leaderboard", ArgumentError::Missing { option: "category" }),
            ("leaderboard dmp", not_a("category", "dmp", &["dpm"])),
            ("compare vid", ArgumentError::Missing { option: "b" }),
            ("compare a b c d", ArgumentError::TooMany { word: "d".into() }),
            ("last wepons", not_a("view", "wepons", &["weapons", "weapon"])),
            ("round x", not_a("round", "x", &[])),
            ("ping pong", ArgumentError::TooMany { word: "pong".into() }),
            ("stats period:30d period:7d", ArgumentError::Twice { option: "period" }),
            ("stats period:soon", not_a("period", "soon", &[])),
            ("stats person:\"vid\"", ArgumentError::NoSuchOption { option: "person".into() }),
            ("sync_stats 0", not_a("days", "0", &[])),
            ("map zzz", not_a("map", "zzz", &[])),
        ];
        for (line, expected) in cases {
            assert_eq!(read(line), Err(expected), "{line}");
        }
    }

    #[test]
    fn every_example_and_alias_can_be_read() {
        for command in COMMANDS {
            assert!(!command.examples.is_empty(), "{}", command.name);
            for example in command.examples {
                assert!(read(example).is_ok(), "{example}: {:?}", read(example));
            }
            for alias in command.aliases.iter().filter(|alias| !alias.given.is_empty()) {
                assert!(read(alias.name).is_ok(), "{}", alias.name);
            }
            let names: Vec<_> = command.options.iter().map(|option| option.name).collect();
            let is_ordered = command.options.windows(2).all(|pair| pair[0].is_required || !pair[1].is_required);
            assert!(is_ordered, "{}: required options come first in {names:?}", command.name);
        }
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(index in 0_usize..COMMANDS.len(), rest in "([a-z0-9:\"#<>@. -]|season|30d|supply|me){0,12}") {
            let line = format!("{} {rest}", COMMANDS[index].name);
            if let Ok(words) = words(&line) {
                let _ = bind(COMMANDS.get(index).unwrap(), &[], words.get(1..).unwrap_or_default(), Known::default());
            }
        }
    }
}
