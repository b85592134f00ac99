//! Files whose bytes are kept though they hold no round: end statistics, a later source of awards.

use fullhold_repository::{Changes, FileRow, Transaction};

use crate::batch::{place, seen_before};
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
        let names: Vec<String> = files.iter().map(|file| file.filename.clone()).collect();
        let known = tx.known_files(self.server_id(), &names).await?;
        let mut changes = Changes::default();
        let mut ids = tx.next_ids().await?;
        let now = self.now();
        let mut outcomes = Vec::with_capacity(files.len());
        for file in files {
            let known = known.iter().find(|known| known.filename == file.filename);
            outcomes.push(seen_before(file, known, None).unwrap_or_else(|| {
                let row = self.file_row(file, known, ids.file, now, Ok(()));
                place(&mut changes, FileRow { kind: "endstats".to_owned(), ..row }, &mut ids.file);
                FileOutcome::Imported { players: 0, weapons: 0, findings: 0 }
            }));
        }
        tx.apply(changes).await?;
        Ok(outcomes)
    }
}
