//! What people ask by command, button, menu or form, and how far its answer is.

use std::time::Duration;

use serde_json::Value;

/// Discord waits so long for the first answer.
pub(crate) const FIRST_ANSWER: Duration = Duration::from_secs(3);
/// An interaction's token is good for so long.
pub(crate) const TOKEN: Duration = Duration::from_secs(15 * 60);

/// How something is asked. The numbers are Discord's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Command = 2,
    Component = 3,
    Autocomplete = 4,
    Modal = 5,
}

/// Something that was asked.
#[derive(Clone, Debug)]
pub(crate) struct Interaction {
    pub(crate) id: u64,
    pub(crate) token: String,
    pub(crate) kind: Kind,
    pub(crate) channel: u64,
    pub(crate) user: u64,
    pub(crate) asked: Duration,
    /// When the bot heard of it; none while it has no connection.
    pub(crate) heard: Option<Duration>,
    /// What was sent to the bot.
    pub(crate) payload: Value,
    /// The name of the command.
    pub(crate) name: Option<String>,
    /// The message with the button or menu.
    pub(crate) source: Option<u64>,
    /// How that message was then.
    pub(crate) source_version: u64,
    pub(crate) acknowledged: Option<Acknowledged>,
    /// How often the bot tried to give a first answer.
    pub(crate) callbacks: usize,
    /// The message that is the answer.
    pub(crate) original: Option<u64>,
    pub(crate) followups: Vec<u64>,
    /// When a person could read the answer.
    pub(crate) answered: Option<Duration>,
    /// What was offered for what was typed.
    pub(crate) choices: Option<Vec<Value>>,
    /// The form that was opened.
    pub(crate) modal: Option<Value>,
}

/// A first answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Acknowledged {
    /// Which of Discord's callback types.
    pub(crate) callback: u64,
    /// When.
    pub(crate) at: Duration,
    /// Whether the bot was told that it had arrived; then it must not try again.
    pub(crate) is_told: bool,
}

impl Interaction {
    pub(crate) fn is_too_late_for_first(&self, now: Duration) -> bool {
        now.saturating_sub(self.asked) > FIRST_ANSWER
    }

    /// Whether the bot let the time pass, and not the line.
    pub(crate) fn is_bot_late(&self, now: Duration) -> bool {
        self.heard.is_some_and(|heard| now.saturating_sub(heard) > FIRST_ANSWER)
    }

    pub(crate) fn is_token_over(&self, now: Duration) -> bool {
        now.saturating_sub(self.asked) > TOKEN
    }

    /// Messages that belong to it.
    pub(crate) fn owns(&self, message: u64) -> bool {
        self.original == Some(message) || self.followups.contains(&message)
    }
}
