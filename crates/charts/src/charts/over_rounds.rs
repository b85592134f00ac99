//! K/D or DPM over the evening's rounds: a small plot per player, all on one scale.

use crate::alt::{self, Alt};
use crate::canvas::{Canvas, Pen, RIGHT};
use crate::charts::player_rows::NOT_IN_FILES;
use crate::charts::rows::{PLOT, Rows, heads, legend, measured, nothing, page, pages};
use crate::colour::Tone;
use crate::data::Team;
use crate::geometry::{Area, at};
use crate::name::Name;
use crate::numbers::{count, finite, length, maybe_decimal, plural, share};
use crate::parts::bars::rectangle;
use crate::parts::header::header;
use crate::picture::Picture;
use crate::text::Text;

/// Rounds of one picture; the last ones are shown.
const MOST_ROUNDS: usize = 40;
/// The room of a round where there are few of them.
const WIDEST: f64 = 64.0;
/// Left and right end of the leading number.
const LEADING: [f64; 2] = [856.0, 924.0];

/// What is shown over the rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Kills per death.
    Kd,
    /// Damage per minute.
    Dpm,
}

impl Quantity {
    const fn title(self) -> &'static str {
        match self {
            Self::Kd => "K/D",
            Self::Dpm => "DPM",
        }
    }

    const fn places(self) -> usize {
        match self {
            Self::Kd => 2,
            Self::Dpm => 0,
        }
    }
}

/// A number per player and round.
#[derive(Debug, Clone, PartialEq)]
pub struct OverRounds {
    /// What is shown.
    pub quantity: Quantity,
    /// Parts of the header: `evening 39`.
    pub parts: Vec<String>,
    /// A row per player, in any order.
    pub rows: Vec<RoundsOfPlayer>,
}

/// A player's rounds.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundsOfPlayer {
    /// The whole name.
    pub name: Name,
    /// The team.
    pub team: Team,
    /// The number over all the rounds: a ratio of sums, not a mean of these.
    pub overall: Option<f64>,
    /// A number per round of the evening; `None` where the player was not there.
    pub rounds: Vec<Option<f64>>,
}

impl OverRounds {
    /// How many pictures it takes to show everybody; at least one.
    #[must_use]
    pub fn pages(&self) -> usize {
        pages(self.rows.len())
    }

    /// Composes a page, counted from 0.
    #[must_use]
    pub fn draw(&self, page_number: usize) -> Picture {
        let mut canvas = Canvas::default();
        let rounds = self.rows.iter().map(|row| row.rounds.len()).max().unwrap_or(0);
        let parts: Vec<String> = self.parts.iter().cloned().chain([plural(rounds, "round")]).collect();
        let title = format!("{} by round", self.quantity.title());
        header(&mut canvas, &title, &parts);
        let mut sorted: Vec<&RoundsOfPlayer> = self.rows.iter().collect();
        let order = |row: &RoundsOfPlayer| finite(row.overall).unwrap_or(f64::NEG_INFINITY);
        sorted.sort_by(|a, b| order(b).total_cmp(&order(a)));
        let shown = page(&sorted, page_number);
        let rows = Rows::new(shown.len());
        let skipped = rounds.saturating_sub(MOST_ROUNDS);
        let span = Span { first: skipped, end: rounds };
        let values =
            || self.rows.iter().flat_map(|row| row.rounds.iter().skip(skipped)).filter_map(|value| finite(*value));
        let most = values().fold(0.0, f64::max);
        let height = if shown.is_empty() || rounds == 0 {
            nothing(&mut canvas, "No rounds yet")
        } else {
            span.axis(&mut canvas);
            heads(&mut canvas, &[(self.quantity.title(), LEADING), ("best", [940.0, RIGHT])]);
            for (index, row) in shown.iter().enumerate() {
                rows.name(&mut canvas, index, row.team, &row.name);
                span.columns(&mut canvas, rows.track(index, PLOT), row, most);
                rows.leading(&mut canvas, index, &maybe_decimal(finite(row.overall), self.quantity.places()), LEADING);
                let best = row.rounds.iter().filter_map(|value| finite(*value)).reduce(f64::max);
                rows.number(&mut canvas, index, &maybe_decimal(best, self.quantity.places()), RIGHT);
            }
            let last = if skipped > 0 { format!(", the last {MOST_ROUNDS}") } else { String::new() };
            let text = if values().next().is_some() {
                let scale = maybe_decimal(Some(most), self.quantity.places());
                format!("a bar per round{last}, to {scale} · gap = not played")
            } else {
                NOT_IN_FILES.to_owned()
            };
            legend(&mut canvas, rows, &text, self.rows.len())
        };
        Picture::new(title, self.alt(rounds, &sorted), canvas, height)
    }

