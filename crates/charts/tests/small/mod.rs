//! Pictures as pixels: reduced to what a phone shows, compared, and written small.

use std::collections::BTreeMap;
use std::io::Cursor;

/// An opaque picture.
pub(crate) struct Small {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Red, green, blue.
    pub(crate) pixels: Vec<[u8; 3]>,
}

/// Reads a PNG with a palette; what is transparent is black.
pub(crate) fn decode(png: &[u8]) -> Small {
    let mut decoder = png::Decoder::new(Cursor::new(png));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let channels = info.color_type.samples();
    let pixel = |bytes: &[u8]| match bytes {
        [_, _, _, 0] => [0; 3],
        _ => [bytes[0], bytes[1], bytes[2]],
    };
    let pixels = bytes[..info.buffer_size()].chunks(channels).map(pixel).collect();
    Small { width: info.width as usize, height: info.height as usize, pixels }
}

impl Small {
    pub(crate) fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        self.pixels[y * self.width + x]
    }

    /// A third as wide and high: each pixel the mean of nine, or of as many as there are at the lower edge.
    pub(crate) fn reduced(&self) -> Self {
        let (width, height) = (self.width / 3, self.height.div_ceil(3));
        let mean = |x: usize, y: usize| {
            let rows = (y * 3..(y * 3 + 3).min(self.height)).collect::<Vec<_>>();
            let all: Vec<[u8; 3]> =
                rows.iter().flat_map(|row| (x * 3..x * 3 + 3).map(|column| self.pixel(column, *row))).collect();
            [0, 1, 2].map(|channel| {
                let sum: usize = all.iter().map(|pixel| usize::from(pixel[channel])).sum();
                (sum / all.len()) as u8
            })
        };
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| mean(x, y)).collect();
        Self { width, height, pixels }
    }

    /// As PNG with 16 steps per channel and at most 256 colours, the rarest of which become their nearest.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let rounded: Vec<[u8; 3]> = self
            .pixels
            .iter()
            .map(|pixel| pixel.map(|channel| ((u16::from(channel) * 15 + 127) / 255 * 17) as u8))
            .collect();
        let mut counts: BTreeMap<[u8; 3], usize> = BTreeMap::new();
        for pixel in &rounded {
            *counts.entry(*pixel).or_default() += 1;
        }
        let mut colours: Vec<([u8; 3], usize)> = counts.into_iter().collect();
        colours.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
        colours.truncate(256);
        let index = |pixel: &[u8; 3]| {
            let far =
                |colour: &[u8; 3]| colour.iter().zip(pixel).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum::<u32>();
            let nearest = (0..colours.len()).min_by_key(|index| far(&colours[*index].0));
            nearest.unwrap_or(0) as u8
        };
        let indices: Vec<u8> = rounded.iter().map(index).collect();
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_palette(colours.iter().flat_map(|(colour, _)| *colour).collect::<Vec<u8>>());
        encoder.set_filter(png::Filter::NoFilter);
        encoder.set_deflate_compression(png::DeflateCompression::Level(9));
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&indices).unwrap();
        writer.finish().unwrap();
        bytes
    }

    /// What is different, if it is more than a little.
    pub(crate) fn differs(&self, expected: &Self, tolerance: u8, few: usize) -> Option<String> {
        if (self.width, self.height) != (expected.width, expected.height) {
            let (drawn, golden) = ((self.width, self.height), (expected.width, expected.height));
            return Some(format!("is {drawn:?} pixels and not {golden:?}"));
        }
        let is_wrong = |(a, b): (&[u8; 3], &[u8; 3])| a.iter().zip(b).any(|(a, b)| a.abs_diff(*b) > tolerance);
        let pairs = || self.pixels.iter().zip(&expected.pixels);
        let wrong = pairs().filter(|pair| is_wrong(*pair)).count();
        let first = pairs().position(is_wrong).map(|index| (index % self.width * 3, index / self.width * 3));
        (wrong > few).then(|| format!("{wrong} pixels of 360 are different, the first about {first:?} of 1080"))
    }
}
