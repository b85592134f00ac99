//! Players by their names, and how fresh each server's data is.

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::{Integer, Nullable, Text, Timestamp};
use time::PrimitiveDateTime;

use crate::conn::{Conn, load_blocking};
use crate::dsl::*;
use crate::queries::merges::merges;
use crate::schema::{player_aliases, players};
use crate::statement::Statement;
use crate::{Db, Error, PlayerNameRow, Result};

/// A person with all names, for a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPerson {
    /// The player as whom the person is counted.
    pub player: PlayerNameRow,
    /// All guids, the person's own first.
    pub guids: Vec<String>,
    /// All names without colour codes, the newest first.
    pub names: Vec<String>,
    /// End of the last round under any guid, UTC.
    pub last_seen: PrimitiveDateTime,
}

/// How fresh the data of a server is.
#[derive(Clone, Debug, PartialEq, Eq, diesel::Queryable)]
pub struct Freshness {
    /// `servers.id`
    pub server_id: i32,
    /// Its name.
    pub server: String,
    /// End of the newest round, UTC; none if there is no round.
    pub newest_round: Option<PrimitiveDateTime>,
    /// The last look at the game server that worked, UTC; none where nobody watches.
    pub last_look: Option<PrimitiveDateTime>,
    /// The last look that did not.
    pub last_error: Option<PrimitiveDateTime>,
}

impl Db {
    /// Everybody with their names: what a search looks through. `fits` says whom to keep, by a guid or name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn people_named(&self, fits: impl Fn(&str) -> bool + Send + Sync) -> Result<Vec<NamedPerson>> {
        let people = self.read(|tx, _| Box::pin(named(&mut tx.conn))).await?;
        Ok(people.into_iter().filter(|one| one.guids.iter().chain(&one.names).any(|text| fits(text))).collect())
    }

    /// How fresh the data of each server is, by name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn freshness(&self) -> Result<Vec<Freshness>> {
        let mut conn = self.conn().await?;
        let statement = freshness();
        load_blocking!(&mut conn, statement).map_err(Error::query("reading how fresh the data is"))
    }
}

type FreshnessSql = (Integer, Text, Nullable<Timestamp>, Nullable<Timestamp>, Nullable<Timestamp>);

pub(crate) fn freshness() -> Statement<FreshnessSql> {
    Statement::new(
        "SELECT v.id, v.name, (SELECT max(r.ended_at) FROM rounds r WHERE r.server_id = v.id), w.last_look_at, \
         w.last_error_at FROM servers v LEFT JOIN server_status w ON w.server_id = v.id ORDER BY v.name",
    )
}

async fn named(conn: &mut Conn) -> Result<Vec<NamedPerson>> {
    let rows: Vec<PlayerNameRow> = load_blocking!(&mut *conn, players::table.select(PlayerNameRow::as_select()))
        .map_err(Error::query("reading players"))?;
    let names: Vec<(String, String, PrimitiveDateTime)> = load_blocking!(
        &mut *conn,
        player_aliases::table.select((player_aliases::guid, player_aliases::alias, player_aliases::last_seen))
    )
    .map_err(Error::query("reading names"))?;
    let merges: BTreeMap<String, String> = merges(conn).await?.into_iter().collect();
    let person = |guid: &String| merges.get(guid).unwrap_or(guid).clone();
    let mut worn: BTreeMap<String, Vec<(PrimitiveDateTime, String)>> = BTreeMap::new();
    for (guid, name, last_seen) in names {
        worn.entry(person(&guid)).or_default().push((last_seen, name));
    }
    let mut guids: BTreeMap<String, Vec<PlayerNameRow>> = BTreeMap::new();
    for row in rows {
        guids.entry(person(&row.guid)).or_default().push(row);
    }
    let mut people = Vec::with_capacity(guids.len());
    for (guid, mut rows) in guids {
        rows.sort_by_key(|row| (row.guid != guid, row.guid.clone()));
        let Some(player) = rows.as_slice().first().cloned() else { continue };
        let mut names = worn.remove(&guid).unwrap_or_default();
        names.sort_unstable_by(|a, b| b.cmp(a));
        let mut seen = BTreeSet::new();
        let chosen = rows.iter().filter_map(|row| row.chosen_name.clone());
        let all = chosen.chain(names.into_iter().map(|(_, name)| name));
        let names = all.filter(|name| seen.insert(name.clone())).collect();
        let last_seen = rows.iter().map(|row| row.last_seen).fold(player.last_seen, PrimitiveDateTime::max);
        people.push(NamedPerson { player, guids: rows.into_iter().map(|row| row.guid).collect(), names, last_seen });
    }
    Ok(people)
}
