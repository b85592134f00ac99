//! Ratings: the decided matches of a server, replayed from some instant on, and written where the history differs.
//! What is rated is read from the rows that are stored, so that it is no matter what changed them.

use std::collections::{BTreeMap, BTreeSet};

use diesel::NullableExpressionMethods as _;
use fullhold_analytics::{
    CalibrationState, Confidence, Features, Learned, MatchOutcome, PREDICTIONS_KEPT, Played, Precision, Predicted,
    RATING_VERSION, RatedMatch, Ratings, Team,
};
use fullhold_stats_file::Guid;
use time::{OffsetDateTime, PrimitiveDateTime, Time};

use crate::bulk::insert;
use crate::conn::{Conn, load_blocking, on_backend};
use crate::dsl::*;
use crate::import::PARAMETERS;
use crate::models::{RatedMatchRow, RatingRow};
use crate::queries::skills::skills_before;
use crate::schema::{counted_lines, gaming_sessions, matches, rated_matches, ratings, rounds};
use crate::{Error, Result, RoundId, ServerId};

/// Before every match.
pub(crate) const BEGINNING: PrimitiveDateTime =
    PrimitiveDateTime::new(OffsetDateTime::UNIX_EPOCH.date(), Time::MIDNIGHT);

/// After every match.
const END: PrimitiveDateTime = match time::Date::from_ordinal_date(9_000, 1) {
    Ok(day) => PrimitiveDateTime::new(day, Time::MIDNIGHT),
    Err(_) => BEGINNING,
};

/// Matches that are read and computed at once: memory stays flat.
const CHUNK: usize = 500;

/// A decided match between teams that are known well enough.
#[derive(Clone, Debug, diesel::Queryable)]
struct Head {
    match_id: String,
    ended_at: PrimitiveDateTime,
    session_key: String,
    points_a: Option<i32>,
    points_b: Option<i32>,
    team_a_r1_side: Option<i32>,
    r1_round_id: Option<RoundId>,
    r2_round_id: Option<RoundId>,
}

/// A player's part of a round.
#[derive(Clone, Debug, diesel::Queryable)]
struct Line {
    round_id: RoundId,
    person: String,
    team: i32,
    seconds: i32,
    kills: i32,
    deaths: i32,
}

/// Rows of some matches in a row, in order.
#[derive(Debug, Default)]
pub(crate) struct Replayed {
    /// Sorted by end and match.
    pub(crate) matches: Vec<RatedMatchRow>,
    /// Sorted by end, match and player.
    pub(crate) ratings: Vec<RatingRow>,
    /// Stored rows of other matches of this span must go.
    pub(crate) span: Option<Span>,
}

/// From when on, and before when, rows belong to some replayed matches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    from: PrimitiveDateTime,
    before: PrimitiveDateTime,
}

/// A replay on its way.
pub(crate) struct Replay {
    server_id: ServerId,
    from: PrimitiveDateTime,
    /// Where the next span begins.
    next_from: PrimitiveDateTime,
    /// Whether skills from before may be stored.
    has_past: bool,
    ratings: Ratings,
    heads: std::vec::IntoIter<Head>,
    is_done: bool,
}

impl Replay {
    /// Begins with the matches that ended at an instant or later: with all of them if the ones before were not rated
    /// by these rules.
    pub(crate) async fn begin(conn: &mut Conn, server_id: ServerId, from: PrimitiveDateTime) -> Result<Self> {
        let mut past: Vec<RatedMatchRow> = Vec::new();
        if from > BEGINNING {
            let most = i64::try_from(PREDICTIONS_KEPT).unwrap_or(i64::MAX);
            past = on_backend!(&mut *conn, c => rated_matches::table
                .filter(rated_matches::server_id.eq(server_id).and(rated_matches::ended_at.lt(from)))
                .order((rated_matches::ended_at.desc(), rated_matches::match_id.desc()))
                .limit(most)
                .select(RatedMatchRow::as_select()).load(c).await)
            .map_err(Error::query("reading predictions"))?;
            past.sort_by(|a, b| (a.ended_at, &a.match_id).cmp(&(b.ended_at, &b.match_id)));
        }
        let last = past.last().filter(|last| last.version == RATING_VERSION);
        let (from, ratings) = match last {
            Some(last) => (from, Ratings::continued(last.calibration(), past.iter().map(RatedMatchRow::said))),
            None => (BEGINNING, Ratings::default()),
        };
        let has_past = from > BEGINNING;
        let heads = heads(conn, server_id, from).await?.into_iter();
        Ok(Self { server_id, from, next_from: from, has_past, ratings, heads, is_done: false })
    }

