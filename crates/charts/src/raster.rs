//! SVG to PNG, by resvg, with no font and no file.

use std::cmp::Reverse;
use std::collections::HashMap;

use resvg::tiny_skia::{ColorU8, Pixmap, PremultipliedColorU8, Transform};
use resvg::usvg::{Options, Tree};

/// Why a picture could not be drawn. None of it depends on the data: reaching it is a bug of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The composed SVG is not understood.
    #[error("cannot read the composed SVG")]
    Svg(#[source] resvg::usvg::Error),
    /// The picture is too large, or empty.
    #[error("no picture of {width} × {height} pixels is possible")]
    Size {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
    },
    /// The pixels cannot be written as PNG.
    #[error("cannot write the PNG")]
    Png(#[source] png::EncodingError),
}

/// The colours of a picture, at most 256, and which each pixel has.
struct Palette {
    colours: Vec<ColorU8>,
    indices: Vec<u8>,
}

pub(crate) fn png(svg: &str) -> Result<Vec<u8>, RenderError> {
    let tree = Tree::from_str(svg, &Options::default()).map_err(RenderError::Svg)?;
    let size = tree.size().to_int_size();
    let (width, height) = (size.width(), size.height());
    let mut pixels = Pixmap::new(width, height).ok_or(RenderError::Size { width, height })?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    encode(&pixels)
}

fn encode(pixels: &Pixmap) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::new();
    let palette = palette(pixels);
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_depth(png::BitDepth::Eight);
    // Under half of the time of the default level, and files a sixth larger.
    encoder.set_deflate_compression(png::DeflateCompression::Level(2));
    // Filters help where neighbouring values are near each other, which numbers of colours are not.
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(palette.colours.iter().flat_map(|c| [c.red(), c.green(), c.blue()]).collect::<Vec<u8>>());
    encoder.set_trns(palette.colours.iter().map(|c| c.alpha()).collect::<Vec<u8>>());
    let mut writer = encoder.write_header().map_err(RenderError::Png)?;
    writer.write_image_data(&palette.indices).map_err(RenderError::Png)?;
    writer.finish().map_err(RenderError::Png)?;
    Ok(bytes)
}

/// The 256 most frequent colours; the rest, shades at the edges of letters, become the nearest of them.
fn palette(pixels: &Pixmap) -> Palette {
    let runs: Vec<(PremultipliedColorU8, usize)> =
        pixels.pixels().chunk_by(|a, b| a == b).filter_map(|run| Some((*run.first()?, run.len()))).collect();
    let mut counts: HashMap<u32, (PremultipliedColorU8, usize)> = HashMap::new();
    for (colour, length) in &runs {
        counts.entry(key(*colour)).or_insert((*colour, 0)).1 += length;
    }
    let mut by_count: Vec<(PremultipliedColorU8, usize)> = counts.into_values().collect();
    by_count.sort_unstable_by_key(|(colour, count)| (Reverse(*count), key(*colour)));
    let kept: Vec<PremultipliedColorU8> = by_count.iter().take(256).map(|(colour, _)| *colour).collect();
    let index: HashMap<u32, u8> = by_count.iter().map(|(colour, _)| (key(*colour), nearest(&kept, *colour))).collect();
    let mut indices = Vec::with_capacity(pixels.pixels().len());
    for (colour, length) in runs {
        let number = index.get(&key(colour)).copied().unwrap_or_default();
        indices.extend(std::iter::repeat_n(number, length));
    }
    Palette { colours: kept.iter().map(|colour| colour.demultiply()).collect(), indices }
}

fn key(colour: PremultipliedColorU8) -> u32 {
    u32::from_be_bytes([colour.red(), colour.green(), colour.blue(), colour.alpha()])
}

fn nearest(kept: &[PremultipliedColorU8], colour: PremultipliedColorU8) -> u8 {
    let distance = |other: &PremultipliedColorU8| {
        let channels = [
            (other.red(), colour.red()),
            (other.green(), colour.green()),
            (other.blue(), colour.blue()),
            (other.alpha(), colour.alpha()),
        ];
        channels.into_iter().map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum::<u32>()
    };
    let nearest = kept.iter().zip(0..=u8::MAX).min_by_key(|(other, _)| distance(other));
    nearest.map_or(0, |(_, index)| index)
}
