//! What players decide themselves: the account they are linked with, their name, and their privacy.

use diesel::dsl::max;

use crate::bulk::BulkRow as _;
use crate::conn::{Conn, on_backend};
use crate::dsl::*;
use crate::schema::{player_comprehensive_stats as stats, player_links, players, rounds};
use crate::{
    Cell, ChangeKind, Changed, Db, Error, LinkRow, PlayerNameRow, PlayerRow, Privacy, Result, ServerId, Transaction,
    bulk,
};

/// What came of linking an account and a player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Linking {
    /// They are linked now.
    Linked,
    /// They were linked before.
    Already,
    /// The account is linked to another player: the guid that the player is counted as.
    AccountTaken(String),
    /// The player is linked to another account.
    PlayerTaken,
    /// There is no such player.
    NoPlayer,
}

impl Db {
    /// The player that is linked to a Discord account, by the guid that they are counted as.
    ///
    /// # Errors
    /// The database failed.
    pub async fn linked_player(&self, discord_user_id: i64) -> Result<Option<String>> {
        self.read(|tx, _| {
            Box::pin(async move {
                match link_of_account(&mut tx.conn, discord_user_id).await? {
                    Some(link) => Ok(Some(counted_as(&mut tx.conn, &link.player_guid).await?)),
                    None => Ok(None),
                }
            })
        })
        .await
    }
}

impl Db {
    /// Accounts that are linked to one of these guids.
    ///
    /// # Errors
    /// The database failed.
    pub async fn links_of_player(&self, guids: &[String]) -> Result<Vec<LinkRow>> {
        self.read(|tx, _| {
            Box::pin(async move {
                on_backend!(&mut tx.conn, c => player_links::table
                    .filter(player_links::player_guid.eq_any(guids))
                    .order(player_links::discord_user_id).select(LinkRow::as_select()).load(c).await)
                .map_err(Error::query("reading links"))
            })
        })
        .await
    }

    /// Every line of these guids on some servers (on any when there are none), oldest first: stamp, map and number of
    /// the round, and all columns by name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn lines_of_player(
        &self,
        guids: &[String],
        servers: &[ServerId],
    ) -> Result<Vec<Vec<(&'static str, Cell)>>> {
        type Row = (String, String, i32, ServerId, PlayerRow);
        let rows: Vec<Row> = self
            .read(|tx, _| {
                Box::pin(async move {
                    on_backend!(&mut tx.conn, c => stats::table
                        .inner_join(rounds::table.on(rounds::id.eq(stats::round_id)))
                        .filter(stats::player_guid.eq_any(guids))
                        .order((rounds::ended_at, rounds::id, stats::player_guid))
                        .select((rounds::server_stamp, rounds::map_name, rounds::round_number, rounds::server_id,
                            PlayerRow::as_select()))
                        .load(c).await)
                    .map_err(Error::query("reading a player's lines"))
                })
            })
            .await?;
        let is_wanted = |row: &Row| servers.is_empty() || servers.contains(&row.3);
        let cells = |(stamp, map, number, _, line): Row| {
            let round =
                [("stamp", Cell::Text(stamp)), ("map", Cell::Text(map)), ("number", Cell::Integer(number.into()))];
            round.into_iter().chain(PlayerRow::NAMES.iter().copied().zip(line.cells())).collect()
        };
        Ok(rows.into_iter().filter(is_wanted).map(cells).collect())
    }
}

impl Transaction {
    /// Links an account and a player: an account has one player, and a player, under all guids, one account.
    ///
    /// # Errors
    /// The database failed.
    pub async fn link(&mut self, link: LinkRow) -> Result<Linking> {
        if self.player(&link.player_guid).await?.is_none() {
            return Ok(Linking::NoPlayer);
        }
        let guids = self.guids_of_person(&link.player_guid).await?;
        if let Some(known) = link_of_account(&mut self.conn, link.discord_user_id).await? {
            if guids.contains(&known.player_guid) {
                return Ok(Linking::Already);
            }
            return Ok(Linking::AccountTaken(counted_as(&mut self.conn, &known.player_guid).await?));
        }
        for guid in &guids {
            if self.link_of(guid).await?.is_some() {
                return Ok(Linking::PlayerTaken);
            }
        }
        self.note(ChangeKind::Link, Changed::player(&link.player_guid));
        bulk::insert(&mut self.conn, vec![link]).await.map_err(Error::query("storing a link"))?;
        Ok(Linking::Linked)
    }

