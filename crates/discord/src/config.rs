//! What the bot is told once.

use std::time::Duration;

use fullhold_commands::{Acting, CooldownConfig, Watching};
use time::OffsetDateTime;
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, UserMarker};

use crate::alerts::Alerts;
use crate::settings::GuildSettings;
use crate::texts::Languages;

/// What the configuration says of a guild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// Which.
    pub guild: Id<GuildMarker>,
    /// Names of settings and their values, lists with commas between.
    pub settings: Vec<(String, String)>,
}

/// What the bot is told once.
#[derive(Clone)]
pub struct Config {
    /// The bot's token.
    pub token: String,
    /// REST address; Discord's own when there is none.
    pub api_url: Option<String>,
    /// Gateway address; Discord's own when there is none.
    pub gateway_url: Option<String>,
    /// The guild of who runs the bot. It shows all game servers unless it is bound to some, and commands are registered
    /// in guilds alone; without it they are registered everywhere.
    pub home: Option<Id<GuildMarker>>,
    /// What holds in the home guild, or in every guild where there is no home, unless the guild says otherwise.
    pub defaults: GuildSettings,
    /// What the configuration says of single guilds. No command changes it.
    pub fixed: Vec<Fixed>,
    /// Who runs the bot: they administrate in every guild, and bind guilds to game servers.
    pub operators: Vec<Id<UserMarker>>,
    /// How long people wait between questions.
    pub cooldowns: CooldownConfig,
    /// What commands that change something need.
    pub acting: Acting,
    /// The watchers of the game servers, where this process has them.
    pub watching: Option<Watching>,
    /// Where troubles are told.
    pub alerts: Alerts,
    /// The languages it speaks.
    pub languages: Languages,
    /// Tells the time.
    pub clock: fn() -> OffsetDateTime,
    /// How long answers that are under way may take when the bot ends.
    pub ending: Duration,
}
