//! Who may do what, and where. What is not allowed here is denied: there is no other way to a right.

use std::collections::HashMap;

use fullhold_commands::{Permission, UserId};
use twilight_model::guild::{Permissions, Role};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, RoleMarker, UserMarker};

/// What a community has decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Where commands answer; everywhere when there are none.
    pub command_channels: Vec<Id<ChannelMarker>>,
    /// Where administration commands answer; wherever commands do when there are none.
    pub admin_channels: Vec<Id<ChannelMarker>>,
    /// Roles of those who run the community.
    pub admin_roles: Vec<Id<RoleMarker>>,
    /// People who run the community.
    pub admin_users: Vec<Id<UserMarker>>,
}

/// Somebody who asks.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub user: Id<UserMarker>,
    /// Their roles in the guild they ask in; none in a direct message.
    pub roles: Vec<Id<RoleMarker>>,
    /// What the guild lets them do; nothing in a direct message.
    pub permissions: Permissions,
    /// Whether they run the bot itself.
    pub is_operator: bool,
}

/// Where somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A direct message.
    Direct,
    /// A channel of a guild.
    Channel(Id<ChannelMarker>),
}

impl Person {
    /// The account, as the commands know it.
    #[must_use]
    pub fn account(&self) -> UserId {
        UserId(self.user.get())
    }
}

impl Access {
    /// What somebody may do there.
    #[must_use]
    pub fn right(&self, person: &Person, place: Place) -> Permission {
        let Place::Channel(channel) = place else { return Permission::Everyone };
        let is_admin_channel = self.admin_channels.is_empty() || self.admin_channels.contains(&channel);
        if is_admin_channel && self.is_admin(person) { Permission::Admin } else { Permission::Everyone }
    }

    /// Whether somebody runs the community, wherever they ask.
    #[must_use]
    pub fn is_admin(&self, person: &Person) -> bool {
        person.is_operator
            || person.permissions.intersects(Permissions::ADMINISTRATOR | Permissions::MANAGE_GUILD)
            || self.admin_users.contains(&person.user)
            || person.roles.iter().any(|role| self.admin_roles.contains(role))
    }

    /// Whether commands answer there.
    #[must_use]
    pub fn answers_in(&self, place: Place) -> bool {
        match place {
            Place::Direct => true,
            Place::Channel(channel) => {
                self.command_channels.is_empty()
                    || self.command_channels.contains(&channel)
                    || self.admin_channels.contains(&channel)
            }
        }
    }
}

/// What roles let people do in the guilds: a typed command does not say it, so it is remembered.
#[derive(Debug, Default)]
pub(crate) struct Roles {
    /// Guilds that the bot is in, with their roles where these are known.
    guilds: HashMap<Id<GuildMarker>, Option<GuildRoles>>,
}

#[derive(Debug)]
struct GuildRoles {
    owner: Id<UserMarker>,
    roles: HashMap<Id<RoleMarker>, Permissions>,
}

impl Roles {
    /// A guild as it is now.
    pub(crate) fn set_guild(&mut self, guild: Id<GuildMarker>, owner: Id<UserMarker>, roles: &[Role]) {
        let roles = roles.iter().map(|role| (role.id, role.permissions)).collect();
        self.guilds.insert(guild, Some(GuildRoles { owner, roles }));
    }

    /// Guilds that the bot is in, as far as nothing more is known.
    pub(crate) fn set_present(&mut self, guilds: impl IntoIterator<Item = Id<GuildMarker>>) {
        for guild in guilds {
            self.guilds.entry(guild).or_default();
        }
    }

    /// Whether a guild's roles are known.
    #[must_use]
    pub(crate) fn are_known(&self, guild: Id<GuildMarker>) -> bool {
        self.of(guild).is_some()
    }

    fn of(&self, guild: Id<GuildMarker>) -> Option<&GuildRoles> {
        self.guilds.get(&guild).and_then(Option::as_ref)
    }

    fn of_mut(&mut self, guild: Id<GuildMarker>) -> Option<&mut GuildRoles> {
        self.guilds.get_mut(&guild).and_then(Option::as_mut)
    }

    /// A guild that has another owner.
    pub(crate) fn set_owner(&mut self, guild: Id<GuildMarker>, owner: Id<UserMarker>) {
        if let Some(known) = self.of_mut(guild) {
            known.owner = owner;
        }
    }

