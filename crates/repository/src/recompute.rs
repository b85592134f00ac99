//! What a recomputation asks of the database and does to it: files by island, derived rows
//! forgotten and written again, names counted anew. What people said survives it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Instant;

use diesel::dsl::{count_star, max, min};
use time::PrimitiveDateTime;

use crate::conn::{Conn, load_blocking, on_backend};
use crate::dsl::*;
use crate::feed;
use crate::import::PARAMETERS;
use crate::models::{AliasRow, PlayerNameRow, ReferenceAliasRow};
use crate::names::player_rows;
use crate::queries::merges::merge_targets;
use crate::schema::{
    gaming_sessions, matches, player_aliases, player_comprehensive_stats as stats, player_map_totals,
    player_season_totals, player_session_totals, player_weapon_totals, players, processed_files, reference_aliases,
    rounds, servers, session_records, session_teams, validation_findings, weapon_stats,
};
use crate::{
    Applied, ChangeKind, Changed, Changes, Error, FileId, FileRow, FileState, Result, RoundId, ServerId, ServerRow,
    SessionId, StoredKind, Transaction, bulk, verify,
};

/// A stored file without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, diesel::Queryable, diesel::Selectable)]
#[diesel(table_name = processed_files)]
pub struct FileHead {
    /// Row id.
    pub id: FileId,
    /// Name without directory.
    pub filename: String,
    /// What kind of file it is.
    pub kind: StoredKind,
    /// What became of it.
    pub state: FileState,
}

/// What a round keeps when it is written anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `rounds.id`
    pub round_id: RoundId,
    /// When it was first imported, UTC.
    pub created_at: PrimitiveDateTime,
}

/// Whose derived rows are forgotten.
#[derive(Clone, Copy, Debug)]
pub enum DerivedOf<'a> {
    /// All of them.
    Everything,
    /// Those of the rounds of these files, and of their evenings.
    Files(&'a [FileId]),
}

/// What must come back after derived rows were forgotten. Give it to [`Transaction::restore_manual`].
#[must_use]
#[derive(Default)]
pub struct ClearedRows {
    people: Vec<PlayerNameRow>,
    /// Players whose names are to be counted again.
    guids: Vec<String>,
    /// The names of all players are.
    all_names: bool,
}

