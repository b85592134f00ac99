//! Text in runs: each character in a face that has it, in the order it is read, measured before it is drawn.

use rustybuzz::{Direction, UnicodeBuffer};
use unicode_bidi::BidiInfo;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::colour::Tone;
use crate::font::{Face, MISSING};
use crate::geometry::Area;
use crate::name::{Name, visible};

/// The smallest size of text, in pixels of the drawing: 9.3 px where a phone shows it 360 px wide.
pub(crate) const FLOOR: f64 = 28.0;
/// How much of the size remains when a text is made smaller to fit.
const SMALLER: f64 = 0.85;
const CUT: &str = "…";

/// Part of a text in one face and one tone.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    text: String,
    face: Face,
    tone: Tone,
}

/// What to write: pieces, a size, and what to do when it is too long.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pieces: Vec<Piece>,
    size: f64,
    /// Added between letters, in pixels.
    tracking: f64,
    is_number: bool,
    /// What it stands on.
    ground: Tone,
}

impl Text {
    fn one(text: &str, face: Face, tone: Tone) -> Self {
        let piece = Piece { text: drawable(&visible(text)), face, tone };
        Self { pieces: vec![piece], size: FLOOR, tracking: 0.0, is_number: false, ground: Tone::Ground }
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
        let pieces = name.spans().map(piece).collect();
        Self { pieces, size: 32.0, tracking: 0.0, is_number: false, ground }
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
        Self { pieces, size: 32.0, tracking: 0.0, is_number: false, ground: Tone::Ground }
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

    /// Only the main part of a map's name.
    fn without_affixes(&self) -> Option<Self> {
        let main: Vec<Piece> = self.pieces.iter().filter(|piece| piece.face == Face::Bold).cloned().collect();
        let fewer = !main.is_empty() && main.len() < self.pieces.len();
        fewer.then(|| Self { pieces: main, ..self.clone() })
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
        shape(&self.pieces, self.size, scaled_tracking)
    }

    /// Measured, made smaller and cut as the design says, so that it is at most so wide.
    pub(crate) fn fitted(&self, width: f64) -> Setting {
        let whole = self.set();
        if whole.extent() <= width {
            return whole;
        }
        if self.is_number {
            return self.fitted_number(width);
        }
        let smaller = self.clone().size((self.size * SMALLER).max(FLOOR.min(self.size)));
        let setting = smaller.set();
        if setting.extent() <= width {
            return setting;
        }
        if let Some(main) = smaller.without_affixes() {
            return main.fitted(width);
        }
        smaller.cut(&setting, width)
    }

    fn cut(&self, whole: &Setting, width: f64) -> Setting {
        let room = (width - Self { pieces: vec![self.last_piece(CUT)], ..self.clone() }.set().width).max(0.0);
        let text = self.as_string();
        let mut ends: Vec<usize> = Vec::new();
        for (at, grapheme) in text.grapheme_indices(true) {
            if whole.width_before(at + grapheme.len()) > room {
                break;
            }
            ends.push(at + grapheme.len());
        }
        // Letters change their width when others follow no more, so the first guess may be a little too long.
        loop {
            let end = ends.pop().unwrap_or(0);
            let head = text.get(..end).unwrap_or_default().trim_end();
            let mut pieces = self.head(head.len());
            pieces.push(self.last_piece(CUT));
            let mut setting = Self { pieces, ..self.clone() }.set();
            if setting.extent() <= width || end == 0 {
                setting.is_cut = true;
                return setting;
            }
        }
    }

    fn last_piece(&self, text: &str) -> Piece {
        let (face, tone) = self.pieces.last().map_or((Face::Regular, Tone::Sand), |piece| (piece.face, piece.tone));
        Piece { text: text.to_owned(), face, tone }
    }

    /// The pieces up to a byte of the whole text.
    fn head(&self, end: usize) -> Vec<Piece> {
        let mut left = end;
        let mut pieces = Vec::new();
        for piece in &self.pieces {
            let part = piece.text.get(..left.min(piece.text.len())).unwrap_or_default();
            if !part.is_empty() {
                pieces.push(Piece { text: part.to_owned(), ..piece.clone() });
            }
            left = left.saturating_sub(piece.text.len());
        }
        pieces
    }

    /// A number is made smaller, then loses its decimals; one that still does not fit becomes a smaller one that it
    /// is more than: `>99,999`.
    fn fitted_number(&self, width: f64) -> Setting {
        for share in [SMALLER, 0.7, 0.6, 0.5] {
            let setting = self.clone().size((self.size * share).max(FLOOR.min(self.size))).in_readable_face().set();
            if setting.width <= width {
                return setting;
            }
        }
        let least = self.clone().size(FLOOR.min(self.size)).in_readable_face();
        if !is_number(&self.as_string()) {
            return least.cut(&least.set(), width);
        }
        let mut setting = Setting::default();
        for bound in bounds(&self.as_string()) {
            let mut pieces = vec![least.last_piece("")];
            pieces.iter_mut().for_each(|piece| piece.text.clone_from(&bound));
            setting = Self { pieces, ..least.clone() }.set();
            if setting.width <= width {
                break;
            }
        }
        setting.is_cut = true;
        setting
    }

    /// Bebas is for 44 px and more only.
    fn in_readable_face(mut self) -> Self {
        if self.size < 44.0 {
            for piece in self.pieces.iter_mut().filter(|piece| piece.face == Face::Figures) {
                piece.face = Face::Bold;
            }
        }
        self
    }

    /// In two lines, broken after `_ . - |` or a blank, if both then fit; the second is cut if it must be.
    pub(crate) fn two_lines(&self, width: f64) -> [Self; 2] {
        let text = self.as_string();
        let whole = self.set();
        let mut best = None;
        for (at, grapheme) in text.grapheme_indices(true) {
            let end = at + grapheme.len();
            if whole.width_before(end) > width {
                break;
            }
            let breaks = grapheme.ends_with(['_', '.', '-', '|', ' ']);
            match best {
                Some((_, true)) if !breaks => {}
                _ => best = Some((end, breaks)),
            }
        }
        let end = best.map_or(text.len(), |(end, _)| end);
        let first = self.head(end);
        let mut left = end;
        let mut second = Vec::new();
        for piece in &self.pieces {
            if let Some(rest) = piece.text.get(left.min(piece.text.len())..).filter(|rest| !rest.is_empty()) {
                second.push(Piece { text: rest.to_owned(), ..piece.clone() });
            }
            left = left.saturating_sub(piece.text.len());
        }
        [Self { pieces: first, ..self.clone() }, Self { pieces: second, ..self.clone() }]
    }
}

/// Whether all of it is digits and the signs that numbers are written with; if not, it is a text after all.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || ",.:-−–± %><".contains(c))
}

