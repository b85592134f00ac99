//! The table of configuration keys. Facts only: what a kind allows is in `value.rs`.

/// What values a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A path; `~/` at the start is the home directory.
    Path,
    /// A whole number between two bounds, both included.
    Integer(u64, u64),
    /// true or false.
    Boolean,
    /// A Discord id.
    Id,
    /// Discord ids, separated by commas.
    Ids,
    /// Words, separated by commas.
    Words,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A time of day, `HH:MM`, or `none`.
    DayStart,
    /// A name from the IANA time zone database.
    TimeZone,
    /// `sqlite:` and a path, or `postgres://` and what follows.
    DatabaseUrl,
    /// A URL with one of these schemes.
    Url(&'static [&'static str]),
    /// An IP address and a port; a port alone means loopback.
    SocketAddress,
}

/// One configuration key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The name in the environment and in `.env`; `fullhold.toml` takes it in small letters too.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// The value when nobody gives one.
    pub default: Option<&'static str>,
    /// Whether the value must never be shown.
    pub secret: bool,
    /// What values it takes.
    pub kind: Kind,
    /// What it is for.
    pub meaning: &'static str,
}

impl Key {
    /// The key of this name or alias, in capital letters.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        KEYS.iter().find(|key| key.name == name || key.aliases.contains(&name))
    }

    const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    const fn alias(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }
}

const fn key(name: &'static str, kind: Kind, meaning: &'static str) -> Key {
    Key { name, aliases: &[], default: None, secret: false, kind, meaning }
}

