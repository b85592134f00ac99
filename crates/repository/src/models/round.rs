//! `rounds` and `round_overrides`.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Nullable, Text, Timestamp};
use fullhold_analytics::{MatchState, RoundStatus, Verdict};
use fullhold_differential::{DurationSource, Outcome};
use time::PrimitiveDateTime;

use crate::bulk::bulk_row;
use crate::schema::{round_overrides, rounds};
use crate::{FileId, RoundId, RoundSource, ServerId, SessionId};

bulk_row! {
    /// A round.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, AsChangeset)]
    #[diesel(table_name = rounds, treat_none_as_null = true)]
    pub struct RoundRow / RoundColumns in "rounds" {
        /// Row id.
        id: RoundId => Integer,
        /// Server.
        server_id: ServerId => Integer,
        /// The file it was read from.
        file_id: FileId => Integer,
        /// Stamp of the file name, server local time.
        server_stamp: String => Text,
        /// Local date, `YYYY-MM-DD`.
        round_date: String => Text,
        /// Local time, `HH:MM:SS`.
        round_time: String => Text,
        /// End of the round, UTC.
        ended_at: PrimitiveDateTime => Timestamp,
        /// Stamp of the R1 and map.
        match_id: String => Text,
        /// Map.
        map_name: String => Text,
        /// Server configuration.
        config_name: String => Text,
        /// 1 or 2, as the file says.
        round_number: i32 => Integer,
        /// Evening.
        gaming_session_id: SessionId => Integer,
        /// Side that defends: 1 Axis, 2 Allies.
        defender_team: i32 => Integer,
        /// Side that won, if any.
        winner_team: Option<i32> => Nullable<Integer>,
        /// How it ended for the attackers.
        round_outcome: Outcome => Text,
        /// Limit of this round.
        time_limit_seconds: i32 => Integer,
        /// Stopwatch target behind it.
        next_time_limit_seconds: i32 => Integer,
        /// Length, if known.
        actual_time_seconds: Option<i32> => Nullable<Integer>,
        /// Where the length comes from.
        duration_source: DurationSource => Text,
        /// How much of its match there is.
        match_state: MatchState => Text,
        /// What it is taken for.
        round_status: RoundStatus => Text,
        /// Counts for statistics.
        is_valid: bool => Bool,
        /// Why not, comma-separated.
        invalid_reasons: String => Text,
        /// Most valuable player of the round.
        mvp_guid: Option<String> => Nullable<Text>,
        /// Players of this round.
        player_count: i32 => Integer,
        /// When it was imported, UTC.
        created_at: PrimitiveDateTime => Timestamp,
        /// Where it comes from.
        source: RoundSource => Text,
    }
}

bulk_row! {
    /// A human verdict on a round.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = round_overrides)]
    pub struct OverrideRow / OverrideColumns in "round_overrides" {
        /// Server.
        server_id: ServerId => Integer,
        /// Stamp of the file name.
        server_stamp: String => Text,
        /// Map.
        map_name: String => Text,
        /// 1 or 2.
        round_number: i32 => Integer,
        /// What was decided.
        verdict: Verdict => Text,
        /// Why.
        reason: String => Text,
        /// Who said so.
        decided_by: String => Text,
        /// When, UTC.
        decided_at: PrimitiveDateTime => Timestamp,
    }
}
