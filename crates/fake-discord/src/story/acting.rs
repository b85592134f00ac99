//! Interactions as Discord sends them: who asks, where, with which rights, in which language.

use serde_json::{Value, json};

use crate::permissions as p;
use crate::state::State;
use crate::world::{Interaction, Kind, Registered, World, set};

/// Bytes of a file that may be sent with an answer.
const FILE: u64 = 10 * 1024 * 1024;

/// Something that is asked.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) kind: Kind,
    pub(crate) user: u64,
    pub(crate) channel: u64,
    pub(crate) data: Value,
    /// The name of the command.
    pub(crate) name: Option<String>,
    /// The message with the button or menu.
    pub(crate) source: Option<u64>,
}

impl State {
    /// Sends a question to the bot. Its number.
    pub(crate) fn ask(&mut self, question: Question) -> u64 {
        let id = self.world.clock.snowflake();
        let token = format!("token-{id}-{}", "x".repeat(60));
        let payload = self.payload(&question, id, &token);
        let source = question.source.and_then(|source| self.world.messages.get(&source));
        let interaction = Interaction {
            id,
            token,
            kind: question.kind,
            channel: question.channel,
            user: question.user,
            asked: self.now(),
            heard: self.gateway.is_connected().then(|| self.now()),
            payload: payload.clone(),
            name: question.name,
            source: question.source,
            source_version: source.map_or(0, |message| message.version),
            acknowledged: None,
            callbacks: 0,
            original: None,
            followups: Vec::new(),
            answered: None,
            choices: None,
            modal: None,
        };
        self.world.interactions.insert(id, interaction);
        self.dispatch("INTERACTION_CREATE", 0, &payload);
        id
    }

    fn payload(&self, question: &Question, id: u64, token: &str) -> Value {
        let world = &self.world;
        let Some(channel) = world.channels.get(&question.channel) else { panic!("there is no such channel") };
        let user = world.users.get(&question.user);
        let mut payload = json!({
            "id": id.to_string(), "application_id": world.application.to_string(), "type": question.kind as u8,
            "data": question.data, "channel": world.channel_json(channel), "channel_id": channel.id.to_string(),
            "token": token, "version": 1, "locale": user.map_or("en-US", |user| user.locale.as_str()),
            "app_permissions": world.permissions(world.bot(), channel.id).to_string(), "entitlements": [],
            "context": u8::from(channel.guild.is_none()), "attachment_size_limit": FILE,
            "authorizing_integration_owners": owners(world, question.user, channel.guild),
        });
        if let Some(guild) = channel.guild.and_then(|guild| world.guilds.get(&guild)) {
            set(&mut payload, "guild_id", guild.id.to_string());
            set(&mut payload, "guild_locale", guild.locale.as_str());
            let short = json!({ "id": guild.id.to_string(), "locale": guild.locale, "features": [] });
            set(&mut payload, "guild", short);
            if let Some(member) = guild.members.get(&question.user) {
                let mut member = world.member_json(member);
                set(&mut member, "permissions", world.permissions(question.user, channel.id).to_string());
                set(&mut payload, "member", member);
            }
        } else {
            set(&mut payload, "user", world.user_json(question.user));
        }
        if let Some(source) = question.source.and_then(|source| world.messages.get(&source)) {
            set(&mut payload, "message", world.message_json(source));
        }
        payload
    }

    /// The command of this name that Discord offers somebody there, or why it does not.
    pub(crate) fn offered(&self, user: u64, channel: u64, name: &str) -> Result<Registered, String> {
        let world = &self.world;
        let guild = world.channels.get(&channel).and_then(|channel| channel.guild);
        let known = world.commands.iter().filter(|command| command.name() == name);
        let here = known.filter(|command| command.guild.is_none() || command.guild == guild);
        // A guild's own command hides one that is everywhere.
        let Some(command) = here.max_by_key(|command| command.guild) else {
            return Err(format!("no command /{name} is registered there"));
        };
        if !command.works_in(u8::from(guild.is_none())) {
            return Err(format!("/{name} does not work in such a channel"));
        }
        let has_installed = world.users.get(&user).is_some_and(|user| user.has_installed);
        let by_user = has_installed && command.can_be_installed(1);
        let Some(guild) = guild else { return Ok(command.clone()) };
        let by_guild = self.bot_is_in(guild) && command.can_be_installed(0);
        if !by_guild && !by_user {
            return Err(format!("nobody has installed /{name} there"));
        }
        let allowed = world.permissions(user, channel);
        if allowed & p::USE_APPLICATION_COMMANDS == 0 {
            return Err("they may not use commands there".to_owned());
        }
        match command.required_permissions() {
            Some(0) if allowed & p::ADMINISTRATOR == 0 => Err(format!("/{name} is for administrators")),
            Some(needed) if allowed & needed != needed => Err(format!("/{name} needs rights that they have not")),
            _ => Ok(command.clone()),
        }
    }
}

