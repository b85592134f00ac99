//! One player: sums over a scope, by map and by weapon, and session by session.

use diesel::sql_types::{BigInt, Integer, Text, Timestamp};
use fullhold_analytics::Totals;
use time::PrimitiveDateTime;

use crate::conn::load_blocking;
use crate::queries::counters::{Counters, CountersRow, CountersSql, SumsSql};
use crate::queries::scope::Scope;
use crate::queries::totals::load;
use crate::statement::Statement;
use crate::{Db, Error, Result, ServerId, SessionId, Transaction};

/// A player's sums.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Career {
    /// Over everything in the scope.
    pub totals: Totals,
    /// By map, most rounds first.
    pub maps: Vec<(String, Totals)>,
    /// By weapon, most kills first.
    pub weapons: Vec<WeaponSums>,
}

/// What a player did with a weapon.
#[derive(Clone, Debug, PartialEq, Eq, diesel::Queryable)]
pub struct WeaponSums {
    /// E.g. `MP40`.
    pub weapon: String,
    /// Rounds in which any of its numbers is not 0.
    pub rounds: i64,
    /// Enemies killed.
    pub kills: i64,
    /// Own deaths by it.
    pub deaths: i64,
    /// Head hits.
    pub head_hits: i64,
    /// Hits.
    pub hits: i64,
    /// Shots.
    pub shots: i64,
}

/// A player's sums in one session.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionOfPlayer {
    /// `gaming_sessions.id`
    pub session_id: SessionId,
    /// Server.
    pub server_id: ServerId,
    /// Key of the session.
    pub session_key: String,
    /// End of its first round, UTC.
    pub started_at: PrimitiveDateTime,
    /// The sums.
    pub totals: Totals,
}

type WeaponSql = (Text, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt);
type HistorySql = (Integer, Integer, Text, Timestamp, CountersSql);
type HistoryRow = (SessionId, ServerId, String, PrimitiveDateTime, CountersRow);

impl Db {
    /// The career of a player, as whom others may be counted; the players of the scope are left aside.
    ///
    /// # Errors
    /// The database failed.
    pub async fn career(&self, guid: &str, scope: &Scope) -> Result<Career> {
        let scope = &Scope { players: vec![guid.to_owned()], ..scope.clone() };
        self.read(|tx, _| Box::pin(tx.career(scope))).await
    }

    /// The sessions of a player, newest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn player_history(&self, guid: &str, scope: &Scope, most: i64) -> Result<Vec<SessionOfPlayer>> {
        let mut conn = self.reading_conn().await?;
        let statement = history(guid, scope, most);
        let rows: Vec<HistoryRow> =
            load_blocking!(&mut conn, statement).map_err(Error::query("reading a player's sessions"))?;
        Ok(rows
            .into_iter()
            .map(|(session_id, server_id, session_key, started_at, row)| {
                let totals = Totals { evenings: 1, ..row.into() };
                SessionOfPlayer { session_id, server_id, session_key, started_at, totals }
            })
            .collect())
    }
}

impl Transaction {
    async fn career(&mut self, scope: &Scope) -> Result<Career> {
        let totals = self.totals(scope, &Counters::all()).await?.into_values().sum();
        let mut maps = load(&mut self.conn, by_map(scope)).await?;
        maps.sort_by(|a, b| b.1.rounds.cmp(&a.1.rounds).then_with(|| a.0.cmp(&b.0)));
        let statement = by_weapon(scope);
        let weapons: Vec<WeaponSums> =
            load_blocking!(&mut self.conn, statement).map_err(Error::query("adding up a player's weapons"))?;
        Ok(Career { totals, maps, weapons })
    }
}

/// The sessions of the scope's player, and another roll-up of theirs.
const SESSIONS_OF_PLAYER: &str = " FROM player_session_totals p JOIN gaming_sessions s ON s.id = p.session_id JOIN ";

pub(crate) fn by_map(scope: &Scope) -> Statement<SumsSql> {
    let mut statement = Statement::new("SELECT t.map_name, count(DISTINCT t.session_id)");
    Counters::all().add_up(&mut statement);
    statement
        .sql(SESSIONS_OF_PLAYER)
        .sql("player_map_totals t ON t.session_id = p.session_id AND t.player_guid = p.player_guid WHERE s.rounds > 0");
    scope.of_players(&mut statement, "p.player_guid");
    scope.of_sessions(&mut statement);
    scope.of_maps(&mut statement, "t.map_name");
    statement.sql(" GROUP BY t.map_name");
    statement
}

pub(crate) fn by_weapon(scope: &Scope) -> Statement<WeaponSql> {
    let mut statement = Statement::new(
        "SELECT t.weapon_name, CAST(sum(t.rounds) AS BIGINT), CAST(sum(t.kills) AS BIGINT), \
         CAST(sum(t.deaths) AS BIGINT), CAST(sum(t.headshots) AS BIGINT), CAST(sum(t.hits) AS BIGINT), \
         CAST(sum(t.shots) AS BIGINT)",
    );
    statement.sql(SESSIONS_OF_PLAYER).sql(
        "player_weapon_totals t ON t.session_id = p.session_id AND t.player_guid = p.player_guid WHERE s.rounds > 0",
    );
    scope.of_players(&mut statement, "p.player_guid");
    scope.of_sessions(&mut statement);
    statement.sql(" GROUP BY t.weapon_name ORDER BY 3 DESC, 1");
    statement
}

