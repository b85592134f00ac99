//! Players and their names, merges, and the log of what people had done.

use std::collections::{BTreeMap, HashMap};

use diesel::dsl::max;
use time::PrimitiveDateTime;

use crate::conn::{Conn, load_blocking, on_backend};
use crate::dsl::*;
use crate::import::PARAMETERS;
use crate::names::{Name, Worn, recount_reference_names};
use crate::queries::directory::rounds_played;
use crate::queries::merges::merges;
use crate::schema::{audit_log, player_aliases, player_links, players};
use crate::{
    AliasRow, AuditRow, ChangeKind, Changed, Db, Error, LinkRow, PlayerNameRow, ReferenceAliasRow, Result, ServerId,
    Transaction, bulk,
};

/// Something a person had done, for the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditEntry<'a> {
    /// Who.
    pub by: &'a str,
    /// Which command.
    pub action: &'a str,
    /// With which arguments.
    pub detail: &'a str,
    /// What came of it.
    pub result: &'a str,
}

/// A player with everybody who was merged into them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The player as whom they all are counted.
    pub player: PlayerNameRow,
    /// Players merged into them, by guid.
    pub merged: Vec<PlayerNameRow>,
    /// Rounds that count.
    pub rounds: i64,
}

impl Person {
    /// The name to show.
    #[must_use]
    pub fn name(&self) -> &str {
        self.player.shown_name()
    }

    /// All guids, the person's own first.
    #[must_use]
    pub fn guids(&self) -> Vec<String> {
        std::iter::once(&self.player).chain(&self.merged).map(|row| row.guid.clone()).collect()
    }

    /// End of the first round under any guid, UTC.
    #[must_use]
    pub fn first_seen(&self) -> PrimitiveDateTime {
        self.merged.iter().map(|row| row.first_seen).fold(self.player.first_seen, PrimitiveDateTime::min)
    }

    /// End of the last round under any guid, UTC.
    #[must_use]
    pub fn last_seen(&self) -> PrimitiveDateTime {
        self.merged.iter().map(|row| row.last_seen).fold(self.player.last_seen, PrimitiveDateTime::max)
    }
}

/// Who is meant by a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// This player: their guid as it is stored.
    Guid(String),
    /// Nobody.
    Nobody,
    /// One of several people.
    Several(Vec<Person>),
}

impl Db {
    /// Everybody, by guid: merged players are one person.
    ///
    /// # Errors
    /// The database failed.
    pub async fn people(&self) -> Result<Vec<Person>> {
        self.read(|tx, _| {
            Box::pin(async move {
                let mut all = everybody(&mut tx.conn).await?;
                count_rounds(&mut tx.conn, &mut all).await?;
                Ok(all)
            })
        })
        .await
    }

    /// The people whose guid or one of whose names contains a text, whatever its case.
    ///
    /// # Errors
    /// The database failed.
    pub async fn people_like(&self, text: &str) -> Result<Vec<Person>> {
        self.read(|tx, _| {
            Box::pin(async move {
                let conn = &mut tx.conn;
                let all = everybody(conn).await?;
                let names = all_names(conn).await?;
                let wanted = text.to_lowercase();
                let mut found: Vec<Person> = all
                    .into_iter()
                    .filter(|one| has(one, &names, |known| known.to_lowercase().contains(&wanted)))
                    .collect();
                count_rounds(conn, &mut found).await?;
                Ok(found)
            })
        })
        .await
    }

    /// Who is meant by a guid in any case, a name, or a part of a name or guid: the first of these
    /// that fits anybody decides, and it must fit one person only.
    ///
    /// # Errors
    /// The database failed.
    pub async fn player_meant(&self, text: &str) -> Result<Meant> {
        self.read(|tx, _| {
            Box::pin(async move {
                let conn = &mut tx.conn;
                let all = everybody(conn).await?;
                let guids = || all.iter().flat_map(|one| std::iter::once(&one.player).chain(&one.merged));
                if let Some(row) = guids().find(|row| row.guid.eq_ignore_ascii_case(text)) {
                    return Ok(Meant::Guid(row.guid.clone()));
                }
                let names = all_names(conn).await?;
                let wanted = text.to_lowercase();
                let mut fits: Vec<Person> = all
                    .iter()
                    .filter(|one| has(one, &names, |known| known.to_lowercase() == wanted))
                    .cloned()
                    .collect();
                if fits.is_empty() {
                    let part = |known: &str| known.to_lowercase().contains(&wanted);
                    fits = all.iter().filter(|one| has(one, &names, part)).cloned().collect();
                }
                Ok(match fits.as_slice() {
                    [] => Meant::Nobody,
                    [one] => Meant::Guid(one.player.guid.clone()),
                    _ => {
                        count_rounds(conn, &mut fits).await?;
                        Meant::Several(fits)
                    }
                })
            })
        })
        .await
    }

