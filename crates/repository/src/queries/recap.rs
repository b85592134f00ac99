//! The evenings that a recap is made of: the one asked for, and those before it on its server.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::min;
use fullhold_analytics::{Fact, MatchTeams, PlayedEvening, PlayedMatch, RECORDS, Totals, awards, recap_of_last};
use fullhold_differential::Outcome;
use fullhold_stats_file::{Guid, Seconds};
use time::PrimitiveDateTime;

use crate::conn::{Conn, load_blocking, on_backend};
use crate::dsl::*;
use crate::models::{AchievementRow, RecordRow, SessionTotalsRow, Span};
use crate::schema::{
    achievements, counted_lines as lines, gaming_sessions, player_session_totals as totals, rounds, session_records,
};
use crate::{Db, Error, MatchRow, Result, RoundId, ServerId, SessionId, SessionRow, Transaction};

/// Evenings that are looked back on: what is unusual is so among these.
const EVENINGS: i64 = 60;

/// A round, as far as recaps look at it.
#[derive(diesel::Queryable)]
struct Attack {
    round_id: RoundId,
    outcome: Outcome,
    seconds: Option<i32>,
}

/// A line, as far as recaps look at it.
#[derive(diesel::Queryable)]
struct Line {
    round_id: RoundId,
    person: String,
    team: i32,
}

/// Rows of the evenings of a recap.
struct Rows {
    sessions: Vec<SessionRow>,
    matches: Vec<MatchRow>,
    attacks: BTreeMap<RoundId, i32>,
    lines: BTreeMap<RoundId, Vec<Line>>,
    sums: BTreeMap<SessionId, BTreeMap<Guid, Totals>>,
    milestones: BTreeMap<String, BTreeMap<Guid, usize>>,
    /// When each player's first evening began.
    first: BTreeMap<String, PrimitiveDateTime>,
    records: BTreeMap<SessionId, Vec<Guid>>,
}

/// What the evenings before make of an evening.
#[derive(Clone, Debug, Default)]
pub struct LookBack {
    /// What is to be said of it: see [`Db::recap`].
    pub facts: Vec<Fact>,
    /// The numbers that won each award (by its id) on the evenings before: what is rare is so among these.
    pub awards_before: BTreeMap<&'static str, Vec<f64>>,
}

impl Db {
    /// An evening against those before it, at most sixty of them; nothing for one that is not there.
    ///
    /// # Errors
    /// The database failed.
    pub async fn look_back(&self, session_id: SessionId) -> Result<LookBack> {
        self.read(|tx, _| Box::pin(tx.look_back(session_id))).await
    }

    /// What is to be said of an evening: at most three facts, the most unusual of the last sixty evenings first. Positions
    /// of matches are those in `Evening::matches`, positions of series those in `Evening::series`. Nothing for an
    /// evening that is not there.
    ///
    /// # Errors
    /// The database failed.
    pub async fn recap(&self, session_id: SessionId) -> Result<Vec<Fact>> {
        Ok(self.look_back(session_id).await?.facts)
    }
}

impl Transaction {
    async fn look_back(&mut self, session_id: SessionId) -> Result<LookBack> {
        let Some(session) = self.sessions(&[session_id]).await?.pop() else { return Ok(LookBack::default()) };
        let mut sessions = window(&mut self.conn, &session).await?;
        sessions.reverse();
        let ids: Vec<SessionId> = sessions.iter().map(|row| row.id).collect();
        let matches = self.matches_of(&ids).await?;
        let rows = read(&mut self.conn, sessions, matches).await?;
        let evenings: Vec<PlayedEvening> = rows.sessions.iter().map(|session| rows.evening(session)).collect();
        let before = evenings.split_last().map_or(&[][..], |(_, before)| before);
        let mut awards_before: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
        for won in before.iter().flat_map(|evening| awards(&evening.sums)) {
            awards_before.entry(won.award.id).or_default().push(won.value);
        }
        Ok(LookBack { facts: recap_of_last(&evenings), awards_before })
    }
}

