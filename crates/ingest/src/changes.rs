//! From what is derived to what is written: only what differs from what is stored.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use fullhold_analytics::{SessionResult, Verdict};
use fullhold_differential::{Outcome, PlayerRound, Role, RoundStats};
use fullhold_repository::{
    Changes, DurationSource, FileId, FindingRow, Identity, MatchKey, MatchRow, NextIds, OverrideRow, PlayerRow,
    RatingsFrom, RoundId, RoundRow, RoundSource, RoundStatus, ServerId, SessionId, SessionRow, SessionTeamRow,
    Severity, Team, TeamKey, TeamSource, WeaponRow,
};
use fullhold_stats_file::{FileName, Guid, Side, StatsFile, Weapon};
use fullhold_validation::check_round;
use time::PrimitiveDateTime;

use crate::FileOutcome;
use crate::batch::instant;
use crate::derive::Derived;
use crate::first_changes::first_changes;
use crate::people::People;
use crate::reference_round::LinesWithoutFile;
use crate::session_sums::session_sums;

/// A round of the neighbourhood: stored already, or new.
pub struct Entry<'a> {
    /// What is in its file.
    pub file: &'a StatsFile,
    /// When the file was modified, UTC.
    pub mtime: Option<PrimitiveDateTime>,
    /// Its file.
    pub file_id: FileId,
    /// The row as stored; none when it is to be written whatever is stored.
    pub stored: Option<&'a RoundRow>,
    /// What the round is known as, if it is.
    pub identity: Option<Identity>,
    /// What else is known of it, if it was taken over from the reference bot.
    pub taken: Option<&'a LinesWithoutFile>,
    /// The file cannot be read any more, or that of its other half: what follows from it stays.
    pub kept: bool,
    /// A stored round whose lines are to be written anew: its file is another one now.
    pub rewrite: bool,
}

/// What else is needed to make rows.
pub struct Context<'a> {
    /// The server.
    pub server_id: ServerId,
    /// Merges and rosters, as deriving had them.
    pub people: &'a People,
    /// The next free ids.
    pub ids: NextIds,
    /// When it is written, UTC.
    pub now: PrimitiveDateTime,
    /// The stored evenings of the neighbourhood; none when all are to be written.
    pub sessions: Vec<SessionRow>,
    /// Ids that evenings are known by, by key.
    pub session_ids: HashMap<String, SessionId>,
    /// Matches of the stored evenings.
    pub matches: Vec<MatchRow>,
    /// Teams of the stored evenings.
    pub teams: Vec<SessionTeamRow>,
    /// Files come, and nothing else changes: neither who is who, nor the rules.
    pub is_import: bool,
}

/// Human verdicts by file name.
pub fn verdicts(rows: Vec<OverrideRow>) -> HashMap<FileName, Verdict> {
    rows.into_iter()
        .filter_map(|row| {
            let name = format!("{}-{}-round-{}.txt", row.server_stamp, row.map_name, row.round_number);
            Some((name.parse().ok()?, row.verdict))
        })
        .collect()
}

/// Fills `changes`, and says of each new file (by id) what was stored.
pub fn collect(
    entries: &[Entry<'_>],
    derived: &Derived,
    context: &Context<'_>,
    changes: &mut Changes,
) -> HashMap<FileId, FileOutcome> {
    let session_ids = sessions(entries, derived, context, changes);
    let mut next_round = context.ids.round;
    let mut round_ids = Vec::with_capacity(entries.len());
    let mut outcomes = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let id = entry.identity.map_or(next_round, |known| known.round_id);
        round_ids.push(id);
        let Some(row) = round_row(id, index, entry, derived, context, &session_ids) else { continue };
        if entry.identity.is_none() {
            next_round = next_round.next();
        }
        let written = match entry.stored {
            None => true,
            Some(_) if entry.kept || entry.rewrite => entry.rewrite,
            // Another partner, or one where there was none: the numbers are others.
            Some(old) => {
                let first = match derived.roles.get(index) {
                    Some(Role::SecondOf(first)) => entries.get(*first),
                    _ => None,
                };
                // The numbers of an R2 are what is left without its R1: whose file is another now.
                first.is_some_and(|first| first.rewrite)
                    || (&old.match_id, old.match_state, old.round_status == RoundStatus::Aborted)
                        != (&row.match_id, row.match_state, row.round_status == RoundStatus::Aborted)
            }
        };
        if written {
            let outcome = lines(&row, index, entry, Written { derived, people: context.people }, changes);
            if entry.stored.is_none() || entry.rewrite {
                outcomes.insert(entry.file_id, outcome);
            }
            if entry.stored.is_some() {
                changes.replaced.push(id);
            }
        }
        match entry.stored {
            None => changes.new_rounds.push(row),
            Some(old) if *old != row => changes.updated_rounds.push(row),
            Some(_) => {}
        }
    }
    matches(derived, context, &round_ids, &session_ids, changes);
    teams(derived, context, &session_ids, changes);
    changes.sums.extend(session_sums(entries, derived, context, &session_ids, &round_ids));
    if context.is_import {
        changes.ratings_from = RatingsFrom::FirstChanges(first_changes(entries, context, changes));
    }
    outcomes
}

