//! The evening: everything `show last-session` prints.

use std::collections::HashMap;

use crate::dsl::*;

use fullhold_stats_file::Weapon;

use crate::conn::{Conn, load_blocking, on_backend};
use crate::queries::merges::merges;
use crate::schema::{
    gaming_sessions, matches, player_comprehensive_stats, players, rounds, servers, session_teams, valid_rounds,
    weapon_stats,
};
use crate::{
    Db, Error, MatchRow, PlayerNameRow, PlayerRow, Result, RoundId, RoundRow, ServerId, SessionId, SessionRow,
    SessionTeamRow, WeaponLine,
};

/// An evening with all its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Evening {
    /// The session's own row.
    pub session: SessionRow,
    /// Running number among the server's evenings, oldest is 1. Changes when older ones arrive.
    pub number: i64,
    /// Name of the server.
    pub server: String,
    /// Zone of the server's stamps.
    pub timezone: String,
    /// Rounds in order.
    pub rounds: Vec<EveningRound>,
    /// Matches in order of their ids, which begin with the stamp.
    pub matches: Vec<MatchRow>,
    /// Teams of persons, as people set them or as found.
    pub teams: Vec<SessionTeamRow>,
    /// Lines of valid rounds.
    pub lines: Vec<EveningPlayer>,
    /// Weapons of valid rounds.
    pub weapons: Vec<EveningWeapon>,
}

/// A player's weapon in a valid round, with the person it counts for.
#[derive(Clone, Debug, PartialEq)]
pub struct EveningWeapon {
    /// Guid of the person.
    pub person_guid: String,
    /// The line.
    pub line: WeaponLine,
}

impl EveningWeapon {
    /// The weapon; `None` for a name that this version does not know.
    #[must_use]
    pub fn weapon(&self) -> Option<Weapon> {
        Weapon::from_name(&self.line.weapon_name)
    }
}

/// A round of the evening.
pub type EveningRound = RoundRow;

/// A player's line of a valid round, with the person it counts for.
#[derive(Clone, Debug, PartialEq)]
pub struct EveningPlayer {
    /// Guid of the person: the line's own, or the one that it was merged into.
    pub person_guid: String,
    /// The person's chosen or newest name.
    pub display_name: String,
    /// The line.
    pub line: PlayerRow,
}

impl Db {
    /// The last evening with at least one valid round, over all servers; `None` if there is none.
    ///
    /// # Errors
    /// The database failed.
    pub async fn last_evening(&self) -> Result<Option<Evening>> {
        self.read(|tx, _| {
            Box::pin(async move {
                let conn = &mut tx.conn;
                match newest_session(conn, &[]).await? {
                    Some(id) => read(conn, id).await,
                    None => Ok(None),
                }
            })
        })
        .await
    }

    /// The evening of this id.
    ///
    /// # Errors
    /// The database failed.
    pub async fn evening(&self, session_id: SessionId) -> Result<Option<Evening>> {
        self.read(|tx, _| Box::pin(read(&mut tx.conn, session_id))).await
    }

    /// The lines of one round, whether it counts or not, with the weapons of everybody.
    ///
    /// # Errors
    /// The database failed.
    pub async fn round_lines(&self, round_id: RoundId) -> Result<(Vec<EveningPlayer>, Vec<EveningWeapon>)> {
        use player_comprehensive_stats as stats;
        self.read(|tx, _| {
            Box::pin(async move {
                let conn = &mut tx.conn;
                let lines: Vec<PlayerRow> = on_backend!(conn, c => stats::table
                    .filter(stats::round_id.eq(round_id)).order(stats::player_guid)
                    .select(PlayerRow::as_select()).load(c).await)
                .map_err(Error::query("reading the round's players"))?;
                let weapons: Vec<WeaponLine> = on_backend!(conn, c => weapon_stats::table
                    .filter(weapon_stats::round_id.eq(round_id))
                    .order((weapon_stats::player_guid, weapon_stats::weapon_name))
                    .select(WeaponLine::as_select()).load(c).await)
                .map_err(Error::query("reading the round's weapons"))?;
                let merges = merges(conn).await?.into_iter().collect();
                let lines = for_persons(conn, lines, &merges).await?;
                Ok((lines, with_persons(weapons, &merges)))
            })
        })
        .await
    }
}

/// The newest session of these servers (of all when there are none) with at least one valid round.
pub(crate) async fn newest_session(conn: &mut Conn, servers: &[ServerId]) -> Result<Option<SessionId>> {
    on_backend!(conn, c => {
        let mut query = gaming_sessions::table.filter(gaming_sessions::valid_rounds.gt(0)).into_boxed();
        if !servers.is_empty() {
            query = query.filter(gaming_sessions::server_id.eq_any(servers));
        }
        query.order((gaming_sessions::started_at.desc(), gaming_sessions::id.desc()))
            .select(gaming_sessions::id).first(c).await.optional()
    })
    .map_err(Error::query("looking for the last evening"))
}

