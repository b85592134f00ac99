//! The one ornament: an attack as a bar that ends in a pennant or at a wall; and its relatives.

use crate::canvas::{Canvas, Dash, Paint, Pen};
use crate::colour::Tone;
use crate::data::{Attack, Team};
use crate::geometry::{Area, At, Outline, at};
use crate::numbers::{float, share};

pub(crate) fn rectangle(area: Area) -> Outline {
    Outline::Rectangle { area, radius: 0.0 }
}

/// An upright block that says which team a line or a band belongs to; hollow when nobody knows.
pub(crate) fn key(canvas: &mut Canvas, area: Area, team: Team) {
    if team == Team::Unknown {
        canvas.stroke(rectangle(area.grown(-1.0)), Pen::new(Tone::Grey, 2.0));
    } else {
        canvas.fill(rectangle(area), team.paint());
    }
}

/// An attack on a track that is as long as the limit; `length` is the pixels of the longest limit of the picture.
pub(crate) fn hold_bar(canvas: &mut Canvas, track: Area, attack: &Attack, longest: u64) {
    let scale = |seconds: u64| track.width * share(float(seconds), float(longest));
    let limit = scale(attack.limit.max(attack.seconds));
    let length = scale(attack.seconds);
    canvas.block(Area { width: limit, ..track }, Tone::Raised);
    canvas.fill(rectangle(Area { width: length, ..track }), attack.team.paint());
    let end = at(track.left + length, track.top);
    let is_thick = track.height > 20.0;
    if attack.is_done {
        let top = end.y - 6.0;
        pennant(canvas, at(end.x, top), if is_thick { 36.0 } else { 20.0 }, Tone::Chalk);
    } else {
        canvas.block(Area::new(end.x - 1.0, end.y - 4.0, 9.0, track.height + 8.0), Tone::Chalk);
    }
}

/// A pole with its foot below `top`, and a triangle flying to the right.
pub(crate) fn pennant(canvas: &mut Canvas, top: At, height: f64, tone: Tone) {
    canvas.block(Area::new(top.x - 3.0, top.y, 3.0, height), tone);
    let flag = height * 0.6;
    let points = vec![top, at(top.x + 15.0, top.y + flag / 2.0), at(top.x, top.y + flag)];
    canvas.fill(Outline::Path { points, is_closed: true }, Paint::Solid(tone));
}

/// The sign after a time: pennant or wall, its top left corner at `place`.
pub(crate) fn outcome(canvas: &mut Canvas, place: At, is_done: bool, tone: Tone) {
    if is_done {
        pennant(canvas, at(place.x + 3.0, place.y), 22.0, tone);
    } else {
        canvas.block(Area::new(place.x, place.y, 9.0, 22.0), tone);
    }
}

/// A round that was not played: an empty, dashed track.
pub(crate) fn empty_track(canvas: &mut Canvas, track: Area) {
    canvas.stroke(rectangle(track), Pen::new(Tone::Line, 2.0).dashed(Dash::Dotted));
}

/// A share of a whole as a bar into a wall; `None` is an empty rail.
pub(crate) fn rail(canvas: &mut Canvas, track: Area, part: Option<f64>, team: Team) {
    canvas.block(track, Tone::Raised);
    let Some(part) = part.filter(|part| part.is_finite()) else { return };
    let length = track.width * part.clamp(0.0, 1.0);
    canvas.fill(rectangle(Area { width: length, ..track }), team.paint());
    let wall = (track.left + length - 1.0).min(track.right() - 8.0);
    canvas.block(Area::new(wall, track.top - 5.0, 9.0, track.height + 10.0), Tone::Chalk);
}

/// A bar without a wall, from the left end of the track.
pub(crate) fn bar(canvas: &mut Canvas, track: Area, part: f64, team: Team) {
    let width = track.width * part.clamp(0.0, 1.0);
    if width > 0.0 {
        canvas.fill(rectangle(Area { width: width.max(2.0), ..track }), team.paint());
    }
}

/// A chalk line across a bar, set off from it on both sides.
pub(crate) fn tick(canvas: &mut Canvas, x: f64, top: f64, height: f64) {
    canvas.block(Area::new(x - 5.0, top, 10.0, height), Tone::Ground);
    canvas.block(Area::new(x - 2.0, top, 4.0, height), Tone::Chalk);
}

/// Two parts of a whole side by side, over the width of a band.
pub(crate) fn proportion(canvas: &mut Canvas, area: Area, first: u64, second: u64) {
    const GAP: f64 = 6.0;
    let whole = float(first) + float(second);
    if whole <= 0.0 {
        canvas.block(area, Tone::Line);
        return;
    }
    let room = area.width - GAP;
    let left = (room * share(float(first), whole)).round();
    if first > 0 {
        canvas.fill(rectangle(Area { width: left, ..area }), Team::A.paint());
    }
    if second > 0 {
        canvas.fill(
            rectangle(Area::between(area.left + left + GAP, area.top, area.right(), area.bottom())),
            Team::B.paint(),
        );
    }
}

/// The dash of a big number that is not known, its right or left end at `place`.
pub(crate) fn unknown(canvas: &mut Canvas, area: Area) {
    canvas.block(area, Tone::Grey);
}
