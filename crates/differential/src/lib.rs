//! What really happened in a round: pairs R1 with R2 and takes R1 out of R2.
//!
//! # Concepts
//! * A round-2 file mixes match totals (engine counters, *cumulative*), numbers of round 2 alone
//!   (*per round*) and numbers computed by the writer (*derived*). [`subtract`] undoes that by the
//!   semantics of `fullhold_stats_file::FIELDS`; nothing else in the product subtracts.
//! * [`pair`] finds the R1 of each R2 by time, map, defender and the chain of limits. Its result
//!   does not depend on the order of its input, and each R1 is consumed once.
//! * Players are matched by identity ([`PlayerLine::identity`]), never by name, and fall into
//!   a [`Class`].
//! * [`totals`] is the only place where the halves of a match are added.
//!
//! # What it does not do
//! No clock, no I/O, no formulas (accuracy, K/D … are `fullhold-analytics`), no verdicts on a
//! round's validity.
//!
//! [`PlayerLine::identity`]: fullhold_stats_file::PlayerLine::identity

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
