//! A fake Discord with a guild in it, and a bot that is told the least.

use fullhold_discord::{Bot, Config, Error, Heard, alerts};
use fullhold_fake_discord::{Channel, FakeDiscord, Person};
use fullhold_repository::{Db, OpenMode};
use time::OffsetDateTime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::running::{config, run};

pub(crate) async fn open(url: &str) -> Db {
    let config = fullhold_repository::Config::new(url.parse().unwrap());
    Db::open(&config, OpenMode::Create).await.unwrap()
}

/// A guild with a channel, and somebody in it.
pub(crate) struct Place {
    pub(crate) stats: Channel,
    pub(crate) carol: Person,
}

impl Place {
    pub(crate) fn new(fake: &FakeDiscord) -> Self {
        let guild = fake.guild("ET Pros");
        let (stats, carol) = (guild.text("stats"), fake.person("carol"));
        guild.join(&carol, &[]);
        Self { stats, carol }
    }
}

/// A bot at work.
pub(crate) struct Running {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), Error>>,
}

impl Running {
    /// Starts a bot, which answers when this comes back.
    pub(crate) async fn start(fake: &FakeDiscord, db: &Db) -> Self {
        let (config, heard) = told(fake);
        let (stop, stopped) = oneshot::channel();
        let bot = Bot::start(config, db.clone()).await.unwrap();
        let ended = tokio::spawn(run(bot, heard, stopped));
        fake.gateway().ready().await;
        Self { stop, ended }
    }

    /// Why a bot cannot go on that Discord refuses.
    pub(crate) async fn refused(fake: &FakeDiscord, db: &Db) -> Error {
        let (config, heard) = told(fake);
        let (_stop, stopped) = oneshot::channel();
        let bot = Bot::start(config, db.clone()).await.unwrap();
        run(bot, heard, stopped).await.unwrap_err()
    }

    /// Ends it as a service manager does.
    pub(crate) async fn end(self) {
        drop(self.stop);
        self.ended.await.unwrap().unwrap();
    }

    /// Ends it as a fall does.
    pub(crate) fn abandon(self) {
        self.ended.abort();
    }
}

fn told(fake: &FakeDiscord) -> (Config, Heard) {
    let (alerts, heard) = alerts();
    (config(fake, alerts, OffsetDateTime::now_utc), heard)
}
