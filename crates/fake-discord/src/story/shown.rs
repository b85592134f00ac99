//! What a person is shown: a message as it is at a moment, or a form.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::interacting::flat;
use super::person::Person;
use crate::state::{Shared, State};
use crate::world::{Interaction, Message};

/// A message as it is at a moment, or a form.
#[derive(Clone, Debug)]
pub struct Shown {
    shared: Arc<Shared>,
    message: Message,
    modal: Option<Value>,
    acknowledged_after: Duration,
    answered_after: Duration,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// Its label, or its emoji.
    pub label: String,
    /// Its id; empty for a link.
    pub custom_id: String,
    /// Whether it cannot be pressed.
    pub is_disabled: bool,
}

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What is seen in it.
    pub description: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Where it is to be had.
    pub url: String,
}

impl Shown {
    pub(super) fn of(shared: &Arc<Shared>, message: &Message) -> Self {
        Self {
            shared: Arc::clone(shared),
            message: message.clone(),
            modal: None,
            acknowledged_after: Duration::ZERO,
            answered_after: Duration::ZERO,
        }
    }

    pub(super) fn form(shared: &Arc<Shared>, interaction: &Interaction, modal: &Value) -> Self {
        let message = Message {
            id: interaction.source.unwrap_or_default(),
            channel: interaction.channel,
            seen_by: Some(interaction.user),
            ..Message::default()
        };
        Self { modal: Some(modal.clone()), ..Self::of(shared, &message) }
    }

    pub(super) fn timed(self, acknowledged_after: Duration, answered_after: Duration) -> Self {
        Self { acknowledged_after, answered_after, ..self }
    }

