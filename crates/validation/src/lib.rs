//! Rules that a round must satisfy, and findings where it does not.
#![doc = include_str!("../README.md")]

mod check;
mod finding;
mod lines;
mod plausibility;
mod rules;
mod storable;
mod sums;

pub use check::check_round;
pub use finding::{Finding, Severity};
pub use rules::{RULES, Rule};
pub use storable::check_storable;
