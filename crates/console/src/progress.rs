//! A progress bar, if a person is looking.

use std::io::IsTerminal as _;

use fullhold_ingest::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Draws on standard error, and only on a terminal.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// A bar, if it is wanted and somebody looks.
    #[must_use]
    pub fn new(wanted: bool) -> Self {
        let visible = wanted && std::io::stderr().is_terminal();
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} files  {eta} left") {
            bar.set_style(style);
        }
        Self { bar }
    }
}

impl Progress for Bar {
    fn begin(&self, files: usize) {
        self.bar.set_length(files as u64);
    }

    fn advance(&self, files: usize) {
        self.bar.inc(files as u64);
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
