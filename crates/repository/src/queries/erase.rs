//! Erasing a person: names, accounts and wishes go, the numbers stay under a pseudonym. The files that the numbers are
//! computed from keep the names; whoever makes rows of them asks here whose names are written otherwise.

use std::collections::HashMap;

use crate::bulk;
use crate::conn::on_backend;
use crate::dsl::*;
use crate::recompute::counted_names;
use crate::schema::{
    audit_log, player_aliases, player_comprehensive_stats as stats, player_links, players, reference_aliases,
};
use crate::{AuditRow, ChangeKind, Changed, Error, Privacy, Result, Transaction};

/// What erasing somebody came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// What stands for the name from now on.
    pub pseudonym: String,
    /// Names that are gone.
    pub names: usize,
    /// Accounts that are linked no more.
    pub accounts: usize,
}

/// Entries of the log that say who has which account or name.
const ABOUT_PEOPLE: [&str; 4] = ["link", "unlink", "setname", "privacy"];

/// What is written in place of a name.
fn pseudonym(number: i32) -> String {
    format!("player {number}")
}

impl Transaction {
    /// Guids whose names are not to be written, each with what is written instead.
    ///
    /// # Errors
    /// The database failed.
    pub async fn erased(&mut self) -> Result<HashMap<String, String>> {
        let rows: Vec<(String, Option<i32>)> = on_backend!(&mut self.conn, c => players::table
            .filter(players::erased)
            .select((players::guid, players::anonymous_number)).load(c).await)
        .map_err(Error::query("reading who is erased"))?;
        Ok(rows.into_iter().map(|(guid, number)| (guid, pseudonym(number.unwrap_or_default()))).collect())
    }

    /// Erases a person under all guids. There is no way back: the names are gone, and what is imported later comes
    /// without them.
    ///
    /// # Errors
    /// The database failed.
    pub async fn erase(&mut self, guid: &str) -> Result<Erased> {
        let guids = self.guids_of_person(guid).await?;
        let names = self.names_of(&guids).await?.len();
        // Gives each guid the number that stands for it.
        self.set_privacy(guid, Privacy::Anonymous).await?;
        let mut pseudonyms = Vec::with_capacity(guids.len());
        for guid in &guids {
            let number = self.player(guid).await?.and_then(|player| player.anonymous_number);
            let name = pseudonym(number.unwrap_or_default());
            self.rename(guid, &name).await?;
            pseudonyms.push(name);
        }
        let counted = counted_names(&mut self.conn, Some(&guids)).await?;
        bulk::insert(&mut self.conn, counted).await.map_err(Error::query("storing a pseudonym"))?;
        let accounts = self.cut_links(&guids).await?;
        let pseudonym = pseudonyms.into_iter().next().unwrap_or_default();
        self.forget_in_log(&guids, &accounts, &pseudonym).await?;
        Ok(Erased { pseudonym, names, accounts: accounts.len() })
    }

    /// Writes a pseudonym wherever a guid's names are.
    async fn rename(&mut self, guid: &str, name: &str) -> Result<()> {
        let lines = stats::table.filter(stats::player_guid.eq(guid));
        on_backend!(&mut self.conn, c => diesel::update(lines)
            .set((stats::player_name.eq(name), stats::clean_name.eq(name))).execute(c).await.map(drop))
        .map_err(Error::query("writing a pseudonym"))?;
        let worn = player_aliases::table.filter(player_aliases::guid.eq(guid));
        on_backend!(&mut self.conn, c => diesel::delete(worn).execute(c).await.map(drop))
            .map_err(Error::query("removing names"))?;
        let taken_over = reference_aliases::table.filter(reference_aliases::guid.eq(guid));
        on_backend!(&mut self.conn, c => diesel::delete(taken_over).execute(c).await.map(drop))
            .map_err(Error::query("removing names taken over"))?;
        let set = (players::display_name.eq(name), players::chosen_name.eq(None::<String>), players::erased.eq(true));
        on_backend!(&mut self.conn, c => diesel::update(players::table.find(guid)).set(set).execute(c).await.map(drop))
            .map_err(Error::query("writing a pseudonym"))
    }

    /// Takes the links of some guids away; says which accounts they had.
    async fn cut_links(&mut self, guids: &[String]) -> Result<Vec<i64>> {
        let mut accounts = Vec::new();
        for guid in guids {
            let Some(account) = self.link_of(guid).await? else { continue };
            let target = player_links::table.find(account);
            on_backend!(&mut self.conn, c => diesel::delete(target).execute(c).await.map(drop))
                .map_err(Error::query("removing a link"))?;
            self.note(ChangeKind::Link, Changed::player(guid));
            accounts.push(account);
        }
        Ok(accounts)
    }

    /// The log still says that something was done, no more by whom and with which name.
    async fn forget_in_log(&mut self, guids: &[String], accounts: &[i64], pseudonym: &str) -> Result<()> {
        let actors: Vec<String> = accounts
            .iter()
            .map(|account| format!("discord {account}"))
            .chain(guids.iter().map(|guid| format!("console as {guid}")))
            .collect();
        let rows: Vec<AuditRow> = on_backend!(&mut self.conn, c => audit_log::table
            .filter(audit_log::action.eq_any(ABOUT_PEOPLE).or(audit_log::actor.eq_any(&actors)))
            .select(AuditRow::as_select()).load(c).await)
        .map_err(Error::query("reading the audit log"))?;
        let said: Vec<String> = accounts.iter().map(|account| format!("account {account}")).collect();
        for row in rows {
            let by_him = actors.contains(&row.actor);
            let names_him = |text: &String| {
                guids.iter().any(|guid| text.contains(guid.as_str()))
                    || said.iter().any(|said| text.split(", ").any(|part| part == said))
            };
            let is_about_people = ABOUT_PEOPLE.contains(&row.action.as_str());
            let is_about_him = is_about_people && (by_him || names_him(&row.detail) || names_him(&row.result));
            if !by_him && !is_about_him {
                continue;
            }
            let actor = if by_him { pseudonym } else { row.actor.as_str() };
            let (detail, result) =
                if is_about_him { (pseudonym, "erased") } else { (row.detail.as_str(), row.result.as_str()) };
            let set = (audit_log::actor.eq(actor), audit_log::detail.eq(detail), audit_log::result.eq(result));
            on_backend!(&mut self.conn, c => diesel::update(audit_log::table.find(row.id)).set(set).execute(c).await.map(drop))
                .map_err(Error::query("writing the audit log"))?;
        }
        Ok(())
    }
}
