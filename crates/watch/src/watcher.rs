//! The loop of one server: when to look, what to do about failures, when to end.

use std::collections::{HashSet, VecDeque};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fullhold_ingest::Importer;
use fullhold_repository::{Knowledge, RemoteFileRow};
use fullhold_ssh_sync::{Backoff, DirectoryLooks, Refused};
use tokio::sync::{mpsc, watch};

use crate::memory::Memory;
use crate::notice::{Notice, Notices};
use crate::pace::Pace;
use crate::remote::Remote;
use crate::state::{Desk, Order};
use crate::status::Freshness;
use crate::sync::{Job, Scope};
use crate::window::Window;
use crate::{Error, Voice, WatchConfig};

/// How long what is in flight may take to end when we are asked to; what was done is noted after it.
const ENDING: Duration = Duration::from_secs(6);
/// A connection on which nothing happens is kept alive so often.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// The same trouble is told again after so many failures.
const TELL_AGAIN: u32 = 100;

/// Watches one server.
pub struct Watcher {
    pub(crate) importer: Arc<Importer>,
    pub(crate) config: WatchConfig,
    pub(crate) notices: Notices,
    pub(crate) desk: Arc<Desk>,
    pub(crate) remote: Remote,
    pub(crate) memory: Memory,
    pub(crate) looks: DirectoryLooks,
    pub(crate) freshness: Freshness,
    /// What the database knew at the last look.
    pub(crate) knowledge: Option<Knowledge>,
    /// Which files count when they are seen for the first time; none before the first listing.
    pub(crate) window: Option<Window>,
    /// What is asked for, where it ends then.
    pub(crate) scope: Option<Scope>,
    /// What is to be fetched beside watching, the first under way.
    pub(crate) jobs: VecDeque<Job>,
    pub(crate) refused: HashSet<Refused>,
    /// What the database is to remember of files, and does not yet.
    pub(crate) to_remember: Vec<RemoteFileRow>,
    pub(crate) backoff: Backoff,
    orders: mpsc::UnboundedReceiver<Order>,
    last_trouble: Option<String>,
}

impl Watcher {
    /// A watcher of the server that the importer imports for.
    #[must_use]
    pub fn new(importer: impl Into<Arc<Importer>>, config: WatchConfig, notices: Notices) -> Self {
        Self::at(Arc::new(Desk::new("")), importer.into(), config, notices)
    }

    /// A watcher at a desk.
    pub(crate) fn at(desk: Arc<Desk>, importer: Arc<Importer>, config: WatchConfig, notices: Notices) -> Self {
        Self {
            importer,
            remote: Remote::new(config.ssh.clone()),
            memory: Memory::new(config.rest),
            backoff: Backoff::new(config.retry.0, config.retry.1),
            config,
            notices,
            orders: desk.begin(),
            desk,
            looks: DirectoryLooks::default(),
            freshness: Freshness::default(),
            knowledge: None,
            window: None,
            scope: None,
            jobs: VecDeque::new(),
            refused: HashSet::new(),
            to_remember: Vec::new(),
            last_trouble: None,
        }
    }

    /// Watches until `stop` says true, or its sender is gone. Every failure is told, waited out and
    /// tried again.
    pub async fn run(mut self, mut voice: watch::Receiver<Voice>, mut stop: watch::Receiver<bool>) {
        let mut pace = Pace::new();
        let mut directory_due = Instant::now();
        loop {
            let now = Instant::now();
            if pace.hear(*voice.borrow_and_update(), &self.config, now) {
                // People are back: a look at once, even if the directory was listed within the same second.
                directory_due = now;
                self.looks.forget();
            }
            if self.desk.is_paused() && self.jobs.is_empty() {
                let heard = self.rest(now + KEEP_ALIVE, &pace, &mut voice, &mut stop).await;
                if self.has_heard(heard, &mut directory_due) { continue } else { break }
            }
            let interval = pace.interval(&self.config, now, fastrand::f64());
            self.freshness.idle = pace.is_idle(&self.config, now);
            let directory = directory_due <= now;
            if directory {
                directory_due = now + interval;
            }
            let Some(result) = self.one_look(directory, &mut stop).await else { break };
            self.step_job(result.as_ref().err());
            let next = match result {
                Ok(()) => {
                    self.worked();
                    let waiting = self.memory.next_due(Instant::now());
                    waiting.map_or(directory_due, |due| due.min(directory_due))
                }
                Err(error) => {
                    let wait = self.failed(&error);
                    directory_due = Instant::now() + wait;
                    directory_due
                }
            };
            self.note_freshness().await;
            let heard = self.rest(next, &pace, &mut voice, &mut stop).await;
            if !self.has_heard(heard, &mut directory_due) {
                break;
            }
        }
        self.remote.ending().end();
        self.remote.hang_up();
    }

