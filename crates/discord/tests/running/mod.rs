//! What every bot of these tests is told, and how it runs.

use std::time::Duration;

use fullhold_commands::{Acting, CooldownConfig};
use fullhold_discord::{Alerts, Bot, Config, Error, GuildSettings, Heard, Languages};
use fullhold_fake_discord::FakeDiscord;
use time::OffsetDateTime;
use tokio::sync::oneshot;

/// The longest that a bot takes to end.
pub(crate) const ENDING: Duration = Duration::from_secs(9);

/// What a bot is told that has no home guild and has nobody wait between two questions.
pub(crate) fn config(fake: &FakeDiscord, alerts: Alerts, clock: fn() -> OffsetDateTime) -> Config {
    Config {
        token: fake.token().to_owned(),
        api_url: Some(fake.api_url().to_owned()),
        gateway_url: Some(fake.gateway_url().to_owned()),
        home: None,
        defaults: GuildSettings::default(),
        fixed: Vec::new(),
        operators: Vec::new(),
        cooldowns: CooldownConfig { query: Duration::ZERO, picture: Duration::ZERO },
        acting: Acting { rules: fullhold_ingest::Config::default(), clock, link_needs_code: false },
        watching: None,
        alerts,
        languages: Languages::new().unwrap(),
        clock,
        ending: ENDING,
    }
}

/// Runs a bot until the other end is dropped.
pub(crate) async fn run(bot: Bot, heard: Heard, stopped: oneshot::Receiver<()>) -> Result<(), Error> {
    bot.run(heard, async { drop(stopped.await) }).await
}
