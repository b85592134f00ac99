//! Messages.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

/// The flag of a message that one person alone sees.
pub(crate) const EPHEMERAL: u64 = 1 << 6;
/// The flag of an answer that is still thought about.
pub(crate) const LOADING: u64 = 1 << 7;

/// A message in a channel.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    pub(crate) id: u64,
    pub(crate) channel: u64,
    pub(crate) author: u64,
    pub(crate) content: String,
    pub(crate) embeds: Vec<Value>,
    pub(crate) components: Vec<Value>,
    pub(crate) files: Vec<File>,
    pub(crate) flags: u64,
    pub(crate) nonce: Option<Value>,
    pub(crate) reply_to: Option<u64>,
    pub(crate) reactions: Vec<Reaction>,
    pub(crate) sent: String,
    /// When, since the fake was started.
    pub(crate) at: Duration,
    pub(crate) edited: Option<String>,
    /// Counts every change.
    pub(crate) version: u64,
    /// The interaction that it answers.
    pub(crate) interaction: Option<u64>,
    /// The only one who sees it.
    pub(crate) seen_by: Option<u64>,
    pub(crate) is_deleted: bool,
    /// Whom it pings, after what is allowed.
    pub(crate) pings: Pings,
}

/// A file of a message.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) bytes: Arc<[u8]>,
}

/// What people reacted with, and who.
#[derive(Clone, Debug)]
pub(crate) struct Reaction {
    pub(crate) emoji: String,
    pub(crate) users: Vec<u64>,
}

/// Whom a message pings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pings {
    pub(crate) everyone: bool,
    pub(crate) users: Vec<u64>,
    pub(crate) roles: Vec<u64>,
}

impl Message {
    /// Whether the answer is only announced.
    pub(crate) fn is_thinking(&self) -> bool {
        self.flags & LOADING != 0
    }

    pub(crate) fn is_private(&self) -> bool {
        self.seen_by.is_some()
    }
}

impl Pings {
    /// What `content` mentions and `allowed` (`allowed_mentions`, if it was sent) lets through.
    pub(crate) fn of(content: &str, allowed: &Value) -> Self {
        let parses = |kind: &str| match allowed {
            Value::Object(_) => list(&allowed["parse"]).contains(&kind),
            _ => true,
        };
        let named = |key: &str, id: u64| list(&allowed[key]).iter().any(|one| *one == id.to_string());
        let mut pings = Self {
            everyone: parses("everyone") && (content.contains("@everyone") || content.contains("@here")),
            ..Self::default()
        };
        for inside in content.split('<').filter_map(|part| part.split_once('>').map(|(inside, _)| inside)) {
            if let Some(id) = inside.strip_prefix("@&").and_then(|id| id.parse().ok()) {
                if parses("roles") || named("roles", id) {
                    pings.roles.push(id);
                }
            } else if let Some(id) = inside.strip_prefix('@').and_then(|id| id.trim_start_matches('!').parse().ok())
                && (parses("users") || named("users", id))
            {
                pings.users.push(id);
            }
        }
        pings
    }
}

fn list(value: &Value) -> Vec<&str> {
    value.as_array().map(|all| all.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whom_a_message_pings_is_what_it_says_and_may() {
        let text = "hi @everyone, <@7> and <@&8>, <#9> and <t:1:R>";
        let all = Pings { everyone: true, users: vec![7], roles: vec![8] };
        assert_eq!(Pings::of(text, &Value::Null), all);
        assert_eq!(Pings::of(text, &json!({ "parse": [] })), Pings::default());
        let named = json!({ "parse": ["roles"], "users": ["7"] });
        assert_eq!(Pings::of(text, &named), Pings { everyone: false, users: vec![7], roles: vec![8] });
        assert_eq!(Pings::of(text, &json!({ "users": ["6"] })), Pings::default());
    }
}
