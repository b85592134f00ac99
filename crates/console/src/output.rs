//! Standard output and standard error: the only place that prints.

use std::io::Write as _;

/// Prints text as it is.
pub fn print(text: &str) {
    // Nobody to tell: standard output is gone (`importer … | head`).
    drop(std::io::stdout().write_all(text.as_bytes()));
}

/// Tells a person what is wrong, in the name of a program.
pub fn complain(program: &str, text: &str) {
    drop(writeln!(std::io::stderr(), "{program}: {text}"));
}

/// An error with its causes, printed once, here at the edge.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
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
