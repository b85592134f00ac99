//! A value of a column, whatever its type: what exports and readers of foreign tables work with.

use fullhold_analytics::{Confidence, MatchOutcome, MatchState, RoundStatus, Team, Undecided, Verdict};
use fullhold_differential::{Class, DurationSource, Outcome};
use fullhold_stats_file::Guid;
use fullhold_validation::Severity;
use serde_json::Value;
use time::PrimitiveDateTime;

use crate::models::Span;
use crate::{
    ChangeKind, FileState, LeftOutKind, LeftOutState, Privacy, RemoteFileState, RoundSource, StoredKind, TeamSource,
};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// A whole number.
    Integer(i64),
    /// A fraction.
    Real(f64),
    /// Text; instants as `2025-01-31T20:15:00Z`.
    Text(String),
    /// Yes or no.
    Boolean(bool),
}

impl Cell {
    /// The value for machines.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Integer(number) => Value::from(*number),
            Self::Real(number) => Value::from(*number),
            Self::Text(text) => Value::from(text.as_str()),
            Self::Boolean(value) => Value::from(*value),
        }
    }
}

/// A type of a column.
pub(crate) trait IntoCell {
    fn cell(&self) -> Cell;
}

impl IntoCell for i32 {
    fn cell(&self) -> Cell {
        Cell::Integer(i64::from(*self))
    }
}

impl IntoCell for i64 {
    fn cell(&self) -> Cell {
        Cell::Integer(*self)
    }
}

impl IntoCell for f64 {
    fn cell(&self) -> Cell {
        Cell::Real(*self)
    }
}

impl IntoCell for bool {
    fn cell(&self) -> Cell {
        Cell::Boolean(*self)
    }
}

impl IntoCell for String {
    fn cell(&self) -> Cell {
        Cell::Text(self.clone())
    }
}

impl IntoCell for &'static str {
    fn cell(&self) -> Cell {
        Cell::Text((*self).to_owned())
    }
}

/// Values that print as the text that the database has.
macro_rules! text_cells {
    ($($name:ty,)*) => {$(
        impl IntoCell for $name {
            fn cell(&self) -> Cell {
                Cell::Text(self.to_string())
            }
        }
    )*};
}

text_cells! {
    Guid,
    Class,
    Confidence,
    DurationSource,
    MatchState,
    Outcome,
    RoundStatus,
    Severity,
    Team,
    Undecided,
    Verdict,
    ChangeKind,
    FileState,
    LeftOutKind,
    LeftOutState,
    MatchOutcome,
    Privacy,
    RemoteFileState,
    RoundSource,
    Span,
    StoredKind,
    TeamSource,
}

/// Bytes are not for reading; how many there are, and whether they are the same, is.
impl IntoCell for Vec<u8> {
    fn cell(&self) -> Cell {
        use sha2::Digest as _;
        let hash: String = sha2::Sha256::digest(self).iter().take(16).map(|b| format!("{b:02x}")).collect();
        Cell::Text(format!("{} bytes, SHA-256 {hash}…", self.len()))
    }
}

impl IntoCell for PrimitiveDateTime {
    fn cell(&self) -> Cell {
        Cell::Text(crate::instant_text(*self))
    }
}

impl<T: IntoCell> IntoCell for Option<T> {
    fn cell(&self) -> Cell {
        self.as_ref().map_or(Cell::Null, IntoCell::cell)
    }
}

/// An instant as people and programs read it: `2025-01-31T20:15:00Z`.
#[must_use]
pub fn instant_text(at: PrimitiveDateTime) -> String {
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second) = at.as_hms();
    format!("{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z", u8::from(month))
}
