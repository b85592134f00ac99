//! `gaming_sessions` and `session_teams`: evenings, and who played with whom.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text, Timestamp};
use fullhold_analytics::{Confidence, Team};
use time::PrimitiveDateTime;

use crate::bulk::bulk_row;
use crate::schema::{gaming_sessions, session_teams};
use crate::{ServerId, SessionId, TeamSource};

bulk_row! {
    /// An evening.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, AsChangeset)]
    #[diesel(table_name = gaming_sessions, treat_none_as_null = true)]
    pub struct SessionRow / SessionColumns in "gaming_sessions" {
        /// Row id; stable as long as the first round stays the first.
        id: SessionId => Integer,
        /// Server.
        server_id: ServerId => Integer,
        /// Stamp, map and number of the first round.
        session_key: String => Text,
        /// End of the first round, UTC.
        started_at: PrimitiveDateTime => Timestamp,
        /// End of the last round, UTC.
        ended_at: PrimitiveDateTime => Timestamp,
        /// Rounds, valid or not.
        rounds: i32 => Integer,
        /// Rounds that count for statistics.
        valid_rounds: i32 => Integer,
        /// Complete matches.
        matches: i32 => Integer,
        /// People who took part.
        players: i32 => Integer,
        /// Points of team A.
        score_a: i32 => Integer,
        /// Points of team B.
        score_b: i32 => Integer,
        /// How sure the teams are.
        team_confidence: Confidence => Text,
        /// Most valuable player of the evening.
        mvp_guid: Option<String> => Nullable<Text>,
    }
}

bulk_row! {
    /// A player's team in an evening.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = session_teams)]
    pub struct SessionTeamRow / SessionTeamColumns in "session_teams" {
        /// Evening.
        session_id: SessionId => Integer,
        /// Player.
        player_guid: String => Text,
        /// In which.
        team: Team => Text,
        /// Who says so.
        source: TeamSource => Text,
        /// Name of the team, if people gave it one.
        team_name: Option<String> => Nullable<Text>,
    }
}
