//! What to write: pieces of one face and one tone, and how large.

use crate::colour::Tone;
use crate::font::{Face, MISSING};
use crate::name::{Name, visible};

use super::fit::is_number;
use super::map_name::map_parts;
use super::runs::shape;
use super::setting::Setting;

/// The smallest size of text, in pixels of the drawing: 9.3 px where a phone shows it 360 px wide.
pub(crate) const FLOOR: f64 = 28.0;

/// Part of a text in one face and one tone.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(super) text: String,
    pub(super) face: Face,
    pub(super) tone: Tone,
}

/// From which side a text with letters of both directions is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// From the side of its first letter: a name by itself.
    OfItsOwn,
    /// From the left, whatever names are in it: a text of ours.
    FromTheLeft,
}

/// What to write: pieces, a size, and what to do when it is too long.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(super) pieces: Vec<Piece>,
    pub(super) size: f64,
    /// Added between letters, in pixels.
    tracking: f64,
    pub(super) is_number: bool,
    reading: Reading,
    /// What it stands on.
    ground: Tone,
}

impl Text {
    fn new(pieces: Vec<Piece>, size: f64) -> Self {
        Self { pieces, size, tracking: 0.0, is_number: false, reading: Reading::FromTheLeft, ground: Tone::Ground }
    }

    fn one(text: &str, face: Face, tone: Tone) -> Self {
        Self::new(vec![Piece { text: drawable(&visible(text)), face, tone }], FLOOR)
    }

    /// Ordinary text.
    pub(crate) fn plain(text: &str) -> Self {
        Self::one(text, Face::Regular, Tone::Sand)
    }

    /// Bold text.
    pub(crate) fn bold(text: &str) -> Self {
        Self::one(text, Face::Bold, Tone::Chalk)
    }

    /// A label of ours: capitals, bold, spaced.
    pub(crate) fn label(text: &str) -> Self {
        let mut label = Self::one(&text.to_uppercase(), Face::Bold, Tone::Grey);
        label.tracking = FLOOR * 0.06;
        label
    }

    /// Whether it is set in figures.
    pub(crate) fn is_number(&self) -> bool {
        self.is_number
    }

    /// A big number, which needs 44 px or more. What is no number after all is bold text.
    pub(crate) fn figures(text: &str, size: f64) -> Self {
        if !is_number(text) {
            return Self::bold(text).size(size.min(30.0));
        }
        let mut figures = Self::one(text, Face::Figures, Tone::Chalk).size(size);
        figures.is_number = true;
        figures
    }

    /// A number in a table: never cut in the middle, because that would be another number.
    pub(crate) fn number(text: &str) -> Self {
        let mut number = Self::one(text, Face::Regular, Tone::Sand).size(32.0);
        number.is_number = true;
        number
    }

    /// A name in its own colours where the ground allows them, else in chalk (on chalk: in the ground's tone).
    pub(crate) fn name(name: &Name, is_bold: bool, ground: Tone) -> Self {
        let face = if is_bold { Face::Bold } else { Face::Regular };
        let ordinary = if ground == Tone::Chalk { Tone::Ground } else { Tone::Chalk };
        let piece = |(_, text, colour): (usize, &str, Option<_>)| {
            let own = colour.map(Tone::Own).filter(|tone| tone.reads_on(ground));
            Piece { text: drawable(text), face, tone: own.unwrap_or(ordinary) }
        };
        let pieces: Vec<Piece> = name.spans().map(piece).collect();
        Self { reading: Reading::OfItsOwn, ground, ..Self::new(pieces, 32.0) }
    }

    /// The name of a map: what the server wrote, the usual prefix and suffix in grey.
    pub(crate) fn map(map: &str) -> Self {
        let clean = Name::plain(map);
        let (prefix, name, suffix) = map_parts(clean.as_str());
        let mut pieces = Vec::new();
        for (text, face, tone) in
            [(prefix, Face::Regular, Tone::Grey), (name, Face::Bold, Tone::Chalk), (suffix, Face::Regular, Tone::Grey)]
        {
            if !text.is_empty() {
                pieces.push(Piece { text: drawable(text), face, tone });
            }
        }
        Self::new(pieces, 32.0)
    }

    /// The name of a map without prefix and suffix.
    pub(crate) fn main_of_map(map: &str) -> Self {
        let whole = Self::map(map).size(FLOOR);
        whole.without_affixes().unwrap_or(whole)
    }

    pub(crate) fn size(mut self, size: f64) -> Self {
        self.size = size;
        self
    }

    /// Another tone for all of it.
    pub(crate) fn tone(mut self, tone: Tone) -> Self {
        self.pieces.iter_mut().for_each(|piece| piece.tone = tone);
        self
    }

    /// What it stands on, if not on the card itself.
    pub(crate) fn on(mut self, ground: Tone) -> Self {
        self.ground = ground;
        self
    }

    /// Bold from here on.
    pub(crate) fn heavy(mut self) -> Self {
        self.pieces.iter_mut().for_each(|piece| piece.face = Face::Bold);
        self
    }

    /// Other pieces, and all else as it is.
    pub(super) fn with_pieces(&self, pieces: Vec<Piece>) -> Self {
        Self { pieces, ..self.clone() }
    }

    /// Only the main part of a map's name.
    pub(super) fn without_affixes(&self) -> Option<Self> {
        let main: Vec<Piece> = self.pieces.iter().filter(|piece| piece.face == Face::Bold).cloned().collect();
        let fewer = !main.is_empty() && main.len() < self.pieces.len();
        fewer.then(|| self.with_pieces(main))
    }

    pub(crate) fn ground(&self) -> Tone {
        self.ground
    }

    pub(crate) fn as_string(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// Measured as it is, however wide.
    pub(crate) fn set(&self) -> Setting {
        let scaled_tracking = self.tracking * self.size / FLOOR;
        shape(&self.pieces, self.size, scaled_tracking, self.reading)
    }
}

/// Every character that no face has becomes the box, one for one.
fn drawable(text: &str) -> String {
    let mut drawn = String::with_capacity(text.len());
    for character in text.chars() {
        drawn.push(if Face::Bold.covering(character).is_some() { character } else { MISSING });
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_face_has_becomes_a_box_one_for_one() {
        assert_eq!(Text::plain("漢a🦀").as_string(), "□a□");
    }

    #[test]
    fn a_colour_that_does_not_read_on_its_ground_gives_way() {
        let dark = Text::name(&Name::new("^4navy"), false, Tone::Ground);
        assert_eq!(dark.pieces[0].tone, Tone::Chalk);
        let green = Text::name(&Name::new("^2green"), false, Tone::Ground);
        assert!(matches!(green.pieces[0].tone, Tone::Own(_)));
        let on_chalk = Text::name(&Name::new("^2green"), false, Tone::Chalk);
        assert_eq!(on_chalk.pieces[0].tone, Tone::Ground);
    }
}
