//! Guilds, roles and channels in the hands of a test.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Person, Shown};
use crate::gateway::intents;
use crate::state::{Shared, State};
use crate::world::{self, Member, Overwrite, TEXT, VOICE, set};

/// A guild.
#[derive(Clone, Debug)]
pub struct Guild {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: u64,
}

/// A role of a guild.
#[derive(Clone, Debug)]
pub struct Role {
    pub(crate) id: u64,
}

/// A channel.
#[derive(Clone, Debug)]
pub struct Channel {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: u64,
}

impl Role {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }
}

impl Guild {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The role that everybody has.
    #[must_use]
    pub fn everyone(&self) -> Role {
        Role { id: self.id }
    }

    /// A new text channel.
    #[must_use]
    pub fn text(&self, name: &str) -> Channel {
        self.channel(name, TEXT)
    }

    /// A new voice channel.
    #[must_use]
    pub fn voice(&self, name: &str) -> Channel {
        self.channel(name, VOICE)
    }

    fn channel(&self, name: &str, kind: u8) -> Channel {
        let id = self.shared.change(|state| {
            let id = state.world.clock.snowflake();
            let channel = world::Channel {
                id,
                kind,
                guild: Some(self.id),
                name: name.to_owned(),
                overwrites: Vec::new(),
                recipient: None,
            };
            let json = state.world.channel_json(&channel);
            state.world.channels.insert(id, channel);
            if state.bot_is_in(self.id) {
                state.dispatch("CHANNEL_CREATE", intents::GUILDS, &json);
            }
            id
        });
        Channel { shared: Arc::clone(&self.shared), id }
    }

    /// A new role with these rights.
    #[must_use]
    pub fn role(&self, name: &str, permissions: u64) -> Role {
        let id = self.shared.change(|state| {
            let id = state.world.clock.snowflake();
            let role = world::Role { id, name: name.to_owned(), permissions };
            let Some(guild) = state.world.guilds.get_mut(&self.id) else { return id };
            let position = guild.roles.len();
            let payload = json!({ "guild_id": self.id.to_string(), "role": role.json(position) });
            guild.roles.push(role);
            if state.bot_is_in(self.id) {
                state.dispatch("GUILD_ROLE_CREATE", intents::GUILDS, &payload);
            }
            id
        });
        Role { id }
    }

    /// Gives a role other rights.
    pub fn set_rights(&self, role: &Role, permissions: u64) {
        self.shared.change(|state| {
            let Some(guild) = state.world.guilds.get_mut(&self.id) else { return };
            let Some((position, known)) = guild.roles.iter_mut().enumerate().find(|(_, known)| known.id == role.id)
            else {
                return;
            };
            known.permissions = permissions;
            let payload = json!({ "guild_id": self.id.to_string(), "role": known.json(position) });
            state.dispatch("GUILD_ROLE_UPDATE", intents::GUILDS, &payload);
        });
    }

    /// Somebody comes in, or gets other roles.
    pub fn join(&self, person: &Person, roles: &[&Role]) {
        self.shared.change(|state| {
            let joined = state.world.clock.stamp();
            let member = Member { user: person.id, roles: roles.iter().map(|role| role.id).collect(), joined };
            let mut payload = state.world.member_json(&member);
            set(&mut payload, "guild_id", self.id.to_string());
            let Some(guild) = state.world.guilds.get_mut(&self.id) else { return };
            let is_new = guild.members.insert(person.id, member).is_none();
            let event = if is_new { "GUILD_MEMBER_ADD" } else { "GUILD_MEMBER_UPDATE" };
            if state.bot_is_in(self.id) {
                state.dispatch(event, intents::GUILD_MEMBERS, &payload);
            }
        });
    }

    /// Somebody has to go.
    pub fn kick(&self, person: &Person) {
        self.shared.change(|state| {
            let Some(guild) = state.world.guilds.get_mut(&self.id) else { return };
            guild.members.remove(&person.id);
            guild.voice.remove(&person.id);
            let payload = json!({ "guild_id": self.id.to_string(), "user": state.world.user_json(person.id) });
            state.dispatch("GUILD_MEMBER_REMOVE", intents::GUILD_MEMBERS, &payload);
        });
    }

    /// The bot is invited.
    pub fn invite_bot(&self) {
        self.shared.change(|state| {
            let (bot, joined) = (state.world.bot(), state.world.clock.stamp());
            let Some(guild) = state.world.guilds.get_mut(&self.id) else { return };
            guild.members.insert(bot, Member { user: bot, roles: Vec::new(), joined });
            state.guild_appeared(self.id);
        });
    }

    /// The bot has to go.
    pub fn kick_bot(&self) {
        self.shared.change(|state| {
            let bot = state.world.bot();
            let Some(guild) = state.world.guilds.get_mut(&self.id) else { return };
            guild.members.remove(&bot);
            state.world.commands.retain(|command| command.guild != Some(self.id));
            state.dispatch("GUILD_DELETE", intents::GUILDS, &json!({ "id": self.id.to_string() }));
        });
    }

    /// Commands that are registered for this guild.
    #[must_use]
    pub fn commands(&self) -> Vec<Value> {
        self.shared.look(|state| state.world.commands_json(Some(self.id)))
    }
}

