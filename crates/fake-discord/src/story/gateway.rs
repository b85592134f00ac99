//! The gateway in the hands of a test.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::gateway::{Counts, Order};
use crate::state::Shared;

/// The gateway: what happened over it, and what goes wrong with it.
#[derive(Clone, Debug)]
pub struct GatewayHandle {
    pub(crate) shared: Arc<Shared>,
}

impl GatewayHandle {
    /// Waits until the bot has a session with a living connection.
    ///
    /// # Panics
    /// It gets none.
    pub async fn ready(&self) {
        self.shared.until("a session", |state| state.gateway.is_connected().then_some(())).await;
    }

    /// Waits until so many sessions have come about.
    ///
    /// # Panics
    /// They do not.
    pub async fn identified(&self, least: u32) {
        let what = format!("{least} sessions");
        self.shared.until(&what, |state| (state.gateway.counts.readies >= least).then_some(())).await;
    }

    /// Waits until sessions were resumed so often.
    ///
    /// # Panics
    /// They are not.
    pub async fn resumed(&self, least: u32) {
        let what = format!("{least} resumptions");
        self.shared.until(&what, |state| (state.gateway.counts.resumed >= least).then_some(())).await;
    }

    /// Waits until the counts are as wanted.
    ///
    /// # Panics
    /// They do not become so.
    pub async fn counted(&self, what: &str, mut is_wanted: impl FnMut(&Counts) -> bool) {
        self.shared.until(what, |state| is_wanted(&state.gateway.counts).then_some(())).await;
    }

    /// Waits until the bot has no connection.
    ///
    /// # Panics
    /// It keeps one.
    pub async fn gone(&self) {
        self.shared.until("the bot to go", |state| state.gateway.connections.is_empty().then_some(())).await;
    }

    /// Cuts all connections, as a broken line does.
    pub fn cut(&self) {
        self.tell(&Order::Cut);
    }

    /// Closes all connections with a code.
    pub fn close(&self, code: u16) {
        self.tell(&Order::Close(Some(code)));
    }

    /// Asks the bot to connect again (opcode 7).
    pub fn reconnect(&self) {
        self.tell(&Order::Text(json!({ "op": 7, "d": null }).to_string()));
    }

    /// Says that sessions are not valid (opcode 9); those that cannot be resumed are gone.
    pub fn invalid_session(&self, can_be_resumed: bool) {
        self.tell(&Order::Text(json!({ "op": 9, "d": can_be_resumed }).to_string()));
        if !can_be_resumed {
            self.forget_sessions();
        }
    }

    /// From now on open connections get neither answers to heartbeats nor events; new ones do.
    pub fn zombie(&self) {
        self.shared.change(|state| {
            let open: Vec<u64> = state.gateway.connections.keys().copied().collect();
            state.gateway.zombies.extend(open);
        });
    }

    /// Forgets all sessions: none can be resumed.
    pub fn forget_sessions(&self) {
        self.shared.change(|state| state.gateway.sessions.clear());
    }

    /// Closes with this code whoever identifies; none lets them in again.
    pub fn refuse(&self, code: Option<u16>) {
        self.shared.change(|state| state.gateway.refusal = code);
    }

    /// Closes each connection as soon as it is open, with this code or without one.
    pub fn accept_and_close(&self, code: Option<u16>) {
        self.greet(vec![Order::Close(code)]);
    }

    /// Cuts each connection as soon as it is open.
    pub fn accept_and_cut(&self) {
        self.greet(vec![Order::Cut]);
    }

    /// Asks each connection to come again as soon as it is open (opcode 7), and cuts it.
    pub fn accept_and_send_away(&self) {
        self.greet(vec![Order::Text(json!({ "op": 7, "d": null }).to_string()), Order::Cut]);
    }

    fn greet(&self, orders: Vec<Order>) {
        self.shared.change(|state| state.gateway.greeting = Some(orders));
    }

    /// Serves connections again.
    pub fn serve(&self) {
        self.shared.change(|state| state.gateway.greeting = None);
    }

    /// Whether connections are refused.
    pub fn outage(&self, is_out: bool) {
        self.shared.change(|state| state.gateway.is_out = is_out);
    }

    /// What was counted so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.shared.look(|state| state.gateway.counts.clone())
    }

    /// What the bot shows about itself.
    #[must_use]
    pub fn presence(&self) -> Value {
        self.shared.look(|state| state.gateway.presence.clone())
    }

    /// Waits until the bot shows something as wanted about itself.
    ///
    /// # Panics
    /// It does not.
    pub async fn presence_with(&self, what: &str, mut is_wanted: impl FnMut(&Value) -> bool) -> Value {
        let shown =
            self.shared.until(what, |state| is_wanted(&state.gateway.presence).then(|| state.gateway.presence.clone()));
        shown.await
    }

    fn tell(&self, order: &Order) {
        self.shared.change(|state| state.gateway.tell_all(order));
    }
}
