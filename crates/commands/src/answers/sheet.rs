//! Tables with a player per row and a formula per column.

use std::collections::BTreeMap;

use fullhold_analytics::{Formula, Totals};
use fullhold_stats_file::Guid;

use super::people::People;
use crate::catalogue::Catalogue;
use crate::reply::{Cell, Facts, Table, Text};

/// A table of these players, in this order.
#[must_use]
pub fn players(
    id: &str,
    title: Text,
    rows: &[(Guid, &Totals)],
    columns: &[&Formula],
    people: &People,
    texts: &Catalogue,
) -> Table {
    let mut table = Table::new(id, title).column("player", texts.say("column-player", &[]));
    for formula in columns {
        table = table.column(formula.id, short(formula, texts));
    }
    for (guid, totals) in rows {
        let mut row = vec![people.cell(*guid)];
        row.extend(columns.iter().map(|formula| Cell::of(formula, totals)));
        table = table.row(row);
    }
    table
}

/// Formulas of one player as facts.
#[must_use]
pub fn facts(title: Text, totals: &Totals, formulas: &[&Formula], texts: &Catalogue) -> Facts {
    formulas.iter().fold(Facts::new(title), |facts, formula| {
        facts.with(formula.id, name(formula, texts), Cell::of(formula, totals))
    })
}

/// The name of a formula.
#[must_use]
pub fn name(formula: &Formula, texts: &Catalogue) -> Text {
    texts.say(&format!("formula-{}", formula.id), &[])
}

/// Its name above a column.
#[must_use]
pub fn short(formula: &Formula, texts: &Catalogue) -> Text {
    texts.say(&format!("short-{}", formula.id), &[])
}

/// Players by a formula, the highest first; then by rounds and guid, so that the order is total. Who has no value
/// stands last.
#[must_use]
pub fn by<'a>(formula: &Formula, sums: &'a BTreeMap<Guid, Totals>) -> Vec<(Guid, &'a Totals)> {
    let mut rows: Vec<(Guid, &Totals)> = sums.iter().map(|(guid, totals)| (*guid, totals)).collect();
    let value = |totals: &Totals| formula.of(totals).unwrap_or(f64::NEG_INFINITY);
    rows.sort_by(|(a_guid, a), (b_guid, b)| {
        value(b).total_cmp(&value(a)).then(b.rounds.cmp(&a.rounds)).then(a_guid.cmp(b_guid))
    });
    rows
}
