//! Charts with a bar per player: damage, one number (DPM, kills), time, accuracy and head-hit.

use std::cmp::Ordering;

use crate::alt::{self, Alt};
use crate::canvas::{Canvas, RIGHT};
use crate::charts::rows::{PAGE, PLOT, Rows, heads, legend, nothing, page};
use crate::colour::Tone;
use crate::data::Team;
use crate::geometry::Area;
use crate::name::Name;
use crate::numbers::{UNKNOWN, clock, decimal, finite, float, maybe_decimal, plural};
use crate::parts::bars::{bar, rectangle, tick};
use crate::parts::header::header;
use crate::parts::plot::Scale;
use crate::picture::Picture;
use crate::text::Text;

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

/// The highest first, the unknown last; equal ones as they came.
fn sorted<T>(rows: &[T], value: impl Fn(&T) -> Option<f64>) -> Vec<&T> {
    let mut sorted: Vec<&T> = rows.iter().collect();
    sorted.sort_by(|a, b| match (finite(value(a)), finite(value(b))) {
        (Some(a), Some(b)) => b.total_cmp(&a),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    });
    sorted
}

fn with_count(parts: &[String], players: usize) -> Vec<String> {
    parts.iter().cloned().chain([plural(players, "player")]).collect()
}

fn pages(rows: usize) -> usize {
    rows.div_ceil(PAGE).max(1)
}

/// `Damage per minute of 13 players. mrak tiho' leads with 330, then …`
fn spoken(what: &str, rows: &[(&Name, Option<f64>)], places: usize) -> String {
    let known: Vec<_> = rows.iter().filter_map(|(name, value)| finite(*value).map(|value| (*name, value))).collect();
    let mut alt = Alt::default().say(&format!("{what} of {}.", plural(rows.len(), "player")));
    let words: Vec<String> =
        known.iter().take(3).map(|(name, value)| format!("{} {}", alt::name(name), decimal(*value, places))).collect();
    if !words.is_empty() {
        alt = alt.say(&format!("Highest: {}.", words.join(", ")));
    }
    if let Some((name, value)) = known.last().filter(|_| known.len() > 3) {
        alt = alt.say(&format!("Lowest: {} {}.", alt::name(name), decimal(*value, places)));
    }
    let unknown = rows.len() - known.len();
    if unknown > 0 {
        alt = alt.say(&format!("Not known for {unknown}."));
    }
    alt.text()
}

/// From zero, whatever the values.
fn scale(values: impl Iterator<Item = f64>) -> Scale {
    Scale::around(values.map(|value| value.max(0.0)).chain([0.0]), 5)
}

impl Damage {
    /// How many pictures it takes to show everybody; at least one.
    #[must_use]
    pub fn pages(&self) -> usize {
        pages(self.rows.len())
    }

    /// Composes a page, counted from 0.
    #[must_use]
    pub fn draw(&self, page_number: usize) -> Picture {
        let mut canvas = Canvas::default();
        header(&mut canvas, "Damage", &with_count(&self.parts, self.rows.len()));
        let sorted = sorted(&self.rows, |row| row.given);
        let shown = page(&sorted, page_number);
        let rows = Rows::new(shown.len());
        let values = self.rows.iter().flat_map(|row| [row.given, row.received]).filter_map(finite);
        let scale = scale(values);
        let height = if shown.is_empty() {
            nothing(&mut canvas, "No damage yet")
        } else {
            rows.axis(&mut canvas, "damage per minute", &scale, PLOT);
            heads(&mut canvas, &[("DPM", 924.0), ("ratio", RIGHT)]);
            for (index, row) in shown.iter().enumerate() {
                row.draw(&mut canvas, rows, index, &scale);
            }
            legend(&mut canvas, rows, "bar = given · white line = received", self.rows.len())
        };
        let spoken =
            spoken("Damage given per minute", &sorted.iter().map(|r| (&r.name, r.given)).collect::<Vec<_>>(), 0);
        Picture::new("Damage".to_owned(), spoken, canvas, height)
    }
}

