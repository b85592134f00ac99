//! Files whose bytes are kept though they hold no round: end statistics, a later source of awards.

use fullhold_repository::{Changes, FileId, FileRow, StoredKind, Transaction};

use crate::batch::place;
use crate::versions::{Decision, decide};
use crate::{Error, FileOutcome, Importer, Prepared};

impl Importer {
    /// Keeps the bytes of files ([`Prepared::raw`]). One outcome each, in their order.
    ///
    /// # Errors
    /// The database failed; nothing was stored.
    pub async fn keep(&self, files: Vec<Prepared>) -> Result<Vec<FileOutcome>, Error> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        self.db().write(|tx, _| Box::pin(self.keep_in(tx, &files))).await
    }

    async fn keep_in(&self, tx: &mut Transaction, files: &[Prepared]) -> Result<Vec<FileOutcome>, Error> {
        self.check_server(tx).await?;
        let names: Vec<String> = files.iter().map(|file| file.filename.clone()).collect();
        let known = tx.known_files(self.server_id(), &names).await?;
        let ids: Vec<FileId> = known.iter().map(|known| known.id).collect();
        let stored = tx.contents(&ids).await?;
        let mut changes = Changes::default();
        let mut ids = tx.next_ids().await?;
        let now = self.now();
        let mut outcomes = Vec::with_capacity(files.len());
        for file in files {
            let known = known.iter().find(|known| known.filename == file.filename);
            let outcome = match decide(file, known, known.and_then(|known| stored.get(&known.id))) {
                Decision::Leave(outcome) => outcome,
                Decision::Write(outcome) => {
                    let row = self.file_row(file, known, ids.file, now, Ok(()));
                    place(&mut changes, FileRow { kind: StoredKind::Endstats, ..row }, &mut ids.file);
                    match outcome {
                        FileOutcome::Rejected(_) => FileOutcome::Imported { players: 0, weapons: 0, findings: 0 },
                        outcome => outcome,
                    }
                }
            };
            outcomes.push(outcome);
        }
        tx.apply(changes).await?;
        Ok(outcomes)
    }
}
