//! The ledger of achievements: computed anew for the players of sessions that changed, from the first of these on, and
//! written where it differs. What was announced of it is remembered elsewhere and never looked at here.

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::{Integer, Text, Timestamp};
use fullhold_analytics::{BADGES, Badge, Ledger, Totals};
use time::{Date, PrimitiveDateTime};

use crate::bulk::insert;
use crate::conn::{Conn, load_blocking, on_backend};
use crate::dsl::*;
use crate::models::AchievementRow;
use crate::queries::counters::{Counters, CountersRow, CountersSql};
use crate::queries::scope::{Period, Scope};
use crate::queries::totals;
use crate::schema::{
    achievements, counted_lines as lines, counted_results as results, player_season_totals, rounds, servers,
};
use crate::statement::Statement;
use crate::{Error, Result, RoundId, ServerId, SessionId};

/// Players whose careers are in memory at once.
const PLAYERS: usize = 100;
/// Sessions whose lines are read at once.
const SESSIONS: usize = 500;
/// Letters of a session's key that are its day.
const DAY: usize = 10;

/// Some players of a server, and the day from which on their ledger is computed.
pub(crate) struct Part {
    server_id: ServerId,
    players: Vec<String>,
    /// None is the beginning.
    from: Option<Date>,
}

/// Computes the ledger of players anew, each from a session on, by its key.
pub(crate) async fn refresh(conn: &mut Conn, server_id: ServerId, earners: &BTreeMap<String, String>) -> Result<()> {
    let players: Vec<(&String, &String)> = earners.iter().collect();
    for some in players.chunks(PLAYERS) {
        let first = some.iter().map(|(_, key)| key.as_str()).min().unwrap_or_default();
        let players = some.iter().map(|(guid, _)| (*guid).clone()).collect();
        write(conn, Part { server_id, players, from: day_of(first) }).await?;
    }
    Ok(())
}

/// Computes all of it anew.
pub(crate) async fn refresh_everything(conn: &mut Conn) -> Result<()> {
    for part in everything(conn).await? {
        write(conn, part).await?;
    }
    Ok(())
}

/// Everybody on every server.
pub(crate) async fn everything(conn: &mut Conn) -> Result<Vec<Part>> {
    use player_season_totals as t;
    let all: Vec<ServerId> =
        on_backend!(&mut *conn, c => servers::table.select(servers::id).order(servers::id).load(c).await)
            .map_err(Error::query("listing servers"))?;
    let mut parts = Vec::new();
    for server_id in all {
        let played: Vec<String> = on_backend!(&mut *conn, c => t::table
            .filter(t::server_id.eq(server_id)).select(t::player_guid).distinct().load(c).await)
        .map_err(Error::query("listing who has a career"))?;
        let earned: Vec<String> = on_backend!(&mut *conn, c => achievements::table
            .filter(achievements::server_id.eq(server_id)).select(achievements::player_guid).distinct().load(c).await)
        .map_err(Error::query("listing who has achievements"))?;
        let players: BTreeSet<String> = played.into_iter().chain(earned).collect();
        let players: Vec<String> = players.into_iter().collect();
        parts.extend(players.chunks(PLAYERS).map(|some| Part { server_id, players: some.to_vec(), from: None }));
    }
    Ok(parts)
}

fn day_of(session_key: &str) -> Option<Date> {
    let mut parts = session_key.get(..DAY)?.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month: u8 = month.parse().ok()?;
    Date::from_calendar_date(year.parse().ok()?, time::Month::try_from(month).ok()?, day.parse().ok()?).ok()
}

fn text(day: Option<Date>) -> String {
    day.map(|day| format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())).unwrap_or_default()
}

