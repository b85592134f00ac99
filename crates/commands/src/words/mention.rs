//! Whom a word means: the asker, somebody of the chat, a guid, or a name.

use std::fmt;

use fullhold_stats_file::Guid;

/// A user of the chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub u64);

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A player as he was asked for. Who it is, is looked up where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Who asks: `me`.
    Me,
    /// Somebody mentioned: `<@123>`.
    User(UserId),
    /// Exactly this guid: `guid:1A2B3C4D`, as the choices of an ambiguous name carry it.
    Guid(Guid),
    /// A name, or a guid typed without prefix.
    Name(String),
}

/// What marks a guid in a word.
const GUID_PREFIX: &str = "guid:";

/// Whom an unquoted word means.
#[must_use]
pub fn who(word: &str) -> Who {
    if word.eq_ignore_ascii_case("me") {
        return Who::Me;
    }
    if let Some(user) = mention(word) {
        return Who::User(user);
    }
    let guid = word.get(..GUID_PREFIX.len()).filter(|prefix| prefix.eq_ignore_ascii_case(GUID_PREFIX));
    if let Some(guid) = guid.and(word.get(GUID_PREFIX.len()..)).filter(|rest| !rest.is_empty()).and_then(Guid::new) {
        return Who::Guid(guid);
    }
    Who::Name(word.to_owned())
}

/// The user of `<@123>` or `<@!123>`.
#[must_use]
pub fn mention(word: &str) -> Option<UserId> {
    let inner = word.strip_prefix("<@")?.strip_suffix('>')?;
    let digits = inner.strip_prefix('!').unwrap_or(inner);
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten().map(UserId)
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Me => f.write_str("me"),
            Self::User(user) => write!(f, "<@{user}>"),
            Self::Guid(guid) => write!(f, "{GUID_PREFIX}{guid}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_whom_they_mean() {
        let guid = Guid::new("1A2B3C4D").unwrap();
        let cases = [
            ("me", Who::Me),
            ("ME", Who::Me),
            ("<@42>", Who::User(UserId(42))),
            ("<@!42>", Who::User(UserId(42))),
            ("<@>", Who::Name("<@>".into())),
            ("<@+1>", Who::Name("<@+1>".into())),
            ("<@99999999999999999999999>", Who::Name("<@99999999999999999999999>".into())),
            ("guid:1A2B3C4D", Who::Guid(guid)),
            ("guid:", Who::Name("guid:".into())),
            ("1A2B3C4D", Who::Name("1A2B3C4D".into())),
            ("vid", Who::Name("vid".into())),
        ];
        for (word, expected) in cases {
            assert_eq!(who(word), expected, "{word}");
        }
    }
}
