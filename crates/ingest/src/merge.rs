//! Players who are one person: merged, and taken apart again.

use fullhold_repository::{ImportTx, PlayerNameRow};

use crate::Error;
use crate::maintenance::Maintenance;

/// What a merge comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Who is counted as somebody else from now on.
    pub moved: Vec<PlayerNameRow>,
    /// As whom.
    pub into: PlayerNameRow,
    /// Discord accounts linked to both: people have to sort that out.
    pub linked: Option<(i64, i64)>,
}

impl Maintenance {
    /// Counts a player, and everybody merged into them before, as another. A dry run changes
    /// nothing.
    ///
    /// # Errors
    /// One of them is unknown, they are one already, or the database failed.
    pub async fn merge_players(&self, from: &str, into: &str, dry_run: bool, actor: &str) -> Result<Merged, Error> {
        let mut tx = self.db.begin_import().await?;
        match self.merge_in(&mut tx, from, into, actor).await {
            Ok(merged) if dry_run => {
                tx.rollback().await;
                Ok(merged)
            }
            Ok(merged) => {
                tx.commit().await?;
                Ok(merged)
            }
            Err(error) => {
                tx.rollback().await;
                Err(error)
            }
        }
    }

    async fn merge_in(&self, tx: &mut ImportTx, from: &str, into: &str, actor: &str) -> Result<Merged, Error> {
        let unknown = |guid: &str| Error::NoPlayer(guid.to_owned());
        let moved = tx.player(from).await?.ok_or_else(|| unknown(from))?;
        let asked = tx.player(into).await?.ok_or_else(|| unknown(into))?;
        // Into somebody who was merged: into whom they were merged.
        let target = if asked.canonical_guid == asked.guid {
            asked
        } else {
            tx.player(&asked.canonical_guid).await?.ok_or_else(|| unknown(&asked.canonical_guid))?
        };
        if moved.canonical_guid == target.guid {
            return Err(Error::SamePlayer { from: from.to_owned(), into: target.guid });
        }
        let mut all = tx.merged_into(from).await?;
        all.insert(0, moved);
        let links = (tx.link_of(from).await?, tx.link_of(&target.guid).await?);
        for one in &all {
            tx.set_canonical(&one.guid, &target.guid).await?;
        }
        let guids: Vec<&str> = all.iter().map(|one| one.guid.as_str()).collect();
        let detail = format!("{} into {}", guids.join(", "), target.guid);
        tx.audit(self.now(), actor, ["merge-players", &detail, "merged"]).await?;
        Ok(Merged { moved: all, into: target, linked: links.0.zip(links.1) })
    }

    /// Counts a merged player as themselves again.
    ///
    /// # Errors
    /// The player is unknown or was not merged, or the database failed.
    pub async fn unmerge_player(&self, guid: &str, dry_run: bool, actor: &str) -> Result<Merged, Error> {
        let mut tx = self.db.begin_import().await?;
        let result = async {
            let player = tx.player(guid).await?.ok_or_else(|| Error::NoPlayer(guid.to_owned()))?;
            if player.canonical_guid == player.guid {
                return Err(Error::NotMerged(guid.to_owned()));
            }
            let was = player.canonical_guid.clone();
            let into = tx.player(&was).await?.ok_or_else(|| Error::NoPlayer(was.clone()))?;
            tx.set_canonical(guid, guid).await?;
            let detail = format!("{guid} from {was}");
            tx.audit(self.now(), actor, ["unmerge", &detail, "taken apart"]).await?;
            Ok(Merged { moved: vec![player], into, linked: None })
        }
        .await;
        match result {
            Ok(done) if !dry_run => {
                tx.commit().await?;
                Ok(done)
            }
            other => {
                tx.rollback().await;
                other
            }
        }
    }
}
