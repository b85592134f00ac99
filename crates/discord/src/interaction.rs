//! Interactions: slash commands, what completes them, buttons, menus and forms.

use std::time::Duration;

use fullhold_commands::reply::{Reply, limits};
use fullhold_commands::{Candidate, CustomId, MOST_CANDIDATES, Permission, find};
use twilight_model::application::command::{CommandOptionChoice, CommandOptionChoiceValue};
use twilight_model::application::interaction::application_command::CommandData;
use twilight_model::application::interaction::message_component::MessageComponentInteractionData;
use twilight_model::application::interaction::modal::ModalInteractionData;
use twilight_model::application::interaction::{Interaction, InteractionData, InteractionType};
use twilight_model::channel::message::MessageFlags;
use twilight_model::guild::Permissions;
use twilight_model::http::interaction::{InteractionResponse, InteractionResponseData, InteractionResponseType};
use twilight_model::id::AnonymizableId;

use crate::access::{Person, Place};
use crate::asking::{Told, asker, changes, command_of, is_long, is_private};
use crate::forms;
use crate::front::{Front, Origin};
use crate::progress::Shown;
use crate::render::{MENU, Rendered};
use crate::rest::Asked;
use crate::settings_command;
use crate::slash_line::{line, typing};

/// An answer that takes longer is announced: Discord waits three seconds, people one.
const PATIENCE: Duration = Duration::from_millis(400);

/// What an answer becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A message below the question.
    New,
    /// A message that the asker sees alone.
    Private,
    /// The message whose button was pressed.
    Update,
}

/// What an interaction wants, and how it is answered.
struct Wanted<'a> {
    line: &'a str,
    page: usize,
    kind: Kind,
    /// Whether the message is the asker's alone already.
    is_among_us: bool,
}

impl Front {
    /// Answers an interaction. One that is malformed is left alone: Discord tells its author.
    pub(crate) async fn interaction(&self, interaction: Interaction) {
        let Some(origin) = self.origin_of(&interaction) else {
            tracing::warn!(interaction.id = %interaction.id, "an interaction does not say who asks, or where");
            return;
        };
        match (interaction.kind, &interaction.data) {
            (InteractionType::ApplicationCommand, Some(InteractionData::ApplicationCommand(data))) => {
                self.slash(&interaction, &origin, data).await;
            }
            (InteractionType::ApplicationCommandAutocomplete, Some(InteractionData::ApplicationCommand(data))) => {
                self.complete(&interaction, &origin, data).await;
            }
            (InteractionType::MessageComponent, Some(InteractionData::MessageComponent(data))) => {
                self.press(&interaction, &origin, data).await;
            }
            (InteractionType::ModalSubmit, Some(InteractionData::ModalSubmit(data))) => {
                self.filled(&interaction, &origin, data).await;
            }
            _ => tracing::debug!(interaction.id = %interaction.id, "an interaction of a kind that nobody asked for"),
        }
    }

    fn origin_of(&self, interaction: &Interaction) -> Option<Origin> {
        let at = (self.config.clock)();
        let channel = interaction.channel.as_ref()?;
        let locale = interaction.locale.clone();
        let owner = interaction.authorizing_integration_owners.guild;
        let is_here = |guild| owner == Some(AnonymizableId::Id(guild)) || self.roles().knows(guild);
        match (&interaction.member, interaction.guild_id.filter(|guild| is_here(*guild))) {
            (Some(member), Some(guild)) => {
                let user = member.user.as_ref()?.id;
                let person = Person {
                    user,
                    roles: member.roles.clone(),
                    permissions: member.permissions.unwrap_or(Permissions::empty()),
                    is_operator: self.is_operator(user),
                };
                // A thread is a part of its channel.
                let place = channel.parent_id.filter(|_| channel.kind.is_thread()).unwrap_or(channel.id);
                Some(Origin { person, place: Place::Channel(place), guild: Some(guild), locale, at })
            }
            // A direct message, or a guild that the bot is not in: somebody has it installed for himself.
            _ => {
                let user = interaction.author_id()?;
                let person = Person { user, roles: Vec::new(), permissions: Permissions::empty(), is_operator: false };
                Some(Origin { person, place: Place::Direct, guild: None, locale, at })
            }
        }
    }

    async fn slash(&self, interaction: &Interaction, origin: &Origin, data: &CommandData) {
        let line = line(data);
        let kind = if is_private(command_of(&line)) { Kind::Private } else { Kind::New };
        self.answer(interaction, origin, Wanted { line: &line, page: 0, kind, is_among_us: false }).await;
    }