const SSL_MODES: &[&str] = &["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
/// The last two are the reference bot's words for `warn` and `error`.
const LOG_LEVELS: &[&str] = &["error", "warn", "info", "debug", "trace", "warning", "critical"];
const DAY: u64 = 86_400;

/// Every key, grouped by what it configures.
#[rustfmt::skip]
pub static KEYS: &[Key] = {
    use Kind::*;
    &[
        key("DATABASE_URL", DatabaseUrl, "the database: `sqlite://file.db` (relative), `sqlite:///…` (absolute) or `postgres://user@host/db`, also several hosts for failover: `host1,host2` with `target_session_attrs=read-write`").or("sqlite://fullhold.db"),
        key("DATABASE_READ_URL", DatabaseUrl, "a standby that answers questions; while it is away or more than 30 s behind, the primary answers"),
        key("POSTGRES_HOST", Text, "PostgreSQL's host; used when `DATABASE_URL` is not set"),
        key("POSTGRES_PORT", Integer(1, 65_535), "PostgreSQL's port"),
        key("POSTGRES_DATABASE", Text, "PostgreSQL's database; needed with `POSTGRES_HOST`"),
        key("POSTGRES_USER", Text, "PostgreSQL's user"),
        key("POSTGRES_PASSWORD", Text, "PostgreSQL's password").secret(),
        key("POSTGRES_SSL_MODE", OneOf(SSL_MODES), "whether the connection to PostgreSQL is encrypted and its certificate checked, as libpq means it; `prefer` when not set"),
        key("POSTGRES_SSL_ROOT_CERT", Path, "certificates (PEM) that PostgreSQL's is checked against; the system's when not set"),
        key("POSTGRES_SSL_CERT", Path, "our own certificate (PEM), where PostgreSQL asks for one"),
        key("POSTGRES_SSL_KEY", Path, "its private key (PEM)"),
        key("POSTGRES_MIN_POOL", Integer(0, 1_000), "connections kept open").or("2"),
        key("POSTGRES_MAX_POOL", Integer(1, 1_000), "connections at most").or("10"),
        key("DISCORD_TOKEN", Text, "the bot's token").alias(&["DISCORD_BOT_TOKEN"]).secret(),
        key("DISCORD_TOKEN_FILE", Path, "a file with the bot's token; used when `DISCORD_TOKEN` is not set"),
        key("GUILD_ID", Id, "the Discord server of who runs the bot; what follows is about it. More of them: `[[guild]]` in `fullhold.toml`"),
        key("STATS_CHANNEL_ID", Id, "where results are posted"),
        key("ADMIN_CHANNEL_ID", Ids, "where administration commands are taken, everywhere when empty; the first hears of the bot's troubles"),
        key("BOT_COMMAND_CHANNELS", Ids, "where commands are taken; everywhere when empty"),
        key("ADMIN_ROLE_IDS", Ids, "roles that may use administration commands"),
        key("ADMIN_USER_IDS", Ids, "users that run the bot: they may use administration commands everywhere, and alone bind Discord servers to game servers"),
        key("COMMAND_PREFIX", Text, "what a command typed into a channel starts with").or("!"),
        key("LOCALE", Text, "the language of answers where Discord says none").or("en"),
        key("LINK_PROOF", OneOf(&["none", "code"]), "what shows that a player is somebody's: nothing, or a code worn in the name once").or("none"),
        key("COOLDOWN_SECONDS", Integer(0, 3_600), "how long one person waits between two questions").or("2"),
        key("CHART_COOLDOWN_SECONDS", Integer(0, 3_600), "the same for answers with pictures").or("10"),
        key("DISCORD_API_URL", Url(&["https", "http"]), "Discord's REST address, for proxies and tests; the official one when not set"),
        key("DISCORD_GATEWAY_URL", Url(&["wss", "ws"]), "Discord's gateway address, for proxies and tests; the official one when not set"),
        key("STATS_DIRECTORY", Path, "where downloaded stats files are kept").or("local_stats"),
        key("SERVER_NAME", Text, "the game server's name; several servers: `[[server]]` in `fullhold.toml`").or("default"),
        key("SERVER_TIMEZONE", TimeZone, "the game server's time zone").or("UTC"),
        key("AUTOMATION_ENABLED", Boolean, "import and post by itself").or("false"),
        key("SSH_ENABLED", Boolean, "fetch stats files over SSH").or("false"),
        key("SSH_HOST", Text, "the game server's SSH host"),
        key("SSH_PORT", Integer(1, 65_535), "the game server's SSH port").or("22"),
        key("SSH_USER", Text, "the user to log in as"),
        key("SSH_KEY_PATH", Path, "the private key to log in with"),
        key("SSH_KEY_PASSPHRASE", Text, "the private key's passphrase").secret(),
        key("SSH_KNOWN_HOSTS", Path, "known host keys; they are verified always, a first contact needs `dbadmin trust-host`").or("~/.ssh/known_hosts"),
        key("REMOTE_STATS_PATH", Text, "the directory of stats files on the game server; `~/…` or a relative path begins where SSH_USER logs in"),
        key("SSH_MAX_FILE_BYTES", Integer(1, 1 << 28), "larger files on the game server are refused").or("1048576"),
        key("SSH_CHECK_INTERVAL", Integer(1, DAY), "seconds between looks at the game server").or("60"),
        key("SSH_IDLE_INTERVAL", Integer(1, DAY), "seconds between looks when nobody plays").or("600"),
        key("SSH_STARTUP_LOOKBACK_HOURS", Integer(0, 87_600), "how old files may be that the first look takes").or("24"),
        key("SSH_VOICE_CONDITIONAL", Boolean, "look often only while people are in the voice channels").or("true"),
        key("SSH_GRACE_PERIOD_MINUTES", Integer(0, 1_440), "keep looking often for so long after they have left").or("10"),
        key("GAMING_VOICE_CHANNELS", Ids, "the voice channels that are watched"),
        key("SESSION_START_THRESHOLD", Integer(1, 1_000), "so many people in voice start an evening").or("6"),
        key("SESSION_END_THRESHOLD", Integer(0, 1_000), "so few people in voice end it").or("2"),
        key("SESSION_END_DELAY", Integer(0, DAY), "after so many seconds").or("180"),
        key("SESSION_GAP_MINUTES", Integer(1, 1_440), "a longer pause between rounds starts a new session").or("60"),
        key("SESSION_DAY_START", DayStart, "a session also ends at this time of the server's clock, between matches; `none`: only pauses end one").or("06:00"),
        key("ROUND_MATCH_WINDOW_MINUTES", Integer(1, 1_440), "how far round 2 may be from its round 1").or("60"),
        key("EXCLUDED_MAPS", Words, "maps that do not count"),
        key("POST_MAX_AGE_MINUTES", Integer(1, 525_600), "older rounds are imported, but not posted").or("30"),
        key("CACHE_TTL_SECONDS", Integer(0, DAY), "how long an answer may be reused").or("300"),
        key("LOG_DIR", Path, "where `bot.log`, `errors.log`, `database.log` and `commands.log` are written, rotated daily").or("logs"),
        key("LOG_LEVEL", OneOf(LOG_LEVELS), "the least important messages that are logged").or("info"),
        key("LOG_FORMAT", OneOf(&["text", "json"]), "for people or for machines").or("text"),
        key("METRICS_ADDR", SocketAddress, "address and port of `/metrics`, `/healthz` and `/readyz`; off when not set, loopback when only a port"),
    ]
};

/// A key of a `[[server]]` table in `fullhold.toml`.
#[derive(Clone, Copy, Debug)]
pub struct ServerKey {
    /// The name in the table.
    pub name: &'static str,
    /// The key of [`KEYS`] that it stands for: same kind, same secrecy.
    pub of: &'static str,
    /// Whether a table without it takes the value of that key.
    pub inherits: bool,
}

const fn server_key(name: &'static str, of: &'static str, inherits: bool) -> ServerKey {
    ServerKey { name, of, inherits }
}

/// Every key of a `[[server]]` table. `name` is needed; without `stats_directory` it is `STATS_DIRECTORY/name`.
pub static SERVER_KEYS: &[ServerKey] = &[
    server_key("name", "SERVER_NAME", false),
    server_key("timezone", "SERVER_TIMEZONE", true),
    server_key("stats_directory", "STATS_DIRECTORY", false),
    server_key("ssh_host", "SSH_HOST", false),
    server_key("ssh_port", "SSH_PORT", true),
    server_key("ssh_user", "SSH_USER", true),
    server_key("ssh_key_path", "SSH_KEY_PATH", true),
    server_key("ssh_key_passphrase", "SSH_KEY_PASSPHRASE", true),
    server_key("ssh_known_hosts", "SSH_KNOWN_HOSTS", true),
    server_key("remote_stats_path", "REMOTE_STATS_PATH", true),
];

/// A key of a `[[guild]]` table in `fullhold.toml`: a Discord server.
#[derive(Clone, Copy, Debug)]
pub struct GuildTableKey {
    /// The name in the table, and of the setting.
    pub name: &'static str,
    /// The key of [`KEYS`] whose values it takes.
    pub of: &'static str,
    /// What it is for.
    pub meaning: &'static str,
}

const fn guild_key(name: &'static str, of: &'static str, meaning: &'static str) -> GuildTableKey {
    GuildTableKey { name, of, meaning }
}

/// Every key of a `[[guild]]` table. `id` is needed. What a table says, no command changes.
pub static GUILD_TABLE_KEYS: &[GuildTableKey] = &[
    guild_key("id", "GUILD_ID", "which Discord server it is"),
    guild_key("servers", "EXCLUDED_MAPS", "the game servers whose statistics it shows"),
    guild_key("prefix", "COMMAND_PREFIX", "what a command typed into a channel starts with"),
    guild_key("locale", "LOCALE", "the language of answers where Discord says none"),
    guild_key("command_channels", "BOT_COMMAND_CHANNELS", "where commands are taken"),
    guild_key("admin_channels", "ADMIN_CHANNEL_ID", "where administration commands are taken"),
    guild_key("admin_roles", "ADMIN_ROLE_IDS", "roles that may use administration commands"),
    guild_key("admin_users", "ADMIN_ROLE_IDS", "users that may use administration commands there"),
    guild_key("stats_channel", "STATS_CHANNEL_ID", "where results are posted"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_aliases_are_unique_and_in_capital_letters() {
        let mut seen = BTreeSet::new();
        for name in KEYS.iter().flat_map(|key| key.aliases.iter().chain([&key.name])) {
            assert!(seen.insert(name), "{name} twice");
            assert!(name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'), "{name}");
        }
    }

    #[test]
    fn every_key_of_a_table_stands_for_a_key() {
        for of in SERVER_KEYS.iter().map(|key| key.of).chain(GUILD_TABLE_KEYS.iter().map(|key| key.of)) {
            assert!(Key::named(of).is_some(), "{of}");
        }
    }
}
