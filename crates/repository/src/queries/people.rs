//! Players and their names, merges, and the log of what people had done.

use diesel::dsl::{count_star, max};
use time::PrimitiveDateTime;

use crate::conn::on_backend;
use crate::dsl::*;
use crate::schema::{audit_log, player_aliases, player_comprehensive_stats as stats, player_links, players};
use crate::{AliasRow, AuditRow, Db, Error, ImportTx, LinkRow, PlayerNameRow, ReferenceAliasRow, Result, bulk};

impl Db {
    /// All players, by guid, each with the number of rounds they have a line in.
    ///
    /// # Errors
    /// The database failed.
    pub async fn players(&self) -> Result<Vec<(PlayerNameRow, i64)>> {
        let mut conn = self.conn().await?;
        let rows: Vec<PlayerNameRow> = on_backend!(&mut conn, c => players::table
            .order(players::guid).select(PlayerNameRow::as_select()).load(c).await)
        .map_err(Error::query("reading players"))?;
        let counts: Vec<(String, i64)> = on_backend!(&mut conn, c => stats::table
            .group_by(stats::player_guid).select((stats::player_guid, count_star())).load(c).await)
        .map_err(Error::query("counting rounds of players"))?;
        let counts: std::collections::HashMap<String, i64> = counts.into_iter().collect();
        Ok(rows
            .into_iter()
            .map(|row| {
                let rounds = counts.get(&row.guid).copied().unwrap_or_default();
                (row, rounds)
            })
            .collect())
    }

    /// Names of a player, newest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn aliases(&self, guid: &str) -> Result<Vec<AliasRow>> {
        let mut conn = self.conn().await?;
        on_backend!(&mut conn, c => player_aliases::table
            .filter(player_aliases::guid.eq(guid))
            .order((player_aliases::last_seen.desc(), player_aliases::alias))
            .select(AliasRow::as_select()).load(c).await)
        .map_err(Error::query("reading names"))
    }
}

impl ImportTx {
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

    /// Notes what a person had done, and what came of it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn audit(
        &mut self,
        happened_at: PrimitiveDateTime,
        actor: &str,
        [action, detail, result]: [&str; 3],
    ) -> Result<()> {
        let last: Option<i32> =
            on_backend!(&mut self.conn, c => audit_log::table.select(max(audit_log::id)).first(c).await)
                .map_err(Error::query("numbering the audit log"))?;
        let row = AuditRow {
            id: last.unwrap_or(0) + 1,
            happened_at,
            actor: actor.to_owned(),
            action: action.to_owned(),
            detail: detail.to_owned(),
            result: result.to_owned(),
        };
        bulk::insert(&mut self.conn, vec![row]).await.map_err(Error::query("writing the audit log"))
    }
}

impl ImportTx {
    /// Links players to Discord accounts, unless one of both is linked already. Says which were.
    ///
    /// # Errors
    /// The database failed.
    pub async fn add_links(&mut self, links: Vec<LinkRow>) -> Result<Vec<LinkRow>> {
        let known: Vec<LinkRow> = on_backend!(&mut self.conn, c => player_links::table
            .select(LinkRow::as_select()).load(c).await)
        .map_err(Error::query("reading links"))?;
        let mut added: Vec<LinkRow> = Vec::new();
        for link in links {
            let taken = known
                .iter()
                .chain(&added)
                .any(|other| other.discord_user_id == link.discord_user_id || other.player_guid == link.player_guid);
            if !taken {
                added.push(link);
            }
        }
        bulk::insert(&mut self.conn, added.clone()).await.map_err(Error::query("storing links"))?;
        Ok(added)
    }

    /// Keeps names as the reference bot counted them, and counts the players' names again.
    ///
    /// # Errors
    /// The database failed.
    pub async fn add_reference_names(&mut self, names: Vec<ReferenceAliasRow>) -> Result<()> {
        let mut guids: Vec<String> = names.iter().map(|row| row.guid.clone()).collect();
        guids.sort_unstable();
        guids.dedup();
        bulk::insert(&mut self.conn, names).await.map_err(Error::query("storing names taken over"))?;
        for guids in guids.chunks(10_000) {
            crate::recompute::recount_reference_names(&mut self.conn, guids).await?;
        }
        Ok(())
    }
}
