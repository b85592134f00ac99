//! Time played, how much of it dead, and time denied to others.

use crate::canvas::{Canvas, Pen, RIGHT};
use crate::charts::player_rows::{NOT_IN_FILES, PlayerChart, PlayerRow};
use crate::charts::rows::{Axis, PLOT, Rows, heads, measured, pages};
use crate::colour::Tone;
use crate::data::Team;
use crate::geometry::{Area, at};
use crate::name::Name;
use crate::numbers::{UNKNOWN, clock, float, maybe_decimal};
use crate::parts::bars::{bar, rectangle, tick};
use crate::picture::Picture;
use crate::text::Text;

/// Time played, how much of it dead, and time denied to others.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    /// Parts of the header: `evening 39`.
    pub parts: Vec<String>,
    /// A row per player, in any order.
    pub rows: Vec<PlayedRow>,
}

/// A player's times in seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayedRow {
    /// The whole name.
    pub name: Name,
    /// The team.
    pub team: Team,
    /// Time played.
    pub played: Option<u64>,
    /// How much of it dead.
    pub dead: Option<u64>,
    /// Time denied to others.
    pub denied: Option<u64>,
}

impl PlayerRow for PlayedRow {
    fn name(&self) -> &Name {
        &self.name
    }

    fn team(&self) -> Team {
        self.team
    }

    fn value(&self) -> Option<f64> {
        self.played.map(minutes)
    }
}

fn minutes(seconds: u64) -> f64 {
    float(seconds) / 60.0
}

impl Played {
    /// How many pictures it takes to show everybody; at least one.
    #[must_use]
    pub fn pages(&self) -> usize {
        pages(self.rows.len())
    }

    /// Composes a page, counted from 0.
    #[must_use]
    pub fn draw(&self, page: usize) -> Picture {
        let times = self.rows.iter().flat_map(|row| [row.played, row.denied.filter(|_| row.played.is_some())]);
        let axis = Axis::of_counts(times.flatten().map(minutes), [PLOT[0], 730.0]);
        let chart = PlayerChart {
            title: "Time",
            parts: &self.parts,
            rows: &self.rows,
            nothing: "No times yet",
            legend: "bar = alive · grey = dead · white line = denied to others",
            spoken: "Minutes played",
            places: 0,
        };
        let axes = |canvas: &mut Canvas, rows: Rows| {
            measured(canvas, "minutes played");
            axis.draw(canvas, rows);
            heads(canvas, &[("played", [744.0, 850.0]), ("dead %", [856.0, 944.0]), ("denied", [950.0, RIGHT])]);
        };
        chart.draw(page, axes, |canvas, rows, index, row| row.draw(canvas, rows, index, &axis))
    }
}

impl PlayedRow {
    fn draw(&self, canvas: &mut Canvas, rows: Rows, index: usize, axis: &Axis) {
        let track = rows.track(index, axis.plot);
        let x = |seconds: u64| track.width * axis.part(float(seconds) / 60.0);
        match self.played {
            Some(played) => {
                let dead = self.dead.unwrap_or(0).min(played);
                let (alive, all) = (x(played - dead), x(played));
                bar(canvas, track, alive / track.width, self.team);
                if all > alive {
                    let rest = Area::new(track.left + alive, track.top, all - alive, track.height);
                    canvas.block(rest, Tone::Raised);
                    canvas.stroke(rectangle(rest.grown(-1.0)), Pen::new(Tone::Line, 2.0));
                }
            }
            None => rows.reason(canvas, index, NOT_IN_FILES, track.left),
        }
        if let Some(denied) = self.denied.filter(|_| self.played.is_some()) {
            tick(canvas, track.left + x(denied), track.top - 6.0, track.height + 12.0);
        }
        let dead = self.played.zip(self.dead).filter(|(played, _)| *played > 0);
        let dead = dead.map(|(played, dead)| 100.0 * float(dead) / float(played));
        let time = |seconds: Option<u64>| seconds.map_or_else(|| UNKNOWN.to_owned(), clock);
        let played = Text::number(&time(self.played)).heavy().tone(Tone::Chalk);
        canvas.right(&played, at(850.0, rows.baseline(index)), 106.0);
        rows.number_in(canvas, index, &maybe_decimal(dead, 0), [944.0, 84.0]);
        rows.number_in(canvas, index, &time(self.denied), [RIGHT, 88.0]);
    }
}
