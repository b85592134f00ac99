//! File names: what is a stats file, and what is left alone.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::{RoundNumber, Stamp};

/// `YYYY-MM-DD-HHMMSS-<map>-round-<1|2>.txt`, taken apart.
///
/// The round number is right on the normal path and inverted when the map was changed or the
/// server quit in mid-round.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName {
    /// Server local time of writing: the end of the round.
    pub stamp: Stamp,
    /// Map name; may hold `-` and `_`.
    pub map: String,
    /// Round number.
    pub round: RoundNumber,
}

/// A name that is no stats file name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("file name {name:?} is not YYYY-MM-DD-HHMMSS-<map>-round-<1|2>.txt")]
pub struct FileNameError {
    /// The name.
    pub name: String,
}

/// What a file is, by its name alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A stats file.
    Stats(FileName),
    /// `…-endstats.txt`: awards, a later source.
    Endstats,
    /// Written by the same server for other purposes (`_ws.txt`, `_engagements.txt`, `gametime-*.json`).
    Sibling,
    /// Anything else.
    Unrelated,
}

impl FileKind {
    /// Classifies a file by its name (no directory, but see [`FileName::strip_directory`]).
    #[must_use]
    pub fn of(name: &str) -> Self {
        let name = FileName::strip_directory(name);
        if let Ok(stats) = name.parse() {
            return Self::Stats(stats);
        }
        if name.ends_with("-endstats.txt") {
            Self::Endstats
        } else if name.ends_with("_ws.txt")
            || name.ends_with("_engagements.txt")
            || (name.starts_with("gametime-") && name.ends_with(".json"))
        {
            Self::Sibling
        } else {
            Self::Unrelated
        }
    }
}

impl FileName {
    /// Old Lua builds wrote a literal backslash as directory separator: `gamestats\2025-….txt`
    /// is one file name. The name behind the last backslash.
    #[must_use]
    pub fn strip_directory(name: &str) -> &str {
        name.rsplit_once('\\').map_or(name, |(_, file)| file)
    }
}

impl FromStr for FileName {
    type Err = FileNameError;

    fn from_str(name: &str) -> Result<Self, FileNameError> {
        let parts = || {
            let (stamp, rest) = name.split_at_checked(17)?;
            let rest = rest.strip_prefix('-')?.strip_suffix(".txt")?;
            let (map, number) = rest.rsplit_once("-round-")?;
            let round = match number {
                "1" => RoundNumber::One,
                "2" => RoundNumber::Two,
                _ => return None,
            };
            let printable = !map.is_empty() && !map.chars().any(|c| c.is_control() || c == '/' || c == '\\');
            printable.then_some(Self { stamp: stamp.parse().ok()?, map: map.to_owned(), round })
        };
        parts().ok_or_else(|| FileNameError { name: name.to_owned() })
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-round-{}.txt", self.stamp, self.map, self.round.number())
    }
}
