//! The evening's score as it went, map by map. Each series has its own plot; there is no total anywhere.

use crate::alt::Alt;
use crate::canvas::{Canvas, LEFT, Pen, RIGHT};
use crate::cards::spoken_score;
use crate::charts::rows::nothing;
use crate::colour::Tone;
use crate::data::{Score, Team};
use crate::geometry::{Area, At, at};
use crate::name::Name;
use crate::numbers::{count, float, length, plural};
use crate::parts::bars::key;
use crate::parts::header::{header, note};
use crate::parts::plot::{Line, Scale, polyline};
use crate::picture::Picture;
use crate::text::Text;

const PLOT_HEIGHT: f64 = 240.0;
/// Series of one picture.
const MOST_SERIES: usize = 6;

/// An evening's score, map by map.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreChart {
    /// Parts of the header: `evening 39`.
    pub parts: Vec<String>,
    /// In order.
    pub series: Vec<ScoreSeries>,
}

/// A series of maps between the same opponents.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreSeries {
    /// The names of team A and team B; `None` if they are not known.
    pub names: Option<[Name; 2]>,
    /// The maps in order.
    pub steps: Vec<ScoreStep>,
}

/// A map and what it brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreStep {
    /// As the server spells it.
    pub map: String,
    /// Points of this map; `None` if it is not counted.
    pub points: Option<Score>,
}

impl ScoreSeries {
    /// The score before the first map and after each.
    fn way(&self) -> Vec<Score> {
        let mut score = Score { a: 0, b: 0 };
        let mut way = vec![score];
        for step in &self.steps {
            if let Some(points) = step.points {
                score = Score { a: score.a.saturating_add(points.a), b: score.b.saturating_add(points.b) };
            }
            way.push(score);
        }
        way
    }

    fn result(&self) -> Score {
        self.way().last().copied().unwrap_or(Score { a: 0, b: 0 })
    }
}

impl ScoreChart {
    /// Composes the chart.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let mut canvas = Canvas::default();
        let maps = self.series.iter().map(|series| series.steps.len()).sum();
        let parts: Vec<String> = self.parts.iter().cloned().chain([plural(maps, "map")]).collect();
        header(&mut canvas, "Score", &parts);
        let mut y = 92.0;
        for series in self.series.iter().take(MOST_SERIES) {
            y = panel(&mut canvas, y, series);
        }
        if maps == 0 {
            y = nothing(&mut canvas, "No maps yet") - 40.0;
        } else if self.series.len() > MOST_SERIES {
            note(&mut canvas, &format!("and {} more series", self.series.len() - MOST_SERIES), LEFT, y + 26.0);
            y += 40.0;
        }
        Picture::new("Score".to_owned(), self.alt(), canvas, y + 16.0)
    }

    fn alt(&self) -> String {
        let maps = self.series.iter().map(|series| series.steps.len()).sum();
        let mut alt = Alt::default();
        for series in &self.series {
            alt = match &series.names {
                Some([a, b]) => alt.say(&spoken_score(series.result(), a, b)),
                None => alt.say("The teams are not known, so no points are given."),
            };
        }
        alt = alt.say(&format!("The score as it went, {}.", plural(maps, "map")));
        for series in self.series.iter().filter(|series| series.names.is_some()) {
            let way: Vec<String> =
                series.way().iter().skip(1).map(|s| format!("{}:{}", count(s.a), count(s.b))).collect();
            alt = alt.say(&format!("{}.", way.join(", ")));
        }
        alt.text()
    }
}

fn panel(canvas: &mut Canvas, top: f64, series: &ScoreSeries) -> f64 {
    if series.steps.is_empty() {
        return top;
    }
    let Some([a, b]) = &series.names else {
        canvas.left(&Text::bold("Teams not known").size(40.0), at(LEFT, top + 48.0), 900.0);
        note(canvas, &format!("{}: no points", plural(series.steps.len(), "map")), LEFT, top + 88.0);
        return top + 110.0;
    };
    let result = series.result();
    let height = PLOT_HEIGHT;
    let plot = Area::new(90.0, top + 84.0, 740.0, height);
    let way = series.way();
    let most = way.iter().flat_map(|score| [score.a, score.b]).max().unwrap_or(0).max(1);
    let scale = Scale::of_counts([0.0, float(most)], 4);
    grid(canvas, plot, &scale);
    let names_end = map_names(canvas, plot, &series.steps);
    let x = |index: usize| plot.left + plot.width * length(index) / length(series.steps.len());
    let y = |value: u64| plot.bottom() - plot.height * scale.part(float(value));
    for (line, team) in [(Line::First, Team::A), (Line::Second, Team::B)] {
        let points: Vec<Option<At>> =
            way.iter().enumerate().map(|(index, score)| Some(at(x(index), y(score.of(team))))).collect();
        polyline(canvas, &points, line.pen(5.0));
    }
    for (index, score) in way.iter().enumerate() {
        for (line, team) in [(Line::First, Team::A), (Line::Second, Team::B)] {
            let is_last = index + 1 == way.len();
            if is_last || way.len() <= 24 {
                line.marker(canvas, at(x(index), y(score.of(team))), Tone::Ground);
            }
        }
    }
    ends(canvas, top, result, [a, b]);
    names_end + 26.0
}

