//! People who ask the bot: by command, while they type, by button, menu and form.

use std::sync::Arc;

use serde_json::{Value, json};

use super::acting::{Question, option_value};
use super::asked::{About, Asked, Choice};
use super::person::Person;
use super::{Channel, Shown};
use crate::state::State;
use crate::world::{Kind, Registered, set};

impl Person {
    /// They use a slash command.
    ///
    /// # Panics
    /// Discord's client would not send it: it is not registered there, not for them, an option is missing or wrong.
    pub fn slash(&self, channel: &Channel, command: &str, options: &[(&str, &str)]) -> Asked {
        self.try_slash(channel, command, options).unwrap_or_else(|why| panic!("/{command} {options:?}: {why}"))
    }

    /// They use a slash command, if Discord's client lets them.
    ///
    /// # Errors
    /// Why the client does not send it.
    pub fn try_slash(&self, channel: &Channel, command: &str, options: &[(&str, &str)]) -> Result<Asked, String> {
        let id = self.shared.change(|state| {
            let registered = state.offered(self.id, channel.id, command)?;
            state.command(self.id, channel.id, &registered, options)
        })?;
        Ok(self.asked(id))
    }

    /// Whether Discord's client offers them a command there.
    #[must_use]
    pub fn may_use(&self, channel: &Channel, command: &str) -> bool {
        self.shared.look(|state| state.offered(self.id, channel.id, command).is_ok())
    }

    /// A slash command reaches the bot although the client would not offer it: rights were changed in the guild's own
    /// settings.
    ///
    /// # Panics
    /// No such command is registered at all, or the options are wrong.
    pub fn forges(&self, channel: &Channel, command: &str, options: &[(&str, &str)]) -> Asked {
        let id = self.shared.change(|state| {
            let known = state.world.commands.iter().find(|known| known.name() == command).cloned();
            let known = known.unwrap_or_else(|| panic!("/{command} is not registered"));
            state.command(self.id, channel.id, &known, options).unwrap_or_else(|why| panic!("/{command}: {why}"))
        });
        self.asked(id)
    }

    /// What they are offered while they type an option; `others` are those that are filled in already.
    ///
    /// # Panics
    /// The command is not offered to them, the option does not complete, or no answer comes.
    pub async fn autocomplete(
        &self,
        channel: &Channel,
        command: &str,
        option: (&str, &str),
        others: &[(&str, &str)],
    ) -> Vec<Choice> {
        let id = self.shared.change(|state| {
            let registered = state.offered(self.id, channel.id, command);
            let registered = registered.unwrap_or_else(|why| panic!("/{command}: {why}"));
            state.typing(self.id, channel.id, &registered, option, others)
        });
        self.asked(id).choices().await
    }

    /// They press a button, by its label, emoji or id.
    ///
    /// # Panics
    /// There is none that they could press.
    pub fn presses(&self, shown: &Shown, button: &str) -> Asked {
        let button = button.to_owned();
        self.uses(shown, move |component| {
            let is_meant = component["type"] == 2
                && [&component["label"], &component["emoji"]["name"], &component["custom_id"]]
                    .iter()
                    .any(|one| **one == button.as_str());
            is_meant.then(|| json!({ "component_type": 2, "custom_id": component["custom_id"], "id": 1 }))
        })
    }

    /// They choose an option of a menu, by its label or value.
    ///
    /// # Panics
    /// There is none that they could choose.
    pub fn selects(&self, shown: &Shown, option: &str) -> Asked {
        let wanted = option.to_owned();
        self.uses(shown, move |component| {
            let options = component["options"].as_array().filter(|_| component["type"] == 3)?;
            let option = options
                .iter()
                .find(|option| option["label"] == wanted.as_str() || option["value"] == wanted.as_str())?;
            Some(json!({
                "component_type": 3, "custom_id": component["custom_id"], "values": [option["value"]], "id": 1,
            }))
        })
    }

    /// They use what `data` finds among the components of a message as it is now.
    fn uses(&self, shown: &Shown, data: impl Fn(&Value) -> Option<Value>) -> Asked {
        let id = self.shared.change(|state| {
            let message = state.world.messages.get(&shown.id()).filter(|message| !message.is_deleted);
            let Some(message) = message else { panic!("the message is gone") };
            assert!(state.world.sees(self.id, message), "they do not see the message");
            let components = flat(&message.components);
            let usable = components.iter().filter(|component| component["disabled"] != true);
            let Some(data) = usable.filter_map(&data).next() else {
                panic!("there is nothing of the kind to use in {}", Value::Array(components));
            };
            let channel = message.channel;
            let source = Some(message.id);
            state.ask(Question { kind: Kind::Component, user: self.id, channel, data, name: None, source })
        });
        self.asked(id)
    }

    /// A button's id reaches the bot over a message that has no such button (any more).
    ///
    /// # Panics
    /// There never was such a message.
    pub fn forges_press(&self, shown: &Shown, custom_id: &str) -> Asked {
        let id = self.shared.change(|state| {
            let Some(message) = state.world.messages.get(&shown.id()) else { panic!("there is no such message") };
            let (channel, source) = (message.channel, Some(message.id));
            let data = json!({ "component_type": 2, "custom_id": custom_id, "id": 1 });
            state.ask(Question { kind: Kind::Component, user: self.id, channel, data, name: None, source })
        });
        self.asked(id)
    }

