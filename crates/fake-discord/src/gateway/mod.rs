//! The gateway: sessions with what was dispatched to them, connections, and what is made to go wrong.

mod dispatch;
mod frames;
mod server;
mod session;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

pub(crate) use dispatch::intents;
pub(crate) use server::serve;
pub(crate) use session::Session;

/// What a connection is told to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Send this text.
    Text(String),
    /// Close with this code, or without one.
    Close(Option<u16>),
    /// Cut the connection, as a broken line does.
    Cut,
}

/// What was counted since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections that were accepted.
    pub connections: u32,
    /// Sessions that were asked for.
    pub identifies: u32,
    /// Sessions that came about.
    pub readies: u32,
    /// Resumptions that were asked for.
    pub resumes: u32,
    /// Resumptions that came about.
    pub resumed: u32,
    /// Heartbeats.
    pub heartbeats: u32,
    /// Codes with which the bot closed connections; none when it just went away.
    pub closes: Vec<Option<u16>>,
}

/// The gateway.
#[derive(Debug, Default)]
pub(crate) struct Gateway {
    pub(crate) url: String,
    pub(crate) sessions: BTreeMap<String, Session>,
    /// Open connections, by a running number.
    pub(crate) connections: BTreeMap<u64, UnboundedSender<Order>>,
    pub(crate) opened: u64,
    pub(crate) counts: Counts,
    /// Connections over which the bot has identified or resumed.
    pub(crate) known: BTreeSet<u64>,
    /// Connections over which neither heartbeats are answered nor events sent.
    pub(crate) zombies: BTreeSet<u64>,
    /// Each identify is answered by this close code.
    pub(crate) refusal: Option<u16>,
    /// What each connection is told once it is open, instead of being served.
    pub(crate) greeting: Option<Vec<Order>>,
    /// Connections are not accepted.
    pub(crate) is_out: bool,
    pub(crate) presence: Value,
    /// When sessions were asked for within the last day.
    pub(crate) identifies: VecDeque<Duration>,
}

impl Gateway {
    /// Tells all open connections.
    pub(crate) fn tell_all(&self, order: &Order) {
        for connection in self.connections.values() {
            // One that is just ending does not hear it.
            drop(connection.send(order.clone()));
        }
    }

    /// Whether the bot has a session with an open connection that lives.
    pub(crate) fn is_connected(&self) -> bool {
        let lives = |connection: u64| !self.zombies.contains(&connection);
        self.sessions.values().any(|session| session.connection.is_some_and(lives))
    }
}
