//! `processed_files`: every file ever seen, with its raw bytes.

use diesel::prelude::*;
use diesel::sql_types::{Binary, Bool, Integer, Nullable, Text, Timestamp};
use time::PrimitiveDateTime;

use crate::bulk::bulk_row;
use crate::schema::processed_files;
use crate::{FileId, FileState, RoundId, ServerId, SessionId, StoredKind};

bulk_row! {
    /// A file and what became of it.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, AsChangeset)]
    #[diesel(table_name = processed_files, treat_none_as_null = true)]
    pub struct FileRow / FileColumns in "processed_files" {
        /// Row id.
        id: FileId => Integer,
        /// Server it came from.
        server_id: ServerId => Integer,
        /// Name without directory.
        filename: String => Text,
        /// What kind of file it is.
        kind: StoredKind => Text,
        /// SHA-256 of the bytes, hexadecimal.
        sha256: String => Text,
        /// Bytes before compression.
        size_bytes: i32 => Integer,
        /// Modification time on the server or disk, UTC.
        mtime: Option<PrimitiveDateTime> => Nullable<Timestamp>,
        /// Compressed raw bytes ([`crate::compress`]).
        content: Option<Vec<u8>> => Nullable<Binary>,
        /// What became of it.
        state: FileState => Text,
        /// Times import was tried.
        attempts: i32 => Integer,
        /// `state` is `imported`.
        success: bool => Bool,
        /// Why it failed.
        error_message: Option<String> => Nullable<Text>,
        /// Version of the parser that read it.
        parser_version: i32 => Integer,
        /// When it was first seen, UTC.
        first_seen_at: PrimitiveDateTime => Timestamp,
        /// When it was last dealt with, UTC.
        processed_at: Option<PrimitiveDateTime> => Nullable<Timestamp>,
    }
}

/// What import needs to know of a file it has seen before.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = processed_files)]
pub struct KnownFile {
    /// Row id.
    pub id: FileId,
    /// Name without directory.
    pub filename: String,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// What became of it.
    pub state: FileState,
    /// Times import was tried.
    pub attempts: i32,
    /// Why it failed.
    pub error_message: Option<String>,
    /// Version of the parser that read it.
    pub parser_version: i32,
    /// When it was first seen, UTC.
    pub first_seen_at: PrimitiveDateTime,
    /// When it was last looked at, UTC.
    pub processed_at: Option<PrimitiveDateTime>,
}

/// The next free ids. The writer's lock makes them ours until the transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextIds {
    /// `processed_files.id`
    pub file: FileId,
    /// `rounds.id`
    pub round: RoundId,
    /// `gaming_sessions.id`
    pub session: SessionId,
}
