//! Form: one number per evening, for one to three players. Always 3:2.

use crate::alt::{self, Alt};
use crate::canvas::{Canvas, Dash, LEFT, Pen, RIGHT};
use crate::colour::Tone;
use crate::data::Day;
use crate::geometry::{Area, At, at};
use crate::name::Name;
use crate::numbers::{UNKNOWN, decimal, finite, length, plural};
use crate::parts::header::{header, note};
use crate::parts::plot::{Line, Scale, polyline};
use crate::picture::Picture;
use crate::text::Text;

const PLOT: Area = Area::new(120.0, 216.0, 900.0, 380.0);
const HEIGHT: f64 = 720.0;
/// Points that can be told apart; of more evenings, several in a row become one point.
const MOST_POINTS: usize = 60;

/// A number over evenings.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// What is shown: `DPM`, `K/D`.
    pub quantity: String,
    /// Its decimals.
    pub places: usize,
    /// One to three players; more are not shown.
    pub lines: Vec<FormLine>,
}

/// A player's form.
#[derive(Debug, Clone, PartialEq)]
pub struct FormLine {
    /// The newest name.
    pub name: Name,
    /// Evenings, the oldest first.
    pub points: Vec<FormPoint>,
}

/// An evening.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FormPoint {
    /// The day it began on.
    pub day: Day,
    /// The number; `None`: not in these files.
    pub value: Option<f64>,
}

impl FormLine {
    fn known(&self) -> Vec<f64> {
        self.points.iter().filter_map(|point| finite(point.value)).collect()
    }

    fn mean(&self) -> Option<f64> {
        let known = self.known();
        let sum: f64 = known.iter().sum();
        (!known.is_empty()).then(|| sum / length(known.len())).filter(|mean| mean.is_finite())
    }
}

impl Form {
    fn shown(&self) -> impl Iterator<Item = (Line, &FormLine)> {
        Line::ALL.into_iter().zip(&self.lines)
    }

    /// Every evening that anybody shown was there.
    fn days(&self) -> Vec<Day> {
        let mut days: Vec<Day> = self.shown().flat_map(|(_, line)| line.points.iter().map(|point| point.day)).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Composes the chart.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let mut canvas = Canvas::default();
        let days = self.days();
        let evenings = Evenings { per_point: days.len().div_ceil(MOST_POINTS).max(1), days: &days };
        let quantity = Name::plain(&self.quantity);
        header(&mut canvas, &format!("Form · {}", quantity.as_str()), &[plural(days.len(), "evening")]);
        self.names(&mut canvas);
        let ways: Vec<Vec<Stop>> = self.shown().map(|(_, line)| evenings.stops(line)).collect();
        let means = self.shown().filter_map(|(_, line)| line.mean());
        let values: Vec<f64> = ways.iter().flatten().filter_map(|stop| stop.value).chain(means).collect();
        let has_values = !values.is_empty();
        let scale = Scale::around(values, 5);
        if has_values {
            grid(&mut canvas, &scale);
            self.mean(&mut canvas, &scale);
            for ((line, _), way) in self.shown().zip(&ways) {
                draw_line(&mut canvas, line, way, evenings.points(), &scale);
            }
            evenings.names(&mut canvas);
            let mean = if self.lines.len() == 1 { " · dotted line = mean" } else { "" };
            let each = match evenings.per_point {
                1 => "per evening".to_owned(),
                several => format!("per evening, each point the mean of {several}"),
            };
            note(&mut canvas, &format!("{} {each}{mean}", quantity.as_str()), LEFT, 694.0);
        } else {
            let why = if days.is_empty() { "No evenings yet" } else { "not in these files" };
            canvas.centre(&Text::bold(why).size(44.0).tone(Tone::Grey), at(540.0, 420.0), 800.0);
        }
        Picture::new("Form".to_owned(), self.alt(quantity.as_str()), canvas, HEIGHT)
    }

    /// Names with their markers and their mean, side by side.
    fn names(&self, canvas: &mut Canvas) {
        let count = self.lines.len().clamp(1, 3);
        let width = (RIGHT - LEFT) / length(count);
        for (index, (line, form)) in self.shown().enumerate() {
            let left = LEFT + width * length(index);
            let mean = form.mean().map_or_else(|| UNKNOWN.to_owned(), |mean| decimal(mean, self.places));
            let text = Text::number(&mean).size(30.0);
            line.marker(canvas, at(left + 10.0, 134.0), Tone::Ground);
            let name = Text::name(&form.name, true, Tone::Ground).size(if count == 1 { 56.0 } else { 34.0 });
            let used = canvas.left(&name, at(left + 34.0, 146.0), width - if count == 1 { 254.0 } else { 54.0 });
            let label = Text::plain("mean").size(30.0).tone(Tone::Grey);
            if count == 1 {
                let wide = canvas.right(&text, at(RIGHT, 146.0), (width - used - 150.0).min(200.0));
                canvas.right(&label, at(RIGHT - wide - 12.0, 146.0), 72.0);
            } else {
                let wide = canvas.left(&label, at(left + 34.0, 186.0), 72.0);
                canvas.left(&text, at(left + wide + 46.0, 186.0), width - 66.0 - wide);
            }
        }
    }

    fn mean(&self, canvas: &mut Canvas, scale: &Scale) {
        if let [only] = self.lines.as_slice()
            && let Some(mean) = only.mean()
        {
            let y = PLOT.bottom() - PLOT.height * scale.part(mean);
            canvas.line(at(PLOT.left, y), at(PLOT.right(), y), Pen::new(Tone::Sand, 3.0).dashed(Dash::Dotted));
        }
    }

