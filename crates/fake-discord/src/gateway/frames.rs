//! What the bot says over the gateway, and what follows.

use serde_json::{Value, json};

use super::dispatch::intents;
use super::{Order, Session};
use crate::options::Options;
use crate::state::State;

/// Close codes of Discord.
const UNKNOWN_OPCODE: u16 = 4001;
const DECODE_ERROR: u16 = 4002;
const NOT_AUTHENTICATED: u16 = 4003;
const AUTHENTICATION_FAILED: u16 = 4004;
const ALREADY_AUTHENTICATED: u16 = 4005;
const INVALID_SHARD: u16 = 4010;
const INVALID_INTENTS: u16 = 4013;
const DISALLOWED_INTENTS: u16 = 4014;

/// The time in which identifies are counted.
pub(crate) const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 3_600);
/// Tolerance of the pause between two identifies, for clocks that are not one.
const TOLERANCE: std::time::Duration = std::time::Duration::from_millis(100);

impl State {
    /// What a message of the bot leads to; null when it was no JSON.
    pub(super) fn heard(&mut self, options: &Options, connection: u64, frame: &Value) -> Vec<Order> {
        if !frame.is_object() {
            return self.wrong(DECODE_ERROR, "sends no JSON over the gateway");
        }
        let data = &frame["d"];
        match frame["op"].as_u64() {
            Some(1) => self.heartbeat(connection),
            Some(2) => self.identify(options, connection, data),
            Some(6) => self.resume(options, connection, data),
            Some(3) if self.is_authenticated(connection) => {
                self.gateway.presence = data.clone();
                Vec::new()
            }
            Some(4 | 8) if self.is_authenticated(connection) => Vec::new(),
            Some(3 | 4 | 8) => self.wrong(NOT_AUTHENTICATED, "speaks before it has identified"),
            other => self.wrong(UNKNOWN_OPCODE, &format!("sends the unknown opcode {other:?}")),
        }
    }

    fn wrong(&mut self, code: u16, what: &str) -> Vec<Order> {
        self.violate(format!("gateway: the bot {what}"));
        vec![Order::Close(Some(code))]
    }

    fn is_authenticated(&self, connection: u64) -> bool {
        self.gateway.known.contains(&connection)
    }

    fn heartbeat(&mut self, connection: u64) -> Vec<Order> {
        self.gateway.counts.heartbeats += 1;
        if self.gateway.zombies.contains(&connection) {
            Vec::new()
        } else {
            vec![Order::Text(json!({ "op": 11 }).to_string())]
        }
    }

    fn identify(&mut self, options: &Options, connection: u64, data: &Value) -> Vec<Order> {
        self.gateway.counts.identifies += 1;
        let now = self.now();
        let known = &mut self.gateway.identifies;
        let too_soon = known.back().is_some_and(|last| now + TOLERANCE < *last + options.identify.least);
        known.push_back(now);
        while known.front().is_some_and(|first| now.saturating_sub(*first) >= DAY) {
            known.pop_front();
        }
        let too_many = known.len() > options.identify.a_day;
        if too_soon {
            self.violate(format!("gateway: two identifies within {:?}", options.identify.least));
        }
        if too_many {
            self.violate(format!("gateway: more than {} identifies in a day", options.identify.a_day));
        }
        if let Some(code) = self.gateway.refusal {
            return vec![Order::Close(Some(code))];
        }
        if self.is_authenticated(connection) {
            return self.wrong(ALREADY_AUTHENTICATED, "identifies twice over one connection");
        }
        // A wrong token, or an intent that was taken away, may happen to any bot: it is told, and no defect.
        if !is_token(options, data) {
            return vec![Order::Close(Some(AUTHENTICATION_FAILED))];
        }
        let Some(intents) = data["intents"].as_u64().filter(|intents| intents & !crate::options::ALL_INTENTS == 0)
        else {
            return self.wrong(INVALID_INTENTS, "identifies with unknown intents");
        };
        if intents & !options.allowed_intents != 0 {
            return vec![Order::Close(Some(DISALLOWED_INTENTS))];
        }
        if ["os", "browser", "device"].iter().any(|key| !data["properties"][*key].is_string()) {
            return self.wrong(DECODE_ERROR, "identifies without os, browser and device");
        }
        if !data["shard"].is_null() && data["shard"] != json!([0, 1]) {
            return self.wrong(INVALID_SHARD, "identifies as another shard than 0 of 1");
        }
        if !data["presence"].is_null() {
            self.gateway.presence = data["presence"].clone();
        }
        self.ready(connection, intents);
        Vec::new()
    }

