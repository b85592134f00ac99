//! The drawing as a list of shapes and measured texts, in the order they are painted. Knows no statistics.

use crate::colour::Tone;
use crate::geometry::{Area, At, Outline, at};
use crate::text::{Setting, Text};

/// How wide every picture is, in pixels: 540 at the density of a phone.
pub(crate) const WIDTH: f64 = 1080.0;
/// Where text begins and ends.
pub(crate) const LEFT: f64 = 40.0;
pub(crate) const RIGHT: f64 = 1040.0;
/// Where bands and panels begin and end.
pub(crate) const BAND_LEFT: f64 = 24.0;
pub(crate) const BAND_WIDTH: f64 = 1032.0;
/// From this size on a text is aligned by its ink and not by its advance.
const OPTICAL: f64 = 44.0;

/// What an area is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    Solid(Tone),
    /// Steel in stripes: the texture of team B.
    Hatch,
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dash {
    Solid,
    Dashed,
    Dotted,
}

/// A line's look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pen {
    pub(crate) tone: Tone,
    pub(crate) thickness: f64,
    pub(crate) dash: Dash,
    pub(crate) opacity: f64,
}

impl Pen {
    pub(crate) const fn new(tone: Tone, thickness: f64) -> Self {
        Self { tone, thickness, dash: Dash::Solid, opacity: 1.0 }
    }

    pub(crate) const fn dashed(mut self, dash: Dash) -> Self {
        self.dash = dash;
        self
    }

    pub(crate) const fn faint(mut self, opacity: f64) -> Self {
        self.opacity = opacity;
        self
    }
}

/// A text in its place.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    pub(crate) setting: Setting,
    /// Where its baseline begins.
    pub(crate) origin: At,
    /// The inked area; `None` for blanks.
    pub(crate) ink: Option<Area>,
    /// Left and right end of the column it must stay in.
    pub(crate) column: [f64; 2],
    /// What its author believes it stands on.
    pub(crate) ground: Tone,
}

/// One thing that is painted.
#[derive(Debug, Clone)]
pub(crate) enum Item {
    Fill { outline: Outline, paint: Paint, opacity: f64 },
    Stroke { outline: Outline, pen: Pen },
    Words(Words),
}

/// Where a text stands in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Centre,
    Right,
}

/// A drawing under way.
#[derive(Debug, Default)]
pub(crate) struct Canvas {
    items: Vec<Item>,
}

impl Canvas {
    pub(crate) fn fill(&mut self, outline: Outline, paint: Paint) {
        self.items.push(Item::Fill { outline, paint, opacity: 1.0 });
    }

    pub(crate) fn tint(&mut self, outline: Outline, tone: Tone, opacity: f64) {
        self.items.push(Item::Fill { outline, paint: Paint::Solid(tone), opacity });
    }

    pub(crate) fn block(&mut self, area: Area, tone: Tone) {
        self.fill(Outline::Rectangle { area, radius: 0.0 }, Paint::Solid(tone));
    }

    pub(crate) fn stroke(&mut self, outline: Outline, pen: Pen) {
        self.items.push(Item::Stroke { outline, pen });
    }

    pub(crate) fn line(&mut self, from: At, to: At, pen: Pen) {
        self.stroke(Outline::Path { points: vec![from, to], is_closed: false }, pen);
    }

    /// A hairline or an axis from the left margin to the right one.
    pub(crate) fn rule(&mut self, y: f64, tone: Tone) {
        let thickness = if tone == Tone::Rule { 1.0 } else { 2.0 };
        self.line(at(LEFT, y), at(RIGHT, y), Pen::new(tone, thickness));
    }

    /// Writes to the right of `place`, at most `width` pixels; answers how wide it became.
    pub(crate) fn left(&mut self, text: &Text, place: At, width: f64) -> f64 {
        self.write_at(text, place, width, Side::Left)
    }

    /// Writes so that it ends at `place`.
    pub(crate) fn right(&mut self, text: &Text, place: At, width: f64) -> f64 {
        self.write_at(text, place, width, Side::Right)
    }

    /// Writes so that its middle is at `place`.
    pub(crate) fn centre(&mut self, text: &Text, place: At, width: f64) -> f64 {
        self.write_at(text, place, width, Side::Centre)
    }

    fn write_at(&mut self, text: &Text, place: At, width: f64, side: Side) -> f64 {
        let setting = text.fitted(width);
        let ink = setting.ink();
        let is_big = setting.size >= OPTICAL;
        let (lead, end) = match ink {
            Some(ink) if is_big => (ink.left, ink.right()),
            // Letters that stand out of their advances stay in the column, too.
            Some(ink) => (ink.left.min(0.0), setting.width.max(ink.right())),
            None => (0.0, setting.width),
        };
        let (from, column) = match side {
            Side::Left => (place.x - lead, [place.x, place.x + width]),
            Side::Right => (place.x - end, [place.x - width, place.x]),
            Side::Centre => (place.x - (lead + end) / 2.0, [place.x - width / 2.0, place.x + width / 2.0]),
        };
        let origin = at(from, place.y);
        let ink = ink.map(|ink| ink.moved(origin));
        let shown = end - lead;
        self.items.push(Item::Words(Words { setting, origin, ink, column, ground: text.ground() }));
        shown
    }

    /// Everything with the card below it.
    pub(crate) fn finished(self, height: f64) -> Scene {
        let edge = Area::new(1.5, 1.5, WIDTH - 3.0, height - 3.0);
        let card = Outline::Rectangle { area: edge, radius: 14.0 };
        let mut items = Vec::with_capacity(self.items.len() + 2);
        items.push(Item::Fill { outline: card.clone(), paint: Paint::Solid(Tone::Ground), opacity: 1.0 });
        items.push(Item::Stroke { outline: card, pen: Pen::new(Tone::Line, 3.0) });
        items.extend(self.items);
        Scene { height, items }
    }
}

/// A finished drawing.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) height: f64,
    pub(crate) items: Vec<Item>,
}
