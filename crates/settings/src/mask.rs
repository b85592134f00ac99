//! Keeping secrets out of everything that is shown.

use std::fmt;

use crate::Key;

/// What stands in the place of a secret.
pub(crate) const MASK: &str = "***";

/// A secret. `Debug` masks it; [`Secret::expose`] is the only way to its text.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The secret's text, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// A value of a key, as it may be shown.
pub(crate) fn shown(key: &Key, value: &str) -> String {
    if key.secret { MASK.to_owned() } else { url(value) }
}

/// Masks passwords in anything like a URL, also in a malformed one: rather too much than too little.
pub(crate) fn url(text: &str) -> String {
    let masked = mask_user_info(text).unwrap_or_else(|| text.to_owned());
    mask_parameter(&masked)
}

/// `scheme://user:password@…`; the last `@` counts, because passwords are often not percent-encoded.
fn mask_user_info(text: &str) -> Option<String> {
    let (head, host) = text.rsplit_once('@')?;
    let (scheme, user_info) = head.split_once("://").unwrap_or(("", head));
    let (user, _) = user_info.split_once(':')?;
    let separator = if scheme.is_empty() { "" } else { "://" };
    Some(format!("{scheme}{separator}{user}:{MASK}@{host}"))
}

/// `password=…` among parameters.
fn mask_parameter(text: &str) -> String {
    const NAME: &str = "password=";
    let Some((before, after)) = text.split_once(NAME) else { return text.to_owned() };
    let rest = after.split_once(['&', ' ']).map(|(_, rest)| format!("&{}", mask_parameter(rest)));
    format!("{before}{NAME}{MASK}{}", rest.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_urls_are_masked_and_nothing_else() {
        let cases = [
            ("postgres://user:secret@host/db", "postgres://user:***@host/db"),
            ("postgres://user:se@cr:et@host/db", "postgres://user:***@host/db"),
            ("postgres://user@host/db", "postgres://user@host/db"),
            ("postgres://host/db?user=u&password=secret&x=1", "postgres://host/db?user=u&password=***&x=1"),
            ("user:secret@host", "user:***@host"),
            ("host=h password=secret", "host=h password=***"),
            ("sqlite:///var/lib/fullhold.db", "sqlite:///var/lib/fullhold.db"),
            ("just text", "just text"),
        ];
        for (text, expected) in cases {
            assert_eq!(url(text), expected);
            assert!(!url(text).contains("secret"));
        }
    }

    #[test]
    fn a_secret_does_not_show_in_debug_output() {
        assert_eq!(format!("{:?}", Secret::new("token".to_owned())), "***");
    }
}
