//! Text in runs: each character in a face that has it, in the order it is read, measured before it is drawn.

use std::ops::Range;

use rustybuzz::ttf_parser::GlyphId;
use rustybuzz::{Direction, GlyphInfo, GlyphPosition, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};

use crate::colour::Tone;
use crate::font::Face;

use super::setting::{Glyph, Setting};
use super::words::{Piece, Reading};

/// How far letters stand above the baseline and hang below it, in sizes of the text: rows and lines are made for this.
/// Capitals with one accent have up to 0.95; with two, and in some scripts, letters would touch what stands above them.
const ABOVE: f64 = 0.95;
const BELOW: f64 = 0.28;

/// A stretch of one direction, one face and one kind of script.
struct Run {
    from: usize,
    to: usize,
    face: Face,
    is_rtl: bool,
}

pub(super) fn shape(pieces: &[Piece], size: f64, tracking: f64, reading: Reading) -> Setting {
    let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
    let mut setting = Setting { size, ..Setting::default() };
    let mut pen = 0.0;
    for run in visual_runs(&text, pieces, reading) {
        let Some(font) = run.face.font() else { continue };
        let scale = run.face.scale(size);
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text.get(run.from..run.to).unwrap_or_default());
        buffer.set_direction(if run.is_rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.guess_segment_properties();
        let shaped = rustybuzz::shape(font, &[], buffer);
        let glyphs: Vec<_> = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).collect();
        // A letter with its marks is as small as its highest part needs.
        for letter in glyphs.chunk_by(|(one, _), (next, _)| one.cluster == next.cluster) {
            let fitted = letter.iter().map(|(info, position)| fitting(run.face, info, position, size));
            let fitted = fitted.fold(1.0, f64::min);
            let scale = scale * fitted;
            for (info, position) in letter {
                let cluster = run.from + usize::try_from(info.cluster).unwrap_or_default();
                let advance = f64::from(position.x_advance) * scale + tracking;
                setting.glyphs.push(Glyph {
                    face: run.face,
                    id: glyph_id(info),
                    x: pen + f64::from(position.x_offset) * scale,
                    y: -f64::from(position.y_offset) * scale,
                    size: size * fitted,
                    tone: tone_at(pieces, cluster),
                    advance,
                    cluster,
                });
                pen += advance;
            }
        }
    }
    setting.width = (pen - tracking).max(0.0);
    setting.text = text;
    setting
}

/// What a glyph's size must be multiplied by to stay within the height of a line; 1 for nearly all.
fn fitting(face: Face, info: &GlyphInfo, position: &GlyphPosition, size: f64) -> f64 {
    let bounds = face.font().and_then(|font| font.glyph_bounding_box(GlyphId(glyph_id(info))));
    let Some(bounds) = bounds else { return 1.0 };
    let scale = face.scale(size) / size;
    let [above, below] = [bounds.y_max, bounds.y_min].map(|y| (f64::from(y) + f64::from(position.y_offset)) * scale);
    (ABOVE / above.max(ABOVE)).min(BELOW / (-below).max(BELOW))
}

fn glyph_id(info: &GlyphInfo) -> u16 {
    u16::try_from(info.glyph_id).unwrap_or_default()
}

fn tone_at(pieces: &[Piece], byte: usize) -> Tone {
    let mut end = 0;
    for piece in pieces {
        end += piece.text.len();
        if byte < end {
            return piece.tone;
        }
    }
    Tone::Sand
}

/// Runs from left to right as they are shown.
fn visual_runs(text: &str, pieces: &[Piece], reading: Reading) -> Vec<Run> {
    if text.chars().all(|c| u32::from(c) < 0x590) {
        return split(text, pieces, 0..text.len(), false);
    }
    match reading {
        Reading::OfItsOwn => ordered(text, pieces, 0..text.len(), None),
        Reading::FromTheLeft => {
            parts(text).into_iter().flat_map(|part| ordered(text, pieces, part, Some(Level::ltr()))).collect()
        }
    }
}

/// Parts of a list or a header, each with the sign that ends it. Names beside each other would change places if they
/// are both read from the right.
fn parts(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, sign) in text.char_indices().filter(|(_, c)| matches!(c, ',' | '·' | '–')) {
        let end = at + sign.len_utf8();
        if text.get(end..).is_some_and(|rest| rest.starts_with(' ')) {
            parts.push(from..end);
            from = end;
        }
    }
    parts.push(from..text.len());
    parts
}

