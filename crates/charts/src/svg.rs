//! A scene as SVG. Letters are outlines, so that it looks the same in every viewer, with no font to be had.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::canvas::{Dash, Item, Paint, Pen, Scene, WIDTH, Words};
use crate::colour::Tone;
use crate::font::Face;
use crate::geometry::{At, Outline};
use crate::text::Glyph;

/// The whole document. Writing into a `String` cannot fail, so results of `write!` are dropped here.
pub(crate) fn document(scene: &Scene, title: &str, alt: &str) -> String {
    let height = number(scene.height);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\"><title>{}</title><desc>{}</desc><defs>",
        escaped(title),
        escaped(alt)
    );
    let _ = write!(
        svg,
        "<pattern id=\"h\" width=\"10\" height=\"10\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <rect width=\"10\" height=\"10\" fill=\"{}\"/><rect width=\"6\" height=\"10\" fill=\"{}\"/></pattern>",
        Tone::DarkSteel.rgb().hex(),
        Tone::Steel.rgb().hex()
    );
    for (face, glyph) in glyphs(scene) {
        let outline = face.outline(glyph);
        let _ = write!(svg, "<path id=\"{}{glyph}\" d=\"{outline}\"/>", face.letter());
    }
    svg.push_str("</defs>");
    for alike in scene.items.chunk_by(can_share_a_path) {
        svg.push('\n');
        match alike {
            [Item::Fill { outline, paint, opacity }] => fill(&mut svg, outline, *paint, *opacity),
            [Item::Stroke { outline, pen }] => stroke(&mut svg, outline, *pen),
            [Item::Words(words)] => write_words(&mut svg, words),
            several => fill_all(&mut svg, several),
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Neighbours that are rectangles of one paint: each element costs time, a hatched one even a rendering of the hatch.
fn can_share_a_path(one: &Item, next: &Item) -> bool {
    let paint = |item: &Item| match item {
        Item::Fill { outline: Outline::Rectangle { radius, .. }, paint, opacity }
            if *radius <= 0.0 && *opacity >= 1.0 =>
        {
            Some(*paint)
        }
        _ => None,
    };
    paint(one).is_some() && paint(one) == paint(next)
}

fn fill_all(svg: &mut String, items: &[Item]) {
    svg.push_str("<path d=\"");
    for item in items {
        let Item::Fill { outline, .. } = item else { continue };
        let area = outline.bounds();
        let [x, y, width, height] = [area.left, area.top, area.width.max(0.0), area.height.max(0.0)].map(number);
        let _ = write!(svg, "M{x} {y}h{width}v{height}h-{width}z");
    }
    let colour = items.first().map_or_else(String::new, |item| match item {
        Item::Fill { paint, .. } => colour(*paint),
        _ => String::new(),
    });
    let _ = write!(svg, "\" fill=\"{colour}\"/>");
}

fn colour(paint: Paint) -> String {
    match paint {
        Paint::Solid(tone) => tone.rgb().hex(),
        Paint::Hatch => "url(#h)".to_owned(),
    }
}

fn glyphs(scene: &Scene) -> BTreeSet<(Face, u16)> {
    let words = scene.items.iter().filter_map(|item| if let Item::Words(words) = item { Some(words) } else { None });
    words.flat_map(|words| &words.setting.glyphs).map(|glyph| (glyph.face, glyph.id)).collect()
}

fn fill(svg: &mut String, outline: &Outline, paint: Paint, opacity: f64) {
    shape(svg, outline);
    let _ = write!(svg, " fill=\"{}\"", colour(paint));
    if opacity < 1.0 {
        let _ = write!(svg, " fill-opacity=\"{}\"", number(opacity));
    }
    svg.push_str("/>");
}

fn stroke(svg: &mut String, outline: &Outline, pen: Pen) {
    shape(svg, outline);
    let _ = write!(
        svg,
        " fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"",
        pen.tone.rgb().hex(),
        number(pen.thickness)
    );
    match pen.dash {
        Dash::Solid => {}
        Dash::Dashed => svg.push_str(" stroke-dasharray=\"14 8\""),
        Dash::Dotted => svg.push_str(" stroke-dasharray=\"4 8\""),
    }
    if pen.opacity < 1.0 {
        let _ = write!(svg, " stroke-opacity=\"{}\"", number(pen.opacity));
    }
    svg.push_str("/>");
}

fn shape(svg: &mut String, outline: &Outline) {
    match outline {
        Outline::Rectangle { area, radius } => {
            let [x, y, width, height] = [area.left, area.top, area.width.max(0.0), area.height.max(0.0)].map(number);
            let _ = write!(svg, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
            if *radius > 0.0 {
                let _ = write!(svg, " rx=\"{}\"", number(*radius));
            }
        }
        Outline::Circle { centre, radius } => {
            let [x, y, r] = [centre.x, centre.y, *radius].map(number);
            let _ = write!(svg, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"");
        }
        Outline::Path { points, is_closed } => {
            svg.push_str("<path d=\"");
            for (index, At { x, y }) in points.iter().enumerate() {
                let command = if index == 0 { 'M' } else { 'L' };
                let _ = write!(svg, "{command}{} {}", number(*x), number(*y));
            }
            svg.push_str(if *is_closed { "Z\"" } else { "\"" });
        }
    }
}

/// Glyphs of one face, tone and size share a group.
fn write_words(svg: &mut String, words: &Words) {
    for run in words.setting.glyphs.chunk_by(|a, b| a.face == b.face && a.tone == b.tone) {
        let Some(Glyph { face, size, tone, .. }) = run.first() else { continue };
        let scale = face.scale(*size);
        let _ = write!(
            svg,
            "<g fill=\"{}\" transform=\"matrix({scale:.5} 0 0 -{scale:.5} {} {})\">",
            tone.rgb().hex(),
            number(words.origin.x),
            number(words.origin.y)
        );
        for glyph in run {
            let _ = write!(svg, "<use href=\"#{}{}\" x=\"{:.0}\"", face.letter(), glyph.id, glyph.x / scale);
            if glyph.y != 0.0 {
                let _ = write!(svg, " y=\"{:.0}\"", -glyph.y / scale);
            }
            svg.push_str("/>");
        }
        svg.push_str("</g>");
    }
}

/// Two decimals at most, and none that say nothing.
fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded.is_finite() { format!("{}", rounded + 0.0) } else { "0".to_owned() }
}

/// Text for XML: what XML does not allow at all is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}
