//! How a community plays: maps that come back, guests, clans, servers that never pause.

/// Customs of a community. [`Habits::plain`] is one evening after the other, each map once, and
/// the files of a plain simulation are the same in every release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Habits {
    /// Matches on a map that was played earlier in the evening, in cases per 1,000.
    pub map_returns: u32,
    /// Evenings with two teams of guests in turn, in cases per 1,000.
    pub guests: u32,
    /// Teams whose players wear a common tag, in cases per 1,000.
    pub clan_tags: u32,
    /// The stronger team wins more often, by a chance that [`TrueMatch`](crate::TrueMatch) tells.
    pub strength_decides: bool,
    /// In nights of a clock change everything goes wrong that goes wrong elsewhere.
    pub rough_clock_changes: bool,
    /// Evenings of bots alone, and matches of bots alone in days without a pause, in cases per 1,000.
    pub bots_only: u32,
    /// Evenings that become days without a pause, in cases per 1,000.
    pub without_pause: u32,
    /// Length in hours of such days: chosen between these.
    pub hours: (i32, i32),
    /// Local hour at which a session ends, between matches; `None`: never.
    pub day_start: Option<i8>,
}

impl Habits {
    /// None of all this.
    #[must_use]
    pub const fn plain() -> Self {
        Self {
            map_returns: 0,
            guests: 0,
            clan_tags: 0,
            strength_decides: false,
            rough_clock_changes: false,
            bots_only: 0,
            without_pause: 0,
            hours: (20, 50),
            day_start: None,
        }
    }

    /// Everything, more often than in life; days begin at 06:00.
    #[must_use]
    pub const fn all() -> Self {
        Self {
            map_returns: 250,
            guests: 250,
            clan_tags: 500,
            strength_decides: true,
            rough_clock_changes: true,
            bots_only: 60,
            without_pause: 80,
            hours: (14, 40),
            day_start: Some(6),
        }
    }
}
