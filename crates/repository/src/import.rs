//! The import transaction: what it asks of the past, what it writes, and in which order.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use crate::dsl::*;
use diesel::dsl::max;
use time::PrimitiveDateTime;

use crate::conn::{Conn, load_blocking, on_backend};
use crate::feed::{self, Used};
use crate::names::NameChange;
use crate::schema::{
    database_state, gaming_sessions, matches, player_comprehensive_stats, processed_files, remote_files,
    round_overrides, rounds, servers, session_teams, validation_findings, weapon_stats,
};
use crate::{
    ChangeKind, Changed, Db, Error, FileId, FileRow, FileState, FindingRow, KnownFile, MatchRow, OverrideRow,
    PlayerRow, RemoteFileState, Result, RoundId, RoundRow, ServerId, ServerRow, SessionId, SessionRow, SessionSums,
    SessionTeamRow, Transaction, WeaponLine, WeaponRow, bulk, rollups, verify,
};

/// SQLite takes 32,766 parameters in a statement.
pub(crate) const PARAMETERS: usize = 10_000;

/// Everything a batch changes.
#[derive(Debug, Default)]
pub struct Changes {
    /// Files not seen before.
    pub new_files: Vec<FileRow>,
    /// Files seen before that are tried again.
    pub updated_files: Vec<FileRow>,
    /// New evenings.
    pub new_sessions: Vec<SessionRow>,
    /// Evenings that changed.
    pub updated_sessions: Vec<SessionRow>,
    /// Evenings that became part of others.
    pub removed_sessions: Vec<SessionId>,
    /// Matches that are gone, or are written anew.
    pub removed_matches: Vec<MatchKey>,
    /// Detected team members that are gone, or are written anew.
    pub removed_teams: Vec<TeamKey>,
    /// New rounds.
    pub new_rounds: Vec<RoundRow>,
    /// Rounds whose own row changed.
    pub updated_rounds: Vec<RoundRow>,
    /// Rounds whose players, weapons and findings are replaced by those below.
    pub replaced: Replaced,
    /// Players of new and replaced rounds.
    pub players: Vec<PlayerRow>,
    /// Weapons of new and replaced rounds.
    pub weapons: Vec<WeaponRow>,
    /// Findings of new and replaced rounds.
    pub findings: Vec<FindingRow>,
    /// Matches that are new or changed.
    pub matches: Vec<MatchRow>,
    /// Team members that are new or changed.
    pub teams: Vec<SessionTeamRow>,
    /// The roll-ups of every session of the neighbourhood; what differs is written.
    pub sums: Vec<SessionSums>,
    /// From when on ratings may be others.
    pub ratings_from: RatingsFrom,
}

/// From when on ratings are replayed.
#[derive(Clone, Debug, Default)]
pub enum RatingsFrom {
    /// From the beginning of each session of the neighbourhood.
    #[default]
    Sessions,
    /// From the end of the first round or match that is not as it was, by session; sessions without one are as they
    /// were.
    FirstChanges(BTreeMap<SessionId, PrimitiveDateTime>),
}

impl RatingsFrom {
    /// Nothing, when ratings of a session need no look.
    pub(crate) fn of(&self, sums: &SessionSums) -> Option<PrimitiveDateTime> {
        match self {
            Self::Sessions => Some(sums.started_at),
            Self::FirstChanges(changes) => changes.get(&sums.session_id).copied(),
        }
    }
}

/// Names a match.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MatchKey {
    /// Server.
    pub server_id: ServerId,
    /// Stamp and map.
    pub match_id: String,
}

/// Names a detected member of a team.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TeamKey {
    /// Evening.
    pub session_id: SessionId,
    /// Player.
    pub player_guid: String,
}

/// Ids of rounds whose lines are replaced.
pub type Replaced = Vec<RoundId>;

/// What applying changes came to.
#[derive(Clone, Copy, Debug)]
pub struct Applied {
    /// Time spent on verification.
    pub verifying: Duration,
}

/// A stored file, as it was when it was imported.
#[derive(Clone, Debug, PartialEq, Eq, diesel::Queryable)]
pub struct StoredFile {
    /// Row id.
    pub id: FileId,
    /// Compressed raw bytes.
    pub content: Option<Vec<u8>>,
    /// Bytes before compression.
    pub size_bytes: i32,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// Modification time, UTC.
    pub mtime: Option<PrimitiveDateTime>,
}

