//! `matches`: R1 and R2 of a map play, and who got its points.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text};
use fullhold_analytics::{MatchState, Undecided};

use crate::bulk::bulk_row;
use crate::schema::matches;
use crate::{RoundId, ServerId, SessionId};

bulk_row! {
    /// A match. Totals are the view `player_match_stats`, never stored.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = matches)]
    pub struct MatchRow / MatchColumns in "matches" {
        /// Server.
        server_id: ServerId => Integer,
        /// Stamp of the R1 and map; an orphan or aborted round uses its own stamp.
        match_id: String => Text,
        /// Map.
        map_name: String => Text,
        /// Evening.
        gaming_session_id: SessionId => Integer,
        /// R1, if known.
        r1_round_id: Option<RoundId> => Nullable<Integer>,
        /// R2, if known.
        r2_round_id: Option<RoundId> => Nullable<Integer>,
        /// How much of it there is.
        match_state: MatchState => Text,
        /// Points of those who attacked in R1: 2:0, 0:2 or 1:1.
        points_r1_attackers: Option<i32> => Nullable<Integer>,
        /// Points of those who attacked in R2.
        points_r2_attackers: Option<i32> => Nullable<Integer>,
        /// Side of team A in R1: 1 Axis, 2 Allies.
        team_a_r1_side: Option<i32> => Nullable<Integer>,
        /// Points of team A.
        points_a: Option<i32> => Nullable<Integer>,
        /// Points of team B.
        points_b: Option<i32> => Nullable<Integer>,
        /// Why the match does not count, if it does not.
        undecided_reason: Option<Undecided> => Nullable<Text>,
    }
}
