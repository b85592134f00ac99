//! Once and to the end: everything that is there, or the last days of it.

use std::time::{Duration, Instant};

use fullhold_ingest::{Progress, Summary};

use crate::{Error, Watcher};

/// What is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    All,
    /// Files of so many days, back from the server's now.
    Days(u32),
}

/// Looks in a row that may fail before it is given up.
const TRIES: u32 = 5;

impl Watcher {
    /// Fetches and stores what is missing, and ends. Files that cannot be had are in the summary.
    ///
    /// # Errors
    /// The server or the database failed several times in a row. What was stored stays, and a second
    /// run does the rest.
    pub async fn sync(mut self, scope: Scope, progress: &dyn Progress) -> Result<Summary, Error> {
        let started = Instant::now();
        self.config.look_back = match scope {
            Scope::All => Duration::MAX,
            Scope::Days(days) => Duration::from_secs(u64::from(days) * 86_400),
        };
        let result = self.work_off(progress).await;
        progress.end();
        if result.is_ok() {
            self.freshness.worked(self.importer.now());
        }
        self.note_freshness().await;
        result?;
        let mut summary = std::mem::take(&mut self.freshness.summary);
        summary.elapsed = started.elapsed();
        Ok(summary)
    }

    async fn work_off(&mut self, progress: &dyn Progress) -> Result<(), Error> {
        let mut left: Option<usize> = None;
        loop {
            if let Err(error) = self.look(false).await {
                let wait = self.backoff.failed(fastrand::f64());
                self.freshness.failed(self.importer.now(), &fullhold_console::chain(&error), self.backoff.failures());
                if self.backoff.failures() >= TRIES {
                    return Err(error);
                }
                tokio::time::sleep(wait).await;
                continue;
            }
            self.backoff.worked();
            let (waiting, _) = self.memory.waiting_counts();
            match left {
                None => {
                    let fetched = self.freshness.summary.seen;
                    progress.begin(waiting + fetched);
                    progress.advance(fetched);
                    self.freshness.skip(waiting + fetched, self.memory.left());
                }
                Some(before) => progress.advance(before.saturating_sub(waiting)),
            }
            left = Some(waiting);
            let now = Instant::now();
            let Some(due) = self.memory.next_due(now) else { return Ok(()) };
            tokio::time::sleep(due.saturating_duration_since(now)).await;
        }
    }
}
