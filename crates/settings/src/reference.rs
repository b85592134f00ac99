//! Keys of the reference bot's `.env`: which of ours they mean, and which mean nothing here. A table, and looking it up.

use crate::{KEYS, Key};

/// What a key of the reference bot is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// One of ours under another name; ours counts where both are given.
    Key(&'static str),
    /// One of ours, before which it counts: the reference bot did there what ours is for.
    Rather(&'static str),
    /// Ids that are added to those of one of ours.
    AddedTo(&'static str),
    /// What this product does not do, or finds out by itself.
    Nothing,
}

/// A key of the reference bot that is none of ours by name.
#[derive(Clone, Copy, Debug)]
pub struct ReferenceKey {
    /// Its name; `*` at the end stands for any letters.
    pub name: &'static str,
    /// What it is here.
    pub means: Means,
}

const fn key(name: &'static str, means: Means) -> ReferenceKey {
    ReferenceKey { name, means }
}

/// Every key of the reference bot that is none of ours by name.
pub static REFERENCE_KEYS: &[ReferenceKey] = {
    use Means::*;
    &[
        key("DISCORD_GUILD_ID", Key("GUILD_ID")),
        key("DISCORD_STATS_CHANNEL_ID", Key("STATS_CHANNEL_ID")),
        key("PRODUCTION_CHANNEL_ID", Rather("STATS_CHANNEL_ID")),
        key("GATHER_CHANNEL_ID", AddedTo("BOT_COMMAND_CHANNELS")),
        key("GENERAL_CHANNEL_ID", AddedTo("BOT_COMMAND_CHANNELS")),
        key("DATABASE_TYPE", Nothing),
        key("SQLITE_DB_PATH", Nothing),
        key("METRICS_DB_PATH", Nothing),
        key("RCON_*", Nothing),
        key("SERVER_HOST", Nothing),
        key("SERVER_PORT", Nothing),
        key("SERVER_PASSWORD", Nothing),
        key("ETLEGACY_*", Nothing),
        key("ETDAEMON_SCRIPT", Nothing),
        key("DB_PATH", Nothing),
        key("LOG_PATH", Nothing),
        key("LOCAL_STATS_DIR", Nothing),
        key("GATHER_3V3_CHANNEL_ID", Nothing),
        key("GATHER_6V6_CHANNEL_ID", Nothing),
    ]
};

/// What a name in a source means.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meaning {
    /// The key that it gives a value; none: nothing here.
    pub(crate) key: Option<&'static Key>,
    /// Which of several names of one key counts: the highest.
    pub(crate) rank: Rank,
}

/// Names of one key, those that give way first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// Is added to the others.
    Addition,
    /// The reference bot's name.
    Reference,
    /// Ours.
    Own,
    /// The reference bot's name, and where it really did what the key is for.
    Decisive,
}

/// What a name means; `None`: nobody knows it.
pub(crate) fn meaning(name: &str) -> Option<Meaning> {
    if let Some(key) = Key::named(name) {
        return Some(Meaning { key: Some(key), rank: Rank::Own });
    }
    let known = REFERENCE_KEYS.iter().find(|known| match known.name.strip_suffix('*') {
        Some(start) => name.len() > start.len() && name.starts_with(start),
        None => name == known.name,
    })?;
    let (key, rank) = match known.means {
        Means::Key(key) => (Some(key), Rank::Reference),
        Means::Rather(key) => (Some(key), Rank::Decisive),
        Means::AddedTo(key) => (Some(key), Rank::Addition),
        Means::Nothing => (None, Rank::Addition),
    };
    Some(Meaning { key: key.and_then(|name| KEYS.iter().find(|key| key.name == name)), rank })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn each_means_a_key_of_ours_or_nothing_and_is_none_itself() {
        for known in REFERENCE_KEYS {
            assert!(Key::named(known.name).is_none(), "{} is ours", known.name);
            let name = match known.means {
                Means::Key(name) | Means::Rather(name) | Means::AddedTo(name) => name,
                Means::Nothing => continue,
            };
            let key = KEYS.iter().find(|key| key.name == name).unwrap();
            let is_list = matches!(known.means, Means::AddedTo(_));
            assert!(!is_list || key.kind == Kind::Ids, "{} cannot be added to {name}", known.name);
        }
    }

    #[test]
    fn names_are_looked_up_whole_and_by_their_beginning() {
        let means = |name: &str| meaning(name).map(|meaning| meaning.key.map(|key| key.name));
        assert_eq!(means("GUILD_ID"), Some(Some("GUILD_ID")));
        assert_eq!(means("DISCORD_GUILD_ID"), Some(Some("GUILD_ID")));
        assert_eq!(means("RCON_PASSWORD"), Some(None));
        assert_eq!(means("RCON_"), None);
        assert_eq!(means("SERVER_HOSTS"), None);
    }
}
