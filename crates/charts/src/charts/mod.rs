//! Charts: one question each, one file each.

mod comparison;
mod form;
mod map_rates;
mod over_rounds;
mod player_rows;
mod playstyle;
mod rating;
mod rows;
mod score;

pub use comparison::{Compared, Comparison, Met};
pub use form::{Form, FormLine, FormPoint};
pub use map_rates::{MapRate, MapRates};
pub use over_rounds::{OverRounds, Quantity, RoundsOfPlayer};
pub use player_rows::{Accuracy, AccuracyRow, Damage, DamageRow, Played, PlayedRow, Tally, TallyRow};
pub use playstyle::{Playstyle, Style};
pub use rating::{RatedMatch, Rating};
pub use score::{ScoreChart, ScoreSeries, ScoreStep};

/// The axes of the playstyle, in the order of its values.
pub const STYLE_AXES: [&str; 5] = ["Frags", "Accuracy", "Survival", "Support", "Objectives"];
