//! Numbers in columns: right-aligned, the best of a column bold, what is not known a grey dash.

use crate::canvas::Canvas;
use crate::colour::Tone;
use crate::geometry::{At, at};
use crate::numbers::{UNKNOWN, count, decimal, finite, float};
use crate::text::Text;

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// Head, in one line or two.
    pub(crate) head: [&'static str; 2],
    /// Where its numbers end.
    pub(crate) right: f64,
    /// How much room they have.
    pub(crate) width: f64,
    pub(crate) form: Form,
    /// Whether its best value is bold: the highest.
    pub(crate) has_best: bool,
}

/// How the numbers of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Count,
    Decimals(usize),
}

impl Form {
    pub(crate) fn write(self, value: Option<f64>) -> String {
        match (finite(value), self) {
            (None, _) => UNKNOWN.to_owned(),
            (Some(value), Self::Count) => decimal(value, 0),
            (Some(value), Self::Decimals(places)) => decimal(value, places),
        }
    }
}

pub(crate) fn counted(value: Option<u64>) -> Option<f64> {
    value.map(float)
}

pub(crate) fn heads(canvas: &mut Canvas, columns: &[Column], y: f64) {
    for column in columns {
        let [above, below] = column.head;
        for (text, y) in [(above, y - 28.0), (below, y)] {
            if !text.is_empty() {
                canvas.right(&Text::plain(text).tone(Tone::Grey), at(column.right, y), column.width);
            }
        }
    }
}

/// The best value of each column, if it is one to be shown: not with a single line.
pub(crate) fn best(columns: &[Column], lines: &[Vec<Option<f64>>]) -> Vec<Option<f64>> {
    let of_column = |(index, column): (usize, &Column)| {
        let values = lines.iter().filter_map(|line| finite(line.get(index).copied().flatten()));
        let best = values.reduce(f64::max).filter(|best| *best > 0.0);
        best.filter(|_| column.has_best && lines.len() > 1)
    };
    columns.iter().enumerate().map(of_column).collect()
}

/// One line of numbers. Equal as written is equal: ties are all bold.
pub(crate) fn numbers(canvas: &mut Canvas, columns: &[Column], values: &[Option<f64>], best: &[Option<f64>], line: At) {
    for ((column, value), best) in columns.iter().zip(values).zip(best) {
        let written = column.form.write(*value);
        let is_best = best.is_some_and(|best| column.form.write(Some(best)) == written);
        let is_nothing = finite(*value).is_none_or(|value| value == 0.0);
        let text = Text::number(&written).size(line.x);
        let text = match (is_best, is_nothing) {
            (true, _) => text.heavy().tone(Tone::Chalk),
            (false, true) => text.tone(Tone::Grey),
            (false, false) => text,
        };
        canvas.right(&text, at(column.right, line.y), column.width);
    }
}

/// `5 of 71` when there are more than are shown.
pub(crate) fn shown_of(shown: usize, all: usize) -> String {
    let write = |number: usize| count(u64::try_from(number).unwrap_or(u64::MAX));
    if shown < all { format!("{} of {}", write(shown), write(all)) } else { write(all) }
}
