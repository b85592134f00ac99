//! The languages that the bot speaks, and which of them somebody hears.

use std::collections::BTreeMap;
use std::sync::Arc;

use fullhold_commands::{Catalogue, CatalogueError};

/// What the bot says in Discord alone.
pub(crate) const ENGLISH: &str = include_str!("../locales/en.ftl");
/// What everybody hears whose language is not there.
const FALLBACK: &str = "en";

/// The languages that the bot speaks.
#[derive(Clone)]
pub struct Languages {
    english: Arc<Catalogue>,
    others: BTreeMap<String, Arc<Catalogue>>,
}

impl Languages {
    /// The languages of the product.
    ///
    /// # Errors
    /// Only when a file of the product is malformed, which tests exclude.
    pub fn new() -> Result<Self, CatalogueError> {
        let english = Catalogue::english()?.with(ENGLISH)?;
        Ok(Self { english: Arc::new(english), others: BTreeMap::new() })
    }

    /// With one more.
    #[must_use]
    pub fn and(mut self, language: &str, catalogue: Catalogue) -> Self {
        self.others.insert(language.to_owned(), Arc::new(catalogue));
        self
    }

    /// English with other letters: a text that does not come from the catalogue is seen at once.
    ///
    /// # Errors
    /// As [`Languages::new`].
    pub fn pseudo() -> Result<Catalogue, CatalogueError> {
        Catalogue::pseudo()?.with(ENGLISH)
    }

    /// The names of all.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(FALLBACK).chain(self.others.keys().map(String::as_str))
    }

    /// The language of somebody whose platform says `locale`; where that is not there, `or`; else English.
    #[must_use]
    pub fn pick(&self, locale: Option<&str>, or: &str) -> (&str, Arc<Catalogue>) {
        let wanted = locale.into_iter().chain([or]);
        wanted.into_iter().find_map(|locale| self.find(locale)).unwrap_or_else(|| (FALLBACK, Arc::clone(&self.english)))
    }

    /// A language by its whole name, else by the part before the country.
    fn find(&self, locale: &str) -> Option<(&str, Arc<Catalogue>)> {
        let plain = locale.split(['-', '_']).next().unwrap_or(locale);
        [locale, plain].into_iter().find_map(|name| {
            if name == FALLBACK {
                return Some((FALLBACK, Arc::clone(&self.english)));
            }
            self.others.get_key_value(name).map(|(name, catalogue)| (name.as_str(), Arc::clone(catalogue)))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::settings::GUILD_KEYS;

    #[test]
    fn what_is_said_is_in_the_catalogue_and_nothing_else_is() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let files =
            std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
        let sources: String =
            files.map(|text| text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()).collect();
        let name = |rest: &str| Some(rest.trim_start().strip_prefix('"')?.split('"').next()?.to_owned());
        let asked: BTreeSet<String> = sources.split("say(").skip(1).filter_map(name).collect();
        let english = Languages::new().unwrap().pick(None, "en").1;
        let missing: Vec<_> = asked.iter().filter(|name| !english.has(name)).collect();
        assert!(missing.is_empty(), "missing: {missing:?}");
        let is_key = |name: &str| GUILD_KEYS.iter().any(|key| name == format!("setting-{}", key.name));
        let there = ENGLISH.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        let there = there.filter_map(|line| line.split(" =").next());
        let unused: Vec<_> = there.filter(|name| !sources.contains(&format!("\"{name}\"")) && !is_key(name)).collect();
        assert!(unused.is_empty(), "unused: {unused:?}");
    }

    #[test]
    fn somebody_hears_his_language_then_that_of_the_server_then_english() {
        let languages = Languages::new().unwrap().and("sl", Languages::pseudo().unwrap());
        let heard = |locale, or| languages.pick(locale, or).0.to_owned();
        assert_eq!(heard(Some("sl"), "en"), "sl");
        assert_eq!(heard(Some("sl-SI"), "en"), "sl");
        assert_eq!(heard(Some("en-GB"), "sl"), "en");
        assert_eq!(heard(Some("fi"), "sl"), "sl");
        assert_eq!(heard(Some("fi"), "de"), "en");
        assert_eq!(heard(None, "sl"), "sl");
        assert_eq!(languages.names().collect::<Vec<_>>(), ["en", "sl"]);
    }
}
