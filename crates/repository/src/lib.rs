//! The database: schema, migrations, pools, queries and the import transaction, on SQLite and PostgreSQL.
#![doc = include_str!("../README.md")]

mod backup;
mod bulk;
mod cell;
mod check;
mod check_history;
mod check_sums;
mod conn;
mod content;
mod copy;
mod csv;
mod db;
mod dsl;
mod dump;
mod error;
mod feed;
mod ids;
mod import;
mod in_place;
mod ledger;
mod manual;
mod migrate;
mod models;
mod names;
mod postgres;
mod queries;
mod ratings;
mod recompute;
mod reference;
mod retry_budget;
mod rollups;
mod schema;
mod schema_totals;
mod scratch;
mod sqlite_place;
mod stale;
mod standby;
mod statement;
mod status;
mod tls;
mod transaction;
mod verify;
mod words;
mod writer_lock;

pub use backup::{BackupFolder, Condition, Replacement, SafetyBackup, backup, is_database_itself, kept_name};
pub use cell::{Cell, instant_text};
pub use check::Mismatch;
pub use content::{compress, decompress};
pub use copy::{Copied, copy, copy_recorded};
pub use csv::csv_line;
pub use db::{Backend, Config, Db, OpenMode};
pub use dump::{DUMPED, dump};
pub use error::{Error, Result, chain};
pub use feed::{ChangeKind, ChangeRow, Changed, DataVersion};
pub use fullhold_analytics::{Confidence, MatchState, RoundStatus, Team, Undecided, Verdict};
pub use fullhold_database_url::{DatabaseUrl, Host, PostgresUrl, TlsMode};
pub use fullhold_differential::{Class, DurationSource, Outcome};
pub use fullhold_validation::Severity;
pub use ids::{FileId, RoundId, ServerId, SessionId};
pub use import::{Applied, Changes, MatchKey, RatingsFrom, Replaced, StoredFile, TeamKey};
pub use manual::RoundKey;
pub use migrate::{MIGRATIONS, Migration};
pub use models::{
    AchievementRow, AliasRow, AuditRow, FileRow, FindingRow, Knowledge, KnownFile, LeftOutFileRow, LinkRow,
    ManualTeamRow, MapTotalsRow, MatchRow, NextIds, OverrideRow, PlayerNameRow, PlayerRow, RatedMatchRow, RatingRow,
    RecordRow, ReferenceAliasRow, RemoteFileRow, RoundRow, RulesRow, SeasonTotalsRow, ServerRow, ServerStatusRow,
    SessionRow, SessionTeamRow, SessionTotalsRow, Span, StoredMark, WeaponLine, WeaponRow, WeaponTotalsRow,
};
pub use queries::career::{Career, Output, SessionOfPlayer, SharedMatch, WeaponSums};
pub use queries::champions::Champion;
pub use queries::counters::Counters;
pub use queries::directory::Listed;
pub use queries::erase::Erased;
pub use queries::evening::{Evening, EveningPlayer, EveningRound, EveningWeapon};
pub use queries::evening_teams::{NamedSeries, sums_of_lines};
pub use queries::evenings::{EveningEntry, EveningList};
pub use queries::export::Export;
pub use queries::files::FileInfo;
pub use queries::findings::UnreadableFile;
pub use queries::freshness::Freshness;
pub use queries::guilds::GuildSettings;
pub use queries::links::Linking;
pub use queries::maps::MapSums;
pub use queries::merges::Shared;
pub use queries::pairs::PairResults;
pub use queries::people::{AuditEntry, Meant, Person};
pub use queries::ratings::{PlayerRating, PredictedMatch, RatingPoint};
pub use queries::recap::LookBack;
pub use queries::records::RecordHolder;
pub use queries::rounds::RoundSummary;
pub use queries::scope::{Period, Scope};
pub use queries::servers::ServerInfo;
pub use queries::sources::SourceRound;
pub use recompute::{ClearedRows, DerivedOf, FileHead, Identity};
pub use reference::ReferenceTables;
pub use retry_budget::RetryBudget;
pub use rollups::SessionSums;
pub use scratch::{Scratch, create_database};
pub use status::{NewestRound, Permission, Status};
pub use transaction::{End, Transaction, Within, Work, WorkError};
pub use words::{FileState, LeftOutKind, LeftOutState, Privacy, RemoteFileState, RoundSource, StoredKind, TeamSource};

#[cfg(feature = "testing")]
mod plans;
#[cfg(feature = "testing")]
pub use plans::{Plan, record_statements, recorded_questions};

/// Test support: raw statements against a test database.
#[cfg(feature = "testing")]
pub mod testing;
