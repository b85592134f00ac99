//! The watcher's memory: files on the server, and the freshness (age of the newest file) of each server.

use diesel::dsl::{count_star, max};
use time::PrimitiveDateTime;

use crate::conn::{Conn, on_backend};
use crate::dsl::*;
use crate::schema::{processed_files, remote_files, server_status, servers};
use crate::{
    Db, Error, FileId, Knowledge, RemoteFileRow, RemoteFileState, Result, ServerId, ServerRow, ServerStatusRow,
    StoredMark, Transaction,
};

impl Db {
    /// All files of a server that the database knows, as they were when they were read.
    ///
    /// # Errors
    /// The database failed.
    pub async fn stored_marks(&self, server_id: ServerId) -> Result<Vec<StoredMark>> {
        let mut conn = self.conn().await?;
        on_backend!(&mut conn, c => processed_files::table
            .filter(processed_files::server_id.eq(server_id))
            .select((
                processed_files::filename,
                processed_files::size_bytes,
                processed_files::mtime,
                processed_files::state,
            ))
            .load(c).await)
        .map_err(Error::query("reading which files are stored"))
    }

    /// What the database knows of a server's files, to be compared with what it knew before.
    ///
    /// # Errors
    /// The database failed, or is not where it was ([`Db::check_in_place`]).
    pub async fn knowledge(&self, server_id: ServerId) -> Result<Knowledge> {
        self.check_in_place().await?;
        knowledge(&mut self.conn().await?, server_id).await
    }

    /// Has files of a server tried again that could not be had. A watcher does it within one look, else the
    /// next start or `sync`. Returns the names of those that are due now.
    ///
    /// # Errors
    /// The database failed.
    pub async fn retry_remote_files(
        &self,
        server_id: ServerId,
        names: &[String],
        now: PrimitiveDateTime,
    ) -> Result<Vec<String>> {
        let mut conn = self.conn().await?;
        let asked = remote_files::server_id.eq(server_id).and(remote_files::state.eq_any([
            RemoteFileState::Dead,
            RemoteFileState::Failed,
            RemoteFileState::Ignored,
        ]));
        let failed: Vec<String> = on_backend!(&mut conn, c => remote_files::table
            .filter(asked.clone()).select(remote_files::filename).order(remote_files::filename).load(c).await)
        .map_err(Error::query("reading which files could not be had"))?;
        let due: Vec<String> = failed.into_iter().filter(|name| names.contains(name)).collect();
        on_backend!(&mut conn, c => diesel::update(remote_files::table
            .filter(asked.and(remote_files::filename.eq_any(&due))))
            .set((
                remote_files::state.eq(RemoteFileState::Waiting),
                remote_files::attempts.eq(0),
                remote_files::reason.eq("to be tried again"),
                remote_files::updated_at.eq(now),
            ))
            .execute(c).await.map(drop))
        .map_err(Error::query("having files tried again"))?;
        Ok(due)
    }

    /// Files on servers that are not stored as they are there, by state.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remote_states(&self) -> Result<Vec<(RemoteFileState, i64)>> {
        let mut conn = self.conn().await?;
        on_backend!(&mut conn, c => remote_files::table
            .group_by(remote_files::state)
            .order(remote_files::state)
            .select((remote_files::state, count_star()))
            .load(c).await)
        .map_err(Error::query("counting files on the servers"))
    }

    /// How fresh one server was when it was watched last, if it ever was.
    ///
    /// # Errors
    /// The database failed.
    pub async fn server_status(&self, server_id: ServerId) -> Result<Option<ServerStatusRow>> {
        let mut conn = self.conn().await?;
        on_backend!(&mut conn, c => server_status::table
            .find(server_id).select(ServerStatusRow::as_select()).first(c).await.optional())
        .map_err(Error::query("reading how fresh a server was"))
    }

    /// What is remembered of files on a server that are not stored as they are, by name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remote_files(&self, server_id: ServerId) -> Result<Vec<RemoteFileRow>> {
        let mut conn = self.conn().await?;
        on_backend!(&mut conn, c => remote_files::table
            .filter(remote_files::server_id.eq(server_id))
            .order(remote_files::filename)
            .select(RemoteFileRow::as_select())
            .load(c).await)
        .map_err(Error::query("reading what is remembered of files on the server"))
    }

    /// Remembers something of files on a server, in place of what was remembered before: of all or of
    /// none. Returns what the database knew before and knows after it, with nothing between but this.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remember_remote_files(
        &self,
        server_id: ServerId,
        rows: &[RemoteFileRow],
    ) -> Result<(Knowledge, Knowledge)> {
        self.write(|tx, _| Box::pin(tx.remember_files(server_id, rows))).await
    }

    /// Forgets files on a server: they are stored, or gone. A dead letter that is forgotten is tried
    /// again.
    ///
    /// # Errors
    /// The database failed.
    pub async fn forget_remote_files(&self, server_id: ServerId, names: &[String]) -> Result<usize> {
        if names.is_empty() {
            return Ok(0);
        }
        let mut conn = self.conn().await?;
        on_backend!(&mut conn, c => diesel::delete(remote_files::table
            .filter(remote_files::server_id.eq(server_id).and(remote_files::filename.eq_any(names))))
            .execute(c).await)
        .map_err(Error::query("forgetting files on the server"))
    }

    /// Notes how fresh a server is.
    ///
    /// # Errors
    /// The database failed.
    pub async fn note_server_status(&self, row: &ServerStatusRow) -> Result<()> {
        let mut conn = self.conn().await?;
        on_backend!(&mut conn, c => diesel::insert_into(server_status::table)
            .values(row.clone())
            .on_conflict(server_status::server_id)
            .do_update()
            .set(row.clone())
            .execute(c).await.map(drop))
        .map_err(Error::query("noting how fresh a server is"))
    }

    /// How fresh each watched server is, by name. A server that was never watched is not in it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn server_statuses(&self) -> Result<Vec<(ServerRow, ServerStatusRow)>> {
        let mut conn = self.conn().await?;
        on_backend!(&mut conn, c => server_status::table
            .inner_join(servers::table.on(servers::id.eq(server_status::server_id)))
            .order(servers::name)
            .select((ServerRow::as_select(), ServerStatusRow::as_select()))
            .load(c).await)
        .map_err(Error::query("reading how fresh the servers are"))
    }
}

