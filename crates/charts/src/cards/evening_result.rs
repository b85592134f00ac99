//! Who won the evening: score, hold bars per map, series, the most valuable players.

use crate::alt::{self, Alt};
use crate::canvas::{BAND_LEFT, BAND_WIDTH, Canvas, LEFT, RIGHT};
use crate::cards::attacks::{Digits, roster, score, spoken};
use crate::colour::Tone;
use crate::data::{Attack, Score, Team, When};
use crate::geometry::{Area, at};
use crate::name::Name;
use crate::numbers::{UNKNOWN, clock, count, plural};
use crate::parts::bars::{hold_bar, key, outcome, proportion, unknown};
use crate::parts::header::{header, note};
use crate::parts::tiles::{self, Honour};
use crate::picture::Picture;
use crate::text::Text;

const ROW: f64 = 50.0;
/// Map rows of one picture; an evening of more says so below the legend.
const MOST_MAPS: usize = 40;
/// From where to where the bars are.
const BARS: [f64; 2] = [330.0, 680.0];

/// An evening's result.
#[derive(Debug, Clone, PartialEq)]
pub struct EveningResult {
    /// The number people know it by.
    pub number: u64,
    /// When it was.
    pub when: When,
    /// How many played.
    pub players: usize,
    /// One for each pair of opponents, in order. Each has its own score; there is no total anywhere.
    pub series: Vec<Series>,
    /// The most valuable player of the evening.
    pub best: Option<Honour>,
    /// Somebody else to name: the MVP of the other team, or most kills when teams are not known.
    pub second: Option<Honour>,
}

/// Maps between the same opponents.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Who played, and the score; or why it is not known: `4 of 6 players changed sides between maps`.
    pub sides: Result<Sides, String>,
    /// The maps in the order they were played.
    pub maps: Vec<MapPlay>,
}

/// Two teams and their score.
#[derive(Debug, Clone, PartialEq)]
pub struct Sides {
    /// The team on the left.
    pub a: Side,
    /// The team on the right.
    pub b: Side,
    /// Points.
    pub score: Score,
}

/// A team and who played in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// The team's name.
    pub name: Name,
    /// Players without the clan tag, whom to name first first.
    pub players: Vec<Name>,
}

/// A map play: up to two rounds.
#[derive(Debug, Clone, PartialEq)]
pub struct MapPlay {
    /// As the server spells it.
    pub map: String,
    /// The attack of round 1.
    pub first: Option<Attack>,
    /// The attack of round 2; its limit is the time to beat.
    pub second: Option<Attack>,
    /// Points for each team; `None` if the map is not counted or the teams are not known.
    pub points: Option<Score>,
    /// Why it is not counted: `round 2 was never played`.
    pub not_counted: Option<String>,
}

impl EveningResult {
    fn maps(&self) -> impl Iterator<Item = &MapPlay> {
        self.series.iter().flat_map(|series| &series.maps)
    }

