//! Standard output and standard error: the only place that prints.

use std::io::Write as _;

/// Prints text as it is.
pub(crate) fn print(text: &str) {
    // Nobody to tell: standard output is gone (`importer … | head`).
    drop(std::io::stdout().write_all(text.as_bytes()));
}

/// Tells a person what is wrong.
pub(crate) fn complain(text: &str) {
    drop(writeln!(std::io::stderr(), "importer: {text}"));
}

/// An error with its causes, printed once, here at the edge.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}
