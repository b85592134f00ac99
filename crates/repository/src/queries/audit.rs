//! The log of what people had done, read.

use crate::conn::on_backend;
use crate::dsl::*;
use crate::schema::audit_log;
use crate::{AuditRow, Db, Error, Result};

impl Db {
    /// What people had done, the newest first, at most so many.
    ///
    /// # Errors
    /// The database failed.
    pub async fn audited(&self, most: i64) -> Result<Vec<AuditRow>> {
        self.read(|tx, _| {
            Box::pin(async move {
                on_backend!(&mut tx.conn, c => audit_log::table
                    .order(audit_log::id.desc()).limit(most).select(AuditRow::as_select()).load(c).await)
                .map_err(Error::query("reading the audit log"))
            })
        })
        .await
    }
}
