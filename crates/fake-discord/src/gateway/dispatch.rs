//! Events on their way to sessions, as far as their intents allow.

use serde_json::{Value, json};

use crate::permissions as p;
use crate::state::State;
use crate::world::{Message, Reaction, set};

/// Bits of intents.
pub(crate) mod intents {
    /// Guilds, channels, roles.
    pub(crate) const GUILDS: u64 = 1;
    /// Who comes and goes.
    pub(crate) const GUILD_MEMBERS: u64 = 1 << 1;
    /// Who is in voice.
    pub(crate) const GUILD_VOICE_STATES: u64 = 1 << 7;
    /// Messages in guilds.
    pub(crate) const GUILD_MESSAGES: u64 = 1 << 9;
    /// Reactions in guilds.
    pub(crate) const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
    /// Direct messages.
    pub(crate) const DIRECT_MESSAGES: u64 = 1 << 12;
    /// Reactions to direct messages.
    pub(crate) const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
    /// What messages say.
    pub(crate) const MESSAGE_CONTENT: u64 = 1 << 15;
}

impl State {
    /// Sends an event to every session that has the intent; 0 is for all.
    pub(crate) fn dispatch(&mut self, event: &str, intent: u64, payload: &Value) {
        let ids: Vec<String> = self.gateway.sessions.keys().cloned().collect();
        for id in ids {
            self.dispatch_to(&id, event, intent, payload);
        }
    }

    /// The same to one session.
    pub(crate) fn dispatch_to(&mut self, id: &str, event: &str, intent: u64, payload: &Value) {
        let session = self.gateway.sessions.get_mut(id).filter(|session| session.has_intent(intent));
        if let Some(text) = session.map(|session| session.number(event, payload)) {
            self.gateway.send(id, text);
        }
    }

    /// Sends a message that is new or has changed. Private ones are not sent, nor those of hidden channels.
    pub(crate) fn dispatch_message(&mut self, event: &str, id: u64) {
        let Some(message) = self.world.messages.get(&id).cloned() else { return };
        if message.is_private() || !self.world.sees(self.world.bot(), &message) {
            return;
        }
        let guild = self.world.channels.get(&message.channel).and_then(|channel| channel.guild);
        let payload = self.event_of(&message, guild);
        let without = self.without_content(&message, &payload);
        let intent = if guild.is_some() { intents::GUILD_MESSAGES } else { intents::DIRECT_MESSAGES };
        let ids: Vec<String> = self.gateway.sessions.keys().cloned().collect();
        for id in ids {
            let session = self.gateway.sessions.get(&id);
            let reads = session.is_some_and(|session| session.has_intent(intents::MESSAGE_CONTENT));
            let payload = if reads || guild.is_none() { &payload } else { &without };
            self.dispatch_to(&id, event, intent, payload);
        }
    }

    fn event_of(&self, message: &Message, guild: Option<u64>) -> Value {
        let mut payload = self.world.message_json(message);
        if let Some(guild) = guild {
            set(&mut payload, "guild_id", guild.to_string());
            let member = self.world.guilds.get(&guild).and_then(|guild| guild.members.get(&message.author));
            if let Some(member) = member {
                set(&mut payload, "member", crate::world::World::bare_member_json(member));
            }
        }
        payload
    }

    /// What remains of a message without the intent for content: its own messages and mentions stay whole.
    fn without_content(&self, message: &Message, payload: &Value) -> Value {
        let mut stripped = payload.clone();
        if message.author == self.world.bot() || message.pings.users.contains(&self.world.bot()) {
            return stripped;
        }
        set(&mut stripped, "content", "");
        for list in ["embeds", "attachments", "components"] {
            set(&mut stripped, list, Vec::<Value>::new());
        }
        stripped
    }

