//! docs/gallery shows what is answered today. `cargo xtask gallery` writes it anew.
#![expect(clippy::unwrap_used, reason = "test support")]

mod cases;
mod gallery;
mod support;

use std::path::Path;

use fullhold_testkit::SqliteFile;
use support::{answerer, filled};

#[tokio::test(flavor = "multi_thread")]
async fn the_gallery_is_what_is_answered() {
    let file = SqliteFile::create();
    let answerer = answerer(filled(&file.url()).await, Vec::new());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/gallery");
    let mut stale = Vec::new();
    for page in gallery::pages(&answerer).await {
        let path = folder.join(format!("{}.txt", page.name));
        let is_there = page.pictures.iter().all(|(name, _)| folder.join(name).is_file());
        if std::fs::read_to_string(&path).unwrap_or_default() != page.text || !is_there {
            stale.push(page.name);
        }
    }
    assert!(stale.is_empty(), "cargo xtask gallery writes anew: {stale:?}");
}
