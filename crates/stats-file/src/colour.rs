//! Colour codes in names, by the rule of the game engine.

use std::borrow::Cow;

/// Removes colour codes: `^` followed by any visible character but `^`.
///
/// In `^^` the first caret is literal and the second may start a code, exactly as the engine
/// prints it. A caret at the end, or before a blank, is literal.
///
/// ```
/// use fullhold_stats_file::strip_colours;
/// assert_eq!(strip_colours("^1full^7hold"), "fullhold");
/// assert_eq!(strip_colours("a^^1b"), "a^b");
/// ```
#[must_use]
pub fn strip_colours(text: &str) -> Cow<'_, str> {
    if !text.contains('^') {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let starts_code = c == '^' && rest.peek().is_some_and(|&next| is_code(next));
        if starts_code {
            rest.next();
        } else {
            clean.push(c);
        }
    }
    Cow::Owned(clean)
}

/// Visible and not a caret: what may follow `^` in a colour code.
fn is_code(c: char) -> bool {
    c != '^' && !c.is_whitespace() && !c.is_control()
}