/// Rows of evenings, and the id of each derived one. An evening keeps its id as long as its first
/// round stays the first.
fn sessions(entries: &[Entry<'_>], derived: &Derived, context: &Context<'_>, changes: &mut Changes) -> Vec<SessionId> {
    let mut next = context.ids.session;
    let mut kept: HashSet<SessionId> = HashSet::new();
    let mut ids = Vec::with_capacity(derived.timeline.sessions.len());
    for session in &derived.timeline.sessions {
        let key = entries.get(session.first).map(|entry| session_key(&entry.file.name)).unwrap_or_default();
        let old = context.sessions.iter().find(|row| row.session_key == key);
        let id = context.session_ids.get(&key).copied().unwrap_or(next);
        if id == next {
            next = next.next();
        }
        let row = session_row(id, key, session, derived, context);
        match old {
            Some(old) => {
                kept.insert(id);
                if *old != row {
                    changes.updated_sessions.push(row);
                }
            }
            None => changes.new_sessions.push(row),
        }
        ids.push(id);
    }
    changes.removed_sessions = context.sessions.iter().map(|row| row.id).filter(|id| !kept.contains(id)).collect();
    ids
}

pub(crate) fn session_key(first: &FileName) -> String {
    format!("{}-{}-{}", first.stamp, first.map, first.round.number())
}

fn session_row(
    id: SessionId,
    key: String,
    session: &SessionResult,
    derived: &Derived,
    context: &Context<'_>,
) -> SessionRow {
    let at = |index: usize| instant(derived.ended_at.get(index).copied().unwrap_or_default());
    SessionRow {
        id,
        server_id: context.server_id,
        session_key: key,
        started_at: at(session.first),
        ended_at: at(session.last),
        rounds: saturating_i32(session.rounds),
        valid_rounds: saturating_i32(session.valid_rounds),
        matches: saturating_i32(session.complete),
        players: saturating_i32(session.players),
        score_a: saturating_i32(session.score_a),
        score_b: saturating_i32(session.score_b),
        team_confidence: session.confidence,
        mvp_guid: session_mvp(session, derived, context.people),
    }
}

/// The members of a session's teams: those that people set, and those that were detected.
fn team_rows(id: SessionId, session: &SessionResult, people: &People) -> Vec<SessionTeamRow> {
    let set = session.roster.and_then(|index| people.rosters.get(index));
    let mut rows = Vec::new();
    for (team, guids) in [(Team::A, &session.team_a), (Team::B, &session.team_b), (Team::Ambiguous, &session.ambiguous)]
    {
        rows.extend(guids.iter().map(|guid| {
            let is_set = set.is_some_and(|roster| roster.team_a.contains(guid) || roster.team_b.contains(guid));
            let name = session.roster.filter(|_| is_set).and_then(|index| people.team_name(index, *guid));
            SessionTeamRow {
                session_id: id,
                player_guid: guid.to_string(),
                team,
                source: if is_set { TeamSource::Manual } else { TeamSource::Detected },
                team_name: name.map(str::to_owned),
            }
        }));
    }
    rows
}

/// Members of teams that differ from the stored ones.
fn teams(derived: &Derived, context: &Context<'_>, session_ids: &[SessionId], changes: &mut Changes) {
    let mut rows: BTreeMap<TeamKey, SessionTeamRow> = BTreeMap::new();
    for (session, id) in derived.timeline.sessions.iter().zip(session_ids) {
        for row in team_rows(*id, session, context.people) {
            rows.insert(TeamKey { session_id: *id, player_guid: row.player_guid.clone() }, row);
        }
    }
    let key_of = |row: &SessionTeamRow| TeamKey { session_id: row.session_id, player_guid: row.player_guid.clone() };
    let differing = context.teams.iter().filter(|old| rows.get(&key_of(old)) != Some(*old));
    // All rows of a player are removed at once, so those that differ decide for the others.
    let changed: BTreeSet<TeamKey> = differing.map(key_of).collect();
    for key in context.teams.iter().map(key_of).filter(|key| !changed.contains(key)) {
        rows.remove(&key);
    }
    changes.removed_teams.extend(changed);
    changes.teams.extend(rows.into_values());
}

fn round_row(
    id: RoundId,
    index: usize,
    entry: &Entry<'_>,
    derived: &Derived,
    context: &Context<'_>,
    session_ids: &[SessionId],
) -> Option<RoundRow> {
    let result = derived.timeline.rounds.get(index)?;
    let stats = derived.stats.get(index)?;
    let header = &entry.file.header;
    let name = &entry.file.name;
    let stamp = name.stamp;
    let reasons: Vec<&str> = result.reasons.iter().map(|reason| reason.name()).collect();
    let row = RoundRow {
        id,
        server_id: context.server_id,
        file_id: entry.file_id,
        server_stamp: stamp.to_string(),
        round_date: format!("{:04}-{:02}-{:02}", stamp.year, stamp.month, stamp.day),
        round_time: format!("{:02}:{:02}:{:02}", stamp.hour, stamp.minute, stamp.second),
        ended_at: instant(derived.ended_at.get(index).copied()?),
        match_id: result.match_id.to_string(),
        map_name: name.map.clone(),
        config_name: header.config.clone(),
        round_number: i32::from(name.round.number()),
        gaming_session_id: session_ids.get(result.session).copied()?,
        defender_team: number(header.defender),
        winner_team: header.winner.map(number),
        round_outcome: Outcome::of(header),
        time_limit_seconds: header.time_limit.0,
        next_time_limit_seconds: header.next_time_limit.0,
        actual_time_seconds: stats.duration.map(|d| d.seconds.0),
        duration_source: stats.duration.map_or(DurationSource::Unknown, |d| d.source),
        match_state: result.state,
        round_status: result.status,
        is_valid: result.is_valid,
        invalid_reasons: reasons.join(","),
        mvp_guid: round_mvp(derived.roles.get(index).copied(), stats),
        player_count: saturating_i32(entry.taken.map_or(stats.players.len(), |taken| taken.lines.len())),
        created_at: entry.identity.map_or(context.now, |known| known.created_at),
        source: if entry.taken.is_some() { RoundSource::Reference } else { RoundSource::File },
    };
    Some(match entry.stored {
        Some(stored) if entry.kept => kept(row, stored),
        _ => row,
    })
}

/// A round whose file cannot be read keeps everything but its place among the others.
fn kept(row: RoundRow, stored: &RoundRow) -> RoundRow {
    RoundRow {
        ended_at: row.ended_at,
        gaming_session_id: row.gaming_session_id,
        round_status: row.round_status,
        is_valid: row.is_valid,
        invalid_reasons: row.invalid_reasons,
        ..stored.clone()
    }
}

/// Most valuable player of a round; none where the numbers are not those of the round.
fn round_mvp(role: Option<Role>, stats: &RoundStats) -> Option<String> {
    if role == Some(Role::OrphanR2) {
        return None;
    }
    fullhold_analytics::round_mvp(&stats.players).map(|guid| guid.to_string())
}

/// Most valuable player of an evening, from its valid rounds.
fn session_mvp(session: &SessionResult, derived: &Derived, people: &People) -> Option<String> {
    let valid = session
        .members
        .iter()
        .filter(|index| derived.timeline.rounds.get(**index).is_some_and(|round| round.is_valid))
        .filter_map(|index| derived.stats.get(*index));
    let lines = valid.map(|stats| stats.players.as_slice());
    fullhold_analytics::evening_mvp(lines, |guid| people.person(guid)).map(|guid: Guid| guid.to_string())
}

/// What lines are made of.
#[derive(Clone, Copy)]
struct Written<'a> {
    derived: &'a Derived,
    people: &'a People,
}

