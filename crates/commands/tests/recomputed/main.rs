//! The numbers of answers against numbers that were computed without queries, roll-ups and formulas of the product: those of
//! the corpus by the scripts that came with it, those of simulated matches by plain code over what was really played.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "test support")]

mod answers;
mod careers;
mod corpus;
mod matches;
mod plain;
mod records;
mod simulated;
#[path = "../support/mod.rs"]
mod support;
mod told;
