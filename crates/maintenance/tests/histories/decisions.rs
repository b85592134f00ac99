//! What people decide: remembered by names that every database shares, so that it can be said again elsewhere.

use std::fmt;

use fullhold_maintenance::Roster;
use fullhold_repository::{RoundKey, ServerId, Verdict};

use super::live::Live;
use crate::keeping::asked;

/// A decision that was accepted.
#[derive(Clone, Debug)]
pub enum Decision {
    /// On a round, by server and file.
    Verdict { server: String, file: String, verdict: Option<Verdict> },
    /// Two guids are one person.
    Merge { from: String, into: String },
    /// They are not.
    Unmerge { guid: String },
    /// The teams of the evening of a round, by server and file.
    Teams { server: String, file: String, roster: Roster },
    /// A file is set aside.
    Ignore { file: String },
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verdict { server, file, verdict } => write!(f, "{server} {file} is {verdict:?}"),
            Self::Merge { from, into } => write!(f, "{from} is {into}"),
            Self::Unmerge { guid } => write!(f, "{guid} is nobody else"),
            Self::Teams { server, file, roster } => {
                write!(f, "{server} {file}: A {:?}, B {:?}", roster.team_a, roster.team_b)
            }
            Self::Ignore { file } => write!(f, "{file} is set aside"),
        }
    }
}

/// What a server calls the round of one of its files.
pub fn round_key(server_id: ServerId, file: &str) -> RoundKey {
    let key = file.trim_end_matches(".txt").replace("-round-", "-");
    RoundKey::of_session(server_id, &key).unwrap()
}

impl Decision {
    /// The server that it is about, if it is about one.
    pub fn server(&self) -> Option<&str> {
        match self {
            Self::Verdict { server, .. } | Self::Teams { server, .. } => Some(server),
            Self::Merge { .. } | Self::Unmerge { .. } | Self::Ignore { .. } => None,
        }
    }

    /// Says it to a database.
    pub async fn say(&self, live: &Live) -> Result<(), String> {
        let failed = |error: fullhold_maintenance::Error| format!("{self}: {error:?}");
        match self {
            Self::Verdict { server, file, verdict } => {
                let sql = format!(
                    "SELECT r.id FROM rounds r JOIN processed_files f ON f.id = r.file_id JOIN servers s ON s.id = r.server_id
                     WHERE s.name = '{server}' AND f.filename = '{file}'"
                );
                let rows = live.query(&sql).await;
                let id = rows.first().and_then(|row| row[0].parse().ok()).ok_or(format!("{self}: no such round"))?;
                live.maintenance.override_round(id, *verdict, "because", "tester").await.map_err(failed)?;
            }
            Self::Merge { from, into } => {
                let request = fullhold_maintenance::MergeRequest { from, into, force: true, dry_run: false };
                live.maintenance.merge_players(request).await.map_err(failed)?;
            }
            Self::Unmerge { guid } => {
                live.maintenance.unmerge_player(guid, false).await.map_err(failed)?;
            }
            Self::Teams { server, file, roster } => {
                let key = round_key(live.server_id(server).await, file);
                live.maintenance.set_teams(&key, roster).await.map_err(failed)?;
            }
            Self::Ignore { file } => {
                let names = [file.clone()];
                live.maintenance.ignore(&asked(&live.db, &names).await, "because", "tester").await.map_err(failed)?;
            }
        }
        Ok(())
    }
}
