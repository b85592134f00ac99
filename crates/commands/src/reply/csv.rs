//! A reply as comma-separated values: one text per table, and one of all facts (RFC 4180).

use fullhold_repository::{Cell as Field, csv_line};
use serde_json::Value;

use super::block::{Block, Reply, Table};
use super::cell::Cell;
use super::data::{unit, value};

/// The tables of a reply by their names, `facts` first. A value that is not known is empty. A text that a spreadsheet
/// would run as a formula has an apostrophe in front of it; numbers stay numbers.
#[must_use]
pub fn csv(reply: &Reply) -> Vec<(String, String)> {
    let mut facts = vec![line(["fact", "label", "value", "unit"].map(text))];
    let mut texts = Vec::new();
    for block in &reply.blocks {
        match block {
            Block::Text(_) => {}
            Block::Facts(more) => facts.extend(more.facts.iter().map(|fact| {
                let unit = text(unit(&fact.value).unwrap_or_default());
                line([text(&fact.id), text(&fact.label.to_plain()), cell(&fact.value), unit])
            })),
            Block::Table(table) => texts.push((table.id.clone(), of_table(table))),
        }
    }
    if facts.len() > 1 {
        texts.insert(0, ("facts".to_owned(), facts.concat()));
    }
    texts
}

fn of_table(table: &Table) -> String {
    let mut lines = vec![line(table.columns.iter().map(|column| text(&column.id)))];
    lines.extend(table.rows.iter().map(|row| line(row.iter().map(cell))));
    lines.concat()
}

fn line(fields: impl IntoIterator<Item = Field>) -> String {
    csv_line(&fields.into_iter().collect::<Vec<Field>>())
}

fn cell(cell: &Cell) -> Field {
    match value(cell) {
        Value::String(shown) => Field::Text(shown),
        Value::Number(number) => number.as_i64().map_or(Field::Real(number.as_f64().unwrap_or(0.0)), Field::Integer),
        _ => Field::Null,
    }
}

fn text(text: &str) -> Field {
    Field::Text(text.to_owned())
}

#[cfg(test)]
mod tests {
    use fullhold_analytics::Measure;

    use super::super::block::Facts;
    use super::*;

    #[test]
    fn texts_are_no_formulas_and_numbers_are_numbers() {
        let names = ["=1+1", "+x", "-x", "@sum", "a,b", "say \"hi\"", "", "vid"];
        let table = Table::new("players", "Players".into()).column("player", "p".into()).column("gain", "g".into());
        let table = names.iter().fold(table, |table, name| {
            let gain = if name.is_empty() { Cell::Unknown } else { Cell::number(Some(-1.5), Measure::Ratio) };
            table.row(vec![Cell::Text((*name).into()), gain])
        });
        let facts = Facts::default().with("kd", "K/D".into(), Cell::count(-3));
        let found = csv(&Reply::default().facts(facts).table(table));
        let expected = "player,gain\r\n'=1+1,-1.5\r\n'+x,-1.5\r\n'-x,-1.5\r\n'@sum,-1.5\r\n\"a,b\",-1.5\r\n\
                        \"say \"\"hi\"\"\",-1.5\r\n,\r\nvid,-1.5\r\n";
        assert_eq!(found[1], ("players".to_owned(), expected.to_owned()));
        assert_eq!(found[0], ("facts".to_owned(), "fact,label,value,unit\r\nkd,K/D,-3,count\r\n".to_owned()));
    }
}