async fn write(conn: &mut Conn, part: Part) -> Result<()> {
    let (part, expected) = compute(conn, part).await?;
    let from = text(part.from);
    let mut stored = stored(conn, &part).await?;
    stored.retain(|row| row.session_key >= from);
    let of = |rows: &[AchievementRow], guid: &str| -> Vec<AchievementRow> {
        rows.iter().filter(|row| row.player_guid == guid).cloned().collect()
    };
    let changed: Vec<String> =
        part.players.iter().filter(|guid| of(&stored, guid) != of(&expected, guid)).cloned().collect();
    if changed.is_empty() {
        return Ok(());
    }
    let these = achievements::server_id
        .eq(part.server_id)
        .and(achievements::player_guid.eq_any(&changed))
        .and(achievements::session_key.ge(&from));
    on_backend!(&mut *conn, c => diesel::delete(achievements::table.filter(these)).execute(c).await)
        .map_err(Error::query("removing achievements"))?;
    let rows = expected.into_iter().filter(|row| changed.contains(&row.player_guid)).collect();
    insert(conn, rows).await.map_err(Error::query("storing achievements"))
}

/// What is stored of them, sorted by player, badge and tier.
pub(crate) async fn stored(conn: &mut Conn, part: &Part) -> Result<Vec<AchievementRow>> {
    let (server, players) = (part.server_id, part.players.clone());
    let mut rows: Vec<AchievementRow> = load_blocking!(
        conn,
        achievements::table
            .filter(achievements::server_id.eq(server).and(achievements::player_guid.eq_any(players)))
            .select(AchievementRow::as_select())
    )
    .map_err(Error::query("reading achievements"))?;
    rows.sort_by(|a, b| (&a.player_guid, &a.badge, a.tier).cmp(&(&b.player_guid, &b.badge, b.tier)));
    Ok(rows)
}

/// A session of a player.
struct Evening {
    session_id: SessionId,
    session_key: String,
    started_at: PrimitiveDateTime,
    totals: Totals,
}

/// A match of a player in a session.
struct Step {
    match_id: String,
    ended_at: PrimitiveDateTime,
    totals: Totals,
}

/// Sessions by player, oldest first.
type Careers = BTreeMap<String, Vec<Evening>>;
/// Steps by session and player, in order.
type Steps = BTreeMap<(SessionId, String), Vec<Step>>;

/// What must stand in the ledger from the part's day on, sorted by player, badge and tier. The part that comes back
/// begins earlier where what is stored cannot be true.
pub(crate) async fn compute(conn: &mut Conn, mut part: Part) -> Result<(Part, Vec<AchievementRow>)> {
    let mut begun = begun(conn, &part).await?;
    if begun.values().any(|ledger| !ledger.is_consistent()) {
        part.from = None;
        begun.clear();
    }
    let careers = careers(conn, &part).await?;
    let wanted = wanted(&careers, &begun);
    let steps = steps(conn, &wanted).await?;
    let mut rows = Vec::new();
    for (guid, evenings) in &careers {
        let mut ledger = begun.get(guid).cloned().unwrap_or_default();
        for evening in evenings {
            let Some(steps) = steps.get(&(evening.session_id, guid.clone())) else {
                ledger.add(&evening.totals);
                continue;
            };
            for step in steps {
                rows.extend(ledger.add(&step.totals).into_iter().map(|reached| AchievementRow {
                    server_id: part.server_id,
                    player_guid: guid.clone(),
                    badge: reached.badge.id.to_owned(),
                    tier: i32::try_from(reached.tier).unwrap_or(i32::MAX),
                    session_key: evening.session_key.clone(),
                    match_id: step.match_id.clone(),
                    earned_at: step.ended_at,
                }));
            }
        }
    }
    rows.sort_by(|a, b| (&a.player_guid, &a.badge, a.tier).cmp(&(&b.player_guid, &b.badge, b.tier)));
    Ok((part, rows))
}

fn counters() -> Counters {
    Counters::of(BADGES.iter().map(|badge| badge.value))
}

