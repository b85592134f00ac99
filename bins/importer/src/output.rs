//! Printing, in this program's name.

pub(crate) use fullhold_console::{chain, print};

/// Tells a person what is wrong.
pub(crate) fn complain(text: &str) {
    fullhold_console::complain("importer", text);
}
