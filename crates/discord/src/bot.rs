//! The bot from its start to its end.

use std::sync::Arc;
use std::time::Duration;

use fullhold_repository::Db;
use tokio::sync::watch;
use tokio::task::JoinSet;
use twilight_gateway::ShardId;
use twilight_gateway::queue::InMemoryQueue;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::alerts::{self, Heard};
use crate::config::Config;
use crate::error::Error;
use crate::front::Front;
use crate::gateway::{Gateway, listen};
use crate::pacing::Paced;
use crate::presence;
use crate::registration::{Reach, register, unregister_global};
use crate::rest::Rest;
use crate::sessions;

/// A bot that knows who it is and whose commands are registered.
pub struct Bot {
    front: Arc<Front>,
}

impl Bot {
    /// Asks Discord who the bot is, and registers its commands where they are not as they should be.
    ///
    /// # Errors
    /// Discord refuses the token or what is asked, or does not answer; or the database failed.
    pub async fn start(config: Config, db: Db) -> Result<Self, Error> {
        let rest = Rest::connect(&config.token, config.api_url.as_deref()).await?;
        let config = Arc::new(config);
        let front = Arc::new(Front::new(rest, db, config));
        let guilds = front.rest.guilds().await?;
        front.roles().set_present(guilds);
        register_commands(&front).await?;
        Ok(Self { front })
    }

    /// Talks to Discord in the name of the bot.
    #[must_use]
    pub fn rest(&self) -> Rest {
        self.front.rest.clone()
    }

    /// Answers until told to stop, and says what troubles are heard. Then it finishes what is under way, and remembers where
    /// to go on.
    ///
    /// # Errors
    /// [`Error::Closed`] when Discord refuses the bot for good.
    pub async fn run(self, heard: Heard, stop: impl Future<Output = ()>) -> Result<(), Error> {
        let info = self.front.rest.gateway().await?;
        let limit = info.session_start_limit;
        if limit.remaining == 0 {
            tracing::warn!(wait_ms = limit.reset_after, "Discord lets no session begin before this time has passed");
        }
        let reset_after = Duration::from_millis(limit.reset_after);
        let config = &self.front.config;
        let gateway = Gateway {
            token: config.token.clone(),
            url: config.gateway_url.clone(),
            queue: InMemoryQueue::new(limit.max_concurrency, limit.remaining, reset_after, limit.total),
        };
        let (stopping, stopped) = watch::channel(false);
        let (shown, presence) = watch::channel(None);
        let mut connections = JoinSet::new();
        for number in 0..info.shards.max(1) {
            let Some(id) = ShardId::new_checked(number, info.shards.max(1)) else { continue };
            let connection = Connection { front: Arc::clone(&self.front), gateway: gateway.clone(), id };
            connections.spawn(connection.keep(presence.clone(), stopped.clone()));
        }
        // It ends with this.
        let mut others = JoinSet::new();
        others.spawn(alerts::say(Arc::clone(&self.front), heard));
        others.spawn(presence::keep(Arc::clone(&self.front), shown));
        tokio::pin!(stop);
        let mut first = None;
        loop {
            tokio::select! {
                () = &mut stop, if !*stopping.borrow() => { stopping.send_replace(true); }
                ended = connections.join_next() => match ended {
                    None => return first.map_or(Ok(()), Err),
                    Some(Ok(Ok(()))) => {}
                    Some(Ok(Err(error))) => {
                        // One that is refused for good says what holds for all.
                        stopping.send_replace(true);
                        first.get_or_insert(error);
                    }
                    Some(Err(death)) => {
                        tracing::error!(error = %death, "a connection died of a defect");
                        stopping.send_replace(true);
                    }
                },
            }
        }
    }
}

/// One of the connections.
struct Connection {
    front: Arc<Front>,
    gateway: Gateway,
    id: ShardId,
}

impl Connection {
    /// Keeps it until all are to end.
    async fn keep(
        self,
        presence: watch::Receiver<Option<String>>,
        mut stopped: watch::Receiver<bool>,
    ) -> Result<(), Error> {
        let Self { front, gateway, id } = self;
        let paced = Paced::new(gateway, id, sessions::take(&front.db, id).await?);
        // A sender that is gone cannot ask any more: all have ended.
        let stop = async move { drop(stopped.wait_for(|stop| *stop).await) };
        let ending = front.config.ending;
        let resumable = listen(paced, Arc::clone(&front), presence, stop, ending).await?;
        Ok(sessions::keep(&front.db, id, resumable.as_ref()).await?)
    }
}

/// Registers the commands in the guilds that are set up, or everywhere where there is no home guild. Registered twice,
/// people would see them twice: the other kind is taken back.
async fn register_commands(front: &Front) -> Result<(), Error> {
    let (_, texts) = front.config.languages.pick(None, &front.config.defaults.locale);
    if front.config.home.is_none() {
        return register(&front.rest, Reach::Global, &texts).await;
    }
    for guild in front.communities.guilds().await? {
        // One that the bot was taken out of is no reason not to answer in the others.
        if let Err(error) = register(&front.rest, Reach::Guild(guild), &texts).await {
            if error.is_about_settings() {
                return Err(error);
            }
            tracing::warn!(guild.id = %guild, error = %error, "the slash commands were not registered there");
        }
    }
    unregister_global(&front.rest).await
}

/// Registers the commands in a guild of which something was said just now, where they are registered in guilds.
pub(crate) async fn register_in(front: &Front, guild: Id<GuildMarker>) -> Result<(), Error> {
    if front.config.home.is_none() {
        return Ok(());
    }
    let (_, texts) = front.config.languages.pick(None, &front.config.defaults.locale);
    register(&front.rest, Reach::Guild(guild), &texts).await
}
