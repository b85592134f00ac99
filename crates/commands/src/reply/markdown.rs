//! Text as the platform's markdown, in which no name can do anything.

use super::text::{Piece, Text};

/// Characters that mean something in markdown, in mentions, in links or at the beginning of a line.
const SPECIAL: &[char] =
    &['\\', '*', '_', '~', '`', '|', '>', '<', '#', '[', ']', '(', ')', '-', '+', '@', ':', '.', '='];

/// The text as markdown. Names are escaped; instants are shown in the reader's own time.
#[must_use]
pub fn markdown(text: &Text) -> String {
    let mut shown = String::new();
    for piece in text.pieces() {
        match piece {
            Piece::Plain(plain) => shown.push_str(plain),
            Piece::Name(name) => shown.push_str(&isolated(name, &escaped(name))),
            Piece::Strong(strong) => {
                shown.push_str("**");
                shown.push_str(strong);
                shown.push_str("**");
            }
            Piece::Instant(seconds) => shown.push_str(&format!("<t:{seconds}:R>")),
        }
    }
    shown
}

/// A name with a backslash before everything that means something.
#[must_use]
pub fn escaped(name: &str) -> String {
    let mut shown = String::with_capacity(name.len());
    for c in name.chars() {
        if SPECIAL.contains(&c) {
            shown.push('\\');
        }
        shown.push(c);
    }
    shown
}

/// A text within a code block: nothing but the end of the block means anything there.
#[must_use]
pub fn in_code(text: &str) -> String {
    text.replace('`', "\u{2cb}")
}

/// `shown` between marks that keep the direction of a right-to-left name inside of it.
pub(crate) fn isolated(name: &str, shown: &str) -> String {
    let turns = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    if name.chars().any(turns) { format!("\u{2068}{shown}\u{2069}") } else { shown.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_harmless_and_words_are_not_touched() {
        let text =
            Text::plain("**ours** ").then(&Text::name("*x*_<@123>@everyone `#1. http://a.b")).then(&Text::instant(7));
        assert_eq!(markdown(&text), "**ours** \\*x\\*\\_\\<\\@123\\>\\@everyone \\`\\#1\\. http\\://a\\.b<t:7:R>");
        assert_eq!(in_code("a```b"), "a\u{2cb}\u{2cb}\u{2cb}b");
        assert_eq!(markdown(&Text::name("שלום")), "\u{2068}שלום\u{2069}");
    }
}
