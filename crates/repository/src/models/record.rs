//! `session_records`: the best round, match and player's evening of a session by each measure of `analytics::RECORDS`.

use diesel::prelude::*;
use diesel::sql_types::{Double, Integer, Text};
use fullhold_stats_file::words;

use crate::bulk::bulk_row;
use crate::schema::session_records;
use crate::{RoundId, SessionId};

words! {
    /// What a record is of.
    pub enum Span: "span of a record" {
        /// One round.
        Round = "round",
        /// Both rounds of a match.
        Match = "match",
        /// All rounds of an evening that count.
        Evening = "evening",
    }
}

bulk_row! {
    /// The best of a session: of equal ones the first.
    #[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
    #[diesel(table_name = session_records)]
    pub struct RecordRow / RecordColumns in "session_records" {
        /// `gaming_sessions.id`
        session_id: SessionId => Integer,
        /// What it is of.
        span: Span => Text,
        /// What is measured: `Formula::id`.
        metric: String => Text,
        /// The value.
        value: f64 => Double,
        /// As whom the player is counted.
        player_guid: String => Text,
        /// The round, or the last one of the match or evening.
        round_id: RoundId => Integer,
    }
}
