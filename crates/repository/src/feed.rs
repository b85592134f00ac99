//! The change feed: what each transaction changed, written in it, and which database this is. Caches, posts and
//! watchers read it; nothing statistical is computed from it.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::now;
use diesel::prelude::{Queryable, Selectable};
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};
use fullhold_stats_file::words;
use time::PrimitiveDateTime;

use crate::bulk::{bulk_row, insert};
use crate::conn::{Conn, on_backend};
use crate::dsl::*;
use crate::import::PARAMETERS;
use crate::schema::{changes, database_state, gaming_sessions};
use crate::{Changes, Db, Error, FileId, NextIds, Result, RoundId, RoundRow, ServerId, SessionId, Transaction};

words! {
    /// Why something was changed.
    pub enum ChangeKind: "kind of a change" {
        /// Files came.
        Import = "import",
        /// A person decided about a round, or took that back.
        Verdict = "verdict",
        /// A person set the teams of an evening, or took that back.
        Teams = "teams",
        /// Players were made one person.
        Merge = "merge",
        /// Players are persons of their own again.
        Unmerge = "unmerge",
        /// Players were linked to Discord accounts.
        Link = "link",
        /// Names were taken over.
        Names = "names",
        /// Derived rows were computed anew.
        Rebuild = "rebuild",
        /// A server was recorded, or its name or zone was changed.
        Server = "server",
        /// A server was removed, with everything of it.
        ServerRemoved = "server_removed",
        /// The content was replaced by that of a backup.
        Restore = "restore",
    }
}

/// What was changed. What is not named was not changed alone: a session without a round is the session as a whole, a
/// server without a session is the server's files or everything of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Changed {
    /// `servers.id`; the server may be gone.
    pub server_id: Option<ServerId>,
    /// `gaming_sessions.session_key`; the session may be gone.
    pub session_key: Option<String>,
    /// `matches.match_id`
    pub match_id: Option<String>,
    /// The round as the server calls it: stamp, map and number.
    pub round: Option<String>,
    /// A player whose merges, links or names changed.
    pub player_guid: Option<String>,
}

impl Changed {
    /// A server, as far as it is no session.
    #[must_use]
    pub fn server(server_id: ServerId) -> Self {
        Self { server_id: Some(server_id), ..Self::default() }
    }

    /// A session as a whole.
    #[must_use]
    pub fn session(server_id: ServerId, session_key: &str) -> Self {
        Self { session_key: Some(session_key.to_owned()), ..Self::server(server_id) }
    }

    /// A round.
    #[must_use]
    pub fn round(round: &RoundRow, session_key: Option<&str>) -> Self {
        Self {
            session_key: session_key.map(str::to_owned),
            match_id: Some(round.match_id.clone()),
            round: Some(format!("{}-{}-{}", round.server_stamp, round.map_name, round.round_number)),
            ..Self::server(round.server_id)
        }
    }

    /// A player.
    #[must_use]
    pub fn player(guid: &str) -> Self {
        Self { player_guid: Some(guid.to_owned()), ..Self::default() }
    }
}

bulk_row! {
    /// A row of the feed.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = changes)]
    pub struct ChangeRow / ChangeColumns in "changes" {
        /// Position; a later commit has a greater one, and none is ever given twice.
        sequence: i64 => BigInt,
        /// Why.
        kind: ChangeKind => Text,
        /// As in [`Changed`].
        server_id: Option<ServerId> => Nullable<Integer>,
        /// As in [`Changed`].
        session_key: Option<String> => Nullable<Text>,
        /// As in [`Changed`].
        match_id: Option<String> => Nullable<Text>,
        /// As in [`Changed`].
        round: Option<String> => Nullable<Text>,
        /// As in [`Changed`].
        player_guid: Option<String> => Nullable<Text>,
        /// By the clock of the database, UTC.
        changed_at: PrimitiveDateTime => Timestamp,
    }
}

/// What a cache's content is valid for: equal versions mean equal data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DataVersion {
    /// Which database: another one after each restore and replacement.
    pub epoch: String,
    /// The last change.
    pub head: i64,
}

/// What is to be written before the commit.
#[derive(Default)]
pub(crate) struct Notes {
    kind: Option<ChangeKind>,
    changed: Vec<(ChangeKind, Changed)>,
    /// How many there were at each open savepoint.
    savepoints: Vec<usize>,
    used: Used,
}

