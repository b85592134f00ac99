//! `cargo xtask gallery`: what every command answers on the sample evenings, in docs/gallery; with `--pictures`, every
//! card and chart in every situation as PNG and SVG, on a page that shows them side by side at the width of a phone.
//!
//! What draws are examples of `commands` and `charts`, because they must be optimised and this program is not.

use std::error::Error;

use clap::Args;

use crate::process::{cargo, succeed};

/// Write what every command answers on the sample data; or draw every card and chart in every situation.
#[derive(Args)]
pub(crate) struct Opts {
    /// Cards and charts in every situation, on a page to open and look at
    #[arg(long)]
    pictures: bool,
    /// Only pictures whose name has this in it: `profile`, `64-players`
    #[arg(default_value = "", requires = "pictures")]
    only: String,
    /// Where to [default: docs/gallery; pictures: target/gallery]
    #[arg(long)]
    folder: Option<String>,
}

pub(crate) fn run(opts: &Opts) -> Result<(), Box<dyn Error>> {
    let folder = |usual: &str| opts.folder.clone().unwrap_or_else(|| usual.to_owned());
    if !opts.pictures {
        let mut gallery = cargo();
        gallery.args(["run", "--quiet", "--package", "fullhold-commands", "--example", "answers", "--"]);
        return succeed(gallery.arg(folder("docs/gallery")));
    }
    let mut gallery = cargo();
    gallery.args(["run", "--release", "--quiet", "--package", "fullhold-charts", "--example", "gallery", "--"]);
    succeed(gallery.args([&folder("target/gallery"), &opts.only]))
}
