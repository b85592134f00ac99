//! What comes after the first answer of an interaction: changing it, and further messages.

use super::interactions::is_private;
use super::posting::{Draft, change, check, new_message};
use super::refusal::number;
use super::{Answer, Call, Refusal, posting};
use crate::state::State;
use crate::world::Interaction;

pub(super) fn follow_up(state: &mut State, call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let interaction = of_token(state, names)?;
    let draft = Draft::of(call);
    // The first one behind a deferral takes its place.
    if let Some(announced) = announced(state, &interaction) {
        return edited(state, &interaction, announced, draft);
    }
    check(draft, &[], true)?;
    let mut message = new_message(state, interaction.channel, draft)?;
    message.interaction = Some(interaction.id);
    message.seen_by = is_private(&call.body).then_some(interaction.user);
    message.reply_to = interaction
        .original
        .filter(|original| state.world.messages.get(original).is_some_and(|message| !message.is_deleted));
    let (id, json) = (message.id, state.world.message_json(&message));
    state.world.messages.insert(id, message);
    state.dispatch_message("MESSAGE_CREATE", id);
    let now = state.now();
    if let Some(interaction) = state.world.interactions.get_mut(&interaction.id) {
        interaction.followups.push(id);
        interaction.answered.get_or_insert(now);
    }
    Answer::ok(json)
}

pub(super) fn get_original(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let interaction = of_token(state, names)?;
    shown(state, original(&interaction)?)
}

pub(super) fn edit_original(state: &mut State, call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let interaction = of_token(state, names)?;
    let message = original(&interaction)?;
    edited(state, &interaction, message, Draft::of(call))
}

pub(super) fn delete_original(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let interaction = of_token(state, names)?;
    posting::delete(state, original(&interaction)?)?;
    Answer::nothing()
}

pub(super) fn get(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let (_, message) = owned(state, names)?;
    shown(state, message)
}

pub(super) fn edit(state: &mut State, call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let (interaction, message) = owned(state, names)?;
    edited(state, &interaction, message, Draft::of(call))
}

pub(super) fn delete(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let (_, message) = owned(state, names)?;
    posting::delete(state, message)?;
    Answer::nothing()
}

/// The interaction of a token, if it was acknowledged and is not too old.
fn of_token(state: &State, names: &[&str]) -> Result<Interaction, Refusal> {
    let application = number(names.first().copied().unwrap_or_default())?;
    let token = names.get(1).copied().unwrap_or_default();
    let unknown = |why: &str| Refusal::new(404, 10_015, "Unknown Webhook").violation(why);
    if application != state.world.application {
        return Err(unknown("it is not the bot's application"));
    }
    let found = state.world.interactions.values().find(|interaction| interaction.token == token);
    let Some(interaction) = found else {
        return Err(Refusal::new(401, 50_027, "Invalid Webhook Token").violation("no interaction has this token"));
    };
    if interaction.is_token_over(state.now()) {
        return Err(Refusal::new(401, 50_027, "Invalid Webhook Token").violation("the token is older than 15 minutes"));
    }
    if interaction.acknowledged.is_none() {
        return Err(unknown("the interaction has no first answer yet"));
    }
    Ok(interaction.clone())
}

fn original(interaction: &Interaction) -> Result<u64, Refusal> {
    interaction.original.ok_or_else(Refusal::unknown_message)
}

fn announced(state: &State, interaction: &Interaction) -> Option<u64> {
    let message = state.world.messages.get(&interaction.original?)?;
    (message.is_thinking() && !message.is_deleted).then_some(message.id)
}

/// A message that belongs to the interaction of the token.
fn owned(state: &State, names: &[&str]) -> Result<(Interaction, u64), Refusal> {
    let interaction = of_token(state, names)?;
    let message = number(names.get(2).copied().unwrap_or_default())?;
    if interaction.owns(message) {
        return Ok((interaction, message));
    }
    Err(Refusal::unknown_message().violation("the message does not belong to this interaction"))
}

fn edited(state: &mut State, interaction: &Interaction, message: u64, draft: Draft<'_>) -> Result<Answer, Refusal> {
    change(state, message, draft)?;
    let now = state.now();
    if let Some(interaction) = state.world.interactions.get_mut(&interaction.id) {
        interaction.answered.get_or_insert(now);
    }
    shown(state, message)
}

fn shown(state: &State, message: u64) -> Result<Answer, Refusal> {
    let found = state.world.messages.get(&message).filter(|message| !message.is_deleted);
    let found = found.ok_or_else(Refusal::unknown_message)?;
    Answer::ok(state.world.message_json(found))
}
