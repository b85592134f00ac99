//! Teams that people set: recorded by a round of the evening, and the evening computed anew, in one
//! transaction.

use std::collections::BTreeSet;

use fullhold_repository::{
    AuditEntry, ChangeKind, Changed, FileId, ManualTeamRow, RoundKey, SessionRow, SessionTeamRow, Team, TeamSource,
    Transaction,
};

use crate::Error;
use crate::maintenance::Maintenance;

/// The two teams of an evening, as a person sets them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Guids of team A.
    pub team_a: BTreeSet<String>,
    /// Guids of team B.
    pub team_b: BTreeSet<String>,
    /// Name of team A.
    pub name_a: Option<String>,
    /// Name of team B.
    pub name_b: Option<String>,
}

/// An evening after its teams were set or set free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterSet {
    /// Its row as it was.
    pub before: SessionRow,
    /// Its row now.
    pub after: SessionRow,
    /// Its teams now.
    pub teams: Vec<SessionTeamRow>,
    /// The roster names nobody who played: it is kept, and counts nowhere.
    pub is_stale: bool,
}

impl Maintenance {
    /// Sets the teams of the evening that a round is in, in place of those set by that round before.
    /// The roster stays with the round, whatever evening late files make it part of.
    ///
    /// # Errors
    /// There is no such round, a player is unknown or in both teams, or the database failed.
    pub async fn set_teams(&self, round: &RoundKey, roster: &Roster) -> Result<RosterSet, Error> {
        self.db.write(|tx, _| Box::pin(self.set_teams_in(tx, round, roster))).await
    }

    async fn set_teams_in(&self, tx: &mut Transaction, round: &RoundKey, roster: &Roster) -> Result<RosterSet, Error> {
        if let Some(both) = roster.team_a.intersection(&roster.team_b).next() {
            return Err(Error::BothTeams(both.clone()));
        }
        for guid in roster.team_a.iter().chain(&roster.team_b) {
            tx.player(guid).await?.ok_or_else(|| Error::NoPlayer(guid.clone()))?;
        }
        let before = evening(tx, round).await?;
        let done = self.record_roster(tx, round, roster).await?;
        let mut set = self.evening_anew(tx, round, before).await?;
        set.is_stale = done > 0 && set.teams.iter().all(|row| row.source != TeamSource::Manual);
        let entry = AuditEntry {
            by: &self.actor,
            action: "set-teams",
            detail: &format!("{}: A {}; B {}", set.after.session_key, list(&roster.team_a), list(&roster.team_b)),
            result: &result(&set),
        };
        tx.audit_of(Some(round.server_id), self.now(), entry).await?;
        Ok(set)
    }

    /// Stores a roster, without computing anything. Says how many players it names.
    ///
    /// # Errors
    /// The database failed.
    pub async fn record_roster(&self, tx: &mut Transaction, round: &RoundKey, roster: &Roster) -> Result<usize, Error> {
        let now = self.now();
        let row = |guid: &String, team: Team, name: &Option<String>| ManualTeamRow {
            server_id: round.server_id,
            server_stamp: round.server_stamp.clone(),
            map_name: round.map_name.clone(),
            round_number: round.round_number,
            player_guid: guid.clone(),
            team,
            team_name: name.clone(),
            decided_by: self.actor.clone(),
            decided_at: now,
        };
        let a = roster.team_a.iter().map(|guid| row(guid, Team::A, &roster.name_a));
        let rows: Vec<ManualTeamRow> =
            a.chain(roster.team_b.iter().map(|guid| row(guid, Team::B, &roster.name_b))).collect();
        let count = rows.len();
        tx.set_manual_teams(round, rows).await?;
        Ok(count)
    }

    /// Takes back every roster of the evening that a round is in: its teams are detected again.
    ///
    /// # Errors
    /// There is no such round, nobody set teams, or the database failed.
    pub async fn clear_teams(&self, round: &RoundKey) -> Result<RosterSet, Error> {
        self.db.write(|tx, _| Box::pin(self.clear_teams_in(tx, round))).await
    }

    async fn clear_teams_in(&self, tx: &mut Transaction, round: &RoundKey) -> Result<RosterSet, Error> {
        let before = evening(tx, round).await?;
        let mut removed = 0;
        for key in tx.rounds_of_evening(before.id).await? {
            removed += tx.set_manual_teams(&key, Vec::new()).await?;
        }
        if removed == 0 {
            return Err(Error::NoRoster(before.session_key));
        }
        let set = self.evening_anew(tx, round, before).await?;
        let entry = AuditEntry {
            by: &self.actor,
            action: "clear-teams",
            detail: &set.after.session_key,
            result: &result(&set),
        };
        tx.audit_of(Some(round.server_id), self.now(), entry).await?;
        Ok(set)
    }

    async fn evening_anew(
        &self,
        tx: &mut Transaction,
        round: &RoundKey,
        before: SessionRow,
    ) -> Result<RosterSet, Error> {
        tx.because(ChangeKind::Teams);
        tx.note(ChangeKind::Teams, Changed::session(before.server_id, &before.session_key));
        let files: Vec<FileId> = tx.file_of_round(round).await?.into_iter().collect();
        self.sessions_of(tx, &files).await?;
        let after = evening(tx, round).await?;
        let teams = tx.teams_of(after.id).await?;
        Ok(RosterSet { before, after, teams, is_stale: false })
    }
}

async fn evening(tx: &mut Transaction, round: &RoundKey) -> Result<SessionRow, Error> {
    tx.evening_of(round).await?.ok_or_else(|| {
        Error::NoRoundNamed(format!("{}-{}-round-{}", round.server_stamp, round.map_name, round.round_number))
    })
}

fn list(guids: &BTreeSet<String>) -> String {
    guids.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn result(set: &RosterSet) -> String {
    let score = |row: &SessionRow| format!("{} : {}", row.score_a, row.score_b);
    format!("{} -> {}", score(&set.before), score(&set.after))
}