    /// The next matches; none after the last, which come at least once.
    pub(crate) async fn next(&mut self, conn: &mut Conn) -> Result<Option<Replayed>> {
        if self.is_done {
            return Ok(None);
        }
        let mut heads: Vec<Head> = self.heads.by_ref().take(CHUNK).collect();
        // What ended in the same second belongs together: spans are by time.
        while let Some(last) = heads.last().map(|head| head.ended_at)
            && self.heads.as_slice().first().is_some_and(|next| next.ended_at == last)
        {
            heads.extend(self.heads.next());
        }
        let before = self.heads.as_slice().first().map(|next| next.ended_at);
        self.is_done = before.is_none();
        let span = Span { from: self.next_from, before: before.unwrap_or(END) };
        self.next_from = span.before;
        let lines = lines(conn, &heads).await?;
        self.know(conn, &lines).await?;
        let mut by_round: BTreeMap<RoundId, Vec<&Line>> = BTreeMap::new();
        for line in &lines {
            by_round.entry(line.round_id).or_default().push(line);
        }
        let mut replayed = Replayed { span: Some(span), ..Replayed::default() };
        for head in heads {
            if let Some(one) = rated(&head, &by_round)
                && let Some(learned) = self.ratings.play(&one)
            {
                replayed.add(self.server_id, &head, &one, &learned);
            }
        }
        Ok(Some(replayed))
    }

    /// Reads the skills of players who are seen for the first time, as they were before.
    async fn know(&mut self, conn: &mut Conn, lines: &[Line]) -> Result<()> {
        if !self.has_past {
            return Ok(());
        }
        let seen = |line: &Line| Guid::new(&line.person).is_some_and(|guid| self.ratings.players().contains_key(&guid));
        let new: BTreeSet<String> = lines.iter().filter(|line| !seen(line)).map(|line| line.person.clone()).collect();
        let new: Vec<String> = new.into_iter().collect();
        for guids in new.chunks(PARAMETERS) {
            for (guid, skill) in skills_before(conn, &[self.server_id], Some(guids), Some(self.from)).await? {
                self.ratings.know(guid, skill.skill);
            }
        }
        Ok(())
    }
}

async fn heads(conn: &mut Conn, server_id: ServerId, from: PrimitiveDateTime) -> Result<Vec<Head>> {
    let query = rounds::table
        .inner_join(matches::table.on(matches::r2_round_id.eq(rounds::id.nullable())))
        .inner_join(gaming_sessions::table.on(gaming_sessions::id.eq(matches::gaming_session_id)))
        .filter(rounds::server_id.eq(server_id).and(rounds::ended_at.ge(from)))
        .filter(matches::points_a.is_not_null().and(matches::undecided_reason.is_null()))
        .filter(gaming_sessions::team_confidence.ne(Confidence::Low))
        .select((
            matches::match_id,
            rounds::ended_at,
            gaming_sessions::session_key,
            matches::points_a,
            matches::points_b,
            matches::team_a_r1_side,
            matches::r1_round_id,
            matches::r2_round_id,
        ));
    let mut heads: Vec<Head> = load_blocking!(conn, query).map_err(Error::query("reading decided matches"))?;
    heads.sort_by(|a, b| (a.ended_at, &a.match_id).cmp(&(b.ended_at, &b.match_id)));
    Ok(heads)
}

async fn lines(conn: &mut Conn, heads: &[Head]) -> Result<Vec<Line>> {
    use counted_lines as l;
    let rounds: Vec<RoundId> = heads.iter().flat_map(|head| [head.r1_round_id, head.r2_round_id]).flatten().collect();
    let mut lines = Vec::new();
    for rounds in rounds.chunks(PARAMETERS) {
        let rounds = rounds.to_vec();
        let query = l::table.filter(l::round_id.eq_any(rounds)).select((
            l::round_id,
            l::person,
            l::team,
            l::time_played_seconds,
            l::kills,
            l::deaths,
        ));
        let some: Vec<Line> = load_blocking!(&mut *conn, query).map_err(Error::query("reading who played"))?;
        lines.extend(some);
    }
    lines.sort_by(|a, b| (a.round_id, &a.person, a.team).cmp(&(b.round_id, &b.person, b.team)));
    Ok(lines)
}

/// Somebody's part of a match.
#[derive(Clone, Copy)]
struct Part {
    is_a: bool,
    played: Played,
}

