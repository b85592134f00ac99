//! What the answers contain: plain data in, replies out. No database, no clock.

mod board;
mod evening;
mod evening_views;
mod people;
mod profile;
mod sheet;
mod weapons;

pub use board::{BoardAnswer, PLACES};
pub use evening::{EveningAnswer, MatchLine, RoundLine, SHOWN_AWARDS, SeriesLine};
pub use people::{People, Shown};
pub use profile::Profile;
pub use sheet::{by, facts, name, players, short};
pub use weapons::{WeaponSums, best, weapon_table};
