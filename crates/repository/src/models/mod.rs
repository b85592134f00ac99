//! Rows, one file per table: what is stored, and how domain values become it.

mod alias;
mod decision;
mod file;
mod finding;
mod human;
mod match_row;
mod player;
mod record;
mod remote;
mod round;
mod rules;
mod server;
mod session;
mod totals;
mod weapon;

pub use alias::{AliasRow, PlayerNameRow, ReferenceAliasRow};
pub use decision::{LeftOutFileRow, ManualTeamRow};
pub use file::{FileRow, KnownFile, NextIds};
pub use finding::FindingRow;
pub use human::{AuditRow, LinkRow};
pub(crate) use human::{OutboxRow, RatingRow, SettingRow};
pub use match_row::MatchRow;
pub use player::PlayerRow;
pub use record::{RecordRow, Span};
pub use remote::{Knowledge, RemoteFileRow, ServerStatusRow, StoredMark};
pub use round::{OverrideRow, RoundRow};
pub use rules::RulesRow;
pub use server::ServerRow;
pub use session::{SessionRow, SessionTeamRow};
pub(crate) use totals::decoded;
pub use totals::{MapTotalsRow, SeasonTotalsRow, SessionTotalsRow, WeaponTotalsRow};
pub use weapon::{WeaponLine, WeaponRow};
