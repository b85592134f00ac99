//! The terminal that somebody sits at: how wide it is, and whether it shows colours.

use std::io::IsTerminal as _;

/// Columns where there is no terminal, as in a pipe.
const PIPE_COLUMNS: usize = 100;
/// Columns of a terminal that does not say.
const USUAL_COLUMNS: usize = 80;

/// Columns of standard output.
pub(crate) fn columns() -> usize {
    let stdout = std::io::stdout();
    if !stdout.is_terminal() {
        return PIPE_COLUMNS;
    }
    let size = rustix::termios::tcgetwinsize(&stdout);
    size.ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0).unwrap_or(USUAL_COLUMNS)
}

/// Whether standard output shows colours. `NO_COLOR` is respected.
pub(crate) fn has_colours() -> bool {
    std::io::stdout().is_terminal() && !fullhold_settings::no_color()
}

/// Whether somebody types: standard input is a terminal.
pub(crate) fn is_typed() -> bool {
    std::io::stdin().is_terminal()
}
