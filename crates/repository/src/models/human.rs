//! What people and the bot leave behind, and no raw file can bring back: links, audit, outbox,
//! settings.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};
use time::PrimitiveDateTime;

use crate::ServerId;
use crate::bulk::bulk_row;
use crate::schema::{audit_log, guild_settings, outbox, player_links};

bulk_row! {
    /// A Discord account that belongs to a player.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = player_links)]
    pub struct LinkRow / LinkColumns in "player_links" {
        /// Discord account.
        discord_user_id: i64 => BigInt,
        /// Player.
        player_guid: String => Text,
        /// Since when, UTC.
        linked_at: PrimitiveDateTime => Timestamp,
        /// How it was shown that they belong together.
        proof: String => Text,
    }
}

bulk_row! {
    /// Something a person had done.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = audit_log)]
    pub struct AuditRow / AuditColumns in "audit_log" {
        /// Row id.
        id: i32 => Integer,
        /// When, UTC.
        happened_at: PrimitiveDateTime => Timestamp,
        /// Who.
        actor: String => Text,
        /// Which command.
        action: String => Text,
        /// With which arguments.
        detail: String => Text,
        /// What came of it.
        result: String => Text,
        /// The server that it is about; none when it is about players or all servers.
        server_id: Option<ServerId> => Nullable<Integer>,
    }
}

bulk_row! {
    /// A message to be posted.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = outbox)]
    pub(crate) struct OutboxRow / OutboxColumns in "outbox" {
        id: i32 => Integer,
        kind: String => Text,
        subject: String => Text,
        channel_id: i64 => BigInt,
        payload: String => Text,
        state: String => Text,
        attempts: i32 => Integer,
        leased_until: Option<PrimitiveDateTime> => Nullable<Timestamp>,
        message_id: Option<i64> => Nullable<BigInt>,
        created_at: PrimitiveDateTime => Timestamp,
    }
}

bulk_row! {
    /// A setting of a Discord server.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = guild_settings)]
    pub(crate) struct SettingRow / SettingColumns in "guild_settings" {
        guild_id: i64 => BigInt,
        key: String => Text,
        value: String => Text,
    }
}
