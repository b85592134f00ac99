//! Settings of a guild: a table of keys, and what their values mean.

use std::collections::BTreeSet;

use twilight_model::id::Id;
use twilight_model::id::marker::ChannelMarker;

use crate::access::Access;

/// What a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Names of game servers.
    Servers,
    /// What stands before a command.
    Prefix,
    /// A language.
    Locale,
    /// Channels of the guild.
    Channels,
    /// Roles of the guild.
    Roles,
    /// People.
    Users,
}

/// A setting.
#[derive(Clone, Copy, Debug)]
pub struct GuildKey {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether only who runs the bot may change it.
    pub is_for_operators: bool,
}

const fn key(name: &'static str, kind: Kind) -> GuildKey {
    GuildKey { name, kind, is_for_operators: false }
}

/// All settings of a guild.
pub static GUILD_KEYS: &[GuildKey] = &[
    // Whose statistics a guild shows, its admins must not decide: they may be anybody's.
    GuildKey { name: "servers", kind: Kind::Servers, is_for_operators: true },
    key("prefix", Kind::Prefix),
    key("locale", Kind::Locale),
    key("command_channels", Kind::Channels),
    key("admin_channels", Kind::Channels),
    key("admin_roles", Kind::Roles),
    key("admin_users", Kind::Users),
    key("stats_channel", Kind::Channels),
];

impl GuildKey {
    /// The setting of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        GUILD_KEYS.iter().find(|key| key.name.eq_ignore_ascii_case(name))
    }
}

/// What holds in a guild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuildSettings {
    /// The game servers that it is bound to, by name; none when it is not bound.
    pub servers: Option<Vec<String>>,
    /// What stands before a command that is typed.
    pub prefix: String,
    /// Language where the platform says none.
    pub locale: String,
    /// Who may do what, and where.
    pub access: Access,
    /// Where results are posted.
    pub stats_channels: Vec<Id<ChannelMarker>>,
}

impl Default for GuildSettings {
    /// What holds where nobody has said anything.
    fn default() -> Self {
        Self {
            servers: None,
            prefix: "!".to_owned(),
            locale: "en".to_owned(),
            access: Access::default(),
            stats_channels: Vec::new(),
        }
    }
}

impl GuildSettings {
    /// Takes a stored value; one of a key that is not known is left alone.
    pub fn take(&mut self, key: &str, value: &str) {
        let Some(known) = GuildKey::named(key) else { return };
        match known.name {
            "servers" => self.servers = Some(parts(value).map(str::to_owned).collect()),
            "prefix" => value.clone_into(&mut self.prefix),
            "locale" => value.clone_into(&mut self.locale),
            "command_channels" => self.access.command_channels = ids(value),
            "admin_channels" => self.access.admin_channels = ids(value),
            "admin_roles" => self.access.admin_roles = ids(value),
            "admin_users" => self.access.admin_users = ids(value),
            "stats_channel" => self.stats_channels = ids(value),
            _ => {}
        }
    }

    /// The value of a key as people read it; empty where there is none.
    #[must_use]
    pub fn shown(&self, key: &GuildKey) -> String {
        match key.name {
            "servers" => self.servers.as_ref().map(|servers| servers.join(", ")).unwrap_or_default(),
            "prefix" => self.prefix.clone(),
            "locale" => self.locale.clone(),
            "command_channels" => mentions("#", &self.access.command_channels),
            "admin_channels" => mentions("#", &self.access.admin_channels),
            "admin_roles" => mentions("@&", &self.access.admin_roles),
            "admin_users" => mentions("@", &self.access.admin_users),
            "stats_channel" => mentions("#", &self.stats_channels),
            _ => String::new(),
        }
    }
}

/// The parts of a list, between commas.
pub(crate) fn parts(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// Ids as they are stored, between commas, none twice.
fn ids<T>(value: &str) -> Vec<Id<T>> {
    let mut seen = BTreeSet::new();
    let numbers = parts(value).filter_map(|part| part.parse().ok());
    numbers.filter(|number| seen.insert(*number)).filter_map(Id::new_checked).collect()
}

fn mentions<T>(sign: &str, ids: &[Id<T>]) -> String {
    ids.iter().map(|id| format!("<{sign}{id}>")).collect::<Vec<_>>().join(" ")
}

/// Ids as people give them: mentions or numbers, between commas or spaces.
///
/// # Errors
/// The word that is none.
pub(crate) fn read_ids(kind: Kind, typed: &str) -> Result<Vec<u64>, String> {
    let signs: &[&str] = match kind {
        Kind::Channels => &["#"],
        Kind::Roles => &["@&"],
        Kind::Users => &["@!", "@"],
        Kind::Servers | Kind::Prefix | Kind::Locale => &[],
    };
    let words = typed.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty());
    let read = |word: &str| {
        let inner = word.strip_prefix('<').and_then(|word| word.strip_suffix('>'));
        let digits = match inner {
            Some(inner) => signs.iter().find_map(|sign| inner.strip_prefix(sign))?,
            None => word,
        };
        let is_number = (1..=20).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| digits.parse().ok()).flatten().filter(|id| *id > 0)
    };
    words.map(|word| read(word).ok_or_else(|| word.to_owned())).collect()
}

/// Whether this may stand before a command. Letters would make commands of words, `/` is Discord's own.
pub(crate) fn is_prefix(text: &str) -> bool {
    let fits = |c: char| !c.is_whitespace() && !c.is_control() && !c.is_alphanumeric() && c != '/';
    (1..=5).contains(&text.chars().count()) && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_taken_and_shown() {
        for key in GUILD_KEYS {
            let mut settings = GuildSettings::default();
            let value = match key.kind {
                Kind::Servers => "alpha, beta",
                Kind::Prefix => "?",
                Kind::Locale => "sl",
                Kind::Channels | Kind::Roles | Kind::Users => "12,34,12",
            };
            settings.take(key.name, value);
            assert_ne!(settings, GuildSettings::default(), "{}", key.name);
            assert!(!settings.shown(key).is_empty(), "{}", key.name);
        }
        let mut settings = GuildSettings::default();
        settings.take("admin_roles", "12,34,12");
        assert_eq!(GuildKey::named("admin_roles").map(|key| settings.shown(key)).as_deref(), Some("<@&12> <@&34>"));
    }

    #[test]
    fn ids_are_mentions_of_their_kind_or_numbers() {
        assert_eq!(read_ids(Kind::Channels, "<#12>, 34"), Ok(vec![12, 34]));
        assert_eq!(read_ids(Kind::Roles, "<@&12>"), Ok(vec![12]));
        assert_eq!(read_ids(Kind::Users, "<@12> <@!13>"), Ok(vec![12, 13]));
        for (kind, bad) in
            [(Kind::Channels, "<@12>"), (Kind::Roles, "<@12>"), (Kind::Users, "<@&12>"), (Kind::Users, "0")]
        {
            assert_eq!(read_ids(kind, bad), Err(bad.to_owned()));
        }
    }

    #[test]
    fn a_prefix_is_no_word() {
        for good in ["!", "?", "->", ">>"] {
            assert!(is_prefix(good), "{good}");
        }
        for bad in ["", " ", "a", "!a", "/", "! ", "!!!!!!", "1"] {
            assert!(!is_prefix(bad), "{bad}");
        }
    }
}