/// The greatest ids given away, as numbers: 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Used {
    pub(crate) file: i32,
    pub(crate) round: i32,
    pub(crate) session: i32,
    pub(crate) server: i32,
}

impl Used {
    fn or(self, other: Self) -> Self {
        Self {
            file: self.file.max(other.file),
            round: self.round.max(other.round),
            session: self.session.max(other.session),
            server: self.server.max(other.server),
        }
    }
}

impl Notes {
    pub(crate) fn savepoint(&mut self) {
        self.savepoints.push(self.changed.len());
    }

    pub(crate) fn release(&mut self) {
        self.savepoints.pop();
    }

    pub(crate) fn roll_back(&mut self) {
        if let Some(length) = self.savepoints.pop() {
            self.changed.truncate(length);
        }
    }

    pub(crate) fn add(&mut self, otherwise: ChangeKind, changed: Changed) {
        self.changed.push((self.kind.unwrap_or(otherwise), changed));
    }

    /// Ids that are given away now are never given to anything else.
    pub(crate) fn use_ids(&mut self, used: Used) {
        self.used = self.used.or(used);
    }

    /// Writes them.
    pub(crate) async fn flush(self, conn: &mut Conn) -> Result<()> {
        if self.changed.is_empty() && self.used == Used::default() {
            return Ok(());
        }
        let query = database_state::table.select((
            database_state::head,
            database_state::last_file,
            database_state::last_round,
            database_state::last_session,
            database_state::last_server,
            now,
        ));
        let (head, file, round, session, server, at): (i64, i32, i32, i32, i32, PrimitiveDateTime) =
            on_backend!(&mut *conn, c => query.first(c).await)
                .map_err(Error::query("reading the head of the changes"))?;
        let mut written: BTreeSet<(ChangeKind, &Changed)> = BTreeSet::new();
        let mut rows = Vec::with_capacity(self.changed.len());
        let mut sequence = head;
        for (kind, changed) in &self.changed {
            if !written.insert((*kind, changed)) {
                continue;
            }
            sequence += 1;
            let Changed { server_id, session_key, match_id, round, player_guid } = changed.clone();
            rows.push(ChangeRow {
                sequence,
                kind: *kind,
                server_id,
                session_key,
                match_id,
                round,
                player_guid,
                changed_at: at,
            });
        }
        insert(conn, rows).await.map_err(Error::query("writing changes"))?;
        let used = self.used.or(Used { file, round, session, server });
        let set = (
            database_state::head.eq(sequence),
            database_state::last_file.eq(used.file),
            database_state::last_round.eq(used.round),
            database_state::last_session.eq(used.session),
            database_state::last_server.eq(used.server),
        );
        on_backend!(conn, c => diesel::update(database_state::table).set(set).execute(c).await.map(drop))
            .map_err(Error::query("moving the head of the changes"))
    }
}

impl Transaction {
    /// Says why what follows is changed, for the feed.
    pub fn because(&mut self, kind: ChangeKind) {
        self.notes.kind = Some(kind);
    }

    /// Notes that something was changed, beside what [`Transaction::apply`] and [`Transaction::write`] note.
    pub fn note(&mut self, kind: ChangeKind, changed: Changed) {
        self.notes.changed.push((kind, changed));
    }

    /// The next free ids. No id is ever given twice: what has an old id in a link must not be something else.
    ///
    /// # Errors
    /// The database failed.
    pub async fn next_ids(&mut self) -> Result<NextIds> {
        use diesel::dsl::max;

        use crate::schema::{processed_files, rounds};
        type Row = (Option<i32>, Option<i32>, Option<i32>, i32, i32, i32);
        let query = database_state::table.select((
            processed_files::table.select(max(processed_files::id)).single_value(),
            rounds::table.select(max(rounds::id)).single_value(),
            gaming_sessions::table.select(max(gaming_sessions::id)).single_value(),
            database_state::last_file,
            database_state::last_round,
            database_state::last_session,
        ));
        let row: Row =
            on_backend!(&mut self.conn, c => query.first(c).await).map_err(Error::query("numbering rows"))?;
        let next = |stored: Option<i32>, given: i32| stored.unwrap_or(0).max(given) + 1;
        Ok(NextIds {
            file: FileId(next(row.0, row.3)),
            round: RoundId(next(row.1, row.4)),
            session: SessionId(next(row.2, row.5)),
        })
    }

    /// The version of the data as this transaction found it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn data_version(&mut self) -> Result<DataVersion> {
        data_version(&mut self.conn).await
    }
}

