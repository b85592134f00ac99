//! First answers of interactions.

use serde_json::Value;

use super::posting::{Draft, change, check, new_message};
use super::refusal::number;
use super::{Answer, Call, Refusal};
use crate::limits::{check_choices, check_modal};
use crate::state::State;
use crate::world::{Acknowledged, EPHEMERAL, Interaction, Kind, LOADING, Message};

/// Discord's numbers of first answers.
const MESSAGE: u64 = 4;
const DEFERRED: u64 = 5;
const DEFERRED_UPDATE: u64 = 6;
const UPDATE: u64 = 7;
const CHOICES: u64 = 8;
const FORM: u64 = 9;

pub(super) fn callback(state: &mut State, call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let id = number(names.first().copied().unwrap_or_default())?;
    let token = names.get(1).copied().unwrap_or_default();
    let interaction = open(state, id, token)?;
    let kind = call.body["type"].as_u64().unwrap_or_default();
    let draft = Draft { body: &call.body["data"], uploads: &call.uploads };
    let original = match (interaction.kind, kind) {
        (Kind::Autocomplete, CHOICES) => {
            offer(state, &interaction, &call.body["data"]["choices"])?;
            None
        }
        (Kind::Command | Kind::Component | Kind::Modal, MESSAGE) => Some(post(state, &interaction, draft)?),
        (Kind::Command | Kind::Component | Kind::Modal, DEFERRED) => Some(announce(state, &interaction, draft)),
        (Kind::Component | Kind::Modal, UPDATE) if interaction.source.is_some() => {
            let source = interaction.source.unwrap_or_default();
            change(state, source, draft)?;
            Some(source)
        }
        (Kind::Component | Kind::Modal, DEFERRED_UPDATE) if interaction.source.is_some() => interaction.source,
        (Kind::Command | Kind::Component, FORM) => {
            let findings = check_modal(&call.body["data"]);
            if !findings.is_empty() {
                return Err(Refusal::invalid_form(&findings));
            }
            if let Some(known) = state.world.interactions.get_mut(&id) {
                known.modal = Some(call.body["data"].clone());
            }
            None
        }
        (asked, _) => {
            let what = format!("a {asked:?} cannot be answered by type {kind}");
            return Err(Refusal::new(400, 50_035, "Invalid Form Body").violation(what));
        }
    };
    acknowledge(state, id, kind, original);
    match call.parameter("with_response") {
        Some("true") => Answer::ok(with_response(state, id)),
        _ => Answer::nothing(),
    }
}

/// An interaction that may be answered for the first time.
fn open(state: &mut State, id: u64, token: &str) -> Result<Interaction, Refusal> {
    let now = state.now();
    let unknown = |why: String| Refusal::new(404, 10_062, "Unknown interaction").violation(why);
    let known = state.world.interactions.get_mut(&id).filter(|interaction| interaction.token == token);
    let Some(interaction) = known else {
        return Err(unknown("there is no interaction with this number and token".to_owned()));
    };
    interaction.callbacks += 1;
    if let Some(before) = interaction.acknowledged {
        let refusal = Refusal::new(400, 40_060, "Interaction has already been acknowledged.");
        // Whoever did not hear that the first one arrived may try again.
        return Err(if before.is_told { refusal.violation("an interaction is answered twice") } else { refusal });
    }
    if interaction.is_too_late_for_first(now) {
        let late = now.saturating_sub(interaction.asked);
        let refusal = unknown(format!("the first answer comes after {late:?}, 3 s are allowed"));
        // What was asked while the bot was away is no fault of its own.
        return Err(if interaction.is_bot_late(now) { refusal } else { Refusal { violation: None, ..refusal } });
    }
    Ok(interaction.clone())
}

fn acknowledge(state: &mut State, id: u64, callback: u64, original: Option<u64>) {
    let at = state.now();
    let Some(interaction) = state.world.interactions.get_mut(&id) else { return };
    interaction.acknowledged = Some(Acknowledged { callback, at, is_told: true });
    interaction.original = original;
    if !matches!(callback, DEFERRED | DEFERRED_UPDATE) {
        interaction.answered = Some(at);
    }
}

fn post(state: &mut State, interaction: &Interaction, draft: Draft<'_>) -> Result<u64, Refusal> {
    check(draft, &[], true)?;
    let mut message = new_message(state, interaction.channel, draft)?;
    message.interaction = Some(interaction.id);
    message.seen_by = is_private(draft.body).then_some(interaction.user);
    let id = message.id;
    state.world.messages.insert(id, message);
    state.dispatch_message("MESSAGE_CREATE", id);
    Ok(id)
}

/// "... is thinking".
fn announce(state: &mut State, interaction: &Interaction, draft: Draft<'_>) -> u64 {
    let id = state.world.clock.snowflake();
    let message = Message {
        id,
        channel: interaction.channel,
        author: state.world.bot(),
        sent: state.world.clock.stamp(),
        at: state.now(),
        flags: LOADING,
        interaction: Some(interaction.id),
        seen_by: is_private(draft.body).then_some(interaction.user),
        ..Message::default()
    };
    state.world.messages.insert(id, message);
    state.dispatch_message("MESSAGE_CREATE", id);
    id
}

pub(super) fn is_private(data: &Value) -> bool {
    data["flags"].as_u64().unwrap_or_default() & EPHEMERAL != 0
}

fn offer(state: &mut State, interaction: &Interaction, choices: &Value) -> Result<(), Refusal> {
    let choices = choices.as_array().cloned().unwrap_or_default();
    let options = interaction.payload["data"]["options"].as_array();
    let focused = options.into_iter().flatten().find(|option| option["focused"] == true);
    let kind = focused.and_then(|option| option["type"].as_u64()).unwrap_or(3);
    let findings = check_choices(&choices, kind);
    if !findings.is_empty() {
        return Err(Refusal::invalid_form(&findings));
    }
    if let Some(known) = state.world.interactions.get_mut(&interaction.id) {
        known.choices = Some(choices);
    }
    Ok(())
}

fn with_response(state: &State, id: u64) -> Value {
    let Some(interaction) = state.world.interactions.get(&id) else { return Value::Null };
    let callback = interaction.acknowledged.map_or(0, |acknowledged| acknowledged.callback);
    let mut response = serde_json::json!({
        "interaction": { "id": id.to_string(), "type": interaction.kind as u8 },
    });
    let message = interaction.original.and_then(|original| state.world.messages.get(&original));
    if let (Some(message), MESSAGE | UPDATE) = (message, callback) {
        let resource = serde_json::json!({ "type": callback, "message": state.world.message_json(message) });
        crate::world::set(&mut response, "resource", resource);
    }
    response
}
