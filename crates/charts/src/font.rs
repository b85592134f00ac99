//! The four faces, bundled: which has a character, and the outline of a glyph. No font of the system is ever asked.

use std::fmt::Write as _;
use std::sync::OnceLock;

use rustybuzz::ttf_parser::{GlyphId, OutlineBuilder};

/// One of the four faces of the visual language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Face {
    /// Roboto Condensed Regular: text and numbers of tables.
    Regular,
    /// Roboto Condensed Bold: names, labels, leaders.
    Bold,
    /// Bebas Neue Bold: numbers of 44 px and more.
    Figures,
    /// `DejaVu` Sans Condensed Bold: what the others lack.
    Symbols,
}

/// Stands for a character that no face has.
pub(crate) const MISSING: char = '□';

const ALL: [Face; 4] = [Face::Regular, Face::Bold, Face::Figures, Face::Symbols];

static LOADED: OnceLock<Vec<Option<rustybuzz::Face<'static>>>> = OnceLock::new();

impl Face {
    fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../fonts/RobotoCondensed-Regular.ttf"),
            Self::Bold => include_bytes!("../fonts/RobotoCondensed-Bold.ttf"),
            Self::Figures => include_bytes!("../fonts/BebasNeue-Bold.otf"),
            Self::Symbols => dejavu::sans_condensed::bold(),
        }
    }

    /// One letter for ids in an SVG.
    pub(crate) fn letter(self) -> char {
        match self {
            Self::Regular => 'r',
            Self::Bold => 'b',
            Self::Figures => 'f',
            Self::Symbols => 's',
        }
    }

    /// The parsed face. A test sees that all four are there, so nothing is ever drawn without.
    pub(crate) fn font(self) -> Option<&'static rustybuzz::Face<'static>> {
        let loaded = LOADED.get_or_init(|| ALL.iter().map(|f| rustybuzz::Face::from_slice(f.bytes(), 0)).collect());
        let index = ALL.iter().position(|face| *face == self)?;
        loaded.get(index)?.as_ref()
    }

    fn has(self, character: char) -> bool {
        self.font().is_some_and(|font| font.glyph_index(character).is_some())
    }

    /// The face that draws a character when this one is wanted, or `None` when no face has it.
    pub(crate) fn covering(self, character: char) -> Option<Self> {
        let second = if self == Self::Figures { Self::Bold } else { self };
        [self, second, Self::Symbols].into_iter().find(|face| face.has(character))
    }

    /// Pixels per font unit at a size. `DejaVu` is drawn at 92 % to match in height.
    pub(crate) fn scale(self, size: f64) -> f64 {
        let units = self.font().map_or(1000.0, |font| f64::from(font.units_per_em()));
        let matched = if self == Self::Symbols { 0.92 } else { 1.0 };
        size * matched / units
    }

    /// The outline of a glyph as SVG path data, in font units with y upwards.
    pub(crate) fn outline(self, glyph: u16) -> String {
        let mut path = PathData(String::new());
        if let Some(font) = self.font() {
            font.outline_glyph(GlyphId(glyph), &mut path);
        }
        path.0
    }
}

struct PathData(String);

impl PathData {
    fn add(&mut self, command: char, numbers: &[f32]) {
        self.0.push(command);
        for (index, number) in numbers.iter().enumerate() {
            let gap = if index > 0 && *number >= 0.0 { " " } else { "" };
            // Writing into a String cannot fail. Coordinates of fonts are whole numbers, or nearly.
            let _ = write!(self.0, "{gap}{}", (f64::from(*number) * 10.0).round() / 10.0);
        }
    }
}

impl OutlineBuilder for PathData {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[x, y]);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[x, y]);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.add('Q', &[x1, y1, x, y]);
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.add('C', &[x1, y1, x2, y2, x, y]);
    }
    fn close(&mut self) {
        self.0.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faces_are_there_and_their_digits_are_equally_wide() {
        for face in ALL {
            let font = face.font().expect("bundled");
            let widths: Vec<_> = ('0'..='9').map(|d| font.glyph_hor_advance(font.glyph_index(d).unwrap())).collect();
            assert!(widths.windows(2).all(|pair| pair[0] == pair[1]), "{face:?}: {widths:?}");
        }
    }

    #[test]
    fn a_character_goes_to_the_first_face_that_has_it() {
        let cases = [
            (Face::Regular, 'a', Some(Face::Regular)),
            (Face::Regular, 'Ж', Some(Face::Regular)),
            (Face::Bold, '★', Some(Face::Symbols)),
            (Face::Figures, '7', Some(Face::Figures)),
            (Face::Regular, 'ש', Some(Face::Symbols)),
            (Face::Regular, 'ع', Some(Face::Symbols)),
            (Face::Regular, '漢', None),
            (Face::Regular, '🦀', None),
            (Face::Regular, MISSING, Some(Face::Symbols)),
        ];
        for (wanted, character, expected) in cases {
            assert_eq!(wanted.covering(character), expected, "{character}");
        }
    }

    #[test]
    fn outlines_are_path_data() {
        let font = Face::Bold.font().unwrap();
        let outline = Face::Bold.outline(font.glyph_index('l').unwrap().0);
        assert!(outline.starts_with('M') && outline.ends_with('Z'), "{outline}");
    }
}
