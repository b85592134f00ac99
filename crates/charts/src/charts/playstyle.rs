//! The playstyle radar: percentiles of one to three players, and the numbers behind them. Always 3:2.

use std::f64::consts::TAU;

use crate::alt::{self, Alt};
use crate::canvas::{Canvas, Dash, LEFT, Paint, Pen, RIGHT};
use crate::charts::STYLE_AXES;
use crate::colour::Tone;
use crate::geometry::{Area, At, Outline, at};
use crate::name::Name;
use crate::numbers::{count, decimal, finite, length};
use crate::parts::bars::unknown;
use crate::parts::header::{header, note};
use crate::parts::plot::Line;
use crate::picture::Picture;
use crate::text::Text;

const CENTRE: At = at(360.0, 392.0);
const RADIUS: f64 = 180.0;
/// Of the values behind the axes.
const UNITS: [&str; 5] = ["kills / round", "% of shots", "% of time alive", "revives / round", "per round"];
const PLACES: [usize; 5] = [1, 1, 0, 2, 2];
const TABLE_LEFT: f64 = 700.0;

/// Playstyles to compare.
#[derive(Debug, Clone, PartialEq)]
pub struct Playstyle {
    /// One to three players; more are not shown.
    pub players: Vec<Style>,
    /// Among how many players the percentiles are.
    pub pool: u64,
    /// What it takes to be among them: `20 rounds or more`.
    pub gate: String,
}

/// A player's style, in the order of [`STYLE_AXES`].
#[derive(Debug, Clone, PartialEq)]
pub struct Style {
    /// The newest name.
    pub name: Name,
    /// Percentiles, 0 to 100.
    pub percentiles: [Option<f64>; 5],
    /// The numbers behind them.
    pub values: [Option<f64>; 5],
}

/// Where a percentile lies on an axis; the first axis points up.
fn spot(axis: usize, percentile: f64) -> At {
    let angle = TAU * length(axis) / 5.0 - TAU / 4.0;
    let radius = RADIUS * (percentile / 100.0).clamp(0.0, 1.0);
    at(CENTRE.x + radius * angle.cos(), CENTRE.y + radius * angle.sin())
}

impl Playstyle {
    fn shown(&self) -> impl Iterator<Item = (Line, &Style)> {
        Line::ALL.into_iter().zip(&self.players)
    }

