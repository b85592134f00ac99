//! The command table as the platform registers it: slash commands with typed options.

use fullhold_commands::{COMMANDS, Catalogue, Command, CommandOption, Group, OptionKind, Permission, answered};
use serde_json::{Value, json};
use twilight_http::request::Request;
use twilight_http::response::marker::EmptyBody;
use twilight_http::routing::Route;
use twilight_model::application::command::{
    Command as Slash, CommandOption as SlashOption, CommandOptionChoice, CommandOptionChoiceValue, CommandOptionType,
    CommandOptionValue, CommandType,
};
use twilight_model::application::interaction::InteractionContextType;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;
use twilight_model::oauth::ApplicationIntegrationType;

use crate::error::Error;
use crate::rest::Rest;
use crate::settings_command;
use crate::trying::{again, read_all};

/// Characters of a description.
const DESCRIPTION: usize = 100;
/// Choices that an option can list; with more it completes what is typed.
const CHOICES: usize = 25;
/// The largest whole number that the platform takes.
const LARGEST: i64 = 9_007_199_254_740_991;

/// Where commands are registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// In one guild.
    Guild(Id<GuildMarker>),
    /// Everywhere: in direct messages, and for people who have installed the bot for themselves, too.
    Global,
}

/// All slash commands: those of the table that do something.
#[must_use]
pub fn slash_commands(texts: &Catalogue, reach: Reach) -> Vec<Slash> {
    let is_answered = |name: &str| name == settings_command::NAME || answered().any(|answered| answered == name);
    let commands = COMMANDS.iter().filter(|command| is_answered(command.name));
    commands.map(|command| slash(command, texts, reach)).collect()
}

/// Registers the slash commands if others are registered.
///
/// # Errors
/// Discord did not say which are, or did not take them.
pub(crate) async fn register(rest: &Rest, reach: Reach, texts: &Catalogue) -> Result<(), Error> {
    let commands = slash_commands(texts, reach);
    let registered = registered(rest, reach).await?;
    if same(&registered, &commands, reach) {
        return Ok(());
    }
    set(rest, reach, &commands).await?;
    tracing::info!(commands = commands.len(), reach = ?reach, "the slash commands are registered");
    Ok(())
}

/// Takes back what is registered everywhere.
///
/// # Errors
/// Discord did not say what is, or did not take it back.
pub(crate) async fn unregister_global(rest: &Rest) -> Result<(), Error> {
    if registered(rest, Reach::Global).await?.is_empty() { Ok(()) } else { set(rest, Reach::Global, &[]).await }
}

async fn registered(rest: &Rest, reach: Reach) -> Result<Vec<Slash>, Error> {
    let what = "which slash commands are registered";
    let interactions = rest.http.interaction(rest.application);
    match reach {
        Reach::Global => read_all(what, || interactions.global_commands().with_localizations(true).into_future()).await,
        Reach::Guild(guild) => {
            read_all(what, || interactions.guild_commands(guild).with_localizations(true).into_future()).await
        }
    }
}

async fn set(rest: &Rest, reach: Reach, commands: &[Slash]) -> Result<(), Error> {
    let what = "registering the slash commands";
    let application_id = rest.application.get();
    let route = match reach {
        Reach::Global => Route::SetGlobalCommands { application_id },
        Reach::Guild(guild) => Route::SetGuildCommands { application_id, guild_id: guild.get() },
    };
    let commands: Vec<Value> = commands.iter().map(written).collect();
    let request = Request::builder(&route).json(&commands).build();
    let request = request.map_err(|source| Error::request(what, source))?;
    let done = again(|| rest.http.request::<EmptyBody>(request.clone())).await;
    done.map(drop).map_err(|source| Error::request(what, source))
}

/// A command as Discord describes it: the library writes rights as a text and sends what only answers have.
fn written(command: &Slash) -> Value {
    let mut written = json!(command);
    if let Some(fields) = written.as_object_mut() {
        fields.remove("version");
        if let Some(rights) = command.default_member_permissions {
            fields.insert("default_member_permissions".to_owned(), json!(rights.bits()));
        }
    }
    written
}

/// Whether what is registered is what should be, in any order.
fn same(registered: &[Slash], wanted: &[Slash], reach: Reach) -> bool {
    let plain = |commands: &[Slash]| {
        let mut plain: Vec<Slash> = commands.iter().map(|command| comparable(command, reach)).collect();
        plain.sort_by(|a, b| a.name.cmp(&b.name));
        plain
    };
    plain(registered) == plain(wanted)
}

