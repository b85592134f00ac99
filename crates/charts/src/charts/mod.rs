//! Charts: one question each, one file each.

mod accuracy;
mod comparison;
mod damage;
mod form;
mod map_rates;
mod over_rounds;
mod played;
mod player_rows;
mod playstyle;
mod rating;
mod rows;
mod score;
mod tally;

pub use accuracy::{Accuracy, AccuracyRow};
pub use comparison::{Compared, Comparison, Met};
pub use damage::{Damage, DamageRow};
pub use form::{Form, FormLine, FormPoint};
pub use map_rates::{MapRate, MapRates};
pub use over_rounds::{OverRounds, Quantity, RoundsOfPlayer};
pub use played::{Played, PlayedRow};
pub use playstyle::{Playstyle, Style};
pub use rating::{RatedMatch, Rating};
pub use score::{ScoreChart, ScoreSeries, ScoreStep};
pub use tally::{Tally, TallyRow};

/// The axes of the playstyle, in the order of its values.
pub const STYLE_AXES: [&str; 5] = ["Frags", "Accuracy", "Survival", "Support", "Objectives"];
