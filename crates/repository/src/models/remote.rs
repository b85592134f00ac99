//! `remote_files` and `server_status`: what the watcher remembers over a restart.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamp};
use time::PrimitiveDateTime;

use crate::bulk::bulk_row;
use crate::schema::{remote_files, server_status};
use crate::{FileId, FileState, RemoteFileState, ServerId};

bulk_row! {
    /// A file on a game server that is not stored, or not as it is there now.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
    #[diesel(table_name = remote_files, treat_none_as_null = true, treat_none_as_default_value = false)]
    pub struct RemoteFileRow / RemoteFileColumns in "remote_files" {
        /// Server.
        server_id: ServerId => Integer,
        /// Name.
        filename: String => Text,
        /// Size there.
        size_bytes: i64 => BigInt,
        /// Modification time there, by the server's clock, seconds since 1970.
        mtime: i64 => BigInt,
        /// Type and permissions there.
        mode: i32 => Integer,
        /// Why it is not stored as it is there.
        state: RemoteFileState => Text,
        /// Times fetching or storing it failed.
        attempts: i32 => Integer,
        /// Why it is not stored.
        reason: Option<String> => Nullable<Text>,
        /// When it was first seen, UTC.
        first_seen_at: PrimitiveDateTime => Timestamp,
        /// When this was last true, UTC.
        updated_at: PrimitiveDateTime => Timestamp,
    }
}

bulk_row! {
    /// How fresh a server's data is.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
    #[diesel(table_name = server_status, treat_none_as_null = true, treat_none_as_default_value = false)]
    pub struct ServerStatusRow / ServerStatusColumns in "server_status" {
        /// Server.
        server_id: ServerId => Integer,
        /// The last look that worked, UTC.
        last_look_at: Option<PrimitiveDateTime> => Nullable<Timestamp>,
        /// The last that did not, UTC.
        last_error_at: Option<PrimitiveDateTime> => Nullable<Timestamp>,
        /// Why it did not.
        last_error: Option<String> => Nullable<Text>,
        /// Looks in a row that did not work.
        failures: i32 => Integer,
        /// The newest stats file on the server.
        newest_file: Option<String> => Nullable<Text>,
        /// Its modification time, by the server's clock.
        newest_at: Option<PrimitiveDateTime> => Nullable<Timestamp>,
        /// Whether it is stored.
        newest_imported: bool => Bool,
        /// Files on the server that could be stored.
        files: i32 => Integer,
        /// Files that are being written, or fetched.
        waiting: i32 => Integer,
        /// Files that could not be fetched or stored.
        failed: i32 => Integer,
        /// Files older than the look-back that are not stored.
        left_alone: i32 => Integer,
        /// Files that were tried often enough, and are tried again in hours.
        dead: i32 => Integer,
        /// The last look after which nothing waited, UTC.
        caught_up_at: Option<PrimitiveDateTime> => Nullable<Timestamp>,
    }
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
    /// What became of it.
    pub state: FileState,
}

/// What the database knows of a server's files, in a few numbers. They differ once anybody has
/// written: a watcher that sees other ones than before reads again what is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Knowledge {
    /// Files that were read.
    pub files: i64,
    /// The newest row of these.
    pub newest_row: Option<FileId>,
    /// When one was last read.
    pub read_at: Option<PrimitiveDateTime>,
    /// Files remembered because they are not stored as they are on the server.
    pub remembered: i64,
    /// When one was last remembered.
    pub remembered_at: Option<PrimitiveDateTime>,
}
