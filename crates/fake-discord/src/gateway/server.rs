//! The gateway on loopback.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tokio_websockets::{CloseCode, Message, ServerBuilder, WebSocketStream};

use super::Order;
use crate::state::Shared;

/// Messages of the bot in [`MINUTE`]; more close the connection.
const MOST: usize = 120;
const MINUTE: Duration = Duration::from_secs(60);
const SESSION_TIMED_OUT: u16 = 4009;
const RATE_LIMITED: u16 = 4008;

/// Accepts connections until it is dropped.
pub(crate) async fn serve(shared: Arc<Shared>, listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        while connections.try_join_next().is_some() {}
        if shared.look(|state| state.gateway.is_out) {
            continue;
        }
        connections.spawn(accept(Arc::clone(&shared), stream));
    }
}

async fn accept(shared: Arc<Shared>, stream: TcpStream) {
    let Ok((request, socket)) = ServerBuilder::new().accept(stream).await else { return };
    let query = request.uri().query().unwrap_or_default();
    let (orders, heard) = mpsc::unbounded_channel();
    let number = shared.change(|state| {
        if query != "v=10&encoding=json" {
            state.violate(format!("gateway: the query is \"{query}\", the fake speaks v=10&encoding=json"));
        }
        state.gateway.counts.connections += 1;
        state.gateway.opened += 1;
        state.gateway.connections.insert(state.gateway.opened, orders);
        state.gateway.opened
    });
    let mut connection = Connection { shared: Arc::clone(&shared), number, socket, sent: VecDeque::new(), said: None };
    let code = connection.live(heard).await;
    shared.change(|state| state.gone(number, code));
}

struct Connection {
    shared: Arc<Shared>,
    number: u64,
    socket: WebSocketStream<TcpStream>,
    /// When the bot has sent its latest messages.
    sent: VecDeque<Instant>,
    /// The last heartbeat, or the start.
    said: Option<Instant>,
}

impl Connection {
    /// Serves a connection to its end. The code with which the bot has closed it.
    async fn live(&mut self, mut orders: UnboundedReceiver<Order>) -> Option<u16> {
        let heartbeat = self.shared.options.heartbeat;
        let hello = json!({ "op": 10, "d": { "heartbeat_interval": heartbeat.as_millis() } });
        if self.socket.send(Message::text(hello.to_string())).await.is_err() {
            return None;
        }
        for order in self.shared.look(|state| state.gateway.greeting.clone()).unwrap_or_default() {
            if self.obey(order).await.is_err() {
                return None;
            }
        }
        self.said = Some(Instant::now());
        loop {
            // Discord closes a connection that has missed a heartbeat, with some patience.
            let deadline = self.said.unwrap_or_else(Instant::now) + heartbeat * 2 + Duration::from_secs(1);
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => if self.obey(order).await.is_err() { return None },
                    None => return None,
                },
                message = self.socket.next() => match message {
                    Some(Ok(message)) => if let Err(code) = self.hear(&message).await { return code },
                    Some(Err(_)) | None => {
                        self.shared.change(|state| state.gateway.counts.closes.push(None));
                        return None;
                    }
                },
                () = sleep_until(deadline) => return self.close(Some(SESSION_TIMED_OUT)).await,
            }
        }
    }

    /// An error when the connection is at its end.
    async fn obey(&mut self, order: Order) -> Result<(), ()> {
        match order {
            Order::Text(text) => self.socket.send(Message::text(text)).await.map_err(drop),
            Order::Close(code) => {
                self.close(code).await;
                Err(())
            }
            Order::Cut => Err(()),
        }
    }

    async fn hear(&mut self, message: &Message) -> Result<(), Option<u16>> {
        if message.is_close() {
            let code = message.as_close().map(|(code, _)| u16::from(code));
            self.shared.change(|state| state.gateway.counts.closes.push(code));
            // The bot may be gone already.
            drop(self.socket.close().await);
            return Err(code);
        }
        let Some(text) = message.as_text() else { return Ok(()) };
        let now = Instant::now();
        self.sent.push_back(now);
        while self.sent.front().is_some_and(|first| now.duration_since(*first) > MINUTE) {
            self.sent.pop_front();
        }
        if self.sent.len() > MOST {
            self.shared.change(|state| state.violate(format!("gateway: more than {MOST} messages in a minute")));
            return Err(self.close(Some(RATE_LIMITED)).await);
        }
        let frame: Value = serde_json::from_str(text).unwrap_or_default();
        if frame["op"] == 1 {
            self.said = Some(now);
        }
        let orders = self.shared.change(|state| state.heard(&self.shared.options, self.number, &frame));
        for order in orders {
            self.obey(order).await.map_err(|()| None)?;
        }
        Ok(())
    }

    async fn close(&mut self, code: Option<u16>) -> Option<u16> {
        let code = code.and_then(|code| CloseCode::try_from(code).ok());
        // The bot may be gone already.
        drop(self.socket.send(Message::close(code, "")).await);
        drop(self.socket.close().await);
        None
    }
}
