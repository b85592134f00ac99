//! Guilds, their roles, members and channels.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::World;
use super::user::set;

/// The type of a text channel.
pub(crate) const TEXT: u8 = 0;
/// The type of a direct channel.
pub(crate) const DIRECT: u8 = 1;
/// The type of a voice channel.
pub(crate) const VOICE: u8 = 2;

/// A guild. Its role @everyone has its own number.
#[derive(Clone, Debug)]
pub(crate) struct Guild {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) owner: u64,
    pub(crate) roles: Vec<Role>,
    pub(crate) members: BTreeMap<u64, Member>,
    /// Who is in which voice channel.
    pub(crate) voice: BTreeMap<u64, u64>,
    pub(crate) locale: String,
}

/// A role of a guild.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) permissions: u64,
}

/// Somebody in a guild.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) user: u64,
    pub(crate) roles: Vec<u64>,
    pub(crate) joined: String,
}

/// A channel of a guild, or a direct one.
#[derive(Clone, Debug)]
pub(crate) struct Channel {
    pub(crate) id: u64,
    pub(crate) kind: u8,
    pub(crate) guild: Option<u64>,
    pub(crate) name: String,
    pub(crate) overwrites: Vec<Overwrite>,
    /// The person in a direct channel.
    pub(crate) recipient: Option<u64>,
}

/// What a role or member may in a channel otherwise than in the guild.
#[derive(Clone, Debug)]
pub(crate) struct Overwrite {
    pub(crate) id: u64,
    pub(crate) is_member: bool,
    pub(crate) allow: u64,
    pub(crate) deny: u64,
}

impl Role {
    pub(crate) fn json(&self, position: usize) -> Value {
        json!({
            "id": self.id.to_string(), "name": self.name, "permissions": self.permissions.to_string(),
            "position": position, "color": 0, "hoist": false, "managed": false, "mentionable": false, "icon": null,
            "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
            "unicode_emoji": null, "flags": 0,
        })
    }
}

impl Guild {
    pub(crate) fn roles_json(&self) -> Vec<Value> {
        self.roles.iter().enumerate().map(|(position, role)| role.json(position)).collect()
    }

    /// The part that REST and the gateway have in common.
    fn json(&self) -> Value {
        json!({
            "id": self.id.to_string(), "name": self.name, "owner_id": self.owner.to_string(), "icon": null,
            "description": null, "home_header": null, "splash": null, "discovery_splash": null, "features": [],
            "banner": null, "application_id": null, "region": "rotterdam", "afk_channel_id": null, "afk_timeout": 300,
            "system_channel_id": null, "system_channel_flags": 0, "widget_enabled": false, "widget_channel_id": null,
            "verification_level": 1, "roles": self.roles_json(), "default_message_notifications": 1, "mfa_level": 0,
            "explicit_content_filter": 0, "max_presences": null, "max_members": 500_000,
            "max_stage_video_channel_users": 50, "max_video_channel_users": 25, "vanity_url_code": null,
            "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": self.locale,
            "rules_channel_id": null, "safety_alerts_channel_id": null, "public_updates_channel_id": null,
            "premium_progress_bar_enabled": false, "nsfw": false, "nsfw_level": 0, "emojis": [], "stickers": [],
            "incidents_data": null,
        })
    }

    /// As `GET /guilds/{id}` shows it.
    pub(crate) fn rest_json(&self) -> Value {
        self.json()
    }

    /// As `GET /users/@me/guilds` lists it.
    pub(crate) fn entry_json(&self, permissions: u64) -> Value {
        json!({
            "id": self.id.to_string(), "name": self.name, "icon": null, "banner": null, "owner": false,
            "permissions": permissions.to_string(), "features": [],
        })
    }
}

