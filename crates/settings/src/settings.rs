//! The effective configuration, typed. Nothing here is checked: `load` has done that.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use fullhold_database_url::DatabaseUrl;

use crate::load::Values;
use crate::value::Value;
use crate::{Origin, Secret};

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The database and its pool.
    pub database: Database,
    /// Discord: token, channels, rights.
    pub discord: Discord,
    /// Discord servers of which something is said beside the keys.
    pub guilds: Vec<Guild>,
    /// The game servers, at least one.
    pub servers: Vec<Server>,
    /// What happens by itself, and how often.
    pub automation: Automation,
    /// Voice channels that show that people play.
    pub voice: Voice,
    /// A longer pause between rounds starts a new session.
    pub session_gap: Duration,
    /// When a session ends though people play on: hour and minute of the server's clock.
    pub session_day_start: Option<(u8, u8)>,
    /// How far round 2 may be from its round 1.
    pub round_match_window: Duration,
    /// Maps that do not count.
    pub excluded_maps: Vec<String>,
    /// Older rounds are imported, but not posted.
    pub post_max_age: Duration,
    /// How long an answer may be reused.
    pub cache_ttl: Duration,
    /// Logging.
    pub log: Log,
    /// Where metrics are served; not at all when none.
    pub metrics: Option<SocketAddr>,
    /// Every key with its value, for people: secrets are masked.
    pub effective: Vec<Effective>,
    /// What people should know and nothing has to be done about.
    pub notices: Vec<String>,
}

/// The database and its pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    /// Where it is.
    pub url: DatabaseUrl,
    /// A standby that answers questions.
    pub read_url: Option<DatabaseUrl>,
    /// Connections kept open; never more than `max_pool`.
    pub min_pool: usize,
    /// Connections at most.
    pub max_pool: usize,
}

/// Discord: token, channels, rights.
#[derive(Clone, Debug)]
pub struct Discord {
    /// The bot's token.
    pub token: Option<Secret>,
    /// The Discord server.
    pub guild: Option<u64>,
    /// Where results are posted.
    pub stats_channel: Option<u64>,
    /// Where administration commands are taken, everywhere when empty; the first hears of troubles.
    pub admin_channels: Vec<u64>,
    /// Where commands are taken; everywhere when empty.
    pub command_channels: Vec<u64>,
    /// Roles that may use administration commands.
    pub admin_roles: Vec<u64>,
    /// Users that may use administration commands.
    pub admin_users: Vec<u64>,
    /// What a command typed into a channel starts with.
    pub command_prefix: String,
    /// The language of answers where Discord says none.
    pub locale: String,
    /// Whether who links a player must have worn a code in his name.
    pub link_needs_code: bool,
    /// How long one person waits between two questions,
    pub cooldown: Duration,
    /// and between two answers with pictures.
    pub chart_cooldown: Duration,
    /// REST address, when not the official one.
    pub api_url: Option<String>,
    /// Gateway address, when not the official one.
    pub gateway_url: Option<String>,
}

/// A Discord server, as a `[[guild]]` table has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guild {
    /// Its id.
    pub id: u64,
    /// What is said of it: names of settings and their values, lists with commas between.
    pub settings: Vec<(String, String)>,
}

/// A game server.
#[derive(Clone, Debug)]
pub struct Server {
    /// Its name, unique among the servers.
    pub name: String,
    /// Its time zone's name in the IANA database.
    pub time_zone: String,
    /// Where its stats files are kept.
    pub stats_directory: PathBuf,
    /// How to fetch its stats files; none when it has no SSH host.
    pub ssh: Option<Ssh>,
}

/// How to fetch stats files from a game server.
#[derive(Clone, Debug)]
pub struct Ssh {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// User to log in as.
    pub user: Option<String>,
    /// Private key to log in with.
    pub key_path: Option<PathBuf>,
    /// The private key's passphrase.
    pub key_passphrase: Option<Secret>,
    /// Known host keys.
    pub known_hosts: PathBuf,
    /// The directory of stats files on the server.
    pub remote_stats_path: Option<String>,
    /// Larger files are refused.
    pub most_bytes: u64,
}

