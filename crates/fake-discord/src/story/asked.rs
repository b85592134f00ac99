//! Something that was asked, and waiting for its answer.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::Shown;
use crate::state::{Shared, State};
use crate::world::{Interaction, Message};

/// Discord's number of the first answer that only promises a change of the message.
const DEFERRED_UPDATE: u64 = 6;

/// Something that a person has asked or written.
#[derive(Clone, Debug)]
pub struct Asked {
    pub(crate) shared: Arc<Shared>,
    pub(crate) about: About,
}

/// What was asked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Interaction(u64),
    Message(u64),
}

/// Something that is offered while a person types.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What is shown.
    pub name: String,
    /// What is sent when it is chosen.
    pub value: Value,
}

impl Asked {
    /// The number of the interaction or message.
    #[must_use]
    pub fn id(&self) -> u64 {
        match self.about {
            About::Interaction(id) | About::Message(id) => id,
        }
    }

    /// Waits for what the person is shown: a message (not "thinking"), or a form.
    ///
    /// # Panics
    /// Nothing comes.
    pub async fn answer(&self) -> Shown {
        let what = self.shared.look(|state| self.what(state));
        self.shared.until(&what, |state| self.shown(state)).await
    }

    /// What the person is shown now, if anything.
    #[must_use]
    pub fn answer_now(&self) -> Option<Shown> {
        self.shared.look(|state| self.shown(state))
    }

    /// Waits until the bot has said that it heard: at the latest with the answer.
    ///
    /// # Panics
    /// It does not.
    pub async fn acknowledged(&self) -> Duration {
        let found = self.shared.until("a first answer", |state| {
            let interaction = self.interaction(state)?;
            interaction.acknowledged.map(|acknowledged| acknowledged.at.saturating_sub(interaction.asked))
        });
        found.await
    }

    /// Further messages of the answer.
    #[must_use]
    pub fn followups(&self) -> Vec<Shown> {
        self.shared.look(|state| {
            let followups =
                self.interaction(state).map(|interaction| interaction.followups.clone()).unwrap_or_default();
            let messages = followups.iter().filter_map(|id| state.world.messages.get(id));
            messages.filter(|message| !message.is_deleted).map(|message| Shown::of(&self.shared, message)).collect()
        })
    }

    /// Waits for a further message of the answer.
    ///
    /// # Panics
    /// None comes.
    pub async fn followup(&self) -> Shown {
        let found = self.shared.until("a follow-up", |state| {
            let id = *self.interaction(state)?.followups.last()?;
            state.world.messages.get(&id).map(|message| Shown::of(&self.shared, message))
        });
        found.await
    }

    /// How often the bot has tried to give a first answer.
    #[must_use]
    pub fn acknowledgements(&self) -> usize {
        self.shared.look(|state| self.interaction(state).map_or(0, |interaction| interaction.callbacks))
    }

    /// Sends the same once more, as after a resumption that begins too early.
    pub fn redeliver(&self) {
        self.shared.change(|state| match self.about {
            About::Interaction(id) => {
                let payload = state.world.interactions.get(&id).map(|interaction| interaction.payload.clone());
                state.dispatch("INTERACTION_CREATE", 0, &payload.unwrap_or_default());
            }
            About::Message(id) => state.dispatch_message("MESSAGE_CREATE", id),
        });
    }

    /// Waits for what is offered.
    pub(super) async fn choices(&self) -> Vec<Choice> {
        let what = self.shared.look(|state| self.what(state));
        let found = self.shared.until(&what, |state| self.interaction(state)?.choices.clone()).await;
        let name = |choice: &Value| choice["name"].as_str().unwrap_or_default().to_owned();
        found.iter().map(|choice| Choice { name: name(choice), value: choice["value"].clone() }).collect()
    }

    fn interaction<'a>(&self, state: &'a State) -> Option<&'a Interaction> {
        match self.about {
            About::Interaction(id) => state.world.interactions.get(&id),
            About::Message(_) => None,
        }
    }

    fn what(&self, state: &State) -> String {
        match self.about {
            About::Interaction(id) => {
                let data = state.world.interactions.get(&id).map(|interaction| interaction.payload["data"].to_string());
                format!("the answer to {}", data.unwrap_or_default())
            }
            About::Message(id) => {
                let text = state.world.messages.get(&id).map(|message| message.content.clone());
                format!("the answer to \"{}\"", text.unwrap_or_default())
            }
        }
    }

    fn shown(&self, state: &State) -> Option<Shown> {
        let id = match self.about {
            About::Interaction(id) => id,
            About::Message(asked) => {
                let answer = state.world.messages.values().find(|message| message.reply_to == Some(asked))?;
                let shown = Shown::of(&self.shared, answer);
                let at = state.world.messages.get(&asked).map(|message| message.at).unwrap_or_default();
                return Some(shown.timed(answer.at.saturating_sub(at), answer.at.saturating_sub(at)));
            }
        };
        let interaction = state.world.interactions.get(&id)?;
        let acknowledged = interaction.acknowledged?;
        let after = |at: Duration| at.saturating_sub(interaction.asked);
        let (first, last) = (after(acknowledged.at), after(interaction.answered?));
        if let Some(modal) = &interaction.modal {
            return Some(Shown::form(&self.shared, interaction, modal).timed(first, last));
        }
        let message = answer_of(state, interaction, acknowledged.callback)?;
        Some(Shown::of(&self.shared, message).timed(first, last))
    }
}

/// The message that answers: the first one, unless it was taken back or only promised to change.
fn answer_of<'a>(state: &'a State, interaction: &Interaction, callback: u64) -> Option<&'a Message> {
    let message =
        |id: &u64| state.world.messages.get(id).filter(|message| !message.is_deleted && !message.is_thinking());
    let is_changed = |message: &&Message| {
        callback != DEFERRED_UPDATE
            || message.version != interaction.source_version
            || Some(message.id) != interaction.source
    };
    let original = interaction.original.as_ref().and_then(message).filter(is_changed);
    original.or_else(|| interaction.followups.iter().rev().find_map(message))
}
