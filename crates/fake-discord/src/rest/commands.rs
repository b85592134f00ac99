//! Registering slash commands.

use serde_json::Value;

use super::refusal::number;
use super::{Answer, Call, Refusal};
use crate::limits::check_commands;
use crate::state::State;
use crate::world::Registered;

pub(super) fn list_global(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    own(state, names)?;
    Answer::ok(Value::Array(state.world.commands_json(None)))
}

pub(super) fn list_guild(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let guild = own_guild(state, names)?;
    Answer::ok(Value::Array(state.world.commands_json(Some(guild))))
}

pub(super) fn set_global(state: &mut State, call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    own(state, names)?;
    set(state, call, None)
}

pub(super) fn set_guild(state: &mut State, call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let guild = own_guild(state, names)?;
    set(state, call, Some(guild))
}

pub(super) fn create_global(state: &mut State, call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    own(state, names)?;
    create(state, call, None)
}

pub(super) fn create_guild(state: &mut State, call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let guild = own_guild(state, names)?;
    create(state, call, Some(guild))
}

pub(super) fn delete_global(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    own(state, names)?;
    delete(state, None, names.get(1).copied().unwrap_or_default())
}

pub(super) fn delete_guild(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let guild = own_guild(state, names)?;
    delete(state, Some(guild), names.get(2).copied().unwrap_or_default())
}

fn own(state: &State, names: &[&str]) -> Result<(), Refusal> {
    let application = number(names.first().copied().unwrap_or_default())?;
    if application == state.world.application { Ok(()) } else { Err(Refusal::not_yours()) }
}

fn own_guild(state: &State, names: &[&str]) -> Result<u64, Refusal> {
    own(state, names)?;
    let guild = number(names.get(1).copied().unwrap_or_default())?;
    let known = state.world.guilds.get(&guild).ok_or_else(Refusal::unknown_guild)?;
    if known.members.contains_key(&state.world.bot()) { Ok(guild) } else { Err(Refusal::missing_access()) }
}

/// Replaces all commands of a place. One that keeps its name keeps its number.
fn set(state: &mut State, call: &Call, guild: Option<u64>) -> Result<Answer, Refusal> {
    let commands = call.body.as_array().cloned().unwrap_or_default();
    let findings = check_commands(&commands);
    if !findings.is_empty() {
        return Err(Refusal::invalid_form(&findings));
    }
    let (before, others): (Vec<_>, Vec<_>) = state.world.commands.drain(..).partition(|command| command.guild == guild);
    state.world.commands = others;
    for body in commands {
        let known = before.iter().find(|command| command.body["name"] == body["name"]);
        add(state, guild, body, known.map(|command| command.id));
    }
    Answer::ok(Value::Array(state.world.commands_json(guild)))
}

fn create(state: &mut State, call: &Call, guild: Option<u64>) -> Result<Answer, Refusal> {
    let is_same = |command: &&Registered| command.guild == guild && command.body["name"] == call.body["name"];
    let known = state.world.commands.iter().find(is_same).map(|command| command.id);
    let others = state.world.commands.iter().filter(|command| command.guild == guild && Some(command.id) != known);
    let mut all: Vec<Value> = others.map(|command| command.body.clone()).collect();
    all.push(call.body.clone());
    let findings = check_commands(&all);
    if !findings.is_empty() {
        return Err(Refusal::invalid_form(&findings));
    }
    state.world.commands.retain(|command| Some(command.id) != known);
    add(state, guild, call.body.clone(), known);
    let made = state.world.commands_json(guild).pop().unwrap_or_default();
    if known.is_some() { Answer::ok(made) } else { Answer::created(made) }
}

fn add(state: &mut State, guild: Option<u64>, body: Value, known: Option<u64>) {
    let version = state.world.clock.snowflake();
    let id = known.unwrap_or_else(|| state.world.clock.snowflake());
    state.world.commands.push(Registered { id, guild, body, version });
}

fn delete(state: &mut State, guild: Option<u64>, command: &str) -> Result<Answer, Refusal> {
    let command = number(command)?;
    let before = state.world.commands.len();
    state.world.commands.retain(|known| known.id != command || known.guild != guild);
    if state.world.commands.len() == before {
        return Err(Refusal::new(404, 10_063, "Unknown application command"));
    }
    Answer::nothing()
}
