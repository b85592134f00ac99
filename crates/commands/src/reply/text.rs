//! Text for people in which names are marked, so that each front end can make them harmless in its own way.

use std::fmt;

/// Marks around names and emphasis. Private-use characters: no keyboard makes them, and names lose theirs.
const NAME: (char, char) = ('\u{f8f0}', '\u{f8f1}');
const STRONG: (char, char) = ('\u{f8f2}', '\u{f8f3}');
/// Marks around an instant, in seconds since 1970.
const INSTANT: (char, char) = ('\u{f8f4}', '\u{f8f5}');

/// Text with marks. Made of plain text of ours, names of others, and texts of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(String);

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Our own words.
    Plain(&'a str),
    /// Somebody's name: anything may stand in it.
    Name(&'a str),
    /// Our own words with weight.
    Strong(&'a str),
    /// An instant, seconds since 1970 UTC: shown as time of the reader where that is possible.
    Instant(i64),
}

impl Text {
    /// Our own words. Marks in them are dropped.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        Self(without_marks(text))
    }

    /// A name of a player, team, map or file.
    #[must_use]
    pub fn name(name: &str) -> Self {
        Self(format!("{}{}{}", NAME.0, clean_name(name), NAME.1))
    }

    /// Words with weight.
    #[must_use]
    pub fn strong(text: &str) -> Self {
        Self(format!("{}{}{}", STRONG.0, without_marks(text), STRONG.1))
    }

    /// An instant, seconds since 1970 UTC.
    #[must_use]
    pub fn instant(seconds: i64) -> Self {
        Self(format!("{}{seconds}{}", INSTANT.0, INSTANT.1))
    }

    /// A text of the catalogue, whose marks came in with its arguments.
    pub(crate) const fn marked(text: String) -> Self {
        Self(text)
    }

    /// The text with its marks, as an argument of the catalogue.
    pub(crate) fn as_marked(&self) -> &str {
        &self.0
    }

    /// This text and another behind it.
    #[must_use]
    pub fn then(mut self, other: &Self) -> Self {
        self.0.push_str(&other.0);
        self
    }

    /// Texts in a row, separated by commas.
    #[must_use]
    pub fn list(texts: impl IntoIterator<Item = Self>) -> Self {
        texts.into_iter().enumerate().fold(Self::default(), |list, (index, text)| {
            let list = if index > 0 { list.then(&Self::plain(", ")) } else { list };
            list.then(&text)
        })
    }

    /// Whether nothing would be shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces().next().is_none()
    }

    /// Its pieces. Marks that do not match are left out.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let mut rest = self.0.as_str();
        std::iter::from_fn(move || {
            while !rest.is_empty() {
                let (piece, behind) = next_piece(rest);
                rest = behind;
                if piece.is_some() {
                    return piece;
                }
            }
            None
        })
    }

    /// The text without marks; instants as seconds.
    #[must_use]
    pub fn to_plain(&self) -> String {
        without_marks(&self.0)
    }
}

fn next_piece(rest: &str) -> (Option<Piece<'_>>, &str) {
    let is_mark = |c: char| ('\u{f8f0}'..='\u{f8f5}').contains(&c);
    let Some(first) = rest.chars().next() else { return (None, "") };
    if !is_mark(first) {
        let (plain, behind) = rest.split_at(rest.find(is_mark).unwrap_or(rest.len()));
        return (Some(Piece::Plain(plain)), behind);
    }
    let behind = rest.get(first.len_utf8()..).unwrap_or_default();
    let inside = behind.get(..behind.find(is_mark).unwrap_or(behind.len())).unwrap_or_default();
    let piece = match first {
        c if inside.is_empty() || c != NAME.0 && c != STRONG.0 && c != INSTANT.0 => return (None, behind),
        c if c == NAME.0 => Some(Piece::Name(inside)),
        c if c == STRONG.0 => Some(Piece::Strong(inside)),
        _ => inside.parse().ok().map(Piece::Instant),
    };
    (piece, behind.get(inside.len()..).unwrap_or_default())
}

fn without_marks(text: &str) -> String {
    text.chars().filter(|c| !('\u{f8f0}'..='\u{f8f5}').contains(c)).collect()
}

/// A name without marks of ours, line ends, other control characters, and characters that turn the direction of what
/// stands behind them.
fn clean_name(name: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}');
    let is_fine = |c: &char| !c.is_control() && !turns(*c) && !matches!(c, '\u{2028}' | '\u{2029}');
    let clean: String = without_marks(name).chars().filter(is_fine).collect();
    // A name that nobody could see or point at.
    if clean.trim().is_empty() { "(no name)".to_owned() } else { clean }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_plain())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_apart_from_words() {
        let text = Text::plain("MVP ").then(&Text::name("*vid*\n")).then(&Text::strong("42")).then(&Text::instant(-5));
        let pieces: Vec<_> = text.pieces().collect();
        assert_eq!(pieces, [Piece::Plain("MVP "), Piece::Name("*vid*"), Piece::Strong("42"), Piece::Instant(-5)]);
        assert_eq!(text.to_string(), "MVP *vid*42-5");
    }

    #[test]
    fn a_name_cannot_bring_marks_or_turn_the_line() {
        let hostile = "\u{f8f1}x\u{f8f2}\u{202e}y\u{2066}";
        assert_eq!(Text::name(hostile).pieces().collect::<Vec<_>>(), [Piece::Name("xy")]);
        assert_eq!(Text::name("\u{200f} ").pieces().collect::<Vec<_>>(), [Piece::Name("(no name)")]);
        assert!(Text::plain("\u{f8f0}").is_empty());
    }
}