/// A session and those before it on its server, newest first.
async fn window(conn: &mut Conn, session: &SessionRow) -> Result<Vec<SessionRow>> {
    use gaming_sessions as s;
    let (server, at, id) = (session.server_id, session.started_at, session.id);
    on_backend!(conn, c => s::table
        .filter(s::server_id.eq(server).and(s::started_at.le(at)))
        .filter(s::valid_rounds.gt(0).or(s::id.eq(id)))
        .order((s::started_at.desc(), s::id.desc()))
        .limit(EVENINGS + 1)
        .select(SessionRow::as_select()).load(c).await)
    .map_err(Error::query("reading the evenings before"))
}

async fn read(conn: &mut Conn, sessions: Vec<SessionRow>, matches: Vec<MatchRow>) -> Result<Rows> {
    let ids: Vec<SessionId> = sessions.iter().map(|row| row.id).collect();
    let wanted = ids.clone();
    let query = rounds::table.filter(rounds::gaming_session_id.eq_any(wanted)).select((
        rounds::id,
        rounds::round_outcome,
        rounds::actual_time_seconds,
    ));
    let attacks: Vec<Attack> = load_blocking!(&mut *conn, query).map_err(Error::query("reading attacks"))?;
    let attacks = attacks.into_iter().filter(|one| one.outcome == Outcome::Completed);
    let attacks = attacks.filter_map(|one| Some((one.round_id, one.seconds?))).collect();
    let wanted = ids.clone();
    let query =
        lines::table.filter(lines::session_id.eq_any(wanted)).select((lines::round_id, lines::person, lines::team));
    let found: Vec<Line> = load_blocking!(&mut *conn, query).map_err(Error::query("reading who stood where"))?;
    let mut by_round: BTreeMap<RoundId, Vec<Line>> = BTreeMap::new();
    for line in found {
        by_round.entry(line.round_id).or_default().push(line);
    }
    let wanted = ids.clone();
    let found: Vec<SessionTotalsRow> = load_blocking!(
        &mut *conn,
        totals::table.filter(totals::session_id.eq_any(wanted)).select(SessionTotalsRow::as_select())
    )
    .map_err(Error::query("reading sums of evenings"))?;
    let mut sums: BTreeMap<SessionId, BTreeMap<Guid, Totals>> = BTreeMap::new();
    for row in &found {
        if let Some(guid) = Guid::new(&row.player_guid) {
            sums.entry(row.session_id).or_default().insert(guid, row.counters());
        }
    }
    let people: BTreeSet<String> = found.into_iter().map(|row| row.player_guid).collect();
    let server = sessions.as_slice().first().map_or(ServerId(0), |row| row.server_id);
    let milestones = milestones(conn, server, &sessions).await?;
    let first = first_evenings(conn, server, people.into_iter().collect()).await?;
    let records = records(conn, server, &sessions).await?;
    Ok(Rows { sessions, matches, attacks, lines: by_round, sums, milestones, first, records })
}

/// The highest tier that each player reached in each session.
async fn milestones(
    conn: &mut Conn,
    server: ServerId,
    sessions: &[SessionRow],
) -> Result<BTreeMap<String, BTreeMap<Guid, usize>>> {
    let keys: Vec<String> = sessions.iter().map(|row| row.session_key.clone()).collect();
    let rows: Vec<AchievementRow> = load_blocking!(
        conn,
        achievements::table
            .filter(achievements::server_id.eq(server).and(achievements::session_key.eq_any(keys)))
            .select(AchievementRow::as_select())
    )
    .map_err(Error::query("reading achievements of evenings"))?;
    let mut found: BTreeMap<String, BTreeMap<Guid, usize>> = BTreeMap::new();
    for row in rows {
        let Some((guid, tier)) = Guid::new(&row.player_guid).zip(usize::try_from(row.tier).ok()) else { continue };
        let highest = found.entry(row.session_key).or_default().entry(guid).or_default();
        *highest = tier.max(*highest);
    }
    Ok(found)
}

/// When the first evening of each of these players began on a server.
async fn first_evenings(
    conn: &mut Conn,
    server: ServerId,
    people: Vec<String>,
) -> Result<BTreeMap<String, PrimitiveDateTime>> {
    let query = totals::table
        .inner_join(gaming_sessions::table.on(gaming_sessions::id.eq(totals::session_id)))
        .filter(gaming_sessions::server_id.eq(server).and(totals::player_guid.eq_any(people)))
        .group_by(totals::player_guid)
        .select((totals::player_guid, min(gaming_sessions::started_at)));
    let rows: Vec<(String, Option<PrimitiveDateTime>)> =
        load_blocking!(conn, query).map_err(Error::query("reading first evenings"))?;
    Ok(rows.into_iter().filter_map(|(guid, at)| Some((guid, at?))).collect())
}

