//! People decide something, by chance.

use fullhold_repository::Verdict;
use std::collections::BTreeSet;

use fullhold_maintenance::Roster;

use super::decisions::{Decision, round_key};
use super::live::Live;
use super::steps::{Kind, Player};
use super::world::JUNK;

/// All rounds: server and file.
const ROUNDS: &str = "SELECT s.name, f.filename, r.gaming_session_id FROM rounds r
    JOIN processed_files f ON f.id = r.file_id JOIN servers s ON s.id = r.server_id ORDER BY 1, 2";

impl Player<'_> {
    pub(super) async fn decide(&mut self, kind: Kind, live: &Live) -> Result<(), String> {
        let people = "SELECT guid FROM players WHERE NOT is_bot ORDER BY guid";
        let merged = "SELECT guid FROM players WHERE guid <> canonical_guid ORDER BY guid";
        let decision = match kind {
            Kind::Verdict => {
                let rounds = live.query(ROUNDS).await;
                let Some(round) = self.chance.pick(&rounds) else { return Ok(()) };
                let verdict =
                    [None, Some(Verdict::Valid), Some(Verdict::Cancelled), Some(Verdict::Ignore)][self.chance.below(4)];
                Decision::Verdict { server: round[0].clone(), file: round[1].clone(), verdict }
            }
            Kind::Merge => {
                let people = live.query(people).await;
                let (Some(from), Some(into)) = (self.chance.pick(&people), self.chance.pick(&people)) else {
                    return Ok(());
                };
                let both = format!("guid IN ('{}', '{}')", from[0], into[0]);
                let canonical = live.query(&format!("SELECT canonical_guid FROM players WHERE {both}")).await;
                if from == into || canonical[0] == canonical[1] {
                    return Ok(());
                }
                Decision::Merge { from: from[0].clone(), into: into[0].clone() }
            }
            Kind::Unmerge => {
                let merged = live.query(merged).await;
                let Some(guid) = self.chance.pick(&merged) else { return Ok(()) };
                Decision::Unmerge { guid: guid[0].clone() }
            }
            Kind::Teams => match self.some_teams(live).await {
                Some(decision) => decision,
                None => return Ok(()),
            },
            _ => {
                let name = JUNK;
                let there = live.query(&format!("SELECT 1 FROM processed_files WHERE filename = '{name}'")).await;
                if there.len() < self.world.servers.len() {
                    return Ok(());
                }
                Decision::Ignore { file: name.to_owned() }
            }
        };
        self.log.push(decision.to_string());
        decision.say(live).await?;
        self.past.decisions.push(decision);
        Ok(())
    }

    /// The people of an evening in two teams, as nobody would have found them.
    async fn some_teams(&mut self, live: &Live) -> Option<Decision> {
        let rounds = live.query(ROUNDS).await;
        let round = self.chance.pick(&rounds)?;
        let people = format!(
            "SELECT DISTINCT p.player_guid FROM player_comprehensive_stats p JOIN rounds r ON r.id = p.round_id
             WHERE r.gaming_session_id = {} AND NOT p.is_bot ORDER BY 1",
            round[2]
        );
        let mut roster = Roster { name_a: Some("Reds".to_owned()), ..Roster::default() };
        for person in live.query(&people).await {
            // Some are in no team.
            match self.chance.below(5) {
                0 => {}
                1 | 2 => drop(roster.team_a.insert(person[0].clone())),
                _ => drop(roster.team_b.insert(person[0].clone())),
            }
        }
        let is_empty = roster.team_a.is_empty() && roster.team_b.is_empty();
        (!is_empty).then(|| Decision::Teams { server: round[0].clone(), file: round[1].clone(), roster })
    }

    /// All rosters of an evening are taken back.
    pub(super) async fn clear_teams(&mut self, live: &Live) -> Result<(), String> {
        let set: Vec<(String, String)> = self.past.decisions.iter().filter_map(said_teams).collect();
        let Some((server, file)) = self.chance.pick(&set) else { return Ok(()) };
        self.log.push(format!("the teams of the evening of {server} {file} are taken back"));
        let key = round_key(live.server_id(server).await, file);
        live.maintenance.clear_teams(&key).await.map_err(|e| format!("clear teams: {e:?}"))?;
        let left =
            "SELECT DISTINCT s.name, t.server_stamp || '-' || t.map_name || '-round-' || t.round_number || '.txt'
             FROM manual_teams t JOIN servers s ON s.id = t.server_id";
        let left: BTreeSet<(String, String)> =
            live.query(left).await.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
        self.past.decisions.retain(|one| said_teams(one).is_none_or(|of| left.contains(&of)));
        Ok(())
    }
}

/// The server and the file of the round by which teams were set.
fn said_teams(decision: &Decision) -> Option<(String, String)> {
    match decision {
        Decision::Teams { server, file, .. } => Some((server.clone(), file.clone())),
        _ => None,
    }
}
