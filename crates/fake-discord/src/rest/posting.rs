//! Making and changing messages: what is common to channels, answers of interactions and follow-ups.

use serde_json::Value;

use super::refusal::id;
use super::{Call, Refusal, Upload};
use crate::limits::{Posted, check_message, id_of};
use crate::permissions as p;
use crate::state::State;
use crate::world::{EPHEMERAL, File, LOADING, Message, Pings};

/// A message as it is sent.
#[derive(Clone, Copy)]
pub(super) struct Draft<'a> {
    pub(super) body: &'a Value,
    pub(super) uploads: &'a [Upload],
}

impl<'a> Draft<'a> {
    pub(super) fn of(call: &'a Call) -> Self {
        Self { body: &call.body, uploads: &call.uploads }
    }
}

/// Judges a message that is to be posted or changed.
pub(super) fn check(draft: Draft<'_>, kept: &[String], of_interaction: bool) -> Result<(), Refusal> {
    let uploads: Vec<(u64, String, usize)> =
        draft.uploads.iter().map(|upload| (upload.number, upload.name.clone(), upload.bytes.len())).collect();
    let findings = check_message(Posted { body: draft.body, uploads: &uploads, kept, of_interaction });
    if findings.is_empty() { Ok(()) } else { Err(Refusal::invalid_form(&findings)) }
}

/// Whether the bot may post this there.
pub(super) fn check_rights(state: &State, channel: u64, draft: Draft<'_>) -> Result<(), Refusal> {
    let allowed = state.world.permissions(state.world.bot(), channel);
    if allowed & p::VIEW_CHANNEL == 0 {
        return Err(Refusal::missing_access());
    }
    let has_embeds = draft.body["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty());
    let needed = [(p::SEND_MESSAGES, true), (p::EMBED_LINKS, has_embeds), (p::ATTACH_FILES, !draft.uploads.is_empty())];
    if needed.iter().any(|(right, is_needed)| *is_needed && allowed & right == 0) {
        return Err(Refusal::missing_permissions());
    }
    if !draft.body["message_reference"].is_null() && allowed & p::READ_MESSAGE_HISTORY == 0 {
        return Err(Refusal::new(400, 160_002, "Cannot reply without permission to read message history"));
    }
    Ok(())
}

/// A new message of the bot, not yet in its channel.
pub(super) fn new_message(state: &mut State, channel: u64, draft: Draft<'_>) -> Result<Message, Refusal> {
    let author = state.world.bot();
    let mut message = Message {
        id: state.world.clock.snowflake(),
        channel,
        author,
        sent: state.world.clock.stamp(),
        at: state.now(),
        nonce: Some(draft.body["nonce"].clone()).filter(|nonce| !nonce.is_null()),
        flags: draft.body["flags"].as_u64().unwrap_or_default() & !EPHEMERAL,
        pings: Pings::of(draft.body["content"].as_str().unwrap_or_default(), &draft.body["allowed_mentions"]),
        ..Message::default()
    };
    fill(state, &mut message, draft);
    if is_empty(&message) { Err(empty()) } else { Ok(message) }
}

/// Changes a message; what the request does not name stays.
pub(super) fn change(state: &mut State, message: u64, draft: Draft<'_>) -> Result<(), Refusal> {
    let Some(known) = state.world.messages.get(&message).filter(|message| !message.is_deleted) else {
        return Err(Refusal::unknown_message());
    };
    let mut changed = known.clone();
    let kept: Vec<String> = kept(&changed, draft.body).into_iter().map(|file| file.name).collect();
    check(draft, &kept, changed.interaction.is_some())?;
    if changed.is_thinking() {
        changed.flags &= !LOADING;
        changed.pings = Pings::of(draft.body["content"].as_str().unwrap_or_default(), &draft.body["allowed_mentions"]);
    } else {
        changed.edited = Some(state.world.clock.stamp());
    }
    changed.version += 1;
    fill(state, &mut changed, draft);
    if is_empty(&changed) {
        return Err(empty());
    }
    state.world.messages.insert(message, changed);
    state.dispatch_message("MESSAGE_UPDATE", message);
    Ok(())
}

/// Deletes a message.
pub(super) fn delete(state: &mut State, message: u64) -> Result<(), Refusal> {
    let found = state.world.messages.get_mut(&message).filter(|message| !message.is_deleted);
    let Some(found) = found else { return Err(Refusal::unknown_message()) };
    found.is_deleted = true;
    found.version += 1;
    state.dispatch_deleted(message);
    Ok(())
}

fn fill(state: &mut State, message: &mut Message, draft: Draft<'_>) {
    let Draft { body, uploads } = draft;
    let list = |key: &str| body[key].as_array().cloned().unwrap_or_default();
    if body.get("content").is_some() {
        body["content"].as_str().unwrap_or_default().clone_into(&mut message.content);
    }
    if body.get("embeds").is_some() {
        message.embeds = list("embeds");
    }
    if body.get("components").is_some() {
        message.components = list("components");
    }
    let mut files = kept(message, body);
    for upload in uploads {
        let named = body["attachments"].as_array().into_iter().flatten();
        let meant = named.clone().find(|attachment| id_of(attachment) == Some(upload.number));
        files.push(File {
            id: state.world.clock.snowflake(),
            name: meant.and_then(|one| one["filename"].as_str()).unwrap_or(&upload.name).to_owned(),
            description: meant.and_then(|one| one["description"].as_str()).map(str::to_owned),
            bytes: upload.bytes.clone(),
        });
    }
    message.files = files;
}

/// Files that stay: all without a list, else those that it names.
fn kept(message: &Message, body: &Value) -> Vec<File> {
    match &body["attachments"] {
        Value::Array(listed) => {
            let stays = |file: &&File| listed.iter().any(|one| id_of(one) == Some(file.id));
            message.files.iter().filter(stays).cloned().collect()
        }
        _ => message.files.clone(),
    }
}

fn is_empty(message: &Message) -> bool {
    let has_second_version = message.flags & (1 << 15) != 0 && !message.components.is_empty();
    message.content.is_empty() && message.embeds.is_empty() && message.files.is_empty() && !has_second_version
}

fn empty() -> Refusal {
    Refusal::new(400, 50_006, "Cannot send an empty message").violation("the message is empty")
}

/// The message that a reply is to; none when it is gone and that does not matter.
pub(super) fn reply_to(state: &State, channel: u64, reference: &Value) -> Result<Option<u64>, Refusal> {
    let Some(wanted) = id(&reference["message_id"]) else { return Ok(None) };
    let found = state.world.messages.get(&wanted);
    if found.is_some_and(|message| message.channel == channel && !message.is_deleted) {
        return Ok(Some(wanted));
    }
    // It may have been deleted while the bot thought: no defect of the bot, unless it never was there.
    let refusal = Refusal::new(400, 50_035, "Invalid Form Body: message_reference: Unknown message");
    match (found.is_some(), reference["fail_if_not_exists"] == false) {
        (true, true) => Ok(None),
        (true, false) => Err(refusal),
        (false, _) => Err(refusal.violation("it replies to a message that never was there")),
    }
}
