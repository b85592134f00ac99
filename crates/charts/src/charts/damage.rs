//! Damage given and received per minute: a bar past its line is a good evening.

use crate::canvas::{Canvas, RIGHT};
use crate::charts::player_rows::{NOT_IN_FILES, PlayerChart, PlayerRow};
use crate::charts::rows::{Axis, PLOT, Rows, heads, measured, pages};
use crate::data::Team;
use crate::name::Name;
use crate::numbers::{finite, maybe_decimal};
use crate::parts::bars::{bar, tick};
use crate::picture::Picture;

/// Left and right end of the leading number.
const LEADING: [f64; 2] = [856.0, 924.0];

/// Damage given and received per minute, per player.
#[derive(Debug, Clone, PartialEq)]
pub struct Damage {
    /// Parts of the header: `evening 39`.
    pub parts: Vec<String>,
    /// A row per player, in any order.
    pub rows: Vec<DamageRow>,
}

/// A player's damage. `None`: not in these files.
#[derive(Debug, Clone, PartialEq)]
pub struct DamageRow {
    /// The whole name.
    pub name: Name,
    /// The team.
    pub team: Team,
    /// Damage given per minute.
    pub given: Option<f64>,
    /// Damage received per minute.
    pub received: Option<f64>,
}

impl PlayerRow for DamageRow {
    fn name(&self) -> &Name {
        &self.name
    }

    fn team(&self) -> Team {
        self.team
    }

    fn value(&self) -> Option<f64> {
        self.given
    }
}

impl Damage {
    /// How many pictures it takes to show everybody; at least one.
    #[must_use]
    pub fn pages(&self) -> usize {
        pages(self.rows.len())
    }

    /// Composes a page, counted from 0.
    #[must_use]
    pub fn draw(&self, page: usize) -> Picture {
        let values = self.rows.iter().flat_map(|row| [row.given, row.received]).filter_map(finite);
        let axis = Axis::of_counts(values, PLOT);
        let chart = PlayerChart {
            title: "Damage",
            parts: &self.parts,
            rows: &self.rows,
            nothing: "No damage yet",
            legend: "bar = given · white line = received",
            spoken: "Damage given per minute",
            places: 0,
        };
        let axes = |canvas: &mut Canvas, rows: Rows| {
            measured(canvas, "damage per minute");
            axis.draw(canvas, rows);
            heads(canvas, &[("DPM", LEADING), ("ratio", [940.0, RIGHT])]);
        };
        chart.draw(page, axes, |canvas, rows, index, row| row.draw(canvas, rows, index, &axis))
    }
}

impl DamageRow {
    fn draw(&self, canvas: &mut Canvas, rows: Rows, index: usize, axis: &Axis) {
        let track = rows.track(index, axis.plot);
        let (given, received) = (finite(self.given), finite(self.received));
        if let Some(given) = given {
            bar(canvas, track, axis.part(given), self.team);
        }
        if let Some(received) = received {
            tick(canvas, track.left + track.width * axis.part(received), track.top - 6.0, track.height + 12.0);
        }
        if given.is_none() && received.is_none() {
            rows.reason(canvas, index, NOT_IN_FILES, track.left);
        }
        rows.leading(canvas, index, &maybe_decimal(given, 0), LEADING);
        let ratio =
            given.zip(received).filter(|(_, received)| *received > 0.0).map(|(given, received)| given / received);
        rows.number(canvas, index, &maybe_decimal(ratio, 2), RIGHT);
    }
}
