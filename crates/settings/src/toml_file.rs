//! `fullhold.toml`: the keys in small letters, and `[[server]]` and `[[guild]]` tables.
//!
//! Values become text here, as if they stood in `.env`, so that there is one set of rules for them.

use toml::de::{DeTable, DeValue};

use crate::load::{Given, SourceFile};
use crate::{Origin, Problem};

/// What the file says.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) given: Vec<Given>,
    /// One per `[[server]]` table.
    pub(crate) servers: Vec<Table>,
    /// One per `[[guild]]` table.
    pub(crate) guilds: Vec<Table>,
}

/// A table: its line, and its keys as written.
pub(crate) type Table = (Origin, Vec<Given>);

pub(crate) fn read(file: &SourceFile, problems: &mut Vec<Problem>) -> Document {
    let mut document = Document::default();
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    for error in &errors {
        let origin = file.toml_origin(error.span().map_or(0, |span| span.start));
        problems.push(Problem::new("TOML", error.message(), origin));
    }
    if !errors.is_empty() {
        return document;
    }
    for (key, value) in table.get_ref() {
        let origin = file.toml_origin(key.span().start);
        match &**key.get_ref() {
            "server" => document.servers.extend(tables(file, "server", value.get_ref(), &origin, problems)),
            "guild" => document.guilds.extend(tables(file, "guild", value.get_ref(), &origin, problems)),
            key => read_value(&key.to_ascii_uppercase(), value.get_ref(), origin, &mut document.given, problems),
        }
    }
    document
}

fn tables(
    file: &SourceFile,
    name: &str,
    value: &DeValue<'_>,
    origin: &Origin,
    problems: &mut Vec<Problem>,
) -> Vec<Table> {
    let tables: Option<Vec<_>> = value
        .as_array()
        .map(|array| array.iter().filter_map(|item| Some((item.span().start, item.get_ref().as_table()?))).collect());
    let complete = tables.as_ref().map(Vec::len) == value.as_array().map(|array| array.iter().count());
    let Some(tables) = tables.filter(|_| complete) else {
        problems.push(Problem::new(name, format!("tables that start with a line [[{name}]]"), origin.clone()));
        return Vec::new();
    };
    let mut read = |(start, table): (usize, &DeTable<'_>)| {
        let mut given = Vec::new();
        for (key, value) in table {
            let origin = file.toml_origin(key.span().start);
            read_value(key.get_ref(), value.get_ref(), origin, &mut given, problems);
        }
        (file.toml_origin(start), given)
    };
    tables.into_iter().map(&mut read).collect()
}

fn read_value(key: &str, value: &DeValue<'_>, origin: Origin, given: &mut Vec<Given>, problems: &mut Vec<Problem>) {
    let text = match value {
        DeValue::Array(array) => {
            let items: Option<Vec<String>> = array.iter().map(|item| scalar(item.get_ref())).collect();
            items.map(|items| items.join(","))
        }
        value => scalar(value),
    };
    match text {
        Some(value) => given.push(Given { key: key.to_owned(), value, origin }),
        None => problems.push(Problem::new(
            key,
            format!("text, a number, true or false, or a list of those; not a {}", value.type_str()),
            origin,
        )),
    }
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).ok().map(|number| number.to_string())
        }
        DeValue::Boolean(truth) => Some(truth.to_string()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}
