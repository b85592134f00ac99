//! `players` and `player_aliases`: who was seen, under which names.

use std::collections::HashSet;

use diesel::prelude::*;
use time::PrimitiveDateTime;

use crate::Privacy;
use crate::bulk::bulk_row;
use crate::schema::{player_aliases, players, reference_aliases};

bulk_row! {
    /// How often, and from when to when, a player wore a name.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = player_aliases)]
    pub struct AliasRow / AliasColumns in "player_aliases" {
        /// Player.
        guid: String => diesel::sql_types::Text,
        /// Name without colour codes.
        alias: String => diesel::sql_types::Text,
        /// Rounds played under it.
        times_seen: i32 => diesel::sql_types::Integer,
        /// End of the first such round, UTC.
        first_seen: PrimitiveDateTime => diesel::sql_types::Timestamp,
        /// End of the last such round, UTC.
        last_seen: PrimitiveDateTime => diesel::sql_types::Timestamp,
    }
    on conflict
        " ON CONFLICT (guid, alias) DO UPDATE SET \
          times_seen = player_aliases.times_seen + excluded.times_seen, \
          first_seen = LEAST(player_aliases.first_seen, excluded.first_seen), \
          last_seen = GREATEST(player_aliases.last_seen, excluded.last_seen)",
        " ON CONFLICT (guid, alias) DO UPDATE SET \
          times_seen = player_aliases.times_seen + excluded.times_seen, \
          first_seen = min(player_aliases.first_seen, excluded.first_seen), \
          last_seen = max(player_aliases.last_seen, excluded.last_seen)"
}

bulk_row! {
    /// A name as the reference bot counted it.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = reference_aliases)]
    pub struct ReferenceAliasRow / ReferenceAliasColumns in "reference_aliases" {
        /// Player.
        guid: String => diesel::sql_types::Text,
        /// Name without colour codes.
        alias: String => diesel::sql_types::Text,
        /// Times seen, as the bot counted.
        times_seen: i32 => diesel::sql_types::Integer,
        /// First seen, UTC.
        first_seen: PrimitiveDateTime => diesel::sql_types::Timestamp,
        /// Last seen, UTC.
        last_seen: PrimitiveDateTime => diesel::sql_types::Timestamp,
    }
    on conflict
        " ON CONFLICT (guid, alias) DO UPDATE SET times_seen = excluded.times_seen, \
          first_seen = excluded.first_seen, last_seen = excluded.last_seen",
        " ON CONFLICT (guid, alias) DO UPDATE SET times_seen = excluded.times_seen, \
          first_seen = excluded.first_seen, last_seen = excluded.last_seen"
}

bulk_row! {
    /// A player; `display_name` is the name worn last, ties by the name itself.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = players)]
    pub struct PlayerNameRow / PlayerNameColumns in "players" {
        /// Player.
        guid: String => diesel::sql_types::Text,
        /// Whom the player was merged into; itself if not.
        canonical_guid: String => diesel::sql_types::Text,
        /// Name worn last.
        display_name: String => diesel::sql_types::Text,
        /// Name the player asked for.
        chosen_name: Option<String> => diesel::sql_types::Nullable<diesel::sql_types::Text>,
        /// How much others may see.
        privacy: Privacy => diesel::sql_types::Text,
        /// A bot of the game: by the guid, or by a name.
        is_bot: bool => diesel::sql_types::Bool,
        /// End of the first round, UTC.
        first_seen: PrimitiveDateTime => diesel::sql_types::Timestamp,
        /// End of the last round, UTC.
        last_seen: PrimitiveDateTime => diesel::sql_types::Timestamp,
        /// The number that stands for the name while the player is anonymous; kept for ever.
        anonymous_number: Option<i32> => diesel::sql_types::Nullable<diesel::sql_types::Integer>,
        /// The names are gone, and those that come are written as a pseudonym.
        erased: bool => diesel::sql_types::Bool,
    }
    on conflict
        " ON CONFLICT (guid) DO UPDATE SET \
          display_name = CASE WHEN excluded.last_seen > players.last_seen OR (excluded.last_seen = players.last_seen \
              AND excluded.display_name COLLATE \"C\" > players.display_name COLLATE \"C\") \
              THEN excluded.display_name ELSE players.display_name END, \
          first_seen = LEAST(players.first_seen, excluded.first_seen), \
          is_bot = players.is_bot OR excluded.is_bot, \
          last_seen = GREATEST(players.last_seen, excluded.last_seen)",
        " ON CONFLICT (guid) DO UPDATE SET \
          display_name = CASE WHEN excluded.last_seen > players.last_seen OR (excluded.last_seen = players.last_seen \
              AND excluded.display_name > players.display_name) \
              THEN excluded.display_name ELSE players.display_name END, \
          first_seen = min(players.first_seen, excluded.first_seen), \
          is_bot = players.is_bot OR excluded.is_bot, \
          last_seen = max(players.last_seen, excluded.last_seen)"
}

impl PlayerNameRow {
    /// The name to show: the one the player asked for, or the one worn last.
    #[must_use]
    pub fn shown_name(&self) -> &str {
        self.chosen_name.as_deref().unwrap_or(&self.display_name)
    }

    /// Something a person said about the player is kept here and nowhere else, or somebody was merged
    /// into them: they stay, even without a line.
    pub(crate) fn is_kept_for_people(&self, merge_targets: &HashSet<String>) -> bool {
        self.canonical_guid != self.guid
            || self.chosen_name.is_some()
            || self.privacy != Privacy::Public
            || self.anonymous_number.is_some()
            || self.erased
            || merge_targets.contains(&self.guid)
    }
}
