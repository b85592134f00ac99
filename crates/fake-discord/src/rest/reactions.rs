//! Reactions of messages.

use serde_json::Value;

use super::call::decoded;
use super::messages::known_message;
use super::refusal::number;
use super::{Answer, Call, Refusal};
use crate::permissions as p;
use crate::state::State;

pub(super) fn add(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let message = known_message(state, names)?;
    let emoji = emoji(names)?;
    let allowed = state.world.permissions(state.world.bot(), message.channel);
    let is_there = message.reactions.iter().any(|reaction| reaction.emoji == emoji);
    if allowed & p::READ_MESSAGE_HISTORY == 0 || !is_there && allowed & p::ADD_REACTIONS == 0 {
        return Err(Refusal::missing_permissions());
    }
    if !is_there && message.reactions.len() >= 20 {
        return Err(Refusal::new(400, 30_010, "Maximum number of reactions reached (20)").violation("a 21st reaction"));
    }
    state.react(message.id, state.world.bot(), &emoji, true);
    Answer::nothing()
}

pub(super) fn remove_own(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let message = known_message(state, names)?;
    let bot = state.world.bot();
    state.react(message.id, bot, &emoji(names)?, false);
    Answer::nothing()
}

pub(super) fn remove(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let message = managed(state, names)?;
    let user = number(names.get(3).copied().unwrap_or_default())?;
    state.react(message, user, &emoji(names)?, false);
    Answer::nothing()
}

pub(super) fn clear(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let message = managed(state, names)?;
    state.clear_reactions(message, None);
    Answer::nothing()
}

pub(super) fn clear_one(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let message = managed(state, names)?;
    state.clear_reactions(message, Some(&emoji(names)?));
    Answer::nothing()
}

pub(super) fn list(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let message = known_message(state, names)?;
    let emoji = emoji(names)?;
    let reaction = message.reactions.iter().find(|reaction| reaction.emoji == emoji);
    let users = reaction.map_or(&[][..], |reaction| reaction.users.as_slice());
    Answer::ok(Value::Array(users.iter().map(|user| state.world.user_json(*user)).collect()))
}

/// A message whose reactions the bot may take away.
fn managed(state: &State, names: &[&str]) -> Result<u64, Refusal> {
    let message = known_message(state, names)?;
    let allowed = state.world.permissions(state.world.bot(), message.channel);
    if allowed & p::MANAGE_MESSAGES == 0 { Err(Refusal::missing_permissions()) } else { Ok(message.id) }
}

/// An emoji as it stands in a path: one of Unicode. It has no ASCII letters, but digits with a keycap.
fn emoji(names: &[&str]) -> Result<String, Refusal> {
    let text = decoded(names.get(2).copied().unwrap_or_default());
    let is_one = !text.is_empty() && text.chars().count() <= 8 && !text.is_ascii();
    let unknown = || Refusal::new(400, 10_014, "Unknown Emoji").violation(format!("\"{text}\" is no emoji"));
    if is_one { Ok(text) } else { Err(unknown()) }
}
