//! The documented limits that the description does not say, or says wider. Each check lists what is wrong; it knows
//! nothing of requests or of what there is.

mod commands;
mod components;
mod embeds;
mod messages;
mod modal;

pub(crate) use commands::{check_choices, check_commands};
pub(crate) use messages::{Posted, check_message, id_of};
pub(crate) use modal::check_modal;

use serde_json::Value;

/// Characters of a text.
fn length(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.chars().count())
}

/// The elements of a list, none where there is none.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A finding when a text is shorter or longer than it may be.
fn check_length(findings: &mut Vec<String>, what: &str, value: &Value, least: usize, most: usize) {
    let length = length(value);
    if length < least || length > most {
        findings.push(format!("{what} has {length} characters, {least} to {most} are allowed"));
    }
}

/// A finding when there are more than there may be.
fn check_count(findings: &mut Vec<String>, what: &str, count: usize, most: usize) {
    if count > most {
        findings.push(format!("{what}: {count}, at most {most} are allowed"));
    }
}
