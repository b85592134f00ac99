//! The import transaction: what it asks of the past, what it writes, and in which order.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use crate::dsl::*;
use diesel::dsl::max;
use time::PrimitiveDateTime;

use crate::conn::{Conn, on_backend};
use crate::names::NameChange;
use crate::schema::{
    gaming_sessions, matches, player_comprehensive_stats, processed_files, remote_files, round_overrides, rounds,
    servers, session_teams, validation_findings,
};
use crate::{
    Db, Error, FileRow, FindingRow, KnownFile, MatchRow, NextIds, OverrideRow, PlayerRow, Result, RoundRow, ServerRow,
    SessionRow, SessionTeamRow, Transaction, WeaponRow, bulk, verify,
};

/// Names per statement: SQLite takes a limited number of values.
const NAMES_AT_ONCE: usize = 500;

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
    pub removed_sessions: Vec<i32>,
    /// Evenings whose matches and teams are written anew (old ones are removed first).
    pub rewritten_sessions: Vec<i32>,
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
    /// Matches of the rewritten sessions.
    pub matches: Vec<MatchRow>,
    /// Teams of the rewritten sessions.
    pub teams: Vec<SessionTeamRow>,
}

/// Ids of rounds whose lines are replaced.
pub type Replaced = Vec<i32>;

/// What applying changes came to.
#[derive(Clone, Copy, Debug)]
pub struct Applied {
    /// Time spent on verification.
    pub verifying: Duration,
}

/// A stored file, as it was when it was imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredFile {
    /// Raw bytes.
    pub bytes: Vec<u8>,
    /// Modification time, UTC.
    pub mtime: Option<PrimitiveDateTime>,
}

impl Db {
    /// The server of that name, created with the zone if it is new.
    ///
    /// # Errors
    /// The server is recorded with another zone, or the database failed.
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

    /// Records a server, unless somebody else was faster.
    async fn add_server(&mut self, name: &str, timezone: &str) -> Result<ServerRow> {
        if let Some(server) = self.server_named(name).await? {
            return Ok(server);
        }
        let last: Option<i32> =
            on_backend!(&mut self.conn, c => servers::table.select(max(servers::id)).first(c).await)
                .map_err(Error::query("numbering servers"))?;
        let id = last.unwrap_or(0) + 1;
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
    pub async fn known_files(&mut self, server_id: i32, names: &[String]) -> Result<Vec<KnownFile>> {
        on_backend!(&mut self.conn, c => processed_files::table
            .filter(processed_files::server_id.eq(server_id).and(processed_files::filename.eq_any(names)))
            .select(KnownFile::as_select())
            .load(c).await)
        .map_err(Error::query("looking for known files"))
    }

    /// The server's rounds that ended in a span, both ends included, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rounds_between(
        &mut self,
        server_id: i32,
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

    /// Raw bytes by file id, unpacked, with the file's modification time.
    ///
    /// # Errors
    /// The database failed, or stored bytes cannot be unpacked.
    pub async fn contents(&mut self, files: &[i32]) -> Result<HashMap<i32, StoredFile>> {
        type Row = (i32, Option<Vec<u8>>, i32, Option<PrimitiveDateTime>);
        let rows: Vec<Row> = on_backend!(&mut self.conn, c => processed_files::table
            .filter(processed_files::id.eq_any(files))
            .select((
                processed_files::id,
                processed_files::content,
                processed_files::size_bytes,
                processed_files::mtime,
            ))
            .load(c).await)
        .map_err(Error::query("reading raw bytes"))?;
        rows.into_iter()
            .map(|(id, content, size, mtime)| {
                let bytes = crate::decompress(id, &content.unwrap_or_default(), size)?;
                Ok((id, StoredFile { bytes, mtime }))
            })
            .collect()
    }

    /// Evenings by id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn sessions(&mut self, ids: &[i32]) -> Result<Vec<SessionRow>> {
        on_backend!(&mut self.conn, c => gaming_sessions::table
            .filter(gaming_sessions::id.eq_any(ids)).select(SessionRow::as_select()).load(c).await)
        .map_err(Error::query("reading evenings"))
    }

    /// All human verdicts on rounds of a server. There are few.
    ///
    /// # Errors
    /// The database failed.
    pub async fn overrides(&mut self, server_id: i32) -> Result<Vec<OverrideRow>> {
        on_backend!(&mut self.conn, c => round_overrides::table
            .filter(round_overrides::server_id.eq(server_id)).select(OverrideRow::as_select()).load(c).await)
        .map_err(Error::query("reading verdicts"))
    }

