//! A reply for machines: every number with its unit, nothing rounded.

use fullhold_analytics::Measure;
use serde_json::{Map, Value, json};

use super::block::{Block, Facts, Reply, Table};
use super::cell::Cell;
use super::text::Text;

/// What the reply shows, as data: `{ "title", "text": [...], "facts": { id: … }, "tables": { id: { "columns", "rows" } } }`.
/// A value that is not known is `null`; a number stands with its unit in its fact or its column.
#[must_use]
pub fn data(reply: &Reply) -> Value {
    let mut text = Vec::new();
    let mut facts = Map::new();
    let mut tables = Map::new();
    for block in &reply.blocks {
        match block {
            Block::Text(paragraph) => text.push(Value::String(paragraph.to_plain())),
            Block::Facts(more) => facts.extend(facts_of(more)),
            Block::Table(table) => {
                tables.insert(table.id.clone(), table_of(table));
            }
        }
    }
    let files: Vec<Value> = reply.files.iter().map(|file| json!({ "name": file.name, "alt": file.alt_text })).collect();
    json!({
        "title": reply.title.to_plain(),
        "text": text,
        "facts": facts,
        "tables": tables,
        "footer": shown(&reply.footer),
        "files": files,
        "page": reply.paging.map(|paging| paging.page + 1),
        "pages": reply.paging.map(|paging| paging.pages),
    })
}

fn shown(text: &Text) -> Value {
    if text.is_empty() { Value::Null } else { Value::String(text.to_plain()) }
}

fn facts_of(facts: &Facts) -> impl Iterator<Item = (String, Value)> {
    facts.facts.iter().map(|fact| {
        let value = json!({ "value": value(&fact.value), "unit": unit(&fact.value), "label": fact.label.to_plain() });
        (fact.id.clone(), value)
    })
}

fn table_of(table: &Table) -> Value {
    let columns: Vec<Value> = table
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let unit = table.rows.iter().filter_map(|row| row.get(index)).find_map(unit);
            json!({ "id": column.id, "label": column.label.to_plain(), "unit": unit })
        })
        .collect();
    let rows: Vec<Value> = table.rows.iter().map(|row| Value::Array(row.iter().map(value).collect())).collect();
    json!({ "columns": columns, "rows": rows })
}

pub(super) fn unit(cell: &Cell) -> Option<&'static str> {
    match cell {
        Cell::Number { measure, .. } => Some(measure.unit()),
        Cell::Unknown | Cell::Text(_) => None,
    }
}

pub(super) fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Unknown => Value::Null,
        Cell::Number { value, measure: Measure::Count, .. } => whole(*value),
        Cell::Number { value, .. } => json!(value),
        Cell::Text(text) => cell.instant().map_or_else(|| Value::String(text.to_plain()), |instant| json!(instant)),
    }
}

/// A count as a whole number, where it is one.
#[expect(clippy::cast_possible_truncation, reason = "checked: the value is whole and within 2^53")]
fn whole(value: f64) -> Value {
    let is_whole = value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0;
    if is_whole { json!(value as i64) } else { json!(value) }
}