/// A match as ratings look at it: each player with whom he stood first, for as long as he did.
fn rated(head: &Head, by_round: &BTreeMap<RoundId, Vec<&Line>>) -> Option<RatedMatch> {
    let a_side = head.team_a_r1_side?;
    let mut parts: BTreeMap<Guid, Part> = BTreeMap::new();
    for (round, is_first) in [(head.r1_round_id?, true), (head.r2_round_id?, false)] {
        let lines = by_round.get(&round).map(Vec::as_slice).unwrap_or_default();
        for of_person in lines.chunk_by(|a, b| a.person == b.person) {
            let Some((first, guid)) = of_person.first().and_then(|line| Some((line, Guid::new(&line.person)?))) else {
                continue;
            };
            // Under two guids on both sides: he stands with nobody.
            if of_person.iter().any(|line| line.team != first.team) {
                continue;
            }
            let is_a = (first.team == a_side) == is_first;
            let none = Played { guid, seconds: 0, kills: 0, deaths: 0 };
            let part = parts.entry(guid).or_insert(Part { is_a, played: none });
            if part.is_a == is_a {
                for line in of_person {
                    part.played.seconds += i64::from(line.seconds);
                    part.played.kills += i64::from(line.kills);
                    part.played.deaths += i64::from(line.deaths);
                }
            }
        }
    }
    let team = |is_a: bool| parts.values().filter(|part| part.is_a == is_a).map(|part| part.played).collect();
    Some(RatedMatch {
        ended_at: head.ended_at.assume_utc().unix_timestamp(),
        team_a: team(true),
        team_b: team(false),
        outcome: MatchOutcome::of_points(head.points_a?, head.points_b?),
        confidence: Confidence::High,
    })
}

impl Replayed {
    fn add(&mut self, server_id: ServerId, head: &Head, one: &RatedMatch, learned: &Learned) {
        let Learned { prediction, changes, calibration: CalibrationState { weights, precision } } = learned;
        self.matches.push(RatedMatchRow {
            server_id,
            match_id: head.match_id.clone(),
            session_key: head.session_key.clone(),
            ended_at: head.ended_at,
            version: RATING_VERSION,
            outcome: one.outcome,
            chance: prediction.chance,
            is_shown: prediction.shown.is_some(),
            weight_rating: weights.rating,
            weight_size: weights.size,
            weight_duels: weights.duels,
            precision_rating: precision.rating,
            precision_size: precision.size,
            precision_duels: precision.duels,
            precision_rating_size: precision.rating_size,
            precision_rating_duels: precision.rating_duels,
            precision_size_duels: precision.size_duels,
        });
        let teams =
            one.team_a.iter().map(|played| (Team::A, played)).chain(one.team_b.iter().map(|played| (Team::B, played)));
        let mut rows: Vec<RatingRow> = teams
            .zip(changes)
            .map(|((team, played), change)| RatingRow {
                server_id,
                player_guid: played.guid.to_string(),
                ended_at: head.ended_at,
                match_id: head.match_id.clone(),
                team,
                seconds: i32::try_from(played.seconds).unwrap_or(i32::MAX),
                mean: change.after.mean,
                deviation: change.after.deviation,
                matches: i32::try_from(change.after.matches).unwrap_or(i32::MAX),
                kills: i32::try_from(change.after.kills).unwrap_or(i32::MAX),
                deaths: i32::try_from(change.after.deaths).unwrap_or(i32::MAX),
            })
            .collect();
        rows.sort_by(|a, b| a.player_guid.cmp(&b.player_guid));
        self.ratings.append(&mut rows);
    }

    /// The rows as they are stored.
    pub(crate) async fn stored(&self, conn: &mut Conn, server_id: ServerId) -> Result<Self> {
        let Some(Span { from, before }) = self.span else { return Ok(Self::default()) };
        let mut matches: Vec<RatedMatchRow> = load_blocking!(
            &mut *conn,
            rated_matches::table
                .filter(rated_matches::server_id.eq(server_id))
                .filter(rated_matches::ended_at.ge(from).and(rated_matches::ended_at.lt(before)))
                .select(RatedMatchRow::as_select())
        )
        .map_err(Error::query("reading rated matches"))?;
        let mut ratings: Vec<RatingRow> = load_blocking!(
            conn,
            ratings::table
                .filter(ratings::server_id.eq(server_id))
                .filter(ratings::ended_at.ge(from).and(ratings::ended_at.lt(before)))
                .select(RatingRow::as_select())
        )
        .map_err(Error::query("reading ratings"))?;
        matches.sort_by(|a, b| (a.ended_at, &a.match_id).cmp(&(b.ended_at, &b.match_id)));
        ratings
            .sort_by(|a, b| (a.ended_at, &a.match_id, &a.player_guid).cmp(&(b.ended_at, &b.match_id, &b.player_guid)));
        Ok(Self { matches, ratings, span: self.span })
    }

