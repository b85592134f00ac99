//! What people decide about rounds, and what follows from it, in one transaction.

use fullhold_repository::{AuditEntry, ChangeKind, Changed, OverrideRow, RoundId, RoundRow, Transaction, Verdict};

use crate::Error;
use crate::maintenance::Maintenance;
use crate::rebuilt::Rebuilt;
use crate::selection::Selection;

/// A round before and after a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundOverride {
    /// As it was.
    pub before: RoundRow,
    /// As it is now.
    pub after: RoundRow,
}

/// What a person says of a round.
#[derive(Clone, Copy)]
struct Said<'a> {
    /// None takes the verdict back.
    verdict: Option<Verdict>,
    reason: &'a str,
    actor: &'a str,
}

impl Maintenance {
    /// Records a verdict on a round (none takes it back),
    /// and computes its evening anew.
    ///
    /// # Errors
    /// There is no such round, or the database failed.
    pub async fn override_round(
        &self,
        round_id: RoundId,
        verdict: Option<Verdict>,
        reason: &str,
        actor: &str,
    ) -> Result<RoundOverride, Error> {
        let said = Said { verdict, reason, actor };
        self.db.write(|tx, _| Box::pin(self.override_round_in(tx, round_id, said))).await
    }

    async fn override_round_in(
        &self,
        tx: &mut Transaction,
        round_id: RoundId,
        said: Said<'_>,
    ) -> Result<RoundOverride, Error> {
        let Said { verdict, reason, actor } = said;
        let before = tx.round(round_id).await?.ok_or(Error::NoRound(round_id))?;
        let now = self.now();
        let row = verdict.map(|verdict| OverrideRow {
            server_id: before.server_id,
            server_stamp: before.server_stamp.clone(),
            map_name: before.map_name.clone(),
            round_number: before.round_number,
            verdict,
            reason: reason.to_owned(),
            decided_by: actor.to_owned(),
            decided_at: now,
        });
        tx.set_override(&before, row).await?;
        tx.because(ChangeKind::Verdict);
        tx.note(ChangeKind::Verdict, Changed::round(&before, None));
        let selection = Selection::Files(vec![before.file_id]);
        self.rebuild_in(tx, &selection, &(), &mut Rebuilt::default()).await?;
        let after = tx.round(round_id).await?.ok_or(Error::NoRound(round_id))?;
        let said = verdict.map_or("clear", Verdict::name);
        let name = format!("{}-{}-round-{}", before.server_stamp, before.map_name, before.round_number);
        let detail = format!("{name} {said}: {reason}");
        let result = format!("{} -> {}", before.round_status, after.round_status);
        let entry = AuditEntry { by: actor, action: "round-status", detail: &detail, result: &result };
        tx.audit_of(Some(before.server_id), now, entry).await?;
        Ok(RoundOverride { before, after })
    }
}
