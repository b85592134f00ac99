//! Draws every card and chart in every situation into a folder, with a page that shows them side by side.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "an example for people who look at pictures"
)]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "samples are made of small numbers"
)]

#[path = "../tests/samples/mod.rs"]
#[expect(dead_code, reason = "shared with the tests")]
mod samples;

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned());
    let wanted = std::env::args().nth(2).unwrap_or_default();
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let mut page = String::from(
        "<!doctype html><meta charset=\"utf-8\"><title>Gallery</title><style>body{background:#313338;color:#eee;\
         font:14px sans-serif}figure{display:inline-block;vertical-align:top;margin:8px;width:360px}img{width:360px}\
         h2{margin:24px 8px 0}</style>",
    );
    let (mut pictures, mut findings, mut bytes) = (0, 0, 0);
    for (kind, draw) in samples::KINDS {
        let _ = write!(page, "<h2>{kind}</h2>");
        for situation in samples::Situation::ALL {
            let name = format!("{kind}-{}", situation.name());
            if !name.contains(&wanted) {
                continue;
            }
            let picture = draw(situation);
            let png = picture.png()?;
            std::fs::write(folder.join(format!("{name}.png")), &png)?;
            std::fs::write(folder.join(format!("{name}.svg")), picture.svg())?;
            for finding in picture.findings() {
                println!("{name}: {finding}");
                findings += 1;
            }
            let caption = picture.alt().replace('&', "&amp;").replace('<', "&lt;");
            let _ = write!(
                page,
                "<figure><a href=\"{name}.png\"><img src=\"{name}.png\" alt=\"\"></a><figcaption>{name}, {} KB: {caption}\
                 </figcaption></figure>",
                png.len() / 1000
            );
            pictures += 1;
            bytes = bytes.max(png.len());
        }
    }
    std::fs::write(folder.join("index.html"), page)?;
    println!("{pictures} pictures in {}, {findings} findings, the largest {} KB", folder.display(), bytes / 1000);
    Ok(())
}