    /// They fill in a form and send it; fields by id or label.
    ///
    /// # Panics
    /// There was no form, or a field is missing or wrong.
    pub fn submits(&self, shown: &Shown, fields: &[(&str, &str)]) -> Asked {
        let Some(modal) = shown.modal() else { panic!("there is no form") };
        let parts = modal["components"].as_array().cloned().unwrap_or_default();
        let filled: Vec<Value> = parts.iter().filter_map(|part| filled(part, fields)).collect();
        let data = json!({ "custom_id": modal["custom_id"], "components": filled });
        let id = self.shared.change(|state| {
            let (channel, source) = (shown.channel(), shown.source());
            state.ask(Question { kind: Kind::Modal, user: self.id, channel, data, name: None, source })
        });
        self.asked(id)
    }

    fn asked(&self, id: u64) -> Asked {
        Asked { shared: Arc::clone(&self.shared), about: About::Interaction(id) }
    }
}

impl State {
    fn command(
        &mut self,
        user: u64,
        channel: u64,
        command: &Registered,
        options: &[(&str, &str)],
    ) -> Result<u64, String> {
        let data = self.command_data(channel, command, options, None)?;
        for option in command.options().iter().filter(|option| option["required"] == true) {
            if !options.iter().any(|(name, _)| option["name"] == *name) {
                return Err(format!("{} must be said", option["name"]));
            }
        }
        let name = Some(command.name().to_owned());
        Ok(self.ask(Question { kind: Kind::Command, user, channel, data, name, source: None }))
    }

    fn typing(
        &mut self,
        user: u64,
        channel: u64,
        command: &Registered,
        option: (&str, &str),
        others: &[(&str, &str)],
    ) -> u64 {
        let data = self.command_data(channel, command, others, Some(option)).unwrap_or_else(|why| panic!("{why}"));
        let name = Some(command.name().to_owned());
        self.ask(Question { kind: Kind::Autocomplete, user, channel, data, name, source: None })
    }

    fn command_data(
        &self,
        channel: u64,
        command: &Registered,
        options: &[(&str, &str)],
        focused: Option<(&str, &str)>,
    ) -> Result<Value, String> {
        let known = |name: &str| {
            let found = command.options().iter().find(|option| option["name"] == name);
            found.ok_or_else(|| format!("there is no option {name}"))
        };
        let mut sent = Vec::new();
        let mut data = json!({ "id": command.id.to_string(), "name": command.name(), "type": 1 });
        if let Some(guild) = command.guild {
            set(&mut data, "guild_id", guild.to_string());
        }
        for (name, typed) in options {
            let option = known(name)?;
            let (value, resolved) = option_value(&self.world, channel, option, typed)?;
            sent.push(json!({ "name": name, "type": option["type"], "value": value }));
            if !resolved.is_null() {
                set(&mut data, "resolved", resolved);
            }
        }
        if let Some((name, typed)) = focused {
            let option = known(name)?;
            if option["autocomplete"] != true {
                return Err(format!("{name} does not complete"));
            }
            sent.push(json!({ "name": name, "type": option["type"], "value": typed, "focused": true }));
        }
        if !sent.is_empty() {
            set(&mut data, "options", sent);
        }
        Ok(data)
    }
}

/// All components, those within rows, sections and containers, too.
pub(super) fn flat(components: &[Value]) -> Vec<Value> {
    let mut all = Vec::new();
    for component in components {
        all.push(component.clone());
        all.extend(flat(component["components"].as_array().map_or(&[], Vec::as_slice)));
        if component["accessory"].is_object() {
            all.push(component["accessory"].clone());
        }
    }
    all
}

/// A part of a form with what was typed into it.
fn filled(part: &Value, fields: &[(&str, &str)]) -> Option<Value> {
    let (field, label) = match part["type"].as_u64()? {
        1 => (&part["components"][0], &part["components"][0]["label"]),
        18 => (&part["component"], &part["label"]),
        _ => return None,
    };
    let typed = fields.iter().find(|(name, _)| field["custom_id"] == *name || *label == *name);
    let value = typed.map(|(_, text)| (*text).to_owned());
    let value = value.or_else(|| field["value"].as_str().map(str::to_owned)).unwrap_or_default();
    let length = u64::try_from(value.chars().count()).unwrap_or(u64::MAX);
    let is_required = field["required"] != false;
    assert!(!is_required || length > 0, "{label} must be filled in");
    let least = field["min_length"].as_u64().unwrap_or(0);
    let most = field["max_length"].as_u64().unwrap_or(4_000);
    assert!(length <= most && (length >= least || length == 0), "{label} may not be {length} characters long");
    let field = match field["type"].as_u64() {
        Some(3) => json!({ "type": 3, "id": 2, "custom_id": field["custom_id"], "values": [value] }),
        _ => json!({ "type": 4, "id": 2, "custom_id": field["custom_id"], "value": value }),
    };
    Some(match part["type"].as_u64() {
        Some(18) => json!({ "type": 18, "id": 1, "component": field }),
        _ => json!({ "type": 1, "id": 1, "components": [field] }),
    })
}
