//! Units and small words of the file: tenths, seconds, sides, round numbers, stamps.

use std::fmt;
use std::str::FromStr;

/// A number with one decimal, kept exactly: `"10.5"` is `Tenths(105)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tenths(pub i32);

impl Tenths {
    /// Tenths of minutes as seconds: 6 s each.
    #[must_use]
    pub const fn minutes_to_seconds(self) -> Seconds {
        Seconds(self.0.saturating_mul(6))
    }

    /// The value as a float, for display and for the database.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{}", self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10)
    }
}

/// Whole seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seconds(pub i32);

impl fmt::Display for Seconds {
    /// `M:SS`, as the file writes limits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let s = self.0.unsigned_abs();
        write!(f, "{sign}{}:{:02}", s / 60, s % 60)
    }
}

/// One of the two sides of a map. A side is not a team of people: people change sides between
/// rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// 1 in the file.
    Axis,
    /// 2 in the file.
    Allies,
}

impl Side {
    /// The number the file uses: 1 Axis, 2 Allies.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Axis => 1,
            Self::Allies => 2,
        }
    }

    /// From the number the file uses; `None` for anything but 1 and 2.
    #[must_use]
    pub const fn from_number(number: i32) -> Option<Self> {
        match number {
            1 => Some(Self::Axis),
            2 => Some(Self::Allies),
            _ => None,
        }
    }

    /// The other side.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Axis => Self::Allies,
            Self::Allies => Self::Axis,
        }
    }
}

/// Where a player stood when his line was last refreshed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// 0: on no team.
    Free,
    /// 1 or 2.
    Playing(Side),
    /// 3: watching.
    Spectator,
}

impl Slot {
    /// The number the file uses: 0 free, 1 Axis, 2 Allies, 3 spectator.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Free => 0,
            Self::Playing(side) => side.number(),
            Self::Spectator => 3,
        }
    }

    /// From the number the file uses.
    #[must_use]
    pub const fn from_number(number: i32) -> Option<Self> {
        match number {
            0 => Some(Self::Free),
            3 => Some(Self::Spectator),
            _ => match Side::from_number(number) {
                Some(side) => Some(Self::Playing(side)),
                None => None,
            },
        }
    }

    /// The side, if the player is on one.
    #[must_use]
    pub const fn side(self) -> Option<Side> {
        match self {
            Self::Playing(side) => Some(side),
            Self::Free | Self::Spectator => None,
        }
    }
}

/// First or second round of a stopwatch match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoundNumber {
    /// The round that sets the time.
    One,
    /// The round that has to beat it.
    Two,
}

impl RoundNumber {
    /// 1 or 2.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }

    /// `None` for anything but 1 and 2.
    #[must_use]
    pub const fn from_number(number: i32) -> Option<Self> {
        match number {
            1 => Some(Self::One),
            2 => Some(Self::Two),
            _ => None,
        }
    }
}

/// When the server wrote the file: its local time, without an offset. Prints as
/// `YYYY-MM-DD-HHMMSS`, the form of the file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// Year, 4 digits.
    pub year: i16,
    /// 1–12.
    pub month: u8,
    /// 1–31.
    pub day: u8,
    /// 0–23.
    pub hour: u8,
    /// 0–59.
    pub minute: u8,
    /// 0–59.
    pub second: u8,
}

impl Stamp {
    /// 1970-01-01 00:00:00.
    pub const EPOCH: Self = Self { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
}

impl FromStr for Stamp {
    type Err = ();

    /// Reads `YYYY-MM-DD-HHMMSS`; the date must exist in the calendar.
    fn from_str(text: &str) -> Result<Self, ()> {
        let b = text.as_bytes();
        if b.len() != 17 || [4, 7, 10].iter().any(|&i| b.get(i) != Some(&b'-')) {
            return Err(());
        }
        let number = |from: usize, to: usize| -> Result<u16, ()> {
            b.get(from..to).ok_or(())?.iter().try_fold(0_u16, |n, d| match d {
                b'0'..=b'9' => Ok(n * 10 + u16::from(d - b'0')),
                _ => Err(()),
            })
        };
        let small = |from: usize| number(from, from + 2).and_then(|n| u8::try_from(n).map_err(drop));
        let stamp = Self {
            year: i16::try_from(number(0, 4)?).map_err(drop)?,
            month: small(5)?,
            day: small(8)?,
            hour: small(11)?,
            minute: small(13)?,
            second: small(15)?,
        };
        let leap = stamp.year % 4 == 0 && (stamp.year % 100 != 0 || stamp.year % 400 == 0);
        let days = match stamp.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u8::from(leap),
            _ => return Err(()),
        };
        let exists = stamp.year > 0
            && (1..=days).contains(&stamp.day)
            && stamp.hour < 24
            && stamp.minute < 60
            && stamp.second < 60;
        if exists { Ok(stamp) } else { Err(()) }
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second } = self;
        write!(f, "{year:04}-{month:02}-{day:02}-{hour:02}{minute:02}{second:02}")
    }
}
