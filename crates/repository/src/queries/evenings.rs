//! Lists of evenings, and which evening is meant by a key, a number or a round.

use std::collections::BTreeMap;

use crate::conn::{Conn, on_backend};
use crate::dsl::*;
use crate::queries::evening::newest_session;
use crate::schema::{gaming_sessions, matches, rounds, servers};
use crate::{Db, Error, Result, RoundId, ServerId, SessionId, SessionRow};

/// Which evenings are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EveningList {
    /// Of these servers; of all when there are none.
    pub servers: Vec<ServerId>,
    /// From this day of the server's zone on, `YYYY-MM-DD`.
    pub first_day: Option<String>,
    /// Up to the day before this one.
    pub before_day: Option<String>,
    /// At most so many, the newest first.
    pub limit: i64,
    /// After so many newer ones.
    pub offset: i64,
}

/// An evening in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct EveningEntry {
    /// The session's own row.
    pub session: SessionRow,
    /// Running number among the server's evenings, oldest is 1. Changes when older ones arrive.
    pub number: i64,
    /// Name of the server.
    pub server: String,
    /// Maps of its matches, in order.
    pub maps: Vec<String>,
}

impl Db {
    /// Evenings, the newest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn evenings(&self, list: &EveningList) -> Result<Vec<EveningEntry>> {
        self.read(|tx, _| {
            Box::pin(async move {
                let conn = &mut tx.conn;
                let rows = sessions(conn, list).await?;
                let ids: Vec<SessionId> = rows.iter().map(|(session, _)| session.id).collect();
                let mut maps = maps_of(conn, &ids).await?;
                let mut entries = Vec::with_capacity(rows.len());
                // Evenings of one server follow each other in the list, so one count numbers them all.
                let mut numbers: BTreeMap<ServerId, i64> = BTreeMap::new();
                for (session, server) in rows {
                    let number = match numbers.get(&session.server_id) {
                        Some(newer) => newer - 1,
                        None => number_of(conn, &session).await?,
                    };
                    numbers.insert(session.server_id, number);
                    let maps = maps.remove(&session.id).unwrap_or_default();
                    entries.push(EveningEntry { session, number, server, maps });
                }
                Ok(entries)
            })
        })
        .await
    }

    /// The id of the newest evening of these servers (of all when there are none) with at least one valid round.
    ///
    /// # Errors
    /// The database failed.
    pub async fn newest_session(&self, servers: &[ServerId]) -> Result<Option<SessionId>> {
        self.read(|tx, _| Box::pin(newest_session(&mut tx.conn, servers))).await
    }

    /// The id of the evening whose key begins with this stamp, else of the evening that a round with this stamp is in,
    /// on one of these servers (on any when there are none). A server has no two rounds that end in the same second, so a
    /// stamp is enough; an evening that became part of another is found there by the key that it had.
    ///
    /// # Errors
    /// The database failed.
    pub async fn session_with_stamp(&self, servers: &[ServerId], stamp: &str) -> Result<Option<SessionId>> {
        self.read(|tx, _| {
            Box::pin(async move {
                let named: Option<SessionId> = on_backend!(&mut tx.conn, c => {
                    let mut query = gaming_sessions::table
                        .filter(gaming_sessions::session_key.like(format!("{stamp}-%")))
                        .into_boxed();
                    if !servers.is_empty() {
                        query = query.filter(gaming_sessions::server_id.eq_any(servers));
                    }
                    query.order(gaming_sessions::id).select(gaming_sessions::id).first(c).await.optional()
                })
                .map_err(Error::query("looking for an evening by its key"))?;
                if named.is_some() {
                    return Ok(named);
                }
                on_backend!(&mut tx.conn, c => {
                    let mut query = rounds::table.filter(rounds::server_stamp.eq(stamp)).into_boxed();
                    if !servers.is_empty() {
                        query = query.filter(rounds::server_id.eq_any(servers));
                    }
                    query.order(rounds::id).select(rounds::gaming_session_id).first(c).await.optional()
                })
                .map_err(Error::query("looking for an evening by a round of it"))
            })
        })
        .await
    }

    /// The id of the evening with this number among those of these servers, the oldest is 1.
    ///
    /// # Errors
    /// The database failed.
    pub async fn session_with_number(&self, servers: &[ServerId], number: i64) -> Result<Option<SessionId>> {
        self.read(|tx, _| {
            Box::pin(async move {
                on_backend!(&mut tx.conn, c => {
                    let mut query = gaming_sessions::table.into_boxed();
                    if !servers.is_empty() {
                        query = query.filter(gaming_sessions::server_id.eq_any(servers));
                    }
                    query.order((gaming_sessions::started_at, gaming_sessions::id)).offset(number.max(1) - 1).limit(1)
                        .select(gaming_sessions::id).first(c).await.optional()
                })
                .map_err(Error::query("looking for an evening by its number"))
            })
        })
        .await
    }

    /// The id of the evening that a round belongs to, if the round was played on one of these servers.
    ///
    /// # Errors
    /// The database failed.
    pub async fn session_of_round(&self, servers: &[ServerId], round_id: RoundId) -> Result<Option<SessionId>> {
        self.read(|tx, _| {
            Box::pin(async move {
                on_backend!(&mut tx.conn, c => {
                    let mut query = rounds::table.filter(rounds::id.eq(round_id)).into_boxed();
                    if !servers.is_empty() {
                        query = query.filter(rounds::server_id.eq_any(servers));
                    }
                    query.select(rounds::gaming_session_id).first(c).await.optional()
                })
                .map_err(Error::query("looking for the evening of a round"))
            })
        })
        .await
    }

    /// The newest round of these servers, whether it counts or not.
    ///
    /// # Errors
    /// The database failed.
    pub async fn newest_round(&self, servers: &[ServerId]) -> Result<Option<RoundId>> {
        self.read(|tx, _| {
            Box::pin(async move {
                on_backend!(&mut tx.conn, c => {
                    let mut query = rounds::table.into_boxed();
                    if !servers.is_empty() {
                        query = query.filter(rounds::server_id.eq_any(servers));
                    }
                    query.order((rounds::ended_at.desc(), rounds::id.desc())).select(rounds::id).first(c).await.optional()
                })
                .map_err(Error::query("looking for the last round"))
            })
        })
        .await
    }

    /// Names of all maps that were played on these servers.
    ///
    /// # Errors
    /// The database failed.
    pub async fn map_names(&self, servers: &[ServerId]) -> Result<Vec<String>> {
        self.read(|tx, _| {
            Box::pin(async move {
                on_backend!(&mut tx.conn, c => {
                    let mut query = matches::table.into_boxed();
                    if !servers.is_empty() {
                        query = query.filter(matches::server_id.eq_any(servers));
                    }
                    query.select(matches::map_name).distinct().order(matches::map_name).load(c).await
                })
                .map_err(Error::query("reading the names of maps"))
            })
        })
        .await
    }
}