/// Shorter ways to write a number, the nearest first: without decimals, then what it is certainly beyond.
fn bounds(number: &str) -> Vec<String> {
    let is_negative = number.starts_with(['-', '−']);
    let sign = if is_negative { "<−" } else { ">" };
    if number.contains(':') {
        // Only hours upon hours are too long for a column.
        return [">9:59:59", ">99:59", ">9:59"].map(str::to_owned).to_vec();
    }
    let whole = number.split('.').next().unwrap_or(number);
    let digits = whole.chars().filter(char::is_ascii_digit).count();
    let lower = (0..digits.min(18)).rev().map(|digits| {
        let power = 10_u64.pow(u32::try_from(digits).unwrap_or(0));
        format!("{sign}{}", crate::numbers::count(power - 1))
    });
    std::iter::once(whole.to_owned()).chain(lower).collect()
}

/// Every character that no face has becomes the box, one for one.
fn drawable(text: &str) -> String {
    let mut drawn = String::with_capacity(text.len());
    for character in text.chars() {
        drawn.push(if Face::Bold.covering(character).is_some() { character } else { MISSING });
    }
    drawn
}

/// Prefix, name and suffix of a map, as mappers use them.
fn map_parts(map: &str) -> (&str, &str, &str) {
    const PREFIXES: [&str; 9] = ["etl_", "et_", "sw_", "te_", "sp_", "mp_", "sos_", "ctf_", "mml_"];
    let mut start = 0;
    while let Some(rest) = map.get(start..)
        && let Some(prefix) = PREFIXES.iter().find(|p| rest.len() > p.len() && rest.starts_with(*p))
    {
        start += prefix.len();
    }
    let name = map.get(start..).unwrap_or_default();
    let end = name.rfind('_').filter(|at| *at > 0 && name.get(at + 1..).is_some_and(is_version)).unwrap_or(name.len());
    let (name, suffix) = name.split_at(end);
    (map.get(..start).unwrap_or_default(), name, suffix)
}

