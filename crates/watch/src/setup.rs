//! From settings to servers that can be watched.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use fullhold_ingest::Importer;
use fullhold_repository::{Db, OpenMode};
use fullhold_settings::{Origin, Server, Settings};
use time::OffsetDateTime;

use crate::WatchConfig;

/// The first and the longest wait after a failure.
const RETRY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));
/// A young file that is cut off must not have changed for so long: slow writers take half a minute.
const REST: Duration = Duration::from_secs(60);
/// The first and the longest pause after which a file that was set aside is tried again.
const DEAD_RETRY: (Duration, Duration) = (Duration::from_secs(3_600), Duration::from_secs(24 * 3_600));

/// A server, ready to be watched.
pub struct Target {
    /// Its name.
    pub name: String,
    /// Imports its files.
    pub importer: Arc<Importer>,
    /// How it is watched.
    pub config: WatchConfig,
}

/// Why servers cannot be watched.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The settings do not say enough, or name a server that there is not.
    #[error("{0}")]
    Settings(String),
    /// The database cannot be opened.
    #[error(transparent)]
    Database(#[from] fullhold_repository::Error),
    /// A server cannot be imported for.
    #[error(transparent)]
    Importer(#[from] fullhold_ingest::Error),
}

impl SetupError {
    /// Whether the settings are to blame, and not the database.
    #[must_use]
    pub const fn is_about_settings(&self) -> bool {
        use fullhold_ingest::Error as Import;
        match self {
            Self::Settings(_) | Self::Importer(Import::Zone(_)) => true,
            Self::Importer(Import::Database(error)) => matches!(error, fullhold_repository::Error::Timezone { .. }),
            _ => false,
        }
    }
}

/// The servers that can be reached over SSH, or the one that is named; each with its importer.
///
/// # Errors
/// The settings do not say enough, or the database failed.
pub async fn targets(settings: &Settings, only: Option<&str>) -> Result<Vec<Target>, SetupError> {
    let servers = chosen(settings, only)?;
    let db = Db::open(&fullhold_console::long_running_database(settings), OpenMode::Create).await?;
    let mut targets = Vec::new();
    for server in servers {
        let choice = fullhold_console::server(Some(&server.name), None, settings).map_err(SetupError::Settings)?;
        let config = watch_config(settings, server)?;
        // Whoever watches tries again by itself, and says so.
        let rules = fullhold_ingest::Config { patience: Duration::ZERO, ..fullhold_console::ingest(settings) };
        let (zone, clock) = (choice.timezone.as_deref(), OffsetDateTime::now_utc);
        let importer = Importer::new(db.clone(), &choice.name, zone, &choice.default_zone, rules, clock).await?;
        targets.push(Target { name: choice.name, importer: Arc::new(importer), config });
    }
    Ok(targets)
}

fn chosen<'a>(settings: &'a Settings, only: Option<&str>) -> Result<Vec<&'a Server>, SetupError> {
    // Not said, it means no more than that nothing happens by itself; whoever watches wants it.
    let said = settings.effective.iter().find(|row| row.key == "SSH_ENABLED" && row.origin != Origin::Default);
    if let Some(said) = said.filter(|_| !settings.automation.ssh_enabled) {
        let problem =
            format!("SSH_ENABLED is false ({}): nothing is fetched; set it to true, or leave it out", said.origin);
        return Err(SetupError::Settings(problem));
    }
    let asked: Vec<&Server> = match only {
        Some(name) => settings.servers.iter().filter(|server| server.name == name).collect(),
        None => settings.servers.iter().filter(|server| server.ssh.is_some()).collect(),
    };
    if !asked.is_empty() {
        return Ok(asked);
    }
    let names: Vec<&str> = settings.servers.iter().map(|server| server.name.as_str()).collect();
    Err(SetupError::Settings(match only {
        Some(name) => format!("--server {name}: not configured; allowed are: {}", names.join(", ")),
        None => "no game server with SSH is configured: SSH_HOST, SSH_USER and REMOTE_STATS_PATH are needed".into(),
    }))
}

fn watch_config(settings: &Settings, server: &Server) -> Result<WatchConfig, SetupError> {
    let automation = &settings.automation;
    Ok(WatchConfig {
        ssh: fullhold_console::ssh(server).map_err(SetupError::Settings)?,
        folder: PathBuf::from(&server.stats_directory),
        interval: automation.check_interval,
        idle_interval: automation.idle_interval,
        active_from: usize::from(automation.voice_conditional),
        grace: automation.grace_period,
        look_back: automation.startup_lookback,
        retry: RETRY,
        rest: REST,
        dead_retry: DEAD_RETRY,
    })
}
