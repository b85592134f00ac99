//! A measured text: glyphs in their places.

use crate::colour::Tone;
use crate::font::Face;
use crate::geometry::Area;

/// A glyph in its place.
#[derive(Debug, Clone)]
pub(crate) struct Glyph {
    pub(crate) face: Face,
    pub(crate) id: u16,
    /// From the start of the text, in pixels; y downwards.
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) size: f64,
    pub(crate) tone: Tone,
    pub(super) advance: f64,
    /// The byte of the text it belongs to.
    pub(super) cluster: usize,
}

/// A measured text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Setting {
    pub(crate) glyphs: Vec<Glyph>,
    /// Sum of the advances, in pixels.
    pub(crate) width: f64,
    pub(crate) size: f64,
    /// What is shown, in reading order.
    pub(crate) text: String,
    pub(crate) is_cut: bool,
}

impl Setting {
    /// What the letters before a byte of the text take, in whatever order they are shown.
    pub(super) fn width_before(&self, end: usize) -> f64 {
        self.glyphs.iter().filter(|glyph| glyph.cluster < end).map(|glyph| glyph.advance).sum()
    }

    /// How much room it takes: letters may stand out of their advances.
    pub(crate) fn extent(&self) -> f64 {
        self.ink().map_or(self.width, |ink| self.width.max(ink.right()) - ink.left.min(0.0))
    }

    /// The area that is really inked, when the text begins at the origin; `None` if it is blank.
    pub(crate) fn ink(&self) -> Option<Area> {
        let of_glyph = |glyph: &Glyph| {
            let bounds = glyph.face.font()?.glyph_bounding_box(rustybuzz::ttf_parser::GlyphId(glyph.id))?;
            let scale = glyph.face.scale(glyph.size);
            let [left, right] = [bounds.x_min, bounds.x_max].map(|x| glyph.x + f64::from(x) * scale);
            let [top, bottom] = [bounds.y_max, bounds.y_min].map(|y| glyph.y - f64::from(y) * scale);
            (right > left && bottom > top).then(|| Area::between(left, top, right, bottom))
        };
        self.glyphs.iter().filter_map(of_glyph).reduce(|all, one| all.with(one))
    }
}
