//! Skill: everybody's now or at the end of a period, a player's history, and what is said of two teams.

use std::collections::BTreeMap;

use diesel::sql_types::{Double, Integer, Text, Timestamp};
use fullhold_analytics::{CalibrationState, MatchOutcome, PREDICTIONS_KEPT, Predicted, Ratings, Skill, Team};
use fullhold_stats_file::Guid;
use time::{Date, PrimitiveDateTime};

use crate::conn::{Conn, load_blocking, on_backend};
use crate::dsl::*;
use crate::models::RatedMatchRow;
use crate::queries::scope::Scope;
use crate::queries::skills::{LastSkill, skills_before};
use crate::ratings::{BEGINNING, refresh};
use crate::schema::{gaming_sessions, rated_matches, servers};
use crate::statement::Statement;
use crate::{Db, Error, Result, ServerId};

/// A player's skill on a server.
#[derive(Clone, Debug, PartialEq)]
pub struct PlayerRating {
    /// As whom the player is counted.
    pub guid: Guid,
    /// The server whose matches tell it.
    pub server_id: ServerId,
    /// The last match that was rated.
    pub match_id: String,
    /// The skill after it. [`Skill::at_least`] is what boards rank, [`Skill::is_provisional`] says that it is a guess.
    pub skill: Skill,
}

/// A player's skill after one match.
#[derive(Clone, Debug, PartialEq)]
pub struct RatingPoint {
    /// Server.
    pub server_id: ServerId,
    /// Key of the session.
    pub session_key: String,
    /// Match.
    pub match_id: String,
    /// End of its second round, UTC.
    pub ended_at: PrimitiveDateTime,
    /// Who won, from the player's side: [`MatchOutcome::TeamA`] is he.
    pub outcome: MatchOutcome,
    /// What was predicted of him: the chance of his team, a draw being half a win. For reports, not for display.
    pub chance: f64,
    /// Seconds that he played.
    pub seconds: i32,
    /// The skill after it.
    pub skill: Skill,
}

/// What was predicted of a match before it, and how it ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PredictedMatch {
    /// Server.
    pub server_id: ServerId,
    /// End of its second round, UTC.
    pub ended_at: PrimitiveDateTime,
    /// Chance of team A, and the outcome.
    pub predicted: Predicted,
    /// Whether the chance was to be shown as a number.
    pub is_shown: bool,
}

type PointSql =
    (Integer, Text, Text, Timestamp, Text, Text, Double, Integer, Double, Double, Integer, Integer, Integer);

#[derive(diesel::Queryable)]
struct PointRow {
    server_id: ServerId,
    session_key: String,
    match_id: String,
    ended_at: PrimitiveDateTime,
    outcome: MatchOutcome,
    team: Team,
    chance: f64,
    seconds: i32,
    mean: f64,
    deviation: f64,
    matches: i32,
    kills: i32,
    deaths: i32,
}

