//! All texts for people, in one catalogue per language. A language is a file.

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::parser::ParserError;
use unic_langid::LanguageIdentifier;

use crate::reply::Text;

/// The texts of a language.
pub struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    language: String,
}

/// Why a file is no catalogue.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The name of the language is none.
    #[error("\"{language}\" is no language; en and pt-BR are")]
    Language {
        /// What was found.
        language: String,
    },
    /// The file cannot be read.
    #[error("the texts of {language} are malformed at byte {at}: {problem}")]
    Syntax {
        /// The language.
        language: String,
        /// Where.
        at: usize,
        /// What is wrong there.
        problem: String,
    },
    /// A text is there twice.
    #[error("the texts of {language} have an entry twice: {problem}")]
    Twice {
        /// The language.
        language: String,
        /// Which.
        problem: String,
    },
}

/// What is put into a text.
#[derive(Clone, Debug)]
pub enum Argument {
    /// A number of things, which also chooses between one and many.
    Count(i64),
    /// A text, a name, a formatted number.
    Text(Text),
}

impl From<i64> for Argument {
    fn from(count: i64) -> Self {
        Self::Count(count)
    }
}

impl From<usize> for Argument {
    fn from(count: usize) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<Text> for Argument {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(Text::plain(text))
    }
}

/// The English texts.
const ENGLISH: &str = include_str!("../locales/en.ftl");

impl Catalogue {
    /// The English texts.
    ///
    /// # Errors
    /// Only when the file in this crate is malformed, which its tests exclude.
    pub fn english() -> Result<Self, CatalogueError> {
        Self::read("en", ENGLISH)
    }

    /// English with other letters, `[śťàťś]`: a text that does not come from the catalogue is seen at once.
    ///
    /// # Errors
    /// As [`Catalogue::english`].
    pub fn pseudo() -> Result<Self, CatalogueError> {
        let mut catalogue = Self::english()?;
        catalogue.bundle.set_transform(Some(pseudo));
        Ok(catalogue)
    }

    /// The texts of a file. What it does not have is said in no language but by its name.
    ///
    /// # Errors
    /// [`CatalogueError`] with the place.
    pub fn read(language: &str, source: &str) -> Result<Self, CatalogueError> {
        let id: LanguageIdentifier =
            language.parse().map_err(|_bad| CatalogueError::Language { language: language.to_owned() })?;
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Names keep their direction in the front end, which knows what is a name.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(thousands));
        Self { bundle, language: language.to_owned() }.with(source)
    }

    /// With the texts of another file of the same language: a front end brings its own.
    ///
    /// # Errors
    /// [`CatalogueError`] with the place.
    pub fn with(mut self, source: &str) -> Result<Self, CatalogueError> {
        let language = self.language.as_str();
        let resource = FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| {
            let first: Option<&ParserError> = errors.first();
            CatalogueError::Syntax {
                language: language.to_owned(),
                at: first.map_or(0, |error| error.pos.start),
                problem: first.map_or_else(String::new, ToString::to_string),
            }
        })?;
        self.bundle.add_resource(resource).map_err(|errors| CatalogueError::Twice {
            language: language.to_owned(),
            problem: errors.first().map_or_else(String::new, ToString::to_string),
        })?;
        Ok(self)
    }

    /// A text with its arguments. A text that is not there is its name in brackets: seen, but no reason to fail.
    #[must_use]
    pub fn say(&self, id: &str, arguments: &[(&str, Argument)]) -> Text {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            return Text::plain(&format!("[{id}]"));
        };
        let mut given = FluentArgs::new();
        for (name, argument) in arguments {
            match argument {
                Argument::Count(count) => given.set((*name).to_owned(), *count),
                Argument::Text(text) => given.set((*name).to_owned(), text.as_marked().to_owned()),
            }
        }
        let mut problems = Vec::new();
        let said = self.bundle.format_pattern(pattern, Some(&given), &mut problems);
        Text::marked(said.into_owned())
    }

    /// Whether there is such a text.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.bundle.has_message(id)
    }
}

fn thousands<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(fullhold_analytics::Measure::Count.show(number.value)),
        _ => None,
    }
}

/// Letters with marks, in brackets.
fn pseudo(text: &str) -> Cow<'_, str> {
    if text.trim().is_empty() {
        return Cow::Borrowed(text);
    }
    let marked = |c: char| match c {
        'a' => 'à',
        'e' => 'é',
        'i' => 'î',
        'o' => 'ô',
        'u' => 'ü',
        's' => 'ś',
        't' => 'ť',
        'n' => 'ñ',
        'r' => 'ŕ',
        'A' => 'Å',
        'E' => 'Ê',
        'D' => 'Ð',
        other => other,
    };
    Cow::Owned(format!("[{}]", text.chars().map(marked).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::Piece;

    #[test]
    fn names_and_numbers_are_put_in() {
        let source = "seen = { $name } has { $rounds ->\n    [one] one round\n   *[other] { $rounds } rounds\n }\n";
        let catalogue = Catalogue::read("en", source).unwrap();
        let say =
            |rounds: i64| catalogue.say("seen", &[("name", Text::name("*vid*").into()), ("rounds", rounds.into())]);
        assert_eq!(say(1).to_string(), "*vid* has one round");
        assert_eq!(say(1234).to_string(), "*vid* has 1,234 rounds");
        assert_eq!(say(1).pieces().next(), Some(Piece::Name("*vid*")));
        assert_eq!(catalogue.say("unheard-of", &[]).to_string(), "[unheard-of]");
    }

    #[test]
    fn a_malformed_file_is_named_with_its_place() {
        let error = Catalogue::read("en", "fine = x\nbad { = y\n").err().unwrap().to_string();
        assert!(error.starts_with("the texts of en are malformed at byte "), "{error}");
        let error = Catalogue::read("?", "").err().unwrap().to_string();
        assert_eq!(error, "\"?\" is no language; en and pt-BR are");
        assert!(Catalogue::read("en", "a = x\na = y\n").is_err());
    }

    #[test]
    fn the_pseudo_language_marks_every_text() {
        let catalogue = Catalogue::pseudo().unwrap();
        assert!(catalogue.say("group-players", &[]).to_string().starts_with('['));
    }
}
