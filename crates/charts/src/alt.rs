//! Alt text: what a person would see, result first, in at most 300 characters.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::name::Name;
use crate::numbers::{decimal, finite};

/// More than Discord and screen readers are meant to take.
pub(crate) const MOST_CHARACTERS: usize = 300;

/// Sentences, the most important first. Those that no longer fit are left out whole.
#[derive(Debug, Default)]
pub(crate) struct Alt(String);

impl Alt {
    /// One more sentence, if it fits and the ones before it did.
    pub(crate) fn say(mut self, sentence: &str) -> Self {
        let gap = if self.0.is_empty() { "" } else { " " };
        let length = self.0.chars().count() + gap.len() + sentence.chars().count();
        if length <= MOST_CHARACTERS {
            self.0 += gap;
            self.0 += sentence;
        } else if self.0.is_empty() {
            self.0 = cut(sentence);
        }
        self
    }

    /// One more sentence if there is something to say.
    pub(crate) fn say_some(self, sentence: Option<String>) -> Self {
        match sentence {
            Some(sentence) => self.say(&sentence),
            None => self,
        }
    }

    pub(crate) fn text(self) -> String {
        self.0
    }
}

fn cut(sentence: &str) -> String {
    let mut kept = String::new();
    let mut length = 1;
    for grapheme in sentence.graphemes(true) {
        length += grapheme.chars().count();
        if length > MOST_CHARACTERS {
            break;
        }
        kept += grapheme;
    }
    kept + "…"
}

/// A name that mentions nobody and formats nothing where markdown is read.
pub(crate) fn name(name: &Name) -> String {
    escaped(name.as_str())
}

/// Any text of people, such as a map's name.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if "\\*_~`|<>[]#".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
        if character == '@' {
            // A blank of no width: `@everyone` is then no mention any more.
            escaped.push('\u{200B}');
        }
    }
    escaped
}

/// `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`
pub(crate) fn list(names: &[&Name]) -> String {
    const MOST: usize = 4;
    let hidden = names.len().saturating_sub(MOST);
    let mut words: Vec<String> = names.iter().take(MOST).map(|one| name(one)).collect();
    if hidden > 0 {
        words.push(format!("{hidden} more"));
    }
    let last = words.pop().unwrap_or_default();
    if words.is_empty() { last } else { format!("{} and {last}", words.join(", ")) }
}

/// Who has the most and how much: `Most kills: mrak øre 140.`, `Most kills: norr and 2 more, 140 each.` Zero is
/// nobody's most.
pub(crate) fn most<'a>(
    what: &str,
    values: impl Iterator<Item = (&'a Name, Option<f64>)>,
    places: usize,
) -> Option<String> {
    let known: Vec<(&Name, f64)> = values.filter_map(|(name, value)| Some((name, finite(value)?))).collect();
    let best = known.iter().map(|(_, value)| *value).reduce(f64::max).filter(|best| *best > 0.0)?;
    let best = decimal(best, places);
    let mut leaders = known.iter().filter(|(_, value)| decimal(*value, places) == best).map(|(name, _)| name);
    let first = name(leaders.next()?);
    Some(match leaders.count() {
        0 => format!("{what}: {first} {best}."),
        others => format!("{what}: {first} and {others} more, {best} each."),
    })
}

/// A text as the beginning of a sentence.
pub(crate) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_that_do_not_fit_are_left_out_whole() {
        let alt = Alt::default().say("Short.").say(&"x".repeat(400)).say("Also short.");
        assert_eq!(alt.text(), "Short. Also short.");
        assert_eq!(Alt::default().say(&"x".repeat(400)).text().chars().count(), MOST_CHARACTERS);
    }

    #[test]
    fn names_mention_nobody() {
        assert_eq!(name(&Name::new("@everyone")), "@\u{200B}everyone");
        assert_eq!(name(&Name::new("<@123>")), "\\<@\u{200B}123\\>");
        assert_eq!(name(&Name::new("`*_~||x")), "\\`\\*\\_\\~\\|\\|x");
    }

    #[test]
    fn several_may_share_the_most() {
        let names = ["a", "b", "c"].map(Name::new);
        let of = |values: [Option<f64>; 3]| most("Kills", names.iter().zip(values), 0);
        assert_eq!(of([Some(3.0), Some(7.0), None]).unwrap(), "Kills: b 7.");
        assert_eq!(of([Some(7.2), Some(6.0), Some(6.9)]).unwrap(), "Kills: a and 1 more, 7 each.");
        assert_eq!(of([Some(0.0), None, Some(f64::NAN)]), None);
    }

    #[test]
    fn lists_are_spoken() {
        let names: Vec<Name> = ["a", "b", "c", "d", "e", "f"].into_iter().map(Name::new).collect();
        let of = |count: usize| list(&names.iter().take(count).collect::<Vec<_>>());
        assert_eq!([of(0), of(1), of(2), of(6)], ["", "a", "a and b", "a, b, c, d and 2 more"]);
    }
}