    async fn press(&self, interaction: &Interaction, origin: &Origin, data: &MessageComponentInteractionData) {
        let id = if data.custom_id.starts_with(MENU) { data.values.first() } else { Some(&data.custom_id) };
        let Some(id) = id else { return };
        if let Some(command) = forms::read_fill(id) {
            let texts = self.texts(origin).await;
            let form = forms::command_form(&texts, command);
            self.rest.respond_with(asked(interaction, false), &form).await;
            return;
        }
        if let Some((pages, _)) = forms::read_page(id).filter(|(_, id)| CustomId::read(id).is_some()) {
            let texts = self.texts(origin).await;
            let form = forms::page_form(&texts, id, pages);
            self.rest.respond_with(asked(interaction, false), &form).await;
            return;
        }
        let Some(pressed) = CustomId::read(id) else { return self.refuse(interaction, origin, "button-too-old").await };
        self.pressed(interaction, origin, &pressed).await;
    }

    /// Does what a button stands for: for who asked, in its message; for others, and later, in one of their own. What
    /// changes something is done for nobody else, and not for long.
    async fn pressed(&self, interaction: &Interaction, origin: &Origin, pressed: &CustomId) {
        let (user, now) = (origin.person.account(), origin.at.unix_timestamp());
        let line = pressed.line.trim_end();
        let is_mine = pressed.may_press(user, now);
        if command_of(line).is_some_and(changes) {
            if pressed.asker != Some(user) {
                return self.refuse(interaction, origin, "button-not-yours").await;
            }
            if !self.is_in_time(pressed, origin) {
                return self.refuse(interaction, origin, "button-over").await;
            }
        }
        let is_among_us = is_ephemeral(interaction);
        let kind = if is_mine || is_among_us { Kind::Update } else { Kind::Private };
        self.answer(interaction, origin, Wanted { line, page: pressed.page, kind, is_among_us }).await;
    }

    /// Whether what a button changes may still be changed by it. Who wears a code first has two days for it.
    fn is_in_time(&self, pressed: &CustomId, origin: &Origin) -> bool {
        let (user, now) = (origin.person.account(), origin.at.unix_timestamp());
        let is_link = command_of(&pressed.line).is_some_and(|command| command.name == "link_me");
        match (is_link, self.config.acting.link_needs_code) {
            (true, true) => true,
            (true, false) => pressed.may_choose(user, now),
            (false, _) => pressed.may_press(user, now),
        }
    }

    async fn filled(&self, interaction: &Interaction, origin: &Origin, data: &ModalInteractionData) {
        if let Some(command) = forms::read_fill(&data.custom_id) {
            let line = forms::line_of(command, data);
            let kind = if is_private(Some(command)) { Kind::Private } else { Kind::New };
            return self.answer(interaction, origin, Wanted { line: &line, page: 0, kind, is_among_us: false }).await;
        }
        let wanted = forms::read_page(&data.custom_id).and_then(|(pages, id)| Some((pages, CustomId::read(id)?)));
        let Some((pages, pressed)) = wanted else { return self.refuse(interaction, origin, "button-too-old").await };
        match forms::page_asked(data).filter(|page| *page < pages) {
            Some(page) => self.pressed(interaction, origin, &CustomId { page, ..pressed }).await,
            None => {
                let texts = self.texts(origin).await;
                let reply = Reply::new(texts.say("page-not", &[("pages", pages.into())]));
                self.send(interaction, Kind::Private, &self.shown(reply, origin, &texts)).await;
            }
        }
    }

    /// Answers at once if it goes quickly, else says that it is thinking, and then answers.
    async fn answer(&self, interaction: &Interaction, origin: &Origin, wanted: Wanted<'_>) {
        if command_of(wanted.line).is_some_and(is_long) && self.is_admin_there(origin).await {
            if !self.defer(interaction, Kind::New).await {
                return;
            }
            return self.ask_in_place(origin, wanted.line, Shown::Answer(&interaction.token)).await;
        }
        let working = async {
            let told = self.ask(origin, wanted.line, wanted.page).await;
            let mut page = self.page(&told, origin, wanted.line, wanted.page);
            page.is_private &= !wanted.is_among_us;
            page
        };
        tokio::pin!(working);
        let quick = tokio::select! {
            page = &mut working => Some(page),
            () = tokio::time::sleep(PATIENCE) => None,
        };
        if let Some(page) = quick {
            return self.send(interaction, wanted.kind, &page).await;
        }
        let (is_announced, page) = tokio::join!(self.defer(interaction, wanted.kind), working);
        if is_announced {
            self.finish(interaction, wanted.kind, &page).await;
        }
    }

    async fn send(&self, interaction: &Interaction, kind: Kind, page: &Rendered) {
        let is_update = kind == Kind::Update && !page.is_private;
        let type_of = if is_update {
            InteractionResponseType::UpdateMessage
        } else {
            InteractionResponseType::ChannelMessageWithSource
        };
        let is_private = !is_update && (page.is_private || kind == Kind::Private);
        self.rest.respond(asked(interaction, is_private), type_of, Some(page)).await;
    }

