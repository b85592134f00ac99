//! The log of what people had done, read.

use crate::conn::on_backend;
use crate::dsl::*;
use crate::schema::audit_log;
use crate::{AuditRow, Db, Error, Result, ServerId};

impl Db {
    /// What people had done, the newest first, at most so many: of some servers, or everything when there are none.
    ///
    /// # Errors
    /// The database failed.
    pub async fn audited(&self, servers: &[ServerId], most: i64) -> Result<Vec<AuditRow>> {
        self.read(|tx, _| {
            Box::pin(async move {
                on_backend!(&mut tx.conn, c => {
                    let mut query = audit_log::table.into_boxed();
                    if !servers.is_empty() {
                        query = query.filter(audit_log::server_id.eq_any(servers));
                    }
                    query.order(audit_log::id.desc()).limit(most).select(AuditRow::as_select()).load(c).await
                })
                .map_err(Error::query("reading the audit log"))
            })
        })
        .await
    }
}
