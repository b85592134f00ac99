//! Words that several pictures share: teams, days, times of day, attacks on a map.

use crate::canvas::Paint;
use crate::colour::Tone;

/// A team of people in a picture: a place and a texture, whatever side of the game it plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Team {
    /// Left, brass, solid.
    A,
    /// Right, steel, hatched.
    B,
    /// Nobody knows: sand.
    Unknown,
}

impl Team {
    /// How its bars are filled.
    pub(crate) const fn paint(self) -> Paint {
        match self {
            Self::A => Paint::Solid(Tone::Brass),
            Self::B => Paint::Hatch,
            Self::Unknown => Paint::Solid(Tone::Sand),
        }
    }

    /// The tone of its times and points.
    pub(crate) const fn tone(self) -> Tone {
        match self {
            Self::A => Tone::Brass,
            Self::B => Tone::Steel,
            Self::Unknown => Tone::Sand,
        }
    }
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: i32,
    month: u8,
    day: u8,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

impl Day {
    /// A day, or `None` if the calendar has no such day.
    ///
    /// ```
    /// use fullhold_charts::Day;
    /// assert!(Day::new(2024, 2, 29).is_some());
    /// assert!(Day::new(2025, 2, 29).is_none());
    /// ```
    #[must_use]
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        ((1..=9999).contains(&year) && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }

    fn month_name(self) -> &'static str {
        MONTHS.get(usize::from(self.month).wrapping_sub(1)).copied().unwrap_or_default()
    }

    /// `1 Nov`
    pub(crate) fn short(self) -> String {
        format!("{} {}", self.day, self.month_name().get(..3).unwrap_or_default())
    }

    /// `1 Nov 2025`
    pub(crate) fn with_year(self) -> String {
        format!("{} {}", self.short(), self.year)
    }

    /// `Sat 1 Nov 2025`
    pub(crate) fn with_weekday(self) -> String {
        format!("{} {}", self.weekday(), self.with_year())
    }

    /// `1 November 2025`
    pub(crate) fn long(self) -> String {
        format!("{} {} {}", self.day, self.month_name(), self.year)
    }

    /// After Sakamoto.
    fn weekday(self) -> &'static str {
        const SHIFTS: [i32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        let shift = SHIFTS.get(usize::from(self.month).wrapping_sub(1)).copied().unwrap_or_default();
        let year = if self.month < 3 { self.year - 1 } else { self.year };
        let index = (year + year / 4 - year / 100 + year / 400 + shift + i32::from(self.day)).rem_euclid(7);
        usize::try_from(index).ok().and_then(|index| WEEKDAYS.get(index)).copied().unwrap_or_default()
    }
}

/// A time of day in the server's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay {
    hour: u8,
    minute: u8,
}

impl TimeOfDay {
    /// A time, or `None` if no clock shows it.
    #[must_use]
    pub fn new(hour: u8, minute: u8) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { hour, minute })
    }

    /// `21:13`
    pub(crate) fn clock(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }
}

/// When something was played: what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct When {
    /// The day on which it began.
    pub day: Option<Day>,
    /// When it began.
    pub start: Option<TimeOfDay>,
    /// When it ended.
    pub end: Option<TimeOfDay>,
}

impl When {
    /// `Sat 1 Nov 2025`, `21:13–00:06`: parts of a header.
    #[must_use]
    pub fn parts(self) -> Vec<String> {
        let times = match (self.start, self.end) {
            (Some(start), Some(end)) => Some(format!("{}–{}", start.clock(), end.clock())),
            (Some(start), None) => Some(start.clock()),
            _ => None,
        };
        self.day.map(Day::with_weekday).into_iter().chain(times).collect()
    }

    /// `, 1 November 2025, 21:13 to 00:06` for alt texts.
    pub(crate) fn spoken(self) -> String {
        let mut spoken = String::new();
        for part in [self.day.map(Day::long), self.start.map(TimeOfDay::clock)].into_iter().flatten() {
            spoken += &format!(", {part}");
        }
        if let (Some(_), Some(end)) = (self.start, self.end) {
            spoken += &format!(" to {}", end.clock());
        }
        spoken
    }
}

/// One attack on a map: a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attack {
    /// Who attacked.
    pub team: Team,
    /// How long, in seconds.
    pub seconds: u64,
    /// How long it could have taken: the limit, or the time to beat. In seconds.
    pub limit: u64,
    /// Whether the objective was done; if not, the defence held.
    pub is_done: bool,
}

/// A winner's points and a loser's; equal is a draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// Points of team A.
    pub a: u64,
    /// Points of team B.
    pub b: u64,
}

impl Score {
    /// Whether a team has more points than the other.
    pub(crate) fn is_won_by(self, team: Team) -> bool {
        match team {
            Team::A => self.a > self.b,
            Team::B => self.b > self.a,
            Team::Unknown => false,
        }
    }

    pub(crate) fn is_draw(self) -> bool {
        self.a == self.b
    }

    pub(crate) fn of(self, team: Team) -> u64 {
        if team == Team::B { self.b } else { self.a }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_weekday() {
        let cases = [(2025, 11, 1, "Sat 1 Nov 2025"), (2024, 2, 29, "Thu 29 Feb 2024"), (2000, 1, 1, "Sat 1 Jan 2000")];
        for (year, month, day, expected) in cases {
            assert_eq!(Day::new(year, month, day).unwrap().with_weekday(), expected);
        }
        assert!(Day::new(2025, 13, 1).is_none() && Day::new(2025, 0, 1).is_none() && Day::new(0, 1, 1).is_none());
        assert!(TimeOfDay::new(24, 0).is_none());
    }

    #[test]
    fn what_is_not_known_of_a_time_is_left_out() {
        let when = When { day: Day::new(2025, 11, 1), start: TimeOfDay::new(21, 13), end: TimeOfDay::new(0, 6) };
        assert_eq!(when.parts(), ["Sat 1 Nov 2025", "21:13–00:06"]);
        assert_eq!(when.spoken(), ", 1 November 2025, 21:13 to 00:06");
        assert_eq!(When::default().parts(), Vec::<String>::new());
        assert_eq!(When::default().spoken(), "");
    }
}
