//! The stats file an ET:Legacy server writes after every round: bytes to [`StatsFile`], and back.
//!
//! ```
//! use fullhold_stats_file::{parse, FileName};
//!
//! let name: FileName = "2025-10-02-211808-supply-round-1.txt".parse()?;
//! let bytes = b"server\\supply\\legacy3\\1\\1\\2\\10:00\\3:51\n";
//! let file = parse(&name, bytes)?;
//! assert_eq!(file.header.map, "supply");
//! assert!(file.players.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Concepts
//! * A file is one header line and one line per player. Numbers are **as written**: in the file
//!   of a second round most of them are match totals. What round 2 really was is the business of
//!   `fullhold-differential`, not of this crate.
//! * There is no version marker. The [`Era`] follows from the number of TAB fields; [`FIELDS`]
//!   says which field stands where, what it means and how it behaves between rounds.
//! * Times with one decimal are kept as exact [`Tenths`]; no float is ever involved.
//! * Lines that cannot be used are data ([`StatsFile::rejected`]); only a file of which nothing
//!   can be used is an [`ParseError`].
//!
//! # What it does not do
//! No I/O, no clock, no time zones (a [`Stamp`] is local time without an offset), no pairing.
//!
//! Source of the format: the c0rnp0rn Lua writers; see `docs/FIELDS.md`.

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
