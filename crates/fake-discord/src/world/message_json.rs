//! How a message looks in an answer or event.

use serde_json::{Value, json};

use super::command::without_nulls;
use super::message::EPHEMERAL;
use super::user::set;
use super::{File, Kind, Message, Reaction, World};

impl World {
    /// A message with the one it replies to.
    pub(crate) fn message_json(&self, message: &Message) -> Value {
        let mut json = self.bare_message_json(message);
        let Some(reply_to) = message.reply_to else { return json };
        let original = self.messages.get(&reply_to).filter(|original| !original.is_deleted);
        set(&mut json, "type", 19);
        set(&mut json, "referenced_message", original.map_or(Value::Null, |original| self.bare_message_json(original)));
        let mut reference = json!({
            "type": 0, "channel_id": message.channel.to_string(), "message_id": reply_to.to_string(),
        });
        if let Some(guild) = self.channels.get(&message.channel).and_then(|channel| channel.guild) {
            set(&mut reference, "guild_id", guild.to_string());
        }
        set(&mut json, "message_reference", reference);
        json
    }

    fn bare_message_json(&self, message: &Message) -> Value {
        let mentions: Vec<Value> = message.pings.users.iter().map(|user| self.user_json(*user)).collect();
        let roles: Vec<String> = message.pings.roles.iter().map(u64::to_string).collect();
        let embeds: Vec<Value> = message.embeds.iter().map(|embed| self.embed_json(embed, message)).collect();
        let files: Vec<Value> = message.files.iter().map(|file| self.file_json(file, message)).collect();
        let private = if message.is_private() { EPHEMERAL } else { 0 };
        let mut json = json!({
            "id": message.id.to_string(), "type": 0, "channel_id": message.channel.to_string(),
            "author": self.user_json(message.author), "content": message.content, "embeds": embeds,
            "attachments": files, "components": numbered(&message.components), "flags": message.flags | private,
            "mentions": mentions, "mention_roles": roles, "mention_everyone": message.pings.everyone,
            "pinned": false, "tts": false, "timestamp": message.sent, "edited_timestamp": message.edited,
        });
        if let Some(nonce) = &message.nonce {
            set(&mut json, "nonce", nonce.clone());
        }
        if !message.reactions.is_empty() {
            let reactions: Vec<Value> = message.reactions.iter().map(|one| self.reaction_json(one)).collect();
            set(&mut json, "reactions", reactions);
        }
        if let Some(interaction) = message.interaction {
            self.add_interaction(&mut json, interaction);
        }
        json
    }

    /// What the message says about the interaction that it answers.
    fn add_interaction(&self, json: &mut Value, id: u64) {
        let Some(interaction) = self.interactions.get(&id) else { return };
        set(json, "webhook_id", self.application.to_string());
        set(json, "application_id", self.application.to_string());
        set(json, "type", if interaction.kind == Kind::Command { 20 } else { 0 });
        let owners = interaction.payload["authorizing_integration_owners"].clone();
        let mut metadata = json!({
            "id": id.to_string(), "type": interaction.kind as u8, "user": self.user_json(interaction.user),
            "authorizing_integration_owners": owners.clone(),
        });
        if let (Kind::Component, Some(source)) = (interaction.kind, interaction.source) {
            set(&mut metadata, "interacted_message_id", source.to_string());
        }
        if interaction.kind == Kind::Modal {
            let opened_by = json!({
                "id": id.to_string(), "type": 2, "user": self.user_json(interaction.user),
                "authorizing_integration_owners": owners,
            });
            set(&mut metadata, "triggering_interaction_metadata", opened_by);
        }
        set(json, "interaction_metadata", metadata);
        if let Some(name) = &interaction.name {
            let short =
                json!({ "id": id.to_string(), "type": 2, "name": name, "user": self.user_json(interaction.user) });
            set(json, "interaction", short);
        }
    }

    fn reaction_json(&self, reaction: &Reaction) -> Value {
        let count = reaction.users.len();
        json!({
            "emoji": { "id": null, "name": reaction.emoji }, "count": count,
            "count_details": { "burst": 0, "normal": count }, "burst_colors": [], "me_burst": false,
            "me": reaction.users.contains(&self.bot()),
        })
    }

    /// Where a file is to be had.
    pub(crate) fn file_url(&self, file: &File, message: &Message) -> String {
        format!("{}/{}/{}/{}", self.files_url, message.id, file.id, file.name)
    }

    fn file_json(&self, file: &File, message: &Message) -> Value {
        let url = self.file_url(file, message);
        let mut json = json!({
            "id": file.id.to_string(), "filename": file.name, "size": file.bytes.len(), "url": url, "proxy_url": url,
        });
        if file.name.ends_with(".png") {
            set(&mut json, "content_type", "image/png");
            set(&mut json, "width", 900);
            set(&mut json, "height", 480);
        }
        if let Some(description) = &file.description {
            set(&mut json, "description", description.as_str());
        }
        if message.is_private() {
            set(&mut json, "ephemeral", true);
        }
        json
    }

    fn embed_json(&self, embed: &Value, message: &Message) -> Value {
        let mut json = without_nulls(embed);
        set(&mut json, "type", "rich");
        for key in ["image", "thumbnail"] {
            let name = json[key]["url"].as_str().and_then(|url| url.strip_prefix("attachment://")).map(str::to_owned);
            let file = name.and_then(|name| message.files.iter().find(|file| file.name == name));
            if let Some(file) = file {
                let url = self.file_url(file, message);
                set(&mut json, key, json!({ "url": url, "proxy_url": url, "width": 900, "height": 480 }));
            }
        }
        for field in json.get_mut("fields").and_then(Value::as_array_mut).into_iter().flatten() {
            if field["inline"].is_null() {
                set(field, "inline", false);
            }
        }
        json
    }
}

/// Discord numbers components, and fills in what was left out.
fn numbered(components: &[Value]) -> Vec<Value> {
    let mut next = 1;
    components.iter().map(|component| numbered_one(component, &mut next)).collect()
}

fn numbered_one(component: &Value, next: &mut u32) -> Value {
    let mut json = without_nulls(component);
    set(&mut json, "id", *next);
    *next += 1;
    if let Some(inner) = component["components"].as_array() {
        let inner: Vec<Value> = inner.iter().map(|component| numbered_one(component, next)).collect();
        set(&mut json, "components", inner);
    }
    if component["type"] == 3 {
        for key in ["min_values", "max_values"] {
            if json[key].is_null() {
                set(&mut json, key, 1);
            }
        }
    }
    json
}
