//! The last skill of each player before an instant: what boards, predictions and replays begin with.

use diesel::sql_types::{Double, Integer, Text, Timestamp};
use fullhold_analytics::Skill;
use fullhold_stats_file::Guid;
use time::PrimitiveDateTime;

use crate::conn::{Conn, load_blocking};
use crate::statement::Statement;
use crate::{Error, Result, ServerId};

/// A player's skill, and where it is from.
#[derive(Clone, Debug)]
pub(crate) struct LastSkill {
    pub(crate) server_id: ServerId,
    pub(crate) match_id: String,
    pub(crate) skill: Skill,
}

type SkillSql = (Integer, Text, Text, Timestamp, Double, Double, Integer, Integer, Integer);

#[derive(diesel::Queryable)]
struct SkillRow {
    server_id: ServerId,
    guid: String,
    match_id: String,
    ended_at: PrimitiveDateTime,
    mean: f64,
    deviation: f64,
    matches: i32,
    kills: i32,
    deaths: i32,
}

/// The last skills of players before an instant, on servers: of all players or some, at the end or before an instant.
pub(crate) async fn skills_before(
    conn: &mut Conn,
    servers: &[ServerId],
    players: Option<&[String]>,
    before: Option<PrimitiveDateTime>,
) -> Result<Vec<(Guid, LastSkill)>> {
    let statement = last_skills(servers, players, before);
    let mut rows: Vec<SkillRow> = load_blocking!(conn, statement).map_err(Error::query("reading skills"))?;
    // Two matches of a player that end in the same second: the later one in the order of replays.
    rows.sort_by(|a, b| {
        (a.server_id, &a.guid, a.ended_at, &a.match_id).cmp(&(b.server_id, &b.guid, b.ended_at, &b.match_id))
    });
    let found = rows.into_iter().filter_map(|row| {
        let skill = Skill {
            mean: row.mean,
            deviation: row.deviation,
            matches: u32::try_from(row.matches).ok()?,
            last_at: row.ended_at.assume_utc().unix_timestamp(),
            kills: row.kills.into(),
            deaths: row.deaths.into(),
        };
        Some((Guid::new(&row.guid)?, LastSkill { server_id: row.server_id, match_id: row.match_id, skill }))
    });
    Ok(found.collect())
}

/// SQLite keeps the order of a cross join: joined otherwise, it would look up the last match for each of a player's.
pub(crate) fn last_skills(
    servers: &[ServerId],
    players: Option<&[String]>,
    before: Option<PrimitiveDateTime>,
) -> Statement<SkillSql> {
    let mut statement = Statement::new(
        "SELECT r.server_id, r.player_guid, r.match_id, r.ended_at, r.mean, r.deviation, r.matches, r.kills, r.deaths FROM servers s \
         CROSS JOIN players p CROSS JOIN ratings r WHERE r.server_id = s.id AND r.player_guid = p.guid AND r.ended_at = \
         (SELECT max(x.ended_at) FROM ratings x WHERE x.server_id = s.id AND x.player_guid = p.guid",
    );
    if let Some(before) = before {
        statement.sql(" AND x.ended_at < ").instant(before);
    }
    statement.sql(") AND p.canonical_guid = p.guid").and_integer_in("s.id", servers);
    statement.and_text_in("p.guid", players.unwrap_or_default());
    statement
}