impl Db {
    /// Everybody who was rated on the scope's servers, by guid: as it stood at the end of the scope's period, or now.
    /// Who was rated on several of them is rated by the one with most of his matches. The scope's players, if any, are
    /// the only ones; its maps and sessions are no matter.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ratings(&self, scope: &Scope) -> Result<Vec<PlayerRating>> {
        let mut conn = self.conn().await?;
        let players = Some(scope.players.as_slice()).filter(|players| !players.is_empty());
        let found = match scope.period.to.and_then(Date::next_day) {
            None => skills_before(&mut conn, &scope.servers, players, None).await?,
            Some(day) => {
                let mut found = Vec::new();
                for (server, before) in beginnings(&mut conn, &scope.servers, day).await? {
                    found.extend(skills_before(&mut conn, &[server], players, before).await?);
                }
                found
            }
        };
        let mut best: BTreeMap<Guid, LastSkill> = BTreeMap::new();
        for (guid, last) in found {
            // Of the same server the later one comes later.
            let is_better = best
                .get(&guid)
                .is_none_or(|known| known.server_id == last.server_id || known.skill.matches < last.skill.matches);
            if is_better {
                best.insert(guid, last);
            }
        }
        let rating =
            |(guid, LastSkill { server_id, match_id, skill })| PlayerRating { guid, server_id, match_id, skill };
        Ok(best.into_iter().map(rating).collect())
    }

    /// The ratings of the people on some servers, with all that predictions need: for [`Ratings::predict`] and
    /// `analytics::split_teams`. Of several servers the one with most rated matches tells how far predictions can be
    /// trusted.
    ///
    /// # Errors
    /// The database failed.
    pub async fn community(&self, servers: &[ServerId]) -> Result<Ratings> {
        let skills = self.ratings(&Scope { servers: servers.to_vec(), ..Scope::default() }).await?;
        let mut counted: BTreeMap<ServerId, u32> = BTreeMap::new();
        for one in &skills {
            let most = counted.entry(one.server_id).or_default();
            *most = one.skill.matches.max(*most);
        }
        let server = counted.into_iter().max_by_key(|(server, most)| (*most, std::cmp::Reverse(*server)));
        let mut ratings = match server {
            Some((server, _)) => self.calibrated(server).await?,
            None => Ratings::default(),
        };
        for one in skills {
            ratings.know(one.guid, one.skill);
        }
        Ok(ratings)
    }

    /// Replays the ratings of every server from the first match on, and writes what differs. Imports and decisions do this
    /// by themselves from where it is needed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn replay_ratings(&self) -> Result<()> {
        self.replay_ratings_since(BEGINNING).await
    }

    /// As [`Db::replay_ratings`], of what ended at an instant or later.
    ///
    /// # Errors
    /// The database failed.
    pub async fn replay_ratings_since(&self, from: PrimitiveDateTime) -> Result<()> {
        self.write(|tx, _| {
            Box::pin(async move {
                for server in tx.servers().await? {
                    refresh(&mut tx.conn, server.id, from).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await
    }

    /// Ratings of nobody, with the calibration of a server.
    async fn calibrated(&self, server_id: ServerId) -> Result<Ratings> {
        let mut conn = self.conn().await?;
        let most = i64::try_from(PREDICTIONS_KEPT).unwrap_or(i64::MAX);
        let mut past: Vec<RatedMatchRow> = on_backend!(&mut conn, c => rated_matches::table
            .filter(rated_matches::server_id.eq(server_id))
            .order((rated_matches::ended_at.desc(), rated_matches::match_id.desc()))
            .limit(most)
            .select(RatedMatchRow::as_select()).load(c).await)
        .map_err(Error::query("reading predictions"))?;
        past.sort_by(|a, b| (a.ended_at, &a.match_id).cmp(&(b.ended_at, &b.match_id)));
        let state: Option<CalibrationState> = past.last().map(RatedMatchRow::calibration);
        Ok(state.map_or_else(Ratings::default, |state| Ratings::continued(state, past.iter().map(RatedMatchRow::said))))
    }

    /// A player's skill after each of his matches in a scope, newest first, at most so many. Maps and players of the
    /// scope are no matter.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rating_history(&self, guid: Guid, scope: &Scope, most: i64) -> Result<Vec<RatingPoint>> {
        let mut conn = self.conn().await?;
        let statement = history(guid.as_str(), scope, most);
        let rows: Vec<PointRow> =
            load_blocking!(&mut conn, statement).map_err(Error::query("reading a player's ratings"))?;
        Ok(rows.into_iter().filter_map(point).collect())
    }

    /// The predictions of all rated matches in a scope, oldest first: what calibration tables are made of. Maps, players
    /// and sessions of the scope are no matter.
    ///
    /// # Errors
    /// The database failed.
    pub async fn predictions(&self, scope: &Scope) -> Result<Vec<PredictedMatch>> {
        let mut conn = self.conn().await?;

        let rows: Vec<RatedMatchRow> = load_blocking!(
            &mut conn,
            rated_matches::table
                .order((rated_matches::ended_at, rated_matches::match_id))
                .select(RatedMatchRow::as_select())
        )
        .map_err(Error::query("reading predictions"))?;
        let wanted = |row: &RatedMatchRow| {
            let day = row.session_key.get(..10).unwrap_or_default();
            (scope.servers.is_empty() || scope.servers.contains(&row.server_id))
                && scope.period.from.is_none_or(|from| day >= from.to_string().as_str())
                && scope.period.to.is_none_or(|to| day <= to.to_string().as_str())
        };
        let predicted = |row: &RatedMatchRow| PredictedMatch {
            server_id: row.server_id,
            ended_at: row.ended_at,
            predicted: row.said(),
            is_shown: row.is_shown,
        };
        Ok(rows.iter().filter(|row| wanted(row)).map(predicted).collect())
    }
}

/// Servers, each with the beginning of its first session of a day or later, if there is one.
async fn beginnings(
    conn: &mut Conn,
    wanted: &[ServerId],
    day: Date,
) -> Result<Vec<(ServerId, Option<PrimitiveDateTime>)>> {
    use gaming_sessions as s;
    let mut all: Vec<ServerId> =
        on_backend!(&mut *conn, c => servers::table.select(servers::id).order(servers::id).load(c).await)
            .map_err(Error::query("listing servers"))?;
    all.retain(|server| wanted.is_empty() || wanted.contains(server));
    let key = format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day());
    let mut found = Vec::new();
    for server in all {
        let first: Option<PrimitiveDateTime> = on_backend!(&mut *conn, c => s::table
            .filter(s::server_id.eq(server).and(s::session_key.ge(&key)))
            .order(s::session_key).select(s::started_at).first(c).await.optional())
        .map_err(Error::query("looking for the end of a period"))?;
        found.push((server, first));
    }
    Ok(found)
}

fn history(guid: &str, scope: &Scope, most: i64) -> Statement<PointSql> {
    let mut statement = Statement::new(
        "SELECT s.server_id, s.session_key, m.match_id, m.ended_at, m.outcome, r.team, m.chance, r.seconds, r.mean, \
         r.deviation, r.matches, r.kills, r.deaths FROM ratings r \
         JOIN rated_matches m ON m.server_id = r.server_id AND m.match_id = r.match_id \
         JOIN gaming_sessions s ON s.server_id = m.server_id AND s.session_key = m.session_key WHERE r.player_guid = ",
    );
    statement.text(guid);
    statement.and_integer_in("r.server_id", &scope.servers);
    scope.of_sessions(&mut statement);
    statement.sql(" ORDER BY m.ended_at DESC, m.match_id DESC LIMIT ").big(most);
    statement
}

fn point(row: PointRow) -> Option<RatingPoint> {
    let is_a = row.team == Team::A;
    let outcome = match row.outcome {
        MatchOutcome::TeamA if !is_a => MatchOutcome::TeamB,
        MatchOutcome::TeamB if !is_a => MatchOutcome::TeamA,
        same => same,
    };
    let skill = Skill {
        mean: row.mean,
        deviation: row.deviation,
        matches: u32::try_from(row.matches).ok()?,
        last_at: row.ended_at.assume_utc().unix_timestamp(),
        kills: row.kills.into(),
        deaths: row.deaths.into(),
    };
    Some(RatingPoint {
        server_id: row.server_id,
        session_key: row.session_key,
        match_id: row.match_id,
        ended_at: row.ended_at,
        outcome,
        chance: if is_a { row.chance } else { 1.0 - row.chance },
        seconds: row.seconds,
        skill,
    })
}