/// A command without what Discord adds to it, and with what it leaves out.
fn comparable(command: &Slash, reach: Reach) -> Slash {
    let mut plain = command.clone();
    (plain.application_id, plain.guild_id, plain.id) = (None, None, None);
    plain.version = Id::new(1);
    plain.nsfw = plain.nsfw.filter(|is_nsfw| *is_nsfw);
    plain.description_localizations = plain.description_localizations.filter(|texts| !texts.is_empty());
    plain.name_localizations = plain.name_localizations.filter(|texts| !texts.is_empty());
    forget_dm_permission(&mut plain);
    if reach == Reach::Global {
        if let Some(contexts) = &mut plain.contexts {
            contexts.sort_by_key(|context| u8::from(*context));
        }
        if let Some(types) = &mut plain.integration_types {
            types.sort_by_key(|kind| u8::from(*kind));
        }
    } else {
        (plain.contexts, plain.integration_types) = (None, None);
    }
    for option in &mut plain.options {
        option.required = Some(option.required.unwrap_or_default());
        option.autocomplete = option.autocomplete.filter(|completes| *completes);
        option.description_localizations = option.description_localizations.take().filter(|texts| !texts.is_empty());
        option.name_localizations = option.name_localizations.take().filter(|texts| !texts.is_empty());
        option.choices = option.choices.take().filter(|choices| !choices.is_empty());
        option.channel_types = option.channel_types.take().filter(|types| !types.is_empty());
        option.options = option.options.take().filter(|options| !options.is_empty());
        for choice in option.choices.iter_mut().flatten() {
            choice.name_localizations = choice.name_localizations.take().filter(|texts| !texts.is_empty());
        }
    }
    plain
}

#[expect(deprecated, reason = "Discord still sends it")]
fn forget_dm_permission(command: &mut Slash) {
    command.dm_permission = None;
}

#[expect(deprecated, reason = "a field of the platform's type that is not used, but must be written")]
fn slash(command: &Command, texts: &Catalogue, reach: Reach) -> Slash {
    let is_admin = command.permission == Permission::Admin;
    // What changes something is done in a guild, where it is known who may.
    let only_reads = !matches!(command.group, Group::Me | Group::Admin);
    let mut contexts = vec![InteractionContextType::Guild];
    let mut types = vec![ApplicationIntegrationType::GuildInstall];
    if only_reads {
        contexts.extend([InteractionContextType::BotDm, InteractionContextType::PrivateChannel]);
        types.push(ApplicationIntegrationType::UserInstall);
    }
    // A guild's own commands work in that guild only: nothing of this may be said of them.
    let is_global = reach == Reach::Global;
    Slash {
        application_id: None,
        contexts: is_global.then_some(contexts),
        default_member_permissions: is_admin.then_some(Permissions::MANAGE_GUILD),
        description: said(texts, &format!("command-{}", command.name)),
        description_localizations: None,
        dm_permission: None,
        guild_id: None,
        id: None,
        integration_types: is_global.then_some(types),
        kind: CommandType::ChatInput,
        name: command.name.to_owned(),
        name_localizations: None,
        nsfw: None,
        options: command.options.iter().map(|option| slash_option(option, texts)).collect(),
        version: Id::new(1),
    }
}

fn slash_option(option: &CommandOption, texts: &Catalogue) -> SlashOption {
    let mut slash = SlashOption {
        autocomplete: None,
        channel_types: None,
        choices: None,
        description: said(texts, &format!("option-{}", option.name)),
        description_localizations: None,
        kind: CommandOptionType::String,
        max_length: None,
        max_value: None,
        min_length: None,
        min_value: None,
        name: option.name.to_owned(),
        name_localizations: None,
        options: None,
        file_types: None,
        required: Some(option.is_required),
    };
    slash.autocomplete = completes(option).then_some(true);
    match option.kind {
        OptionKind::Player
        | OptionKind::Map
        | OptionKind::Board
        | OptionKind::Formula
        | OptionKind::Session
        | OptionKind::Period
        | OptionKind::Month => {}
        OptionKind::Id => {
            slash.kind = CommandOptionType::Integer;
            slash.min_value = Some(CommandOptionValue::Integer(1));
            slash.max_value = Some(CommandOptionValue::Integer(LARGEST));
        }
        OptionKind::Integer { least, most } => {
            slash.kind = CommandOptionType::Integer;
            slash.min_value = Some(CommandOptionValue::Integer(least.max(-LARGEST)));
            slash.max_value = Some(CommandOptionValue::Integer(most.min(LARGEST)));
        }
        OptionKind::Choice(words) if words.len() <= CHOICES => {
            slash.choices =
                Some(words.iter().filter_map(|synonyms| synonyms.first()).map(|word| choice(word)).collect());
        }
        OptionKind::Choice(_) => {}
        OptionKind::Guid => (slash.min_length, slash.max_length) = (Some(8), Some(8)),
        OptionKind::User => slash.kind = CommandOptionType::User,
        OptionKind::Text { least, most } => {
            slash.min_length = u16::try_from(least).ok();
            slash.max_length = u16::try_from(most).ok().filter(|most| *most > 0);
        }
    }
    slash
}

