//! What can be wrong with a file, and where.

use thiserror::Error;

/// Why a whole file was rejected.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}:{line}:{column}: {problem}")]
pub struct ParseError {
    /// File name.
    pub file: String,
    /// 1-based line.
    pub line: u32,
    /// 1-based byte column.
    pub column: u32,
    /// What was found and what is allowed.
    pub problem: Problem,
}

/// Why one player line was not used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct LineError {
    /// 1-based line.
    pub line: u32,
    /// 1-based byte column.
    pub column: u32,
    /// What was found and what is allowed.
    pub problem: Problem,
}

/// What was found, and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// The header line has another number of fields.
    #[error("header has {found} fields separated by '\\', allowed are 8 or 9")]
    HeaderFields {
        /// Fields found.
        found: usize,
    },
    /// A header or player value is not what it must be.
    #[error("{name} is {found:?}, allowed is {allowed}")]
    Value {
        /// Name of the field.
        name: &'static str,
        /// What stands there (shortened).
        found: String,
        /// What may stand there.
        allowed: &'static str,
    },
    /// The header contradicts the file name.
    #[error("header says {name} {found:?}, the file name says {expected:?}")]
    NameMismatch {
        /// `map` or `round`.
        name: &'static str,
        /// In the header.
        found: String,
        /// In the file name.
        expected: String,
    },
    /// Less than guid, name, rounds, team and mask.
    #[error("player line has {found} fields separated by '\\', needed are 5: guid, name, rounds, team, weapons")]
    PlayerFields {
        /// Fields found.
        found: usize,
    },
    /// The mask names another number of weapons than there are tuples.
    #[error("weapon mask {mask} needs {expected} numbers, found {found}")]
    TupleCount {
        /// The mask.
        mask: u32,
        /// 5 · popcount(mask).
        expected: usize,
        /// Numbers found.
        found: usize,
    },
    /// Too few TAB fields.
    #[error("{found} TAB fields, allowed are 33, 36, 37 or 38 (at least 28 to be usable)")]
    TabFields {
        /// Fields found.
        found: usize,
    },
    /// The same player identity twice.
    #[error("player {guid} has a line already (line {first})")]
    DuplicatePlayer {
        /// The identity.
        guid: String,
        /// 1-based line of the first.
        first: u32,
    },
    /// The last line stops in the middle.
    #[error("the last line ends in the middle (no line feed, {reason}): the file is incomplete")]
    Partial {
        /// What shows it.
        reason: String,
    },
    /// There are player lines, and none is usable.
    #[error("none of {lines} player lines is usable; the first: {first}")]
    NoUsableLine {
        /// Player lines.
        lines: usize,
        /// The first line's problem.
        first: Box<LineError>,
    },
}