impl DamageRow {
    fn draw(&self, canvas: &mut Canvas, rows: Rows, index: usize, scale: &Scale) {
        rows.name(canvas, index, self.team, &self.name);
        let track = rows.track(index, PLOT);
        let (given, received) = (finite(self.given), finite(self.received));
        if let Some(given) = given {
            bar(canvas, track, scale.part(given), self.team);
        }
        if let Some(received) = received {
            tick(canvas, track.left + track.width * scale.part(received), track.top - 6.0, track.height + 12.0);
        }
        if given.is_none() && received.is_none() {
            rows.reason(canvas, index, "not in these files", track.left);
        }
        rows.leading(canvas, index, &maybe_decimal(given, 0), 924.0);
        let ratio =
            given.zip(received).filter(|(_, received)| *received > 0.0).map(|(given, received)| given / received);
        rows.number(canvas, index, &maybe_decimal(ratio, 2), RIGHT);
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
    pub fn draw(&self, page_number: usize) -> Picture {
        let title = Name::plain(&self.title).as_str().to_owned();
        let unit = Name::plain(&self.unit).as_str().to_owned();
        let mut canvas = Canvas::default();
        header(&mut canvas, &title, &with_count(&self.parts, self.rows.len()));
        let sorted = sorted(&self.rows, |row| row.value);
        let shown = page(&sorted, page_number);
        let rows = Rows::new(shown.len());
        let scale = scale(self.rows.iter().filter_map(|row| finite(row.value)));
        let height = if shown.is_empty() {
            nothing(&mut canvas, "No numbers yet")
        } else {
            rows.axis(&mut canvas, &unit, &scale, PLOT);
            heads(&mut canvas, &[(&title, 924.0), (&self.second, RIGHT)]);
            for (index, row) in shown.iter().enumerate() {
                rows.name(&mut canvas, index, row.team, &row.name);
                let track = rows.track(index, PLOT);
                let value = finite(row.value);
                match value {
                    Some(value) => bar(&mut canvas, track, scale.part(value), row.team),
                    None => rows.reason(&mut canvas, index, "not in these files", track.left),
                }
                rows.leading(&mut canvas, index, &maybe_decimal(value, 0), 924.0);
                if !self.second.is_empty() {
                    rows.number(&mut canvas, index, &maybe_decimal(row.second, 2), RIGHT);
                }
            }
            legend(&mut canvas, rows, &format!("bar = {unit}"), self.rows.len())
        };
        let spoken = spoken(&title, &sorted.iter().map(|row| (&row.name, row.value)).collect::<Vec<_>>(), 0);
        Picture::new(title, spoken, canvas, height)
    }
}

impl Played {
    /// How many pictures it takes to show everybody; at least one.
    #[must_use]
    pub fn pages(&self) -> usize {
        pages(self.rows.len())
    }

