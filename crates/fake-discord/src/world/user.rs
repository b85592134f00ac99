//! People, and the bot.

use serde_json::{Value, json};

/// Somebody with an account.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) is_bot: bool,
    pub(crate) locale: String,
    /// Whether they have installed the application for themselves.
    pub(crate) has_installed: bool,
}

impl User {
    pub(crate) fn json(&self) -> Value {
        let mut user = json!({
            "id": self.id.to_string(), "username": self.name, "global_name": self.name, "discriminator": "0",
            "avatar": null, "banner": null, "accent_color": null, "avatar_decoration_data": null,
            "public_flags": 0, "flags": 0, "primary_guild": null,
        });
        if self.is_bot {
            set(&mut user, "bot", true);
        }
        user
    }

    /// What the bot gets to know about itself.
    pub(crate) fn own_json(&self) -> Value {
        let mut user = self.json();
        set(&mut user, "mfa_enabled", true);
        set(&mut user, "locale", self.locale.as_str());
        set(&mut user, "verified", true);
        set(&mut user, "email", Value::Null);
        user
    }
}

/// Sets a key of an object.
pub(crate) fn set(object: &mut Value, key: &str, value: impl Into<Value>) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value.into());
    }
}
