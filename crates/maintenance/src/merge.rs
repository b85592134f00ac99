//! Players who are one person: merged, and taken apart again. Evenings, teams and scores in which
//! they are named follow in the same transaction.

use fullhold_repository::{AliasRow, AuditEntry, ChangeKind, Changed, End, PlayerNameRow, Shared, Transaction};

use crate::Error;
use crate::maintenance::Maintenance;

/// Who is to be counted as whom.
#[derive(Clone, Copy, Debug)]
pub struct MergeRequest<'a> {
    /// Guid of the player who is no more.
    pub from: &'a str,
    /// Guid of the player who stays.
    pub into: &'a str,
    /// Even if both were in one round.
    pub force: bool,
    /// Only say what would happen.
    pub dry_run: bool,
}

/// One of two people before a merge, or both after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeSide {
    /// The player as whom all guids are counted.
    pub player: PlayerNameRow,
    /// All guids, the player's own first.
    pub guids: Vec<String>,
    /// Names under all guids, newest first.
    pub names: Vec<AliasRow>,
    /// Rounds, valid or not.
    pub rounds: usize,
    /// Kills in them.
    pub kills: i64,
    /// Linked Discord accounts.
    pub links: Vec<i64>,
}

/// What a merge comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Who is counted as somebody else from now on.
    pub moved: Vec<PlayerNameRow>,
    /// Who is no more, as they were.
    pub from: MergeSide,
    /// Who stays, as they were.
    pub into: MergeSide,
    /// Rounds in which both were.
    pub shared: Shared,
    /// Evenings that changed.
    pub evenings: usize,
}

/// What taking a player apart comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmerged {
    /// Who is counted as themselves again.
    pub player: PlayerNameRow,
    /// Whom they were counted as: a guid.
    pub was: String,
    /// Who is counted as that one still.
    pub stay: Vec<PlayerNameRow>,
    /// Evenings that changed.
    pub evenings: usize,
}

impl Maintenance {
    /// Counts a player, and everybody merged into them before, as another. A dry run changes
    /// nothing.
    ///
    /// # Errors
    /// One of them is unknown, they are one already, they were in one round and nobody forces it, or
    /// the database failed.
    pub async fn merge_players(&self, request: MergeRequest<'_>) -> Result<Merged, Error> {
        let end = |merged| End::dry(request.dry_run, merged);
        self.db.write_or_roll_back(|tx, _| Box::pin(async move { self.merge_in(tx, request).await.map(end) })).await
    }

    async fn merge_in(&self, tx: &mut Transaction, request: MergeRequest<'_>) -> Result<Merged, Error> {
        let MergeRequest { from, into, .. } = request;
        let unknown = |guid: &str| Error::NoPlayer(guid.to_owned());
        let moved = tx.player(from).await?.ok_or_else(|| unknown(from))?;
        let asked = tx.player(into).await?.ok_or_else(|| unknown(into))?;
        if moved.guid == asked.guid {
            return Err(Error::Oneself(moved.guid));
        }
        // Into somebody who was merged: into whom they were merged.
        let target = if asked.canonical_guid == asked.guid {
            asked
        } else {
            tx.player(&asked.canonical_guid).await?.ok_or_else(|| unknown(&asked.canonical_guid))?
        };
        if moved.guid == target.guid {
            return Err(Error::Backwards { from: moved.guid, into: into.to_owned() });
        }
        if moved.canonical_guid == target.guid {
            return Err(Error::SamePlayer { from: from.to_owned(), into: target.guid });
        }
        let mut all = tx.merged_into(from).await?;
        all.insert(0, moved.clone());
        let guids: Vec<String> = all.iter().map(|one| one.guid.clone()).collect();
        let from_side = side(tx, moved, guids.clone()).await?;
        let mut theirs = vec![target.guid.clone()];
        theirs.extend(tx.merged_into(&target.guid).await?.into_iter().map(|one| one.guid));
        theirs.retain(|guid| !guids.contains(guid));
        let shared = tx.shared_rounds(&guids, &theirs).await?;
        let into_side = side(tx, target, theirs).await?;
        if shared.rounds > 0 && !request.force && !request.dry_run {
            return Err(Error::SharedRounds { from: from.to_owned(), into: into_side.player.guid, shared });
        }
        tx.because(ChangeKind::Merge);
        for guid in &guids {
            tx.set_canonical(guid, &into_side.player.guid).await?;
            tx.note(ChangeKind::Merge, Changed::player(guid));
        }
        let evenings = self.follow(tx, &guids).await?;
        let entry = AuditEntry {
            by: &self.actor,
            action: "merge-players",
            detail: &format!("{} into {}", guids.join(", "), into_side.player.guid),
            result: &format!("merged, {evenings} evenings changed, {} rounds shared", shared.rounds),
        };
        tx.audit(self.now(), entry).await?;
        Ok(Merged { moved: all, from: from_side, into: into_side, shared, evenings })
    }

    /// Counts a merged player as themselves again; whoever was merged into them before stays where
    /// they are. Also mends a merge into somebody who is not there.
    ///
    /// # Errors
    /// The player is unknown or was not merged, or the database failed.
    pub async fn unmerge_player(&self, guid: &str, dry_run: bool) -> Result<Unmerged, Error> {
        let end = |done| End::dry(dry_run, done);
        self.db.write_or_roll_back(|tx, _| Box::pin(async move { self.unmerge_in(tx, guid).await.map(end) })).await
    }

    async fn unmerge_in(&self, tx: &mut Transaction, guid: &str) -> Result<Unmerged, Error> {
        let player = tx.player(guid).await?.ok_or_else(|| Error::NoPlayer(guid.to_owned()))?;
        if player.canonical_guid == player.guid {
            return Err(Error::NotMerged(guid.to_owned()));
        }
        let was = player.canonical_guid.clone();
        tx.because(ChangeKind::Unmerge);
        tx.set_canonical(guid, guid).await?;
        tx.note(ChangeKind::Unmerge, Changed::player(guid));
        // Whoever was merged into them behind our back counts from now on, too.
        let mut guids: Vec<String> = tx.merged_into(guid).await?.into_iter().map(|one| one.guid).collect();
        guids.push(guid.to_owned());
        let evenings = self.follow(tx, &guids).await?;
        let mut stay = tx.merged_into(&was).await?;
        stay.retain(|one| one.guid != guid);
        let entry = AuditEntry {
            by: &self.actor,
            action: "unmerge",
            detail: &format!("{guid} from {was}"),
            result: &format!("taken apart, {evenings} evenings changed"),
        };
        tx.audit(self.now(), entry).await?;
        Ok(Unmerged { player, was, stay, evenings })
    }

    /// Computes the evenings anew in which one of these guids played or was placed by people.
    async fn follow(&self, tx: &mut Transaction, guids: &[String]) -> Result<usize, Error> {
        let mut files = tx.files_of_players(guids).await?;
        for round in tx.rounds_with_rosters_of(guids).await? {
            files.extend(tx.file_of_round(&round).await?);
        }
        Ok(self.sessions_of(tx, &files).await?.evenings)
    }
}

async fn side(tx: &mut Transaction, player: PlayerNameRow, guids: Vec<String>) -> Result<MergeSide, Error> {
    let (rounds, kills) = tx.rounds_and_kills(&guids).await?;
    let names = tx.names_of(&guids).await?;
    let mut links = Vec::new();
    for guid in &guids {
        links.extend(tx.link_of(guid).await?);
    }
    Ok(MergeSide { player, guids, names, rounds, kills, links })
}
