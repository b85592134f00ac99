//! `session_records`: the best round and the best match of a session by each measure of `analytics::RECORDS`.

use diesel::prelude::*;
use diesel::sql_types::{Double, Integer, Text};

use crate::bulk::bulk_row;
use crate::schema::session_records;
use crate::{RoundId, SessionId};

/// What a record is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// One round.
    Round,
    /// Both rounds of a match.
    Match,
}

impl Span {
    /// The word the database uses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Round => "round",
            Self::Match => "match",
        }
    }
}

bulk_row! {
    /// The best of a session: of equal ones the first.
    #[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
    #[diesel(table_name = session_records)]
    pub struct RecordRow / RecordColumns in "session_records" {
        /// `gaming_sessions.id`
        session_id: SessionId => Integer,
        /// [`Span::name`]
        span: String => Text,
        /// What is measured: `Formula::id`.
        metric: String => Text,
        /// The value.
        value: f64 => Double,
        /// As whom the player is counted.
        player_guid: String => Text,
        /// The round, or the last one of the match.
        round_id: RoundId => Integer,
    }
}