    /// The first instant at which two of them are not the same.
    fn first_difference(&self, other: &Self) -> Option<PrimitiveDateTime> {
        let of_matches = differing(&self.matches, &other.matches).map(|row| row.ended_at).min();
        let of_ratings = differing(&self.ratings, &other.ratings).map(|row| row.ended_at).min();
        of_matches.into_iter().chain(of_ratings).min()
    }

    const fn is_empty(&self) -> bool {
        self.matches.is_empty() && self.ratings.is_empty()
    }

    /// Without what ended before an instant.
    fn since(mut self, from: PrimitiveDateTime) -> Self {
        self.matches.retain(|row| row.ended_at >= from);
        self.ratings.retain(|row| row.ended_at >= from);
        self
    }
}

/// Of two sorted lists the rows at the first position where they differ.
fn differing<'a, R: PartialEq>(a: &'a [R], b: &'a [R]) -> impl Iterator<Item = &'a R> {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    a.get(same).into_iter().chain(b.get(same))
}

/// Rows of a server with an instant at which no match can have ended.
macro_rules! strays {
    ($table:ident of $server_id:expr) => {
        $table::table
            .filter($table::server_id.eq($server_id).and($table::ended_at.lt(BEGINNING).or($table::ended_at.ge(END))))
    };
}

/// Rows with an instant at which no match can have ended, which no replay comes across (SQLite takes anything).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strays {
    /// In `rated_matches`.
    pub(crate) matches: i64,
    /// In `ratings`.
    pub(crate) ratings: i64,
}

impl Strays {
    /// Counts those of a server.
    pub(crate) async fn count(conn: &mut Conn, server_id: ServerId) -> Result<Self> {
        let reading = Error::query("looking for ratings of no match");
        let matches = on_backend!(&mut *conn, c => strays!(rated_matches of server_id).count().get_result(c).await);
        let ratings = on_backend!(conn, c => strays!(ratings of server_id).count().get_result(c).await);
        matches.and_then(|matches| Ok(Self { matches, ratings: ratings? })).map_err(reading)
    }

    async fn remove(conn: &mut Conn, server_id: ServerId) -> Result<()> {
        on_backend!(&mut *conn, c => diesel::delete(strays!(rated_matches of server_id)).execute(c).await)
            .map_err(Error::query("removing rated matches that are none"))?;
        on_backend!(conn, c => diesel::delete(strays!(ratings of server_id)).execute(c).await)
            .map_err(Error::query("removing ratings of no match"))?;
        Ok(())
    }
}

/// Replays from an instant on, and writes what differs from what is stored.
pub(crate) async fn refresh(conn: &mut Conn, server_id: ServerId, from: PrimitiveDateTime) -> Result<()> {
    let mut replay = Replay::begin(conn, server_id, from).await?;
    if !replay.has_past {
        Strays::remove(conn, server_id).await?;
    }
    let mut differs = false;
    while let Some(mut replayed) = replay.next(conn).await? {
        if !differs {
            let stored = replayed.stored(conn, server_id).await?;
            let Some(first) = replayed.first_difference(&stored) else { continue };
            if !replay.is_done || !stored.since(first).is_empty() {
                forget_since(conn, server_id, first).await?;
            }
            replayed = replayed.since(first);
            differs = true;
        }
        insert(conn, replayed.matches).await.map_err(Error::query("storing rated matches"))?;
        insert(conn, replayed.ratings).await.map_err(Error::query("storing ratings"))?;
    }
    Ok(())
}

async fn forget_since(conn: &mut Conn, server_id: ServerId, from: PrimitiveDateTime) -> Result<()> {
    let these = rated_matches::server_id.eq(server_id).and(rated_matches::ended_at.ge(from));
    on_backend!(&mut *conn, c => diesel::delete(rated_matches::table.filter(these)).execute(c).await)
        .map_err(Error::query("removing rated matches"))?;
    let these = ratings::server_id.eq(server_id).and(ratings::ended_at.ge(from));
    on_backend!(conn, c => diesel::delete(ratings::table.filter(these)).execute(c).await)
        .map_err(Error::query("removing ratings"))?;
    Ok(())
}

impl RatedMatchRow {
    /// The calibration after it.
    pub(crate) const fn calibration(&self) -> CalibrationState {
        CalibrationState {
            weights: Features { rating: self.weight_rating, size: self.weight_size, duels: self.weight_duels },
            precision: Precision {
                rating: self.precision_rating,
                size: self.precision_size,
                duels: self.precision_duels,
                rating_size: self.precision_rating_size,
                rating_duels: self.precision_rating_duels,
                size_duels: self.precision_size_duels,
            },
        }
    }

    /// What was said of it.
    pub(crate) const fn said(&self) -> Predicted {
        Predicted { chance: self.chance, outcome: self.outcome }
    }
}
