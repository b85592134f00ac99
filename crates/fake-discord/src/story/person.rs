//! People, and what they do without the bot being asked: writing, reacting, joining voice.

use std::sync::Arc;

use super::asked::About;
use super::{Asked, Channel, Shown};
use crate::gateway::intents;
use crate::permissions as p;
use crate::state::{Shared, State};
use crate::world::{Message, Pings, VOICE};

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct Person {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: u64,
}

impl Person {
    /// Their number.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// How a message mentions them.
    #[must_use]
    pub fn mention(&self) -> String {
        format!("<@{}>", self.id)
    }

    /// The language of their client.
    #[must_use]
    pub fn speaking(self, locale: &str) -> Self {
        self.shared.change(|state| {
            if let Some(user) = state.world.users.get_mut(&self.id) {
                locale.clone_into(&mut user.locale);
            }
        });
        self
    }

    /// They install the application for themselves, and can use it in guilds without the bot.
    pub fn installs_the_bot(&self) {
        self.shared.change(|state| {
            if let Some(user) = state.world.users.get_mut(&self.id) {
                user.has_installed = true;
            }
        });
    }

    /// They write a message.
    ///
    /// # Panics
    /// They may not write there: the test is wrong.
    pub fn says(&self, channel: &Channel, text: &str) -> Asked {
        let id = self.shared.change(|state| state.say(self.id, channel.id, text));
        Asked { shared: Arc::clone(&self.shared), about: About::Message(id) }
    }

    /// They change a message of theirs.
    ///
    /// # Panics
    /// It is no message that was asked with.
    pub fn edits(&self, asked: &Asked, text: &str) {
        let About::Message(id) = asked.about else { panic!("only messages are edited") };
        self.shared.change(|state| {
            let edited = state.world.clock.stamp();
            let Some(message) = state.world.messages.get_mut(&id) else { return };
            text.clone_into(&mut message.content);
            message.edited = Some(edited);
            message.version += 1;
            state.dispatch_message("MESSAGE_UPDATE", id);
        });
    }

    /// They delete a message: one of theirs, or any with the right to.
    pub fn deletes(&self, shown: &Shown) {
        self.shared.change(|state| {
            if let Some(message) = state.world.messages.get_mut(&shown.id()) {
                message.is_deleted = true;
                message.version += 1;
            }
            state.dispatch_deleted(shown.id());
        });
    }

    /// They delete what they have written.
    ///
    /// # Panics
    /// It is no message that was asked with.
    pub fn takes_back(&self, asked: &Asked) {
        let About::Message(id) = asked.about else { panic!("only messages are taken back") };
        self.shared.change(|state| {
            if let Some(message) = state.world.messages.get_mut(&id) {
                message.is_deleted = true;
            }
            state.dispatch_deleted(id);
        });
    }

    /// They react to a message.
    ///
    /// # Panics
    /// They do not see it, or may not react.
    pub fn reacts(&self, shown: &Shown, emoji: &str) {
        self.shared.change(|state| {
            let Some(message) = state.world.messages.get(&shown.id()) else { panic!("there is no such message") };
            let allowed = state.world.permissions(self.id, message.channel);
            let is_there = message.reactions.iter().any(|reaction| reaction.emoji == emoji);
            assert!(state.world.sees(self.id, message) && !message.is_private(), "they do not see the message");
            assert!(is_there || allowed & p::ADD_REACTIONS != 0, "they may not react");
            state.react(shown.id(), self.id, emoji, true);
        });
    }

    /// They take a reaction back.
    pub fn unreacts(&self, shown: &Shown, emoji: &str) {
        self.shared.change(|state| state.react(shown.id(), self.id, emoji, false));
    }

    /// They join a voice channel, or move to it from another one of the guild.
    ///
    /// # Panics
    /// It is no voice channel of a guild of theirs.
    pub fn joins(&self, channel: &Channel) {
        self.shared.change(|state| {
            let guild = state.world.channels.get(&channel.id).filter(|channel| channel.kind == VOICE);
            let Some(guild) = guild.and_then(|channel| channel.guild) else { panic!("it is no voice channel") };
            assert!(state.world.permissions(self.id, channel.id) & p::CONNECT != 0, "they may not join");
            state.set_voice(guild, self.id, Some(channel.id));
        });
    }

    /// They leave the voice channels of a channel's guild.
    pub fn leaves(&self, channel: &Channel) {
        self.shared.change(|state| {
            if let Some(guild) = state.world.channels.get(&channel.id).and_then(|channel| channel.guild) {
                state.set_voice(guild, self.id, None);
            }
        });
    }
}

impl State {
    /// A person's message, sent to the bot. Its number.
    pub(crate) fn say(&mut self, user: u64, channel: u64, text: &str) -> u64 {
        let allowed = self.world.permissions(user, channel);
        assert!(allowed & p::SEND_MESSAGES != 0, "they may not write there");
        let mut pings = Pings::of(text, &serde_json::Value::Null);
        pings.everyone &= allowed & p::MENTION_EVERYONE != 0;
        let id = self.world.clock.snowflake();
        let message = Message {
            id,
            channel,
            author: user,
            content: text.to_owned(),
            sent: self.world.clock.stamp(),
            at: self.now(),
            pings,
            ..Message::default()
        };
        self.world.messages.insert(id, message);
        self.dispatch_message("MESSAGE_CREATE", id);
        id
    }

    fn set_voice(&mut self, guild: u64, user: u64, channel: Option<u64>) {
        let Some(known) = self.world.guilds.get_mut(&guild) else { return };
        let before = match channel {
            Some(channel) => known.voice.insert(user, channel),
            None => known.voice.remove(&user),
        };
        if before == channel {
            return;
        }
        let Some(known) = self.world.guilds.get(&guild) else { return };
        let payload = self.world.voice_state_json(known, user, channel, true);
        if self.bot_is_in(guild) {
            self.dispatch("VOICE_STATE_UPDATE", intents::GUILD_VOICE_STATES, &payload);
        }
    }
}
