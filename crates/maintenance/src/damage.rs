//! Stored bytes that are damaged: what follows from them stays as it is, until the file is got again.

use std::collections::BTreeSet;

use fullhold_ingest::Rejected;
use fullhold_ingest::recompute::{LinesWithoutFile, Recomputed, again, blocking, is_hash_of, kept_file};
use fullhold_repository::{FileId, FileState, RoundId, RoundRow, Transaction, UnreadableFile};

use crate::Error;
use crate::maintenance::{Maintenance, Part, Run};
use crate::sessions::Lines;

impl Maintenance {
    /// Whether a file that was imported has damaged bytes now.
    pub(crate) async fn any_damaged(&self, tx: &mut Transaction, parts: &[Part]) -> Result<bool, Error> {
        for batch in parts.iter().flat_map(|part| &part.islands.batches) {
            let imported = batch.own.iter().filter(|head| head.state == FileState::Imported);
            let ids: Vec<FileId> = imported.map(|head| head.id).collect();
            let stored = tx.contents(&ids).await?;
            let damaged = blocking(move || {
                let good = |file: &fullhold_repository::StoredFile| {
                    file.unpack().is_ok_and(|bytes| is_hash_of(&file.sha256, &bytes))
                };
                !stored.values().all(good)
            });
            if damaged.await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Computes a batch anew of which some files are damaged: what follows from these, and from
    /// their other halves, stays as it is.
    pub(crate) async fn write_around_damage(
        &self,
        tx: &mut Transaction,
        part: &Part,
        batch: Recomputed,
        run: &mut Run<'_>,
    ) -> Result<(), Error> {
        let Recomputed { batch, mut files, .. } = batch;
        let all: Vec<FileId> = files.iter().map(|file| file.row.id).collect();
        let rows = tx.rounds_of(&all).await?;
        let damaged: BTreeSet<FileId> = files.iter().filter(|file| file.is_damaged()).map(|file| file.row.id).collect();
        let matches: BTreeSet<&str> =
            rows.iter().filter(|row| damaged.contains(&row.file_id)).map(|row| row.match_id.as_str()).collect();
        let kept: Vec<&RoundRow> = rows.iter().filter(|row| matches.contains(row.match_id.as_str())).collect();
        let ids_of_kept: Vec<RoundId> = kept.iter().map(|row| row.id).collect();
        let lines = tx.player_lines(&ids_of_kept).await?;
        let weapons = tx.weapon_lines(&ids_of_kept).await?;
        let mut unreadable = Vec::new();
        for file in &mut files {
            if file.is_damaged() {
                let reason = file.damage.clone().unwrap_or_default();
                tracing::warn!(file.name = file.row.filename, reason, "stored bytes are damaged");
                let reason = format!(
                    "its stored bytes are damaged ({reason}): what follows from them stays as it is; get the file \
                     again, `dbadmin rebuild --from-files`"
                );
                run.done.failed.push(Rejected { file: file.row.filename.clone(), reason: reason.clone() });
                file.parsed = Err(reason);
                let round = rows.iter().find(|row| row.file_id == file.row.id);
                let damage = file.damage.clone().unwrap_or_default();
                unreadable.extend(round.map(|row| UnreadableFile { round_id: row.id, reason: damage }));
            }
            if let Some(row) = kept.iter().find(|row| row.file_id == file.row.id) {
                file.parsed = Ok(kept_file(row));
                let of_round = lines.iter().filter(|line| line.round_id == row.id);
                let with_weapons = weapons.iter().filter(|line| line.round_id == row.id);
                file.taken = Some(LinesWithoutFile::kept(of_round.cloned().collect(), with_weapons.cloned().collect()));
                file.kept = Some((*row).clone());
            }
        }
        tx.note_unreadable(&unreadable).await?;
        let rules = part.rules.clone();
        let batch = blocking(move || again(batch, files, &rules)).await?;
        self.write_differences(tx, part, &batch, Lines::Anew, run).await
    }
}