    /// Composes the card.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let mut canvas = Canvas::default();
        let title = format!("Evening {}", count(self.number));
        header(&mut canvas, &title, &self.header());
        let limits = self.maps().flat_map(|map| [map.first, map.second]).flatten();
        let longest = limits.map(|attack| attack.limit.max(attack.seconds)).max().unwrap_or(0).max(1);
        let mut y = 92.0;
        let mut left = MOST_MAPS;
        let is_only = self.series.len() == 1;
        for series in &self.series {
            if left == 0 {
                break;
            }
            y = band(&mut canvas, y, series, is_only);
            for (index, map) in series.maps.iter().take(left).enumerate() {
                if index > 0 {
                    canvas.rule(y, Tone::Rule);
                }
                row(&mut canvas, y, map, longest);
                y += ROW;
            }
            left -= series.maps.len().min(left);
            y += 28.0;
        }
        if self.series.is_empty() {
            canvas.block(Area::new(BAND_LEFT, 92.0, BAND_WIDTH, 110.0), Tone::Panel);
            canvas.left(&Text::bold("No rounds yet").size(44.0).on(Tone::Panel), at(LEFT, 162.0), 900.0);
            y = 230.0;
        } else {
            y = legend(&mut canvas, y - 16.0, longest);
        }
        for line in self.notes() {
            note(&mut canvas, &line, LEFT, y + 30.0);
            y += 40.0;
        }
        y = self.tiles(&mut canvas, y + 16.0);
        Picture::new(title, self.alt(), canvas, y + 20.0)
    }

    fn header(&self) -> Vec<String> {
        let mut parts = self.when.parts();
        parts.push(plural(self.maps().count(), "map"));
        parts.push(plural(self.players, "player"));
        if !self.series.is_empty() && self.series.iter().all(|series| series.sides.is_err()) {
            parts.push("times only".to_owned());
        }
        parts
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let reasons: Vec<&str> = self.maps().filter_map(|map| map.not_counted.as_deref()).collect();
        if let Some(first) = reasons.first() {
            let reason = if reasons.iter().all(|reason| reason == first) { first } else { "several reasons" };
            notes.push(format!("{} not counted: {reason}", plural(reasons.len(), "map")));
        }
        let hidden = self.maps().count().saturating_sub(MOST_MAPS);
        if hidden > 0 {
            notes.push(format!("and {} more", plural(hidden, "map")));
        }
        notes
    }

    fn tiles(&self, canvas: &mut Canvas, top: f64) -> f64 {
        let areas = [Area::new(40.0, top, 492.0, tiles::HEIGHT), Area::new(548.0, top, 492.0, tiles::HEIGHT)];
        let mut shown = areas.into_iter();
        for (honour, is_chalk) in [(&self.best, true), (&self.second, false)] {
            if let Some(honour) = honour
                && let Some(area) = shown.next()
            {
                tiles::tile(canvas, area, honour, is_chalk);
            }
        }
        if shown.len() < 2 { top + tiles::HEIGHT } else { top - 12.0 }
    }

    fn alt(&self) -> String {
        let in_series = match self.series.len() {
            0 | 1 => String::new(),
            number => format!(" in {number} series"),
        };
        let maps = plural(self.maps().count(), "map");
        let mut alt = Alt::default();
        let is_unknown = !self.series.is_empty() && self.series.iter().all(|series| series.sides.is_err());
        let times_only = if is_unknown { ", times only: the teams are not known, so no points are given" } else { "" };
        alt = alt.say(&format!("Evening {}{}, {maps}{in_series}{times_only}.", count(self.number), self.when.spoken()));
        for series in &self.series {
            if let Ok(Sides { a, b, score }) = &series.sides {
                alt = alt.say(&spoken(*score, &a.name, &b.name));
            }
        }
        for honour in [&self.best, &self.second].into_iter().flatten() {
            alt = alt.say(&format!("{}: {} with {}.", honour.title, alt::name(&honour.name), honour.value));
        }
        alt.text()
    }
}

/// The band on top of a series; answers where its rows begin.
fn band(canvas: &mut Canvas, top: f64, series: &Series, is_only: bool) -> f64 {
    let height = if is_only { 110.0 } else { 100.0 };
    let panel = Area::new(BAND_LEFT, top + 10.0, BAND_WIDTH, height);
    let strip = Area::new(BAND_LEFT, top, BAND_WIDTH, 10.0);
    canvas.block(panel, Tone::Panel);
    match &series.sides {
        Ok(sides) => {
            proportion(canvas, strip, sides.score.a, sides.score.b);
            let size = if is_only { 112.0 } else { 96.0 };
            let digits = Digits { left: 510.0, right: 570.0, baseline: panel.bottom() - 18.0, size };
            let widths = score(canvas, sides.score, digits);
            team(
                canvas,
                panel,
                &sides.a,
                TeamEnd { team: Team::A, is_loser: sides.score.is_won_by(Team::B), digits: widths[0] },
            );
            team(
                canvas,
                panel,
                &sides.b,
                TeamEnd { team: Team::B, is_loser: sides.score.is_won_by(Team::A), digits: widths[1] },
            );
        }
        Err(reason) => {
            canvas.block(strip, Tone::Line);
            canvas.left(&Text::bold("Teams not known").size(44.0).on(Tone::Panel), at(LEFT, top + 62.0), 980.0);
            let reason = format!("{}: no points", Name::plain(reason).as_str());
            canvas.left(&Text::plain(&reason).on(Tone::Panel), at(LEFT, top + 100.0), 1000.0);
        }
    }
    panel.bottom() + 15.0
}

