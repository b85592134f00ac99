//! Files on disk that could not be stored: listed until they are fine or somebody sets them aside.

use crate::conn::{load_blocking, on_backend};
use crate::dsl::*;
use crate::schema::left_out_files;
use crate::{Db, Error, LeftOutFileRow, Result, ServerId, Transaction, bulk};

impl Db {
    /// All files that are left out, by server and name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn left_out_files(&self) -> Result<Vec<LeftOutFileRow>> {
        let mut conn = self.conn().await?;
        load_blocking!(
            &mut conn,
            left_out_files::table
                .order((left_out_files::server_id, left_out_files::filename))
                .select(LeftOutFileRow::as_select())
        )
        .map_err(Error::query("reading which files are left out"))
    }
}

impl Transaction {
    /// The files of a server that are left out, by name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn left_out_of(&mut self, server_id: ServerId) -> Result<Vec<LeftOutFileRow>> {
        load_blocking!(
            &mut self.conn,
            left_out_files::table
                .filter(left_out_files::server_id.eq(server_id))
                .order(left_out_files::filename)
                .select(LeftOutFileRow::as_select())
        )
        .map_err(Error::query("reading which files are left out"))
    }

    /// Notes files that are left out, in the place of what was noted of their names. When they were first seen stays.
    ///
    /// # Errors
    /// The database failed.
    pub async fn note_left_out(&mut self, rows: Vec<LeftOutFileRow>) -> Result<()> {
        bulk::insert(&mut self.conn, rows).await.map_err(Error::query("noting which files are left out"))
    }

    /// Forgets files that are fine now, or gone.
    ///
    /// # Errors
    /// The database failed.
    pub async fn forget_left_out(&mut self, server_id: ServerId, names: &[String]) -> Result<()> {
        for names in names.chunks(crate::import::PARAMETERS) {
            on_backend!(&mut self.conn, c => diesel::delete(left_out_files::table
                .filter(left_out_files::server_id.eq(server_id).and(left_out_files::filename.eq_any(names))))
                .execute(c).await.map(drop))
            .map_err(Error::query("forgetting which files are left out"))?;
        }
        Ok(())
    }
}