    /// Composes the chart.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let mut canvas = Canvas::default();
        header(&mut canvas, "Playstyle", &[self.subtitle()]);
        ground(&mut canvas);
        for (line, style) in self.shown() {
            figure(&mut canvas, line, style);
        }
        for (line, style) in self.shown() {
            for (axis, percentile) in style.percentiles.iter().enumerate() {
                if let Some(percentile) = finite(*percentile) {
                    line.marker(&mut canvas, spot(axis, percentile), Tone::Ground);
                }
            }
        }
        self.names(&mut canvas);
        self.table(&mut canvas);
        let is_partial = self.shown().any(|(_, style)| style.percentiles.iter().any(|value| finite(*value).is_none()));
        let ring = if is_partial { "no area without all five" } else { "dashed ring = 50" };
        let gate = Name::plain(&self.gate);
        note(
            &mut canvas,
            &format!("percentile among {} players with {} · {ring}", count(self.pool), gate.as_str()),
            LEFT,
            690.0,
        );
        Picture::new("Playstyle".to_owned(), self.alt(), canvas, 720.0)
    }

    fn subtitle(&self) -> String {
        match self.players.as_slice() {
            [] => "nobody".to_owned(),
            [one] => one.name.as_str().to_owned(),
            [one, other] => format!("{} and {}", one.name.as_str(), other.name.as_str()),
            _ => "three players".to_owned(),
        }
    }

    fn names(&self, canvas: &mut Canvas) {
        let (first, step) = if self.players.len() > 2 { (120.0, 44.0) } else { (142.0, 56.0) };
        for (index, (line, style)) in self.shown().enumerate() {
            let y = first + step * length(index);
            line.marker(canvas, at(TABLE_LEFT + 8.0, y - 12.0), Tone::Ground);
            let name = Text::name(&style.name, true, Tone::Ground).size(38.0);
            canvas.left(&name, at(TABLE_LEFT + 30.0, y), RIGHT - TABLE_LEFT - 30.0);
        }
    }

    fn table(&self, canvas: &mut Canvas) {
        for axis in 0..5 {
            let y = 240.0 + 84.0 * length(axis);
            let tone = if axis == 0 { Tone::Line } else { Tone::Rule };
            canvas.line(at(TABLE_LEFT, y), at(RIGHT, y), Pen::new(tone, 2.0));
            let label = STYLE_AXES.get(axis).copied().unwrap_or_default();
            let unit = UNITS.get(axis).copied().unwrap_or_default();
            let is_known = self.shown().any(|(_, style)| finite(style.values.get(axis).copied().flatten()).is_some());
            let unit = if is_known || self.players.is_empty() { unit } else { "no data" };
            let used = canvas.left(&Text::label(label), at(TABLE_LEFT, y + 34.0), 200.0);
            let unit = Text::plain(unit).tone(Tone::Grey);
            canvas.right(&unit, at(RIGHT, y + 34.0), RIGHT - TABLE_LEFT - used - 10.0);
            self.values(canvas, axis, y);
        }
    }

    /// An axis' values; the best has its hue.
    fn values(&self, canvas: &mut Canvas, axis: usize, y: f64) {
        let places = PLACES.get(axis).copied().unwrap_or_default();
        let known = |style: &Style| finite(style.values.get(axis).copied().flatten());
        let best = self.shown().filter_map(|(_, style)| known(style)).reduce(f64::max);
        let best = best.map(|best| decimal(best, places));
        // Three have room for small numbers only.
        let (step, is_large) = if self.players.len() > 2 { (116.0, false) } else { (172.0, true) };
        for (index, (line, style)) in self.shown().enumerate() {
            let left = TABLE_LEFT + step * length(index);
            let Some(value) = known(style).map(|value| decimal(value, places)) else {
                unknown(canvas, Area::new(left, y + 59.0, 22.0, 4.0));
                continue;
            };
            let tone = if best.as_ref() == Some(&value) { line.tone() } else { Tone::Sand };
            let text = if is_large { Text::figures(&value, 44.0) } else { Text::number(&value).size(34.0).heavy() };
            line.marker(canvas, at(left + 9.0, y + 60.0), Tone::Ground);
            canvas.left(&text.tone(tone), at(left + 28.0, y + if is_large { 75.0 } else { 73.0 }), step - 32.0);
        }
    }

    fn alt(&self) -> String {
        let names: Vec<&Name> = self.players.iter().take(3).map(|style| &style.name).collect();
        let mut alt = Alt::default();
        if names.is_empty() {
            return alt.say("Playstyle of nobody.").text();
        }
        alt = alt.say(&format!("Playstyle of {}, percentiles among {} players.", alt::list(&names), count(self.pool)));
        for (axis, label) in STYLE_AXES.into_iter().enumerate() {
            let values: Vec<String> = self
                .shown()
                .map(|(_, style)| finite(style.percentiles.get(axis).copied().flatten()))
                .map(|value| value.map_or_else(|| "not known".to_owned(), |value| decimal(value.clamp(0.0, 100.0), 0)))
                .collect();
            alt = alt.say(&format!("{label} {}.", values.join(", ")));
        }
        alt.text()
    }
}

/// Rings, spokes, compass ticks and the names of the axes.
fn ground(canvas: &mut Canvas) {
    let ring = |radius: f64| Outline::Circle { centre: CENTRE, radius };
    canvas.fill(ring(RADIUS), Paint::Solid(Tone::Panel));
    canvas.stroke(ring(RADIUS), Pen::new(Tone::Line, 2.0));
    for part in [0.25, 0.75] {
        canvas.stroke(ring(RADIUS * part), Pen::new(Tone::Rule, 2.0));
    }
    canvas.stroke(ring(RADIUS * 0.5), Pen::new(Tone::Line, 2.0).dashed(Dash::Dashed));
    for tick in 0..60 {
        let angle = TAU * f64::from(tick) / 60.0 - TAU / 4.0;
        let length = if tick % 12 == 0 { 14.0 } else { 7.0 };
        let end = |radius: f64| at(CENTRE.x + radius * angle.cos(), CENTRE.y + radius * angle.sin());
        canvas.line(end(RADIUS), end(RADIUS + length), Pen::new(Tone::Line, 2.0));
    }
    for axis in 0..5 {
        canvas.line(CENTRE, spot(axis, 100.0), Pen::new(Tone::Rule, 2.0));
    }
    let places = [at(360.0, 182.0), at(611.0, 339.0), at(529.0, 588.0), at(192.0, 588.0), at(100.0, 339.0)];
    for (label, place) in STYLE_AXES.into_iter().zip(places) {
        canvas.centre(&Text::bold(label).size(30.0), place, 130.0);
    }
}

/// An area with its outline; only spokes while an axis is missing.
fn figure(canvas: &mut Canvas, line: Line, style: &Style) {
    let points: Vec<Option<At>> = style
        .percentiles
        .iter()
        .enumerate()
        .map(|(axis, value)| finite(*value).map(|value| spot(axis, value)))
        .collect();
    let all: Option<Vec<At>> = points.iter().copied().collect();
    if let Some(points) = all {
        let area = Outline::Path { points, is_closed: true };
        canvas.tint(area.clone(), line.tone(), 0.18);
        canvas.stroke(area, line.pen(4.0));
    } else {
        for point in points.into_iter().flatten() {
            canvas.line(CENTRE, point, line.pen(5.0));
        }
    }
}