/// Runs of a part of the text; `base` is the direction of the whole, `None` that of its first letter.
fn ordered(text: &str, pieces: &[Piece], part: Range<usize>, base: Option<Level>) -> Vec<Run> {
    let bidi = BidiInfo::new(text.get(part.clone()).unwrap_or_default(), base);
    let mut runs = Vec::new();
    for paragraph in &bidi.paragraphs {
        let (levels, visual) = bidi.visual_runs(paragraph, paragraph.range.clone());
        for range in visual {
            let is_rtl = levels.get(range.start).is_some_and(Level::is_rtl);
            let mut stretch = split(text, pieces, part.start + range.start..part.start + range.end, is_rtl);
            if is_rtl {
                stretch.reverse();
            }
            runs.extend(stretch);
        }
    }
    runs
}

/// In reading order. A blank stays with what is before it.
fn split(text: &str, pieces: &[Piece], range: Range<usize>, is_rtl: bool) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut script = Script::Other;
    for (at, character) in text.get(range.clone()).unwrap_or_default().char_indices() {
        let (from, to) = (range.start + at, range.start + at + character.len_utf8());
        let wanted = face_at(pieces, from);
        let face = wanted.covering(character).unwrap_or(Face::Symbols);
        let this = Script::of(character);
        match runs.last_mut() {
            Some(last) if character == ' ' => last.to = to,
            Some(last) if last.face == face && this == script => last.to = to,
            _ => runs.push(Run { from, to, face, is_rtl }),
        }
        if character != ' ' {
            script = this;
        }
    }
    runs
}

fn face_at(pieces: &[Piece], byte: usize) -> Face {
    let mut end = 0;
    for piece in pieces {
        end += piece.text.len();
        if byte < end {
            return piece.face;
        }
    }
    Face::Regular
}

/// Scripts that are shaped by rules of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Hebrew,
    Arabic,
    Other,
}

impl Script {
    fn of(character: char) -> Self {
        match u32::from(character) {
            0x590..=0x5FF | 0xFB1D..=0xFB4F => Self::Hebrew,
            0x600..=0x77F | 0x8A0..=0x8FF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFF => Self::Arabic,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Name;
    use crate::text::Text;

    #[test]
    fn hebrew_and_arabic_run_from_right_to_left() {
        let hebrew = Text::plain("שלום").set();
        let clusters: Vec<usize> = hebrew.glyphs.iter().map(|glyph| glyph.cluster).collect();
        assert_eq!(clusters, [6, 4, 2, 0], "the first letter is the rightmost");
        let mixed = Text::plain("ab שלום!").set();
        assert_eq!(mixed.glyphs[0].cluster, 0, "a Latin beginning makes the order of the whole");
        let last = mixed.glyphs.last().unwrap();
        assert_eq!(last.cluster, mixed.text.len() - 1, "and the mark at the end is at the end");
        // Joined forms differ from the isolated ones.
        let joined = Text::plain("عع").set();
        assert_ne!(joined.glyphs[0].id, joined.glyphs[1].id);
    }

    #[test]
    fn colours_do_not_part_joined_letters() {
        let plain = Text::name(&Name::new("ععع"), false, Tone::Ground).set();
        let coloured = Text::name(&Name::new("^2ع^3ع^5ع"), false, Tone::Ground).set();
        let ids = |setting: &Setting| setting.glyphs.iter().map(|glyph| glyph.id).collect::<Vec<_>>();
        assert_eq!(ids(&plain), ids(&coloured));
        assert_ne!(coloured.glyphs[0].tone, coloured.glyphs[1].tone);
    }

    #[test]
    fn a_text_of_ours_is_read_from_the_left_whatever_names_are_in_it() {
        let places = |text: &Text| -> Vec<usize> { text.set().glyphs.iter().map(|glyph| glyph.cluster).collect() };
        // A list of two Hebrew names keeps its order: the first name's last letter is the leftmost.
        assert_eq!(places(&Text::plain("אב, גד")), [2, 0, 4, 5, 8, 6]);
        let header = places(&Text::plain("אב · all"));
        assert_eq!(header, [2, 0, 4, 5, 7, 8, 9, 10]);
        // A name by itself begins on the side of its own letters.
        assert_eq!(places(&Text::name(&Name::new("אב c"), false, Tone::Ground)), [5, 4, 2, 0]);
    }
}