/// Names and final points, the leader above, right of the plot.
fn ends(canvas: &mut Canvas, top: f64, result: Score, [a, b]: [&Name; 2]) {
    let mut sides = [(Team::A, a), (Team::B, b)];
    if result.is_won_by(Team::B) {
        sides.reverse();
    }
    for (index, (team, name)) in sides.into_iter().enumerate() {
        let y = top + 104.0 + 112.0 * length(index);
        key(canvas, Area::new(872.0, y - 14.0, 10.0, 92.0), team);
        let is_earned = result.is_won_by(team) || result.is_draw();
        let mut words = Text::name(name, true, Tone::Ground).size(32.0);
        if !is_earned {
            words = words.tone(Tone::Sand);
        }
        canvas.left(&words, at(894.0, y + 12.0), RIGHT - 894.0);
        let tone = if is_earned { team.tone() } else { Tone::Grey };
        canvas.left(&Text::figures(&count(result.of(team)), 64.0).tone(tone), at(894.0, y + 74.0), RIGHT - 894.0);
    }
    let title = Text::label("Series");
    canvas.left(&title, at(LEFT, top + 44.0), 120.0);
    let words = Text::plain(&format!("{} – {}", a.as_str(), b.as_str())).size(30.0);
    canvas.left(&words, at(LEFT + 114.0, top + 44.0), RIGHT - LEFT - 114.0);
}

fn grid(canvas: &mut Canvas, plot: Area, scale: &Scale) {
    for tick in scale.ticks() {
        let y = plot.bottom() - plot.height * scale.part(tick);
        let tone = if tick == 0.0 { Tone::Line } else { Tone::Rule };
        canvas.line(at(plot.left, y), at(plot.right(), y), Pen::new(tone, 2.0));
        let text = Text::number(&crate::numbers::decimal(tick, scale.places())).size(28.0).tone(Tone::Grey);
        canvas.right(&text, at(plot.left - 16.0, y + 10.0), plot.left - 16.0 - 14.0);
    }
}

/// Under each step its map, without the affixes: in one row, in two if that is too narrow, numbers if there are too
/// many. Answers the last baseline.
fn map_names(canvas: &mut Canvas, plot: Area, steps: &[ScoreStep]) -> f64 {
    const NARROWEST: f64 = 72.0;
    const LINE: f64 = 34.0;
    let step = plot.width / length(steps.len().max(1));
    let name = |play: &ScoreStep| match play.points {
        Some(_) => Text::main_of_map(&play.map).tone(Tone::Sand),
        None => Text::plain("not counted").tone(Tone::Grey),
    };
    let fit = steps.iter().all(|play| name(play).set().extent() <= step - 12.0);
    let (rows, room) = if fit { (1, step - 12.0) } else { (2, 2.0 * step - 16.0) };
    let first = plot.bottom() + 36.0;
    for (index, play) in steps.iter().enumerate() {
        let end = plot.left + step * length(index + 1);
        canvas.line(at(end, plot.bottom()), at(end, plot.bottom() + 8.0), Pen::new(Tone::Line, 2.0));
        let centre = end - step / 2.0;
        if step >= NARROWEST {
            // Names under the first and the last map may stand out of the plot, not out of the card.
            let room = room.min(2.0 * (centre - LEFT)).min(2.0 * (RIGHT - centre));
            canvas.centre(&name(play), at(centre, first + LINE * length(index % rows)), room);
        } else if step >= 40.0 || index % 5 == 4 {
            let number = count(u64::try_from(index + 1).unwrap_or(u64::MAX));
            canvas.centre(&Text::number(&number).size(28.0).tone(Tone::Grey), at(centre, first), step.max(38.0));
        }
    }
    if step >= NARROWEST && rows > 1 && steps.len() > 1 { first + LINE } else { first }
}
