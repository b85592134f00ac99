//! How wide text is where every letter has the same width, and how it is cut and filled there.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns that a text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(grapheme_width).sum()
}

/// A family of emoji is shown as one: as wide as the first of them. A letter with its marks as wide as the letter.
fn grapheme_width(grapheme: &str) -> usize {
    grapheme.width().min(2)
}

/// The text with spaces behind it, `columns` wide; wider text stays as it is.
#[must_use]
pub fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text with spaces before it.
#[must_use]
pub fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text in lines of at most `columns`, at spaces where there are some. Nothing gets lost but spaces at the cuts.
/// A letter wider than a line gets a line of its own.
#[must_use]
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let mut current = String::new();
        let mut used = 0;
        for word in line.split(' ') {
            let gap = usize::from(!current.is_empty());
            if used + gap + width(word) <= columns {
                current.push_str(if gap == 1 { " " } else { "" });
                current.push_str(word);
                used += gap + width(word);
                continue;
            }
            if !current.is_empty() {
                lines.push(std::mem::take(&mut current));
                used = 0;
            }
            for grapheme in word.graphemes(true) {
                let wide = grapheme_width(grapheme);
                if used + wide > columns && !current.is_empty() {
                    lines.push(std::mem::take(&mut current));
                    used = 0;
                }
                current.push_str(grapheme);
                used += wide;
            }
        }
        lines.push(current);
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_any_script_have_their_width() {
        let cases = [("vid", 3), ("日本", 4), ("e\u{301}", 1), ("👨‍👩‍👧", 2), ("\u{200b}", 0), ("ﾊﾟ", 2), ("–", 1)];
        for (text, expected) in cases {
            assert_eq!(width(text), expected, "{text}");
        }
        assert_eq!(left("日", 4), "日  ");
        assert_eq!(right("日本", 3), "日本");
    }

    proptest! {
        #[test]
        fn wrapping_loses_nothing(text in "[a-z日é👩 ]{0,40}", columns in 2_usize..12) {
            let lines = wrapped(&text, columns);
            prop_assert!(lines.iter().all(|line| width(line) <= columns));
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