impl Transaction {
    /// All game servers, by id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn servers(&mut self) -> Result<Vec<ServerRow>> {
        on_backend!(&mut self.conn, c => servers::table
            .order(servers::id).select(ServerRow::as_select()).load(c).await)
        .map_err(Error::query("reading servers"))
    }

    /// All files of a server, oldest first by name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn file_heads(&mut self, server_id: ServerId) -> Result<Vec<FileHead>> {
        on_backend!(&mut self.conn, c => processed_files::table
            .filter(processed_files::server_id.eq(server_id))
            .order(processed_files::filename)
            .select(FileHead::as_select()).load(c).await)
        .map_err(Error::query("reading the list of files"))
    }

    /// Files with their compressed bytes, by id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn files(&mut self, ids: &[FileId]) -> Result<Vec<FileRow>> {
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(PARAMETERS) {
            let ids = ids.to_vec();
            let rows: Vec<FileRow> = load_blocking!(
                &mut self.conn,
                processed_files::table
                    .filter(processed_files::id.eq_any(ids))
                    .order(processed_files::id)
                    .select(FileRow::as_select())
            )
            .map_err(Error::query("reading files"))?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// What the rounds of a server are known as, by file id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn identities(&mut self, server_id: ServerId) -> Result<HashMap<FileId, Identity>> {
        let rows: Vec<(FileId, RoundId, PrimitiveDateTime)> = on_backend!(&mut self.conn, c => rounds::table
            .filter(rounds::server_id.eq(server_id))
            .select((rounds::file_id, rounds::id, rounds::created_at)).load(c).await)
        .map_err(Error::query("reading the list of rounds"))?;
        Ok(rows.into_iter().map(|(file, round_id, created_at)| (file, Identity { round_id, created_at })).collect())
    }

    /// Ids of a server's evenings, by key.
    ///
    /// # Errors
    /// The database failed.
    pub async fn session_ids(&mut self, server_id: ServerId) -> Result<HashMap<String, SessionId>> {
        let rows: Vec<(String, SessionId)> = on_backend!(&mut self.conn, c => gaming_sessions::table
            .filter(gaming_sessions::server_id.eq(server_id))
            .select((gaming_sessions::session_key, gaming_sessions::id)).load(c).await)
        .map_err(Error::query("reading the list of evenings"))?;
        Ok(rows.into_iter().collect())
    }

    /// Removes derived rows. What people said of them is in the result and in other tables.
    ///
    /// # Errors
    /// The database failed.
    pub async fn clear_derived(&mut self, scope: DerivedOf<'_>) -> Result<ClearedRows> {
        match scope {
            DerivedOf::Everything => {
                self.stale.add_everything();
                forget_everything(&mut self.conn).await
            }
            DerivedOf::Files(files) => forget_files(self, files).await,
        }
    }

    /// Writes recomputed rows and verifies them. Names are counted by [`Transaction::restore_manual`].
    ///
    /// # Errors
    /// As [`Transaction::apply`].
    pub async fn write(&mut self, changes: Changes) -> Result<Applied> {
        feed::note_changes(self, &changes, ChangeKind::Rebuild).await?;
        let sent = verify::Sums::of(&changes);
        self.write_rows(changes).await?;
        let started = Instant::now();
        sent.verify(&mut self.conn).await?;
        Ok(Applied { verifying: started.elapsed() })
    }

    /// Counts names again, and gives back what people said.
    ///
    /// # Errors
    /// The database failed.
    pub async fn restore_manual(&mut self, forgotten: ClearedRows) -> Result<()> {
        let ClearedRows { people, guids, all_names } = forgotten;
        let aliases = counted_names(&mut self.conn, (!all_names).then_some(guids.as_slice())).await?;
        let rows = named_players(&aliases, people);
        bulk::insert(&mut self.conn, aliases).await.map_err(Error::query("storing aliases"))?;
        bulk::insert(&mut self.conn, rows).await.map_err(Error::query("storing players' names"))
    }
}

/// Names as the lines have them: all, or of some players. Sorted.
pub(crate) async fn counted_names(conn: &mut Conn, guids: Option<&[String]>) -> Result<Vec<AliasRow>> {
    type Row = (String, String, i64, Option<PrimitiveDateTime>, Option<PrimitiveDateTime>);
    let columns = (stats::player_guid, stats::clean_name, count_star(), min(rounds::ended_at), max(rounds::ended_at));
    let lines = || stats::table.inner_join(rounds::table.on(rounds::id.eq(stats::round_id)));
    let mut rows: Vec<Row> = Vec::new();
    match guids {
        None => {
            let all = lines().group_by((stats::player_guid, stats::clean_name)).select(columns);
            rows = load_blocking!(conn, all).map_err(Error::query("counting names"))?;
        }
        Some(guids) => {
            for guids in guids.chunks(PARAMETERS) {
                let guids = guids.to_vec();
                let some = lines()
                    .filter(stats::player_guid.eq_any(guids))
                    .group_by((stats::player_guid, stats::clean_name))
                    .select(columns);
                let part: Vec<Row> = load_blocking!(conn, some).map_err(Error::query("counting names"))?;
                rows.extend(part);
            }
        }
    }
    let mut names: Vec<AliasRow> = rows
        .into_iter()
        .filter_map(|(guid, alias, count, first, last)| {
            let times_seen = i32::try_from(count).unwrap_or(i32::MAX);
            Some(AliasRow { guid, alias, times_seen, first_seen: first?, last_seen: last? })
        })
        .collect();
    names.extend(reference_names(conn, guids).await?);
    names.sort_unstable_by(|a, b| (&a.guid, &a.alias).cmp(&(&b.guid, &b.alias)));
    // What both the lines and the reference bot know was seen as often as the one says that says more.
    names.dedup_by(|b, a| {
        let same = (&a.guid, &a.alias) == (&b.guid, &b.alias);
        if same {
            a.times_seen = a.times_seen.max(b.times_seen);
            a.first_seen = a.first_seen.min(b.first_seen);
            a.last_seen = a.last_seen.max(b.last_seen);
        }
        same
    });
    Ok(names)
}

