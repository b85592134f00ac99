//! What each kind of key allows: text to value, and the words for it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use fullhold_database_url::DatabaseUrl;

use crate::Kind;

/// A value that its kind allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Database(DatabaseUrl),
    Integer(u64),
    Boolean(bool),
    Ids(Vec<u64>),
    Words(Vec<String>),
    Address(SocketAddr),
    /// Hour and minute; none for `none`.
    DayStart(Option<(u8, u8)>),
}

/// The value, or none when the kind does not allow the text.
pub(crate) fn parse(kind: Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Text | Kind::Path => Some(Value::Text(text.to_owned())),
        Kind::Integer(least, most) => {
            let number = text.parse().ok()?;
            (least..=most).contains(&number).then_some(Value::Integer(number))
        }
        Kind::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(Value::Boolean(true)),
            "false" | "no" | "off" | "0" => Some(Value::Boolean(false)),
            _ => None,
        },
        Kind::Id => id(text).map(|id| Value::Ids(vec![id])),
        Kind::Ids => parts(text).map(id).collect::<Option<_>>().map(Value::Ids),
        Kind::Words => Some(Value::Words(parts(text).map(str::to_owned).collect())),
        Kind::OneOf(words) => {
            let text = text.to_ascii_lowercase();
            words.contains(&text.as_str()).then_some(Value::Text(text))
        }
        Kind::DayStart => day_start(text).map(Value::DayStart),
        Kind::TimeZone => {
            let zone = jiff::tz::TimeZone::get(text).ok()?;
            zone.iana_name().map(|name| Value::Text(name.to_owned()))
        }
        Kind::DatabaseUrl => text.parse().ok().map(Value::Database),
        Kind::Url(schemes) => has_scheme(text, schemes).then(|| Value::Text(text.to_owned())),
        Kind::SocketAddress => address(text).map(Value::Address),
    }
}

impl Kind {
    /// What the kind allows, for a person.
    #[must_use]
    pub fn allowed(self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Path => "a path".to_owned(),
            Self::Integer(least, most) => format!("a whole number from {least} to {most}"),
            Self::Boolean => "true or false".to_owned(),
            Self::Id => "a Discord id (digits)".to_owned(),
            Self::Ids => "Discord ids (digits), separated by commas".to_owned(),
            Self::Words => "words, separated by commas".to_owned(),
            Self::OneOf(words) => format!("one of {}", words.join(", ")),
            Self::DayStart => "a time of day from 00:00 to 23:59, such as 06:00, or none".to_owned(),
            Self::TimeZone => "an IANA time zone, such as Europe/Ljubljana".to_owned(),
            Self::DatabaseUrl => "sqlite://PATH or postgres://USER@HOST/DATABASE".to_owned(),
            Self::Url(schemes) => {
                let starts: Vec<String> = schemes.iter().map(|scheme| format!("{scheme}://")).collect();
                format!("a URL that starts with {}", starts.join(" or "))
            }
            Self::SocketAddress => "an IP address and a port, such as 127.0.0.1:9100, or a port alone".to_owned(),
        }
    }
}

fn day_start(text: &str) -> Option<Option<(u8, u8)>> {
    if text.eq_ignore_ascii_case("none") {
        return Some(None);
    }
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hour) || minute.len() != 2 || !digits(minute) {
        return None;
    }
    let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(Some((hour, minute)))
}

fn has_scheme(text: &str, schemes: &[&str]) -> bool {
    let parts = text.split_once("://");
    parts.is_some_and(|(scheme, rest)| schemes.contains(&scheme) && !rest.is_empty())
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn id(text: &str) -> Option<u64> {
    text.parse().ok().filter(|id| *id > 0)
}

fn address(text: &str) -> Option<SocketAddr> {
    let port: Option<u16> = text.trim_start_matches(':').parse().ok();
    match port {
        Some(port) => Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Option<Value> {
        Some(Value::Text(text.to_owned()))
    }

    #[test]
    fn each_kind_takes_what_it_allows_and_nothing_else() {
        let database = |text: &str| Some(Value::Database(text.parse().unwrap()));
        let address = |text: &str| Some(Value::Address(text.parse().unwrap()));
        let cases = [
            (Kind::Integer(1, 10), "10", Some(Value::Integer(10))),
            (Kind::Integer(1, 10), "0", None),
            (Kind::Integer(1, 10), "11", None),
            (Kind::Integer(1, 10), "-1", None),
            (Kind::Integer(1, 10), "1.5", None),
            (Kind::Boolean, "True", Some(Value::Boolean(true))),
            (Kind::Boolean, "off", Some(Value::Boolean(false))),
            (Kind::Boolean, "maybe", None),
            (Kind::Id, "123456789012345678", Some(Value::Ids(vec![123_456_789_012_345_678]))),
            (Kind::Id, "0", None),
            (Kind::Id, "1,2", None),
            (Kind::Ids, "1, 2,,3", Some(Value::Ids(vec![1, 2, 3]))),
            (Kind::Ids, "1, #general", None),
            (Kind::Words, "supply, te_escape2", Some(Value::Words(vec!["supply".into(), "te_escape2".into()]))),
            (Kind::OneOf(&["text", "json"]), "JSON", text("json")),
            (Kind::OneOf(&["text", "json"]), "xml", None),
            (Kind::DayStart, "06:00", Some(Value::DayStart(Some((6, 0))))),
            (Kind::DayStart, "5:30", Some(Value::DayStart(Some((5, 30))))),
            (Kind::DayStart, "None", Some(Value::DayStart(None))),
            (Kind::DayStart, "24:00", None),
            (Kind::DayStart, "6", None),
            (Kind::DayStart, "06:7", None),
            (Kind::DayStart, "+6:00", None),
            (Kind::TimeZone, "europe/ljubljana", text("Europe/Ljubljana")),
            (Kind::TimeZone, "UTC", text("UTC")),
            (Kind::TimeZone, "Europe/Atlantis", None),
            (Kind::TimeZone, "CET-1", None),
            (Kind::Url(&["https"]), "https://host", text("https://host")),
            (Kind::Url(&["https"]), "http://host", None),
            (Kind::Url(&["https"]), "https://", None),
            (Kind::DatabaseUrl, "postgres://h1,h2/d", database("postgres://h1,h2/d")),
            (Kind::DatabaseUrl, "postgresql://h/d", database("postgres://h/d")),
            (Kind::DatabaseUrl, "sqlite:///var/f.db", database("sqlite:///var/f.db")),
            (Kind::DatabaseUrl, "sqlite:f.db", database("sqlite://f.db")),
            (Kind::DatabaseUrl, "postgres://h/d?sslmode=full", None),
            (Kind::DatabaseUrl, "sqlite://", None),
            (Kind::DatabaseUrl, "mysql://h/d", None),
            (Kind::DatabaseUrl, "fullhold.db", None),
            (Kind::SocketAddress, "9100", address("127.0.0.1:9100")),
            (Kind::SocketAddress, ":9100", address("127.0.0.1:9100")),
            (Kind::SocketAddress, "0.0.0.0:9100", address("0.0.0.0:9100")),
            (Kind::SocketAddress, "[::1]:9100", address("[::1]:9100")),
            (Kind::SocketAddress, "localhost", None),
            (Kind::SocketAddress, "70000", None),
        ];
        for (kind, given, expected) in cases {
            assert_eq!(parse(kind, given), expected, "{kind:?} {given}");
        }
    }

    #[test]
    fn every_default_is_allowed() {
        for key in crate::KEYS {
            if let Some(default) = key.default {
                assert!(parse(key.kind, default).is_some(), "{}", key.name);
            }
        }
    }
}
