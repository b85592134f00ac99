//! Names of players, teams and maps as people gave them, and what of them can be drawn.

use unicode_normalization::char::{compose, is_combining_mark};

use crate::colour::{Rgb, of_code};

/// More characters than any name that the game lets people have; a guard against nonsense.
const MOST_CHARACTERS: usize = 128;
/// What stands where nothing visible was given.
const NOTHING: &str = "no name";

/// A name: visible characters with the colours that its owner gave them.
///
/// Colour codes (`^` and a character) become colours; control, format and combining characters go, unless a mark and
/// its letter are one character; blanks collapse. What has nothing visible is `no name`.
///
/// ```
/// use fullhold_charts::Name;
/// assert_eq!(Name::new("^1full^7hold").as_str(), "fullhold");
/// assert_eq!(Name::new("e\u{301}t\u{200b}  x").as_str(), "ét x");
/// assert_eq!(Name::new("^1 ^7\u{202e}").as_str(), "no name");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    text: String,
    /// Where a colour begins (byte), in order.
    colours: Vec<(usize, Option<Rgb>)>,
}

impl Name {
    /// A name as the game writes it, with colour codes.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        Self::clean(raw, true)
    }

    /// A text without colour codes: `^` is itself.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        Self::clean(text, false)
    }

    fn clean(raw: &str, with_codes: bool) -> Self {
        let mut letters: Vec<(char, Option<Rgb>)> = Vec::new();
        let mut colour = None;
        let mut characters = raw.chars().peekable();
        while let Some(character) = characters.next() {
            if with_codes
                && character == '^'
                && let Some(code) = characters.next_if(|next| is_code(*next))
            {
                colour = of_code(code);
                continue;
            }
            if letters.len() >= MOST_CHARACTERS {
                break;
            }
            add(&mut letters, character, colour);
        }
        while letters.last().is_some_and(|(last, _)| *last == ' ') {
            letters.pop();
        }
        if letters.is_empty() {
            return Self { text: NOTHING.to_owned(), colours: Vec::new() };
        }
        let mut name = Self { text: String::new(), colours: Vec::new() };
        let mut before = None;
        for (letter, colour) in letters {
            if colour != before {
                name.colours.push((name.text.len(), colour));
                before = colour;
            }
            name.text.push(letter);
        }
        name
    }

    /// The name without colours.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name with a clan tag left out, as under the head of its team. The whole name if nothing would be left.
    ///
    /// ```
    /// use fullhold_charts::Name;
    /// assert_eq!(Name::new("^4=VK=^7osip").without_tag("=vk=").as_str(), "osip");
    /// assert_eq!(Name::new("VK").without_tag("VK").as_str(), "VK");
    /// ```
    #[must_use]
    pub fn without_tag(&self, tag: &str) -> Self {
        let tag = tag.trim().to_lowercase();
        let separators = |c: char| c.is_whitespace() || "._-|/\\:=#*".contains(c);
        let ends = self.text.char_indices().map(|(at, c)| (at, at + c.len_utf8()));
        let (mut from, mut to) = (0, self.text.len());
        if tag.is_empty() {
            return self.clone();
        }
        for (start, end) in ends {
            if self.text.get(..end).is_some_and(|head| head.to_lowercase() == tag) {
                from = end;
            }
            if from == 0 && self.text.get(start..).is_some_and(|tail| tail.to_lowercase() == tag) {
                to = start;
            }
        }
        if from == 0 && to == self.text.len() {
            return self.clone();
        }
        let rest = self.text.get(from..to).unwrap_or_default();
        let kept = rest.trim_matches(separators);
        if kept.is_empty() {
            return self.clone();
        }
        let from = from + rest.find(kept).unwrap_or(0);
        let to = from + kept.len();
        let first = self.spans().filter(|(at, _, _)| *at <= from).last().map(|(_, _, colour)| (0, colour));
        let later = self.colours.iter().filter(|(at, _)| *at > from && *at < to).map(|(at, c)| (at - from, *c));
        Self { text: kept.to_owned(), colours: first.into_iter().chain(later).collect() }
    }

    /// Pieces of one colour: where each begins, its text, its colour (`None`: the ordinary one).
    pub(crate) fn spans(&self) -> impl Iterator<Item = (usize, &str, Option<Rgb>)> {
        let starts = std::iter::once((0, None)).chain(self.colours.iter().copied());
        let ends = self.colours.iter().map(|(at, _)| *at).chain(std::iter::once(self.text.len()));
        starts.zip(ends).filter_map(|((from, colour), to)| {
            let text = self.text.get(from..to)?;
            (!text.is_empty()).then_some((from, text, colour))
        })
    }
}

