//! `servers`: game servers.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};

use crate::ServerId;
use crate::bulk::bulk_row;
use crate::schema::servers;

bulk_row! {
    /// A game server.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = servers)]
    pub struct ServerRow / ServerColumns in "servers" {
        /// Row id.
        id: ServerId => Integer,
        /// Name in the configuration.
        name: String => Text,
        /// IANA zone of the stamps in its file names.
        timezone: String => Text,
    }
}
