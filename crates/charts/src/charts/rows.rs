//! The frame that charts with a row per player or map share: names left, a plot, numbers right, pages.

use crate::canvas::{Canvas, LEFT, Pen, RIGHT};
use crate::colour::Tone;
use crate::data::Team;
use crate::geometry::{Area, at};
use crate::name::Name;
use crate::numbers::{UNKNOWN, decimal, length};
use crate::parts::bars::key;
use crate::parts::plot::Scale;
use crate::text::Text;

/// Rows of one page.
pub(crate) const PAGE: usize = 24;
/// Up to so many rows they are high.
const HIGH: usize = 16;
/// From where to where the bars are.
pub(crate) const PLOT: [f64; 2] = [330.0, 846.0];
/// Where the first row begins.
const TOP: f64 = 140.0;

/// How many pictures it takes to show so many rows; at least one.
pub(crate) fn pages(rows: usize) -> usize {
    rows.div_ceil(PAGE).max(1)
}

/// What bars are measured by: a scale from zero over a stretch of the picture.
#[derive(Debug, Clone)]
pub(crate) struct Axis {
    /// Left and right end.
    pub(crate) plot: [f64; 2],
    /// `None` while no value is known: then no number is made up.
    scale: Option<Scale>,
}

impl Axis {
    /// For values of any kind.
    pub(crate) fn of_values(values: impl Iterator<Item = f64>, plot: [f64; 2]) -> Self {
        let values: Vec<f64> = from_zero(values);
        Self { plot, scale: (!values.is_empty()).then(|| Scale::around(values.into_iter().chain([0.0]), 5)) }
    }

    /// For values that are written without decimals.
    pub(crate) fn of_counts(values: impl Iterator<Item = f64>, plot: [f64; 2]) -> Self {
        let values: Vec<f64> = from_zero(values);
        Self { plot, scale: (!values.is_empty()).then(|| Scale::of_counts(values.into_iter().chain([0.0]), 5)) }
    }

    /// Where a value lies, 0 to 1.
    pub(crate) fn part(&self, value: f64) -> f64 {
        self.scale.as_ref().map_or(0.0, |scale| scale.part(value))
    }

    /// Gridlines with as many of their numbers as there is room for.
    pub(crate) fn draw(&self, canvas: &mut Canvas, rows: Rows) {
        let [left, right] = self.plot;
        let line = |canvas: &mut Canvas, x: f64, tone: Tone| {
            canvas.line(at(x, TOP - 4.0), at(x, rows.bottom()), Pen::new(tone, 2.0));
        };
        let Some(scale) = &self.scale else { return line(canvas, left, Tone::Line) };
        let mut free = left - 1.0;
        for tick in scale.ticks() {
            let x = left + (right - left) * scale.part(tick);
            let text = Text::number(&decimal(tick, scale.places())).size(28.0).tone(Tone::Grey);
            let half = text.set().width / 2.0;
            let middle = x.max(left + half);
            if middle - half >= free && middle + half <= right + 6.0 {
                canvas.centre(&text, at(middle, 126.0), half * 2.0 + 2.0);
                free = middle + half + 14.0;
            }
            line(canvas, x, if tick.abs() < 1e-12 { Tone::Line } else { Tone::Rule });
        }
    }
}

fn from_zero(values: impl Iterator<Item = f64>) -> Vec<f64> {
    values.filter(|value| value.is_finite()).map(|value| value.max(0.0)).collect()
}

/// What is measured, left of the numbers of its axis.
pub(crate) fn measured(canvas: &mut Canvas, what: &str) {
    canvas.left(&Text::plain(what).tone(Tone::Grey), at(LEFT, 126.0), PLOT[0] - LEFT - 16.0);
}

/// Rows of a page, and their height.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows {
    pub(crate) height: f64,
    pub(crate) count: usize,
}

/// The rows of a page, counted from 0; a page beyond the last is the last.
pub(crate) fn page<T>(rows: &[T], page: usize) -> &[T] {
    let last = rows.len().div_ceil(PAGE).saturating_sub(1);
    rows.chunks(PAGE).nth(page.min(last)).unwrap_or_default()
}

impl Rows {
    pub(crate) fn new(count: usize) -> Self {
        Self { height: if count > HIGH { 42.0 } else { 58.0 }, count }
    }

    /// The area of a row.
    pub(crate) fn row(self, index: usize) -> Area {
        let top = TOP + self.height * length(index);
        Area::new(LEFT, top, RIGHT - LEFT, self.height)
    }