    /// The person that a guid belongs to, and their names under all guids, newest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn person_with_names(&self, guid: &str) -> Result<Option<(Person, Vec<AliasRow>)>> {
        self.read(|tx, _| {
            Box::pin(async move {
                let conn = &mut tx.conn;
                let all = everybody(conn).await?;
                let Some(person) = all.into_iter().find(|one| one.guids().iter().any(|known| known == guid)) else {
                    return Ok(None);
                };
                let names = names_of(conn, &person.guids()).await?;
                Ok(Some((person, names)))
            })
        })
        .await
    }

    /// Notes what a person had done, where that was no transaction of ours.
    ///
    /// # Errors
    /// The database failed.
    pub async fn audit(&self, happened_at: PrimitiveDateTime, entry: AuditEntry<'_>) -> Result<()> {
        self.write(|tx, _| Box::pin(tx.audit(happened_at, entry))).await
    }
}

/// Whether a test fits one of a person's guids or names.
fn has(person: &Person, names: &HashMap<String, Vec<String>>, fits: impl Fn(&str) -> bool) -> bool {
    std::iter::once(&person.player).chain(&person.merged).any(|row| {
        fits(&row.guid)
            || fits(&row.display_name)
            || row.chosen_name.as_deref().is_some_and(&fits)
            || names.get(&row.guid).is_some_and(|names| names.iter().any(|name| fits(name)))
    })
}

/// Everybody, without their rounds.
async fn everybody(conn: &mut Conn) -> Result<Vec<Person>> {
    let rows: Vec<PlayerNameRow> =
        load_blocking!(&mut *conn, players::table.order(players::guid).select(PlayerNameRow::as_select()))
            .map_err(Error::query("reading players"))?;
    let merges: HashMap<String, String> = merges(conn).await?.into_iter().collect();
    let (merged, own): (Vec<PlayerNameRow>, Vec<PlayerNameRow>) =
        rows.into_iter().partition(|row| merges.contains_key(&row.guid));
    let mut followers: HashMap<&String, Vec<PlayerNameRow>> = HashMap::new();
    for row in merged {
        if let Some(into) = merges.get(&row.guid) {
            followers.entry(into).or_default().push(row);
        }
    }
    let mut people = Vec::with_capacity(own.len());
    for player in own {
        let merged = followers.remove(&player.guid).unwrap_or_default();
        people.push(Person { player, merged, rounds: 0 });
    }
    Ok(people)
}

async fn count_rounds(conn: &mut Conn, people: &mut [Person]) -> Result<()> {
    // So many guids would make a long statement; then everybody's are counted.
    let asked: Vec<String> = people.iter().map(|one| one.player.guid.clone()).take(PARAMETERS + 1).collect();
    let asked = if asked.len() > PARAMETERS { Vec::new() } else { asked };
    let counts = rounds_played(conn, &[], &asked).await?;
    for one in people {
        one.rounds = counts.get(&one.player.guid).copied().unwrap_or_default();
    }
    Ok(())
}

/// Names by guid.
async fn all_names(conn: &mut Conn) -> Result<HashMap<String, Vec<String>>> {
    let query = player_aliases::table.select((player_aliases::guid, player_aliases::alias));
    let rows: Vec<(String, String)> = load_blocking!(conn, query).map_err(Error::query("reading names"))?;
    let mut names: HashMap<String, Vec<String>> = HashMap::new();
    for (guid, alias) in rows {
        names.entry(guid).or_default().push(alias);
    }
    Ok(names)
}

async fn names_of(conn: &mut Conn, guids: &[String]) -> Result<Vec<AliasRow>> {
    on_backend!(conn, c => player_aliases::table
        .filter(player_aliases::guid.eq_any(guids))
        .order((player_aliases::last_seen.desc(), player_aliases::alias, player_aliases::guid))
        .select(AliasRow::as_select()).load(c).await)
    .map_err(Error::query("reading names"))
}

impl Transaction {
    /// A player.
    ///
    /// # Errors
    /// The database failed.
    pub async fn player(&mut self, guid: &str) -> Result<Option<PlayerNameRow>> {
        on_backend!(&mut self.conn, c => players::table
            .find(guid).select(PlayerNameRow::as_select()).first(c).await.optional())
        .map_err(Error::query("looking for a player"))
    }