    /// Takes the link of an account away. The link as it was; none if there was none.
    ///
    /// # Errors
    /// The database failed.
    pub async fn unlink(&mut self, discord_user_id: i64) -> Result<Option<LinkRow>> {
        let Some(link) = link_of_account(&mut self.conn, discord_user_id).await? else { return Ok(None) };
        let target = player_links::table.find(discord_user_id);
        on_backend!(&mut self.conn, c => diesel::delete(target).execute(c).await.map(drop))
            .map_err(Error::query("removing a link"))?;
        self.note(ChangeKind::Link, Changed::player(&link.player_guid));
        Ok(Some(link))
    }

    /// Says what a player is to be called; none is the name worn last. It is that of the guid as whom they are
    /// counted.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_chosen_name(&mut self, guid: &str, name: Option<&str>) -> Result<()> {
        let guid = counted_as(&mut self.conn, guid).await?;
        let target = players::table.find(&guid);
        on_backend!(&mut self.conn, c => diesel::update(target)
            .set(players::chosen_name.eq(name)).execute(c).await.map(drop))
        .map_err(Error::query("storing a chosen name"))?;
        self.note(ChangeKind::Names, Changed::player(&guid));
        Ok(())
    }

    /// Says who may see a player, under all guids. Who becomes anonymous gets a
    /// number for each guid and keeps it for ever.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_privacy(&mut self, guid: &str, privacy: Privacy) -> Result<()> {
        for guid in self.guids_of_person(guid).await? {
            let target = players::table.find(&guid);
            on_backend!(&mut self.conn, c => diesel::update(target)
                .set(players::privacy.eq(privacy)).execute(c).await.map(drop))
            .map_err(Error::query("storing who may see a player"))?;
            let is_numbered = self.player(&guid).await?.is_some_and(|player| player.anonymous_number.is_some());
            if privacy == Privacy::Anonymous && !is_numbered {
                self.number(&guid).await?;
            }
            self.note(ChangeKind::Names, Changed::player(&guid));
        }
        Ok(())
    }

    async fn number(&mut self, guid: &str) -> Result<()> {
        let greatest: Option<i32> = on_backend!(&mut self.conn, c => players::table
            .select(max(players::anonymous_number)).first(c).await)
        .map_err(Error::query("numbering a player"))?;
        let target = players::table.find(guid);
        let number = greatest.unwrap_or(0) + 1;
        on_backend!(&mut self.conn, c => diesel::update(target)
            .set(players::anonymous_number.eq(number)).execute(c).await.map(drop))
        .map_err(Error::query("numbering a player"))
    }

    /// All guids of the person that a guid belongs to, first the one as whom they are counted.
    ///
    /// # Errors
    /// The database failed.
    pub async fn guids_of_person(&mut self, guid: &str) -> Result<Vec<String>> {
        let own = counted_as(&mut self.conn, guid).await?;
        let merged: Vec<PlayerNameRow> = self.merged_into(&own).await?;
        Ok(std::iter::once(own).chain(merged.into_iter().map(|row| row.guid)).collect())
    }
}

async fn link_of_account(conn: &mut Conn, discord_user_id: i64) -> Result<Option<LinkRow>> {
    on_backend!(conn, c => player_links::table
        .find(discord_user_id).select(LinkRow::as_select()).first(c).await.optional())
    .map_err(Error::query("looking for a link"))
}

/// Whom a guid is counted as: itself, if it was not merged or nobody knows it.
async fn counted_as(conn: &mut Conn, guid: &str) -> Result<String> {
    let merges = crate::queries::merges::merges(conn).await?;
    Ok(merges.into_iter().find(|(merged, _)| merged == guid).map_or_else(|| guid.to_owned(), |(_, into)| into))
}