/// What happens by itself, and how often.
#[derive(Clone, Debug)]
pub struct Automation {
    /// Import and post by itself.
    pub enabled: bool,
    /// Fetch stats files over SSH.
    pub ssh_enabled: bool,
    /// Between looks at the game server.
    pub check_interval: Duration,
    /// Between looks when nobody plays.
    pub idle_interval: Duration,
    /// How old files may be that the first look takes.
    pub startup_lookback: Duration,
    /// Look often only while people are in the voice channels.
    pub voice_conditional: bool,
    /// Keep looking often for so long after they have left.
    pub grace_period: Duration,
}

/// Voice channels that show that people play.
#[derive(Clone, Debug)]
pub struct Voice {
    /// The channels that are watched.
    pub channels: Vec<u64>,
    /// Voice members that start a session.
    pub start_threshold: usize,
    /// Voice members that end it,
    pub end_threshold: usize,
    /// after so long.
    pub end_delay: Duration,
}

/// Logging.
#[derive(Clone, Debug)]
pub struct Log {
    /// Where the log files are.
    pub directory: PathBuf,
    /// The least important messages that are logged.
    pub level: LogLevel,
    /// For people or for machines.
    pub format: LogFormat,
}

/// How important a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// A person must act.
    Error,
    /// A person should know.
    Warn,
    /// What happened.
    Info,
    /// Why it happened.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    /// The level's name, as logging libraries take it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// How messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// A key's value, as `--check-config` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// The key.
    pub key: String,
    /// The value, masked where it is secret; none when not set.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

pub(crate) fn build(
    values: &Values,
    token: Option<String>,
    servers: Vec<Server>,
    home: Option<&str>,
    effective: Vec<Effective>,
) -> Settings {
    Settings {
        database: Database {
            url: database_url(values),
            read_url: url(values, "DATABASE_READ_URL"),
            min_pool: count(values, "POSTGRES_MIN_POOL").min(count(values, "POSTGRES_MAX_POOL")),
            max_pool: count(values, "POSTGRES_MAX_POOL"),
        },
        discord: discord(values, token),
        guilds: Vec::new(),
        servers,
        automation: Automation {
            enabled: boolean(values, "AUTOMATION_ENABLED"),
            ssh_enabled: boolean(values, "SSH_ENABLED"),
            check_interval: duration(values, "SSH_CHECK_INTERVAL", 1),
            idle_interval: duration(values, "SSH_IDLE_INTERVAL", 1),
            startup_lookback: duration(values, "SSH_STARTUP_LOOKBACK_HOURS", 3_600),
            voice_conditional: boolean(values, "SSH_VOICE_CONDITIONAL"),
            grace_period: duration(values, "SSH_GRACE_PERIOD_MINUTES", 60),
        },
        voice: Voice {
            channels: ids(values, "GAMING_VOICE_CHANNELS"),
            start_threshold: count(values, "SESSION_START_THRESHOLD"),
            end_threshold: count(values, "SESSION_END_THRESHOLD"),
            end_delay: duration(values, "SESSION_END_DELAY", 1),
        },
        session_gap: duration(values, "SESSION_GAP_MINUTES", 60),
        session_day_start: day_start(values, "SESSION_DAY_START"),
        round_match_window: duration(values, "ROUND_MATCH_WINDOW_MINUTES", 60),
        excluded_maps: words(values, "EXCLUDED_MAPS"),
        post_max_age: duration(values, "POST_MAX_AGE_MINUTES", 60),
        cache_ttl: duration(values, "CACHE_TTL_SECONDS", 1),
        log: Log {
            directory: path(values, "LOG_DIR", home).unwrap_or_default(),
            level: log_level(&text(values, "LOG_LEVEL").unwrap_or_default()),
            format: match text(values, "LOG_FORMAT").as_deref() {
                Some("json") => LogFormat::Json,
                _ => LogFormat::Text,
            },
        },
        metrics: address(values, "METRICS_ADDR"),
        effective,
        notices: Vec::new(),
    }
}

