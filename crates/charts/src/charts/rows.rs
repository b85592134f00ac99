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

    /// What is measured, and gridlines with their numbers.
    pub(crate) fn axis(self, canvas: &mut Canvas, what: &str, scale: &Scale, [left, right]: [f64; 2]) {
        canvas.left(&Text::plain(what).tone(Tone::Grey), at(LEFT, 126.0), left - LEFT - 16.0);
        self.grid(canvas, scale, [left, right]);
    }

    /// Gridlines with as many of their numbers as there is room for.
    pub(crate) fn grid(self, canvas: &mut Canvas, scale: &Scale, [left, right]: [f64; 2]) {
        let mut free = left - 1.0;
        for tick in scale.ticks() {
            let x = left + (right - left) * scale.part(tick);
            let is_axis = tick.abs() < 1e-12;
            let tone = if is_axis { Tone::Line } else { Tone::Rule };
            let text = Text::number(&decimal(tick, scale.places())).size(28.0).tone(Tone::Grey);
            let half = text.set().width / 2.0;
            let middle = x.max(left + half);
            if middle - half >= free && middle + half <= right + 6.0 {
                canvas.centre(&text, at(middle, 126.0), half * 2.0 + 2.0);
                free = middle + half + 14.0;
            }
            canvas.line(at(x, TOP - 4.0), at(x, self.bottom()), Pen::new(tone, 2.0));
        }
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

    /// The number that the chart is sorted by: Bebas where the row is high enough.
    pub(crate) fn leading(self, canvas: &mut Canvas, index: usize, text: &str, right: f64) {
        let number =
            if self.height > 50.0 { Text::figures(text, 44.0) } else { Text::number(text).heavy().tone(Tone::Chalk) };
        let y = if self.height > 50.0 { 5.0 } else { 0.0 };
        canvas.right(&number, at(right, self.baseline(index) + y), right - PLOT[1] - 10.0);
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

/// Heads of the number columns, the first one leading.
pub(crate) fn heads(canvas: &mut Canvas, heads: &[(&str, f64)]) {
    for (index, (text, right)) in heads.iter().enumerate() {
        let text = if index == 0 { Text::bold(text) } else { Text::plain(text).tone(Tone::Grey) };
        canvas.right(&text.size(28.0), at(*right, 126.0), 112.0);
    }
}

/// The empty state of a chart, and its height.
pub(crate) fn nothing(canvas: &mut Canvas, what: &str) -> f64 {
    canvas.left(&Text::bold(what).size(44.0), at(LEFT, 156.0), RIGHT - LEFT);
    210.0
}

/// The legend below the rows, and which rows are shown; answers the height of the chart.
pub(crate) fn legend(canvas: &mut Canvas, rows: Rows, text: &str, all: usize) -> f64 {
    let y = rows.bottom() + 38.0;
    let text = if rows.count < all { format!("{text} · {} of {all} players", rows.count) } else { text.to_owned() };
    canvas.left(&Text::plain(&text), at(LEFT, y), RIGHT - LEFT);
    y + 32.0
}
