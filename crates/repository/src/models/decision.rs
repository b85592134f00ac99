//! `manual_teams` and `left_out_files`: teams that people set, and local files that wait for a person's word.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text, Timestamp};
use fullhold_analytics::Team;
use time::PrimitiveDateTime;

use crate::bulk::bulk_row;
use crate::schema::{left_out_files, manual_teams};
use crate::{LeftOutKind, LeftOutState, ServerId};

bulk_row! {
    /// A player's team in the evening that a round is in, as people set it.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = manual_teams)]
    pub struct ManualTeamRow / ManualTeamColumns in "manual_teams" {
        /// Server.
        server_id: ServerId => Integer,
        /// Stamp of a round of the evening.
        server_stamp: String => Text,
        /// Map of that round.
        map_name: String => Text,
        /// Number of that round.
        round_number: i32 => Integer,
        /// Player.
        player_guid: String => Text,
        /// A or B.
        team: Team => Text,
        /// Name of the team, if people gave it one.
        team_name: Option<String> => Nullable<Text>,
        /// Who set it.
        decided_by: String => Text,
        /// When, UTC.
        decided_at: PrimitiveDateTime => Timestamp,
    }
}

bulk_row! {
    /// A file on disk that was not stored.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = left_out_files)]
    pub struct LeftOutFileRow / LeftOutFileColumns in "left_out_files" {
        /// Server.
        server_id: ServerId => Integer,
        /// Name without directory.
        filename: String => Text,
        /// Where it was found last.
        path: String => Text,
        /// Why it is not stored.
        kind: LeftOutKind => Text,
        /// SHA-256 of its bytes; none where they cannot be read.
        sha256: Option<String> => Nullable<Text>,
        /// Why, in words.
        reason: String => Text,
        /// Whether it waits for a person.
        state: LeftOutState => Text,
        /// Why a person set it aside.
        ignored_reason: Option<String> => Nullable<Text>,
        /// When it was first seen, UTC.
        first_seen_at: PrimitiveDateTime => Timestamp,
        /// When it was seen last, UTC.
        last_seen_at: PrimitiveDateTime => Timestamp,
    }
    on conflict
        " ON CONFLICT (server_id, filename) DO UPDATE SET path = excluded.path, kind = excluded.kind, \
          sha256 = excluded.sha256, reason = excluded.reason, state = excluded.state, \
          ignored_reason = excluded.ignored_reason, last_seen_at = excluded.last_seen_at",
        " ON CONFLICT (server_id, filename) DO UPDATE SET path = excluded.path, kind = excluded.kind, \
          sha256 = excluded.sha256, reason = excluded.reason, state = excluded.state, \
          ignored_reason = excluded.ignored_reason, last_seen_at = excluded.last_seen_at"
}
