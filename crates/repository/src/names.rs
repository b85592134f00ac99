//! `players` and `player_aliases` follow from the lines: names are counted, never guessed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fullhold_stats_file::{Guid, is_bot_name};
use time::PrimitiveDateTime;

use crate::conn::{Conn, on_backend};
use crate::dsl::*;
use crate::import::PARAMETERS;
use crate::models::{AliasRow, PlayerNameRow, ReferenceAliasRow};
use crate::queries::merges::merge_targets;
use crate::schema::{player_aliases, player_comprehensive_stats, players, reference_aliases, rounds};
use crate::{Changes, Error, Privacy, Result, RoundId, bulk};

/// What a batch changes in `players` and `player_aliases`: names of new lines are added; names
/// that lines lost are counted again from what is left.
pub(crate) struct NameChange {
    seen: Vec<AliasRow>,
    recounted: BTreeSet<Name>,
}

/// A player under one name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    pub(crate) guid: String,
    pub(crate) alias: String,
}

impl NameChange {
    /// Looks at what is stored before anything is written.
    pub(crate) async fn prepare(conn: &mut Conn, changes: &Changes) -> Result<Self> {
        use player_comprehensive_stats as stats;
        let ended: HashMap<RoundId, PrimitiveDateTime> =
            changes.new_rounds.iter().chain(&changes.updated_rounds).map(|r| (r.id, r.ended_at)).collect();
        let mut before: Vec<(RoundId, String, String)> = Vec::new();
        for replaced in changes.replaced.chunks(PARAMETERS) {
            let lines: Vec<(RoundId, String, String)> = on_backend!(conn, c => stats::table
                .filter(stats::round_id.eq_any(replaced))
                .select((stats::round_id, stats::player_guid, stats::clean_name))
                .load(c).await)
            .map_err(Error::query("reading old names"))?;
            before.extend(lines);
        }
        let mut recounted = moved_names(conn, changes).await?;
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
        recounted.extend(before.into_iter().map(|(_, guid, alias)| Name { guid, alias }));
        Ok(Self { seen, recounted })
    }

    /// Writes what has changed, after the lines are written.
    pub(crate) async fn apply(self, conn: &mut Conn) -> Result<()> {
        let players = player_rows(&self.seen);
        let name = |row: &AliasRow| Name { guid: row.guid.clone(), alias: row.alias.clone() };
        let mut names: BTreeMap<Name, Worn> =
            self.seen.iter().map(|row| (name(row), Worn::MoreTimes(row.times_seen))).collect();
        names.extend(self.recounted.iter().map(|name| (name.clone(), Worn::Otherwise)));
        bulk::insert(conn, self.seen).await.map_err(Error::query("storing aliases"))?;
        bulk::insert(conn, players).await.map_err(Error::query("storing players' names"))?;
        for Name { guid, alias } in &self.recounted {
            recount_alias(conn, guid, alias).await?;
        }
        let renamed: BTreeSet<&String> = self.recounted.iter().map(|name| &name.guid).collect();
        for guid in renamed {
            rename_player(conn, guid).await?;
        }
        recount_reference_names(conn, &names).await
    }
}

/// What has changed about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worn {
    /// It was worn in so many more rounds.
    MoreTimes(i32),
    /// Anything.
    Otherwise,
}

/// Names in rounds that end at another instant now: when they were first and last seen may change.
async fn moved_names(conn: &mut Conn, changes: &Changes) -> Result<BTreeSet<Name>> {
    use player_comprehensive_stats as stats;
    let mut names = BTreeSet::new();
    let ended: HashMap<RoundId, PrimitiveDateTime> =
        changes.updated_rounds.iter().map(|round| (round.id, round.ended_at)).collect();
    let ids: Vec<RoundId> = ended.keys().copied().collect();
    for ids in ids.chunks(PARAMETERS) {
        let before: Vec<(RoundId, PrimitiveDateTime)> = on_backend!(conn, c => rounds::table
            .filter(rounds::id.eq_any(ids)).select((rounds::id, rounds::ended_at)).load(c).await)
        .map_err(Error::query("reading when rounds ended"))?;
        let moved: Vec<RoundId> =
            before.into_iter().filter(|(id, at)| ended.get(id) != Some(at)).map(|(id, _)| id).collect();
        if moved.is_empty() {
            continue;
        }
        let lines: Vec<(String, String)> = on_backend!(conn, c => stats::table
            .filter(stats::round_id.eq_any(moved))
            .select((stats::player_guid, stats::clean_name)).load(c).await)
        .map_err(Error::query("reading names of rounds that moved"))?;
        names.extend(lines.into_iter().map(|(guid, alias)| Name { guid, alias }));
    }
    Ok(names)
}

