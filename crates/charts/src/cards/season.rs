//! A season: its champions so far, its leading players, who won the ones before.

use crate::alt::{self, Alt};
use crate::canvas::{BAND_LEFT, BAND_WIDTH, Canvas, LEFT, RIGHT};
use crate::colour::Tone;
use crate::data::{Day, Team};
use crate::geometry::{Area, at};
use crate::name::Name;
use crate::numbers::{count, plural};
use crate::parts::bars::rail;
use crate::parts::header::{header, note};
use crate::parts::table::{Column, Form, best, counted, heads, numbers};
use crate::parts::tiles::{self, Honour};
use crate::picture::Picture;
use crate::text::Text;

const ROW: f64 = 44.0;
/// Lines of the standings.
const MOST_STANDINGS: usize = 16;
/// Champions of past seasons.
const MOST_PAST: usize = 6;

/// A season's state.
#[derive(Debug, Clone, PartialEq)]
pub struct Season {
    /// `2025-Q4`
    pub name: String,
    /// First and last day.
    pub days: Option<[Day; 2]>,
    /// Days left; 0 is its last day, `None` is over.
    pub days_left: Option<u64>,
    /// How much of the season has passed, 0 to 1.
    pub passed: Option<f64>,
    /// Champions so far: skill rating, DPM, kills. Three are shown.
    pub champions: Vec<Honour>,
    /// The leading players, the best first.
    pub standings: Vec<Standing>,
    /// How many stand on the board; more than are shown.
    pub players: usize,
    /// The gate of the board: `from 50 rounds`.
    pub gate: String,
    /// Champions of past seasons, the newest first, and of all time; the title says which.
    pub past: Vec<Honour>,
}

/// A line of the standings.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The newest name.
    pub name: Name,
    /// The skill rating.
    pub skill: Option<f64>,
    /// Damage per minute.
    pub dpm: Option<f64>,
    /// Kills.
    pub kills: Option<u64>,
    /// Kills per death.
    pub kd: Option<f64>,
    /// Matches won, in per cent.
    pub match_win: Option<f64>,
    /// Rounds played.
    pub rounds: u64,
}

const fn column(head: &'static str, right: f64, width: f64, form: Form, has_best: bool) -> Column {
    Column { head: ["", head], right, width, form, has_best }
}

const COLUMNS: [Column; 6] = [
    column("skill", 480.0, 90.0, Form::Decimals(1), true),
    column("DPM", 576.0, 84.0, Form::Count, true),
    column("kills", 694.0, 106.0, Form::Count, true),
    column("K/D", 790.0, 84.0, Form::Decimals(2), true),
    column("win %", 902.0, 100.0, Form::Decimals(1), true),
    column("rounds", RIGHT, 126.0, Form::Count, false),
];

impl Standing {
    fn values(&self) -> Vec<Option<f64>> {
        vec![self.skill, self.dpm, counted(self.kills), self.kd, self.match_win, counted(Some(self.rounds))]
    }
}

