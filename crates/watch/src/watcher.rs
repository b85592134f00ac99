//! The loop of one server: when to look, what to do about failures, when to end.

use std::pin::pin;
use std::time::{Duration, Instant};

use fullhold_ingest::Importer;
use fullhold_ssh_sync::{Backoff, DirectoryLooks, Refused};
use tokio::sync::watch;

use crate::memory::Memory;
use crate::notice::{Notice, Notices};
use crate::pace::Pace;
use crate::remote::Remote;
use crate::status::Freshness;
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
    pub(crate) importer: Importer,
    pub(crate) config: WatchConfig,
    pub(crate) notices: Notices,
    pub(crate) remote: Remote,
    pub(crate) memory: Memory,
    pub(crate) looks: DirectoryLooks,
    pub(crate) freshness: Freshness,
    /// Which files count when they are seen for the first time; none before the first listing.
    pub(crate) window: Option<Window>,
    pub(crate) refused: std::collections::HashSet<Refused>,
    pub(crate) backoff: Backoff,
    last_trouble: Option<String>,
}

impl Watcher {
    /// A watcher of the server that the importer imports for.
    #[must_use]
    pub fn new(importer: Importer, config: WatchConfig, notices: Notices) -> Self {
        let remote = Remote::new(config.ssh.clone());
        let backoff = Backoff::new(config.retry.0, config.retry.1);
        Self {
            importer,
            config,
            notices,
            remote,
            memory: Memory::default(),
            looks: DirectoryLooks::default(),
            freshness: Freshness::default(),
            window: None,
            refused: std::collections::HashSet::new(),
            backoff,
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
            pace.hear(*voice.borrow_and_update(), now);
            let interval = pace.interval(&self.config, now, fastrand::f64());
            let directory = directory_due <= now;
            if directory {
                directory_due = now + interval;
            }
            let Some(result) = self.one_look(directory, &mut stop).await else { break };
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
            match heard {
                Heard::Time => {}
                Heard::Voice => {
                    pace.hear(*voice.borrow_and_update(), Instant::now());
                    let sooner = Instant::now() + pace.interval(&self.config, Instant::now(), fastrand::f64());
                    if matches!(*voice.borrow(), Voice::People(1..)) && self.backoff.failures() == 0 {
                        directory_due = directory_due.min(sooner);
                    }
                }
                Heard::Stop => break,
            }
        }
        self.remote.cut().cut();
        self.remote.hang_up();
    }

    /// One look, unless we are asked to end: then what is in flight may still end properly.
    async fn one_look(&mut self, directory: bool, stop: &mut watch::Receiver<bool>) -> Option<Result<(), Error>> {
        let cut = self.remote.cut();
        let ended = {
            let mut look = pin!(self.look(directory));
            tokio::select! {
                result = &mut look => return Some(result),
                () = stopped(stop) => {
                    cut.cut();
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
        let mut open = true;
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
        self.freshness.worked(self.importer.now());
    }

    fn failed(&mut self, error: &Error) -> Duration {
        let wait = self.backoff.failed(fastrand::f64());
        let reason = fullhold_console::chain(error);
        self.freshness.failed(self.importer.now(), &reason, self.backoff.failures());
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
    Stop,
}

/// Until we are asked to end.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone cannot ask any more: it has ended, and so do we.
    drop(stop.wait_for(|stop| *stop).await);
}
