//! Masking passwords in text that may or may not be a URL. Knows no grammar: rather too much than too little.

/// What stands in the place of a secret.
pub(crate) const MASK: &str = "***";

/// Masks passwords in anything like a URL, also in a malformed one.
///
/// ```
/// assert_eq!(fullhold_database_url::masked("mysql://u:secret@h/d"), "mysql://u:***@h/d");
/// ```
#[must_use]
pub fn masked(text: &str) -> String {
    let masked = mask_login(text).unwrap_or_else(|| text.to_owned());
    mask_parameter(&masked)
}

/// `scheme://user:password@…`; the last `@` counts, because passwords are often not percent-encoded.
fn mask_login(text: &str) -> Option<String> {
    let (head, host) = text.rsplit_once('@')?;
    let (scheme, login) = head.split_once("://").unwrap_or(("", head));
    let (user, _) = login.split_once(':')?;
    let separator = if scheme.is_empty() { "" } else { "://" };
    Some(format!("{scheme}{separator}{user}:{MASK}@{host}"))
}

/// `password=…` and `sslpassword=…` among parameters.
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
    fn passwords_are_masked_and_nothing_else() {
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
            assert_eq!(masked(text), expected);
            assert!(!masked(text).contains("secret"));
        }
    }
}
