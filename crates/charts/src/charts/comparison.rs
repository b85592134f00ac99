//! Players side by side: two in mirrored bars, three in columns; and what came of it when they met.

use crate::alt::{self, Alt};
use crate::canvas::{BAND_LEFT, BAND_WIDTH, Canvas, LEFT, RIGHT};
use crate::charts::rows::nothing;
use crate::colour::Tone;
use crate::data::Team;
use crate::geometry::{Area, at};
use crate::name::Name;
use crate::numbers::{UNKNOWN, count, decimal, finite, length, share};
use crate::parts::bars::{key, rectangle};
use crate::parts::header::header;
use crate::parts::plot::Line;
use crate::picture::Picture;
use crate::text::Text;

const ROW: f64 = 58.0;
/// Numbers of one picture.
const MOST: usize = 20;

/// Players compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// One to three players; more are not shown.
    pub players: Vec<Name>,
    /// Number by number.
    pub rows: Vec<Compared>,
    /// What came of it when the first two met, if they did.
    pub met: Option<Met>,
}

/// One number of each player.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// What it is: `K/D`, `Head-hit %`.
    pub label: String,
    /// A value per player.
    pub values: Vec<Option<f64>>,
    /// Decimals.
    pub places: usize,
    /// Whether less is better.
    pub is_lower_better: bool,
}

/// Matches of two players together and against each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Met {
    /// Matches in one team.
    pub together: u64,
    /// How many of them were won, in per cent.
    pub together_won: Option<f64>,
    /// Matches against each other.
    pub against: u64,
    /// How many of them the first player won, in per cent.
    pub first_won: Option<f64>,
}

impl Compared {
    fn value(&self, player: usize) -> Option<f64> {
        finite(self.values.get(player).copied().flatten())
    }

    fn written(&self, player: usize) -> String {
        self.value(player).map_or_else(|| UNKNOWN.to_owned(), |value| decimal(value, self.places))
    }

    /// Whether a player's value is the best as it is written. Several may share it; where all do, none is better.
    fn is_best(&self, player: usize, players: usize) -> bool {
        let values: Vec<f64> = (0..players).filter_map(|player| self.value(player)).collect();
        let better = if self.is_lower_better { f64::min } else { f64::max };
        let best = values.iter().copied().reduce(better).map(|best| decimal(best, self.places));
        let is_tie = values.iter().all(|value| Some(decimal(*value, self.places)) == best);
        values.len() > 1 && !is_tie && best == Some(self.written(player))
    }
}

impl Comparison {
    fn shown(&self) -> impl Iterator<Item = (Line, &Name)> {
        Line::ALL.into_iter().zip(&self.players)
    }

    /// Composes the chart.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let mut canvas = Canvas::default();
        header(&mut canvas, "Comparison", &[]);
        let shown = self.rows.get(..self.rows.len().min(MOST)).unwrap_or_default();
        let is_pair = self.players.len() == 2;
        let mut y = if self.players.is_empty() || shown.is_empty() {
            nothing(&mut canvas, "Nothing to compare yet") - 20.0
        } else if is_pair {
            self.pair(&mut canvas, shown)
        } else {
            self.columns(&mut canvas, shown)
        };
        if let (Some(met), [first, second, ..]) = (self.met, self.players.as_slice()) {
            y = met.draw(&mut canvas, y + 12.0, [first, second]);
        }
        Picture::new("Comparison".to_owned(), self.alt(shown), canvas, y + 24.0)
    }

    fn pair(&self, canvas: &mut Canvas, rows: &[Compared]) -> f64 {
        canvas.block(Area::new(BAND_LEFT, 92.0, BAND_WIDTH, 84.0), Tone::Panel);
        let bars = [(Team::A, LEFT), (Team::B, RIGHT - 12.0)];
        for (team, left) in bars {
            key(canvas, Area::new(left, 108.0, 12.0, 52.0), team);
        }
        if let [first, second] = self.players.as_slice() {
            canvas.left(&Text::name(first, true, Tone::Panel).size(44.0), at(68.0, 150.0), 450.0);
            canvas.right(&Text::name(second, true, Tone::Panel).size(44.0), at(1012.0, 150.0), 450.0);
        }
        let mut y = 186.0;
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                canvas.rule(y, Tone::Rule);
            }
            mirrored(canvas, y, row);
            y += ROW;
        }
        y
    }

    fn columns(&self, canvas: &mut Canvas, rows: &[Compared]) -> f64 {
        let players = self.players.len().min(3);
        let width = 236.0;
        let right = |player: usize| RIGHT - width * length(players - 1 - player);
        for (index, (line, name)) in self.shown().enumerate() {
            let text = Text::name(name, true, Tone::Ground).size(34.0);
            let used = canvas.right(&text, at(right(index), 132.0), width - 44.0);
            line.marker(canvas, at(right(index) - used - 20.0, 120.0), Tone::Ground);
        }
        canvas.rule(152.0, Tone::Line);
        let mut y = 152.0;
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                canvas.rule(y, Tone::Rule);
            }
            let label = Text::label(Name::plain(&row.label).as_str());
            canvas.left(&label, at(LEFT, y + 40.0), RIGHT - width * length(players) - LEFT - 20.0);
            for (player, (line, _)) in self.shown().enumerate() {
                let is_best = row.is_best(player, players);
                let used = canvas.right(&number(row, player, is_best, line), at(right(player), y + 40.0), width - 60.0);
                if is_best {
                    line.marker(canvas, at(right(player) - used - 20.0, y + 29.0), Tone::Ground);
                }
            }
            y += ROW;
        }
        y
    }

    fn alt(&self, rows: &[Compared]) -> String {
        let names: Vec<&Name> = self.shown().map(|(_, name)| name).collect();
        let mut alt = Alt::default();
        if names.is_empty() {
            return alt.say("A comparison of nobody.").text();
        }
        alt = alt.say(&format!("Comparison of {}.", alt::list(&names)));
        for row in rows {
            let spoken = |player| row.value(player).map_or_else(|| "not known".to_owned(), |_| row.written(player));
            let values: Vec<String> = (0..names.len()).map(spoken).collect();
            alt = alt.say(&format!("{} {}.", Name::plain(&row.label).as_str(), values.join(", ")));
        }
        alt.text()
    }
}