/// Player, weapon and finding rows of a round.
fn lines(row: &RoundRow, index: usize, entry: &Entry<'_>, written: Written<'_>, changes: &mut Changes) -> FileOutcome {
    let Written { derived, people } = written;
    let (players_before, weapons_before) = (changes.players.len(), changes.weapons.len());
    let findings_before = changes.findings.len();
    if let Some(taken) = entry.taken {
        let lines = taken.lines.iter().cloned().map(|line| PlayerRow { round_id: row.id, ..line });
        changes.players.extend(lines.map(|line| people.veiled(line)));
        return FileOutcome::Imported { players: taken.lines.len(), weapons: 0, findings: 0 };
    }
    let Some(stats) = derived.stats.get(index) else {
        return FileOutcome::Imported { players: 0, weapons: 0, findings: 0 };
    };
    // In the order of the tables' keys: SQLite appends where it would otherwise search.
    let mut players: Vec<&PlayerRound> = stats.players.iter().collect();
    players.sort_unstable_by_key(|player| player.guid);
    changes.players.extend(players.iter().map(|player| people.veiled(PlayerRow::new(row.id, player))));
    for weapon in Weapon::BY_NAME {
        for player in &players {
            let counts = player.counters.weapon(weapon);
            if !counts.is_zero() {
                changes.weapons.push(WeaponRow::new(row.id, player.guid, weapon, counts));
            }
        }
    }
    let role = derived.roles.get(index).copied().unwrap_or(Role::OrphanR2);
    let mut number = 0;
    let mut push = |rule: &str, severity: Severity, guid: Option<Guid>, texts: [String; 3]| {
        number += 1;
        let [message, expected, found] = texts;
        changes.findings.push(FindingRow {
            round_id: row.id,
            number,
            check_id: rule.to_owned(),
            severity,
            player_guid: guid.map(|g| g.to_string()),
            message,
            expected,
            found,
        });
    };
    if let Some(Some(reason)) = derived.refused.get(index) {
        let expected = "counters that do not fall between round 1 and round 2".to_owned();
        push("differential_error", Severity::Error, None, [reason.clone(), expected, "a fallen counter".to_owned()]);
    }
    for finding in check_round(entry.file, stats, role) {
        let texts = [finding.message, finding.expected, finding.found];
        push(finding.rule, finding.severity, finding.guid, texts);
    }
    FileOutcome::Imported {
        players: changes.players.len() - players_before,
        weapons: changes.weapons.len() - weapons_before,
        findings: changes.findings.len() - findings_before,
    }
}