    fn alt(&self, rounds: usize, sorted: &[&RoundsOfPlayer]) -> String {
        let what = match self.quantity {
            Quantity::Kd => "Kills per death",
            Quantity::Dpm => "Damage per minute",
        };
        let players = plural(self.rows.len(), "player");
        let mut alt = Alt::default().say(&format!("{what} over {} of {players}.", plural(rounds, "round")));
        for row in sorted {
            let best = row.rounds.iter().filter_map(|value| finite(*value)).reduce(f64::max);
            let (Some(overall), Some(best)) = (finite(row.overall), best) else { continue };
            let places = self.quantity.places();
            alt = alt.say(&format!(
                "{} {}, best round {}.",
                alt::name(&row.name),
                crate::numbers::decimal(overall, places),
                crate::numbers::decimal(best, places)
            ));
        }
        alt.text()
    }
}

/// The rounds that are shown, counted from 0.
#[derive(Debug, Clone, Copy)]
struct Span {
    first: usize,
    end: usize,
}

impl Span {
    fn step(self) -> f64 {
        ((PLOT[1] - PLOT[0]) / length(self.end - self.first)).min(WIDEST)
    }

    /// Numbers of the rounds: all, every second, or every fifth, as there is room.
    fn axis(self, canvas: &mut Canvas) {
        measured(canvas, "round");
        let label = |round: usize| {
            Text::number(&count(u64::try_from(round + 1).unwrap_or(u64::MAX))).size(28.0).tone(Tone::Grey)
        };
        let widest = label(self.end.saturating_sub(1)).set().width;
        let every = [1, 2, 5, 10, 20].into_iter().find(|every| self.step() * length(*every) >= widest + 16.0);
        let every = every.unwrap_or(50);
        // 1, 3, 5, but 5, 10, 15.
        let is_named =
            |round: usize| if every > 2 { (round + 1).is_multiple_of(every) } else { round.is_multiple_of(every) };
        for round in (self.first..self.end).filter(|round| is_named(*round)) {
            let middle = PLOT[0] + self.step() * (length(round - self.first) + 0.5);
            canvas.centre(&label(round), at(middle, 126.0), widest + 2.0);
        }
    }

    fn columns(self, canvas: &mut Canvas, track: Area, row: &RoundsOfPlayer, most: f64) {
        let step = self.step();
        let gap = (step * 0.2).clamp(1.0, 8.0);
        let (top, bottom) = (track.top - 6.0, track.bottom() + 6.0);
        canvas.line(at(track.left, bottom + 1.0), at(track.right(), bottom + 1.0), Pen::new(Tone::Rule, 2.0));
        for (index, value) in row.rounds.iter().skip(self.first).enumerate() {
            let Some(value) = finite(*value) else { continue };
            let height = ((bottom - top) * share(value.max(0.0), most)).max(3.0);
            let left = track.left + step * length(index) + gap / 2.0;
            let area = Area::new(left, bottom - height, step - gap, height);
            if value > 0.0 {
                canvas.fill(rectangle(area), row.team.paint());
            } else {
                canvas.block(area, Tone::Line);
            }
        }
    }
}