impl StoredFile {
    /// The raw bytes.
    ///
    /// # Errors
    /// What is stored does not unpack to as many bytes.
    pub fn unpack(&self) -> Result<Vec<u8>> {
        crate::decompress(self.id, self.content.as_deref().unwrap_or_default(), self.size_bytes)
    }
}

impl Db {
    /// The server of that name, created with the zone if it is new.
    ///
    /// # Errors
    /// Files were read by another zone that is recorded, or the database failed.
    pub async fn server(&self, name: &str, timezone: Option<&str>, default_zone: &str) -> Result<ServerRow> {
        // Without the writer's lock: a known server is not to wait for somebody else's import.
        let known = self.read(|tx, _| Box::pin(tx.server_named(name))).await?;
        let server = match known {
            Some(server) => server,
            None => {
                let zone = timezone.unwrap_or(default_zone);
                self.write(|tx, _| Box::pin(tx.add_server(name, zone))).await?
            }
        };
        match timezone {
            Some(asked) if asked != server.timezone => {
                // Recorded by a run that stored nothing: nothing was read by it.
                if self.write(|tx, _| Box::pin(tx.give_unused_zone(&server, asked))).await? {
                    return Ok(ServerRow { timezone: asked.to_owned(), ..server });
                }
                Err(Error::Timezone { name: server.name, recorded: server.timezone, asked: asked.to_owned() })
            }
            _ => Ok(server),
        }
    }
}

impl Transaction {
    async fn server_named(&mut self, name: &str) -> Result<Option<ServerRow>> {
        on_backend!(&mut self.conn, c => servers::table
            .filter(servers::name.eq(name)).select(ServerRow::as_select()).first(c).await.optional())
        .map_err(Error::query("reading servers"))
    }

    /// Gives a server of which no file was ever seen another zone; whether it is such a one.
    async fn give_unused_zone(&mut self, server: &ServerRow, zone: &str) -> Result<bool> {
        let files: i64 = on_backend!(&mut self.conn, c => processed_files::table
            .filter(processed_files::server_id.eq(server.id)).count().get_result(c).await)
        .map_err(Error::query("counting files"))?;
        if files == 0 {
            self.change_server(&ServerRow { timezone: zone.to_owned(), ..server.clone() }).await?;
        }
        Ok(files == 0)
    }

    /// Records a server, unless somebody else was faster.
    async fn add_server(&mut self, name: &str, timezone: &str) -> Result<ServerRow> {
        if let Some(server) = self.server_named(name).await? {
            return Ok(server);
        }
        let query = database_state::table
            .select((servers::table.select(max(servers::id)).single_value(), database_state::last_server));
        let (last, given): (Option<i32>, i32) =
            on_backend!(&mut self.conn, c => query.first(c).await).map_err(Error::query("numbering servers"))?;
        let id = ServerId(last.unwrap_or(0).max(given)).next();
        self.notes.use_ids(Used { server: id.0, ..Used::default() });
        self.note(ChangeKind::Server, Changed::server(id));
        let server = ServerRow { id, name: name.to_owned(), timezone: timezone.to_owned() };
        bulk::insert(&mut self.conn, vec![server.clone()]).await.map_err(Error::query("recording the server"))?;
        Ok(server)
    }
}

