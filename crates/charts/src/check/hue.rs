//! Nothing is said by hue alone: every meaning of brass and steel has a texture, a dash or a marker beside it.

use super::Finding;
use super::distance::{Vision, distance};
use crate::canvas::{Dash, Item, Paint, Pen, Scene};
use crate::colour::Tone;
use crate::geometry::{Area, Outline};

/// Two tones that mean different things are at least so far apart, for everybody. The design page's smallest is 18.
const LEAST_DISTANCE: f64 = 17.0;
/// How far from a coloured text its textured companion may be, up or down.
const ROW: f64 = 6.0;
/// How far it may be if it is right above or below.
const ABOVE: f64 = 24.0;

pub(super) fn check(scene: &Scene, findings: &mut Vec<Finding>) {
    let mut tones = Vec::new();
    for item in &scene.items {
        if let Some(what) = bare_hue(item) {
            findings.push(Finding { what });
        }
        tones.extend(tones_of(item));
        let Item::Words(words) = item else { continue };
        let Some(ink) = words.ink else { continue };
        let hue =
            words.setting.glyphs.iter().map(|glyph| glyph.tone).find(|tone| matches!(tone, Tone::Brass | Tone::Steel));
        if let Some(hue) = hue
            && !scene.items.iter().any(|other| accompanies(other, hue, ink))
        {
            let what = format!("{:?} is in {hue:?}, and nothing beside it says the same", words.setting.text);
            findings.push(Finding { what });
        }
    }
    tones.sort_unstable();
    tones.dedup();
    for (index, one) in tones.iter().enumerate() {
        for other in tones.iter().skip(index + 1) {
            for vision in Vision::ALL {
                let apart = distance(one.rgb(), other.rgb(), vision);
                if apart < LEAST_DISTANCE {
                    findings
                        .push(Finding { what: format!("{one:?} and {other:?} are {apart:.0} apart for {vision:?}") });
                }
            }
        }
    }
}

/// Tones that carry a meaning, where they are used.
fn tones_of(item: &Item) -> Vec<Tone> {
    let meaning = |tone: &Tone| matches!(tone, Tone::Brass | Tone::Steel | Tone::Chalk | Tone::Grey);
    let tones = match item {
        Item::Fill { paint: Paint::Solid(tone), .. } => vec![*tone],
        Item::Fill { paint: Paint::Hatch, .. } => vec![Tone::Steel],
        Item::Stroke { pen, .. } => vec![pen.tone],
        Item::Words(words) => words.setting.glyphs.iter().map(|glyph| glyph.tone).collect(),
    };
    tones.into_iter().filter(meaning).collect()
}

/// A shape that only its hue tells from the other team's.
fn bare_hue(item: &Item) -> Option<String> {
    match item {
        Item::Fill { paint: Paint::Solid(Tone::Steel), outline, opacity } if *opacity >= 1.0 => {
            Some(format!("a plain fill of Steel at {:?}", outline.bounds()))
        }
        Item::Stroke { outline, pen } if pen.tone == Tone::Steel && !is_second(outline, *pen) => {
            Some(format!("a plain line of Steel at {:?}", outline.bounds()))
        }
        Item::Stroke { outline, pen: Pen { tone: Tone::Brass, dash: Dash::Dashed, .. } } => {
            Some(format!("a dashed line of Brass at {:?}", outline.bounds()))
        }
        _ => None,
    }
}

/// Dashed, or the hollow square that marks the second player's points.
fn is_second(outline: &Outline, pen: Pen) -> bool {
    pen.dash == Dash::Dashed || matches!(outline, Outline::Rectangle { .. })
}

/// Whether the item says by texture, in the same row, what the hue of the text says.
fn accompanies(item: &Item, hue: Tone, ink: Area) -> bool {
    let (outline, says) = match item {
        Item::Words(_) => return false,
        Item::Fill { outline, paint: Paint::Hatch, .. } => (outline, hue == Tone::Steel),
        Item::Fill { outline, paint: Paint::Solid(tone), .. } => (outline, hue == Tone::Brass && *tone == Tone::Brass),
        Item::Stroke { outline, pen } => (outline, pen.tone == hue && (hue == Tone::Brass || is_second(outline, *pen))),
    };
    let bounds = outline.bounds();
    let is_within = |reach: f64| bounds.top - reach < ink.bottom() && ink.top < bounds.bottom() + reach;
    let is_in_column = bounds.left < ink.right() && ink.left < bounds.right();
    says && (is_within(ROW) || is_in_column && is_within(ABOVE))
}
