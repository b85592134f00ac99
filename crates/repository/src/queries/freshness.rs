//! How fresh each server's data is.

use diesel::sql_types::{Integer, Nullable, Text, Timestamp};
use time::PrimitiveDateTime;

use crate::conn::load_blocking;
use crate::statement::Statement;
use crate::{Db, Error, Result, ServerId};

/// How fresh the data of a server is.
#[derive(Clone, Debug, PartialEq, Eq, diesel::Queryable)]
pub struct Freshness {
    /// `servers.id`
    pub server_id: ServerId,
    /// Its name.
    pub server: String,
    /// End of the newest round, UTC; none if there is no round.
    pub newest_round: Option<PrimitiveDateTime>,
    /// The last look at the game server that worked, UTC; none where nobody watches.
    pub last_look: Option<PrimitiveDateTime>,
    /// The last look that did not.
    pub last_error: Option<PrimitiveDateTime>,
}

impl Db {
    /// How fresh the data of each server is, by name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn freshness(&self) -> Result<Vec<Freshness>> {
        let mut conn = self.reading_conn().await?;
        let statement = freshness();
        load_blocking!(&mut conn, statement).map_err(Error::query("reading how fresh the data is"))
    }
}

type FreshnessSql = (Integer, Text, Nullable<Timestamp>, Nullable<Timestamp>, Nullable<Timestamp>);

pub(crate) fn freshness() -> Statement<FreshnessSql> {
    Statement::new(
        "SELECT v.id, v.name, (SELECT max(r.ended_at) FROM rounds r WHERE r.server_id = v.id), w.last_look_at, \
         w.last_error_at FROM servers v LEFT JOIN server_status w ON w.server_id = v.id ORDER BY v.name",
    )
}