    pub(crate) fn bottom(self) -> f64 {
        TOP + self.height * length(self.count.max(1))
    }

    /// The bar of a row.
    pub(crate) fn track(self, index: usize, [left, right]: [f64; 2]) -> Area {
        let row = self.row(index);
        let height = if self.height > 50.0 { 34.0 } else { 24.0 };
        Area::new(left, row.top + (row.height - height) / 2.0, right - left, height)
    }

    /// Baseline of a row's text.
    pub(crate) fn baseline(self, index: usize) -> f64 {
        let row = self.row(index);
        row.top + row.height / 2.0 + 11.0
    }

    /// A row's team and name.
    pub(crate) fn name(self, canvas: &mut Canvas, index: usize, team: Team, name: &Name) {
        let row = self.row(index);
        let height = (row.height - 20.0).min(36.0);
        key(canvas, Area::new(LEFT, row.top + (row.height - height) / 2.0, 8.0, height), team);
        let size = if self.height > 50.0 { 34.0 } else { 30.0 };
        let text = Text::name(name, false, Tone::Ground).size(size);
        canvas.left(&text, at(62.0, self.baseline(index)), PLOT[0] - 62.0 - 14.0);
    }

    /// The number that the chart is sorted by, in a column from `left` to `right`: Bebas where the row is high enough.
    pub(crate) fn leading(self, canvas: &mut Canvas, index: usize, text: &str, [left, right]: [f64; 2]) {
        let number =
            if self.height > 50.0 { Text::figures(text, 44.0) } else { Text::number(text).heavy().tone(Tone::Chalk) };
        let y = if self.height > 50.0 { 5.0 } else { 0.0 };
        canvas.right(&number, at(right, self.baseline(index) + y), right - left);
    }

    /// An ordinary number of the row.
    pub(crate) fn number(self, canvas: &mut Canvas, index: usize, text: &str, right: f64) {
        self.number_in(canvas, index, text, [right, 112.0]);
    }

    /// The same in a column that ends at `right` and is so wide.
    pub(crate) fn number_in(self, canvas: &mut Canvas, index: usize, text: &str, [right, width]: [f64; 2]) {
        let tone = if text == UNKNOWN { Tone::Grey } else { Tone::Sand };
        canvas.right(&Text::number(text).tone(tone), at(right, self.baseline(index)), width);
    }

    /// Why a row has no bar, set off from the gridlines.
    pub(crate) fn reason(self, canvas: &mut Canvas, index: usize, text: &str, left: f64) {
        let words = Text::plain(text).tone(Tone::Grey);
        let width = words.set().width;
        let y = self.baseline(index);
        canvas.block(Area::new(left + 4.0, y - 26.0, width + 16.0, 36.0), Tone::Ground);
        canvas.left(&words, at(left + 12.0, y), width + 1.0);
    }
}

/// Heads of the number columns with their left and right ends, the first one leading.
pub(crate) fn heads(canvas: &mut Canvas, heads: &[(&str, [f64; 2])]) {
    for (index, (text, [left, right])) in heads.iter().enumerate() {
        let text = if index == 0 { Text::bold(text) } else { Text::plain(text).tone(Tone::Grey) };
        canvas.right(&text.size(28.0), at(*right, 126.0), right - left);
    }
}

/// The empty state of a chart, and its height.
pub(crate) fn nothing(canvas: &mut Canvas, what: &str) -> f64 {
    canvas.left(&Text::bold(what).size(44.0), at(LEFT, 156.0), RIGHT - LEFT);
    210.0
}

/// The legend below the plot, and how many rows of all are shown; answers the height of the chart.
pub(crate) fn legend(canvas: &mut Canvas, rows: Rows, text: &str, all: usize) -> f64 {
    let of_all = (rows.count < all).then(|| format!("{} of {all} players", rows.count));
    let parts: Vec<&str> =
        [text, of_all.as_deref().unwrap_or_default()].into_iter().filter(|p| !p.is_empty()).collect();
    if parts.is_empty() {
        return rows.bottom() + 24.0;
    }
    let y = rows.bottom() + 38.0;
    let words = Text::plain(&parts.join(" · "));
    let left = if words.set().extent() <= RIGHT - PLOT[0] { PLOT[0] } else { LEFT };
    canvas.left(&words, at(left, y), RIGHT - left);
    y + 32.0
}