/// The careers before the part's day.
async fn begun(conn: &mut Conn, part: &Part) -> Result<BTreeMap<String, Ledger>> {
    let Some(before) = part.from.and_then(Date::previous_day) else { return Ok(BTreeMap::new()) };
    let scope = Scope {
        servers: vec![part.server_id],
        period: Period { from: None, to: Some(before) },
        players: part.players.clone(),
        ..Scope::default()
    };
    let mut sums: BTreeMap<String, Totals> = BTreeMap::new();
    for statement in totals::statements(&scope, &counters()) {
        for (guid, sum) in totals::load(conn, statement).await? {
            let all = sums.entry(guid).or_default();
            *all = *all + sum;
        }
    }
    let from = text(part.from);
    let mut known: BTreeMap<String, Vec<AchievementRow>> = BTreeMap::new();
    for row in stored(conn, part).await?.into_iter().filter(|row| row.session_key < from) {
        known.entry(row.player_guid.clone()).or_default().push(row);
    }
    let ledger = |guid: &String| {
        let rows = known.get(guid).map(Vec::as_slice).unwrap_or_default();
        let reached = |badge: &Badge| rows.iter().filter(|row| row.badge == badge.id).count();
        (guid.clone(), Ledger::continued(sums.get(guid).copied().unwrap_or_default(), reached))
    };
    Ok(part.players.iter().map(ledger).collect())
}

type EveningSql = (Integer, Text, Timestamp, Text, CountersSql);
type EveningRow = (SessionId, String, PrimitiveDateTime, String, CountersRow);

async fn careers(conn: &mut Conn, part: &Part) -> Result<Careers> {
    let scope = Scope {
        servers: vec![part.server_id],
        period: Period { from: part.from, to: None },
        players: part.players.clone(),
        ..Scope::default()
    };
    let mut statement: Statement<EveningSql> =
        Statement::new("SELECT s.id, s.session_key, s.started_at, t.player_guid");
    counters().add_up(&mut statement);
    statement
        .sql(" FROM player_session_totals t JOIN gaming_sessions s ON s.id = t.session_id WHERE s.valid_rounds > 0");
    scope.of_sessions(&mut statement);
    scope.of_players(&mut statement, "t.player_guid");
    statement.sql(" GROUP BY s.id, s.session_key, s.started_at, t.player_guid");
    let rows: Vec<EveningRow> = load_blocking!(conn, statement).map_err(Error::query("reading careers"))?;
    let mut careers: Careers = BTreeMap::new();
    for (session_id, session_key, started_at, guid, row) in rows {
        let totals = Totals { evenings: 1, ..row.into() };
        careers.entry(guid).or_default().push(Evening { session_id, session_key, started_at, totals });
    }
    for evenings in careers.values_mut() {
        evenings.sort_by(|a, b| (a.started_at, &a.session_key).cmp(&(b.started_at, &b.session_key)));
    }
    Ok(careers)
}

/// Sessions, and the players who may have reached something in each.
fn wanted(careers: &Careers, begun: &BTreeMap<String, Ledger>) -> BTreeMap<SessionId, BTreeSet<String>> {
    let mut wanted: BTreeMap<SessionId, BTreeSet<String>> = BTreeMap::new();
    for (guid, evenings) in careers {
        let mut ledger = begun.get(guid).cloned().unwrap_or_default();
        for evening in evenings {
            if ledger.may_reach(&evening.totals) {
                wanted.entry(evening.session_id).or_default().insert(guid.clone());
            }
            ledger.pass(&evening.totals);
        }
    }
    wanted
}

/// A line, as far as badges go.
#[derive(diesel::Queryable)]
struct Line {
    session_id: SessionId,
    person: String,
    match_id: String,
    round_id: RoundId,
    ended_at: PrimitiveDateTime,
    kills: i32,
    deaths: i32,
    revives_given: Option<i32>,
    times_revived: Option<i32>,
    objectives_stolen: Option<i32>,
    objectives_returned: Option<i32>,
    dynamites_planted: Option<i32>,
    dynamites_defused: Option<i32>,
    constructions: Option<i32>,
}

