//! `servers`: game servers.

use diesel::prelude::*;

use crate::schema::servers;

/// A game server.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = servers)]
pub struct ServerRow {
    /// Row id.
    pub id: i32,
    /// Name in the configuration.
    pub name: String,
    /// IANA zone of the stamps in its file names.
    pub timezone: String,
}
