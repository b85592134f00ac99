//! Tables in letters of one width. A table that is too wide is cut into several side by side, each with the first
//! column; a name that is too long gets a line of its own. Nothing is left out.

use super::block::Table;
use super::cell::Cell;
use super::width::{left, right, width, wrapped};

/// How a table is drawn.
#[derive(Clone, Copy, Debug)]
pub struct GridStyle {
    /// Columns of letters it may take.
    pub columns: usize,
    /// Whether numbers are shortened: `10K`, `41.3%`.
    pub is_short: bool,
}

/// Letters between two columns.
const GAP: usize = 1;
/// The first column may grow to this share of the width before long names get lines of their own.
const FIRST_SHARE: (usize, usize) = (2, 5);

/// The table as parts side by side. Each part is a headline of labels and a group of lines per row; groups are never
/// torn apart.
#[must_use]
pub fn grid(table: &Table, style: GridStyle) -> Vec<Part> {
    let shown: Vec<Vec<String>> =
        table.rows.iter().map(|row| row.iter().map(|cell| show(cell, style)).collect()).collect();
    let labels: Vec<String> = table.columns.iter().map(|column| column.label.to_plain()).collect();
    let is_number: Vec<bool> = (0..labels.len())
        .map(|index| table.rows.iter().filter_map(|row| row.get(index)).all(Cell::is_number))
        .collect();
    let widths: Vec<usize> = (0..labels.len()).map(|index| natural_width(&labels, &shown, index)).collect();
    let Some((first, others)) = widths.split_first() else { return Vec::new() };
    let widest_other = others.iter().copied().max().unwrap_or(0);
    let share = (style.columns * FIRST_SHARE.0 / FIRST_SHARE.1).max(1);
    let room = style.columns.saturating_sub(GAP + widest_other).max(1);
    let all_fit = first + others.iter().map(|other| GAP + other).sum::<usize>() <= style.columns;
    let first = if all_fit { *first } else { (*first).min(share).min(room) };
    groups(first, others, style.columns)
        .into_iter()
        .map(|group| {
            Layout { first, group, widths: &widths, is_number: &is_number, columns: style.columns }
                .part(&labels, &shown)
        })
        .collect()
}

/// A table, or a part of one that was too wide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The line of labels.
    pub head: String,
    /// The lines of each row.
    pub rows: Vec<Vec<String>>,
}

struct Layout<'a> {
    /// Width of the first column.
    first: usize,
    /// The other columns of this part.
    group: Vec<usize>,
    widths: &'a [usize],
    is_number: &'a [bool],
    columns: usize,
}

impl Layout<'_> {
    fn part(&self, labels: &[String], rows: &[Vec<String>]) -> Part {
        let head = self.lines(labels);
        // Labels are ours and short; one that does not fit is cut by nobody, its line is just longer.
        let head = head.join(" ");
        Part { head, rows: rows.iter().map(|row| self.lines(row)).collect() }
    }

    fn lines(&self, row: &[String]) -> Vec<String> {
        let name = row.first().map_or("", String::as_str);
        let mut lines = Vec::new();
        let mut line = if width(name) > self.first {
            lines.extend(wrapped(name, self.columns));
            " ".repeat(self.first)
        } else {
            self.aligned(name, 0, self.first)
        };
        for index in &self.group {
            let text = row.get(*index).map_or("", String::as_str);
            let wide = self.widths.get(*index).copied().unwrap_or(0);
            if wide > self.columns {
                lines.extend(wrapped(text, self.columns));
                continue;
            }
            line.push_str(&" ".repeat(GAP));
            line.push_str(&self.aligned(text, *index, wide));
        }
        let line = line.trim_end();
        if !line.is_empty() {
            lines.push(line.to_owned());
        }
        lines
    }

    fn aligned(&self, text: &str, index: usize, columns: usize) -> String {
        if self.is_number.get(index).copied().unwrap_or(false) { right(text, columns) } else { left(text, columns) }
    }
}

fn show(cell: &Cell, style: GridStyle) -> String {
    let shown = if style.is_short { cell.short() } else { cell.shown() };
    shown.replace('\n', " ")
}

fn natural_width(labels: &[String], rows: &[Vec<String>], index: usize) -> usize {
    let label = labels.get(index).map_or(0, |label| width(label));
    rows.iter().filter_map(|row| row.get(index)).map(|text| width(text)).fold(label, usize::max)
}

/// Columns beside the first, in as many groups as the width needs.
fn groups(first: usize, others: &[usize], columns: usize) -> Vec<Vec<usize>> {
    let mut groups = vec![Vec::new()];
    let mut used = first;
    for (index, other) in others.iter().enumerate() {
        let is_full = used + GAP + other > columns;
        if let Some(group) = groups.last_mut().filter(|group| !is_full || group.is_empty()) {
            group.push(index + 1);
            used += GAP + other;
        } else {
            groups.push(vec![index + 1]);
            used = first + GAP + other;
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use fullhold_analytics::Measure;

    use super::super::text::Text;
    use super::*;

    fn table() -> Table {
        Table::new("players", Text::default())
            .column("player", "player".into())
            .column("kills", "kills".into())
            .column("accuracy", "acc".into())
            .row(vec![Cell::name("vid"), Cell::count(12_345), Cell::number(Some(41.26), Measure::Percent)])
            .row(vec![Cell::name("日本 the long one"), Cell::count(7), Cell::Unknown])
    }

    fn drawn(columns: usize, is_short: bool) -> String {
        let parts = grid(&table(), GridStyle { columns, is_short });
        let part = |part: Part| format!("{}\n{}\n", part.head, part.rows.concat().join("\n"));
        parts.into_iter().map(part).collect()
    }

    #[test]
    fn numbers_stand_at_the_right_and_names_at_the_left() {
        let expected =
            "player             kills    acc\nvid               12,345 41.3 %\n日本 the long one      7      –\n";
        assert_eq!(drawn(40, false), expected);
    }

    #[test]
    fn a_long_name_gets_its_own_line_where_there_is_no_room() {
        let expected = "player    kills   acc\nvid         12K 41.3%\n日本 the long one\n              7     –\n";
        assert_eq!(drawn(23, true), expected);
    }

    #[test]
    fn a_table_that_is_too_wide_is_cut_side_by_side() {
        let parts = grid(&table(), GridStyle { columns: 12, is_short: true });
        assert_eq!(parts.len(), 2);
        for part in parts {
            assert!(part.rows.concat().iter().all(|line| width(line) <= 12), "{part:?}");
        }
    }
}