/// Which end of the band, and how much of it the digits take.
#[derive(Clone, Copy)]
struct TeamEnd {
    team: Team,
    is_loser: bool,
    digits: f64,
}

fn team(canvas: &mut Canvas, panel: Area, side: &Side, end: TeamEnd) {
    let width = 510.0 - end.digits - 24.0 - 68.0;
    let (name_y, roster_y) = (panel.top + 48.0, panel.bottom() - 15.0);
    let mut name = Text::name(&side.name, true, Tone::Panel).size(44.0);
    if end.is_loser {
        name = name.tone(Tone::Sand);
    }
    let list = roster(&side.players, width);
    let bar = Area::new(LEFT, panel.top + 18.0, 12.0, panel.height - 36.0);
    if end.team == Team::A {
        key(canvas, bar, end.team);
        canvas.left(&name, at(68.0, name_y), width);
        canvas.left(&list, at(68.0, roster_y), width);
    } else {
        key(canvas, Area { left: RIGHT - 12.0, ..bar }, end.team);
        canvas.right(&name, at(1012.0, name_y), width);
        canvas.right(&list, at(1012.0, roster_y), width);
    }
}

fn row(canvas: &mut Canvas, top: f64, map: &MapPlay, longest: u64) {
    let baseline = top + 31.0;
    canvas.left(&Text::map(&map.map), at(LEFT, baseline), 276.0);
    let track = |y: f64| Area::new(BARS[0], top + y, BARS[1] - BARS[0], 12.0);
    let ends = [(map.first, 5.0, 790.0), (map.second, 26.0, 906.0)];
    for (attack, y, right) in ends {
        match attack {
            Some(attack) => {
                hold_bar(canvas, track(y), &attack, longest);
                let time = Text::number(&clock(attack.seconds)).tone(attack.team.tone());
                canvas.right(&time, at(right, baseline + 1.0), 88.0);
                outcome(canvas, at(right + 9.0, baseline - 22.0), attack.is_done, Tone::Sand);
            }
            None => {
                canvas.right(&Text::number(UNKNOWN).tone(Tone::Grey), at(right, baseline + 1.0), 88.0);
            }
        }
    }
    match map.points {
        Some(points) => small_score(canvas, map, points, baseline + 3.0),
        None => unknown(canvas, Area::new(RIGHT - 20.0, baseline - 10.0, 20.0, 4.0)),
    }
}

/// A team's points have its hue where its bar in the row says the same.
fn small_score(canvas: &mut Canvas, map: &MapPlay, points: Score, y: f64) {
    let has_bar = |team: Team| {
        [map.first, map.second].into_iter().flatten().any(|attack| attack.team == team && attack.seconds > 0)
    };
    canvas.centre(&Text::figures(":", 44.0).tone(Tone::Grey), at(1000.0, y - 3.0), 16.0);
    for (team, x) in [(Team::A, 972.0), (Team::B, 1028.0)] {
        let is_earned = points.is_won_by(team) || points.is_draw() && points.of(team) > 0;
        let tone = match (is_earned, has_bar(team)) {
            (true, true) => team.tone(),
            (true, false) => Tone::Chalk,
            (false, _) => Tone::Grey,
        };
        canvas.centre(&Text::figures(&count(points.of(team)), 44.0).tone(tone), at(x, y), 38.0);
    }
}

fn legend(canvas: &mut Canvas, y: f64, longest: u64) -> f64 {
    canvas.rule(y, Tone::Line);
    let baseline = y + 34.0;
    let grey = |text: &str| Text::plain(text).tone(Tone::Grey);
    outcome(canvas, at(LEFT, y + 12.0), true, Tone::Sand);
    let used = canvas.left(&grey("objective done"), at(66.0, baseline), 170.0);
    outcome(canvas, at(66.0 + used + 16.0, y + 12.0), false, Tone::Sand);
    canvas.left(&grey("full hold"), at(66.0 + used + 34.0, baseline), 110.0);
    canvas.right(&grey(&format!("bar = attack time, to {}", clock(longest))), at(680.0, baseline), 300.0);
    for (text, right) in [("round 1", 790.0), ("round 2", 906.0), ("points", RIGHT)] {
        canvas.right(&grey(text), at(right, baseline), 90.0);
    }
    baseline + 10.0
}