/// Who has installed the application: the guild, or the person.
fn owners(world: &World, user: u64, guild: Option<u64>) -> Value {
    let in_guild = guild.and_then(|guild| world.guilds.get(&guild));
    match in_guild {
        Some(guild) if guild.members.contains_key(&world.bot()) => json!({ "0": guild.id.to_string() }),
        Some(_) => json!({ "1": user.to_string() }),
        None => json!({ "0": "0" }),
    }
}

/// A value of an option as the client sends it, and what is resolved with it; or why the client does not send it.
pub(crate) fn option_value(world: &World, channel: u64, option: &Value, typed: &str) -> Result<(Value, Value), String> {
    let name = option["name"].as_str().unwrap_or_default();
    let choices = option["choices"].as_array().filter(|choices| !choices.is_empty());
    if let Some(choices) = choices {
        let chosen = choices.iter().find(|choice| {
            choice["name"] == typed
                || choice["value"] == typed
                || choice["value"].as_i64().is_some_and(|value| typed.parse() == Ok(value))
        });
        let chosen = chosen.ok_or_else(|| format!("\"{typed}\" is none of the choices of {name}"))?;
        return Ok((chosen["value"].clone(), Value::Null));
    }
    let within = |value: f64| {
        option["min_value"].as_f64().is_none_or(|least| value >= least)
            && option["max_value"].as_f64().is_none_or(|most| value <= most)
    };
    match option["type"].as_u64() {
        Some(3) => {
            let length = u64::try_from(typed.chars().count()).unwrap_or(u64::MAX);
            let is_fine = length >= option["min_length"].as_u64().unwrap_or(0)
                && length <= option["max_length"].as_u64().unwrap_or(6_000);
            if is_fine {
                Ok((json!(typed), Value::Null))
            } else {
                Err(format!("{name} may not be {length} characters long"))
            }
        }
        Some(4) => {
            let value: i32 = typed.parse().map_err(|error| format!("\"{typed}\" for {name}: {error}"))?;
            if within(f64::from(value)) {
                Ok((json!(value), Value::Null))
            } else {
                Err(format!("{value} is beyond the bounds of {name}"))
            }
        }
        Some(5) => typed
            .parse::<bool>()
            .map(|value| (json!(value), Value::Null))
            .map_err(|error| format!("\"{typed}\" for {name}: {error}")),
        Some(6) => resolved_user(world, channel, typed),
        Some(10) => {
            let value: f64 = typed.parse().map_err(|error| format!("\"{typed}\" for {name}: {error}"))?;
            if within(value) {
                Ok((json!(value), Value::Null))
            } else {
                Err(format!("{value} is beyond the bounds of {name}"))
            }
        }
        other => Err(format!("the fake does not know options of type {other:?}")),
    }
}

/// A person by number, name or mention, as the client resolves them.
fn resolved_user(world: &World, channel: u64, typed: &str) -> Result<(Value, Value), String> {
    let name = typed.trim_start_matches("<@").trim_end_matches('>').trim_start_matches('@');
    let user = world.users.values().find(|user| user.name == name || user.id.to_string() == name);
    let user = user.ok_or_else(|| format!("there is nobody called \"{typed}\""))?;
    let id = user.id.to_string();
    let mut resolved = json!({ "users": { id.clone(): user.json() } });
    let guild =
        world.channels.get(&channel).and_then(|channel| channel.guild).and_then(|guild| world.guilds.get(&guild));
    if let Some(member) = guild.and_then(|guild| guild.members.get(&user.id)) {
        let mut json = World::bare_member_json(member);
        set(&mut json, "permissions", world.permissions(user.id, channel).to_string());
        set(&mut resolved, "members", json!({ id.clone(): json }));
    }
    Ok((json!(id), resolved))
}