/// A value on each side, bars growing outwards from the label in the middle.
fn mirrored(canvas: &mut Canvas, top: f64, row: &Compared) {
    const INNER: [f64; 2] = [408.0, 672.0];
    const OUTER: [f64; 2] = [190.0, 890.0];
    let label = Text::label(Name::plain(&row.label).as_str());
    canvas.centre(&label, at(540.0, top + 39.0), INNER[1] - INNER[0] - 20.0);
    let most = (0..2).filter_map(|player| row.value(player)).fold(0.0, f64::max);
    for (player, (line, team)) in [(Line::First, Team::A), (Line::Second, Team::B)].into_iter().enumerate() {
        let room = INNER[0] - OUTER[0];
        // A known value has a bar, even if it is nothing.
        let least = if row.value(player).is_some() { 3.0 } else { 0.0 };
        let length = (room * share(row.value(player).unwrap_or(0.0), most)).max(least);
        let (area, track) = if player == 0 {
            (Area::new(INNER[0] - length, top + 22.0, length, 16.0), Area::new(OUTER[0], top + 22.0, room, 16.0))
        } else {
            (Area::new(INNER[1], top + 22.0, length, 16.0), Area::new(INNER[1], top + 22.0, room, 16.0))
        };
        if row.value(player).is_some() {
            canvas.block(track, Tone::Raised);
        }
        if length > 0.0 {
            canvas.fill(rectangle(area), team.paint());
        }
        let is_best = row.is_best(player, 2);
        // Each number beside the end of its bar.
        let text = number(row, player, is_best, line);
        let (left, used) = if player == 0 {
            let used = canvas.right(&text, at(OUTER[0] - 16.0, top + 41.0), 134.0);
            (OUTER[0] - 16.0 - used, used)
        } else {
            (OUTER[1] + 16.0, canvas.left(&text, at(OUTER[1] + 16.0, top + 41.0), 134.0))
        };
        if is_best {
            canvas.block(Area::new(left, top + 48.0, used, 4.0), Tone::Chalk);
        }
    }
}

fn number(row: &Compared, player: usize, is_best: bool, line: Line) -> Text {
    let text = Text::number(&row.written(player)).size(34.0);
    match (is_best, row.value(player)) {
        (true, _) => text.heavy().tone(line.tone()),
        (false, Some(_)) => text,
        (false, None) => text.tone(Tone::Grey),
    }
}

impl Met {
    fn draw(self, canvas: &mut Canvas, top: f64, names: [&Name; 2]) -> f64 {
        canvas.block(Area::new(BAND_LEFT, top, BAND_WIDTH, 104.0), Tone::Panel);
        let percent = |value: Option<f64>| finite(value).map(|value| format!("{} %", decimal(value, 0)));
        let [first, _] = names;
        let together = match percent(self.together_won) {
            Some(won) if self.together > 0 => format!("{} · won {won}", matches(self.together)),
            _ => matches(self.together),
        };
        let against = match percent(self.first_won) {
            Some(won) if self.against > 0 => format!("{} · {} won {won}", matches(self.against), first.as_str()),
            _ => matches(self.against),
        };
        for (label, text, y) in [("Together", together, 42.0), ("Against", against, 84.0)] {
            canvas.left(&Text::label(label).on(Tone::Panel), at(LEFT, top + y), 170.0);
            canvas.left(
                &Text::plain(&text).size(32.0).tone(Tone::Chalk).on(Tone::Panel),
                at(220.0, top + y),
                RIGHT - 220.0,
            );
        }
        top + 104.0
    }
}

fn matches(number: u64) -> String {
    match number {
        0 => "never".to_owned(),
        1 => "1 match".to_owned(),
        many => format!("{} matches", count(many)),
    }
}
