//! Answers as data, read as numbers.

use std::collections::BTreeMap;

use fullhold_commands::reply::data;
use fullhold_commands::{Answerer, Outcome, Question};
use serde_json::Value;

use crate::plain::{Sums, formula};
use crate::support::{question, shown};

/// The data of an answer, which must have been given.
pub(crate) async fn ask(answerer: &Answerer, line: &str, page: usize) -> Value {
    let answer = answerer.answer(Question { page, ..question(line) }).await;
    assert_eq!(answer.outcome, Outcome::Answered, "{line}: {}", shown(&answer.reply));
    data(&answer.reply)
}

/// A table as rows by the ids of its columns.
pub(crate) fn rows(data: &Value, table: &str) -> Vec<BTreeMap<String, Value>> {
    let Some(table) = data["tables"].get(table) else { return Vec::new() };
    let ids: Vec<String> =
        table["columns"].as_array().unwrap().iter().map(|column| column["id"].as_str().unwrap().to_owned()).collect();
    let row = |row: &Value| ids.iter().cloned().zip(row.as_array().unwrap().iter().cloned()).collect();
    table["rows"].as_array().unwrap().iter().map(row).collect()
}

/// Whether a shown number is the expected one.
pub(crate) fn agree(found: &Value, expected: Option<f64>, what: &str) {
    match (found.as_f64(), expected) {
        (None, None) => {}
        (Some(found), Some(expected)) => {
            let difference = (found - expected).abs();
            assert!(difference <= 1e-6 * expected.abs().max(1.0), "{what}: {found} is shown, {expected} is right");
        }
        _ => panic!("{what}: {found} is shown, {expected:?} is right"),
    }
}

/// Every column of a row that is a formula.
pub(crate) fn agree_row(row: &BTreeMap<String, Value>, sums: &Sums, what: &str) -> usize {
    let mut compared = 0;
    for (id, found) in row {
        if let Some(expected) = formula(id, sums) {
            agree(found, expected, &format!("{what}: {id}"));
            compared += 1;
        }
    }
    compared
}
