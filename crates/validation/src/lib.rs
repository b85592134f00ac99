//! Rules that a round must satisfy, and findings where it does not.
//!
//! # Concepts
//! * [`RULES`] is the one table of rules; a [`Finding`] names its rule, the player, what was
//!   expected and what was found. Findings are stored beside the round and never change a number.
//! * [`check_round`] looks at a round's file and its true numbers: the seven checks before the
//!   insert, the rules that all real files pass, and plausibility.
//! * [`check_storable`] says beforehand, and in words, what the constraints of the database would
//!   refuse.
//!
//! # What it does not do
//! It clamps nothing and repairs nothing. No I/O, no clock.

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
