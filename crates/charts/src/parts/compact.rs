//! The table for many players: two columns of names with kills, K/D and DPM.

use crate::canvas::{Canvas, LEFT, Pen};
use crate::colour::Tone;
use crate::data::Team;
use crate::geometry::{Area, at};
use crate::name::Name;
use crate::numbers::length;
use crate::parts::bars::key;
use crate::parts::table::{Column, Form, best, heads, numbers};
use crate::text::Text;

const ROW: f64 = 38.0;
/// How wide each half is.
const WIDTH: f64 = 484.0;

/// A player's line.
pub(crate) struct CompactLine<'a> {
    pub(crate) team: Team,
    pub(crate) name: &'a Name,
    /// Kills, K/D, DPM.
    pub(crate) values: Vec<Option<f64>>,
}

const fn column(head: &'static str, right: f64, width: f64, form: Form) -> Column {
    Column { head: ["", head], right, width, form, has_best: true }
}

/// Ends of the columns from the left end of a half.
const COLUMNS: [Column; 3] = [
    column("kills", 300.0, 62.0, Form::Count),
    column("K/D", 386.0, 78.0, Form::Decimals(2)),
    column("DPM", WIDTH, 88.0, Form::Count),
];

/// Heads at `y`, then the lines, down the left half and then the right one. `leaders` has the values of everybody, on
/// other pages too. Answers where the table ends.
pub(crate) fn lines(canvas: &mut Canvas, y: f64, lines: &[CompactLine<'_>], leaders: &[Vec<Option<f64>>]) -> f64 {
    let best_values = best(&COLUMNS, leaders);
    let half = lines.len().div_ceil(2);
    let top = y + 14.0;
    for (left, part) in [LEFT, 556.0].into_iter().zip(lines.chunks(half.max(1))) {
        let columns = COLUMNS.map(|column| Column { right: column.right + left, ..column });
        heads(canvas, &columns, y);
        canvas.line(at(left, top), at(left + WIDTH, top), Pen::new(Tone::Line, 2.0));
        for (index, line) in part.iter().enumerate() {
            let y = top + ROW * length(index);
            if index > 0 {
                canvas.line(at(left, y), at(left + WIDTH, y), Pen::new(Tone::Rule, 1.0));
            }
            key(canvas, Area::new(left, y + 8.0, 6.0, 22.0), line.team);
            let name = Text::name(line.name, false, Tone::Ground).size(30.0);
            canvas.left(&name, at(left + 18.0, y + 29.0), 214.0);
            numbers(canvas, &columns, &line.values, &best_values, at(30.0, y + 29.0));
        }
    }
    top + ROW * length(half)
}