    /// The message's number; of a form that of the message it was opened from, or 0.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.message.id
    }

    pub(super) fn channel(&self) -> u64 {
        self.message.channel
    }

    pub(super) fn source(&self) -> Option<u64> {
        Some(self.message.id).filter(|id| *id != 0)
    }

    /// The name of who wrote it.
    #[must_use]
    pub fn author(&self) -> String {
        let name = |state: &State| state.world.users.get(&self.message.author).map(|user| user.name.clone());
        self.shared.look(name).unwrap_or_default()
    }

    /// Whether it is only announced: "... is thinking".
    #[must_use]
    pub fn is_thinking(&self) -> bool {
        self.message.is_thinking()
    }

    /// The text outside of embeds.
    #[must_use]
    pub fn content(&self) -> &str {
        &self.message.content
    }

    /// The embeds as they were sent.
    #[must_use]
    pub fn embeds(&self) -> &[Value] {
        &self.message.embeds
    }

    /// The rows as they were sent.
    #[must_use]
    pub fn components(&self) -> &[Value] {
        &self.message.components
    }

    /// The title of the first embed.
    #[must_use]
    pub fn title(&self) -> &str {
        self.message.embeds.first().and_then(|embed| embed["title"].as_str()).unwrap_or_default()
    }

    /// All that can be read: the content, then of each embed title, description, fields and footer, a line each.
    #[must_use]
    pub fn text(&self) -> String {
        let mut parts = vec![self.message.content.as_str()];
        for embed in &self.message.embeds {
            parts.extend(embed["author"]["name"].as_str());
            parts.extend(embed["title"].as_str());
            parts.extend(embed["description"].as_str());
            for field in embed["fields"].as_array().into_iter().flatten() {
                parts.extend(field["name"].as_str());
                parts.extend(field["value"].as_str());
            }
            parts.extend(embed["footer"]["text"].as_str());
        }
        for component in self.message.components.iter().filter(|component| component["type"] == 10) {
            parts.extend(component["content"].as_str());
        }
        parts.retain(|part| !part.is_empty());
        parts.join("\n")
    }

    /// Its buttons.
    #[must_use]
    pub fn buttons(&self) -> Vec<Button> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let button = |component: &Value| Button {
            label: component["label"].as_str().map_or_else(|| text(&component["emoji"]["name"]), str::to_owned),
            custom_id: text(&component["custom_id"]),
            is_disabled: component["disabled"] == true,
        };
        flat(&self.message.components).iter().filter(|component| component["type"] == 2).map(button).collect()
    }

    /// The options of all its menus: what each says.
    #[must_use]
    pub fn options(&self) -> Vec<String> {
        let menus = flat(&self.message.components).into_iter().filter(|component| component["type"] == 3);
        let options = menus.flat_map(|menu| menu["options"].as_array().cloned().unwrap_or_default());
        options.map(|option| option["label"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Its files.
    #[must_use]
    pub fn files(&self) -> Vec<File> {
        let file = |file: &crate::world::File| File {
            name: file.name.clone(),
            description: file.description.clone().unwrap_or_default(),
            bytes: file.bytes.to_vec(),
            url: self.shared.look(|state| state.world.file_url(file, &self.message)),
        };
        self.message.files.iter().map(file).collect()
    }

    /// Its reactions: emoji, and how many have it.
    #[must_use]
    pub fn reactions(&self) -> Vec<(String, usize)> {
        self.message.reactions.iter().map(|reaction| (reaction.emoji.clone(), reaction.users.len())).collect()
    }

    /// The form, if it is one.
    #[must_use]
    pub fn modal(&self) -> Option<&Value> {
        self.modal.as_ref()
    }

    /// Whether only the asker sees it.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.message.is_private()
    }

    /// Whether somebody sees it.
    #[must_use]
    pub fn is_seen_by(&self, person: &Person) -> bool {
        self.shared.look(|state| state.world.sees(person.id, &self.message))
    }

    /// Whom it pings: `@everyone`, `<@7>`, `<@&8>`.
    #[must_use]
    pub fn pings(&self) -> Vec<String> {
        let pings = &self.message.pings;
        let everyone = pings.everyone.then(|| "@everyone".to_owned());
        let users = pings.users.iter().map(|id| format!("<@{id}>"));
        let roles = pings.roles.iter().map(|id| format!("<@&{id}>"));
        everyone.into_iter().chain(users).chain(roles).collect()
    }

    /// Whether it was changed after it was first shown.
    #[must_use]
    pub fn is_edited(&self) -> bool {
        self.message.edited.is_some()
    }

    /// When it was posted, since the fake was started.
    #[must_use]
    pub fn posted_at(&self) -> Duration {
        self.message.at
    }

    /// How long the bot took to say that it heard.
    #[must_use]
    pub fn acknowledged_after(&self) -> Duration {
        self.acknowledged_after
    }

    /// How long it took until there was something to read.
    #[must_use]
    pub fn answered_after(&self) -> Duration {
        self.answered_after
    }

    /// The same message as it is now; none when it is gone.
    #[must_use]
    pub fn now(&self) -> Option<Self> {
        self.shared.look(|state| {
            let message = state.world.messages.get(&self.message.id).filter(|message| !message.is_deleted)?;
            Some(Self::of(&self.shared, message))
        })
    }

    /// Waits until the message is another one: edited, or with other reactions.
    ///
    /// # Panics
    /// It does not change.
    pub async fn changed(&self) -> Self {
        self.becomes("a change", |shown| shown.message.version > self.message.version).await
    }

    /// Waits until the message is as wanted.
    ///
    /// # Panics
    /// It does not become so.
    pub async fn becomes(&self, what: &str, mut is_wanted: impl FnMut(&Self) -> bool) -> Self {
        let what = format!("{what} of the message \"{}\"", self.text().chars().take(60).collect::<String>());
        let found = self.shared.until(&what, |state| {
            let message = state.world.messages.get(&self.message.id).filter(|message| !message.is_deleted)?;
            Some(Self::of(&self.shared, message)).filter(|shown| is_wanted(shown))
        });
        found.await
    }

    /// Waits until the message is deleted.
    ///
    /// # Panics
    /// It stays.
    pub async fn gone(&self) {
        let found = self.shared.until("a message to be deleted", |state| {
            state.world.messages.get(&self.message.id).is_none_or(|message| message.is_deleted).then_some(())
        });
        found.await;
    }
}
