//! Once and to the end: everything that is there, or the last days of it. Alone, or as a job of a
//! watcher that goes on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use fullhold_ingest::{Progress, Rejected, Summary};
use tokio::sync::oneshot;

use crate::window::Window;
use crate::{Error, Watcher};

/// What is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    All,
    /// Files of so many days, back from the server's now.
    Days(u32),
}

impl Scope {
    pub(crate) const fn look_back(self) -> Duration {
        match self {
            Self::All => Duration::MAX,
            Self::Days(days) => Duration::from_secs(days as u64 * 86_400),
        }
    }
}

/// What is on a server and not stored, as far as a look tells; nothing was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// Files on the server that could be stored.
    pub files: usize,
    /// Files that are not stored and would be fetched.
    pub waiting: usize,
    /// Files that could not be had, with reasons.
    pub dead: Vec<Rejected>,
    /// Files older than the look-back.
    pub left_alone: usize,
}

/// Looks in a row that may fail before it is given up.
const TRIES: u32 = 5;

impl Watcher {
    /// Fetches and stores what is missing, and ends. Files that cannot be had are in the summary.
    ///
    /// # Errors
    /// The server or the database failed several times in a row, or once in a way that no time heals.
    /// What was stored stays, and a second run does the rest.
    pub async fn sync(mut self, scope: Scope, progress: &dyn Progress) -> Result<Summary, Error> {
        let started = Instant::now();
        self.config.look_back = scope.look_back();
        self.scope = Some(scope);
        let result = self.work_off(progress).await;
        progress.end();
        if result.is_ok() {
            self.worked_through();
        }
        self.note_freshness().await;
        result?;
        let mut summary = std::mem::take(&mut self.freshness.summary);
        summary.elapsed = started.elapsed();
        Ok(summary)
    }

    /// Looks once, and says what is there and not stored; fetches nothing.
    ///
    /// # Errors
    /// The server or the database failed.
    pub async fn check(mut self) -> Result<Check, Error> {
        self.recall_outage().await?;
        self.recall(false).await?;
        let listing = self.remote.list().await?;
        let window = self.first_window(&listing);
        self.see(&listing, Instant::now(), &window).await?;
        let (waiting, _) = self.memory.waiting_counts();
        let set_aside = self.memory.set_aside();
        let mut dead: Vec<Rejected> =
            set_aside.map(|(name, dead)| Rejected { file: name.clone(), reason: dead.reason.clone() }).collect();
        dead.sort_by(|a, b| a.file.cmp(&b.file));
        Ok(Check { files: listing.entries.len(), waiting, dead, left_alone: self.memory.left() })
    }

    async fn work_off(&mut self, progress: &dyn Progress) -> Result<(), Error> {
        let mut left: Option<usize> = None;
        loop {
            if let Err(error) = self.look(false).await {
                let wait = self.backoff.failed(fastrand::f64());
                let failures = self.backoff.failures();
                self.freshness.failed(self.importer.now(), &error, failures);
                if failures >= TRIES || error.needs_person() {
                    return Err(error);
                }
                tokio::time::sleep(wait).await;
                continue;
            }
            self.backoff.worked();
            self.count_work(&mut left, progress);
            let now = Instant::now();
            let Some(due) = self.memory.next_due(now) else { return Ok(()) };
            tokio::time::sleep(due.saturating_duration_since(now)).await;
        }
    }

    /// Tells how much is done, after a look; `left` is what waited after the one before.
    fn count_work(&mut self, left: &mut Option<usize>, progress: &dyn Progress) {
        let (waiting, _) = self.memory.waiting_counts();
        match *left {
            None => {
                let fetched = self.freshness.summary.seen;
                progress.begin(waiting + fetched);
                progress.advance(fetched);
                self.freshness.skip(waiting + fetched, self.memory.left());
            }
            Some(before) => progress.advance(before.saturating_sub(waiting)),
        }
        *left = Some(waiting);
    }
}

/// A sync that a watcher does while it goes on watching.
pub(crate) struct Job {
    pub(crate) scope: Scope,
    pub(crate) progress: Arc<dyn Progress + Send + Sync>,
    pub(crate) done: oneshot::Sender<Result<Summary, String>>,
    started: Instant,
    begun: bool,
    left: Option<usize>,
    failures: u32,
}

impl Job {
    pub(crate) fn new(
        scope: Scope,
        progress: Arc<dyn Progress + Send + Sync>,
        done: oneshot::Sender<Result<Summary, String>>,
    ) -> Self {
        Self { scope, progress, done, started: Instant::now(), begun: false, left: None, failures: 0 }
    }
}

impl Watcher {
    /// Begins the first job in the row, if it has not begun: what was left alone or set aside is
    /// looked at again.
    pub(crate) async fn begin_job(&mut self) -> Result<(), Error> {
        let Some(scope) = self.jobs.front().filter(|job| !job.begun).map(|job| job.scope) else { return Ok(()) };
        let began = Instant::now();
        let listing = self.remote.list().await?;
        let window = match scope {
            Scope::All => Window::ALL,
            Scope::Days(_) => {
                let back = i64::try_from(scope.look_back().as_secs()).unwrap_or(i64::MAX);
                let now = self.importer.now().assume_utc().unix_timestamp();
                Window::back(back, &listing.entries, self.importer.zone(), now)
            }
        };
        self.memory.reconsider();
        self.memory.revive(Instant::now());
        self.see(&listing, began, &window).await?;
        self.freshness.summary = Summary::default();
        if let Some(job) = self.jobs.front_mut() {
            job.begun = true;
        }
        Ok(())
    }

    /// Tells how the first job in the row goes after a look, and ends it when nothing is left.
    pub(crate) fn step_job(&mut self, failed: Option<&Error>) {
        let Some(mut job) = self.jobs.pop_front() else { return };
        let outcome = match failed {
            Some(error) => {
                job.failures += 1;
                let over = error.needs_person() || job.failures >= TRIES;
                over.then(|| Err(fullhold_console::chain(error)))
            }
            None if job.begun => {
                job.failures = 0;
                let progress = Arc::clone(&job.progress);
                self.count_work(&mut job.left, progress.as_ref());
                (job.left == Some(0)).then(|| {
                    let elapsed = job.started.elapsed();
                    Ok(Summary { elapsed, ..std::mem::take(&mut self.freshness.summary) })
                })
            }
            None => None,
        };
        match outcome {
            None => self.jobs.push_front(job),
            Some(outcome) => {
                job.progress.end();
                // Whoever asked may have gone.
                drop(job.done.send(outcome));
            }
        }
    }
}
