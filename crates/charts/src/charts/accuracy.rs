//! Accuracy and head-hit percentage, side by side.

use crate::canvas::{Canvas, RIGHT};
use crate::charts::player_rows::{NOT_IN_FILES, PlayerChart, PlayerRow};
use crate::charts::rows::{Axis, Rows, pages};
use crate::colour::Tone;
use crate::data::Team;
use crate::geometry::at;
use crate::name::Name;
use crate::numbers::{finite, maybe_decimal};
use crate::parts::bars::bar;
use crate::picture::Picture;
use crate::text::Text;

/// Bars of hits, and where their numbers end.
const HITS: [f64; 2] = [330.0, 570.0];
const HITS_END: f64 = 672.0;
/// Bars of hits to the head.
const HEADS: [f64; 2] = [710.0, 930.0];

/// Accuracy and head-hit percentage per player.
#[derive(Debug, Clone, PartialEq)]
pub struct Accuracy {
    /// Parts of the header: `evening 39`.
    pub parts: Vec<String>,
    /// A row per player, in any order.
    pub rows: Vec<AccuracyRow>,
}

/// A player's hits, in per cent.
#[derive(Debug, Clone, PartialEq)]
pub struct AccuracyRow {
    /// The whole name.
    pub name: Name,
    /// The team.
    pub team: Team,
    /// Hits per shot of aimed weapons.
    pub accuracy: Option<f64>,
    /// Hits to the head among those hits.
    pub head_hit: Option<f64>,
}

impl PlayerRow for AccuracyRow {
    fn name(&self) -> &Name {
        &self.name
    }

    fn team(&self) -> Team {
        self.team
    }

    fn value(&self) -> Option<f64> {
        self.accuracy
    }
}

impl Accuracy {
    /// How many pictures it takes to show everybody; at least one.
    #[must_use]
    pub fn pages(&self) -> usize {
        pages(self.rows.len())
    }

    /// Composes a page, counted from 0.
    #[must_use]
    pub fn draw(&self, page: usize) -> Picture {
        let of_hits = Axis::of_values(self.rows.iter().filter_map(|row| finite(row.accuracy)), HITS);
        let of_heads = Axis::of_values(self.rows.iter().filter_map(|row| finite(row.head_hit)), HEADS);
        let chart = PlayerChart {
            title: "Accuracy",
            parts: &self.parts,
            rows: &self.rows,
            nothing: "No shots yet",
            legend: "left: hits per shot · right: hits to the head per hit",
            spoken: "Accuracy in per cent",
            places: 1,
        };
        let axes = |canvas: &mut Canvas, rows: Rows| {
            of_hits.draw(canvas, rows);
            of_heads.draw(canvas, rows);
            canvas.right(&Text::bold("acc. %").size(28.0), at(HITS_END, 126.0), 92.0);
            canvas.right(&Text::plain("head-hit %").tone(Tone::Grey), at(RIGHT, 126.0), 130.0);
        };
        chart.draw(page, axes, |canvas, rows, index, row| {
            for (value, axis, right) in [(row.accuracy, &of_hits, HITS_END), (row.head_hit, &of_heads, RIGHT)] {
                let track = rows.track(index, axis.plot);
                match finite(value) {
                    Some(value) => bar(canvas, track, axis.part(value), row.team),
                    None => rows.reason(canvas, index, NOT_IN_FILES, track.left),
                }
                rows.number_in(canvas, index, &maybe_decimal(finite(value), 1), [right, 90.0]);
            }
        })
    }
}
