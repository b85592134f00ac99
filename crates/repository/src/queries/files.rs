//! Files and their states: imported, failed, ignored.

use time::PrimitiveDateTime;

use crate::conn::on_backend;
use crate::dsl::*;
use crate::schema::{processed_files, servers};
use crate::{Db, Error, FileId, FileState, Result, ServerId, Transaction};

/// A file without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, diesel::Queryable)]
pub struct FileInfo {
    /// Row id.
    pub id: FileId,
    /// Server's row id.
    pub server_id: ServerId,
    /// Server.
    pub server: String,
    /// Name without directory.
    pub filename: String,
    /// What became of it.
    pub state: FileState,
    /// Times import was tried.
    pub attempts: i32,
    /// Why it failed or is ignored.
    pub error_message: Option<String>,
    /// Bytes before compression.
    pub size_bytes: i32,
    /// When it was first seen, UTC.
    pub first_seen_at: PrimitiveDateTime,
}

/// Picks the columns of [`FileInfo`].
macro_rules! file_infos {
    ($conn:expr, $filter:expr) => {
        on_backend!($conn, c => processed_files::table
            .inner_join(servers::table.on(servers::id.eq(processed_files::server_id)))
            .filter($filter)
            .order((servers::name, processed_files::filename))
            .select((
                processed_files::id,
                processed_files::server_id,
                servers::name,
                processed_files::filename,
                processed_files::state,
                processed_files::attempts,
                processed_files::error_message,
                processed_files::size_bytes,
                processed_files::first_seen_at,
            ))
            .load(c).await)
        .map_err(Error::query("reading files"))
    };
}

impl Db {
    /// Files in one of these states, by server and name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn files_in(&self, states: &[FileState]) -> Result<Vec<FileInfo>> {
        let mut conn = self.conn().await?;
        file_infos!(&mut conn, processed_files::state.eq_any(states))
    }
}

impl Db {
    /// All files, by server and name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn all_files(&self) -> Result<Vec<FileInfo>> {
        let mut conn = self.conn().await?;
        file_infos!(&mut conn, processed_files::id.is_not_null())
    }

    /// The files of that name, one per server that has it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn files_named(&self, name: &str) -> Result<Vec<FileInfo>> {
        let mut conn = self.conn().await?;
        file_infos!(&mut conn, processed_files::filename.eq(name))
    }
}

impl Transaction {
    /// Sets a file's state by hand.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_file_state(
        &mut self,
        id: FileId,
        state: FileState,
        reason: Option<&str>,
        now: PrimitiveDateTime,
    ) -> Result<()> {
        let set = (
            processed_files::state.eq(state),
            processed_files::success.eq(state == FileState::Imported),
            processed_files::error_message.eq(reason),
            processed_files::processed_at.eq(now),
        );
        let target = processed_files::table.find(id);
        on_backend!(&mut self.conn, c => diesel::update(target).set(set).execute(c).await.map(drop))
            .map_err(Error::query("setting a file's state"))
    }
}
