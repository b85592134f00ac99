//! The skill rating with its uncertainty, match by match. Always 3:2.

use crate::alt::{self, Alt};
use crate::canvas::{Canvas, Dash, LEFT, Paint, Pen, RIGHT};
use crate::colour::Tone;
use crate::data::Day;
use crate::geometry::{Area, At, Outline, at};
use crate::name::Name;
use crate::numbers::{decimal, length, plural};
use crate::parts::bars::rectangle;
use crate::parts::header::{header, note};
use crate::parts::plot::Scale;
use crate::picture::Picture;
use crate::text::Text;

const PLOT: Area = Area::new(110.0, 200.0, 912.0, 396.0);
const HEIGHT: f64 = 720.0;

/// A player's rating over matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Rating {
    /// The newest name.
    pub name: Name,
    /// After each match, the oldest first.
    pub matches: Vec<RatedMatch>,
    /// Where everybody begins.
    pub start: f64,
    /// So many matches are provisional.
    pub provisional: usize,
}

/// The rating after a match.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatedMatch {
    /// µ
    pub value: f64,
    /// 2σ
    pub spread: f64,
    /// The evening it was played on.
    pub day: Option<Day>,
}

impl Rating {
    fn usable(&self) -> Vec<RatedMatch> {
        self.matches.iter().copied().filter(|point| point.value.is_finite() && point.spread.is_finite()).collect()
    }

    /// Composes the chart.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let mut canvas = Canvas::default();
        let points = self.usable();
        header(&mut canvas, "Skill rating", &subtitle(&points));
        let used = match points.last() {
            Some(last) => big_number(&mut canvas, last),
            None => canvas.right(&Text::bold("no rating yet").size(40.0).tone(Tone::Grey), at(RIGHT, 160.0), 260.0),
        };
        canvas.left(
            &Text::name(&self.name, true, Tone::Ground).size(56.0),
            at(LEFT, 160.0),
            RIGHT - LEFT - used - 40.0,
        );
        let start = if self.start.is_finite() { self.start } else { 0.0 };
        let ends = points.iter().flat_map(|point| [point.value - point.spread, point.value + point.spread]);
        let scale = Scale::around(ends.chain([start]), 5);
        axes(&mut canvas, &scale, start);
        self.plot(&mut canvas, &points, &scale);
        days(&mut canvas, &points);
        note(&mut canvas, &self.legend(&points), LEFT, 694.0);
        Picture::new("Skill rating".to_owned(), self.alt(&points), canvas, HEIGHT)
    }

    fn plot(&self, canvas: &mut Canvas, points: &[RatedMatch], scale: &Scale) {
        let y = |value: f64| PLOT.bottom() - PLOT.height * scale.part(value);
        let line = |value: &dyn Fn(&RatedMatch) -> f64| -> Vec<At> {
            let spot = |(index, point): (usize, &RatedMatch)| at(x(index, points.len()), y(value(point)));
            points.iter().enumerate().map(spot).collect()
        };
        if let [point] = points {
            let middle = x(0, 1);
            let bar =
                Area::between(middle - 3.0, y(point.value + point.spread), middle + 3.0, y(point.value - point.spread));
            canvas.fill(rectangle(bar), Paint::Solid(Tone::Brass));
        } else if !points.is_empty() {
            let (upper, lower) = (line(&|point| point.value + point.spread), line(&|point| point.value - point.spread));
            let band = upper.iter().copied().chain(lower.iter().rev().copied()).collect();
            canvas.tint(Outline::Path { points: band, is_closed: true }, Tone::Brass, 0.2);
            for points in [upper, lower] {
                canvas.stroke(Outline::Path { points, is_closed: false }, Pen::new(Tone::Brass, 2.0).faint(0.6));
            }
            let way = line(&|point| point.value);
            let early = self.provisional.clamp(1, way.len());
            let parts = [(way.get(..early), Dash::Dotted), (way.get(early - 1..), Dash::Solid)];
            for (part, dash) in parts {
                let points = part.unwrap_or_default().to_vec();
                if points.len() > 1 {
                    canvas.stroke(Outline::Path { points, is_closed: false }, Pen::new(Tone::Brass, 5.0).dashed(dash));
                }
            }
        }
        if let Some(last) = points.last() {
            let centre = at(x(points.len() - 1, points.len()), y(last.value));
            canvas.fill(Outline::Circle { centre, radius: 11.0 }, Paint::Solid(Tone::Chalk));
        }
    }

    fn legend(&self, points: &[RatedMatch]) -> String {
        let played = matches(points.len());
        match points.len() {
            0 => "a rating begins with the first full match".to_owned(),
            1 => format!("dot µ · bar ± 2σ · provisional until {} · {played}", matches(self.provisional)),
            many if many <= self.provisional => format!("line µ · band ± 2σ · all provisional · {played}"),
            _ => format!("line µ · band ± 2σ · dotted = provisional (first {}) · {played}", matches(self.provisional)),
        }
    }

    fn alt(&self, points: &[RatedMatch]) -> String {
        let name = alt::name(&self.name);
        let Some(last) = points.last() else {
            return Alt::default().say(&format!("Skill rating of {name}: none yet.")).text();
        };
        let ends = points.first().and_then(|first| Some((first.day?, last.day?)));
        let when = match ends {
            Some((first, last)) if first == last => format!(", {}", first.long()),
            Some((first, last)) => format!(", {} to {}", first.long(), last.long()),
            None => String::new(),
        };
        let values = || points.iter().map(|point| point.value);
        let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        Alt::default()
            .say(&format!(
                "Skill rating of {name}{when}: {} plus or minus {} after {}.",
                decimal(last.value, 1),
                decimal(last.spread, 1),
                matches(points.len())
            ))
            .say_some((points.len() > 1).then(|| format!("Lowest {}, highest {}.", decimal(low, 1), decimal(high, 1))))
            .text()
    }
}

