//! What people decide about rounds and files, and what follows from it, in one transaction.

use fullhold_repository::{AuditEntry, ChangeKind, Changed, OverrideRow, RoundRow, Transaction};

use crate::maintenance::{Maintenance, Rebuilt, Selection};
use crate::{Error, Rejected};

/// A round before and after a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// As it was.
    pub before: RoundRow,
    /// As it is now.
    pub after: RoundRow,
}

/// What became of files a person dealt with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilesDone {
    /// Now imported (retry), or now set aside (ignore).
    pub done: Vec<String>,
    /// As before, with reasons.
    pub not_done: Vec<Rejected>,
}

impl Maintenance {
    /// Records a verdict on a round (`valid`, `cancelled` or `ignore`; none takes the verdict back),
    /// and computes its evening anew.
    ///
    /// # Errors
    /// There is no such round, or the database failed.
    pub async fn judge(
        &self,
        round_id: i32,
        verdict: Option<&str>,
        reason: &str,
        actor: &str,
    ) -> Result<Judged, Error> {
        self.db.write(|tx, _| Box::pin(self.judge_in(tx, round_id, verdict, [reason, actor]))).await
    }

    async fn judge_in(
        &self,
        tx: &mut Transaction,
        round_id: i32,
        verdict: Option<&str>,
        [reason, actor]: [&str; 2],
    ) -> Result<Judged, Error> {
        let before = tx.round(round_id).await?.ok_or(Error::NoRound(round_id))?;
        let now = self.now();
        let row = verdict.map(|verdict| OverrideRow {
            server_id: before.server_id,
            server_stamp: before.server_stamp.clone(),
            map_name: before.map_name.clone(),
            round_number: before.round_number,
            verdict: verdict.to_owned(),
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
        let said = verdict.unwrap_or("clear");
        let name = format!("{}-{}-round-{}", before.server_stamp, before.map_name, before.round_number);
        let detail = format!("{name} {said}: {reason}");
        let result = format!("{} -> {}", before.round_status, after.round_status);
        tx.audit(now, AuditEntry { by: actor, action: "round-status", detail: &detail, result: &result }).await?;
        Ok(Judged { before, after })
    }

    /// Tries files again that failed or were set aside.
    ///
    /// # Errors
    /// The database failed.
    pub async fn retry(&self, names: &[String], actor: &str) -> Result<FilesDone, Error> {
        self.db.write(|tx, _| Box::pin(self.retry_in(tx, names, actor))).await
    }

    async fn retry_in(&self, tx: &mut Transaction, names: &[String], actor: &str) -> Result<FilesDone, Error> {
        let mut done = FilesDone::default();
        let mut wanted = Vec::new();
        let now = self.now();
        for name in names {
            let files = tx.files_named(name).await?;
            if files.is_empty() {
                done.not_done.push(rejected(name, "there is no such file in the database"));
            }
            for file in files {
                match file.state.as_str() {
                    "imported" => done.not_done.push(rejected(name, "it is imported; `fix-range` computes it anew")),
                    "waiting" => done.not_done.push(rejected(name, "it waits to be complete on the game server")),
                    _ => {
                        let reason = file.error_message.unwrap_or_default();
                        tx.set_file_state(file.id, "failed", Some(&reason), now).await?;
                        wanted.push((file.id, name.clone()));
                    }
                }
            }
        }
        let ids: Vec<i32> = wanted.iter().map(|(id, _)| *id).collect();
        if !ids.is_empty() {
            let mut rebuilt = Rebuilt::default();
            self.rebuild_in(tx, &Selection::Files(ids), &(), &mut rebuilt).await?;
            for (_, name) in wanted {
                match rebuilt.failed.iter().find(|one| one.file == name) {
                    Some(one) => done.not_done.push(one.clone()),
                    None => done.done.push(name),
                }
            }
            let detail = format!("{} files", done.done.len() + done.not_done.len());
            let result = format!("{} imported, {} not", done.done.len(), done.not_done.len());
            tx.audit(now, AuditEntry { by: actor, action: "files retry", detail: &detail, result: &result }).await?;
        }
        Ok(done)
    }

    /// Sets files aside that failed or wait, so that nobody is told of them any more.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ignore(&self, names: &[String], reason: &str, actor: &str) -> Result<FilesDone, Error> {
        self.db.write(|tx, _| Box::pin(self.ignore_in(tx, names, [reason, actor]))).await
    }

    async fn ignore_in(
        &self,
        tx: &mut Transaction,
        names: &[String],
        [reason, actor]: [&str; 2],
    ) -> Result<FilesDone, Error> {
        let mut done = FilesDone::default();
        let now = self.now();
        for name in names {
            let files = tx.files_named(name).await?;
            if files.is_empty() {
                done.not_done.push(rejected(name, "there is no such file in the database"));
            }
            for file in files {
                if file.state == "imported" {
                    let advice = "it is imported; `round-status ID ignore` takes its round out of every statistic";
                    done.not_done.push(rejected(name, advice));
                    continue;
                }
                tx.set_file_state(file.id, "ignored", Some(reason), now).await?;
                tx.audit(now, AuditEntry { by: actor, action: "files ignore", detail: name, result: reason }).await?;
                done.done.push(name.clone());
            }
        }
        Ok(done)
    }
}

fn rejected(name: &str, reason: &str) -> Rejected {
    Rejected { file: name.to_owned(), reason: reason.to_owned() }
}
