//! `achievements` and `announced_achievements`: when each tier of a badge was reached, and what was said of it.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Text, Timestamp};
use time::PrimitiveDateTime;

use crate::ServerId;
use crate::bulk::bulk_row;
use crate::schema::{achievements, announced_achievements};

bulk_row! {
    /// A tier of a badge that was reached.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = achievements)]
    pub struct AchievementRow / AchievementColumns in "achievements" {
        /// Server.
        server_id: ServerId => Integer,
        /// As whom the player is counted.
        player_guid: String => Text,
        /// `analytics::Badge::id`
        badge: String => Text,
        /// Position in the badge's tiers, from 1.
        tier: i32 => Integer,
        /// Evening.
        session_key: String => Text,
        /// The match in which it was reached.
        match_id: String => Text,
        /// End of the last round of that match in which he has a line that counts, UTC.
        earned_at: PrimitiveDateTime => Timestamp,
    }
}

bulk_row! {
    /// A tier that was announced. Never derived again.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = announced_achievements)]
    pub(crate) struct AnnouncedRow / AnnouncedColumns in "announced_achievements" {
        server_id: ServerId => Integer,
        player_guid: String => Text,
        badge: String => Text,
        tier: i32 => Integer,
        announced_at: PrimitiveDateTime => Timestamp,
    }
}