fn matches(number: usize) -> String {
    if number == 1 { "1 match".to_owned() } else { plural(number, "matche") }
}

fn subtitle(points: &[RatedMatch]) -> Vec<String> {
    match points {
        [] => Vec::new(),
        [_] => vec!["first match".to_owned()],
        [first, .., last] => match (first.day, last.day) {
            (Some(first), Some(last)) if first != last => vec![format!("{} – {}", first.short(), last.with_year())],
            (_, Some(last)) => vec![last.with_year()],
            _ => vec![matches(points.len())],
        },
    }
}

fn big_number(canvas: &mut Canvas, last: &RatedMatch) -> f64 {
    // The dot beside the number says whose hue it is, as on the radar.
    let spread = Text::number(&format!("± {}", decimal(last.spread, 1))).size(40.0);
    let used = canvas.right(&spread, at(RIGHT, 162.0), 180.0);
    let value = Text::figures(&decimal(last.value, 1), 80.0).tone(Tone::Brass);
    let wide = canvas.right(&value, at(RIGHT - used - 18.0, 164.0), 200.0);
    let centre = at(RIGHT - used - wide - 42.0, 134.0);
    canvas.fill(Outline::Circle { centre, radius: 10.0 }, Paint::Solid(Tone::Brass));
    used + wide + 60.0
}

/// Across the plot; a single match stands in the middle.
fn x(index: usize, count: usize) -> f64 {
    if count < 2 { PLOT.left + PLOT.width / 2.0 } else { PLOT.left + PLOT.width * length(index) / length(count - 1) }
}

fn axes(canvas: &mut Canvas, scale: &Scale, start: f64) {
    let y = |value: f64| PLOT.bottom() - PLOT.height * scale.part(value);
    let from_start = y(start);
    for tick in scale.ticks() {
        let height = y(tick);
        canvas.line(at(PLOT.left, height), at(PLOT.right(), height), Pen::new(Tone::Rule, 2.0));
        if (height - from_start).abs() > 30.0 {
            let text = Text::number(&decimal(tick, scale.places())).size(28.0).tone(Tone::Grey);
            canvas.right(&text, at(PLOT.left - 14.0, height + 10.0), PLOT.left - 14.0 - 16.0);
        }
    }
    let pen = Pen::new(Tone::Line, 3.0).dashed(Dash::Dashed);
    canvas.line(at(PLOT.left, from_start), at(PLOT.right(), from_start), pen);
    canvas.right(&Text::plain("start"), at(PLOT.left - 14.0, from_start + 10.0), PLOT.left - 14.0 - 16.0);
}

/// A tick where an evening begins, with its day where there is room.
fn days(canvas: &mut Canvas, points: &[RatedMatch]) {
    let mut free = PLOT.left - 40.0;
    let mut before = None;
    let mut last_tick = f64::NEG_INFINITY;
    for (index, point) in points.iter().enumerate() {
        let Some(day) = point.day.filter(|day| before != Some(*day)) else { continue };
        before = Some(day);
        let place = x(index, points.len());
        if place - last_tick >= 6.0 {
            canvas.line(at(place, PLOT.bottom()), at(place, PLOT.bottom() + 10.0), Pen::new(Tone::Line, 2.0));
            last_tick = place;
        }
        let text = Text::plain(&day.short()).tone(Tone::Grey);
        let half = text.set().width / 2.0;
        if place - half > free && place + half < RIGHT {
            canvas.centre(&text, at(place, 638.0), half * 2.0 + 2.0);
            free = place + half + 20.0;
        }
    }
}
