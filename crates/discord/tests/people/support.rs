//! A fake Discord, a database with the sample evenings, and a bot between them.

use std::time::Duration;

use fullhold_discord::{Alerts, Bot, Config, Fixed, Id, alerts_within};
use fullhold_fake_discord::{Channel, FakeDiscord, Guild, Person, permissions};
use fullhold_repository::Db;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::running::{ENDING, config, run};
use crate::shared::clock;

/// A bot at work.
pub(crate) struct Running {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), fullhold_discord::Error>>,
    pub(crate) alerts: Alerts,
}

impl Running {
    /// Starts a bot, which answers when this comes back.
    pub(crate) async fn start(fake: &FakeDiscord, db: &Db, change: impl FnOnce(&mut Config)) -> Self {
        let (alerts, heard) = alerts_within(Duration::from_millis(50), Duration::from_millis(200));
        let mut config = config(fake, alerts.clone(), clock);
        change(&mut config);
        let (stop, stopped) = oneshot::channel::<()>();
        let bot = Bot::start(config, db.clone()).await.unwrap();
        let ended = tokio::spawn(run(bot, heard, stopped));
        fake.gateway().ready().await;
        Self { stop, ended, alerts }
    }

    /// Ends it as a service manager does.
    pub(crate) async fn end(self) {
        drop(self.stop);
        tokio::time::timeout(ENDING + Duration::from_secs(1), self.ended).await.unwrap().unwrap().unwrap();
    }
}

/// A guild with a channel for everybody, one for admins, and three people: one without rights, one who has the role
/// for admins, and one who may manage the guild.
pub(crate) struct Place {
    pub(crate) guild: Guild,
    pub(crate) stats: Channel,
    pub(crate) admins: Channel,
    pub(crate) carol: Person,
    pub(crate) dave: Person,
    pub(crate) erin: Person,
    pub(crate) role: u64,
}

impl Place {
    pub(crate) fn new(fake: &FakeDiscord, name: &str) -> Self {
        let guild = fake.guild(name);
        let (stats, admins) = (guild.text("stats"), guild.text("admins"));
        let people = ["carol", "dave", "erin"].map(|person| fake.person(&format!("{person} of {name}")));
        let [carol, dave, erin] = people;
        let role = guild.role("admins", 0);
        let managers = guild.role("managers", permissions::MANAGE_GUILD);
        guild.join(&carol, &[]);
        guild.join(&dave, &[&role]);
        guild.join(&erin, &[&managers]);
        Self { guild, stats, admins, carol, dave, erin, role: role.id() }
    }

    /// The guild's settings: its channel and its role for admins.
    pub(crate) fn with_admins(&self, config: &mut Config) {
        let said = [("admin_channels", self.admins.id()), ("admin_roles", self.role)];
        let said = said.map(|(key, id)| (key.to_owned(), id.to_string()));
        config.fixed.push(Fixed { guild: Id::new(self.guild.id()), settings: said.to_vec() });
    }
}

/// Stores a setting as somebody would who has the database.
pub(crate) async fn set(db: &Db, guild: u64, key: &str, value: &str) {
    let guild = i64::try_from(guild).unwrap();
    db.write(|tx, _| Box::pin(tx.set_guild_setting(guild, key, Some(value)))).await.unwrap();
}

/// Everything that the audit log has, the newest first.
pub(crate) async fn audited(db: &Db) -> Vec<String> {
    let rows = db.audited(&[], 100).await.unwrap();
    rows.into_iter().map(|row| format!("{} {}: {} = {}", row.actor, row.action, row.detail, row.result)).collect()
}
