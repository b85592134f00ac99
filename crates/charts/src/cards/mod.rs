//! Cards: pictures that people share, one file each.

mod attacks;
mod evening_players;
mod evening_result;
mod matches;
mod profile;
mod records;
mod season;

pub(crate) use attacks::spoken as spoken_score;

pub use evening_players::{EveningPlayers, PlayerLine, TeamSheet};
pub use evening_result::{EveningResult, MapPlay, Series, Side, Sides};
pub use matches::{MatchCard, MatchLine, MatchTeam, RoundCard, RoundLine, RoundTeam};
pub use profile::{MapWins, Measure, Profile, Skill, SkillPoint, WeaponUse};
pub use records::{Record, Records};
pub use season::{Season, Standing};
