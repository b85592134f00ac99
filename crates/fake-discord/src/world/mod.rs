//! What there is in the fake: people, guilds, channels, messages, commands, interactions. It knows who may do what and
//! how things look in JSON; it does not know requests.

mod command;
mod guild;
mod interaction;
mod message;
mod message_json;
mod user;

use std::collections::BTreeMap;

use crate::clock::Clock;
use crate::permissions as p;

pub(crate) use command::Registered;
pub(crate) use guild::{Channel, DIRECT, Guild, Member, Overwrite, Role, TEXT, VOICE};
pub(crate) use interaction::{Acknowledged, Interaction, Kind};
pub(crate) use message::{EPHEMERAL, File, LOADING, Message, Pings, Reaction};
pub(crate) use user::{User, set};

/// Everything that there is.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) application: u64,
    pub(crate) users: BTreeMap<u64, User>,
    pub(crate) guilds: BTreeMap<u64, Guild>,
    pub(crate) channels: BTreeMap<u64, Channel>,
    pub(crate) messages: BTreeMap<u64, Message>,
    pub(crate) commands: Vec<Registered>,
    pub(crate) interactions: BTreeMap<u64, Interaction>,
    /// Where files are to be had.
    pub(crate) files_url: String,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut clock = Clock::new();
        let application = clock.snowflake();
        let bot = User {
            id: application,
            name: "fullhold".to_owned(),
            is_bot: true,
            locale: "en-US".to_owned(),
            has_installed: false,
        };
        Self {
            clock,
            application,
            users: [(application, bot)].into(),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            commands: Vec::new(),
            interactions: BTreeMap::new(),
            files_url: String::new(),
        }
    }

    /// The bot's user has the number of its application.
    pub(crate) fn bot(&self) -> u64 {
        self.application
    }

    /// What somebody may in a channel: roles, then the overwrites of @everyone, of the roles, and of the member.
    pub(crate) fn permissions(&self, user: u64, channel: u64) -> u64 {
        let Some(channel) = self.channels.get(&channel) else { return 0 };
        let Some(guild) = channel.guild.and_then(|id| self.guilds.get(&id)) else {
            let takes_part = channel.recipient == Some(user) || user == self.bot();
            return if takes_part { p::EVERYONE & !p::CONNECT } else { 0 };
        };
        let mut allowed = self.guild_permissions(user, guild.id);
        let Some(member) = guild.members.get(&user) else { return 0 };
        if allowed & p::ADMINISTRATOR != 0 {
            return p::ALL;
        }
        let of = |id: u64| channel.overwrites.iter().find(|overwrite| overwrite.id == id);
        let mut apply = |deny: u64, allow: u64| allowed = (allowed & !deny) | allow;
        if let Some(everyone) = of(guild.id) {
            apply(everyone.deny, everyone.allow);
        }
        let roles: Vec<&Overwrite> = member.roles.iter().filter_map(|role| of(*role)).collect();
        let deny = roles.iter().fold(0, |all, one| all | one.deny);
        let allow = roles.iter().fold(0, |all, one| all | one.allow);
        apply(deny, allow);
        if let Some(own) = of(user) {
            apply(own.deny, own.allow);
        }
        // Whoever does not see a channel may nothing there.
        if allowed & p::VIEW_CHANNEL == 0 { 0 } else { allowed }
    }

    /// What somebody may in the whole guild.
    pub(crate) fn guild_permissions(&self, user: u64, guild: u64) -> u64 {
        let Some(guild) = self.guilds.get(&guild) else { return 0 };
        let Some(member) = guild.members.get(&user) else { return 0 };
        if guild.owner == user {
            return p::ALL;
        }
        let held = guild.roles.iter().filter(|role| role.id == guild.id || member.roles.contains(&role.id));
        let allowed = held.fold(0, |all, role| all | role.permissions);
        if allowed & p::ADMINISTRATOR != 0 { p::ALL } else { allowed }
    }

    /// Whether somebody sees a message.
    pub(crate) fn sees(&self, user: u64, message: &Message) -> bool {
        match message.seen_by {
            Some(only) => only == user,
            None => self.permissions(user, message.channel) & p::VIEW_CHANNEL != 0,
        }
    }

    /// The direct channel between the bot and a person, made when there is none.
    pub(crate) fn direct(&mut self, person: u64) -> u64 {
        let known = self.channels.values().find(|channel| channel.recipient == Some(person));
        if let Some(channel) = known {
            return channel.id;
        }
        let id = self.clock.snowflake();
        let name = String::new();
        let channel = Channel { id, kind: DIRECT, guild: None, name, overwrites: Vec::new(), recipient: Some(person) };
        self.channels.insert(id, channel);
        id
    }
}