/// Counts these names again where the reference bot has a say in them: what both know was seen as
/// often as the one says that says more. Names that only the lines have are right already, and
/// names that nobody wore now need no look.
pub(crate) async fn recount_reference_names(conn: &mut Conn, names: &BTreeMap<Name, Worn>) -> Result<()> {
    use reference_aliases as t;
    let mut guids: Vec<&str> = names.keys().map(|name| name.guid.as_str()).collect();
    guids.dedup();
    for guids in guids.chunks(PARAMETERS) {
        let known: Vec<ReferenceAliasRow> = on_backend!(conn, c => t::table
            .filter(t::guid.eq_any(guids)).select(ReferenceAliasRow::as_select()).load(c).await)
        .map_err(Error::query("reading names taken over"))?;
        let mut rows = Vec::new();
        for row in known {
            let name = Name { guid: row.guid.clone(), alias: row.alias.clone() };
            match names.get(&name) {
                None => continue,
                Some(Worn::MoreTimes(more)) => {
                    count_on(conn, &name, *more, row.times_seen).await?;
                    continue;
                }
                Some(Worn::Otherwise) => recount_alias(conn, &name.guid, &name.alias).await?,
            }
            let joined = joined(stored_alias(conn, &name).await?, row);
            let target = player_aliases::table.find((&joined.guid, &joined.alias));
            on_backend!(conn, c => diesel::delete(target).execute(c).await.map(drop))
                .map_err(Error::query("removing a name"))?;
            rows.push(joined);
        }
        let players = player_rows(&rows);
        bulk::insert(conn, rows).await.map_err(Error::query("storing aliases"))?;
        bulk::insert(conn, players).await.map_err(Error::query("storing players' names"))?;
    }
    Ok(())
}

async fn stored_alias(conn: &mut Conn, name: &Name) -> Result<Option<AliasRow>> {
    on_backend!(conn, c => player_aliases::table
        .find((&name.guid, &name.alias)).select(AliasRow::as_select()).first(c).await.optional())
    .map_err(Error::query("reading a name"))
}

/// Sets how often a name was worn that new lines were added to. As long as the reference bot has seen
/// it more often than the lines have, only their number is looked up; later not even that.
async fn count_on(conn: &mut Conn, name: &Name, more: i32, reference: i32) -> Result<()> {
    use player_comprehensive_stats as stats;
    let Some(stored) = stored_alias(conn, name).await? else { return Ok(()) };
    if stored.times_seen.saturating_sub(more) > reference {
        return Ok(());
    }
    let lines: i64 = on_backend!(conn, c => stats::table
        .filter(stats::player_guid.eq(&name.guid).and(stats::clean_name.eq(&name.alias)))
        .count().get_result(c).await)
    .map_err(Error::query("counting a name"))?;
    let times = i32::try_from(lines).unwrap_or(i32::MAX).max(reference);
    let target = player_aliases::table.find((&name.guid, &name.alias));
    on_backend!(conn, c => diesel::update(target).set(player_aliases::times_seen.eq(times)).execute(c).await.map(drop))
        .map_err(Error::query("updating a name"))
}

/// What the lines and the reference bot say of a name together.
pub(crate) fn joined(lines: Option<AliasRow>, reference: ReferenceAliasRow) -> AliasRow {
    let ReferenceAliasRow { guid, alias, times_seen, first_seen, last_seen } = reference;
    match lines {
        None => AliasRow { guid, alias, times_seen, first_seen, last_seen },
        Some(lines) => AliasRow {
            guid,
            alias,
            times_seen: lines.times_seen.max(times_seen),
            first_seen: lines.first_seen.min(first_seen),
            last_seen: lines.last_seen.max(last_seen),
        },
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
            privacy: Privacy::Public,
            is_bot: Guid::new(&row.guid).is_some_and(|guid| guid.is_bot()),
            first_seen: row.first_seen,
            last_seen: row.last_seen,
            anonymous_number: None,
            erased: false,
        });
        if (row.last_seen, &row.alias) > (player.last_seen, &player.display_name) {
            player.display_name.clone_from(&row.alias);
        }
        player.is_bot |= is_bot_name(&row.alias);
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
                .and(players::privacy.eq(Privacy::Public))
                .and(players::anonymous_number.is_null())
                .and(players::erased.eq(false));
            on_backend!(conn, c => diesel::delete(players::table.filter(forgettable)).execute(c).await.map(drop))
                .map_err(Error::query("removing a player without lines"))
        }
        Some(player) => {
            let set = (
                players::display_name.eq(player.display_name),
                players::is_bot.eq(player.is_bot),
                players::first_seen.eq(player.first_seen),
                players::last_seen.eq(player.last_seen),
            );
            on_backend!(conn, c => diesel::update(players::table.find(guid)).set(set).execute(c).await.map(drop))
                .map_err(Error::query("updating a player's name"))
        }
    }
}
