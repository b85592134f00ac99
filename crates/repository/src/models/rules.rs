//! `server_rules`: what computing goes by beside the files.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text, Timestamp};
use time::PrimitiveDateTime;

use crate::ServerId;
use crate::bulk::bulk_row;
use crate::schema::server_rules;

bulk_row! {
    /// The rules that all rounds of a server were computed with.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = server_rules)]
    pub struct RulesRow / RulesColumns in "server_rules" {
        /// Server.
        server_id: ServerId => Integer,
        /// Longest time between the ends of R1 and R2.
        match_window_seconds: i32 => Integer,
        /// A longer gap begins a new evening.
        session_gap_seconds: i32 => Integer,
        /// An abandoned round played again within this time was restarted.
        restart_window_seconds: i32 => Integer,
        /// When a day of the server begins, `HH:MM`; none where days end no evening.
        day_start: Option<String> => Nullable<Text>,
        /// Maps that never count: in small letters, sorted, parted by commas.
        excluded_maps: String => Text,
        /// Since when they are recorded, UTC.
        recorded_at: PrimitiveDateTime => Timestamp,
    }
    on conflict
        " ON CONFLICT (server_id) DO UPDATE SET match_window_seconds = excluded.match_window_seconds, \
          session_gap_seconds = excluded.session_gap_seconds, \
          restart_window_seconds = excluded.restart_window_seconds, day_start = excluded.day_start, \
          excluded_maps = excluded.excluded_maps, recorded_at = excluded.recorded_at",
        " ON CONFLICT (server_id) DO UPDATE SET match_window_seconds = excluded.match_window_seconds, \
          session_gap_seconds = excluded.session_gap_seconds, \
          restart_window_seconds = excluded.restart_window_seconds, day_start = excluded.day_start, \
          excluded_maps = excluded.excluded_maps, recorded_at = excluded.recorded_at"
}
