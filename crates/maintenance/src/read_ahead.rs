//! Batches of files, read back from the database.

use std::slice;
use std::time::Instant;

use fullhold_ingest::recompute::{Batch, Recomputed, Rules, recompute};
use fullhold_repository::{FileId, Transaction};
use tokio::task::JoinHandle;

use crate::Error;
use crate::maintenance::Part;
use crate::rebuilt::StepTimes;

/// The batches of a part: each is unpacked and derived while the one before it is worked on.
pub(crate) struct ReadAhead<'p> {
    rules: &'p Rules,
    batches: slice::Iter<'p, Batch>,
    coming: Option<JoinHandle<Recomputed>>,
    /// What reading is called among the times of steps.
    step: &'static str,
}

impl<'p> ReadAhead<'p> {
    /// Of all batches of a part.
    pub(crate) fn of(part: &'p Part, step: &'static str) -> Self {
        Self { rules: &part.rules, batches: part.islands.batches.iter(), coming: None, step }
    }

    /// The next batch; none after the last.
    pub(crate) async fn next(
        &mut self,
        tx: &mut Transaction,
        times: &mut StepTimes,
    ) -> Result<Option<Recomputed>, Error> {
        let mut lap = Instant::now();
        if self.coming.is_none() {
            self.coming = self.start_next(tx).await?;
        }
        let Some(now) = self.coming.take() else { return Ok(None) };
        self.coming = self.start_next(tx).await?;
        times.lap(self.step, &mut lap);
        let batch = finish(now).await?;
        times.lap("wait for parsing and differential", &mut lap);
        Ok(Some(batch))
    }

    async fn start_next(&mut self, tx: &mut Transaction) -> Result<Option<JoinHandle<Recomputed>>, Error> {
        match self.batches.next() {
            Some(batch) => Ok(Some(start(tx, batch, self.rules).await?)),
            None => Ok(None),
        }
    }
}

/// A batch, read and derived.
pub(crate) async fn read(tx: &mut Transaction, batch: &Batch, rules: &Rules) -> Result<Recomputed, Error> {
    finish(start(tx, batch, rules).await?).await
}

async fn start(tx: &mut Transaction, batch: &Batch, rules: &Rules) -> Result<JoinHandle<Recomputed>, Error> {
    let ids: Vec<FileId> = batch.own.iter().chain(&batch.context).map(|head| head.id).collect();
    let rows = tx.files(&ids).await?;
    let (batch, rules) = (batch.clone(), rules.clone());
    Ok(tokio::task::spawn_blocking(move || recompute(batch, rows, &rules)))
}

async fn finish(handle: JoinHandle<Recomputed>) -> Result<Recomputed, Error> {
    handle.await.map_err(|e| Error::Thread(e.to_string()))
}