async fn read(conn: &mut Conn, session_id: SessionId) -> Result<Option<Evening>> {
    let found: Option<(SessionRow, String, String)> = on_backend!(conn, c => gaming_sessions::table
        .inner_join(servers::table.on(servers::id.eq(gaming_sessions::server_id)))
        .filter(gaming_sessions::id.eq(session_id))
        .select((SessionRow::as_select(), servers::name, servers::timezone))
        .first(c).await.optional())
    .map_err(Error::query("reading an evening"))?;
    let Some((session, server, timezone)) = found else { return Ok(None) };
    let number: i64 = on_backend!(conn, c => gaming_sessions::table
        .filter(gaming_sessions::server_id.eq(session.server_id)
            .and(gaming_sessions::started_at.le(session.started_at)))
        .count().get_result(c).await)
    .map_err(Error::query("numbering the evening"))?;
    let rounds: Vec<RoundRow> = on_backend!(conn, c => rounds::table
        .filter(rounds::gaming_session_id.eq(session.id))
        .order((rounds::ended_at, rounds::map_name, rounds::round_number))
        .select(RoundRow::as_select()).load(c).await)
    .map_err(Error::query("reading the evening's rounds"))?;
    let matches: Vec<MatchRow> = on_backend!(conn, c => matches::table
        .filter(matches::gaming_session_id.eq(session.id))
        .order(matches::match_id).select(MatchRow::as_select()).load(c).await)
    .map_err(Error::query("reading the evening's matches"))?;
    let teams: Vec<SessionTeamRow> = on_backend!(conn, c => session_teams::table
        .filter(session_teams::session_id.eq(session.id))
        .order((session_teams::team, session_teams::player_guid))
        .select(SessionTeamRow::as_select()).load(c).await)
    .map_err(Error::query("reading the evening's teams"))?;
    let (lines, merges) = (read_lines(conn, session.id).await?, merges(conn).await?.into_iter().collect());
    let lines = for_persons(conn, lines, &merges).await?;
    let weapons = read_weapons(conn, session.id, &merges).await?;
    Ok(Some(Evening { session, number, server, timezone, rounds, matches, teams, lines, weapons }))
}

async fn read_lines(conn: &mut Conn, session_id: SessionId) -> Result<Vec<PlayerRow>> {
    use player_comprehensive_stats as stats;
    let mut lines: Vec<PlayerRow> = load_blocking!(
        conn,
        stats::table
            .inner_join(valid_rounds::table.on(valid_rounds::id.eq(stats::round_id)))
            .filter(valid_rounds::gaming_session_id.eq(session_id))
            .select(PlayerRow::as_select())
    )
    .map_err(Error::query("reading the evening's players"))?;
    lines.sort_unstable_by(|a, b| (a.round_id, &a.player_guid).cmp(&(b.round_id, &b.player_guid)));
    Ok(lines)
}

/// Lines with the persons they count for, by guid and by the name to show.
async fn for_persons(
    conn: &mut Conn,
    lines: Vec<PlayerRow>,
    merges: &HashMap<String, String>,
) -> Result<Vec<EveningPlayer>> {
    let person = |line: &PlayerRow| merges.get(&line.player_guid).unwrap_or(&line.player_guid).clone();
    let mut guids: Vec<String> = lines.iter().map(person).collect();
    guids.sort_unstable();
    guids.dedup();
    let known: Vec<PlayerNameRow> = on_backend!(conn, c => players::table
        .filter(players::guid.eq_any(&guids)).select(PlayerNameRow::as_select()).load(c).await)
    .map_err(Error::query("reading the evening's names"))?;
    let names: HashMap<&str, &str> = known.iter().map(|row| (row.guid.as_str(), row.shown_name())).collect();
    let named = |line: PlayerRow| {
        let person_guid = person(&line);
        let display_name = names.get(person_guid.as_str()).copied().unwrap_or(&line.clean_name).to_owned();
        EveningPlayer { person_guid, display_name, line }
    };
    Ok(lines.into_iter().map(named).collect())
}

async fn read_weapons(
    conn: &mut Conn,
    session_id: SessionId,
    merges: &HashMap<String, String>,
) -> Result<Vec<EveningWeapon>> {
    let mut lines: Vec<WeaponLine> = load_blocking!(
        conn,
        weapon_stats::table
            .inner_join(valid_rounds::table.on(valid_rounds::id.eq(weapon_stats::round_id)))
            .filter(valid_rounds::gaming_session_id.eq(session_id))
            .select(WeaponLine::as_select())
    )
    .map_err(Error::query("reading the evening's weapons"))?;
    // The key begins with round and weapon: sorting here costs the database nothing.
    lines.sort_unstable_by(|a, b| {
        (a.round_id, &a.player_guid, &a.weapon_name).cmp(&(b.round_id, &b.player_guid, &b.weapon_name))
    });
    Ok(with_persons(lines, merges))
}

fn with_persons(lines: Vec<WeaponLine>, merges: &HashMap<String, String>) -> Vec<EveningWeapon> {
    let of = |line: WeaponLine| EveningWeapon {
        person_guid: merges.get(&line.player_guid).unwrap_or(&line.player_guid).clone(),
        line,
    };
    lines.into_iter().map(of).collect()
}
