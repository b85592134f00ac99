//! How often a player or a server wins on each map, attacking and defending.

use crate::alt::{self, Alt};
use crate::canvas::{Canvas, LEFT, Pen, RIGHT};
use crate::charts::rows::nothing;
use crate::colour::Tone;
use crate::data::Team;
use crate::geometry::{Area, at};
use crate::name::Name;
use crate::numbers::{count, decimal, finite, length, maybe_decimal, plural};
use crate::parts::bars::{bar, outcome, pennant};
use crate::parts::header::{header, note};
use crate::picture::Picture;
use crate::text::Text;

const ROW: f64 = 64.0;
const MOST: usize = 20;
const PLOT: [f64; 2] = [350.0, 730.0];
const TOP: f64 = 140.0;

/// Win rates by map.
#[derive(Debug, Clone, PartialEq)]
pub struct MapRates {
    /// Whose; `None` for everybody's.
    pub name: Option<Name>,
    /// Parts of the header: `all time`.
    pub parts: Vec<String>,
    /// The most played first.
    pub maps: Vec<MapRate>,
}

/// A map's rates, in per cent.
#[derive(Debug, Clone, PartialEq)]
pub struct MapRate {
    /// As the server spells it.
    pub map: String,
    /// Attacks won: the objective was done.
    pub attack: Option<f64>,
    /// Defences won: the map was held.
    pub defence: Option<f64>,
    /// Times played.
    pub played: u64,
}

impl MapRates {
    /// Composes the chart.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let mut canvas = Canvas::default();
        let whose = self.name.as_ref().map(|name| name.as_str().to_owned());
        let parts: Vec<String> =
            whose.into_iter().chain(self.parts.iter().cloned()).chain([plural(self.maps.len(), "map")]).collect();
        header(&mut canvas, "Maps won", &parts);
        let shown = self.maps.get(..self.maps.len().min(MOST)).unwrap_or_default();
        let height = if shown.is_empty() {
            nothing(&mut canvas, "No full match yet")
        } else {
            let bottom = TOP + ROW * length(shown.len());
            axes(&mut canvas, bottom);
            for (index, rate) in shown.iter().enumerate() {
                row(&mut canvas, TOP + ROW * length(index), rate);
            }
            legend(&mut canvas, bottom);
            if shown.len() < self.maps.len() {
                note(&mut canvas, &format!("{} of {} maps", shown.len(), self.maps.len()), LEFT, bottom + 80.0);
                bottom + 106.0
            } else {
                bottom + 66.0
            }
        };
        Picture::new("Maps won".to_owned(), self.alt(), canvas, height)
    }

    fn alt(&self) -> String {
        let whose = self.name.as_ref().map_or_else(|| "everybody".to_owned(), alt::name);
        let mut alt = Alt::default().say(&format!("Maps won by {whose}, {}.", plural(self.maps.len(), "map")));
        for rate in &self.maps {
            let percent = |value: Option<f64>| {
                finite(value).map_or_else(|| "not known".to_owned(), |v| format!("{} %", decimal(v, 1)))
            };
            alt = alt.say(&format!(
                "{}: attack {}, defence {}, {} played.",
                alt::escaped(Name::plain(&rate.map).as_str()),
                percent(rate.attack),
                percent(rate.defence),
                count(rate.played)
            ));
        }
        alt.text()
    }
}

fn axes(canvas: &mut Canvas, bottom: f64) {
    let width = PLOT[1] - PLOT[0];
    for (percent, part) in [("0", 0.0), ("50", 0.5), ("100 %", 1.0)] {
        let x = PLOT[0] + width * part;
        let tone = if part == 0.0 { Tone::Line } else { Tone::Rule };
        canvas.line(at(x, TOP - 4.0), at(x, bottom), Pen::new(tone, 2.0));
        let text = Text::plain(percent).tone(Tone::Grey);
        if part > 0.9 {
            canvas.right(&text, at(x + 4.0, 126.0), 90.0);
        } else {
            canvas.centre(&text, at(x + 8.0, 126.0), 60.0);
        }
    }
    for (text, right) in [("attack", 840.0), ("defence", 948.0), ("played", RIGHT)] {
        canvas.right(&Text::plain(text).tone(Tone::Grey), at(right, 126.0), 92.0);
    }
}

fn row(canvas: &mut Canvas, top: f64, rate: &MapRate) {
    let baseline = top + ROW / 2.0 + 11.0;
    canvas.left(&Text::map(&rate.map), at(LEFT, baseline), PLOT[0] - LEFT - 16.0);
    for (value, y, is_attack) in [(rate.attack, 13.0, true), (rate.defence, 37.0, false)] {
        let Some(value) = finite(value) else { continue };
        let track = Area::new(PLOT[0], top + y, PLOT[1] - PLOT[0], 14.0);
        let part = (value / 100.0).clamp(0.0, 1.0);
        bar(canvas, track, part, Team::A);
        let end = track.left + track.width * part;
        if is_attack {
            pennant(canvas, at(end.max(track.left + 3.0), track.top - 5.0), 20.0, Tone::Chalk);
        } else {
            canvas.block(Area::new(end - 1.0, track.top - 4.0, 9.0, 22.0), Tone::Chalk);
        }
    }
    let better = match (finite(rate.attack), finite(rate.defence)) {
        (Some(attack), Some(defence)) if attack > defence => [true, false],
        (Some(attack), Some(defence)) if attack < defence => [false, true],
        _ => [false, false],
    };
    for ((value, right), is_better) in [(rate.attack, 840.0), (rate.defence, 948.0)].into_iter().zip(better) {
        let text = Text::number(&maybe_decimal(finite(value), 1));
        let text = match (is_better, finite(value)) {
            (true, _) => text.heavy().tone(Tone::Chalk),
            (false, Some(_)) => text,
            (false, None) => text.tone(Tone::Grey),
        };
        canvas.right(&text, at(right, baseline), 90.0);
    }
    canvas.right(&Text::number(&count(rate.played)), at(RIGHT, baseline), 80.0);
}

fn legend(canvas: &mut Canvas, bottom: f64) {
    let y = bottom + 38.0;
    outcome(canvas, at(LEFT, y - 21.0), true, Tone::Sand);
    let used = canvas.left(&Text::plain("attacks won, %"), at(66.0, y), 260.0);
    outcome(canvas, at(66.0 + used + 24.0, y - 21.0), false, Tone::Sand);
    canvas.left(&Text::plain("defences held, %"), at(66.0 + used + 42.0, y), 300.0);
}