impl Db {
    /// The version of the data. One row is read: ask before each answer from a cache.
    ///
    /// # Errors
    /// The database failed.
    pub async fn data_version(&self) -> Result<DataVersion> {
        data_version(&mut self.reading_conn().await?).await
    }

    /// What was changed after a sequence, oldest first, at most so many rows.
    ///
    /// # Errors
    /// The database failed.
    pub async fn changes_after(&self, sequence: i64, limit: i64) -> Result<Vec<ChangeRow>> {
        let mut conn = self.conn().await?;
        on_backend!(&mut conn, c => changes::table
            .filter(changes::sequence.gt(sequence))
            .order(changes::sequence).limit(limit)
            .select(ChangeRow::as_select()).load(c).await)
        .map_err(Error::query("reading changes"))
    }
}

async fn data_version(conn: &mut Conn) -> Result<DataVersion> {
    let query = database_state::table.select((database_state::epoch, database_state::head));
    let (epoch, head): (String, i64) =
        on_backend!(conn, c => query.first(c).await).map_err(Error::query("reading the version of the data"))?;
    Ok(DataVersion { epoch, head })
}

/// Notes what a batch changes. Before it is written: sessions that go must still be there.
pub(crate) async fn note_changes(tx: &mut Transaction, batch: &Changes, otherwise: ChangeKind) -> Result<()> {
    let mut keys: BTreeMap<SessionId, String> =
        batch.sums.iter().map(|sums| (sums.session_id, sums.session_key.clone())).collect();
    let sessions = batch.new_sessions.iter().chain(&batch.updated_sessions);
    keys.extend(sessions.map(|row| (row.id, row.session_key.clone())));
    let rounds = batch.new_rounds.iter().chain(&batch.updated_rounds);
    let mut told: BTreeSet<SessionId> = BTreeSet::new();
    for round in rounds {
        let key = keys.get(&round.gaming_session_id).map(String::as_str);
        told.insert(round.gaming_session_id);
        tx.notes.add(otherwise, Changed::round(round, key));
    }
    for session in batch.new_sessions.iter().chain(&batch.updated_sessions).filter(|row| !told.contains(&row.id)) {
        tx.notes.add(otherwise, Changed::session(session.server_id, &session.session_key));
    }
    for ids in batch.removed_sessions.chunks(PARAMETERS) {
        for (server, key) in session_keys(&mut tx.conn, ids).await? {
            tx.notes.add(otherwise, Changed::session(server, &key));
        }
    }
    let files = batch.new_files.iter().chain(&batch.updated_files);
    let without_round = files.filter(|_| batch.new_rounds.is_empty() && batch.updated_rounds.is_empty());
    let servers: BTreeSet<ServerId> = without_round.map(|file| file.server_id).collect();
    for server in servers {
        tx.notes.add(otherwise, Changed::server(server));
    }
    let last = |ids: &mut dyn Iterator<Item = i32>| ids.max().unwrap_or(0);
    tx.notes.use_ids(Used {
        file: last(&mut batch.new_files.iter().map(|row| row.id.0)),
        round: last(&mut batch.new_rounds.iter().map(|row| row.id.0)),
        session: last(&mut batch.new_sessions.iter().map(|row| row.id.0)),
        server: 0,
    });
    Ok(())
}

/// Server and key of sessions.
pub(crate) async fn session_keys(conn: &mut Conn, ids: &[SessionId]) -> Result<Vec<(ServerId, String)>> {
    on_backend!(conn, c => gaming_sessions::table
        .filter(gaming_sessions::id.eq_any(ids))
        .select((gaming_sessions::server_id, gaming_sessions::session_key)).load(c).await)
    .map_err(Error::query("reading the keys of evenings"))
}

/// After a restore: another epoch, and a row that says so.
pub(crate) const RESTORED_SQLITE: &str =
    "UPDATE database_state SET epoch = lower(hex(randomblob(16))), head = head + 1;
     INSERT INTO changes (sequence, kind, changed_at) SELECT head, 'restore', CURRENT_TIMESTAMP FROM database_state;";

/// As [`RESTORED_SQLITE`].
pub(crate) const RESTORED_POSTGRES: &str =
    "UPDATE database_state SET epoch = md5(random()::text || clock_timestamp()::text || pg_backend_pid()::text), head = head + 1;
     INSERT INTO changes (sequence, kind, changed_at) SELECT head, 'restore', now() AT TIME ZONE 'UTC' FROM database_state;";