impl World {
    /// As the gateway shows a guild. Who is in voice is seen only with the intent for it.
    pub(crate) fn guild_create_json(&self, guild: &Guild, with_voice: bool) -> Value {
        let channels = self.channels.values().filter(|channel| channel.guild == Some(guild.id));
        let mut json = guild.json();
        let seen: Vec<Value> = channels.map(|channel| self.channel_json(channel)).collect();
        let voice: Vec<Value> = if with_voice {
            guild
                .voice
                .iter()
                .map(|(user, channel)| self.voice_state_json(guild, *user, Some(*channel), false))
                .collect()
        } else {
            Vec::new()
        };
        // Without the members' intent: the bot, and those in voice.
        let known = guild
            .members
            .values()
            .filter(|member| member.user == self.bot() || with_voice && guild.voice.contains_key(&member.user));
        let members: Vec<Value> = known.map(|member| self.member_json(member)).collect();
        set(&mut json, "channels", seen);
        set(&mut json, "voice_states", voice);
        set(&mut json, "members", members);
        for empty in ["threads", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"] {
            set(&mut json, empty, Vec::<Value>::new());
        }
        let joined = guild.members.get(&self.bot()).map_or_else(|| self.clock.stamp(), |member| member.joined.clone());
        set(&mut json, "joined_at", joined);
        set(&mut json, "large", false);
        set(&mut json, "unavailable", false);
        set(&mut json, "member_count", guild.members.len());
        json
    }

    pub(crate) fn user_json(&self, user: u64) -> Value {
        self.users.get(&user).map_or(Value::Null, super::User::json)
    }

    /// A member with the user in it.
    pub(crate) fn member_json(&self, member: &Member) -> Value {
        let mut json = Self::bare_member_json(member);
        set(&mut json, "user", self.user_json(member.user));
        json
    }

    /// A member as it is in a message, where the user is beside it.
    pub(crate) fn bare_member_json(member: &Member) -> Value {
        let roles: Vec<String> = member.roles.iter().map(u64::to_string).collect();
        json!({
            "roles": roles, "joined_at": member.joined, "nick": null, "avatar": null, "banner": null, "deaf": false,
            "mute": false, "flags": 0, "pending": false, "premium_since": null, "communication_disabled_until": null,
        })
    }

    pub(crate) fn channel_json(&self, channel: &Channel) -> Value {
        if let Some(recipient) = channel.recipient {
            return json!({
                "id": channel.id.to_string(), "type": channel.kind, "flags": 0, "last_message_id": null,
                "recipients": [self.user_json(recipient)],
            });
        }
        let overwrite = |overwrite: &Overwrite| {
            json!({
                "id": overwrite.id.to_string(), "type": u8::from(overwrite.is_member),
                "allow": overwrite.allow.to_string(), "deny": overwrite.deny.to_string(),
            })
        };
        let mut json = json!({
            "id": channel.id.to_string(), "type": channel.kind, "flags": 0, "name": channel.name, "position": 0,
            "permission_overwrites": channel.overwrites.iter().map(overwrite).collect::<Vec<_>>(),
            "parent_id": null, "nsfw": false, "rate_limit_per_user": 0, "last_message_id": null,
        });
        if let Some(guild) = channel.guild {
            set(&mut json, "guild_id", guild.to_string());
        }
        if channel.kind == VOICE {
            set(&mut json, "bitrate", 64_000);
            set(&mut json, "user_limit", 0);
            set(&mut json, "rtc_region", Value::Null);
        } else {
            set(&mut json, "topic", Value::Null);
        }
        json
    }

    pub(crate) fn voice_state_json(&self, guild: &Guild, user: u64, channel: Option<u64>, with_guild: bool) -> Value {
        let mut json = json!({
            "channel_id": channel.map(|id| id.to_string()), "user_id": user.to_string(),
            "session_id": format!("voice-{user}"), "deaf": false, "mute": false, "self_deaf": false,
            "self_mute": false, "self_video": false, "suppress": false, "request_to_speak_timestamp": null,
        });
        if let Some(member) = guild.members.get(&user) {
            set(&mut json, "member", self.member_json(member));
        }
        if with_guild {
            set(&mut json, "guild_id", guild.id.to_string());
        }
        json
    }
}
