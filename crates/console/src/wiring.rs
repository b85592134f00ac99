//! From settings to what the libraries want.

use std::time::Duration;

use fullhold_analytics::{DayStart, TimelineConfig};
use fullhold_repository::{Config as DatabaseConfig, Db};
use fullhold_settings::{Origin, Server, Settings};
use fullhold_ssh_sync::{Config as SshConfig, Identity, Timeouts};
use fullhold_stats_file::Seconds;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// How long to wait for a connection, or for another writer.
const WAIT: Duration = Duration::from_secs(60);
/// How long a server that is away is waited for at the start: not long, it may be a typo.
const OPENING_PATIENCE: Duration = Duration::from_secs(10);
/// How long a lost database is waited for in mid-import: a restart or a failover passes.
const IMPORT_PATIENCE: Duration = Duration::from_secs(60);

/// Logs go to standard error: standard output is for the result.
pub fn start_logging(settings: &Settings) {
    let level = match settings.log.level {
        fullhold_settings::LogLevel::Trace => Level::TRACE,
        fullhold_settings::LogLevel::Debug => Level::DEBUG,
        // What `info` tells is what the summary tells; a warning is what nothing else does.
        fullhold_settings::LogLevel::Info | fullhold_settings::LogLevel::Warn => Level::WARN,
        fullhold_settings::LogLevel::Error => Level::ERROR,
    };
    // That the database is waited for must be seen at once.
    let shown =
        Targets::new().with_default(level).with_target("fullhold_repository::retry_budget", level.max(Level::WARN));
    let to_stderr = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_filter(shown);
    tracing_subscriber::registry().with(to_stderr).init();
    for notice in &settings.notices {
        tracing::warn!("{notice}");
    }
}

/// The same for a program that runs for long: it keeps connections open.
#[must_use]
pub fn long_running_database(settings: &Settings) -> DatabaseConfig {
    DatabaseConfig { min_connections: settings.database.min_pool, ..database(settings) }
}

/// The same for a program that answers questions: a standby may do it.
#[must_use]
pub fn answering_database(settings: &Settings) -> DatabaseConfig {
    DatabaseConfig { read_url: settings.database.read_url.clone(), ..long_running_database(settings) }
}

/// Where the database is, and how long to wait for it.
#[must_use]
pub fn database(settings: &Settings) -> DatabaseConfig {
    DatabaseConfig {
        url: settings.database.url.clone(),
        read_url: None,
        min_connections: 0,
        max_connections: settings.database.max_pool,
        timeout: WAIT,
        patience: OPENING_PATIENCE,
    }
}

/// The rules of import.
#[must_use]
pub fn ingest(settings: &Settings) -> fullhold_ingest::Config {
    let seconds = |d: Duration| Seconds(i32::try_from(d.as_secs()).unwrap_or(i32::MAX));
    fullhold_ingest::Config {
        patience: IMPORT_PATIENCE,
        match_window: seconds(settings.round_match_window),
        timeline: TimelineConfig {
            session_gap: seconds(settings.session_gap),
            day_start: settings.session_day_start.map(|(hour, minute)| DayStart { hour, minute }),
            excluded_maps: settings.excluded_maps.clone(),
            ..TimelineConfig::default()
        },
    }
}

/// The server whose files these are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerChoice {
    /// Its name.
    pub name: String,
    /// The zone somebody asked for; none leaves the recorded one alone.
    pub timezone: Option<String>,
    /// The zone of a new server when nobody asked for one.
    pub default_zone: String,
}

/// Deadlines of SSH: a server that says nothing is given up.
pub const SSH_TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(10),
    handshake: Duration::from_secs(15),
    operation: Duration::from_secs(20),
};

/// How to reach a server's files.
///
/// # Errors
/// Something is not configured: a sentence for people.
pub fn ssh(server: &Server) -> Result<SshConfig, String> {
    let missing = |key: &str| format!("server {}: {key} is not set", server.name);
    let ssh = server.ssh.as_ref().ok_or_else(|| missing("SSH_HOST"))?;
    let identity = match &ssh.key_path {
        None => Identity::Agent,
        Some(path) => Identity::Key {
            path: path.clone(),
            passphrase: ssh.key_passphrase.as_ref().map(|secret| secret.expose().to_owned()),
        },
    };
    Ok(SshConfig {
        host: ssh.host.clone(),
        port: ssh.port,
        user: ssh.user.clone().ok_or_else(|| missing("SSH_USER"))?,
        identity,
        known_hosts: ssh.known_hosts.clone(),
        directory: ssh.remote_stats_path.clone().ok_or_else(|| missing("REMOTE_STATS_PATH"))?,
        most_bytes: ssh.most_bytes,
        timeouts: SSH_TIMEOUTS,
    })
}

/// The server of this name, or the only one that is configured; and the zone its stamps are in.
///
/// # Errors
/// Several are configured and none is named: a sentence for people.
pub fn server(name: Option<&str>, timezone: Option<&str>, settings: &Settings) -> Result<ServerChoice, String> {
    let configured = match name {
        Some(name) => settings.servers.iter().find(|server| server.name == name),
        None => match settings.servers.as_slice() {
            [only] => Some(only),
            several => {
                let names: Vec<&str> = several.iter().map(|server| server.name.as_str()).collect();
                return Err(format!("which server wrote the files? --server takes one of: {}", names.join(", ")));
            }
        },
    };
    let name = name.map(ToOwned::to_owned).or_else(|| configured.map(|server| server.name.clone()));
    let zone_is_default =
        settings.effective.iter().any(|row| row.key == "SERVER_TIMEZONE" && matches!(row.origin, Origin::Default));
    let configured_zone = configured.map(|server| server.time_zone.clone());
    let default_zone = configured_zone.clone().unwrap_or_else(|| "UTC".to_owned());
    let asked = timezone.map(ToOwned::to_owned).or(configured_zone.filter(|zone| !zone_is_default || zone != "UTC"));
    Ok(ServerChoice { name: name.unwrap_or_else(|| "default".to_owned()), timezone: asked, default_zone })
}

/// What a person must hear when a server is about to be recorded: that there are others, for it may be a typo, and that
/// its zone is assumed. Nothing if it is known.
///
/// # Errors
/// The database failed.
pub async fn about_new_server(db: &Db, choice: &ServerChoice) -> Result<Option<String>, fullhold_repository::Error> {
    let ServerChoice { name, default_zone, timezone } = choice;
    let known = db.servers().await?;
    if known.iter().any(|server| server.name == *name) {
        return Ok(None);
    }
    let mut text = Vec::new();
    if !known.is_empty() {
        let names: Vec<&str> = known.iter().map(|server| server.name.as_str()).collect();
        text.push(format!(
            "server {name} is new; there is {} already. If that is a typo: `dbadmin servers remove {name}`",
            names.join(", ")
        ));
    }
    if timezone.is_none() {
        text.push(format!(
            "server {name} is new, and nobody said its time zone: {default_zone} is assumed. If its clock shows another \
             time, `dbadmin servers set-timezone {name} ZONE` puts that right (ZONE such as Europe/Ljubljana); \
             SERVER_TIMEZONE or --timezone says it beforehand"
        ));
    }
    Ok((!text.is_empty()).then(|| text.join("\n")))
}
