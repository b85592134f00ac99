//! From a line to its answer: the community, the place, the right, and what is shown. Every way into a command ends here,
//! so there is one place that says no.

use std::sync::Arc;

use fullhold_commands::reply::Reply;
use fullhold_commands::{Answer, Asker, Catalogue, Command, Group, Outcome, Permission, Question, find, words};
use fullhold_repository::Error;
use tokio::sync::watch;

use crate::access::Place;
use crate::communities::Community;
use crate::front::{Front, Origin};
use crate::render::{Asked, Rendered, rendered};
use crate::settings::GuildSettings;
use crate::{forms, settings_command};

/// What came of asking.
pub(crate) struct Told {
    /// What is shown.
    pub(crate) reply: Reply,
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// The command, if one was meant.
    pub(crate) command: Option<&'static Command>,
    /// Whether commands do not answer there.
    pub(crate) is_elsewhere: bool,
    /// The texts of who asked.
    pub(crate) texts: Arc<Catalogue>,
}

/// The command that a line means, even where the rest of it cannot be read.
pub(crate) fn command_of(line: &str) -> Option<&'static Command> {
    let first = match words(line) {
        Ok(words) => words.first()?.text.clone(),
        Err(_unreadable) => line.split_whitespace().next()?.to_owned(),
    };
    find(&first).ok().map(|found| found.command)
}

/// Whether a command answers the asker alone.
pub(crate) fn is_private(command: Option<&Command>) -> bool {
    command.is_some_and(|command| matches!(command.group, Group::Me | Group::Admin) && !is_long(command))
}

/// Whether a command changes something, so that a button for it is nobody else's.
pub(crate) fn changes(command: &Command) -> bool {
    matches!(command.group, Group::Me | Group::Admin)
}

/// Whether a command works for long, and says in public how far it is.
pub(crate) fn is_long(command: &Command) -> bool {
    command.name.starts_with("sync_")
}

impl Front {
    /// Answers a line.
    pub(crate) async fn ask(&self, origin: &Origin, line: &str, page: usize) -> Told {
        self.ask_telling(origin, line, page, None).await
    }

    /// As [`Front::ask`], and tells how far it is where that takes long.
    pub(crate) async fn ask_telling(
        &self,
        origin: &Origin,
        line: &str,
        page: usize,
        told: Option<&watch::Sender<Reply>>,
    ) -> Told {
        let command = command_of(line);
        match self.try_ask(origin, line, page, told).await {
            Ok(told) => told,
            Err(error) => {
                let (_, texts) = self.config.languages.pick(origin.locale.as_deref(), &self.config.defaults.locale);
                let reply = Reply::new(texts.say("cannot-read", &[])).private();
                let reply = self.incident(reply, origin, &texts, &error);
                Told { reply, outcome: Outcome::Failed, command, is_elsewhere: false, texts }
            }
        }
    }

    async fn try_ask(
        &self,
        origin: &Origin,
        line: &str,
        page: usize,
        told: Option<&watch::Sender<Reply>>,
    ) -> Result<Told, Error> {
        let command = command_of(line);
        let settings = match origin.guild {
            Some(guild) => self.communities.settings(guild).await?,
            None => self.config.defaults.clone(),
        };
        let (_, texts) = self.config.languages.pick(origin.locale.as_deref(), &settings.locale);
        let refused = |reply: Reply, is_elsewhere: bool| Told {
            reply: reply.private(),
            outcome: Outcome::Refused,
            command,
            is_elsewhere,
            texts: Arc::clone(&texts),
        };
        if !settings.access.answers_in(origin.place) {
            let channels = mentioned(&settings.access.command_channels);
            return Ok(refused(Reply::new(texts.say("elsewhere", &[("channels", channels.as_str().into())])), true));
        }
        if origin.guild.is_none() && command.is_some_and(changes) {
            return Ok(refused(Reply::new(texts.say("only-in-server", &[])), false));
        }
        if let Some(guild) = origin.guild
            && let Some(command) = command.filter(|command| settings_command::NAME == command.name)
        {
            if let Some(reply) = admin_refused(command, origin, &settings, true, &texts) {
                return Ok(refused(reply, false));
            }
            if settings.access.is_admin(&origin.person) {
                let (reply, outcome) = settings_command::run(self, guild, origin, line, &texts).await?;
                return Ok(Told { reply, outcome, command: Some(command), is_elsewhere: false, texts });
            }
        }
        let Some(community) = self.community(origin).await? else {
            let id = if origin.guild.is_some() { "no-community-here" } else { "no-community-direct" };
            return Ok(refused(Reply::new(texts.say(id, &[])), false));
        };
        if let Some(reply) = command
            .filter(|command| command.permission == Permission::Admin)
            .and_then(|command| admin_refused(command, origin, &settings, community.is_trusted, &texts))
        {
            return Ok(refused(reply, false));
        }
        let question = self.question(&community, origin, line, page);
        let answer = community.answerer.answer_telling(question, told).await;
        let Answer { reply, outcome, error, .. } = answer;
        let reply = match error {
            Some(error) => self.incident(reply, origin, &texts, &error),
            None => reply,
        };
        Ok(Told { reply, outcome, command, is_elsewhere: false, texts })
    }