    /// Says that an answer will come. Whether that may have arrived.
    async fn defer(&self, interaction: &Interaction, kind: Kind) -> bool {
        let type_of = match kind {
            Kind::Update => InteractionResponseType::DeferredUpdateMessage,
            Kind::New | Kind::Private => InteractionResponseType::DeferredChannelMessageWithSource,
        };
        self.rest.respond(asked(interaction, kind == Kind::Private), type_of, None).await
    }

    /// Answers what was deferred.
    async fn finish(&self, interaction: &Interaction, kind: Kind, page: &Rendered) {
        let token = &interaction.token;
        if !page.is_private || kind == Kind::Private {
            self.rest.update(token, page).await;
            return;
        }
        // What everybody would see cannot become private: it goes away, and the asker gets his own.
        if kind == Kind::New {
            self.rest.take_back(token).await;
        }
        self.rest.follow(token, page).await;
    }

    async fn refuse(&self, interaction: &Interaction, origin: &Origin, id: &str) {
        let texts = self.texts(origin).await;
        let page = self.shown(Reply::new(texts.say(id, &[])), origin, &texts);
        self.send(interaction, Kind::Private, &page).await;
    }

    fn shown(&self, reply: Reply, origin: &Origin, texts: &std::sync::Arc<fullhold_commands::Catalogue>) -> Rendered {
        let outcome = fullhold_commands::Outcome::Refused;
        let told = Told { reply: reply.private(), outcome, command: None, is_elsewhere: true, texts: texts.clone() };
        self.page(&told, origin, "help", 0)
    }

    /// The texts of who asks.
    async fn texts(&self, origin: &Origin) -> std::sync::Arc<fullhold_commands::Catalogue> {
        let settings = match origin.guild {
            Some(guild) => self.communities.settings(guild).await.ok(),
            None => None,
        };
        let locale = settings.as_ref().map_or(self.config.defaults.locale.as_str(), |settings| &settings.locale);
        self.config.languages.pick(origin.locale.as_deref(), locale).1
    }

    /// Offers words for what somebody types. Nobody is offered what he could not ask.
    async fn complete(&self, interaction: &Interaction, origin: &Origin, data: &CommandData) {
        let candidates = match self.candidates(origin, data).await {
            Ok(candidates) => candidates,
            Err(error) => {
                tracing::warn!(error = %error, "nothing can be offered");
                Vec::new()
            }
        };
        let choices = candidates.into_iter().take(MOST_CANDIDATES).filter_map(choice).collect();
        let data = InteractionResponseData { choices: Some(choices), ..InteractionResponseData::default() };
        let kind = InteractionResponseType::ApplicationCommandAutocompleteResult;
        let response = InteractionResponse { kind, data: Some(data) };
        self.rest.respond_with(asked(interaction, false), &response).await;
    }

    async fn candidates(
        &self,
        origin: &Origin,
        data: &CommandData,
    ) -> Result<Vec<Candidate>, fullhold_repository::Error> {
        let (Ok(found), Some(typing)) = (find(&data.name), typing(data)) else { return Ok(Vec::new()) };
        let Some(option) = found.command.option(&typing.option) else { return Ok(Vec::new()) };
        if found.command.name == settings_command::NAME {
            return Ok(settings_command::candidates(&typing.text));
        }
        let Some(community) = self.community(origin).await? else { return Ok(Vec::new()) };
        let asker = asker(&community, origin);
        let is_for_admins = found.command.permission == Permission::Admin;
        if !community.settings.access.answers_in(origin.place) || is_for_admins && asker.right < Permission::Admin {
            return Ok(Vec::new());
        }
        community.answerer.candidates(option, &typing.text, asker).await
    }
}

/// What Discord needs to know the interaction by.
fn asked(interaction: &Interaction, is_private: bool) -> Asked<'_> {
    Asked { id: interaction.id, token: &interaction.token, is_private }
}

/// A choice, unless it is too long for one.
fn choice(candidate: Candidate) -> Option<CommandOptionChoice> {
    let fits = |text: &str| (1..=limits::CHOICE_LABEL).contains(&limits::length(text));
    (fits(&candidate.label)).then(|| CommandOptionChoice {
        name: candidate.label.clone(),
        name_localizations: None,
        value: CommandOptionChoiceValue::String(candidate.label),
    })
}

/// Whether the message of a button is seen by one alone.
fn is_ephemeral(interaction: &Interaction) -> bool {
    let flags = interaction.message.as_ref().and_then(|message| message.flags);
    flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL))
}