impl Channel {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Takes rights away from a role, here.
    pub fn deny(&self, role: &Role, permissions: u64) {
        self.overwrite(role.id, false, |overwrite| {
            overwrite.deny |= permissions;
            overwrite.allow &= !permissions;
        });
    }

    /// Gives rights to a role, here.
    pub fn allow(&self, role: &Role, permissions: u64) {
        self.overwrite(role.id, false, |overwrite| {
            overwrite.allow |= permissions;
            overwrite.deny &= !permissions;
        });
    }

    /// Takes rights away from the bot, here.
    pub fn deny_bot(&self, permissions: u64) {
        let bot = self.shared.look(|state| state.world.bot());
        self.overwrite(bot, true, |overwrite| {
            overwrite.deny |= permissions;
            overwrite.allow &= !permissions;
        });
    }

    /// Gives rights to the bot, here.
    pub fn allow_bot(&self, permissions: u64) {
        let bot = self.shared.look(|state| state.world.bot());
        self.overwrite(bot, true, |overwrite| {
            overwrite.allow |= permissions;
            overwrite.deny &= !permissions;
        });
    }

    fn overwrite(&self, id: u64, is_member: bool, work: impl FnOnce(&mut Overwrite)) {
        self.shared.change(|state| {
            let Some(channel) = state.world.channels.get_mut(&self.id) else { return };
            if !channel.overwrites.iter().any(|overwrite| overwrite.id == id) {
                channel.overwrites.push(Overwrite { id, is_member, allow: 0, deny: 0 });
            }
            if let Some(overwrite) = channel.overwrites.iter_mut().find(|overwrite| overwrite.id == id) {
                work(overwrite);
            }
            let json = state.world.channels.get(&self.id).map(|channel| state.world.channel_json(channel));
            state.dispatch("CHANNEL_UPDATE", intents::GUILDS, &json.unwrap_or_default());
        });
    }

    /// The channel is gone, with its messages.
    pub fn delete(&self) {
        self.shared.change(|state| {
            let Some(channel) = state.world.channels.remove(&self.id) else { return };
            state.world.messages.retain(|_, message| message.channel != self.id);
            let json = state.world.channel_json(&channel);
            state.dispatch("CHANNEL_DELETE", intents::GUILDS, &json);
        });
    }

    /// What stands here, oldest first, without private answers.
    #[must_use]
    pub fn messages(&self) -> Vec<Shown> {
        self.shared.look(|state| Self::shown(&self.shared, state, self.id, false))
    }

    /// What a person sees here, oldest first: private answers to them, too, and what is only announced.
    #[must_use]
    pub fn seen_by(&self, person: &Person) -> Vec<Shown> {
        self.shared.look(|state| {
            let here =
                state.world.messages.values().filter(|message| message.channel == self.id && !message.is_deleted);
            here.filter(|message| state.world.sees(person.id, message))
                .map(|message| Shown::of(&self.shared, message))
                .collect()
        })
    }

    /// What the bot has written here, oldest first, without private answers.
    #[must_use]
    pub fn posts_now(&self) -> Vec<Shown> {
        self.shared.look(|state| Self::shown(&self.shared, state, self.id, true))
    }

    /// Waits until the bot has written so much here.
    ///
    /// # Panics
    /// It does not.
    pub async fn posts(&self, least: usize) -> Vec<Shown> {
        let shared = Arc::clone(&self.shared);
        let what = format!("{least} posts in a channel");
        shared
            .until(&what, |state| {
                let shown = Self::shown(&self.shared, state, self.id, true);
                (shown.len() >= least).then_some(shown)
            })
            .await
    }

    /// Waits until one of the bot's messages here is as wanted.
    ///
    /// # Panics
    /// None becomes so.
    pub async fn post_with(&self, what: &str, mut is_wanted: impl FnMut(&Shown) -> bool) -> Shown {
        let what = format!("a post with {what}");
        self.shared
            .until(&what, |state| {
                Self::shown(&self.shared, state, self.id, true).into_iter().rev().find(|shown| is_wanted(shown))
            })
            .await
    }

    fn shown(shared: &Arc<Shared>, state: &State, channel: u64, only_bot: bool) -> Vec<Shown> {
        let bot = state.world.bot();
        let wanted = state.world.messages.values().filter(|message| {
            message.channel == channel
                && !message.is_deleted
                && !message.is_private()
                && !message.is_thinking()
                && (!only_bot || message.author == bot)
        });
        wanted.map(|message| Shown::of(shared, message)).collect()
    }
}

impl State {
    pub(crate) fn bot_is_in(&self, guild: u64) -> bool {
        self.world.guilds.get(&guild).is_some_and(|guild| guild.members.contains_key(&self.world.bot()))
    }

    /// A guild that is new to the bot.
    pub(crate) fn guild_appeared(&mut self, id: u64) {
        if !self.bot_is_in(id) {
            return;
        }
        let sessions: Vec<(String, bool)> = self
            .gateway
            .sessions
            .values()
            .map(|session| (session.id.clone(), session.has_intent(intents::GUILD_VOICE_STATES)))
            .collect();
        for (session, with_voice) in sessions {
            let Some(guild) = self.world.guilds.get(&id) else { continue };
            let payload = self.world.guild_create_json(guild, with_voice);
            self.dispatch_to(&session, "GUILD_CREATE", intents::GUILDS, &payload);
        }
    }
}