/// Matches that differ from the stored ones.
fn matches(
    derived: &Derived,
    context: &Context<'_>,
    round_ids: &[RoundId],
    session_ids: &[SessionId],
    changes: &mut Changes,
) {
    let id_of = |index: Option<usize>| index.and_then(|i| round_ids.get(i).copied());
    let mut rows: BTreeMap<String, MatchRow> = BTreeMap::new();
    for found in &derived.timeline.matches {
        let Some(&session) = session_ids.get(found.session) else { continue };
        let match_id = found.match_id.to_string();
        rows.insert(
            match_id.clone(),
            MatchRow {
                server_id: context.server_id,
                match_id,
                map_name: found.map.clone(),
                gaming_session_id: session,
                r1_round_id: id_of(found.r1),
                r2_round_id: id_of(found.r2),
                match_state: found.state,
                points_r1_attackers: found.points_r1_attackers.map(i32::from),
                points_r2_attackers: found.points_r2_attackers.map(i32::from),
                team_a_r1_side: found.team_a_r1_side.map(number),
                points_a: found.points_a.map(i32::from),
                points_b: found.points_b.map(i32::from),
                undecided_reason: found.undecided,
            },
        );
    }
    for old in &context.matches {
        if rows.get(&old.match_id) == Some(old) {
            rows.remove(&old.match_id);
        } else {
            changes.removed_matches.push(MatchKey { server_id: old.server_id, match_id: old.match_id.clone() });
        }
    }
    changes.removed_matches.sort_unstable();
    changes.matches.extend(rows.into_values());
}

fn number(side: Side) -> i32 {
    i32::from(side.number())
}

fn saturating_i32(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
