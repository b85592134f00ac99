//! A session: what was dispatched to it, so that it can be resumed.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Gateway, Order};

/// Events that are kept to be sent again.
const KEPT: usize = 5_000;

/// A session of the bot.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) intents: u64,
    pub(crate) sequence: u64,
    events: VecDeque<(u64, String)>,
    pub(crate) connection: Option<u64>,
    /// Since when it has no connection.
    pub(crate) lost: Option<Duration>,
}

impl Session {
    pub(crate) fn new(id: String, intents: u64, connection: u64) -> Self {
        Self { id, intents, sequence: 0, events: VecDeque::new(), connection: Some(connection), lost: None }
    }

    pub(crate) fn has_intent(&self, intent: u64) -> bool {
        intent == 0 || self.intents & intent != 0
    }

    /// Numbers an event and keeps it. The text to be sent.
    pub(crate) fn number(&mut self, event: &str, payload: &Value) -> String {
        self.sequence += 1;
        let text = json!({ "op": 0, "t": event, "s": self.sequence, "d": payload }).to_string();
        if self.events.len() >= KEPT {
            self.events.pop_front();
        }
        self.events.push_back((self.sequence, text.clone()));
        text
    }

    /// What was dispatched behind a number; none when that is not known any more, or never was.
    pub(crate) fn missed(&self, behind: u64) -> Option<Vec<String>> {
        let first_kept = self.events.front().map_or(self.sequence + 1, |(number, _)| *number);
        let is_known = behind <= self.sequence && behind + 1 >= first_kept;
        is_known
            .then(|| self.events.iter().filter(|(number, _)| *number > behind).map(|(_, text)| text.clone()).collect())
    }
}

impl Gateway {
    /// Sends a text to a session, if it has a connection that lives.
    pub(crate) fn send(&self, session: &str, text: String) {
        let connection = self.sessions.get(session).and_then(|session| session.connection);
        let sender =
            connection.filter(|number| !self.zombies.contains(number)).and_then(|number| self.connections.get(&number));
        if let Some(sender) = sender {
            // One that is just ending gets it when it is resumed.
            drop(sender.send(Order::Text(text)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_missed_is_what_came_behind() {
        let mut session = Session::new("s".to_owned(), 0, 1);
        for number in 0..3 {
            session.number("EVENT", &json!(number));
        }
        assert_eq!(session.missed(3), Some(Vec::new()));
        assert_eq!(session.missed(1).unwrap().len(), 2);
        assert_eq!(session.missed(4), None, "the future");
        for number in 0..u64::try_from(KEPT).unwrap() {
            session.number("EVENT", &json!(number));
        }
        assert_eq!(session.missed(1), None, "forgotten");
    }
}