    fn alt(&self, quantity: &str) -> String {
        let names: Vec<&Name> = self.shown().map(|(_, line)| &line.name).collect();
        let mut alt = Alt::default();
        if names.is_empty() {
            return alt.say(&format!("Form, {quantity}: nobody.")).text();
        }
        let days = self.days();
        alt = alt.say(&format!("{quantity} of {} over {}.", alt::list(&names), plural(days.len(), "evening")));
        for (_, line) in self.shown() {
            let known = line.known();
            let (low, high) = (known.iter().copied().reduce(f64::min), known.iter().copied().reduce(f64::max));
            alt = match (line.mean(), low, high, known.last()) {
                (Some(only), ..) if known.len() == 1 => {
                    alt.say(&format!("{}: {}.", alt::name(&line.name), decimal(only, self.places)))
                }
                (Some(mean), Some(low), Some(high), Some(last)) => alt.say(&format!(
                    "{}: mean {}, from {} to {}, last {}.",
                    alt::name(&line.name),
                    decimal(mean, self.places),
                    decimal(low, self.places),
                    decimal(high, self.places),
                    decimal(*last, self.places)
                )),
                _ => alt.say(&format!("{}: no values.", alt::name(&line.name))),
            };
        }
        alt.text()
    }
}

/// Evenings in their order, and how many of them are one point.
#[derive(Debug, Clone, Copy)]
struct Evenings<'a> {
    days: &'a [Day],
    per_point: usize,
}

/// A point of a player's line: where he was; `None` if the number is not known.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stop {
    point: usize,
    value: Option<f64>,
}

impl Evenings<'_> {
    fn points(self) -> usize {
        self.days.len().div_ceil(self.per_point)
    }

    /// An evening without the player is passed over; one whose number is not known is a gap.
    fn stops(self, line: &FormLine) -> Vec<Stop> {
        let mut known: Vec<Vec<f64>> = vec![Vec::new(); self.points()];
        let mut was_there = vec![false; self.points()];
        for played in &line.points {
            let Ok(evening) = self.days.binary_search(&played.day) else { continue };
            let point = evening / self.per_point;
            if let (Some(there), Some(known)) = (was_there.get_mut(point), known.get_mut(point)) {
                *there = true;
                known.extend(finite(played.value));
            }
        }
        let mean = |known: &[f64]| {
            let sum: f64 = known.iter().sum();
            (!known.is_empty()).then(|| sum / length(known.len())).filter(|mean| mean.is_finite())
        };
        let stops = known.iter().enumerate().zip(was_there).filter(|(_, there)| *there);
        stops.map(|((point, known), _)| Stop { point, value: mean(known) }).collect()
    }

    /// A tick per point, with the day of its first evening where there is room.
    fn names(self, canvas: &mut Canvas) {
        let mut free = PLOT.left - 40.0;
        for (point, days) in self.days.chunks(self.per_point).enumerate() {
            let Some(day) = days.first() else { continue };
            let middle = x(point, self.points());
            canvas.line(at(middle, PLOT.bottom()), at(middle, PLOT.bottom() + 10.0), Pen::new(Tone::Line, 2.0));
            let text = Text::plain(&day.short()).tone(Tone::Grey);
            let half = text.set().width / 2.0;
            if middle - half > free && middle + half < RIGHT + 8.0 {
                canvas.centre(&text, at(middle, 638.0), half * 2.0 + 2.0);
                free = middle + half + 22.0;
            }
        }
    }
}

/// Across the plot, with half a step left and right; one evening stands in the middle.
fn x(point: usize, points: usize) -> f64 {
    PLOT.left + PLOT.width * (length(point) + 0.5) / length(points.max(1))
}

fn draw_line(canvas: &mut Canvas, line: Line, way: &[Stop], points: usize, scale: &Scale) {
    let spot = |stop: &Stop| {
        stop.value.map(|value| at(x(stop.point, points), PLOT.bottom() - PLOT.height * scale.part(value)))
    };
    let places: Vec<Option<At>> = way.iter().map(spot).collect();
    polyline(canvas, &places, line.pen(5.0));
    for place in places.into_iter().flatten() {
        line.marker(canvas, place, Tone::Ground);
    }
}

fn grid(canvas: &mut Canvas, scale: &Scale) {
    for tick in scale.ticks() {
        let y = PLOT.bottom() - PLOT.height * scale.part(tick);
        canvas.line(at(PLOT.left, y), at(PLOT.right(), y), Pen::new(Tone::Rule, 2.0));
        let text = Text::number(&decimal(tick, scale.places())).size(28.0).tone(Tone::Grey);
        canvas.right(&text, at(PLOT.left - 14.0, y + 10.0), PLOT.left - 14.0 - 16.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(values: &[(u8, Option<f64>)]) -> FormLine {
        let point =
            |(day, value): &(u8, Option<f64>)| FormPoint { day: Day::new(2025, 1, *day).unwrap(), value: *value };
        FormLine { name: Name::new("norr"), points: values.iter().map(point).collect() }
    }

    #[test]
    fn several_evenings_in_a_row_become_one_point() {
        let days: Vec<Day> = (1..=7).map(|day| Day::new(2025, 1, day).unwrap()).collect();
        let played = line(&[(1, Some(10.0)), (2, Some(20.0)), (3, None), (7, Some(5.0))]);
        let stops = |per_point| Evenings { days: &days, per_point }.stops(&played);
        let single = [(0, Some(10.0)), (1, Some(20.0)), (2, None), (6, Some(5.0))];
        assert_eq!(stops(1), single.map(|(point, value)| Stop { point, value }));
        let pairs = [(0, Some(15.0)), (1, None), (3, Some(5.0))];
        assert_eq!(stops(2), pairs.map(|(point, value)| Stop { point, value }));
    }
}
