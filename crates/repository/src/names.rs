//! `players` and `player_aliases` follow from the lines: names are counted, never guessed.

use std::collections::{BTreeMap, HashMap};

use fullhold_stats_file::Guid;
use time::PrimitiveDateTime;

use crate::conn::{Conn, on_backend};
use crate::dsl::*;
use crate::models::{AliasRow, PlayerNameRow};
use crate::queries::merges::merge_targets;
use crate::schema::{player_aliases, player_comprehensive_stats, players, rounds};
use crate::{Changes, Error, Result, bulk};

/// What a batch changes in `players` and `player_aliases`: names of new lines are added; names
/// that lines lost are counted again from what is left.
pub(crate) struct NameChange {
    seen: Vec<AliasRow>,
    lost: Vec<(String, String)>,
}

impl NameChange {
    /// Looks at what is stored before anything is written.
    pub(crate) async fn prepare(conn: &mut Conn, changes: &Changes) -> Result<Self> {
        use player_comprehensive_stats as stats;
        let ended: HashMap<i32, PrimitiveDateTime> =
            changes.new_rounds.iter().chain(&changes.updated_rounds).map(|r| (r.id, r.ended_at)).collect();
        let mut before: Vec<(i32, String, String)> = Vec::new();
        if !changes.replaced.is_empty() {
            let replaced = &changes.replaced;
            before = on_backend!(conn, c => stats::table
                .filter(stats::round_id.eq_any(replaced))
                .select((stats::round_id, stats::player_guid, stats::clean_name))
                .load(c).await)
            .map_err(Error::query("reading old names"))?;
        }
        let mut seen: BTreeMap<(&str, &str), AliasRow> = BTreeMap::new();
        for line in &changes.players {
            let known = before.iter().position(|(round, guid, name)| {
                (*round, guid, name) == (line.round_id, &line.player_guid, &line.clean_name)
            });
            if let Some(known) = known {
                before.swap_remove(known);
                continue;
            }
            let Some(&at) = ended.get(&line.round_id) else { continue };
            seen.entry((&line.player_guid, &line.clean_name))
                .and_modify(|row| {
                    row.times_seen += 1;
                    row.first_seen = row.first_seen.min(at);
                    row.last_seen = row.last_seen.max(at);
                })
                .or_insert_with(|| AliasRow {
                    guid: line.player_guid.clone(),
                    alias: line.clean_name.clone(),
                    times_seen: 1,
                    first_seen: at,
                    last_seen: at,
                });
        }
        let seen = seen.into_values().collect();
        Ok(Self { seen, lost: before.into_iter().map(|(_, guid, name)| (guid, name)).collect() })
    }

    /// Writes what has changed, after the lines are written.
    pub(crate) async fn apply(self, conn: &mut Conn) -> Result<()> {
        let players = player_rows(&self.seen);
        let guids: Vec<String> = players.iter().map(|row| row.guid.clone()).collect();
        bulk::insert(conn, self.seen).await.map_err(Error::query("storing aliases"))?;
        bulk::insert(conn, players).await.map_err(Error::query("storing players' names"))?;
        for (guid, name) in self.lost {
            recount_alias(conn, &guid, &name).await?;
            rename_player(conn, &guid).await?;
        }
        for guids in guids.chunks(10_000) {
            crate::recompute::recount_reference_names(conn, guids).await?;
        }
        Ok(())
    }
}

/// A row per player of the newest of these names; ties go to the greater name, so that order does
/// not matter.
pub(crate) fn player_rows(seen: &[AliasRow]) -> Vec<PlayerNameRow> {
    let mut players: BTreeMap<&str, PlayerNameRow> = BTreeMap::new();
    for row in seen {
        let player = players.entry(&row.guid).or_insert_with(|| PlayerNameRow {
            guid: row.guid.clone(),
            canonical_guid: row.guid.clone(),
            display_name: row.alias.clone(),
            chosen_name: None,
            privacy: "public".to_owned(),
            is_bot: Guid::new(&row.guid).is_some_and(|guid| guid.is_bot()),
            first_seen: row.first_seen,
            last_seen: row.last_seen,
        });
        if (row.last_seen, &row.alias) > (player.last_seen, &player.display_name) {
            player.display_name.clone_from(&row.alias);
        }
        player.first_seen = player.first_seen.min(row.first_seen);
        player.last_seen = player.last_seen.max(row.last_seen);
    }
    players.into_values().collect()
}

/// Counts a name again from the lines that are left.
async fn recount_alias(conn: &mut Conn, guid: &str, name: &str) -> Result<()> {
    use player_comprehensive_stats as stats;
    let times: Vec<PrimitiveDateTime> = on_backend!(conn, c => stats::table
        .inner_join(rounds::table.on(rounds::id.eq(stats::round_id)))
        .filter(stats::player_guid.eq(guid).and(stats::clean_name.eq(name)))
        .select(rounds::ended_at)
        .load(c).await)
    .map_err(Error::query("counting a name"))?;
    let target = player_aliases::table.find((guid, name));
    let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else {
        return on_backend!(conn, c => diesel::delete(target).execute(c).await.map(drop))
            .map_err(Error::query("removing a name"));
    };
    let count = i32::try_from(times.len()).unwrap_or(i32::MAX);
    let set = (
        player_aliases::times_seen.eq(count),
        player_aliases::first_seen.eq(*first),
        player_aliases::last_seen.eq(*last),
    );
    on_backend!(conn, c => diesel::update(target).set(set).execute(c).await.map(drop))
        .map_err(Error::query("updating a name"))
}

/// Finds a player's newest name again.
async fn rename_player(conn: &mut Conn, guid: &str) -> Result<()> {
    let names: Vec<AliasRow> = on_backend!(conn, c => player_aliases::table
        .filter(player_aliases::guid.eq(guid)).load(c).await)
    .map_err(Error::query("reading names"))?;
    match player_rows(&names).pop() {
        None => {
            // Somebody people spoke of stays.
            if merge_targets(conn).await?.contains(guid) {
                return Ok(());
            }
            let forgettable = players::guid
                .eq(guid)
                .and(players::canonical_guid.eq(guid))
                .and(players::chosen_name.is_null())
                .and(players::privacy.eq("public"));
            on_backend!(conn, c => diesel::delete(players::table.filter(forgettable)).execute(c).await.map(drop))
                .map_err(Error::query("removing a player without lines"))
        }
        Some(player) => {
            let set = (
                players::display_name.eq(player.display_name),
                players::first_seen.eq(player.first_seen),
                players::last_seen.eq(player.last_seen),
            );
            on_backend!(conn, c => diesel::update(players::table.find(guid)).set(set).execute(c).await.map(drop))
                .map_err(Error::query("updating a player's name"))
        }
    }
}