    /// Takes up what was heard; false: the end.
    fn has_heard(&mut self, heard: Heard, directory_due: &mut Instant) -> bool {
        match heard {
            // What voice means is found out at the beginning of the next turn, which is now.
            Heard::Time | Heard::Voice => true,
            Heard::Order(order) => {
                *directory_due = Instant::now();
                self.looks.forget();
                if let Order::Sync(job) = order {
                    self.jobs.push_back(job);
                }
                true
            }
            Heard::Stop => false,
        }
    }

    /// One look, unless we are asked to end: then what is in flight may still end properly.
    async fn one_look(&mut self, directory: bool, stop: &mut watch::Receiver<bool>) -> Option<Result<(), Error>> {
        let ending = self.remote.ending();
        let ended = {
            let mut look = pin!(self.look(directory));
            tokio::select! {
                result = &mut look => return Some(result),
                () = stopped(stop) => {
                    ending.end();
                    // An import that is being committed ends; a connection that hangs does not matter.
                    tokio::time::timeout(ENDING, look).await.is_ok()
                }
            }
        };
        if ended {
            self.note_freshness().await;
        }
        None
    }

    async fn rest(
        &mut self,
        until: Instant,
        pace: &Pace,
        voice: &mut watch::Receiver<Voice>,
        stop: &mut watch::Receiver<bool>,
    ) -> Heard {
        let (mut open, mut ordered) = (true, true);
        loop {
            let now = Instant::now();
            if until <= now {
                return Heard::Time;
            }
            let idle = pace.idle_at(&self.config).filter(|at| *at > now);
            let wake = until.min(now + KEEP_ALIVE).min(idle.unwrap_or(until));
            tokio::select! {
                () = tokio::time::sleep_until(wake.into()) => {
                    if wake < until && idle != Some(wake) {
                        self.remote.keep_alive().await;
                    }
                }
                changed = voice.changed(), if open => match changed {
                    Ok(()) => return Heard::Voice,
                    // Nobody tells any more: what was heard last holds.
                    Err(_gone) => open = false,
                },
                order = self.orders.recv(), if ordered => match order {
                    Some(order) => return Heard::Order(order),
                    None => ordered = false,
                },
                () = stopped(stop) => return Heard::Stop,
            }
        }
    }

    fn worked(&mut self) {
        let failures = self.backoff.failures();
        if failures > 0 {
            self.backoff.worked();
            self.last_trouble = None;
            self.tell(&Notice::Recovered { failures });
        }
        self.worked_through();
    }

    fn failed(&mut self, error: &Error) -> Duration {
        let wait = self.backoff.failed(fastrand::f64());
        let reason = fullhold_console::chain(error);
        self.freshness.failed(self.importer.now(), error, self.backoff.failures());
        // What is in the directory may have changed while we could not look.
        self.looks.forget();
        let again = self.backoff.failures().is_multiple_of(TELL_AGAIN);
        if again || self.last_trouble.as_ref() != Some(&reason) {
            self.tell(&Notice::Trouble { reason: reason.clone(), again_in: wait });
            self.last_trouble = Some(reason);
        }
        wait
    }

    pub(crate) fn tell(&self, notice: &Notice) {
        (self.notices)(notice);
    }
}

/// Why a rest ended.
enum Heard {
    Time,
    Voice,
    Order(Order),
    Stop,
}

/// Until we are asked to end.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone cannot ask any more: it has ended, and so do we.
    drop(stop.wait_for(|stop| *stop).await);
}