fn discord(values: &Values, token: Option<String>) -> Discord {
    Discord {
        token: token.map(Secret::new),
        guild: ids(values, "GUILD_ID").first().copied(),
        stats_channel: ids(values, "STATS_CHANNEL_ID").first().copied(),
        admin_channels: ids(values, "ADMIN_CHANNEL_ID"),
        command_channels: ids(values, "BOT_COMMAND_CHANNELS"),
        admin_roles: ids(values, "ADMIN_ROLE_IDS"),
        admin_users: ids(values, "ADMIN_USER_IDS"),
        command_prefix: text(values, "COMMAND_PREFIX").unwrap_or_default(),
        locale: text(values, "LOCALE").unwrap_or_default(),
        link_needs_code: text(values, "LINK_PROOF").as_deref() == Some("code"),
        cooldown: duration(values, "COOLDOWN_SECONDS", 1),
        chart_cooldown: duration(values, "CHART_COOLDOWN_SECONDS", 1),
        api_url: text(values, "DISCORD_API_URL"),
        gateway_url: text(values, "DISCORD_GATEWAY_URL"),
    }
}

fn log_level(name: &str) -> LogLevel {
    let name = match name {
        "warning" => "warn",
        "critical" => "error",
        other => other,
    };
    let levels = [LogLevel::Error, LogLevel::Warn, LogLevel::Debug, LogLevel::Trace];
    levels.into_iter().find(|level| level.name() == name).unwrap_or(LogLevel::Info)
}

/// There always is one: its default, at least.
fn database_url(values: &Values) -> DatabaseUrl {
    url(values, "DATABASE_URL").unwrap_or_else(|| DatabaseUrl::Sqlite(PathBuf::from("fullhold.db")))
}

fn url(values: &Values, name: &str) -> Option<DatabaseUrl> {
    match &values.get(name)?.value {
        Value::Database(url) => Some(url.clone()),
        _ => None,
    }
}

pub(crate) fn text(values: &Values, name: &str) -> Option<String> {
    match &values.get(name)?.value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// A path; `~/` becomes the home directory, where that is known.
pub(crate) fn path(values: &Values, name: &str, home: Option<&str>) -> Option<PathBuf> {
    let text = text(values, name)?;
    Some(match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => PathBuf::from(text),
    })
}

pub(crate) fn integer(values: &Values, name: &str) -> Option<u64> {
    match values.get(name)?.value {
        Value::Integer(number) => Some(number),
        _ => None,
    }
}

fn count(values: &Values, name: &str) -> usize {
    integer(values, name).and_then(|number| usize::try_from(number).ok()).unwrap_or_default()
}

fn duration(values: &Values, name: &str, seconds_per_unit: u64) -> Duration {
    Duration::from_secs(integer(values, name).unwrap_or_default().saturating_mul(seconds_per_unit))
}

pub(crate) fn boolean(values: &Values, name: &str) -> bool {
    matches!(values.get(name).map(|found| &found.value), Some(Value::Boolean(true)))
}

fn ids(values: &Values, name: &str) -> Vec<u64> {
    match values.get(name).map(|found| &found.value) {
        Some(Value::Ids(ids)) => ids.clone(),
        _ => Vec::new(),
    }
}

fn words(values: &Values, name: &str) -> Vec<String> {
    match values.get(name).map(|found| &found.value) {
        Some(Value::Words(words)) => words.clone(),
        _ => Vec::new(),
    }
}

fn day_start(values: &Values, name: &str) -> Option<(u8, u8)> {
    match values.get(name)?.value {
        Value::DayStart(start) => start,
        _ => None,
    }
}

fn address(values: &Values, name: &str) -> Option<SocketAddr> {
    match values.get(name)?.value {
        Value::Address(address) => Some(address),
        _ => None,
    }
}
