//! Tiles: the most valuable player in chalk, and whoever else stood out.

use crate::canvas::Canvas;
use crate::colour::Tone;
use crate::data::Team;
use crate::geometry::{Area, at};
use crate::name::Name;
use crate::parts::bars;
use crate::text::Text;

/// Somebody and the number he is named for.
#[derive(Debug, Clone, PartialEq)]
pub struct Honour {
    /// What it is for, in a few words: `MVP of the evening`.
    pub title: String,
    /// Who; the whole name, with the clan tag.
    pub name: Name,
    /// The team, for its texture.
    pub team: Team,
    /// The number as it is shown: `110.2`.
    pub value: String,
    /// What the number counts: `revives`. May be empty.
    pub unit: String,
}

/// Height of [`tile`].
pub(crate) const HEIGHT: f64 = 98.0;
/// Height of [`award`].
pub(crate) const AWARD_HEIGHT: f64 = 78.0;
const KEY: f64 = 8.0;

/// A big tile; the chalk one is the one inverse field of a card.
pub(crate) fn tile(canvas: &mut Canvas, area: Area, honour: &Honour, is_chalk: bool) {
    let ground = if is_chalk { Tone::Chalk } else { Tone::Panel };
    canvas.block(area, ground);
    if !is_chalk && honour.team != Team::Unknown {
        bars::key(canvas, Area { width: KEY, ..area }, honour.team);
    }
    let left = area.left + 22.0;
    let right = area.right() - 18.0;
    let (label, number) = if is_chalk { (Tone::Ink, Tone::Ground) } else { (Tone::Grey, Tone::Chalk) };
    let title = Text::label(&honour.title).tone(label).on(ground);
    canvas.left(&title, at(left, area.top + 34.0), right - left);
    let value = Text::figures(&honour.value, 48.0).tone(number).on(ground);
    let used = canvas.right(&value, at(right, area.top + 82.0), 200.0);
    let name = Text::name(&honour.name, true, ground).size(40.0);
    canvas.left(&name, at(left, area.top + 80.0), right - left - used - 20.0);
}

/// A small tile, for an award.
pub(crate) fn award(canvas: &mut Canvas, area: Area, honour: &Honour) {
    canvas.block(area, Tone::Panel);
    if honour.team != Team::Unknown {
        bars::key(canvas, Area { width: KEY, ..area }, honour.team);
    }
    let (left, right) = (area.left + 24.0, area.right() - 18.0);
    let value = Text::figures(&honour.value, 44.0).on(Tone::Panel);
    // Letters hang below the line, digits do not.
    let baseline = area.top + if value.is_number() { 40.0 } else { 36.0 };
    let used = canvas.right(&value, at(right, baseline), 160.0);
    let title = Text::label(&honour.title).on(Tone::Panel);
    canvas.left(&title, at(left, area.top + 31.0), right - left - used - 14.0);
    let unit = Text::plain(&honour.unit).on(Tone::Panel);
    let below = if honour.unit.is_empty() { 0.0 } else { canvas.right(&unit, at(right, area.top + 70.0), 240.0) };
    let used = used.max(below);
    let name = Text::name(&honour.name, true, Tone::Panel).size(34.0);
    canvas.left(&name, at(left, area.top + 68.0), right - left - used - 14.0);
}

/// Awards two abreast from `top`; answers where they end.
pub(crate) fn awards(canvas: &mut Canvas, top: f64, honours: &[Honour]) -> f64 {
    const WIDTH: f64 = 492.0;
    let mut y = top;
    for pair in honours.chunks(2) {
        for (honour, left) in pair.iter().zip([40.0, 548.0]) {
            award(canvas, Area::new(left, y, WIDTH, AWARD_HEIGHT), honour);
        }
        y += AWARD_HEIGHT + 10.0;
    }
    y
}