    /// The next free ids.
    ///
    /// # Errors
    /// The database failed.
    pub async fn next_ids(&mut self) -> Result<NextIds> {
        let query = diesel::select((
            processed_files::table.select(max(processed_files::id)).single_value(),
            rounds::table.select(max(rounds::id)).single_value(),
            gaming_sessions::table.select(max(gaming_sessions::id)).single_value(),
        ));
        let (file, round, session): (Option<i32>, Option<i32>, Option<i32>) =
            on_backend!(&mut self.conn, c => query.get_result(c).await).map_err(Error::query("numbering rows"))?;
        let next = |last: Option<i32>| last.unwrap_or(0) + 1;
        Ok(NextIds { file: next(file), round: next(round), session: next(session) })
    }

    /// Writes the changes and checks that the database now holds what was sent.
    ///
    /// # Errors
    /// A constraint or the verification refuses the data, or the database failed. The transaction
    /// is then good for nothing but its end, or to go back to a savepoint.
    pub async fn apply(&mut self, changes: Changes) -> Result<Applied> {
        let conn = &mut self.conn;
        let sent = verify::Sums::of(&changes);
        let names = NameChange::prepare(conn, &changes).await?;
        write_rows(conn, changes).await?;
        names.apply(conn).await?;
        let started = Instant::now();
        sent.verify(conn).await?;
        Ok(Applied { verifying: started.elapsed() })
    }

    /// Writes a file's row as it is, so that there is something to commit: a commit waits for the
    /// disk, and for a synchronous standby, only if it wrote something.
    ///
    /// # Errors
    /// The database failed.
    pub async fn write_again(&mut self, file_id: i32) -> Result<()> {
        let target = processed_files::table.find(file_id);
        let same = processed_files::attempts.eq(processed_files::attempts);
        on_backend!(&mut self.conn, c => diesel::update(target).set(same).execute(c).await.map(drop))
            .map_err(Error::query("writing a file's row again"))
    }
}

/// Writes everything but names, parents first.
pub(crate) async fn write_rows(conn: &mut Conn, changes: Changes) -> Result<()> {
    write_files(conn, changes.new_files, changes.updated_files).await?;
    write_sessions(conn, changes.new_sessions, changes.updated_sessions).await?;
    forget_derived(conn, &changes.rewritten_sessions, &changes.replaced).await?;
    write_rounds(conn, changes.new_rounds, changes.updated_rounds).await?;
    remove_sessions(conn, &changes.removed_sessions).await?;
    bulk::insert(conn, changes.players).await.map_err(Error::query("storing players"))?;
    bulk::insert(conn, changes.weapons).await.map_err(Error::query("storing weapons"))?;
    bulk::insert(conn, changes.findings).await.map_err(Error::query("storing findings"))?;
    bulk::insert(conn, changes.matches).await.map_err(Error::query("storing matches"))?;
    bulk::insert(conn, changes.teams).await.map_err(Error::query("storing teams"))
}

/// A file that is stored does not wait on its server, nor was it given up there.
async fn forget_waiting(conn: &mut Conn, files: impl Iterator<Item = &FileRow>) -> Result<()> {
    let mut stored: BTreeMap<i32, Vec<&str>> = BTreeMap::new();
    for file in files.filter(|file| file.state == "imported") {
        stored.entry(file.server_id).or_default().push(&file.filename);
    }
    for (server, names) in stored {
        for names in names.chunks(NAMES_AT_ONCE) {
            let these = remote_files::table
                .filter(remote_files::server_id.eq(server))
                .filter(remote_files::state.eq_any(["waiting", "failed", "dead"]))
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
async fn remove_sessions(conn: &mut Conn, removed: &[i32]) -> Result<()> {
    if removed.is_empty() {
        return Ok(());
    }
    let target = gaming_sessions::table.filter(gaming_sessions::id.eq_any(removed));
    on_backend!(conn, c => diesel::delete(target).execute(c).await.map(drop))
        .map_err(Error::query("removing merged evenings"))
}

async fn forget_derived(conn: &mut Conn, sessions: &[i32], replaced: &[i32]) -> Result<()> {
    if !sessions.is_empty() {
        on_backend!(conn, c => diesel::delete(matches::table.filter(matches::gaming_session_id.eq_any(sessions)))
            .execute(c).await)
        .map_err(Error::query("removing old matches"))?;
        let teams = session_teams::session_id.eq_any(sessions);
        on_backend!(conn, c => diesel::delete(session_teams::table.filter(teams)).execute(c).await)
            .map_err(Error::query("removing old teams"))?;
    }
    if !replaced.is_empty() {
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