async fn sessions(conn: &mut Conn, list: &EveningList) -> Result<Vec<(SessionRow, String)>> {
    on_backend!(conn, c => {
        let mut query = gaming_sessions::table
            .inner_join(servers::table.on(servers::id.eq(gaming_sessions::server_id)))
            .into_boxed();
        if !list.servers.is_empty() {
            query = query.filter(gaming_sessions::server_id.eq_any(&list.servers));
        }
        // A key begins with the day in the server's zone, so keys compare as days do, in any collation.
        if let Some(first) = &list.first_day {
            query = query.filter(gaming_sessions::session_key.ge(first));
        }
        if let Some(before) = &list.before_day {
            query = query.filter(gaming_sessions::session_key.lt(before));
        }
        query.order((gaming_sessions::started_at.desc(), gaming_sessions::id.desc()))
            .limit(list.limit).offset(list.offset)
            .select((SessionRow::as_select(), servers::name)).load(c).await
    })
    .map_err(Error::query("reading the list of evenings"))
}

async fn maps_of(conn: &mut Conn, sessions: &[SessionId]) -> Result<BTreeMap<SessionId, Vec<String>>> {
    let rows: Vec<(SessionId, String)> = on_backend!(conn, c => matches::table
        .filter(matches::gaming_session_id.eq_any(sessions)).order((matches::gaming_session_id, matches::match_id))
        .select((matches::gaming_session_id, matches::map_name)).load(c).await)
    .map_err(Error::query("reading the maps of evenings"))?;
    let mut maps: BTreeMap<SessionId, Vec<String>> = BTreeMap::new();
    for (session, map) in rows {
        maps.entry(session).or_default().push(map);
    }
    Ok(maps)
}

async fn number_of(conn: &mut Conn, session: &SessionRow) -> Result<i64> {
    on_backend!(conn, c => gaming_sessions::table
        .filter(gaming_sessions::server_id.eq(session.server_id)
            .and(gaming_sessions::started_at.le(session.started_at)))
        .count().get_result(c).await)
    .map_err(Error::query("numbering an evening"))
}
