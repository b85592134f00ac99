//! A connection that hammers nobody: after each end of it, the next one begins later and later, however it ended.
//!
//! The library connects again at once, and after some ends without a word; so what is watched is its state.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::Stream;
use tokio::time::{Instant, Sleep, sleep};
use twilight_gateway::error::ReceiveMessageError;
use twilight_gateway::queue::InMemoryQueue;
use twilight_gateway::{Message, Shard, ShardId, ShardState};

use crate::gateway::{Gateway, Resumable};

/// The pause after an end that follows another one soon; doubled for each further one.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(64);
/// A connection that has lived so long was a good one.
const GOOD: Duration = Duration::from_secs(60);

/// A shard that waits before it connects again.
pub(crate) struct Paced {
    pub(crate) shard: Shard<InMemoryQueue>,
    gateway: Gateway,
    ends: Ends,
    was_apart: bool,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    /// One of the connections, taken up again where it ended. It is made at once.
    pub(crate) fn new(gateway: Gateway, id: ShardId, resumable: Option<Resumable>) -> Self {
        let shard = gateway.shard(id, resumable);
        Self { shard, gateway, ends: Ends::default(), was_apart: true, pause: None }
    }

    /// Where to go on after a restart.
    pub(crate) fn resumable(&self) -> Option<Resumable> {
        let (session, url) = (self.shard.session()?, self.shard.resume_url()?);
        Some(Resumable { id: session.id().to_owned(), sequence: session.sequence(), url: url.to_owned() })
    }

    /// The code with which the gateway closed last, if it said one.
    pub(crate) const fn code(&self) -> Option<u16> {
        self.ends.code
    }
}

impl Stream for Paced {
    type Item = Result<Message, ReceiveMessageError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(pause) = &mut self.pause {
                ready!(pause.as_mut().poll(context));
                self.pause = None;
            }
            let polled = Pin::new(&mut self.shard).poll_next(context);
            if let Poll::Ready(Some(Ok(Message::Close(frame)))) = &polled {
                self.ends.code = frame.as_ref().map(|frame| frame.code);
            }
            let is_apart = matches!(self.shard.state(), ShardState::Disconnected { .. });
            if is_apart && !self.was_apart {
                let pause = self.ends.pause(Instant::now());
                let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
                tracing::info!(code = self.ends.code, pause_ms, "the connection to the gateway has ended");
                self.pause = Some(Box::pin(sleep(pause)));
                let resumable = self.resumable();
                if polled.is_pending() && (resumable.is_some() || self.shard.session().is_none()) {
                    // It connects already, and gives that up after ten seconds: another one does it after the pause.
                    self.shard = self.gateway.shard(self.shard.id(), resumable);
                }
            }
            self.was_apart = is_apart;
            if polled.is_ready() || self.pause.is_none() {
                return polled;
            }
        }
    }
}

/// Ends of the connection that came soon one after the other.
#[derive(Debug, Default)]
struct Ends {
    code: Option<u16>,
    soon: u32,
    /// When the last pause was over.
    begun: Option<Instant>,
}

impl Ends {
    /// How long to wait before the next connection: nothing after a good one, else longer and longer, and never as long
    /// as another bot waits.
    fn pause(&mut self, now: Instant) -> Duration {
        let was_good = self.begun.is_some_and(|begun| now.saturating_duration_since(begun) > GOOD);
        self.soon = if was_good { 0 } else { self.soon.saturating_add(1) };
        let pause = if self.soon <= 1 {
            PAUSE.mul_f64(fastrand::f64())
        } else {
            let doubled = PAUSE.saturating_mul(2_u32.saturating_pow((self.soon - 1).min(10)));
            doubled.min(LONGEST).mul_f64(0.5 + fastrand::f64() / 2.0)
        };
        self.begun = Some(now + pause);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_ends_are_no_storm() {
        let mut ends = Ends::default();
        let mut now = Instant::now();
        let mut pauses = Vec::new();
        for _ in 0..1_000 {
            let pause = ends.pause(now);
            now += pause;
            pauses.push(pause);
        }
        assert!(pauses.iter().all(|pause| *pause <= LONGEST));
        assert!(pauses.iter().skip(8).all(|pause| *pause >= LONGEST / 2), "a long pause is no good connection");
        // Discord lets 1,000 sessions begin in a day.
        assert!(pauses.iter().sum::<Duration>() > Duration::from_secs(8 * 3600));
    }

    #[test]
    fn an_end_after_a_good_connection_costs_a_moment() {
        let mut ends = Ends::default();
        let mut now = Instant::now();
        for _ in 0..20 {
            let pause = ends.pause(now);
            assert!(pause <= PAUSE);
            now += pause + GOOD + Duration::from_secs(1);
        }
    }
}