    /// Players merged into this one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn merged_into(&mut self, guid: &str) -> Result<Vec<PlayerNameRow>> {
        on_backend!(&mut self.conn, c => players::table
            .filter(players::canonical_guid.eq(guid).and(players::guid.ne(guid)))
            .order(players::guid).select(PlayerNameRow::as_select()).load(c).await)
        .map_err(Error::query("looking for merged players"))
    }

    /// Names of some players, newest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn names_of(&mut self, guids: &[String]) -> Result<Vec<AliasRow>> {
        names_of(&mut self.conn, guids).await
    }

    /// The Discord account linked to a player.
    ///
    /// # Errors
    /// The database failed.
    pub async fn link_of(&mut self, guid: &str) -> Result<Option<i64>> {
        on_backend!(&mut self.conn, c => player_links::table
            .filter(player_links::player_guid.eq(guid)).select(player_links::discord_user_id)
            .first(c).await.optional())
        .map_err(Error::query("looking for a link"))
    }

    /// Says whom a player is to be counted as.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_canonical(&mut self, guid: &str, into: &str) -> Result<()> {
        let target = players::table.find(guid);
        on_backend!(&mut self.conn, c => diesel::update(target)
            .set(players::canonical_guid.eq(into)).execute(c).await.map(drop))
        .map_err(Error::query("merging players"))
    }

    /// Notes what a person had done to players or to the whole database, and what came of it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn audit(&mut self, happened_at: PrimitiveDateTime, entry: AuditEntry<'_>) -> Result<()> {
        self.audit_of(None, happened_at, entry).await
    }

    /// Notes what a person had done to a server, and what came of it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn audit_of(
        &mut self,
        server_id: Option<ServerId>,
        happened_at: PrimitiveDateTime,
        entry: AuditEntry<'_>,
    ) -> Result<()> {
        let last: Option<i32> =
            on_backend!(&mut self.conn, c => audit_log::table.select(max(audit_log::id)).first(c).await)
                .map_err(Error::query("numbering the audit log"))?;
        let row = AuditRow {
            id: last.unwrap_or(0) + 1,
            happened_at,
            actor: entry.by.to_owned(),
            action: entry.action.to_owned(),
            detail: entry.detail.to_owned(),
            result: entry.result.to_owned(),
            server_id,
        };
        bulk::insert(&mut self.conn, vec![row]).await.map_err(Error::query("writing the audit log"))
    }
}

impl Transaction {
    /// Links players to Discord accounts, unless one of both is linked already, or the player is erased. Says which were.
    ///
    /// # Errors
    /// The database failed.
    pub async fn add_links(&mut self, links: Vec<LinkRow>) -> Result<Vec<LinkRow>> {
        let known: Vec<LinkRow> = on_backend!(&mut self.conn, c => player_links::table
            .select(LinkRow::as_select()).load(c).await)
        .map_err(Error::query("reading links"))?;
        let erased = self.erased().await?;
        let mut added: Vec<LinkRow> = Vec::new();
        for link in links {
            let taken = known
                .iter()
                .chain(&added)
                .any(|other| other.discord_user_id == link.discord_user_id || other.player_guid == link.player_guid);
            if !taken && !erased.contains_key(&link.player_guid) {
                added.push(link);
            }
        }
        bulk::insert(&mut self.conn, added.clone()).await.map_err(Error::query("storing links"))?;
        for link in &added {
            self.note(ChangeKind::Link, Changed::player(&link.player_guid));
        }
        Ok(added)
    }

    /// Keeps names as the reference bot counted them, and counts the players' names again. Those of who is erased are left.
    ///
    /// # Errors
    /// The database failed.
    pub async fn add_reference_names(&mut self, mut names: Vec<ReferenceAliasRow>) -> Result<()> {
        let erased = self.erased().await?;
        names.retain(|row| !erased.contains_key(&row.guid));
        let name = |row: &ReferenceAliasRow| Name { guid: row.guid.clone(), alias: row.alias.clone() };
        let keys: BTreeMap<Name, Worn> = names.iter().map(|row| (name(row), Worn::Otherwise)).collect();
        for name in keys.keys() {
            self.note(ChangeKind::Names, Changed::player(&name.guid));
        }
        bulk::insert(&mut self.conn, names).await.map_err(Error::query("storing names taken over"))?;
        recount_reference_names(&mut self.conn, &keys).await
    }
}