/// Names that were taken over from the reference bot: all, or of some players.
async fn reference_names(conn: &mut Conn, guids: Option<&[String]>) -> Result<Vec<AliasRow>> {
    use reference_aliases as t;
    let rows: Vec<ReferenceAliasRow> =
        on_backend!(conn, c => t::table.select(ReferenceAliasRow::as_select()).load(c).await)
            .map_err(Error::query("reading names taken over"))?;
    let wanted: Option<HashSet<&String>> = guids.map(|guids| guids.iter().collect());
    let rows = rows.into_iter().filter(|row| wanted.as_ref().is_none_or(|wanted| wanted.contains(&row.guid)));
    let row = |ReferenceAliasRow { guid, alias, times_seen, first_seen, last_seen }| AliasRow {
        guid,
        alias,
        times_seen,
        first_seen,
        last_seen,
    };
    Ok(rows.map(row).collect())
}

/// Players of these names, with what people said of them. Somebody people spoke of stays, even
/// without a line.
pub(crate) fn named_players(aliases: &[AliasRow], people: Vec<PlayerNameRow>) -> Vec<PlayerNameRow> {
    let mut rows: BTreeMap<String, PlayerNameRow> =
        player_rows(aliases).into_iter().map(|row| (row.guid.clone(), row)).collect();
    for told in people {
        match rows.get_mut(&told.guid) {
            Some(row) => {
                row.canonical_guid = told.canonical_guid;
                row.chosen_name = told.chosen_name;
                row.privacy = told.privacy;
                row.anonymous_number = told.anonymous_number;
                row.erased = told.erased;
            }
            None => {
                rows.insert(told.guid.clone(), told);
            }
        }
    }
    rows.into_values().collect()
}

#[expect(clippy::cognitive_complexity, reason = "one line per table, spelled out by a macro")]
async fn forget_everything(conn: &mut Conn) -> Result<ClearedRows> {
    let known: Vec<PlayerNameRow> = on_backend!(conn, c => players::table
        .select(PlayerNameRow::as_select()).load(c).await)
    .map_err(Error::query("reading players"))?;
    let targets = merge_targets(conn).await?;
    let people = known.into_iter().filter(|row| row.is_kept_for_people(&targets)).collect();
    macro_rules! empty {
        ($($table:ident),+) => { $(
            on_backend!(conn, c => diesel::delete($table::table).execute(c).await)
                .map_err(Error::query(concat!("emptying ", stringify!($table))))?;
        )+ };
    }
    // Children first: nothing is left for a cascade to look for.
    empty!(player_weapon_totals, player_map_totals, player_session_totals, player_season_totals, session_records);
    empty!(weapon_stats, validation_findings, stats, matches, session_teams, rounds, gaming_sessions);
    empty!(player_aliases, players);
    Ok(ClearedRows { people, guids: Vec::new(), all_names: true })
}

