//! The line on top of every picture: what it is, of when, and the mark.

use crate::canvas::{Canvas, LEFT, RIGHT};
use crate::colour::Tone;
use crate::geometry::{Area, at};
use crate::text::Text;

/// Baseline of the header.
const BASELINE: f64 = 62.0;
/// Where the text ends at the latest, before the mark.
const END: f64 = 828.0;
const GAP: f64 = 20.0;

/// Title in capitals, then as many whole parts as there is room for, from the left.
pub(crate) fn header(canvas: &mut Canvas, title: &str, parts: &[String]) {
    let title = Text::label(title).tone(Tone::Chalk);
    let used = canvas.left(&title, at(LEFT, BASELINE), END - LEFT);
    let from = LEFT + used + GAP;
    for kept in (1..=parts.len()).rev() {
        let line = parts.get(..kept).unwrap_or_default().join(" · ");
        let text = Text::plain(&line).size(30.0);
        if text.set().width <= END - from {
            canvas.left(&text, at(from, BASELINE), END - from);
            break;
        }
    }
    mark(canvas);
}

/// The bar into the wall, and our name.
fn mark(canvas: &mut Canvas) {
    let name = Text::label("Fullhold").tone(Tone::Sand);
    let width = canvas.right(&name, at(RIGHT, BASELINE), 150.0);
    let from = RIGHT - width - 58.0;
    canvas.block(Area::new(from, 46.0, 34.0, 11.0), Tone::Sand);
    canvas.block(Area::new(from + 36.0, 39.0, 8.0, 25.0), Tone::Chalk);
}

/// A line of small print, cut at the right margin.
pub(crate) fn note(canvas: &mut Canvas, text: &str, left: f64, y: f64) {
    canvas.left(&Text::plain(text).tone(Tone::Grey), at(left, y), RIGHT - left);
}
