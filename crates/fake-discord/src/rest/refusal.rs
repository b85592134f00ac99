//! Why a request is refused, with Discord's codes.

use serde_json::{Value, json};

use super::Answer;

/// A request that is refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: u32,
    pub(crate) message: String,
    /// What no bot should do, as opposed to what may happen to any: a channel that was closed to it, a message that was
    /// deleted.
    pub(crate) violation: Option<String>,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: u32, message: &str) -> Self {
        Self { status, code, message: message.to_owned(), violation: None }
    }

    /// The same as a defect of the bot.
    pub(crate) fn violation(mut self, what: impl Into<String>) -> Self {
        self.violation = Some(what.into());
        self
    }

    pub(crate) fn invalid_form(findings: &[String]) -> Self {
        Self::new(400, 50_035, "Invalid Form Body").violation(findings.join("; "))
    }

    pub(crate) fn unknown_channel() -> Self {
        Self::new(404, 10_003, "Unknown Channel")
    }

    pub(crate) fn unknown_guild() -> Self {
        Self::new(404, 10_004, "Unknown Guild")
    }

    pub(crate) fn unknown_message() -> Self {
        Self::new(404, 10_008, "Unknown Message")
    }

    pub(crate) fn unknown_user() -> Self {
        Self::new(404, 10_013, "Unknown User")
    }

    pub(crate) fn missing_access() -> Self {
        Self::new(403, 50_001, "Missing Access")
    }

    pub(crate) fn missing_permissions() -> Self {
        Self::new(403, 50_013, "Missing Permissions")
    }

    /// Such as `TOKEN`'s owner asking for another application.
    pub(crate) fn not_yours() -> Self {
        Self::new(403, 20_012, "You are not authorized to perform this action on this application")
            .violation("it is not the bot's application")
    }

    pub(crate) fn answer(&self) -> Answer {
        let mut body = json!({ "code": self.code, "message": self.message });
        if let (Some(object), Some(violation), 50_035) = (body.as_object_mut(), &self.violation, self.code) {
            let errors = json!({ "_errors": [{ "code": "INVALID", "message": violation }] });
            object.insert("errors".to_owned(), errors);
        }
        Answer { status: self.status, body: Some(body) }
    }
}

/// A number that stands in a path.
pub(super) fn number(text: &str) -> Result<u64, Refusal> {
    let invalid = |_| Refusal::invalid_form(&[format!("\"{text}\" is no snowflake")]);
    text.parse().map_err(invalid)
}

/// An object's number that is written as text.
pub(super) fn id(value: &Value) -> Option<u64> {
    value.as_str().and_then(|id| id.parse().ok()).or_else(|| value.as_u64())
}