impl Line {
    fn totals(&self) -> Totals {
        Totals {
            rounds: 1,
            kills: self.kills.into(),
            deaths: self.deaths.into(),
            revives_given: self.revives_given.map(i64::from),
            times_revived: self.times_revived.map(i64::from),
            objectives_stolen: self.objectives_stolen.map(i64::from),
            objectives_returned: self.objectives_returned.map(i64::from),
            dynamites_planted: self.dynamites_planted.map(i64::from),
            dynamites_defused: self.dynamites_defused.map(i64::from),
            constructions: self.constructions.map(i64::from),
            ..Totals::default()
        }
    }
}

/// The matches of the wanted sessions and players, in order of their ends.
async fn steps(conn: &mut Conn, wanted: &BTreeMap<SessionId, BTreeSet<String>>) -> Result<Steps> {
    let sessions: Vec<SessionId> = wanted.keys().copied().collect();
    let is_wanted =
        |session: SessionId, person: &str| wanted.get(&session).is_some_and(|people| people.contains(person));
    let mut steps: Steps = BTreeMap::new();
    for sessions in sessions.chunks(SESSIONS) {
        let ids = sessions.to_vec();
        let query = lines::table
            .inner_join(rounds::table.on(rounds::id.eq(lines::round_id)))
            .filter(rounds::gaming_session_id.eq_any(ids))
            .select((
                lines::session_id,
                lines::person,
                rounds::match_id,
                lines::round_id,
                rounds::ended_at,
                lines::kills,
                lines::deaths,
                lines::revives_given,
                lines::times_revived,
                lines::objectives_stolen,
                lines::objectives_returned,
                lines::dynamites_planted,
                lines::dynamites_defused,
                lines::constructions,
            ));
        let mut found: Vec<Line> = load_blocking!(&mut *conn, query).map_err(Error::query("reading careers' lines"))?;
        found.retain(|line| is_wanted(line.session_id, &line.person));
        let ids = sessions.to_vec();
        let query = results::table.filter(results::session_id.eq_any(ids).and(results::margin.gt(0))).select((
            results::session_id,
            results::person,
            results::match_id,
        ));
        let won: Vec<(SessionId, String, String)> =
            load_blocking!(&mut *conn, query).map_err(Error::query("reading matches won"))?;
        let won: BTreeSet<(SessionId, String, String)> =
            won.into_iter().filter(|(session, person, _)| is_wanted(*session, person)).collect();
        add_steps(&mut steps, found, &won);
    }
    Ok(steps)
}

fn add_steps(steps: &mut Steps, mut found: Vec<Line>, won: &BTreeSet<(SessionId, String, String)>) {
    let key = |line: &Line| (line.session_id, line.person.clone());
    found.sort_by(|a, b| {
        (a.session_id, &a.person, &a.match_id, a.round_id).cmp(&(b.session_id, &b.person, &b.match_id, b.round_id))
    });
    for of_player in found.chunk_by(|a, b| (a.session_id, &a.person) == (b.session_id, &b.person)) {
        let Some(of) = of_player.first().map(key) else { continue };
        let mut matches: Vec<Step> = Vec::new();
        for of_match in of_player.chunk_by(|a, b| a.match_id == b.match_id) {
            let Some(first) = of_match.first() else { continue };
            let mut totals: Totals = of_match.iter().map(Line::totals).sum();
            // Nobody is in a round twice, whatever number of guids they wear there.
            let rounds: BTreeSet<RoundId> = of_match.iter().map(|line| line.round_id).collect();
            totals.rounds = i64::try_from(rounds.len()).unwrap_or(i64::MAX);
            totals.matches_won = i64::from(won.contains(&(of.0, of.1.clone(), first.match_id.clone())));
            let ended_at = of_match.iter().map(|line| line.ended_at).max().unwrap_or(first.ended_at);
            matches.push(Step { match_id: first.match_id.clone(), ended_at, totals });
        }
        matches.sort_by(|a, b| (a.ended_at, &a.match_id).cmp(&(b.ended_at, &b.match_id)));
        if let Some(first) = matches.first_mut() {
            first.totals.evenings = 1;
        }
        steps.insert(of, matches);
    }
}