    /// A role that is new or has changed.
    pub(crate) fn set_role(&mut self, guild: Id<GuildMarker>, role: &Role) {
        if let Some(known) = self.of_mut(guild) {
            known.roles.insert(role.id, role.permissions);
        }
    }

    /// A role that is gone.
    pub(crate) fn remove_role(&mut self, guild: Id<GuildMarker>, role: Id<RoleMarker>) {
        if let Some(known) = self.of_mut(guild) {
            known.roles.remove(&role);
        }
    }

    /// A guild that the bot has left.
    pub(crate) fn remove_guild(&mut self, guild: Id<GuildMarker>) {
        self.guilds.remove(&guild);
    }

    /// Guilds that the bot is in.
    #[must_use]
    pub(crate) fn guilds(&self) -> Vec<Id<GuildMarker>> {
        self.guilds.keys().copied().collect()
    }

    /// Whether the bot is in a guild, as far as is known.
    #[must_use]
    pub(crate) fn knows(&self, guild: Id<GuildMarker>) -> bool {
        self.guilds.contains_key(&guild)
    }

    /// Whether a guild has a role; not the one that everybody has.
    #[must_use]
    pub(crate) fn has_role(&self, guild: Id<GuildMarker>, role: Id<RoleMarker>) -> bool {
        self.of(guild).is_some_and(|known| known.roles.contains_key(&role))
    }

    /// What somebody with these roles may do in the whole guild; nothing in a guild that is not known.
    #[must_use]
    pub(crate) fn permissions(
        &self,
        guild: Id<GuildMarker>,
        user: Id<UserMarker>,
        roles: &[Id<RoleMarker>],
    ) -> Permissions {
        let Some(known) = self.of(guild) else { return Permissions::empty() };
        if known.owner == user {
            return Permissions::all();
        }
        // The role with the guild's own number is everybody's.
        let everyone = guild.cast();
        let of = |role: &Id<RoleMarker>| known.roles.get(role).copied().unwrap_or(Permissions::empty());
        roles.iter().chain([&everyone]).map(of).fold(Permissions::empty(), |all, one| all | one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANNEL: Place = Place::Channel(Id::new(1));
    const ADMINS: Place = Place::Channel(Id::new(2));

    fn access() -> Access {
        Access {
            command_channels: vec![Id::new(1)],
            admin_channels: vec![Id::new(2)],
            admin_roles: vec![Id::new(30)],
            admin_users: vec![Id::new(40)],
        }
    }

    fn person(user: u64, roles: &[u64], permissions: Permissions) -> Person {
        let roles = roles.iter().map(|role| Id::new(*role)).collect();
        Person { user: Id::new(user), roles, permissions, is_operator: false }
    }

    #[test]
    fn nobody_administrates_but_who_may_and_where_it_is_meant() {
        let access = access();
        let nobody = person(1, &[31], Permissions::SEND_MESSAGES);
        let by_role = person(2, &[30], Permissions::empty());
        let by_name = person(40, &[], Permissions::empty());
        let by_guild = person(3, &[], Permissions::MANAGE_GUILD);
        let operator = Person { is_operator: true, ..person(4, &[], Permissions::empty()) };
        for place in [Place::Direct, CHANNEL, ADMINS] {
            assert_eq!(access.right(&nobody, place), Permission::Everyone);
            for admin in [&by_role, &by_name, &by_guild, &operator] {
                let expected = if place == ADMINS { Permission::Admin } else { Permission::Everyone };
                assert_eq!(access.right(admin, place), expected, "{place:?}");
            }
        }
        let anywhere = Access { admin_channels: Vec::new(), ..access };
        assert_eq!(anywhere.right(&by_role, CHANNEL), Permission::Admin);
        assert_eq!(anywhere.right(&by_role, Place::Direct), Permission::Everyone);
    }

    #[test]
    fn commands_answer_where_the_community_wants_them() {
        let access = access();
        assert!(access.answers_in(CHANNEL) && access.answers_in(ADMINS) && access.answers_in(Place::Direct));
        assert!(!access.answers_in(Place::Channel(Id::new(3))));
        assert!(Access::default().answers_in(Place::Channel(Id::new(3))));
    }
}