    /// Whether somebody runs the community that he asks in, and asks where that counts.
    pub(crate) async fn is_admin_there(&self, origin: &Origin) -> bool {
        let community = self.community(origin).await;
        community.is_ok_and(|of| of.is_some_and(|community| asker(&community, origin).right == Permission::Admin))
    }

    /// A question with the right that somebody has there.
    pub(crate) fn question<'a>(
        &self,
        community: &Community,
        origin: &Origin,
        line: &'a str,
        page: usize,
    ) -> Question<'a> {
        Question {
            line,
            page,
            asker: asker(community, origin),
            today: community.today(origin.at),
            at: origin.at,
            now: self.started.elapsed(),
        }
    }

    /// The community that somebody asks: that of the guild, in direct messages the first he is a member of.
    pub(crate) async fn community(&self, origin: &Origin) -> Result<Option<Community>, Error> {
        let locale = origin.locale.as_deref();
        if let Some(guild) = origin.guild {
            return self.communities.of(guild, locale, true).await;
        }
        let mut guilds = self.communities.guilds().await?;
        let mut others = self.roles().guilds();
        others.sort_unstable();
        others.retain(|guild| !guilds.contains(guild));
        guilds.append(&mut others);
        for guild in guilds {
            let Some(community) = self.communities.of(guild, locale, false).await? else { continue };
            if self.membership.is_member(&self.rest, guild, origin.person.user).await {
                return Ok(Some(community));
            }
        }
        Ok(None)
    }

    /// What failed is logged under a number, which is all that people see of it. Those who run the community are told.
    fn incident(&self, reply: Reply, origin: &Origin, texts: &Catalogue, error: &Error) -> Reply {
        let number = format!("{:08x}", fastrand::u32(..));
        let cause = fullhold_repository::chain(error);
        tracing::error!(incident = number, error = cause, "a question could not be answered");
        if let Some(guild) = origin.guild {
            let said = texts.say("alert-incident", &[("number", number.as_str().into())]).to_plain();
            self.config.alerts.guild(guild, &said);
        }
        reply.footer(texts.say("incident", &[("number", number.as_str().into())]))
    }

    /// What came of asking, as a page of a message. A command that lacks something gets a form for it.
    pub(crate) fn page(&self, told: &Told, origin: &Origin, line: &str, page: usize) -> Rendered {
        let asked = Asked { user: origin.person.account(), at: origin.at.unix_timestamp(), line, page };
        let shown = rendered(&told.reply, asked);
        match forms::lacking(line).filter(|_| told.outcome == Outcome::Refused && !told.is_elsewhere) {
            Some(command) if Some(command.name) == told.command.map(|command| command.name) => {
                shown.with_button(told.texts.say("form-button", &[]).to_plain(), forms::fill_id(command))
            }
            _ => shown,
        }
    }
}

/// Who asks, with the right that he has there.
pub(crate) fn asker(community: &Community, origin: &Origin) -> Asker {
    let right = match origin.place {
        Place::Channel(_) if community.is_trusted => community.settings.access.right(&origin.person, origin.place),
        _ => Permission::Everyone,
    };
    Asker { user: Some(origin.person.account()), player: None, right }
}

/// Why somebody who runs the community cannot run a command for admins there; none where he can, and for everybody else,
/// whom the command itself refuses.
fn admin_refused(
    command: &Command,
    origin: &Origin,
    settings: &GuildSettings,
    is_trusted: bool,
    texts: &Catalogue,
) -> Option<Reply> {
    let access = &settings.access;
    if command.permission != Permission::Admin || !access.is_admin(&origin.person) {
        return None;
    }
    if !is_trusted {
        return Some(Reply::new(texts.say("not-bound", &[])));
    }
    if access.right(&origin.person, origin.place) == Permission::Admin {
        return None;
    }
    let channels = mentioned(&access.admin_channels);
    Some(Reply::new(texts.say("admin-elsewhere", &[("channels", channels.as_str().into())])))
}

fn mentioned<T>(channels: &[twilight_model::id::Id<T>]) -> String {
    channels.iter().map(|id| format!("<#{id}>")).collect::<Vec<_>>().join(" ")
}
