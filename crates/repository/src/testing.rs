//! Test support: raw statements, and migrations taken back.

use crate::conn::load_blocking;
use crate::{Db, Error, Result, migrate};

impl Db {
    /// Runs statements as they are.
    ///
    /// # Errors
    /// The database refused them.
    pub async fn execute_raw(&self, sql: &str) -> Result<()> {
        self.conn().await?.batch(sql).await.map_err(Error::query("running a test's statement"))
    }

    /// Looks now whether the standby may answer.
    pub async fn check_standby(&self) {
        if let Some(standby) = self.standby() {
            standby.check(self).await;
        }
    }

    /// Whether a question would go to the standby.
    ///
    /// # Errors
    /// Neither server answers.
    pub async fn is_answered_by_standby(&self) -> Result<bool> {
        #[derive(diesel::QueryableByName)]
        struct Role {
            #[diesel(sql_type = diesel::sql_types::Bool)]
            is_standby: bool,
        }
        let mut conn = self.reading_conn().await?;
        let asked = diesel::sql_query("SELECT pg_is_in_recovery() AS is_standby");
        let rows: Vec<Role> = load_blocking!(&mut conn, asked).map_err(Error::query("asking who answers"))?;
        Ok(rows.iter().any(|row| row.is_standby))
    }

    /// Takes all migrations back and applies them again.
    ///
    /// # Errors
    /// A step failed.
    pub async fn migrate_down_and_up(&self) -> Result<()> {
        migrate::again(self).await
    }
}
