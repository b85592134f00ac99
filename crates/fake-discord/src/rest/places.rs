//! Who and what there is: the application, users, guilds, channels, and where the gateway is.

use serde_json::{Value, json};

use super::messages::known_channel;
use super::refusal::{id, number};
use super::{Answer, Call, Refusal};
use crate::permissions as p;
use crate::state::State;
use crate::world::Guild;

pub(super) fn application(state: &mut State, _call: &Call, _names: &[&str]) -> Result<Answer, Refusal> {
    let world = &state.world;
    let owner = json!({
        "id": "1", "username": "owner", "global_name": null, "discriminator": "0", "avatar": null, "public_flags": 0,
        "flags": 0, "primary_guild": null,
    });
    // Message content may be used by an application in less than 100 guilds.
    let flags = 1 << 19;
    Answer::ok(json!({
        "id": world.application.to_string(), "name": "Fullhold", "icon": null, "description": "", "type": null,
        "verify_key": "0".repeat(64), "flags": flags, "flags_new": flags.to_string(), "redirect_uris": [],
        "interactions_endpoint_url": null, "role_connections_verification_url": null, "owner": owner,
        "approximate_guild_count": world.guilds.len(), "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0, "explicit_content_filter": 0, "team": null,
        "eligible_oauth2_scopes": [], "bot": world.user_json(world.bot()), "bot_public": true,
        "bot_require_code_grant": false, "integration_types_config": { "0": {}, "1": {} },
    }))
}

pub(super) fn own_user(state: &mut State, _call: &Call, _names: &[&str]) -> Result<Answer, Refusal> {
    let bot = state.world.bot();
    Answer::ok(state.world.users.get(&bot).map_or(Value::Null, |user| user.own_json()))
}

pub(super) fn user(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let user = number(names.first().copied().unwrap_or_default())?;
    let known = state.world.users.get(&user).ok_or_else(Refusal::unknown_user)?;
    Answer::ok(known.json())
}

pub(super) fn own_guilds(state: &mut State, _call: &Call, _names: &[&str]) -> Result<Answer, Refusal> {
    let world = &state.world;
    let own = world.guilds.values().filter(|guild| guild.members.contains_key(&world.bot()));
    let entries = own.map(|guild| guild.entry_json(world.guild_permissions(world.bot(), guild.id)));
    Answer::ok(Value::Array(entries.collect()))
}

pub(super) fn direct(state: &mut State, call: &Call, _names: &[&str]) -> Result<Answer, Refusal> {
    let person = id(&call.body["recipient_id"]).unwrap_or_default();
    let known = state.world.users.get(&person).ok_or_else(Refusal::unknown_user)?;
    if known.is_bot {
        return Err(
            Refusal::new(400, 50_007, "Cannot send messages to this user").violation("a direct channel to a bot")
        );
    }
    let channel = state.world.direct(person);
    let json = state.world.channels.get(&channel).map_or(Value::Null, |channel| state.world.channel_json(channel));
    Answer::ok(json)
}

pub(super) fn channel(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let channel = known_channel(state, names)?;
    if state.world.permissions(state.world.bot(), channel) & p::VIEW_CHANNEL == 0 {
        return Err(Refusal::missing_access());
    }
    let channel = state.world.channels.get(&channel).ok_or_else(Refusal::unknown_channel)?;
    Answer::ok(state.world.channel_json(channel))
}

pub(super) fn typing(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let channel = known_channel(state, names)?;
    let allowed = state.world.permissions(state.world.bot(), channel);
    if allowed & p::VIEW_CHANNEL == 0 {
        return Err(Refusal::missing_access());
    }
    if allowed & p::SEND_MESSAGES == 0 { Err(Refusal::missing_permissions()) } else { Answer::nothing() }
}

pub(super) fn guild(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    Answer::ok(own_guild(state, names)?.rest_json())
}

pub(super) fn roles(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    Answer::ok(Value::Array(own_guild(state, names)?.roles_json()))
}

pub(super) fn guild_channels(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let guild = own_guild(state, names)?.id;
    let channels = state.world.channels.values().filter(|channel| channel.guild == Some(guild));
    Answer::ok(Value::Array(channels.map(|channel| state.world.channel_json(channel)).collect()))
}

pub(super) fn member(state: &mut State, _call: &Call, names: &[&str]) -> Result<Answer, Refusal> {
    let guild = own_guild(state, names)?;
    let user = number(names.get(1).copied().unwrap_or_default())?;
    let member = guild.members.get(&user).ok_or_else(|| Refusal::new(404, 10_007, "Unknown Member"))?;
    Answer::ok(state.world.member_json(member))
}

/// A guild in which the bot is.
fn own_guild<'a>(state: &'a State, names: &[&str]) -> Result<&'a Guild, Refusal> {
    let guild = number(names.first().copied().unwrap_or_default())?;
    let known = state.world.guilds.get(&guild).ok_or_else(Refusal::unknown_guild)?;
    if known.members.contains_key(&state.world.bot()) { Ok(known) } else { Err(Refusal::missing_access()) }
}

pub(super) fn gateway(state: &mut State, _call: &Call, _names: &[&str]) -> Result<Answer, Refusal> {
    Answer::ok(json!({ "url": state.gateway.url }))
}

pub(super) fn gateway_bot(state: &mut State, _call: &Call, _names: &[&str]) -> Result<Answer, Refusal> {
    let remaining = 1_000_usize.saturating_sub(state.gateway.identifies.len());
    Answer::ok(json!({
        "url": state.gateway.url, "shards": 1,
        "session_start_limit": {
            "total": 1_000, "remaining": remaining, "reset_after": 86_400_000, "max_concurrency": 1,
        },
    }))
}
