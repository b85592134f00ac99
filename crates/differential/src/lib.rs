//! What really happened in a round: pairs R1 with R2 and takes R1 out of R2.
#![doc = include_str!("../README.md")]

mod counters;
mod duration;
mod pairing;
mod round;
mod subtract;
mod totals;

pub use counters::Counters;
pub use duration::{Duration, DurationSource};
pub use pairing::{Carried, Continues, Role, RoundRef, pair};
pub use round::{Class, Outcome, PlayerRound, RoundStats, Warning, WarningKind};
pub use subtract::{DifferentialError, orphan, round_one, subtract};
pub use totals::{MatchTotals, totals};
