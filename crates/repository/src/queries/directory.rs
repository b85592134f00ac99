//! Everybody with their names as the players of some servers know them: what answers name people by.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::dsl::{count_star, max, min};
use fullhold_analytics::formula_table as f;
use time::PrimitiveDateTime;

use crate::conn::{Conn, load_blocking, on_backend};
use crate::dsl::*;
use crate::queries::merges::merges;
use crate::queries::totals;
use crate::schema::{player_aliases, player_comprehensive_stats as stats, player_links, players, rounds, servers};
use crate::{AliasRow, Counters, Db, Error, PlayerNameRow, Privacy, Result, Scope, ServerId};

/// A person as the players of some servers know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The player as whom the person is counted.
    pub player: PlayerNameRow,
    /// All guids, the person's own first.
    pub guids: Vec<String>,
    /// Names worn on these servers under any guid, the newest first.
    pub names: Vec<AliasRow>,
    /// The name to show: the one the person asked for, or the one worn last on these servers.
    pub name: String,
    /// The strictest that was asked for under any guid.
    pub privacy: Privacy,
    /// Whether a Discord account is linked.
    pub is_linked: bool,
    /// End of the last round on these servers, UTC.
    pub last_seen: PrimitiveDateTime,
}

impl Listed {
    /// Names that the person wore beside the one that is shown, the most worn first, each once.
    #[must_use]
    pub fn other_names(&self) -> Vec<String> {
        let mut worn: BTreeMap<&str, i64> = BTreeMap::new();
        for name in self.names.iter().filter(|name| name.alias != self.name) {
            *worn.entry(&name.alias).or_default() += i64::from(name.times_seen);
        }
        let mut worn: Vec<(&str, i64)> = worn.into_iter().collect();
        worn.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        worn.into_iter().map(|(name, _)| name.to_owned()).collect()
    }
}

impl Db {
    /// Everybody who played on these servers (on any when there are none), by guid. Names that were worn elsewhere
    /// alone are not there.
    ///
    /// # Errors
    /// The database failed.
    pub async fn directory(&self, of_servers: &[ServerId]) -> Result<Vec<Listed>> {
        self.read(|tx, _| Box::pin(directory(&mut tx.conn, of_servers))).await
    }

    /// Rounds that count on these servers (on any when there are none) of everybody who played one, by the guid as whom
    /// they are counted.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rounds_played(&self, of_servers: &[ServerId]) -> Result<HashMap<String, i64>> {
        self.read(|tx, _| Box::pin(rounds_played(&mut tx.conn, of_servers, &[]))).await
    }
}

async fn directory(conn: &mut Conn, of_servers: &[ServerId]) -> Result<Vec<Listed>> {
    let rows: Vec<PlayerNameRow> = load_blocking!(&mut *conn, players::table.select(PlayerNameRow::as_select()))
        .map_err(Error::query("reading players"))?;
    let is_whole = has_all(conn, of_servers).await?;
    let names = if is_whole { all_names(conn).await? } else { names_on(conn, of_servers).await? };
    let linked: Vec<String> = load_blocking!(&mut *conn, player_links::table.select(player_links::player_guid))
        .map_err(Error::query("reading links"))?;
    let linked: HashSet<String> = linked.into_iter().collect();
    let merges: BTreeMap<String, String> = merges(conn).await?.into_iter().collect();
    let person = |guid: &String| merges.get(guid).unwrap_or(guid).clone();
    let mut worn: BTreeMap<String, Vec<AliasRow>> = BTreeMap::new();
    for name in names {
        worn.entry(person(&name.guid)).or_default().push(name);
    }
    let mut guids: BTreeMap<String, Vec<PlayerNameRow>> = BTreeMap::new();
    for row in rows {
        guids.entry(person(&row.guid)).or_default().push(row);
    }
    let mut people = Vec::with_capacity(guids.len());
    for (guid, mut rows) in guids {
        rows.sort_by_key(|row| (row.guid != guid, row.guid.clone()));
        let mut names = worn.remove(&guid).unwrap_or_default();
        names.sort_unstable_by(|a, b| (b.last_seen, &b.alias).cmp(&(a.last_seen, &a.alias)));
        if is_whole || !names.is_empty() {
            people.extend(listed(rows, names, &linked));
        }
    }
    Ok(people)
}

/// A person of the rows of their guids, their own first.
fn listed(rows: Vec<PlayerNameRow>, names: Vec<AliasRow>, linked: &HashSet<String>) -> Option<Listed> {
    let player = rows.as_slice().first()?.clone();
    let own = names.iter().find(|name| name.guid == player.guid).or(names.as_slice().first());
    let worn = own.map_or(&player.display_name, |name| &name.alias);
    Some(Listed {
        name: player.chosen_name.as_ref().unwrap_or(worn).clone(),
        // The strictest is the greatest.
        privacy: rows.iter().map(|row| row.privacy).max().unwrap_or(player.privacy),
        is_linked: rows.iter().any(|row| linked.contains(&row.guid)),
        last_seen: names.iter().map(|name| name.last_seen).max().unwrap_or(player.last_seen),
        guids: rows.into_iter().map(|row| row.guid).collect(),
        names,
        player,
    })
}

/// Whether these are all servers that there are.
async fn has_all(conn: &mut Conn, of_servers: &[ServerId]) -> Result<bool> {
    if of_servers.is_empty() {
        return Ok(true);
    }
    let all: Vec<ServerId> = on_backend!(conn, c => servers::table.select(servers::id).load(c).await)
        .map_err(Error::query("reading servers"))?;
    Ok(all.iter().all(|id| of_servers.contains(id)))
}

async fn all_names(conn: &mut Conn) -> Result<Vec<AliasRow>> {
    load_blocking!(conn, player_aliases::table.select(AliasRow::as_select())).map_err(Error::query("reading names"))
}

/// Names as they were worn on some servers: counted from the lines, since names are stored for all servers together.
async fn names_on(conn: &mut Conn, of_servers: &[ServerId]) -> Result<Vec<AliasRow>> {
    type Row = (String, String, i64, Option<PrimitiveDateTime>, Option<PrimitiveDateTime>);
    let of_servers = of_servers.to_vec();
    let rows: Vec<Row> = load_blocking!(
        conn,
        stats::table
            .inner_join(rounds::table.on(rounds::id.eq(stats::round_id)))
            .filter(rounds::server_id.eq_any(of_servers))
            .group_by((stats::player_guid, stats::clean_name))
            .select((
                stats::player_guid,
                stats::clean_name,
                count_star(),
                min(rounds::ended_at),
                max(rounds::ended_at)
            ))
    )
    .map_err(Error::query("reading names"))?;
    let row = |(guid, alias, count, first, last): Row| {
        let times_seen = i32::try_from(count).unwrap_or(i32::MAX);
        Some(AliasRow { guid, alias, times_seen, first_seen: first?, last_seen: last? })
    };
    Ok(rows.into_iter().filter_map(row).collect())
}

/// As [`Db::rounds_played`], of some players; of all when there are none.
pub(crate) async fn rounds_played(
    conn: &mut Conn,
    of_servers: &[ServerId],
    players: &[String],
) -> Result<HashMap<String, i64>> {
    let scope = Scope { servers: of_servers.to_vec(), players: players.to_vec(), ..Scope::default() };
    let mut counts: HashMap<String, i64> = HashMap::new();
    for statement in totals::statements(&scope, &Counters::of([&f::ROUNDS])) {
        for (guid, sum) in totals::load(conn, statement).await? {
            *counts.entry(guid).or_default() += sum.rounds;
        }
    }
    Ok(counts)
}