impl Season {
    /// Composes the card.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let mut canvas = Canvas::default();
        header(&mut canvas, "Season", &self.header());
        canvas.block(Area::new(BAND_LEFT, 94.0, BAND_WIDTH, 120.0), Tone::Panel);
        let name = Text::bold(Name::plain(&self.name).as_str()).size(60.0).on(Tone::Panel);
        canvas.left(&name, at(LEFT, 160.0), 560.0);
        canvas.right(&Text::bold(&self.left()).size(40.0).tone(Tone::Sand).on(Tone::Panel), at(RIGHT, 156.0), 380.0);
        rail(&mut canvas, Area::new(LEFT, 182.0, RIGHT - LEFT, 12.0), self.passed, Team::Unknown);
        let mut y = self.champions(&mut canvas, 230.0);
        y = self.standings(&mut canvas, y);
        y = self.past(&mut canvas, y);
        Picture::new(format!("Season {}", Name::plain(&self.name).as_str()), self.alt(), canvas, y + 20.0)
    }

    fn header(&self) -> Vec<String> {
        let days = self.days.map(|[first, last]| format!("{} – {}", first.short(), last.with_year()));
        days.into_iter().chain([plural(self.players, "player")]).collect()
    }

    fn left(&self) -> String {
        match self.days_left {
            None => "over".to_owned(),
            Some(0) => "ends today".to_owned(),
            Some(days) => format!("{} left", plural(usize::try_from(days).unwrap_or(usize::MAX), "day")),
        }
    }

    fn champions(&self, canvas: &mut Canvas, top: f64) -> f64 {
        if self.champions.is_empty() {
            note(canvas, &format!("no champions yet: {}", Name::plain(&self.gate).as_str()), LEFT, top + 36.0);
            return top + 56.0;
        }
        let shown = self.champions.iter().take(3);
        let mut y = top;
        for (index, honour) in shown.enumerate() {
            // The first spans the card, as the one chalk field; the other two stand below it.
            let area = match index {
                0 => Area::new(LEFT, top, RIGHT - LEFT, tiles::HEIGHT),
                1 => Area::new(LEFT, top + tiles::HEIGHT + 12.0, 492.0, tiles::HEIGHT),
                _ => Area::new(548.0, top + tiles::HEIGHT + 12.0, 492.0, tiles::HEIGHT),
            };
            tiles::tile(canvas, area, honour, index == 0);
            y = y.max(area.bottom());
        }
        y + 16.0
    }

    fn standings(&self, canvas: &mut Canvas, top: f64) -> f64 {
        let shown = self.standings.get(..self.standings.len().min(MOST_STANDINGS)).unwrap_or_default();
        canvas.left(&Text::label("Standings"), at(LEFT, top + 36.0), 250.0);
        heads(canvas, &COLUMNS, top + 36.0);
        canvas.rule(top + 48.0, Tone::Line);
        let mut y = top + 48.0;
        if shown.is_empty() {
            canvas.left(&Text::plain("nobody has played yet").size(32.0).tone(Tone::Grey), at(LEFT, y + 40.0), 600.0);
            return y + 60.0;
        }
        let lines: Vec<Vec<Option<f64>>> = shown.iter().map(Standing::values).collect();
        let best_values = best(&COLUMNS, &lines);
        for (index, (standing, values)) in shown.iter().zip(&lines).enumerate() {
            if index > 0 {
                canvas.rule(y, Tone::Rule);
            }
            let rank = Text::number(&count(u64::try_from(index + 1).unwrap_or(u64::MAX))).tone(Tone::Grey);
            canvas.right(&rank, at(76.0, y + 33.0), 36.0);
            canvas.left(&Text::name(&standing.name, index < 3, Tone::Ground), at(92.0, y + 33.0), 288.0);
            numbers(canvas, &COLUMNS, values, &best_values, at(32.0, y + 33.0));
            y += ROW;
        }
        canvas.rule(y, Tone::Line);
        let of = if shown.len() < self.players {
            format!("{} of {} · ", shown.len(), plural(self.players, "player"))
        } else {
            String::new()
        };
        note(canvas, &format!("{of}by skill · {}", Name::plain(&self.gate).as_str()), LEFT, y + 36.0);
        y + 50.0
    }

    fn past(&self, canvas: &mut Canvas, top: f64) -> f64 {
        let shown = self.past.get(..self.past.len().min(MOST_PAST)).unwrap_or_default();
        if shown.is_empty() { top } else { tiles::awards(canvas, top + 8.0, shown) + 4.0 }
    }

    fn alt(&self) -> String {
        let days = self.days.map_or_else(String::new, |[first, last]| format!(", {} to {}", first.long(), last.long()));
        let mut alt = Alt::default().say(&format!(
            "Season {}{days}, {}, {}.",
            Name::plain(&self.name).as_str(),
            self.left(),
            plural(self.players, "player")
        ));
        for honour in self.champions.iter().take(3) {
            alt = alt.say(&format!("{}: {} with {}.", honour.title, alt::name(&honour.name), honour.value));
        }
        let leaders: Vec<&Name> = self.standings.iter().map(|standing| &standing.name).collect();
        alt.say_some((!leaders.is_empty()).then(|| format!("Leading: {}.", alt::list(&leaders)))).text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_is_named_and_not_counted() {
        let mut season = Season {
            name: "2025-Q4".to_owned(),
            days: None,
            days_left: Some(0),
            passed: Some(1.0),
            champions: Vec::new(),
            standings: Vec::new(),
            players: 0,
            gate: String::new(),
            past: Vec::new(),
        };
        let texts = |season: &Season| season.draw().texts().join("|");
        assert!(texts(&season).contains("ends today"));
        season.days_left = Some(1);
        assert!(texts(&season).contains("1 day left"));
        season.days_left = None;
        assert!(texts(&season).contains("|over|"));
    }
}
