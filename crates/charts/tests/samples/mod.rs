//! Made-up data for every card and chart in every situation: what golden pictures, the gallery and benches draw.

mod cards;
mod charts;
mod people;
mod profiles;

use fullhold_charts::Picture;

pub(crate) use people::{ODD_NAMES, Person, people};

/// A situation that every picture must master.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Situation {
    /// An evening of 13 players.
    Typical,
    /// One player.
    OnePlayer,
    /// 64 players, and as much of everything else.
    SixtyFour,
    /// Nothing at all.
    NoData,
    /// Players whose numbers the files do not carry.
    Unknown,
    /// The largest, smallest and strangest numbers there are.
    Extreme,
    /// Names in many scripts, with colours, without letters.
    OddNames,
    /// Everything equal.
    Draw,
    /// Teams are not known.
    NoTeams,
    /// Three teams and three series.
    SeveralSeries,
}

impl Situation {
    /// All of them.
    pub(crate) const ALL: [Self; 10] = [
        Self::Typical,
        Self::OnePlayer,
        Self::SixtyFour,
        Self::NoData,
        Self::Unknown,
        Self::Extreme,
        Self::OddNames,
        Self::Draw,
        Self::NoTeams,
        Self::SeveralSeries,
    ];

    /// For file names.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Typical => "typical",
            Self::OnePlayer => "one-player",
            Self::SixtyFour => "64-players",
            Self::NoData => "no-data",
            Self::Unknown => "unknown",
            Self::Extreme => "extreme",
            Self::OddNames => "odd-names",
            Self::Draw => "draw",
            Self::NoTeams => "no-teams",
            Self::SeveralSeries => "several-series",
        }
    }
}

/// A kind of picture and how it is made in a situation.
pub(crate) type Kind = (&'static str, fn(Situation) -> Picture);

/// Every card and chart. Cards come first.
pub(crate) const KINDS: [Kind; 20] = [
    ("profile", profiles::profile),
    ("evening-result", cards::evening_result),
    ("evening-players", cards::evening_players),
    ("match", cards::match_card),
    ("round", cards::round),
    ("season", cards::season),
    ("records", cards::records),
    ("damage", charts::damage),
    ("dpm", charts::dpm),
    ("kills", charts::kills),
    ("time", charts::time),
    ("accuracy", charts::accuracy),
    ("kd-by-round", charts::kd_by_round),
    ("dpm-by-round", charts::dpm_by_round),
    ("playstyle", charts::playstyle),
    ("form", charts::form),
    ("maps", charts::maps),
    ("rating", charts::rating),
    ("score", charts::score),
    ("comparison", charts::comparison),
];

/// How many of [`KINDS`] are cards.
pub(crate) const CARDS: usize = 7;