    /// Composes a page, counted from 0.
    #[must_use]
    pub fn draw(&self, page_number: usize) -> Picture {
        let mut canvas = Canvas::default();
        header(&mut canvas, "Time", &with_count(&self.parts, self.rows.len()));
        let minutes = |row: &PlayedRow| row.played.map(|seconds| float(seconds) / 60.0);
        let sorted = sorted(&self.rows, minutes);
        let shown = page(&sorted, page_number);
        let rows = Rows::new(shown.len());
        let denied = |row: &PlayedRow| row.denied.map(|seconds| float(seconds) / 60.0);
        let scale = scale(self.rows.iter().flat_map(|row| [minutes(row), denied(row)]).flatten());
        let height = if shown.is_empty() {
            nothing(&mut canvas, "No times yet")
        } else {
            rows.axis(&mut canvas, "minutes played", &scale, [PLOT[0], 730.0]);
            heads(&mut canvas, &[("played", 850.0), ("dead %", 944.0), ("denied", RIGHT)]);
            for (index, row) in shown.iter().enumerate() {
                row.draw(&mut canvas, rows, index, &scale);
            }
            legend(&mut canvas, rows, "bar = alive · grey = dead · white line = denied to others", self.rows.len())
        };
        let spoken =
            spoken("Minutes played", &sorted.iter().map(|row| (&row.name, minutes(row))).collect::<Vec<_>>(), 0);
        Picture::new("Time".to_owned(), spoken, canvas, height)
    }
}

impl PlayedRow {
    fn draw(&self, canvas: &mut Canvas, rows: Rows, index: usize, scale: &Scale) {
        rows.name(canvas, index, self.team, &self.name);
        let track = rows.track(index, [PLOT[0], 730.0]);
        let x = |seconds: u64| track.width * scale.part(float(seconds) / 60.0);
        match self.played {
            Some(played) => {
                let dead = self.dead.unwrap_or(0).min(played);
                let (alive, all) = (x(played - dead), x(played));
                bar(canvas, track, alive / track.width, self.team);
                if all > alive {
                    let rest = Area::new(track.left + alive, track.top, all - alive, track.height);
                    canvas.block(rest, Tone::Raised);
                    canvas.stroke(rectangle(rest.grown(-1.0)), crate::canvas::Pen::new(Tone::Line, 2.0));
                }
            }
            None => rows.reason(canvas, index, "not in these files", track.left),
        }
        if let Some(denied) = self.denied.filter(|_| self.played.is_some()) {
            tick(canvas, track.left + x(denied), track.top - 6.0, track.height + 12.0);
        }
        let dead = self.played.zip(self.dead).filter(|(played, _)| *played > 0);
        let dead = dead.map(|(played, dead)| 100.0 * float(dead) / float(played));
        let time = |seconds: Option<u64>| seconds.map_or_else(|| UNKNOWN.to_owned(), clock);
        let played = Text::number(&time(self.played)).heavy().tone(Tone::Chalk);
        canvas.right(&played, crate::geometry::at(850.0, rows.baseline(index)), 106.0);
        rows.number_in(canvas, index, &maybe_decimal(dead, 0), [944.0, 84.0]);
        rows.number_in(canvas, index, &time(self.denied), [RIGHT, 88.0]);
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
    pub fn draw(&self, page_number: usize) -> Picture {
        const HITS: [f64; 2] = [330.0, 570.0];
        const HEADS: [f64; 2] = [710.0, 930.0];
        let mut canvas = Canvas::default();
        header(&mut canvas, "Accuracy", &with_count(&self.parts, self.rows.len()));
        let sorted = sorted(&self.rows, |row| row.accuracy);
        let shown = page(&sorted, page_number);
        let rows = Rows::new(shown.len());
        let of_hits = scale(self.rows.iter().filter_map(|row| finite(row.accuracy)));
        let of_heads = scale(self.rows.iter().filter_map(|row| finite(row.head_hit)));
        let height = if shown.is_empty() {
            nothing(&mut canvas, "No shots yet")
        } else {
            rows.grid(&mut canvas, &of_hits, HITS);
            rows.grid(&mut canvas, &of_heads, HEADS);
            canvas.right(&Text::bold("acc. %").size(28.0), crate::geometry::at(672.0, 126.0), 92.0);
            canvas.right(&Text::plain("head-hit %").tone(Tone::Grey), crate::geometry::at(RIGHT, 126.0), 130.0);
            for (index, row) in shown.iter().enumerate() {
                rows.name(&mut canvas, index, row.team, &row.name);
                let sides = [(row.accuracy, &of_hits, HITS, 672.0), (row.head_hit, &of_heads, HEADS, RIGHT)];
                for (value, scale, plot, right) in sides {
                    let track = rows.track(index, plot);
                    if let Some(value) = finite(value) {
                        bar(&mut canvas, track, scale.part(value), row.team);
                    }
                    rows.number_in(&mut canvas, index, &maybe_decimal(finite(value), 1), [right, 90.0]);
                }
            }
            legend(&mut canvas, rows, "left: hits per shot · right: hits to the head per hit", self.rows.len())
        };
        let spoken =
            spoken("Accuracy in per cent", &sorted.iter().map(|r| (&r.name, r.accuracy)).collect::<Vec<_>>(), 1);
        Picture::new("Accuracy".to_owned(), spoken, canvas, height)
    }
}