/// Whether words are offered while somebody types an option.
#[must_use]
pub fn completes(option: &CommandOption) -> bool {
    match option.kind {
        OptionKind::Player
        | OptionKind::Map
        | OptionKind::Board
        | OptionKind::Formula
        | OptionKind::Session
        | OptionKind::Period
        | OptionKind::Month => true,
        OptionKind::Choice(words) => words.len() > CHOICES,
        OptionKind::Text { .. } => matches!(option.name, "command" | "key"),
        OptionKind::Id | OptionKind::Integer { .. } | OptionKind::Guid | OptionKind::User => false,
    }
}

fn choice(word: &str) -> CommandOptionChoice {
    CommandOptionChoice {
        name: word.to_owned(),
        name_localizations: None,
        value: CommandOptionChoiceValue::String(word.to_owned()),
    }
}

/// A text of the catalogue, as long as a description may be.
fn said(texts: &Catalogue, id: &str) -> String {
    texts.say(id, &[]).to_plain().chars().take(DESCRIPTION).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_command_keeps_the_platforms_rules() {
        let texts = crate::Languages::new().unwrap().pick(None, "en").1;
        for reach in [Reach::Guild(Id::new(1)), Reach::Global] {
            let commands = slash_commands(&texts, reach);
            assert!(commands.len() <= 100, "{} commands, a guild may have 100", commands.len());
            let names: BTreeSet<&str> = commands.iter().map(|command| command.name.as_str()).collect();
            assert_eq!(names.len(), commands.len());
            for command in &commands {
                twilight_validate::command::command(command).unwrap();
                assert!(!command.description.starts_with('['), "{} has no description", command.name);
                let required: Vec<bool> = command.options.iter().map(|option| option.required == Some(true)).collect();
                assert!(required.is_sorted_by(|a, b| a >= b), "{}: required options come first", command.name);
                assert_eq!(command.contexts.is_some(), reach == Reach::Global);
            }
        }
    }

    #[test]
    fn whoever_may_not_administrate_is_not_offered_it() {
        let texts = crate::Languages::new().unwrap().pick(None, "en").1;
        let offered = slash_commands(&texts, Reach::Global);
        for slash in &offered {
            let command = COMMANDS.iter().find(|command| command.name == slash.name).unwrap();
            let is_admin = command.permission == Permission::Admin;
            assert_eq!(slash.default_member_permissions.is_some(), is_admin, "{}", command.name);
            let types = slash.integration_types.as_ref().unwrap();
            let is_for_users = types.contains(&ApplicationIntegrationType::UserInstall);
            assert_eq!(is_for_users, !matches!(command.group, Group::Me | Group::Admin), "{}", command.name);
        }
    }

    #[test]
    fn what_discord_adds_is_no_change_and_another_text_is() {
        let texts = crate::Languages::new().unwrap().pick(None, "en").1;
        let wanted = slash_commands(&texts, Reach::Global);
        let mut registered = wanted.clone();
        registered.reverse();
        for (number, command) in (1..).zip(&mut registered) {
            command.id = Some(Id::new(number));
            command.version = Id::new(number + 1_000);
            command.nsfw = Some(false);
            for option in command.options.iter_mut().filter(|option| option.required == Some(false)) {
                option.required = None;
            }
        }
        assert!(same(&registered, &wanted, Reach::Global));
        for change in [|one: &mut Slash| one.description.push('x'), |one: &mut Slash| one.name.push('x')] {
            let mut other = registered.clone();
            change(&mut other[3]);
            assert!(!same(&other, &wanted, Reach::Global));
        }
        assert!(!same(&registered[1..], &wanted, Reach::Global));
        assert!(!same(&[], &wanted, Reach::Global));
    }
}
