//! The connection over which Discord says what happens: kept, resumed, and never hammered.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use twilight_gateway::queue::InMemoryQueue;
use twilight_gateway::{
    CloseFrame, ConfigBuilder, Event, EventTypeFlags, Intents, Session, Shard, ShardId, ShardState, StreamExt as _,
};

use crate::error::{Error, Reason};
use crate::front::Front;
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

/// The pause after a close that follows another one soon; doubled for each further one.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(64);
/// A connection that has lived so long was a good one.
const GOOD: Duration = Duration::from_secs(60);

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
    mut shard: Shard<InMemoryQueue>,
    front: Arc<Front>,
    mut presence: watch::Receiver<Option<String>>,
    stop: impl Future<Output = ()>,
    ending: Duration,
) -> Result<Option<Resumable>, Error> {
    tokio::pin!(stop);
    let mut hears_presence = true;
    let mut closes = Closes::default();
    let mut answering = tokio::task::JoinSet::new();
    loop {
        let event = tokio::select! {
            () = &mut stop => break,
            changed = presence.changed(), if hears_presence => {
                // Without a sender nothing changes any more.
                hears_presence = changed.is_ok();
                show(&shard, &mut presence);
                continue;
            }
            event = shard.next_event(HEARD) => event,
        };
        while answering.try_join_next().is_some() {}
        match event {
            None => return Err(Error::Closed(Reason(closes.code))),
            Some(Err(error)) => tracing::debug!(error = %error, "a message of the gateway was not read"),
            Some(Ok(Event::GatewayClose(frame))) => {
                let pause = closes.pause(frame.map(|frame| frame.code), Instant::now());
                let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
                tracing::info!(code = closes.code, pause_ms, "the gateway has closed the connection");
                tokio::select! {
                    () = &mut stop => break,
                    () = tokio::time::sleep(pause) => {}
                }
            }
            Some(Ok(event)) => {
                if matches!(event, Event::Ready(_)) {
                    // A new session knows nothing of it.
                    show(&shard, &mut presence);
                }
                answering.spawn(Arc::clone(&front).handle(event));
            }
        }
    }
    // What comes from now on is heard after the next start; what was asked before is answered now.
    let resumable = resumable(&shard);
    let all = async { while answering.join_next().await.is_some() {} };
    let ended = tokio::time::timeout(ending, async { tokio::join!(all, close(&mut shard)) }).await;
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

fn resumable(shard: &Shard<InMemoryQueue>) -> Option<Resumable> {
    let (session, url) = (shard.session()?, shard.resume_url()?);
    Some(Resumable { id: session.id().to_owned(), sequence: session.sequence(), url: url.to_owned() })
}

/// Closes of the connection that came soon one after the other.
#[derive(Debug, Default)]
struct Closes {
    code: Option<u16>,
    soon: u32,
    last: Option<Instant>,
}

impl Closes {
    /// How long to wait before the next connection: nothing after a good one, else longer and longer, and never as long
    /// as another bot waits.
    fn pause(&mut self, code: Option<u16>, now: Instant) -> Duration {
        self.code = code;
        let was_good = self.last.is_some_and(|last| now.saturating_duration_since(last) > GOOD);
        self.soon = if was_good { 0 } else { self.soon.saturating_add(1) };
        self.last = Some(now);
        if self.soon <= 1 {
            return PAUSE.mul_f64(fastrand::f64());
        }
        let doubled = PAUSE.saturating_mul(2_u32.saturating_pow((self.soon - 1).min(10)));
        doubled.min(LONGEST).mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_closes_are_no_storm() {
        let mut closes = Closes::default();
        let mut now = Instant::now();
        let start = now;
        for _ in 0..1_000 {
            let pause = closes.pause(Some(4000), now);
            assert!(pause <= LONGEST);
            now += pause;
        }
        // Discord allows 1,000 connections a day.
        assert!(now - start > Duration::from_secs(8 * 3600), "{:?}", now - start);
    }

    #[test]
    fn a_close_after_a_good_connection_costs_a_moment() {
        let mut closes = Closes::default();
        let mut now = Instant::now();
        for _ in 0..20 {
            assert!(closes.pause(None, now) <= PAUSE);
            now += GOOD + Duration::from_secs(1);
        }
    }
}