    pub(crate) fn dispatch_deleted(&mut self, id: u64) {
        let Some(message) = self.world.messages.get(&id) else { return };
        if message.is_private() {
            return;
        }
        let guild = self.world.channels.get(&message.channel).and_then(|channel| channel.guild);
        let mut payload = json!({ "id": id.to_string(), "channel_id": message.channel.to_string() });
        if let Some(guild) = guild {
            set(&mut payload, "guild_id", guild.to_string());
        }
        let intent = if guild.is_some() { intents::GUILD_MESSAGES } else { intents::DIRECT_MESSAGES };
        self.dispatch("MESSAGE_DELETE", intent, &payload);
    }

    /// Somebody reacts, or takes a reaction back.
    pub(crate) fn react(&mut self, message: u64, user: u64, emoji: &str, adds: bool) {
        let Some(known) = self.world.messages.get_mut(&message) else { return };
        let place = known.reactions.iter().position(|reaction| reaction.emoji == emoji);
        let reaction = match place {
            Some(place) => known.reactions.get_mut(place),
            None if adds => {
                known.reactions.push(Reaction { emoji: emoji.to_owned(), users: Vec::new() });
                known.reactions.last_mut()
            }
            None => None,
        };
        let Some(reaction) = reaction.filter(|reaction| reaction.users.contains(&user) != adds) else { return };
        if adds {
            reaction.users.push(user);
        } else {
            reaction.users.retain(|other| *other != user);
        }
        known.reactions.retain(|reaction| !reaction.users.is_empty());
        known.version += 1;
        let (channel, author) = (known.channel, known.author);
        self.dispatch_reaction(message, (channel, author), user, emoji, adds);
    }

    fn dispatch_reaction(&mut self, message: u64, place: (u64, u64), user: u64, emoji: &str, adds: bool) {
        let (channel, author) = place;
        let guild = self.world.channels.get(&channel).and_then(|channel| channel.guild);
        let mut payload = json!({
            "user_id": user.to_string(), "channel_id": channel.to_string(), "message_id": message.to_string(),
            "emoji": { "id": null, "name": emoji }, "burst": false, "type": 0,
        });
        let member = guild.and_then(|guild| self.world.guilds.get(&guild)).and_then(|guild| guild.members.get(&user));
        if let Some(guild) = guild {
            set(&mut payload, "guild_id", guild.to_string());
        }
        if let Some(member) = member.filter(|_| adds) {
            set(&mut payload, "member", self.world.member_json(member));
        }
        if adds {
            set(&mut payload, "message_author_id", author.to_string());
        }
        let event = if adds { "MESSAGE_REACTION_ADD" } else { "MESSAGE_REACTION_REMOVE" };
        if self.world.permissions(self.world.bot(), channel) & p::VIEW_CHANNEL != 0 {
            self.dispatch(event, reactions_intent(guild), &payload);
        }
    }

    /// Takes all reactions away, or those with one emoji.
    pub(crate) fn clear_reactions(&mut self, message: u64, emoji: Option<&str>) {
        let Some(known) = self.world.messages.get_mut(&message) else { return };
        known.reactions.retain(|reaction| emoji.is_some_and(|emoji| reaction.emoji != emoji));
        known.version += 1;
        let channel = known.channel;
        let guild = self.world.channels.get(&channel).and_then(|channel| channel.guild);
        let mut payload = json!({ "channel_id": channel.to_string(), "message_id": message.to_string() });
        if let Some(guild) = guild {
            set(&mut payload, "guild_id", guild.to_string());
        }
        let event = match emoji {
            Some(emoji) => {
                set(&mut payload, "emoji", json!({ "id": null, "name": emoji }));
                "MESSAGE_REACTION_REMOVE_EMOJI"
            }
            None => "MESSAGE_REACTION_REMOVE_ALL",
        };
        self.dispatch(event, reactions_intent(guild), &payload);
    }
}

fn reactions_intent(guild: Option<u64>) -> u64 {
    if guild.is_some() { intents::GUILD_MESSAGE_REACTIONS } else { intents::DIRECT_MESSAGE_REACTIONS }
}
