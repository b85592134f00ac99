//! Rows as comma-separated values (RFC 4180), for exports and answers.

use ::csv::{Terminator, WriterBuilder};

use crate::Cell;

/// What makes a spreadsheet take a text for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A line, with its end. A value that is not known is empty; a text that a spreadsheet would run as a formula has an
/// apostrophe in front of it; numbers stay numbers.
#[must_use]
pub fn csv_line(cells: &[Cell]) -> String {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail, and what is written is text.
    drop(writer.write_record(cells.iter().map(field)));
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Integer(number) => number.to_string(),
        Cell::Real(number) => number.to_string(),
        Cell::Boolean(yes) => yes.to_string(),
        Cell::Text(text) if text.starts_with(FORMULA) => format!("'{text}"),
        Cell::Text(text) => text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_no_formulas_and_numbers_are_numbers() {
        let texts = ["=1+1", "+x", "-x", "@sum", "a,b", "say \"hi\"", "", "vid", "two\nlines"];
        let cells: Vec<Cell> = texts.iter().map(|text| Cell::Text((*text).to_owned())).collect();
        assert_eq!(csv_line(&cells), "'=1+1,'+x,'-x,'@sum,\"a,b\",\"say \"\"hi\"\"\",,vid,\"two\nlines\"\r\n");
        let values = [Cell::Integer(-3), Cell::Real(-1.5), Cell::Real(4.0), Cell::Null, Cell::Boolean(true)];
        assert_eq!(csv_line(&values), "-3,-1.5,4,,true\r\n");
    }
}
