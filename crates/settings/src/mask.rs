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
    if key.secret { MASK.to_owned() } else { fullhold_database_url::masked(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_in_debug_output() {
        assert_eq!(format!("{:?}", Secret::new("token".to_owned())), "***");
    }
}
