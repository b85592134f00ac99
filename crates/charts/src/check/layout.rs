//! No text over another, out of its column, off the card, under something, or on a ground it does not read on.

use super::Finding;
use crate::canvas::{Item, Paint, Scene, WIDTH, Words};
use crate::colour::{LEAST_CONTRAST, Tone};
use crate::geometry::{Area, At, Outline};

/// How far ink may stand out of its column: curves overshoot, and letters lean.
const TOLERANCE: f64 = 2.0;
/// Nearer to the card's edge than this is off the card.
const EDGE: f64 = 8.0;
/// Smaller text cannot be read on a phone.
const SMALLEST: f64 = 28.0;

pub(super) fn check(scene: &Scene, findings: &mut Vec<Finding>) {
    let card = Area::new(EDGE, EDGE, WIDTH - 2.0 * EDGE, scene.height - 2.0 * EDGE);
    let mut before: Vec<(&Words, Area)> = Vec::new();
    for (index, item) in scene.items.iter().enumerate() {
        let Item::Words(words) = item else { continue };
        let Some(ink) = words.ink else { continue };
        let mut say = |what: String| findings.push(Finding { what: format!("{:?} {what}", words.setting.text) });
        if !card.holds(ink) {
            say(format!("leaves the card: {ink:?}"));
        }
        if ink.left < words.column[0] - TOLERANCE || ink.right() > words.column[1] + TOLERANCE {
            say(format!("leaves its column {:?}: {ink:?}", words.column));
        }
        if words.setting.size < SMALLEST {
            say(format!("is only {} px high", words.setting.size));
        }
        for (other, area) in &before {
            if area.meets(ink) {
                say(format!("lies over {:?}", other.setting.text));
            }
        }
        before.push((words, ink));
        let (below, above) = scene.items.split_at(index);
        if let Some(cover) = above.iter().skip(1).find(|item| covers(item, ink)) {
            say(format!("is under {}", named(cover)));
        }
        check_ground(words, ink, below, &mut say);
    }
}

/// The last fill that holds the text is its ground; what is painted after it must not touch the text.
fn check_ground(words: &Words, ink: Area, below: &[Item], say: &mut impl FnMut(String)) {
    let ground = below.iter().rposition(|item| is_ground(item, ink));
    let after = ground.map_or(0, |index| index + 1);
    if let Some(stain) = below.iter().skip(after).find(|item| covers(item, ink)) {
        say(format!("stands partly on {}", named(stain)));
    }
    let Some(Item::Fill { paint: Paint::Solid(ground), .. }) = ground.and_then(|index| below.get(index)) else {
        say("stands on nothing".to_owned());
        return;
    };
    if *ground != words.ground {
        say(format!("stands on {ground:?} and was meant for {:?}", words.ground));
    }
    for glyph in &words.setting.glyphs {
        let contrast = glyph.tone.rgb().contrast(ground.rgb());
        if contrast < LEAST_CONTRAST {
            say(format!("has a contrast of {contrast:.1} on {ground:?}"));
            return;
        }
    }
}

/// A ground for text: the card, a panel, or the chalk of the MVP.
fn is_ground(item: &Item, ink: Area) -> bool {
    match item {
        Item::Fill { outline: outline @ Outline::Rectangle { .. }, paint: Paint::Solid(tone), opacity } => {
            matches!(tone, Tone::Ground | Tone::Panel | Tone::Chalk) && *opacity >= 1.0 && outline.bounds().holds(ink)
        }
        _ => false,
    }
}

/// Whether the item paints over any of the area, but for other texts, which are looked at by themselves.
fn covers(item: &Item, ink: Area) -> bool {
    match item {
        Item::Words(_) => false,
        Item::Fill { outline, .. } => match outline {
            Outline::Path { points, .. } => points.len() > 2 && outline.bounds().meets(ink) && path_meets(outline, ink),
            Outline::Circle { centre, radius } => disc_meets(*centre, *radius, ink),
            Outline::Rectangle { .. } => outline.bounds().meets(ink),
        },
        Item::Stroke { outline, pen } => outline.line_meets(ink, pen.thickness),
    }
}

/// Whether the nearest point of the area is inside the disc.
fn disc_meets(centre: At, radius: f64, area: Area) -> bool {
    let dx = centre.x - centre.x.clamp(area.left, area.right());
    let dy = centre.y - centre.y.clamp(area.top, area.bottom());
    dx.hypot(dy) < radius
}

/// A filled path touches an area if its edge does, or if it has the area's middle inside (even-odd rule).
fn path_meets(outline: &Outline, area: Area) -> bool {
    if outline.line_meets(area, 0.0) {
        return true;
    }
    let Outline::Path { points, .. } = outline else { return false };
    let (x, y) = (area.left + area.width / 2.0, area.top + area.height / 2.0);
    let ends = points.iter().skip(1).chain(points.first());
    let crossings = points
        .iter()
        .zip(ends)
        .filter(|(a, b)| (a.y > y) != (b.y > y) && x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x);
    crossings.count() % 2 == 1
}

fn named(item: &Item) -> String {
    match item {
        Item::Fill { outline, paint, .. } => format!("a fill of {paint:?} at {:?}", outline.bounds()),
        Item::Stroke { outline, pen } => format!("a line of {:?} at {:?}", pen.tone, outline.bounds()),
        Item::Words(words) => format!("{:?}", words.setting.text),
    }
}
