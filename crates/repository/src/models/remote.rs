//! `remote_files` and `server_status`: what the watcher remembers over a restart.

use diesel::prelude::*;
use time::PrimitiveDateTime;

use crate::schema::{remote_files, server_status};

/// A file on a game server that is not stored, or not as it is there now.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = remote_files, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct RemoteFileRow {
    /// Server.
    pub server_id: i32,
    /// Name.
    pub filename: String,
    /// Size there.
    pub size_bytes: i64,
    /// Modification time there, by the server's clock, seconds since 1970.
    pub mtime: i64,
    /// Type and permissions there.
    pub mode: i32,
    /// `waiting`, `failed`, `dead`, `conflict` or `same`.
    pub state: String,
    /// Times fetching or storing it failed.
    pub attempts: i32,
    /// Why it is not stored.
    pub reason: Option<String>,
    /// When it was first seen, UTC.
    pub first_seen_at: PrimitiveDateTime,
    /// When this was last true, UTC.
    pub updated_at: PrimitiveDateTime,
}

/// How fresh a server's data is.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = server_status, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ServerStatusRow {
    /// Server.
    pub server_id: i32,
    /// The last look that worked, UTC.
    pub last_look_at: Option<PrimitiveDateTime>,
    /// The last that did not, UTC.
    pub last_error_at: Option<PrimitiveDateTime>,
    /// Why it did not.
    pub last_error: Option<String>,
    /// Looks in a row that did not work.
    pub failures: i32,
    /// The newest stats file on the server.
    pub newest_file: Option<String>,
    /// Its modification time, by the server's clock.
    pub newest_at: Option<PrimitiveDateTime>,
    /// Whether it is stored.
    pub newest_imported: bool,
    /// Files on the server that could be stored.
    pub files: i32,
    /// Files that are being written, or fetched.
    pub waiting: i32,
    /// Files that could not be fetched or stored.
    pub failed: i32,
    /// Files older than the look-back that are not stored.
    pub left_alone: i32,
}

/// What a watcher must know of a stored file.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct StoredMark {
    /// Name.
    pub filename: String,
    /// Size when it was read.
    pub size_bytes: i32,
    /// Modification time when it was read, UTC.
    pub mtime: Option<PrimitiveDateTime>,
    /// `imported`, `waiting`, `failed` or `ignored`.
    pub state: String,
}
