//! `cargo xtask gallery`: every card and chart in every situation as PNG and SVG, on a page that shows them side by
//! side at the width of a phone.
//!
//! What draws is an example of `charts`, because it must be optimised and this program is not.

use std::error::Error;

use clap::Args;

use crate::process::{cargo, succeed};

/// Draw every card and chart in every situation; open index.html and look at them.
#[derive(Args)]
pub(crate) struct Opts {
    /// Only those whose name has this in it: `profile`, `64-players`
    #[arg(default_value = "")]
    only: String,
    /// Where to
    #[arg(long, default_value = "target/gallery")]
    folder: String,
}

pub(crate) fn run(opts: &Opts) -> Result<(), Box<dyn Error>> {
    let mut gallery = cargo();
    gallery.args(["run", "--release", "--quiet", "--package", "fullhold-charts", "--example", "gallery", "--"]);
    succeed(gallery.args([&opts.folder, &opts.only]))
}
