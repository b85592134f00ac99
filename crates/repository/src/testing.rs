//! Test support: raw statements, and migrations taken back.

use crate::{Db, Error, Result, migrate};

impl Db {
    /// Runs statements as they are.
    ///
    /// # Errors
    /// The database refused them.
    pub async fn execute_raw(&self, sql: &str) -> Result<()> {
        self.conn().await?.batch(sql).await.map_err(Error::query("running a test's statement"))
    }

    /// Takes all migrations back and applies them again.
    ///
    /// # Errors
    /// A step failed.
    pub async fn migrate_down_and_up(&self) -> Result<()> {
        migrate::again(self).await
    }
}
