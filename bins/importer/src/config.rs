//! From flags and settings to what the libraries want.

use std::time::Duration;

use fullhold_analytics::TimelineConfig;
use fullhold_repository::Config as DatabaseConfig;
use fullhold_settings::{Origin, Problem, Settings, load_from_process};
use fullhold_stats_file::Seconds;

use crate::args::Args;

/// How long to wait for a connection, or for another writer.
const WAIT: Duration = Duration::from_secs(60);
/// An earlier round of the same map within this time is a restart (spec: sessions, restarts).
const RESTART_WINDOW: Seconds = Seconds(15 * 60);

pub(crate) fn load(args: &Args) -> Result<Settings, Vec<Problem>> {
    let flag = |key: &str, value: &Option<String>| value.clone().map(|value| (key.to_owned(), value));
    let flags = [flag("DATABASE_URL", &args.database_url), flag("SERVER_TIMEZONE", &args.timezone)];
    load_from_process(flags.into_iter().flatten().collect())
}

/// Logs go to standard error: standard output is for the result.
pub(crate) fn start_logging(settings: &Settings) {
    let level = match settings.log.level {
        // What `info` tells is what the summary tells.
        fullhold_settings::LogLevel::Debug => tracing::Level::DEBUG,
        fullhold_settings::LogLevel::Trace => tracing::Level::TRACE,
        _ => tracing::Level::ERROR,
    };
    tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).init();
}

pub(crate) fn database(settings: &Settings) -> DatabaseConfig {
    DatabaseConfig { url: settings.database.url.clone(), max_connections: settings.database.max_pool, timeout: WAIT }
}

pub(crate) fn ingest(settings: &Settings) -> fullhold_ingest::Config {
    let seconds = |d: Duration| Seconds(i32::try_from(d.as_secs()).unwrap_or(i32::MAX));
    fullhold_ingest::Config {
        match_window: seconds(settings.round_match_window),
        timeline: TimelineConfig {
            session_gap: seconds(settings.session_gap),
            restart_window: RESTART_WINDOW,
            excluded_maps: settings.excluded_maps.clone(),
        },
    }
}

/// The server whose files these are.
pub(crate) struct ServerChoice {
    pub(crate) name: String,
    /// The zone somebody asked for; none leaves the recorded one alone.
    pub(crate) timezone: Option<String>,
    /// The zone of a new server when nobody asked for one.
    pub(crate) default_zone: String,
}

pub(crate) fn server(args: &Args, settings: &Settings) -> Result<ServerChoice, String> {
    let configured = match &args.server {
        Some(name) => settings.servers.iter().find(|server| server.name == *name),
        None => match settings.servers.as_slice() {
            [only] => Some(only),
            several => {
                let names: Vec<&str> = several.iter().map(|server| server.name.as_str()).collect();
                return Err(format!("which server wrote the files? --server takes one of: {}", names.join(", ")));
            }
        },
    };
    let name = args.server.clone().or_else(|| configured.map(|server| server.name.clone()));
    let zone_is_default =
        settings.effective.iter().any(|row| row.key == "SERVER_TIMEZONE" && matches!(row.origin, Origin::Default));
    let configured_zone = configured.map(|server| server.time_zone.clone());
    let default_zone = configured_zone.clone().unwrap_or_else(|| "UTC".to_owned());
    let asked = args.timezone.clone().or(configured_zone.filter(|zone| !zone_is_default || zone != "UTC"));
    Ok(ServerChoice { name: name.unwrap_or_else(|| "default".to_owned()), timezone: asked, default_zone })
}
