//! What happens in Discord, and who takes care of it. Interactions, typed commands and reactions each have a module.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use fullhold_repository::Db;
use time::OffsetDateTime;
use twilight_gateway::Event;
use twilight_model::gateway::payload::incoming::GuildCreate;
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, UserMarker};

use crate::access::{Person, Place, Roles};
use crate::communities::Communities;
use crate::config::Config;
use crate::membership::Membership;
use crate::rest::Rest;
use crate::seen::Seen;

/// Turns events into answers.
pub(crate) struct Front {
    pub(crate) rest: Rest,
    pub(crate) db: Db,
    pub(crate) config: Arc<Config>,
    pub(crate) communities: Communities,
    pub(crate) membership: Membership,
    pub(crate) started: Instant,
    roles: Mutex<Roles>,
    seen: Mutex<Seen>,
}

/// Where something was asked, and by whom.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) person: Person,
    pub(crate) place: Place,
    /// The guild that the bot is in and that it was asked in; none in direct messages and elsewhere.
    pub(crate) guild: Option<Id<GuildMarker>>,
    /// The language of who asks.
    pub(crate) locale: Option<String>,
    pub(crate) at: OffsetDateTime,
}

impl Front {
    /// Answers for all communities of the database.
    pub(crate) fn new(rest: Rest, db: Db, config: Arc<Config>) -> Self {
        Self {
            rest,
            communities: Communities::new(db.clone(), Arc::clone(&config)),
            db,
            config,
            membership: Membership::default(),
            started: Instant::now(),
            roles: Mutex::default(),
            seen: Mutex::default(),
        }
    }

    /// Does what an event asks for. What goes wrong is logged: nobody waits for it.
    pub(crate) async fn handle(self: Arc<Self>, event: Event) {
        match event {
            Event::InteractionCreate(created) => {
                if self.is_new(created.id.get()) {
                    Box::pin(self.interaction(created.0)).await;
                }
            }
            Event::MessageCreate(created) => {
                if self.is_new(created.id.get()) {
                    Box::pin(self.typed(&created)).await;
                }
            }
            Event::ReactionAdd(added) => Box::pin(self.reaction(&added.0)).await,
            other => self.remember(&other),
        }
    }

    fn is_new(&self, id: u64) -> bool {
        lock(&self.seen).is_new(id)
    }

    /// What roles allow, as far as it is known.
    pub(crate) fn roles(&self) -> MutexGuard<'_, Roles> {
        lock(&self.roles)
    }

    /// Asks for the roles of a guild, where they are not known: a session that goes on is not told again.
    pub(crate) async fn learn_roles(&self, guild: Option<Id<GuildMarker>>) {
        let Some(guild) = guild.filter(|guild| !self.roles().are_known(*guild)) else { return };
        if let Some(found) = self.rest.guild(guild).await {
            self.roles().set_guild(guild, found.owner_id, &found.roles);
        }
    }

    /// Whether somebody runs the bot.
    pub(crate) fn is_operator(&self, user: Id<UserMarker>) -> bool {
        self.config.operators.contains(&user)
    }

    fn remember(&self, event: &Event) {
        let mut roles = self.roles();
        match event {
            Event::GuildCreate(created) => {
                if let GuildCreate::Available(guild) = created.as_ref() {
                    roles.set_guild(guild.id, guild.owner_id, &guild.roles);
                }
            }
            Event::GuildUpdate(updated) => roles.set_owner(updated.0.id, updated.0.owner_id),
            Event::GuildDelete(deleted) if deleted.unavailable != Some(true) => roles.remove_guild(deleted.id),
            Event::RoleCreate(created) => roles.set_role(created.guild_id, &created.role),
            Event::RoleUpdate(updated) => roles.set_role(updated.guild_id, &updated.role),
            Event::RoleDelete(deleted) => roles.remove_role(deleted.guild_id, deleted.role_id),
            _ => {}
        }
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic of another task leaves behind what is as good as any.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