/// Who set records of single rounds or evenings in each of these sessions, oldest first.
async fn records(conn: &mut Conn, server: ServerId, sessions: &[SessionRow]) -> Result<BTreeMap<SessionId, Vec<Guid>>> {
    use session_records as b;
    let ids: Vec<SessionId> = sessions.iter().map(|row| row.id).collect();
    let Some(first) = sessions.first() else { return Ok(BTreeMap::new()) };
    let rows: Vec<RecordRow> =
        load_blocking!(&mut *conn, b::table.filter(b::session_id.eq_any(ids)).select(RecordRow::as_select()))
            .map_err(Error::query("reading records of evenings"))?;
    let mut found: BTreeMap<SessionId, Vec<Guid>> = BTreeMap::new();
    for span in [Span::Round, Span::Evening] {
        for metric in RECORDS.iter().map(|record| record.value.id) {
            let before: Option<f64> = on_backend!(&mut *conn, c => b::table
                .inner_join(gaming_sessions::table.on(gaming_sessions::id.eq(b::session_id)))
                .filter(b::span.eq(span).and(b::metric.eq(metric)))
                .filter(gaming_sessions::server_id.eq(server).and(gaming_sessions::started_at.lt(first.started_at)))
                .order(b::value.desc()).select(b::value).first(c).await.optional())
            .map_err(Error::query("looking for the record before"))?;
            let mut best = before.unwrap_or(0.0);
            for session in sessions {
                let row = rows
                    .iter()
                    .find(|row| (row.session_id, row.span, row.metric.as_str()) == (session.id, span, metric));
                let Some(row) = row.filter(|row| row.value > best) else { continue };
                best = row.value;
                found.entry(session.id).or_default().extend(Guid::new(&row.player_guid));
            }
        }
    }
    Ok(found)
}

impl Rows {
    fn evening(&self, session: &SessionRow) -> PlayedEvening {
        let mut of_session: Vec<&MatchRow> =
            self.matches.iter().filter(|one| one.gaming_session_id == session.id).collect();
        of_session.sort_by(|a, b| a.match_id.cmp(&b.match_id));
        let decided = of_session.into_iter().enumerate().filter(|(_, one)| one.undecided_reason.is_none());
        let sums = self.sums.get(&session.id).cloned().unwrap_or_default();
        let is_debut = |guid: &&Guid| self.first.get(guid.as_str()) == Some(&session.started_at);
        let mut records = self.records.get(&session.id).cloned().unwrap_or_default();
        records.sort();
        records.dedup();
        PlayedEvening {
            matches: decided.filter_map(|(index, one)| self.played(index, one)).collect(),
            debuts: sums.keys().filter(is_debut).copied().collect(),
            milestones: self.milestones.get(&session.session_key).cloned().unwrap_or_default(),
            records,
            sums,
        }
    }

    fn played(&self, index: usize, one: &MatchRow) -> Option<PlayedMatch> {
        let a_side = one.team_a_r1_side?;
        let points = |points: Option<i32>| usize::try_from(points?).ok();
        let mut teams =
            MatchTeams { points_a: points(one.points_a)?, points_b: points(one.points_b)?, ..MatchTeams::default() };
        for (round, is_first) in [(one.r1_round_id?, true), (one.r2_round_id?, false)] {
            for line in self.lines.get(&round).map(Vec::as_slice).unwrap_or_default() {
                if let Some(guid) = Guid::new(&line.person) {
                    teams.stand(guid, (line.team == a_side) == is_first);
                }
            }
        }
        let attack = |round: Option<RoundId>| self.attacks.get(&round?).copied().map(Seconds);
        Some(PlayedMatch {
            index,
            is_double_hold: (teams.points_a, teams.points_b) == (1, 1),
            attacks: attack(one.r1_round_id).zip(attack(one.r2_round_id)).map(|(first, second)| [first, second]),
            teams,
        })
    }
}