async fn knowledge(conn: &mut Conn, server_id: ServerId) -> Result<Knowledge> {
    let (files, newest_row, read_at): (i64, Option<FileId>, Option<PrimitiveDateTime>) =
        on_backend!(conn, c => processed_files::table
            .filter(processed_files::server_id.eq(server_id))
            .select((count_star(), max(processed_files::id), max(processed_files::processed_at)))
            .get_result(c).await)
        .map_err(Error::query("reading how much is stored"))?;
    let (remembered, remembered_at): (i64, Option<PrimitiveDateTime>) = on_backend!(conn, c => remote_files::table
            .filter(remote_files::server_id.eq(server_id))
            .select((count_star(), max(remote_files::updated_at)))
            .get_result(c).await)
    .map_err(Error::query("reading how much is remembered"))?;
    Ok(Knowledge { files, newest_row, read_at, remembered, remembered_at })
}

impl Transaction {
    /// Sets a file aside that could not be had from its server, or that is another one there than the stored one: nobody
    /// is told of this version any more. Whether there was one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ignore_remote_file(
        &mut self,
        server_id: ServerId,
        name: &str,
        reason: &str,
        now: PrimitiveDateTime,
    ) -> Result<bool> {
        let changed = on_backend!(&mut self.conn, c => diesel::update(remote_files::table
            .filter(remote_files::server_id.eq(server_id).and(remote_files::filename.eq(name)))
            .filter(remote_files::state.eq_any([
                RemoteFileState::Dead,
                RemoteFileState::Failed,
                RemoteFileState::Conflict,
            ])))
            .set((
                remote_files::state.eq(RemoteFileState::Ignored),
                remote_files::reason.eq(reason),
                remote_files::updated_at.eq(now),
            ))
            .execute(c).await)
        .map_err(Error::query("setting a file on the server aside"))?;
        Ok(changed > 0)
    }

    async fn remember_files(&mut self, server_id: ServerId, rows: &[RemoteFileRow]) -> Result<(Knowledge, Knowledge)> {
        let before = knowledge(&mut self.conn, server_id).await?;
        for row in rows {
            self.remember_file(row).await?;
        }
        Ok((before, knowledge(&mut self.conn, server_id).await?))
    }

    async fn remember_file(&mut self, row: &RemoteFileRow) -> Result<()> {
        // When it was first seen stays what it was.
        let set = (
            remote_files::size_bytes.eq(row.size_bytes),
            remote_files::mtime.eq(row.mtime),
            remote_files::mode.eq(row.mode),
            remote_files::state.eq(row.state),
            remote_files::attempts.eq(row.attempts),
            remote_files::reason.eq(row.reason.clone()),
            remote_files::updated_at.eq(row.updated_at),
        );
        on_backend!(&mut self.conn, c => diesel::insert_into(remote_files::table)
            .values(row.clone())
            .on_conflict((remote_files::server_id, remote_files::filename))
            .do_update()
            .set(set)
            .execute(c).await.map(drop))
        .map_err(Error::query("remembering a file on the server"))
    }
}