/// What of any text can be seen; may be nothing.
pub(crate) fn visible(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, 0x21..=0x7E)) {
        return text.to_owned();
    }
    let name = Name::plain(text);
    if name.text == NOTHING && !text.contains(NOTHING) { String::new() } else { name.text }
}

impl From<&str> for Name {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

fn add(letters: &mut Vec<(char, Option<Rgb>)>, character: char, colour: Option<Rgb>) {
    if is_blank(character) {
        if letters.last().is_some_and(|(last, _)| *last != ' ') {
            letters.push((' ', colour));
        }
        return;
    }
    if is_combining_mark(character) {
        if let Some((last, _)) = letters.last_mut()
            && let Some(both) = compose(*last, character)
        {
            *last = both;
        }
        return;
    }
    if !character.is_control() && !is_format(character) {
        letters.push((character, colour));
    }
}

/// What may follow `^` in a colour code, by the rule of the game engine: visible and not a caret.
fn is_code(character: char) -> bool {
    character != '^' && !character.is_whitespace() && !character.is_control()
}

/// Shows as a gap. Line ends and tabs are gaps too; Hangul fillers and the empty Braille pattern only look like letters.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{115F}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}')
}

/// General category Cf, variation selectors, and what else is drawn as nothing.
fn is_format(character: char) -> bool {
    matches!(u32::from(character),
        0xAD | 0x600..=0x605 | 0x61C | 0x6DD | 0x70F | 0x890 | 0x891 | 0x8E2 | 0x180B..=0x180F | 0x200B..=0x200F
        | 0x202A..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xFEFF | 0xFFF0..=0xFFFB | 0x110BD | 0x110CD
        | 0x13430..=0x1343F | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned() {
        let cases = [
            ("plain", "plain"),
            ("^1full^7hold", "fullhold"),
            ("a^^1b", "a^b"),
            ("end^", "end^"),
            ("a ^ b", "a ^ b"),
            ("  a \t\n b  ", "a b"),
            ("e\u{301}", "é"),
            ("z\u{334}\u{301}a\u{334}l", "źal"),
            ("\u{202e}gnp\u{202c}", "gnp"),
            ("👨\u{200d}👩", "👨👩"),
            ("❤\u{fe0f}", "❤"),
            ("\u{3164}", "no name"),
            ("", "no name"),
            ("^1", "no name"),
            ("@everyone", "@everyone"),
        ];
        for (raw, expected) in cases {
            assert_eq!(Name::new(raw).as_str(), expected, "{raw:?}");
        }
        assert_eq!(Name::plain("pix^el").as_str(), "pix^el");
        assert_eq!(Name::new(&"x".repeat(5_000)).as_str().len(), MOST_CHARACTERS);
    }

    #[test]
    fn pieces_carry_their_colour() {
        let name = Name::new("a^1b^7c");
        let spans: Vec<_> = name.spans().map(|(at, text, colour)| (at, text, colour.is_some())).collect();
        assert_eq!(spans, [(0, "a", false), (1, "b", true), (2, "c", false)]);
    }

    #[test]
    fn a_tag_is_left_out_at_either_end_and_colours_stay_with_their_letters() {
        let cases = [
            ("^4=VK=^1osip", "=VK=", "osip"),
            ("osip|vk", "VK", "osip"),
            ("mrak 0din", "mrak", "0din"),
            ("rustbelt", "VK", "rustbelt"),
            ("VK", "VK", "VK"),
            ("VK-", "VK", "VK-"),
            ("Straße", "", "Straße"),
            ("*star*", "VK", "*star*"),
        ];
        for (raw, tag, expected) in cases {
            assert_eq!(Name::new(raw).without_tag(tag).as_str(), expected, "{raw} without {tag}");
        }
        let name = Name::new("^4=VK=^1os^2ip").without_tag("=VK=");
        assert_eq!(name.spans().map(|(_, text, _)| text).collect::<Vec<_>>(), ["os", "ip"]);
        assert!(name.spans().all(|(_, _, colour)| colour.is_some()));
    }
}