#[expect(clippy::cognitive_complexity, reason = "one line per table, spelled out by a macro")]
async fn forget_files(tx: &mut Transaction, files: &[FileId]) -> Result<ClearedRows> {
    let conn = &mut tx.conn;
    let mut ids = Vec::new();
    let mut sessions = Vec::new();
    let mut guids: Vec<String> = Vec::new();
    for files in files.chunks(PARAMETERS) {
        let rows: Vec<(RoundId, SessionId)> = on_backend!(conn, c => rounds::table
            .filter(rounds::file_id.eq_any(files))
            .select((rounds::id, rounds::gaming_session_id)).load(c).await)
        .map_err(Error::query("reading the rounds of files"))?;
        ids.extend(rows.iter().map(|row| row.0));
        sessions.extend(rows.iter().map(|row| row.1));
    }
    sessions.sort_unstable();
    sessions.dedup();
    tx.stale.add_sessions(conn, &sessions).await?;
    for sessions in sessions.chunks(PARAMETERS) {
        for (server, key) in feed::session_keys(conn, sessions).await? {
            tx.notes.add(ChangeKind::Rebuild, Changed::session(server, &key));
        }
    }
    for ids in ids.chunks(PARAMETERS) {
        let found: Vec<String> = on_backend!(conn, c => stats::table
            .filter(stats::round_id.eq_any(ids)).select(stats::player_guid).distinct().load(c).await)
        .map_err(Error::query("reading the players of rounds"))?;
        guids.extend(found);
        macro_rules! remove {
            ($($table:ident by $column:ident),+) => { $(
                on_backend!(conn, c => diesel::delete($table::table.filter($table::$column.eq_any(ids)))
                    .execute(c).await)
                .map_err(Error::query(concat!("removing from ", stringify!($table))))?;
            )+ };
        }
        remove!(weapon_stats by round_id, validation_findings by round_id, stats by round_id);
        remove!(matches by r1_round_id, matches by r2_round_id, rounds by id);
    }
    guids.sort_unstable();
    guids.dedup();
    for sessions in sessions.chunks(PARAMETERS) {
        // An evening that other rounds belong to is not ours to remove.
        let used: Vec<SessionId> = on_backend!(conn, c => rounds::table
            .filter(rounds::gaming_session_id.eq_any(sessions))
            .select(rounds::gaming_session_id).distinct().load(c).await)
        .map_err(Error::query("reading evenings in use"))?;
        let free: Vec<SessionId> = sessions.iter().copied().filter(|id| !used.contains(id)).collect();
        on_backend!(conn, c => diesel::delete(gaming_sessions::table.filter(gaming_sessions::id.eq_any(&free)))
            .execute(c).await)
        .map_err(Error::query("removing evenings"))?;
    }
    Ok(ClearedRows { people: Vec::new(), guids, all_names: false })
}

impl ClearedRows {
    /// Also counts the names of these players again, and removes what is counted now.
    ///
    /// # Errors
    /// The database failed.
    pub async fn with_players(mut self, tx: &mut Transaction, more: Vec<String>) -> Result<Self> {
        if self.all_names {
            return Ok(self);
        }
        let mut guids = std::mem::take(&mut self.guids);
        guids.extend(more);
        guids.sort_unstable();
        guids.dedup();
        let conn = &mut tx.conn;
        let targets = merge_targets(conn).await?;
        for guids in guids.chunks(PARAMETERS) {
            let old: Vec<PlayerNameRow> = on_backend!(conn, c => players::table
                .filter(players::guid.eq_any(guids)).select(PlayerNameRow::as_select()).load(c).await)
            .map_err(Error::query("reading players"))?;
            self.people.extend(old.into_iter().filter(|row| row.is_kept_for_people(&targets)));
            on_backend!(conn, c => diesel::delete(player_aliases::table.filter(player_aliases::guid.eq_any(guids)))
                .execute(c).await)
            .map_err(Error::query("removing names"))?;
            on_backend!(conn, c => diesel::delete(players::table.filter(players::guid.eq_any(guids)))
                .execute(c).await)
            .map_err(Error::query("removing players"))?;
        }
        self.guids = guids;
        Ok(self)
    }

    /// Takes up what another removal has to put back.
    pub fn absorb(&mut self, other: Self) {
        self.people.extend(other.people);
        self.guids.extend(other.guids);
        self.all_names |= other.all_names;
    }
}
