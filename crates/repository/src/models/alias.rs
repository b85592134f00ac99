//! `players` and `player_aliases`: who was seen, under which names.

use diesel::prelude::*;
use time::PrimitiveDateTime;

use crate::bulk::bulk_row;

bulk_row! {
    /// How often, and from when to when, a player wore a name.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable)]
    pub(crate) struct AliasRow / AliasColumns in "player_aliases" {
        guid: String => diesel::sql_types::Text,
        alias: String => diesel::sql_types::Text,
        times_seen: i32 => diesel::sql_types::Integer,
        first_seen: PrimitiveDateTime => diesel::sql_types::Timestamp,
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
    /// A player; `display_name` is the name worn last, ties by the name itself.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable)]
    pub(crate) struct PlayerNameRow / PlayerNameColumns in "players" {
        guid: String => diesel::sql_types::Text,
        canonical_guid: String => diesel::sql_types::Text,
        display_name: String => diesel::sql_types::Text,
        chosen_name: Option<String> => diesel::sql_types::Nullable<diesel::sql_types::Text>,
        privacy: String => diesel::sql_types::Text,
        is_bot: bool => diesel::sql_types::Bool,
        first_seen: PrimitiveDateTime => diesel::sql_types::Timestamp,
        last_seen: PrimitiveDateTime => diesel::sql_types::Timestamp,
    }
    on conflict
        " ON CONFLICT (guid) DO UPDATE SET \
          display_name = CASE WHEN excluded.last_seen > players.last_seen OR (excluded.last_seen = players.last_seen \
              AND excluded.display_name COLLATE \"C\" > players.display_name COLLATE \"C\") \
              THEN excluded.display_name ELSE players.display_name END, \
          first_seen = LEAST(players.first_seen, excluded.first_seen), \
          last_seen = GREATEST(players.last_seen, excluded.last_seen)",
        " ON CONFLICT (guid) DO UPDATE SET \
          display_name = CASE WHEN excluded.last_seen > players.last_seen OR (excluded.last_seen = players.last_seen \
              AND excluded.display_name > players.display_name) \
              THEN excluded.display_name ELSE players.display_name END, \
          first_seen = min(players.first_seen, excluded.first_seen), \
          last_seen = max(players.last_seen, excluded.last_seen)"
}
