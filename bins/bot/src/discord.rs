//! The bot in Discord, until a signal ends it.

use std::sync::Arc;
use std::time::Duration;

use fullhold_commands::{Acting, CooldownConfig};
use fullhold_console::{chain, complain};
use fullhold_discord::{Access, Alerts, Bot, Config, Error, Fixed, GuildSettings, Id, Languages, alerts};
use fullhold_repository::{Db, OpenMode};
use fullhold_settings::{Exit, Guild, Settings};
use fullhold_watch::{Handle, Notice, Notices, Service, SetupError, targets};
use time::OffsetDateTime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::PROGRAM;

/// How long answers that are under way may take when the bot ends.
const ENDING: Duration = Duration::from_secs(9);

/// What somebody reads who has no token yet.
const NO_TOKEN: &str = "\
no token: DISCORD_TOKEN is not set, nor DISCORD_TOKEN_FILE.
  A token is given by https://discord.com/developers/applications: \"New Application\", page \"Bot\", \"Reset Token\".
  On the same page, switch \"Message Content Intent\" on: commands that are typed need it.
  Then write DISCORD_TOKEN=... into the file .env, and invite the bot on the page \"OAuth2\" with the scopes \"bot\" and
  \"applications.commands\".
  Without a token: `bot --demo` shows everything on sample data, `bot --console` asks your own database.";

/// Answers in Discord, and watches the game servers beside it.
pub(crate) async fn run(settings: &Settings) -> Exit {
    let Some(token) = &settings.discord.token else {
        complain(PROGRAM, NO_TOKEN);
        return Exit::Usage;
    };
    let signals = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
    let [Ok(mut terminate), Ok(mut interrupt)] = signals else {
        complain(PROGRAM, "signals cannot be handled on this system");
        return Exit::Failed;
    };
    let stop = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    tokio::pin!(stop);
    let (alerts, heard) = alerts();
    let mut service = watching(settings, alerts.clone());
    let config = match config(settings, token.expose(), alerts, service.handle()) {
        Ok(config) => config,
        Err(error) => return failed(&error),
    };
    // Discord or a database that is away is waited for: not when the bot is told to end.
    let started = tokio::select! {
        started = start(settings, config, &mut service) => started,
        () = &mut stop => return Exit::Fine,
    };
    let bot = match started {
        Ok(bot) => bot,
        Err(exit) => return exit,
    };
    let (stopping, mut stopped) = watch::channel(false);
    let answering = async {
        let told = async {
            stop.await;
            stopping.send_replace(true);
        };
        let ended = bot.run(heard, told).await;
        stopping.send_replace(true);
        ended
    };
    let watching = async {
        // Both end at a time: there are ten seconds for it.
        drop(stopped.wait_for(|stop| *stop).await);
        service.end().await
    };
    let (answered, in_time) = tokio::join!(answering, watching);
    if !in_time {
        complain(PROGRAM, "a watcher did not end in time and was cut off; what was committed stays");
    }
    answered.map_or_else(|error| failed(&error), |()| Exit::Fine)
}

async fn start(settings: &Settings, config: Config, service: &mut Service) -> Result<Bot, Exit> {
    let can_watch = settings.servers.iter().any(|server| server.ssh.is_some()) && settings.automation.ssh_enabled;
    // Whoever watches begins with an empty database.
    let targets =
        if can_watch { targets(settings, None).await.map_err(|error| not_watched(&error))? } else { Vec::new() };
    let database = fullhold_console::answering_database(settings);
    let db = Db::open(&database, OpenMode::Existing).await.map_err(|error| {
        complain(PROGRAM, &chain(&error));
        Exit::Failed
    })?;
    let bot = Bot::start(config, db).await.map_err(|error| failed(&error))?;
    service.start(targets);
    Ok(bot)
}

/// The watchers of the game servers. What troubles them is told to those who run the communities of these.
fn watching(settings: &Settings, alerts: Alerts) -> Service {
    let notices = move |server: &str| -> Notices {
        let (alerts, server) = (alerts.clone(), server.to_owned());
        Arc::new(move |notice: &Notice| {
            if notice.is_trouble() {
                alerts.server(&server, &notice.to_string());
            }
        })
    };
    Service::new(Arc::new(notices)).paused(!settings.automation.enabled)
}

fn not_watched(error: &SetupError) -> Exit {
    complain(PROGRAM, &chain(error));
    if error.is_about_settings() { Exit::Usage } else { Exit::Failed }
}

fn failed(error: &Error) -> Exit {
    complain(PROGRAM, &chain(error));
    if error.is_about_settings() { Exit::Usage } else { Exit::Failed }
}

fn config(settings: &Settings, token: &str, alerts: Alerts, watching: Handle) -> Result<Config, Error> {
    let discord = &settings.discord;
    let table = |guild: &Guild| Some(Fixed { guild: Id::new_checked(guild.id)?, settings: guild.settings.clone() });
    Ok(Config {
        token: token.to_owned(),
        api_url: discord.api_url.clone(),
        gateway_url: discord.gateway_url.clone(),
        home: ids(discord.guild).next(),
        defaults: GuildSettings {
            servers: None,
            prefix: discord.command_prefix.clone(),
            locale: discord.locale.clone(),
            access: Access {
                command_channels: ids(discord.command_channels.iter().copied()).collect(),
                admin_channels: ids(discord.admin_channels.iter().copied()).collect(),
                admin_roles: ids(discord.admin_roles.iter().copied()).collect(),
                admin_users: Vec::new(),
            },
            stats_channels: ids(discord.stats_channel).collect(),
        },
        fixed: settings.guilds.iter().filter_map(table).collect(),
        operators: ids(discord.admin_users.iter().copied()).collect(),
        cooldowns: CooldownConfig { query: discord.cooldown, picture: discord.chart_cooldown },
        acting: Acting {
            rules: fullhold_console::ingest(settings),
            clock: OffsetDateTime::now_utc,
            link_needs_code: discord.link_needs_code,
        },
        watching: Some(watching),
        alerts,
        languages: Languages::new()?,
        clock: OffsetDateTime::now_utc,
        ending: ENDING,
    })
}

/// Ids as Discord has them; 0 is none.
fn ids<T>(numbers: impl IntoIterator<Item = u64>) -> impl Iterator<Item = Id<T>> {
    numbers.into_iter().filter_map(Id::new_checked)
}
