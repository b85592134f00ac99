//! Commands that are typed into a channel or a direct message.

use std::time::Duration;

use fullhold_commands::reply::Reply;
use fullhold_commands::{Command, Outcome, Permission};
use twilight_model::channel::Message;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, RoleMarker, UserMarker};

use crate::access::{Person, Place};
use crate::asking::{Told, command_of, is_long, is_private};
use crate::front::{Front, Origin};
use crate::progress::Shown;
use crate::reactions;
use crate::render::Rendered;
use crate::rest::Posted;

/// A command is answered by "typing" if it takes longer.
const TYPING: Duration = Duration::from_secs(1);

impl Front {
    /// Answers a message that begins with the prefix.
    pub(crate) async fn typed(&self, message: &Message) {
        // Bots talk to people, not to each other.
        if message.author.bot || message.webhook_id.is_some() {
            return;
        }
        let prefix = match message.guild_id {
            None => self.config.defaults.prefix.clone(),
            Some(guild) => match self.communities.settings(guild).await {
                Ok(settings) => settings.prefix,
                // Whether this is a command cannot be known; whoever types a slash command hears of the trouble.
                Err(error) => return tracing::warn!(error = %error, "settings could not be read"),
            },
        };
        let Some(line) = message.content.strip_prefix(prefix.as_str()).map(str::trim) else { return };
        if line.is_empty() {
            return;
        }
        self.learn_roles(message.guild_id).await;
        let roles = message.member.as_ref().map_or_else(Vec::new, |member| member.roles.clone());
        let origin = self.origin_of_person(message.guild_id, message.channel_id, message.author.id, roles);
        if command_of(line).is_some_and(is_long) && self.is_admin_there(&origin).await {
            return self.say_in_place(message, &origin, line).await;
        }
        let working = self.ask(&origin, line, 0);
        tokio::pin!(working);
        let quick = tokio::select! {
            told = &mut working => Some(told),
            () = tokio::time::sleep(TYPING) => None,
        };
        let told = match quick {
            Some(told) => told,
            None => {
                self.rest.type_in(message.channel_id).await;
                working.await
            }
        };
        if !is_silent(&told) {
            self.say(message, &origin, &told, line).await;
        }
    }

    /// Somebody who types or reacts in a channel, as far as is known of what he may do.
    pub(crate) fn origin_of_person(
        &self,
        guild: Option<Id<GuildMarker>>,
        channel: Id<twilight_model::id::marker::ChannelMarker>,
        user: Id<UserMarker>,
        roles: Vec<Id<RoleMarker>>,
    ) -> Origin {
        let (place, permissions) = match guild {
            Some(guild) => (Place::Channel(channel), self.roles().permissions(guild, user, &roles)),
            None => (Place::Direct, Permissions::empty()),
        };
        let is_operator = guild.is_some() && self.is_operator(user);
        let person = Person { user, roles, permissions, is_operator };
        Origin { person, place, guild, locale: None, at: (self.config.clock)() }
    }

    async fn say(&self, message: &Message, origin: &Origin, told: &Told, line: &str) {
        let page = self.page(told, origin, line, 0);
        let is_for_one = told.outcome == Outcome::Answered && told.reply.is_private && is_private(told.command);
        let is_offer = told.command.is_some_and(|command| command.name == "link");
        if is_for_one && !is_offer && !self.is_among_admins(origin, told.command) && origin.place != Place::Direct {
            return self.say_privately(message, origin, told, &page).await;
        }
        if let Some(posted) = self.post(message, &page).await
            && is_offer
            && told.outcome == Outcome::Answered
        {
            for emoji in reactions::offered(&page) {
                self.rest.react(posted, emoji).await;
            }
        }
    }

    /// Answers with a message that says how far the command is.
    async fn say_in_place(&self, message: &Message, origin: &Origin, line: &str) {
        let page = self.working(origin, line);
        if let Some(posted) = self.post(message, &page).await {
            self.ask_in_place(origin, line, Shown::Posted(posted)).await;
        }
    }

    /// Whether those who run the community are among themselves there.
    fn is_among_admins(&self, origin: &Origin, command: Option<&'static Command>) -> bool {
        matches!(origin.place, Place::Channel(_))
            && command.is_some_and(|command| command.permission == Permission::Admin)
    }

    /// A typed command has no answer that one alone sees: what is his goes to his direct messages.
    async fn say_privately(&self, message: &Message, origin: &Origin, told: &Told, page: &Rendered) {
        let sent = match self.rest.direct(message.author.id).await {
            Some(channel) => self.rest.post(channel, page, None, message.id.get()).await.is_ok(),
            None => false,
        };
        let id = if sent { "sent-privately" } else { "direct-closed" };
        let note = Told {
            reply: Reply::new(told.texts.say(id, &[])),
            outcome: Outcome::Refused,
            command: None,
            is_elsewhere: true,
            texts: told.texts.clone(),
        };
        self.post(message, &self.page(&note, origin, "help", 0)).await;
    }

    async fn post(&self, message: &Message, page: &Rendered) -> Option<Posted> {
        // The number of the question makes the answer one of a kind.
        match self.rest.post(message.channel_id, page, Some(message.id), message.id.get()).await {
            Ok(posted) => Some(posted),
            Err(error) => {
                tracing::warn!(channel.id = %message.channel_id, error = %error, "a typed command was not answered");
                None
            }
        }
    }
}

/// "!" chatter that is near to no command is not answered, nor is what is typed where commands are not answered.
fn is_silent(told: &Told) -> bool {
    let is_chatter = told.outcome == Outcome::Refused && told.command.is_none() && told.reply.actions.is_empty();
    is_chatter || told.is_elsewhere
}

/// The command of a line, for those who only have the line.
pub(crate) fn is_command(line: &str, name: &str) -> bool {
    command_of(line).is_some_and(|command| command.name == name)
}
