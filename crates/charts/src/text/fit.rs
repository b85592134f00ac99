//! Making a text fit its column: smaller, then cut; a number is never cut in the middle.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::colour::Tone;
use crate::font::Face;

use super::setting::Setting;
use super::words::{FLOOR, Piece, Text};

/// How much of the size remains when a text is made smaller to fit.
const SMALLER: f64 = 0.85;
const CUT: &str = "…";

impl Text {
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
        let room = (width - self.with_pieces(vec![self.last_piece(CUT)]).set().width).max(0.0);
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
            let mut setting = self.with_pieces(pieces).set();
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
            setting = least.with_pieces(pieces).set();
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
        [self.with_pieces(first), self.with_pieces(second)]
    }
}

/// Whether all of it is digits and the signs that numbers are written with; if not, it is a text after all.
pub(super) fn is_number(text: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn two_lines_break_after_a_separator() {
        let name = Text::bold("The_Very_Long_Name_Of_A_Man_From_Grosupl").size(46.0);
        let [first, second] = name.two_lines(560.0);
        assert!(first.as_string().ends_with('_'), "{}", first.as_string());
        assert_eq!(first.as_string() + &second.as_string(), name.as_string());
    }
}