    /// A new session, and all guilds.
    fn ready(&mut self, connection: u64, intents: u64) {
        self.gateway.counts.readies += 1;
        self.gateway.known.insert(connection);
        let id = format!("session-{}", self.world.clock.snowflake());
        self.gateway.sessions.insert(id.clone(), Session::new(id.clone(), intents, connection));
        let bot = self.world.bot();
        let own = self.world.guilds.values().filter(|guild| guild.members.contains_key(&bot));
        let guilds: Vec<u64> = own.map(|guild| guild.id).collect();
        let listed: Vec<Value> = guilds.iter().map(|id| json!({ "id": id.to_string(), "unavailable": true })).collect();
        let ready = json!({
            "v": 10, "user": self.world.users.get(&bot).map(crate::world::User::own_json), "guilds": listed,
            "session_id": id, "session_type": "normal", "resume_gateway_url": self.gateway.url, "shard": [0, 1],
            "application": { "id": self.world.application.to_string(), "flags": 1 << 19 },
            "private_channels": [], "relationships": [], "user_settings": {}, "presences": [],
        });
        self.dispatch_to(&id, "READY", 0, &ready);
        let with_voice = intents & intents::GUILD_VOICE_STATES != 0;
        for guild in guilds {
            let Some(guild) = self.world.guilds.get(&guild) else { continue };
            let payload = self.world.guild_create_json(guild, with_voice);
            self.dispatch_to(&id, "GUILD_CREATE", intents::GUILDS, &payload);
        }
    }

    fn resume(&mut self, options: &Options, connection: u64, data: &Value) -> Vec<Order> {
        self.gateway.counts.resumes += 1;
        if self.is_authenticated(connection) {
            return self.wrong(ALREADY_AUTHENTICATED, "resumes over a connection that has a session");
        }
        if !is_token(options, data) {
            return vec![Order::Close(Some(AUTHENTICATION_FAILED))];
        }
        let now = self.now();
        let id = data["session_id"].as_str().unwrap_or_default();
        let sequence = data["seq"].as_u64().unwrap_or_default();
        let over =
            |session: &Session| session.lost.is_some_and(|lost| now.saturating_sub(lost) > options.resume_window);
        let missed =
            self.gateway.sessions.get(id).filter(|session| !over(session)).and_then(|session| session.missed(sequence));
        let Some(missed) = missed else {
            self.gateway.sessions.remove(id);
            return vec![Order::Text(json!({ "op": 9, "d": false }).to_string())];
        };
        self.gateway.counts.resumed += 1;
        self.gateway.known.insert(connection);
        if let Some(session) = self.gateway.sessions.get_mut(id) {
            session.connection = Some(connection);
            session.lost = None;
        }
        for text in missed {
            self.gateway.send(id, text);
        }
        for interaction in self.world.interactions.values_mut() {
            interaction.heard.get_or_insert(now);
        }
        let id = id.to_owned();
        self.dispatch_to(&id, "RESUMED", 0, &json!({ "_trace": [] }));
        Vec::new()
    }

    /// A connection is gone; with 1000 or 1001 the bot has ended its session, too.
    pub(super) fn gone(&mut self, connection: u64, code: Option<u16>) {
        self.gateway.connections.remove(&connection);
        self.gateway.zombies.remove(&connection);
        self.gateway.known.remove(&connection);
        let now = self.now();
        if matches!(code, Some(1000 | 1001)) {
            self.gateway.sessions.retain(|_, session| session.connection != Some(connection));
        }
        for session in self.gateway.sessions.values_mut().filter(|session| session.connection == Some(connection)) {
            session.connection = None;
            session.lost = Some(now);
        }
    }
}

/// Discord takes the token with and without the word that REST has before it.
fn is_token(options: &Options, data: &Value) -> bool {
    let token = data["token"].as_str().unwrap_or_default();
    token.strip_prefix("Bot ").unwrap_or(token) == options.token
}
