//! A command line as people type it, taken apart into words. Knows quotes; knows no command.

use std::ops::Range;

/// A word of a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The text, without its quotes.
    pub text: String,
    /// Quoted words are names: they are never read as a period, a board or a view.
    pub is_quoted: bool,
    /// The name of an option in front of it: `player:"mister x"`. Without quotes the name is part of the text.
    pub option: Option<String>,
    /// Where it stands, in bytes of the line.
    pub at: Range<usize>,
}

/// Why a line cannot be taken apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// A quote that opens and does not close.
    #[error("the quote at character {character} is not closed")]
    OpenQuote {
        /// Where, counted in characters from 1.
        character: usize,
    },
    /// A line that no message can hold.
    #[error("the line has {found} characters, {most} are allowed")]
    TooLong {
        /// How many characters it has.
        found: usize,
        /// How many are allowed.
        most: usize,
    },
}

/// The longest line: what a message of Discord can hold.
pub const LONGEST_LINE: usize = 4000;

/// Quotes that open, and the one that closes each. Phones and some keyboards write the later ones by themselves.
const QUOTES: &[(char, char)] = &[('"', '"'), ('\u{201c}', '\u{201d}'), ('\u{201e}', '\u{201c}'), ('\u{ab}', '\u{bb}')];

/// The words of a line. A quote opens only at the beginning of a word, so that `6"` and `d'Artagnan` are words;
/// inside quotes, `\"` is a quote and `\\` a backslash.
///
/// # Errors
/// [`LineError`] for a quote that is not closed and for a line longer than [`LONGEST_LINE`].
pub fn words(line: &str) -> Result<Vec<Word>, LineError> {
    let found = line.chars().count();
    if found > LONGEST_LINE {
        return Err(LineError::TooLong { found, most: LONGEST_LINE });
    }
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let space: usize = rest.chars().take_while(|c| is_space(*c)).map(char::len_utf8).sum();
        at += space;
        if let Some(word) = line.get(at..).filter(|rest| !rest.is_empty()).map(|rest| word(rest, at, line)) {
            let word = word?;
            at = word.at.end;
            words.push(word);
        }
    }
    Ok(words)
}

/// The word that `rest` begins with, which stands at `start` of the line.
fn word(rest: &str, start: usize, line: &str) -> Result<Word, LineError> {
    let option = option_before_quote(rest);
    let before = option.map_or(0, |option| option.len() + 1);
    let opened = rest.get(before..).and_then(|rest| rest.chars().next()).filter(|_| before == 0 || option.is_some());
    let Some((open, close)) = QUOTES.iter().find(|(open, _)| Some(*open) == opened).copied() else {
        let text: String = rest.chars().take_while(|c| !is_space(*c)).collect();
        let end = start + text.len();
        return Ok(Word { text, is_quoted: false, option: None, at: start..end });
    };
    let inside = before + open.len_utf8();
    let Some((text, length)) = rest.get(inside..).and_then(|rest| inside_quotes(rest, close)) else {
        let character = line.get(..start + before).map_or(0, |before| before.chars().count()) + 1;
        return Err(LineError::OpenQuote { character });
    };
    let end = start + inside + length;
    Ok(Word { text, is_quoted: true, option: option.map(str::to_owned), at: start..end })
}

/// The `player` of `player:"…`.
fn option_before_quote(rest: &str) -> Option<&str> {
    let (option, value) = rest.split_once(':')?;
    let is_name = !option.is_empty() && option.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let is_quoted = value.chars().next().is_some_and(|first| QUOTES.iter().any(|(open, _)| *open == first));
    (is_name && is_quoted).then_some(option)
}

/// The text up to the closing quote, and its length in bytes with that quote; `None` when it is not closed.
fn inside_quotes(rest: &str, close: char) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut is_escaped = false;
    for (at, next) in rest.char_indices() {
        if is_escaped {
            if next != close && next != '\\' {
                text.push('\\');
            }
            text.push(next);
            is_escaped = false;
        } else if next == '\\' {
            is_escaped = true;
        } else if next == close {
            return Some((text, at + next.len_utf8()));
        } else {
            text.push(next);
        }
    }
    None
}

/// A word as it must be typed to be read back as one word.
#[must_use]
pub fn quoted(text: &str) -> String {
    let must = text.is_empty()
        || text.chars().any(is_space)
        || text.chars().next().is_some_and(|first| QUOTES.iter().any(|(open, _)| *open == first));
    if must { in_quotes(text) } else { text.to_owned() }
}

/// A word in quotes, whatever it is: so it is a name and nothing else.
#[must_use]
pub fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Spaces and control characters separate words: none of them belongs into a name that is typed.
fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(line: &str) -> Vec<String> {
        words(line).unwrap().into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn words_are_separated_by_spaces_and_held_together_by_quotes() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("  stats   vid ", &["stats", "vid"]),
            ("stats \"mister x\" 30d", &["stats", "mister x", "30d"]),
            ("stats \u{201c}mister x\u{201d}", &["stats", "mister x"]),
            ("stats \u{201e}mister x\u{201c}", &["stats", "mister x"]),
            ("stats \u{ab}mister x\u{bb}", &["stats", "mister x"]),
            (r#"stats "a \"b\" \\ \c""#, &["stats", r#"a "b" \ \c"#]),
            ("stats d\"Artagnan 6\"", &["stats", "d\"Artagnan", "6\""]),
            ("stats \"\"", &["stats", ""]),
            ("\"a\"b", &["a", "b"]),
            ("stats\tvid\nx", &["stats", "vid", "x"]),
            ("stats player:\"mister x\" y", &["stats", "mister x", "y"]),
            ("stats player:vid a:b:\"c d", &["stats", "player:vid", "a:b:\"c", "d"]),
        ];
        for (line, expected) in cases {
            assert_eq!(texts(line), *expected, "{line}");
        }
    }

    #[test]
    fn an_open_quote_is_named_with_its_place() {
        assert_eq!(words("größe \"mister x"), Err(LineError::OpenQuote { character: 7 }));
        let long = "x".repeat(LONGEST_LINE + 1);
        assert_eq!(words(&long), Err(LineError::TooLong { found: LONGEST_LINE + 1, most: LONGEST_LINE }));
    }

    proptest! {
        #[test]
        fn a_quoted_word_is_read_back(text in "[^\\p{Cc}]{0,20}") {
            let line = format!("stats {} end", quoted(&text));
            prop_assert_eq!(texts(&line), vec!["stats".to_owned(), text, "end".to_owned()]);
        }

        #[test]
        fn places_are_those_of_the_words(line in ".{0,60}") {
            if let Ok(words) = words(&line) {
                for word in words {
                    let there = line.get(word.at.clone());
                    prop_assert!(there.is_some());
                    if !word.is_quoted {
                        prop_assert_eq!(there, Some(word.text.as_str()));
                    }
                }
            }
        }
    }
}
