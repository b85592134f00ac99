//! Slash commands that are registered.

use serde_json::{Value, json};

use super::World;
use super::user::set;

/// A command as it was registered.
#[derive(Clone, Debug)]
pub(crate) struct Registered {
    pub(crate) id: u64,
    /// The guild it is for; everywhere without.
    pub(crate) guild: Option<u64>,
    /// What was sent.
    pub(crate) body: Value,
    pub(crate) version: u64,
}

impl Registered {
    pub(crate) fn name(&self) -> &str {
        self.body["name"].as_str().unwrap_or_default()
    }

    pub(crate) fn options(&self) -> &[Value] {
        self.body["options"].as_array().map_or(&[], Vec::as_slice)
    }

    /// What a member must be allowed to be offered the command; nothing when it is for everybody.
    pub(crate) fn required_permissions(&self) -> Option<u64> {
        match &self.body["default_member_permissions"] {
            Value::String(bits) => bits.parse().ok(),
            bits => bits.as_u64(),
        }
    }

    /// Whether it works in this context: 0 a guild, 1 a direct message with the bot, 2 other private channels.
    pub(crate) fn works_in(&self, context: u8) -> bool {
        if self.guild.is_some() {
            return context == 0;
        }
        match &self.body["contexts"] {
            Value::Array(contexts) => contexts.iter().any(|one| one.as_u64() == Some(u64::from(context))),
            _ => context != 2,
        }
    }

    /// Whether it can be had by installing the application so: 0 in a guild, 1 for oneself.
    pub(crate) fn can_be_installed(&self, how: u8) -> bool {
        match &self.body["integration_types"] {
            Value::Array(types) => types.iter().any(|one| one.as_u64() == Some(u64::from(how))),
            _ => how == 0,
        }
    }
}

impl World {
    pub(crate) fn command_json(&self, command: &Registered) -> Value {
        let body = &command.body;
        let permissions = command.required_permissions().map(|bits| bits.to_string());
        let mut json = json!({
            "id": command.id.to_string(), "application_id": self.application.to_string(),
            "version": command.version.to_string(), "default_member_permissions": permissions,
            "type": body["type"].as_u64().unwrap_or(1), "name": body["name"],
            "description": body["description"].as_str().unwrap_or_default(), "nsfw": body["nsfw"] == true,
            "name_localizations": body["name_localizations"],
            "description_localizations": body["description_localizations"],
            "integration_types": [0],
        });
        for key in ["contexts", "integration_types", "options"] {
            if body[key].is_array() {
                set(&mut json, key, without_nulls(&body[key]));
            }
        }
        match command.guild {
            Some(guild) => set(&mut json, "guild_id", guild.to_string()),
            None => set(&mut json, "dm_permission", true),
        }
        json
    }

    /// Commands of a guild, or those for everywhere.
    pub(crate) fn commands_json(&self, guild: Option<u64>) -> Vec<Value> {
        self.commands
            .iter()
            .filter(|command| command.guild == guild)
            .map(|command| self.command_json(command))
            .collect()
    }
}

/// What Discord leaves out of its answers: keys that say null.
pub(crate) fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}