impl Transaction {
    /// The files of these names that were seen before.
    ///
    /// # Errors
    /// The database failed.
    pub async fn known_files(&mut self, server_id: ServerId, names: &[String]) -> Result<Vec<KnownFile>> {
        let mut found = Vec::new();
        for names in names.chunks(PARAMETERS) {
            let rows: Vec<KnownFile> = on_backend!(&mut self.conn, c => processed_files::table
                .filter(processed_files::server_id.eq(server_id).and(processed_files::filename.eq_any(names)))
                .select(KnownFile::as_select())
                .load(c).await)
            .map_err(Error::query("looking for known files"))?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// The server's rounds that ended in a span, both ends included, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rounds_between(
        &mut self,
        server_id: ServerId,
        from: PrimitiveDateTime,
        to: PrimitiveDateTime,
    ) -> Result<Vec<RoundRow>> {
        on_backend!(&mut self.conn, c => rounds::table
            .filter(rounds::server_id.eq(server_id).and(rounds::ended_at.between(from, to)))
            .order(rounds::ended_at)
            .select(RoundRow::as_select())
            .load(c).await)
        .map_err(Error::query("reading the neighbourhood"))
    }

    /// Raw bytes by file id, as they are kept.
    ///
    /// # Errors
    /// The database failed.
    pub async fn contents(&mut self, files: &[FileId]) -> Result<HashMap<FileId, StoredFile>> {
        let mut found = HashMap::with_capacity(files.len());
        for files in files.chunks(PARAMETERS) {
            let files = files.to_vec();
            let rows: Vec<StoredFile> = load_blocking!(
                &mut self.conn,
                processed_files::table.filter(processed_files::id.eq_any(files)).select((
                    processed_files::id,
                    processed_files::content,
                    processed_files::size_bytes,
                    processed_files::sha256,
                    processed_files::mtime,
                ))
            )
            .map_err(Error::query("reading raw bytes"))?;
            found.extend(rows.into_iter().map(|row| (row.id, row)));
        }
        Ok(found)
    }

    /// Evenings by id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn sessions(&mut self, ids: &[SessionId]) -> Result<Vec<SessionRow>> {
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(PARAMETERS) {
            let rows: Vec<SessionRow> = on_backend!(&mut self.conn, c => gaming_sessions::table
                .filter(gaming_sessions::id.eq_any(ids)).select(SessionRow::as_select()).load(c).await)
            .map_err(Error::query("reading evenings"))?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// Matches of evenings.
    ///
    /// # Errors
    /// The database failed.
    pub async fn matches_of(&mut self, sessions: &[SessionId]) -> Result<Vec<MatchRow>> {
        let mut found = Vec::new();
        for ids in sessions.chunks(PARAMETERS) {
            let ids = ids.to_vec();
            let rows: Vec<MatchRow> = load_blocking!(
                &mut self.conn,
                matches::table.filter(matches::gaming_session_id.eq_any(ids)).select(MatchRow::as_select())
            )
            .map_err(Error::query("reading matches"))?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// Members of the teams of evenings.
    ///
    /// # Errors
    /// The database failed.
    pub async fn members_of(&mut self, sessions: &[SessionId]) -> Result<Vec<SessionTeamRow>> {
        let mut found = Vec::new();
        for ids in sessions.chunks(PARAMETERS) {
            let ids = ids.to_vec();
            let rows: Vec<SessionTeamRow> = load_blocking!(
                &mut self.conn,
                session_teams::table.filter(session_teams::session_id.eq_any(ids)).select(SessionTeamRow::as_select())
            )
            .map_err(Error::query("reading teams"))?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// The lines of some rounds.
    ///
    /// # Errors
    /// The database failed.
    pub async fn player_lines(&mut self, rounds: &[RoundId]) -> Result<Vec<PlayerRow>> {
        let mut found = Vec::new();
        for ids in rounds.chunks(PARAMETERS) {
            let ids = ids.to_vec();
            let rows: Vec<PlayerRow> = load_blocking!(
                &mut self.conn,
                player_comprehensive_stats::table
                    .filter(player_comprehensive_stats::round_id.eq_any(ids))
                    .order((player_comprehensive_stats::round_id, player_comprehensive_stats::player_guid))
                    .select(PlayerRow::as_select())
            )
            .map_err(Error::query("reading player lines"))?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// The weapon lines of some rounds.
    ///
    /// # Errors
    /// The database failed.
    pub async fn weapon_lines(&mut self, rounds: &[RoundId]) -> Result<Vec<WeaponLine>> {
        let mut found = Vec::new();
        for ids in rounds.chunks(PARAMETERS) {
            let ids = ids.to_vec();
            let rows: Vec<WeaponLine> = load_blocking!(
                &mut self.conn,
                weapon_stats::table.filter(weapon_stats::round_id.eq_any(ids)).select(WeaponLine::as_select())
            )
            .map_err(Error::query("reading weapon lines"))?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// All human verdicts on rounds of a server. There are few.
    ///
    /// # Errors
    /// The database failed.
    pub async fn overrides(&mut self, server_id: ServerId) -> Result<Vec<OverrideRow>> {
        on_backend!(&mut self.conn, c => round_overrides::table
            .filter(round_overrides::server_id.eq(server_id)).select(OverrideRow::as_select()).load(c).await)
        .map_err(Error::query("reading verdicts"))
    }

    /// Writes the changes and checks that the database now holds what was sent.
    ///
    /// # Errors
    /// A constraint or the verification refuses the data, or the database failed. The transaction
    /// is then good for nothing but its end, or to go back to a savepoint.
    pub async fn apply(&mut self, changes: Changes) -> Result<Applied> {
        feed::note_changes(self, &changes, ChangeKind::Import).await?;
        let sent = verify::Sums::of(&changes);
        let names = NameChange::prepare(&mut self.conn, &changes).await?;
        self.write_rows(changes).await?;
        let conn = &mut self.conn;
        names.apply(conn).await?;
        let started = Instant::now();
        sent.verify(conn).await?;
        Ok(Applied { verifying: started.elapsed() })
    }

    /// Writes everything but names, parents first.
    pub(crate) async fn write_rows(&mut self, changes: Changes) -> Result<()> {
        let conn = &mut self.conn;
        let new: BTreeSet<SessionId> = changes.new_sessions.iter().map(|row| row.id).collect();
        write_files(conn, changes.new_files, changes.updated_files).await?;
        let updated: Vec<SessionId> = changes.updated_sessions.iter().map(|row| row.id).collect();
        if matches!(changes.ratings_from, RatingsFrom::Sessions) {
            self.stale.add_sessions(conn, &updated).await?;
        }
        write_sessions(conn, changes.new_sessions, changes.updated_sessions).await?;
        remove_changed(conn, &changes.removed_matches, &changes.removed_teams).await?;
        forget_lines(conn, &changes.replaced).await?;
        write_rounds(conn, changes.new_rounds, changes.updated_rounds).await?;
        self.stale.add_sessions(conn, &changes.removed_sessions).await?;
        remove_sessions(conn, &changes.removed_sessions).await?;
        bulk::insert(conn, changes.players).await.map_err(Error::query("storing players"))?;
        bulk::insert(conn, changes.weapons).await.map_err(Error::query("storing weapons"))?;
        bulk::insert(conn, changes.findings).await.map_err(Error::query("storing findings"))?;
        bulk::insert(conn, changes.matches).await.map_err(Error::query("storing matches"))?;
        bulk::insert(conn, changes.teams).await.map_err(Error::query("storing teams"))?;
        for sums in &changes.sums {
            self.stale.add_session(sums, changes.ratings_from.of(sums));
        }
        rollups::write(conn, changes.sums, &new, &mut self.stale).await
    }

    /// Writes a file's row as it is, so that there is something to commit: a commit waits for the
    /// disk, and for a synchronous standby, only if it wrote something.
    ///
    /// # Errors
    /// The database failed.
    pub async fn write_again(&mut self, file_id: FileId) -> Result<()> {
        let target = processed_files::table.find(file_id);
        let same = processed_files::attempts.eq(processed_files::attempts);
        on_backend!(&mut self.conn, c => diesel::update(target).set(same).execute(c).await.map(drop))
            .map_err(Error::query("writing a file's row again"))
    }
}

/// A file that is stored does not wait on its server, nor was it given up there.
async fn forget_waiting(conn: &mut Conn, files: impl Iterator<Item = &FileRow>) -> Result<()> {
    let mut stored: BTreeMap<ServerId, Vec<&str>> = BTreeMap::new();
    for file in files.filter(|file| file.state == FileState::Imported) {
        stored.entry(file.server_id).or_default().push(&file.filename);
    }
    for (server, names) in stored {
        for names in names.chunks(PARAMETERS) {
            let these = remote_files::table
                .filter(remote_files::server_id.eq(server))
                .filter(remote_files::state.eq_any([
                    RemoteFileState::Waiting,
                    RemoteFileState::Failed,
                    RemoteFileState::Dead,
                ]))
                .filter(remote_files::filename.eq_any(names));
            on_backend!(conn, c => diesel::delete(these).execute(c).await.map(drop))
                .map_err(Error::query("forgetting that files waited"))?;
        }
    }
    Ok(())
}

async fn write_files(conn: &mut Conn, new: Vec<FileRow>, updated: Vec<FileRow>) -> Result<()> {
    forget_waiting(conn, new.iter().chain(&updated)).await?;
    bulk::insert(conn, new).await.map_err(Error::query("storing files"))?;
    for file in updated {
        let target = processed_files::table.find(file.id);
        on_backend!(conn, c => diesel::update(target).set(file).execute(c).await.map(drop))
            .map_err(Error::query("updating a file"))?;
    }
    Ok(())
}

async fn write_sessions(conn: &mut Conn, new: Vec<SessionRow>, updated: Vec<SessionRow>) -> Result<()> {
    bulk::insert(conn, new).await.map_err(Error::query("storing evenings"))?;
    for session in updated {
        let target = gaming_sessions::table.find(session.id);
        on_backend!(conn, c => diesel::update(target).set(session).execute(c).await.map(drop))
            .map_err(Error::query("updating an evening"))?;
    }
    Ok(())
}

async fn write_rounds(conn: &mut Conn, new: Vec<RoundRow>, updated: Vec<RoundRow>) -> Result<()> {
    bulk::insert(conn, new).await.map_err(Error::query("storing rounds"))?;
    for round in updated {
        let target = rounds::table.find(round.id);
        on_backend!(conn, c => diesel::update(target).set(round).execute(c).await.map(drop))
            .map_err(Error::query("updating a round"))?;
    }
    Ok(())
}

/// Evenings that became part of others; their rounds have moved on before.
async fn remove_sessions(conn: &mut Conn, removed: &[SessionId]) -> Result<()> {
    if removed.is_empty() {
        return Ok(());
    }
    for removed in removed.chunks(PARAMETERS) {
        // Under other rules an evening may once have been longer than what was looked at now.
        let used: Vec<SessionId> = on_backend!(conn, c => rounds::table
            .filter(rounds::gaming_session_id.eq_any(removed))
            .select(rounds::gaming_session_id).distinct().load(c).await)
        .map_err(Error::query("reading evenings in use"))?;
        let free: Vec<SessionId> = removed.iter().copied().filter(|id| !used.contains(id)).collect();
        let target = gaming_sessions::table.filter(gaming_sessions::id.eq_any(&free));
        on_backend!(conn, c => diesel::delete(target).execute(c).await.map(drop))
            .map_err(Error::query("removing merged evenings"))?;
    }
    Ok(())
}

/// Matches and team members that are gone, or whose new rows follow.
async fn remove_changed(conn: &mut Conn, gone: &[MatchKey], members: &[TeamKey]) -> Result<()> {
    for of_server in gone.chunk_by(|a, b| a.server_id == b.server_id) {
        let Some(first) = of_server.first() else { continue };
        for keys in of_server.chunks(PARAMETERS) {
            let ids: Vec<&str> = keys.iter().map(|key| key.match_id.as_str()).collect();
            let these = matches::server_id.eq(first.server_id).and(matches::match_id.eq_any(ids));
            on_backend!(conn, c => diesel::delete(matches::table.filter(these)).execute(c).await)
                .map_err(Error::query("removing old matches"))?;
        }
    }
    for of_session in members.chunk_by(|a, b| a.session_id == b.session_id) {
        let Some(first) = of_session.first() else { continue };
        for keys in of_session.chunks(PARAMETERS) {
            let guids: Vec<&str> = keys.iter().map(|key| key.player_guid.as_str()).collect();
            let these = session_teams::session_id.eq(first.session_id).and(session_teams::player_guid.eq_any(guids));
            on_backend!(conn, c => diesel::delete(session_teams::table.filter(these)).execute(c).await)
                .map_err(Error::query("removing old teams"))?;
        }
    }
    Ok(())
}

async fn forget_lines(conn: &mut Conn, replaced: &[RoundId]) -> Result<()> {
    for replaced in replaced.chunks(PARAMETERS) {
        use player_comprehensive_stats as stats;
        // Weapons go with their players.
        on_backend!(conn, c => diesel::delete(stats::table.filter(stats::round_id.eq_any(replaced)))
            .execute(c).await)
        .map_err(Error::query("removing old player lines"))?;
        on_backend!(conn, c => diesel::delete(
            validation_findings::table.filter(validation_findings::round_id.eq_any(replaced)))
            .execute(c).await)
        .map_err(Error::query("removing old findings"))?;
    }
    Ok(())
}
