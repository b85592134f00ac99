//! One number per player, DPM or kills or another, and a ratio beside it if there is one.

use crate::canvas::{Canvas, RIGHT};
use crate::charts::player_rows::{NOT_IN_FILES, PlayerChart, PlayerRow};
use crate::charts::rows::{Axis, PLOT, Rows, heads, measured, pages};
use crate::data::Team;
use crate::name::Name;
use crate::numbers::{finite, maybe_decimal};
use crate::parts::bars::bar;
use crate::picture::Picture;

/// One number per player: DPM, kills, or another.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    /// What is counted, as title: `Kills`, `DPM`.
    pub title: String,
    /// What is counted, in small words: `damage per minute`.
    pub unit: String,
    /// Head of the second number: `K/D`. May be empty.
    pub second: String,
    /// Parts of the header: `evening 39`.
    pub parts: Vec<String>,
    /// A row per player, in any order.
    pub rows: Vec<TallyRow>,
}

/// A player's number.
#[derive(Debug, Clone, PartialEq)]
pub struct TallyRow {
    /// The whole name.
    pub name: Name,
    /// The team.
    pub team: Team,
    /// The number; `None`: not in these files.
    pub value: Option<f64>,
    /// A ratio beside it, with two decimals.
    pub second: Option<f64>,
}

impl PlayerRow for TallyRow {
    fn name(&self) -> &Name {
        &self.name
    }

    fn team(&self) -> Team {
        self.team
    }

    fn value(&self) -> Option<f64> {
        self.value
    }
}

impl Tally {
    /// How many pictures it takes to show everybody; at least one.
    #[must_use]
    pub fn pages(&self) -> usize {
        pages(self.rows.len())
    }

    /// Composes a page, counted from 0.
    #[must_use]
    pub fn draw(&self, page: usize) -> Picture {
        let title = Name::plain(&self.title);
        let unit = Name::plain(&self.unit);
        // Without a second number the bars have its room.
        let [bars, leading] =
            if self.second.is_empty() { [[PLOT[0], 912.0], [922.0, RIGHT]] } else { [PLOT, [PLOT[1] + 10.0, 924.0]] };
        let axis = Axis::of_counts(self.rows.iter().filter_map(|row| finite(row.value)), bars);
        let chart = PlayerChart {
            title: title.as_str(),
            parts: &self.parts,
            rows: &self.rows,
            nothing: "No numbers yet",
            legend: "",
            spoken: title.as_str(),
            places: 0,
        };
        let axes = |canvas: &mut Canvas, rows: Rows| {
            measured(canvas, unit.as_str());
            axis.draw(canvas, rows);
            let mut columns = vec![(title.as_str(), leading)];
            columns.extend((!self.second.is_empty()).then_some((self.second.as_str(), [940.0, RIGHT])));
            heads(canvas, &columns);
        };
        chart.draw(page, axes, |canvas, rows, index, row| {
            let track = rows.track(index, axis.plot);
            let value = finite(row.value);
            match value {
                Some(value) => bar(canvas, track, axis.part(value), row.team),
                None => rows.reason(canvas, index, NOT_IN_FILES, track.left),
            }
            rows.leading(canvas, index, &maybe_decimal(value, 0), leading);
            if !self.second.is_empty() {
                rows.number(canvas, index, &maybe_decimal(finite(row.second), 2), RIGHT);
            }
        })
    }
}
