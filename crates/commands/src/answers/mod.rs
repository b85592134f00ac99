//! What the answers contain: plain data in, replies out. No database, no clock.

mod about;
mod board;
mod compare;
mod evening;
mod evening_views;
mod explain;
mod lists;
mod people;
mod pictures;
mod profile;
mod profile_views;
mod round;
mod season;
mod sheet;
mod teams;
mod weapons;

pub use about::{About, FreshLine, Ping};
pub use board::{BoardAnswer, PLACES};
pub use compare::Comparison;
pub use evening::{EveningAnswer, MatchLine, RoundLine, SHOWN_AWARDS, SeriesLine};
pub use explain::{Explanation, Source};
pub use lists::{
    EveningLine, MapLine, NameLine, PlayerLine, RecordLine, aliases, badges, evenings, maps, players as player_list,
    records,
};
pub use people::{People, Shown};
pub use pictures::playstyle;
pub use profile::Profile;
pub use profile_views::{EveningOf, MatchOf};
pub use round::{MatchAnswer, RoundAnswer, mvp_text};
pub use season::SeasonAnswer;
pub use sheet::{by, facts, name, players, short};
pub use teams::{PairLine, no_split, pairs, team_split};
pub use weapons::{WeaponSums, best, weapon_table};