/// `te`, `final`, `b4`, `t2`, `v12`.
fn is_version(word: &str) -> bool {
    let digits =
        word.strip_prefix(['b', 't', 'v', 'r']).is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    digits || matches!(word, "te" | "final" | "beta" | "sw" | "etl")
}

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
    advance: f64,
    /// The byte of the text it belongs to.
    cluster: usize,
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
    fn width_before(&self, end: usize) -> f64 {
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

/// A stretch of one direction, one face and one kind of script.
struct Run {
    from: usize,
    to: usize,
    face: Face,
    is_rtl: bool,
}

fn shape(pieces: &[Piece], size: f64, tracking: f64) -> Setting {
    let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
    let mut setting = Setting { size, ..Setting::default() };
    let mut pen = 0.0;
    for run in visual_runs(&text, pieces) {
        let Some(font) = run.face.font() else { continue };
        let scale = run.face.scale(size);
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text.get(run.from..run.to).unwrap_or_default());
        buffer.set_direction(if run.is_rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.guess_segment_properties();
        let shaped = rustybuzz::shape(font, &[], buffer);
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let cluster = run.from + usize::try_from(info.cluster).unwrap_or_default();
            let advance = f64::from(position.x_advance) * scale + tracking;
            setting.glyphs.push(Glyph {
                face: run.face,
                id: u16::try_from(info.glyph_id).unwrap_or_default(),
                x: pen + f64::from(position.x_offset) * scale,
                y: -f64::from(position.y_offset) * scale,
                size,
                tone: tone_at(pieces, cluster),
                advance,
                cluster,
            });
            pen += advance;
        }
    }
    setting.width = (pen - tracking).max(0.0);
    setting.text = text;
    setting
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
fn visual_runs(text: &str, pieces: &[Piece]) -> Vec<Run> {
    if text.chars().all(|c| u32::from(c) < 0x590) {
        return split(text, pieces, (0..text.len(), false));
    }
    let bidi = BidiInfo::new(text, None);
    let mut runs = Vec::new();
    for paragraph in &bidi.paragraphs {
        let (levels, visual) = bidi.visual_runs(paragraph, paragraph.range.clone());
        for range in visual {
            let is_rtl = levels.get(range.start).is_some_and(unicode_bidi::Level::is_rtl);
            let mut parts = split(text, pieces, (range, is_rtl));
            if is_rtl {
                parts.reverse();
            }
            runs.extend(parts);
        }
    }
    runs
}

/// In reading order. A blank stays with what is before it.
fn split(text: &str, pieces: &[Piece], (range, is_rtl): (std::ops::Range<usize>, bool)) -> Vec<Run> {
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

    #[test]
    fn maps_are_told_from_their_affixes() {
        let cases = [
            ("supply", ("", "supply", "")),
            ("etl_sp_delivery", ("etl_sp_", "delivery", "")),
            ("sw_goldrush_te", ("sw_", "goldrush", "_te")),
            ("braundorf_b4", ("", "braundorf", "_b4")),
            ("te_escape2", ("te_", "escape2", "")),
            ("etl_", ("", "etl_", "")),
            ("_te", ("", "_te", "")),
            ("a_map_with_a_name", ("", "a_map_with_a_name", "")),
        ];
        for (map, expected) in cases {
            assert_eq!(map_parts(map), expected, "{map}");
        }
    }

    #[test]
    fn what_does_not_fit_is_made_smaller_and_then_cut() {
        let name = Text::bold("The_Very_Long_Name_Of_A_Man_From_Grosuplje").size(40.0);
        let whole = name.set().width;
        assert!((name.fitted(whole).size - 40.0).abs() < 0.01);
        let smaller = name.fitted(whole * 0.9);
        assert!((smaller.size - 34.0).abs() < 0.01 && !smaller.is_cut);
        for share in [0.8, 0.5, 0.2, 0.05, 0.0] {
            let cut = name.fitted(whole * share);
            assert!(cut.is_cut && cut.text.ends_with('…'));
            assert!(cut.width <= (whole * share).max(30.0), "{share}");
        }
    }

    #[test]
    fn a_number_is_never_cut_in_the_middle() {
        let number = Text::number("18,446,744,073,709,551,615");
        let cut = number.fitted(120.0);
        assert_eq!(cut.text, ">999,999");
        assert!(cut.width <= 120.0);
        assert_eq!(Text::number("123").fitted(120.0).text, "123");
        assert_eq!(Text::number("123.456").fitted(50.0).text, "123");
        assert_eq!(Text::number("12,345.6").fitted(60.0).text, ">999");
        assert_eq!(Text::number("−12,345").fitted(60.0).text, "<−99");
        assert!(Text::number("not a number at all").fitted(120.0).text.ends_with('…'));
        assert_eq!(Text::number("1,234:10:20").fitted(88.0).text, ">99:59");
    }

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

    #[test]
    fn two_lines_break_after_a_separator() {
        let name = Text::bold("The_Very_Long_Name_Of_A_Man_From_Grosupl").size(46.0);
        let [first, second] = name.two_lines(560.0);
        assert!(first.as_string().ends_with('_'), "{}", first.as_string());
        assert_eq!(first.as_string() + &second.as_string(), name.as_string());
    }
}
