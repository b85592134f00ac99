//! The connection over which Discord says what happens: kept, resumed, and never hammered.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use twilight_gateway::queue::InMemoryQueue;
use twilight_gateway::{
    CloseFrame, ConfigBuilder, Event, EventTypeFlags, Intents, Session, Shard, ShardId, ShardState, StreamExt as _,
};

use crate::error::{Error, Reason};
use crate::front::Front;
use crate::pacing::Paced;
use crate::presence;

/// What the bot hears: commands that are typed, choices by reaction, and what roles allow.
pub const INTENTS: Intents = Intents::GUILDS
    .union(Intents::GUILD_MESSAGES)
    .union(Intents::GUILD_MESSAGE_REACTIONS)
    .union(Intents::DIRECT_MESSAGES)
    .union(Intents::DIRECT_MESSAGE_REACTIONS)
    .union(Intents::MESSAGE_CONTENT);

const HEARD: EventTypeFlags = EventTypeFlags::INTERACTION_CREATE
    .union(EventTypeFlags::MESSAGE_CREATE)
    .union(EventTypeFlags::REACTION_ADD)
    .union(EventTypeFlags::GUILD_CREATE)
    .union(EventTypeFlags::GUILD_UPDATE)
    .union(EventTypeFlags::GUILD_DELETE)
    .union(EventTypeFlags::ROLE_CREATE)
    .union(EventTypeFlags::ROLE_UPDATE)
    .union(EventTypeFlags::ROLE_DELETE)
    .union(EventTypeFlags::READY)
    .union(EventTypeFlags::RESUMED);

/// Where a connection can be taken up again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resumable {
    /// The session's id.
    pub(crate) id: String,
    /// The last event that was heard.
    pub(crate) sequence: u64,
    /// Where to connect.
    pub(crate) url: String,
}

/// Connections that are to be made: who connects, and where to.
#[derive(Clone)]
pub(crate) struct Gateway {
    pub(crate) token: String,
    /// Another gateway than Discord's own.
    pub(crate) url: Option<String>,
    /// One for all connections: Discord limits how fast sessions may begin.
    pub(crate) queue: InMemoryQueue,
}

impl Gateway {
    /// One of the connections, taken up again where it ended.
    pub(crate) fn shard(&self, id: ShardId, resumable: Option<Resumable>) -> Shard<InMemoryQueue> {
        let mut config = ConfigBuilder::new(self.token.clone(), INTENTS).queue(self.queue.clone());
        if let Some(url) = &self.url {
            config = config.proxy_url(url.trim_end_matches('/').to_owned());
        }
        if let Some(Resumable { id, sequence, url }) = resumable {
            config = config.session(Session::new(sequence, id)).resume_url(url);
        }
        Shard::with_config(id, config.build())
    }
}

/// Hears until told to stop, and answers each event in a task of its own; what is under way then may take so long. Says
/// where to go on after a restart.
///
/// # Errors
/// [`Error::Closed`] when Discord refuses the bot for good.
pub(crate) async fn listen(
    mut paced: Paced,
    front: Arc<Front>,
    mut presence: watch::Receiver<Option<String>>,
    stop: impl Future<Output = ()>,
    ending: Duration,
) -> Result<Option<Resumable>, Error> {
    tokio::pin!(stop);
    let mut hears_presence = true;
    let mut answering = tokio::task::JoinSet::new();
    loop {
        let event = tokio::select! {
            () = &mut stop => break,
            changed = presence.changed(), if hears_presence => {
                // Without a sender nothing changes any more.
                hears_presence = changed.is_ok();
                show(&paced.shard, &mut presence);
                continue;
            }
            event = paced.next_event(HEARD) => event,
        };
        while answering.try_join_next().is_some() {}
        match event {
            None => return Err(Error::Closed(Reason(paced.code()))),
            Some(Err(error)) => tracing::debug!(error = %error, "a message of the gateway was not read"),
            Some(Ok(Event::GatewayClose(_))) => {}
            Some(Ok(event)) => {
                if matches!(event, Event::Ready(_)) {
                    // A new session knows nothing of it.
                    show(&paced.shard, &mut presence);
                }
                answering.spawn(Arc::clone(&front).handle(event));
            }
        }
    }
    // What comes from now on is heard after the next start; what was asked before is answered now.
    let resumable = paced.resumable();
    let all = async { while answering.join_next().await.is_some() {} };
    let ended = tokio::time::timeout(ending, async { tokio::join!(all, close(&mut paced.shard)) }).await;
    if ended.is_err() {
        tracing::warn!("some answers were not finished");
    }
    Ok(resumable)
}

/// Shows what is played, once the session has begun.
fn show(shard: &Shard<InMemoryQueue>, presence: &mut watch::Receiver<Option<String>>) {
    if let Some(update) = presence::update(presence.borrow_and_update().as_deref()) {
        shard.command(&update);
    }
}

/// Closes a connection so that its session can be taken up again.
async fn close(shard: &mut Shard<InMemoryQueue>) {
    if matches!(shard.state(), ShardState::Disconnected { .. } | ShardState::FatallyClosed) {
        return;
    }
    shard.close(CloseFrame::RESUME);
    // Nothing is wanted but the answer to that.
    drop(shard.next_event(EventTypeFlags::empty()).await);
}
