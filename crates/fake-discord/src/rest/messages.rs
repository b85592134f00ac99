//! Messages of channels.

use serde_json::Value;

use super::posting::{Draft, change, check, check_rights, new_message, reply_to};
use super::refusal::number;
use super::{Answer, Call, Refusal, posting};
use crate::permissions as p;
use crate::state::State;
use crate::world::Message;

pub(super) fn create(state: &mut State, call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let channel = known_channel(state, names)?;
    let draft = Draft::of(call);
    check(draft, &[], false)?;
    check_rights(state, channel, draft)?;
    let reply_to = reply_to(state, channel, &call.body["message_reference"])?;
    if call.body["enforce_nonce"] == true
        && let Some(earlier) = with_nonce(state, channel, &call.body["nonce"])
    {
        return Answer::ok(state.world.message_json(&earlier));
    }
    let mut message = new_message(state, channel, draft)?;
    message.reply_to = reply_to;
    let (id, json) = (message.id, state.world.message_json(&message));
    state.world.messages.insert(id, message);
    state.dispatch_message("MESSAGE_CREATE", id);
    Answer::ok(json)
}

/// The bot's message that was sent with this nonce.
fn with_nonce(state: &State, channel: u64, nonce: &Value) -> Option<Message> {
    let text = |nonce: &Value| nonce.as_str().map_or_else(|| nonce.to_string(), str::to_owned);
    let mut messages = state.world.messages.values();
    let found = messages.find(|message| {
        let has = message.nonce.as_ref().is_some_and(|other| text(other) == text(nonce));
        has && message.channel == channel && message.author == state.world.bot() && !message.is_deleted
    });
    found.cloned()
}

pub(super) fn list(state: &mut State, call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let channel = readable_channel(state, names)?;
    let bound = |name: &str| call.parameter(name).map(number).transpose();
    let (before, after, around) = (bound("before")?, bound("after")?, bound("around")?);
    let most = call.parameter("limit").and_then(|limit| limit.parse().ok()).unwrap_or(50);
    let is_wanted = |message: &&Message| {
        message.channel == channel
            && !message.is_deleted
            && !message.is_private()
            && before.is_none_or(|before| message.id < before)
            && after.is_none_or(|after| message.id > after)
            && around.is_none_or(|around| message.id == around)
    };
    let newest_first = state.world.messages.values().rev().filter(is_wanted).take(most);
    let found: Vec<Value> = newest_first.map(|message| state.world.message_json(message)).collect();
    Answer::ok(Value::Array(found))
}

pub(super) fn get(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let message = known_message(state, names)?;
    Answer::ok(state.world.message_json(&message))
}

pub(super) fn edit(state: &mut State, call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let message = known_message(state, names)?;
    if message.author != state.world.bot() {
        return Err(Refusal::new(403, 50_005, "Cannot edit a message authored by another user")
            .violation("it edits somebody else's message"));
    }
    change(state, message.id, Draft::of(call))?;
    let message = known_message(state, names)?;
    Answer::ok(state.world.message_json(&message))
}

pub(super) fn delete(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let message = known_message(state, names)?;
    let allowed = state.world.permissions(state.world.bot(), message.channel);
    if message.author != state.world.bot() && allowed & p::MANAGE_MESSAGES == 0 {
        return Err(Refusal::missing_permissions());
    }
    posting::delete(state, message.id)?;
    Answer::nothing()
}

/// A channel that there is.
pub(super) fn known_channel(state: &State, names: &[&str]) -> Result<u64, Refusal> {
    let channel = number(names.first().copied().unwrap_or_default())?;
    if state.world.channels.contains_key(&channel) { Ok(channel) } else { Err(Refusal::unknown_channel()) }
}

/// A channel whose messages the bot may read.
fn readable_channel(state: &State, names: &[&str]) -> Result<u64, Refusal> {
    let channel = known_channel(state, names)?;
    let allowed = state.world.permissions(state.world.bot(), channel);
    if allowed & p::VIEW_CHANNEL == 0 {
        return Err(Refusal::missing_access());
    }
    if allowed & p::READ_MESSAGE_HISTORY == 0 {
        return Err(Refusal::missing_permissions());
    }
    Ok(channel)
}

/// A message of a channel that the bot sees. Private ones are not to be had this way.
pub(super) fn known_message(state: &State, names: &[&str]) -> Result<Message, Refusal> {
    let channel = known_channel(state, names)?;
    if state.world.permissions(state.world.bot(), channel) & p::VIEW_CHANNEL == 0 {
        return Err(Refusal::missing_access());
    }
    let id = number(names.get(1).copied().unwrap_or_default())?;
    let found = state.world.messages.get(&id).filter(|message| message.channel == channel);
    let found = found.filter(|message| !message.is_deleted && !message.is_private());
    found.cloned().ok_or_else(Refusal::unknown_message)
}
