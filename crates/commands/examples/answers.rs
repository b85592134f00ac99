//! Writes what every command answers on the sample evenings into a folder: texts, pictures, and a page that lists them.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "an example for people who want to see")]

#[path = "../tests/cases/mod.rs"]
mod cases;
#[path = "../tests/gallery/mod.rs"]
mod gallery;
#[path = "../tests/support/mod.rs"]
mod support;

use std::fmt::Write as _;
use std::path::PathBuf;

use support::{answerer, filled};

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "docs/gallery".to_owned()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(write(folder));
}

async fn write(folder: PathBuf) {
    let database = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", database.path().join("gallery.db").display());
    let answerer = answerer(filled(&url).await, Vec::new());
    let pages = gallery::pages(&answerer).await;
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    let mut index = String::from(
        "# What it looks like\n\n\
         Every command on the sample evenings of `testdata/good`, as the console shows it in 100 columns. Written by\n\
         `cargo xtask gallery`; a test compares.\n\n",
    );
    for page in pages {
        std::fs::write(folder.join(format!("{}.txt", page.name)), &page.text).unwrap();
        writeln!(index, "* [{0}]({0}.txt)", page.name).unwrap();
        for (name, picture) in &page.pictures {
            std::fs::write(folder.join(name), &picture.bytes).unwrap();
            writeln!(index, "\n  ![{}]({name})\n", picture.alt_text.replace('\n', " ")).unwrap();
        }
    }
    std::fs::write(folder.join("README.md"), index).unwrap();
    println!("{} holds the gallery", folder.display());
}
