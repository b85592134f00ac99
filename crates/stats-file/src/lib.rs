//! The stats file an ET:Legacy server writes after every round: bytes to `StatsFile`, and back.
#![doc = include_str!("../README.md")]

mod colour;
mod error;
mod fields;
mod file_name;
mod guid;
mod parse;
mod stats;
mod units;
mod weapon;
mod words;
mod write;

pub use colour::strip_colours;
pub use error::{LineError, ParseError, Problem};
pub use fields::{Era, FIELD_COUNT, FIELDS, Field, FieldSpec, Semantics, Unit};
pub use file_name::{FileKind, FileName, FileNameError};
pub use guid::{Guid, NoGuid};
pub use parse::{PARSER_VERSION, parse};
pub use stats::{Header, PlayerLine, StatsFile, is_bot_name};
pub use units::{RoundNumber, Seconds, Side, Slot, Stamp, Tenths};
pub use weapon::{WEAPON_COUNT, Weapon, WeaponCounts};
pub use words::UnknownWord;
pub use write::write;

/// For what [`words!`] declares.
#[cfg(feature = "diesel")]
#[doc(hidden)]
pub use diesel;