pub(crate) fn history(guid: &str, scope: &Scope, most: i64) -> Statement<HistorySql> {
    let mut statement = Statement::new("SELECT s.id, s.server_id, s.session_key, s.started_at");
    Counters::all().add_up(&mut statement);
    statement.sql(" FROM player_session_totals t JOIN gaming_sessions s ON s.id = t.session_id WHERE t.player_guid = ");
    statement.text(guid);
    scope.of_sessions(&mut statement);
    statement
        .sql(" GROUP BY s.id, s.server_id, s.session_key, s.started_at ORDER BY s.started_at DESC, s.id DESC LIMIT ")
        .big(most);
    statement
}

/// Shared matches of two players: see [`Db::together`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedMatch {
    /// Server.
    pub server_id: ServerId,
    /// Session.
    pub session_id: SessionId,
    /// Match.
    pub match_id: String,
    /// Map.
    pub map_name: String,
    /// Both were in the same team.
    pub together: bool,
    /// Points of the first one's team above those of the other team.
    pub margin: i32,
}

/// What the first of two players did in their shared matches: see [`Db::output_with`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Damage given.
    pub damage: i64,
    /// Seconds played.
    pub seconds: i64,
}

type OutputSql = (Text, Text, BigInt, BigInt);

type SharedSql = (Integer, Integer, Text, Text, Text, Text, Integer);
type SharedRow = (ServerId, SessionId, String, String, String, String, i32);

impl Db {
    /// The decided matches in which both of two players have a line that counts, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn together(&self, one: &str, other: &str, scope: &Scope) -> Result<Vec<SharedMatch>> {
        let mut conn = self.reading_conn().await?;
        let statement = shared(one, other, scope);
        let rows: Vec<SharedRow> =
            load_blocking!(&mut conn, statement).map_err(Error::query("reading shared matches"))?;
        Ok(rows
            .into_iter()
            .map(|(server_id, session_id, match_id, map_name, own, theirs, margin)| SharedMatch {
                server_id,
                session_id,
                match_id,
                map_name,
                together: own == theirs,
                margin,
            })
            .collect())
    }
}

impl Db {
    /// What the first of two players did in the decided matches that both share: in one team, and against each other.
    ///
    /// # Errors
    /// The database failed.
    pub async fn output_with(&self, one: &str, other: &str, scope: &Scope) -> Result<[Output; 2]> {
        let mut conn = self.reading_conn().await?;
        let statement = output(one, other, scope);
        let rows: Vec<(String, String, i64, i64)> =
            load_blocking!(&mut conn, statement).map_err(Error::query("adding up shared matches"))?;
        let mut found = [Output::default(); 2];
        let [together, against] = &mut found;
        for (own, theirs, damage, seconds) in rows {
            let sum = if own == theirs { &mut *together } else { &mut *against };
            sum.damage += damage;
            sum.seconds += seconds;
        }
        Ok(found)
    }
}

pub(crate) fn output(one: &str, other: &str, scope: &Scope) -> Statement<OutputSql> {
    let mut statement = Statement::new("SELECT a.team, b.team, sum(l.damage_given), sum(l.time_played_seconds) ");
    of_both(
        &mut statement,
        [one, other],
        "JOIN matches m ON m.gaming_session_id = s.id AND m.match_id = a.match_id \
         JOIN counted_lines l ON l.round_id IN (m.r1_round_id, m.r2_round_id) AND l.person = p.player_guid ",
    );
    scope.of_sessions(&mut statement);
    scope.of_maps(&mut statement, "a.map_name");
    statement.sql(" GROUP BY a.team, b.team");
    statement
}

/// The results of two players in matches that both are in, and what is joined to them.
fn of_both<ST>(statement: &mut Statement<ST>, [one, other]: [&str; 2], joined: &'static str) {
    statement
        .sql(
            "FROM player_session_totals p \
             JOIN player_session_totals q ON q.session_id = p.session_id AND q.player_guid = ",
        )
        .text(other)
        .sql(
            " JOIN gaming_sessions s ON s.id = p.session_id \
             JOIN counted_results a ON a.session_id = p.session_id AND a.person = p.player_guid \
             JOIN counted_results b ON b.session_id = p.session_id AND b.match_id = a.match_id \
                 AND b.person = q.player_guid ",
        )
        .sql(joined)
        .sql("WHERE p.player_guid = ")
        .text(one);
}

pub(crate) fn shared(one: &str, other: &str, scope: &Scope) -> Statement<SharedSql> {
    let mut statement =
        Statement::new("SELECT s.server_id, s.id, a.match_id, a.map_name, a.team, b.team, CAST(a.margin AS INTEGER) ");
    of_both(&mut statement, [one, other], "");
    scope.of_sessions(&mut statement);
    scope.of_maps(&mut statement, "a.map_name");
    statement.sql(" ORDER BY s.started_at, a.match_id");
    statement
}
