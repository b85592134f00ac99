//! `ratings` and `rated_matches`: the history of skill, and what each prediction continued from.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Double, Integer, Text, Timestamp};
use fullhold_analytics::{MatchOutcome, Team};
use time::PrimitiveDateTime;

use crate::ServerId;
use crate::bulk::bulk_row;
use crate::schema::{rated_matches, ratings};

bulk_row! {
    /// A player's skill after a match.
    #[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
    #[diesel(table_name = ratings)]
    pub struct RatingRow / RatingColumns in "ratings" {
        /// Server.
        server_id: ServerId => Integer,
        /// As whom the player is counted.
        player_guid: String => Text,
        /// End of the match's second round, UTC.
        ended_at: PrimitiveDateTime => Timestamp,
        /// Match.
        match_id: String => Text,
        /// Whom he stood with in this match.
        team: Team => Text,
        /// Seconds that he played with them.
        seconds: i32 => Integer,
        /// µ after it.
        mean: f64 => Double,
        /// σ after it.
        deviation: f64 => Double,
        /// Rated matches up to this one.
        matches: i32 => Integer,
        /// Enemies killed in them.
        kills: i32 => Integer,
        /// Deaths in them.
        deaths: i32 => Integer,
    }
}

bulk_row! {
    /// A match that was rated.
    #[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
    #[diesel(table_name = rated_matches)]
    pub struct RatedMatchRow / RatedMatchColumns in "rated_matches" {
        /// Server.
        server_id: ServerId => Integer,
        /// Match.
        match_id: String => Text,
        /// Evening.
        session_key: String => Text,
        /// End of its second round, UTC.
        ended_at: PrimitiveDateTime => Timestamp,
        /// `analytics::RATING_VERSION` of the program that computed it.
        version: i32 => Integer,
        /// Who won.
        outcome: MatchOutcome => Text,
        /// The calibrated chance of team A before it.
        chance: f64 => Double,
        /// Whether the chance was to be shown as a number.
        is_shown: bool => Bool,
        /// The weights and precisions of `analytics::CalibrationState` after it.
        weight_rating: f64 => Double,
        /// As above.
        weight_size: f64 => Double,
        /// As above.
        weight_duels: f64 => Double,
        /// As above.
        precision_rating: f64 => Double,
        /// As above.
        precision_size: f64 => Double,
        /// As above.
        precision_duels: f64 => Double,
        /// As above.
        precision_rating_size: f64 => Double,
        /// As above.
        precision_rating_duels: f64 => Double,
        /// As above.
        precision_size_duels: f64 => Double,
    }
}
