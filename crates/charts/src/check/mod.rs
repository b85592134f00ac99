//! What can be computed about a drawing: whether all of it can be read, by everybody.

pub mod distance;
mod hue;
mod layout;

use std::fmt;

use crate::canvas::{Item, Scene, Words};

/// Something wrong with a drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong, with the texts or tones concerned.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

pub(crate) fn scene(scene: &Scene) -> Vec<Finding> {
    let mut findings = Vec::new();
    layout::check(scene, &mut findings);
    hue::check(scene, &mut findings);
    findings
}

pub(crate) fn words(scene: &Scene) -> impl Iterator<Item = &Words> {
    scene.items.iter().filter_map(|item| if let Item::Words(words) = item { Some(words) } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::{Canvas, Pen};
    use crate::colour::Tone;
    use crate::data::Team;
    use crate::geometry::{Area, Outline, at};
    use crate::text::Text;

    /// What a finding must say, and a drawing that has it.
    type Fault<'a> = (&'a str, &'a dyn Fn(&mut Canvas));

    /// Draws on a card of 300 px and answers what is wrong.
    fn wrong(draw: impl Fn(&mut Canvas)) -> String {
        let mut canvas = Canvas::default();
        draw(&mut canvas);
        let findings = scene(&canvas.finished(300.0));
        findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn each_fault_is_found() {
        let text = |text: &str| Text::plain(text);
        let box_at = |top: f64| Area::new(100.0, top, 200.0, 40.0);
        let cases: [Fault<'_>; 12] = [
            ("lies over", &|c| {
                c.left(&text("one"), at(100.0, 100.0), 200.0);
                c.left(&text("two"), at(110.0, 110.0), 200.0);
            }),
            ("leaves the card", &|c| {
                c.left(&text("low"), at(100.0, 298.0), 200.0);
            }),
            ("leaves its column", &|c| {
                c.left(&text("…"), at(100.0, 100.0), 3.0);
            }),
            ("is under", &|c| {
                c.left(&text("one"), at(100.0, 100.0), 200.0);
                c.block(box_at(80.0), Tone::Panel);
            }),
            ("stands partly on a fill", &|c| {
                c.block(Area::new(100.0, 80.0, 10.0, 40.0), Tone::Panel);
                c.left(&text("one"), at(100.0, 100.0), 200.0);
            }),
            ("stands partly on a line", &|c| {
                c.line(at(90.0, 90.0), at(300.0, 90.0), Pen::new(Tone::Rule, 2.0));
                c.left(&text("one"), at(100.0, 100.0), 200.0);
            }),
            ("was meant for Ground", &|c| {
                c.block(box_at(70.0), Tone::Panel);
                c.left(&text("one"), at(110.0, 100.0), 100.0);
            }),
            ("has a contrast of", &|c| {
                c.left(&text("one").tone(Tone::Rule), at(100.0, 100.0), 200.0);
            }),
            ("px high", &|c| {
                c.left(&text("one").size(20.0), at(100.0, 100.0), 200.0);
            }),
            ("a plain fill of Steel", &|c| c.block(box_at(80.0), Tone::Steel)),
            ("a plain line of Steel", &|c| c.line(at(90.0, 90.0), at(300.0, 90.0), Pen::new(Tone::Steel, 4.0))),
            ("nothing beside it says the same", &|c| {
                c.left(&text("7").tone(Tone::Brass), at(100.0, 100.0), 200.0);
            }),
        ];
        for (expected, draw) in cases {
            let found = wrong(draw).to_lowercase();
            assert!(found.contains(&expected.to_lowercase()), "{expected}: {found}");
        }
    }

    #[test]
    fn what_is_fine_is_not_found() {
        let found = wrong(|c| {
            c.block(Area::new(90.0, 60.0, 300.0, 60.0), Tone::Panel);
            c.fill(Outline::Rectangle { area: Area::new(320.0, 80.0, 20.0, 20.0), radius: 0.0 }, Team::B.paint());
            c.left(&Text::plain("7").tone(Tone::Steel).on(Tone::Panel), at(100.0, 100.0), 200.0);
        });
        assert_eq!(found, "");
    }
}
