//! What can be done to a file without the database: hash, parse, compress.

use std::sync::Arc;

use fullhold_stats_file::{FileName, StatsFile};
use sha2::{Digest as _, Sha256};
use time::PrimitiveDateTime;

/// A file, ready for import.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Name as in the database.
    pub filename: String,
    /// Where it was found, for messages.
    pub shown: String,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// Bytes before compression.
    pub size_bytes: i32,
    /// Modification time, UTC.
    pub mtime: Option<PrimitiveDateTime>,
    /// Compressed bytes.
    pub content: Vec<u8>,
    /// What is in it, or why it cannot be stored.
    pub parsed: Result<Arc<StatsFile>, String>,
    /// Only its bytes are kept: it is no stats file.
    pub holds_no_round: bool,
}

/// Reads and packs the bytes of a stats file.
///
/// # Errors
/// Compression failed (memory), or the file is larger than an `i32` can say.
pub fn prepare(
    name: &FileName,
    shown: String,
    bytes: &[u8],
    mtime: Option<PrimitiveDateTime>,
) -> std::io::Result<Prepared> {
    let size_bytes = i32::try_from(bytes.len()).map_err(std::io::Error::other)?;
    Ok(Prepared {
        filename: name.to_string(),
        shown,
        sha256: hex(&Sha256::digest(bytes)),
        size_bytes,
        mtime,
        content: fullhold_repository::compress(bytes)?,
        parsed: read(name, bytes).map(Arc::new),
        holds_no_round: false,
    })
}

impl Prepared {
    /// A file whose bytes are only kept: [`crate::Importer::keep`].
    ///
    /// # Errors
    /// As [`prepare`].
    pub fn raw(name: String, bytes: &[u8], mtime: Option<PrimitiveDateTime>) -> std::io::Result<Self> {
        Ok(Self {
            size_bytes: i32::try_from(bytes.len()).map_err(std::io::Error::other)?,
            sha256: hex(&Sha256::digest(bytes)),
            content: fullhold_repository::compress(bytes)?,
            shown: name.clone(),
            filename: name,
            mtime,
            parsed: Err("it holds no round".to_owned()),
            holds_no_round: true,
        })
    }
}

/// Lines that a stats file may have: it has one for each player, and no server has more than 64 at a time.
const MOST_LINES: usize = 10_000;

/// Says of a file of too many lines that it is none; read line by line it would cost a hundred times its
/// size in memory.
///
/// # Errors
/// It has too many lines: a sentence for people.
pub fn check_lines(name: &FileName, bytes: &[u8]) -> Result<(), String> {
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
    if lines <= MOST_LINES {
        return Ok(());
    }
    Err(format!("{name}: {lines} lines, allowed are {MOST_LINES}: a stats file has one for each player"))
}

/// Parses, and checks that every number can be stored, seen alone.
pub(crate) fn read(name: &FileName, bytes: &[u8]) -> Result<StatsFile, String> {
    check_lines(name, bytes)?;
    let file = fullhold_stats_file::parse(name, bytes).map_err(|error| error.to_string())?;
    let raw = fullhold_differential::round_one(&file);
    fullhold_validation::check_storable(&raw).map_err(|finding| format!("{name}: {}", finding.message))?;
    Ok(file)
}

/// Bytes in hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}
