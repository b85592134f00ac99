//! What can be seen of a watcher from outside, and how it is told what to do: one desk per server,
//! which stays when its watcher is started again.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;
use tokio::sync::mpsc;

use crate::notice::{EVENTS, Notice};
use crate::sync::Job;

/// Files named in a state; the counts are of all.
pub(crate) const MOST_NAMED: usize = 100;

/// How a server is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerState {
    /// The server's name.
    pub server: String,
    /// Whether its watcher is at work; false before it begins, and between its death and its next
    /// start.
    pub running: bool,
    /// Whether somebody has had watching stopped: syncs are done, and nothing else is looked at.
    pub paused: bool,
    /// Times that the watcher died of a defect.
    pub deaths: u64,
    /// Nobody plays, as far as voice tells: it is looked at seldom.
    pub idle: bool,
    /// The last look that worked.
    pub last_look_at: Option<OffsetDateTime>,
    /// The last look after which nothing waited.
    pub caught_up_at: Option<OffsetDateTime>,
    /// Looks in a row that did not work.
    pub failures: u32,
    /// Why the last look did not work; none if it did.
    pub trouble: Option<Trouble>,
    /// The newest stats file on the server.
    pub newest_file: Option<String>,
    /// When it was written, by the server's clock.
    pub newest_at: Option<OffsetDateTime>,
    /// Whether it is stored.
    pub newest_stored: bool,
    /// Files on the server that could be stored.
    pub files: usize,
    /// Of these, files that are being written, or fetched.
    pub waiting: usize,
    /// Of the waiting ones, those that failed before and are tried again soon.
    pub failed: usize,
    /// Files that were tried often enough, and are tried again in hours.
    pub dead: usize,
    /// Files older than the look-back that are not stored.
    pub left_alone: usize,
    /// The waiting and the dead by name, a hundred at most.
    pub unstored: Vec<Unstored>,
}

/// Why nothing can be fetched or stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What was being done, and why it failed.
    pub reason: String,
    /// Since when looks fail.
    pub since: OffsetDateTime,
    /// No time heals it: keys, users, rights.
    pub needs_person: bool,
}

/// A file that is not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unstored {
    /// Its name.
    pub name: String,
    /// Whether it is tried again only in hours.
    pub dead: bool,
    /// Times it failed.
    pub attempts: i32,
    /// Why, the last time.
    pub reason: Option<String>,
}

impl ServerState {
    /// Why nothing can be fetched from the server, if that is so: at once where a person must act,
    /// else when several looks in a row have failed.
    #[must_use]
    pub fn unreachable(&self) -> Option<&Trouble> {
        const SEVERAL: u32 = 3;
        self.trouble.as_ref().filter(|trouble| trouble.needs_person || self.failures >= SEVERAL)
    }
}

/// What a watcher is told to do.
pub(crate) enum Order {
    /// Look now, and list the directory.
    Look,
    /// Fetch what is missing.
    Sync(Job),
}

/// Where a watcher shows how it is doing, and hears what to do.
pub(crate) struct Desk {
    state: Mutex<ServerState>,
    events: [AtomicU64; EVENTS.len()],
    running: AtomicBool,
    paused: AtomicBool,
    deaths: AtomicU64,
    orders: Mutex<Option<mpsc::UnboundedSender<Order>>>,
}

impl Desk {
    pub(crate) fn new(server: &str) -> Self {
        let state = ServerState { server: server.to_owned(), ..ServerState::default() };
        Self {
            state: Mutex::new(state),
            events: Default::default(),
            running: AtomicBool::new(false),
            paused: AtomicBool::new(false),
            deaths: AtomicU64::new(0),
            orders: Mutex::new(None),
        }
    }

    pub(crate) fn state(&self) -> ServerState {
        let state = lock(&self.state).clone();
        let (running, deaths) = (self.running.load(Ordering::Relaxed), self.deaths.load(Ordering::Relaxed));
        ServerState { running, paused: self.is_paused(), deaths, ..state }
    }

    pub(crate) fn show(&self, state: ServerState) {
        let mut shown = lock(&self.state);
        *shown = ServerState { server: std::mem::take(&mut shown.server), ..state };
    }

    /// A watcher begins to work here; what it is told to do.
    pub(crate) fn begin(&self) -> mpsc::UnboundedReceiver<Order> {
        let (sender, orders) = mpsc::unbounded_channel();
        *lock(&self.orders) = Some(sender);
        self.running.store(true, Ordering::Relaxed);
        orders
    }

    /// Stops watching or has it go on.
    pub(crate) fn pause(&self, paused: bool) {
        self.paused.store(paused, Ordering::Relaxed);
        if !paused {
            // Without a watcher there is nobody to wake.
            self.order(Order::Look);
        }
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Relaxed)
    }

    pub(crate) fn died(&self) {
        self.running.store(false, Ordering::Relaxed);
        self.deaths.fetch_add(1, Ordering::Relaxed);
    }

    /// Tells the watcher what to do; false if there is none.
    pub(crate) fn order(&self, order: Order) -> bool {
        lock(&self.orders).as_ref().is_some_and(|orders| orders.send(order).is_ok())
    }

    pub(crate) fn count(&self, notice: &Notice) {
        let place = notice.event().and_then(|event| EVENTS.iter().position(|name| *name == event));
        if let Some(count) = place.and_then(|place| self.events.get(place)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What was told so far, by name.
    pub(crate) fn events(&self) -> impl Iterator<Item = (&'static str, u64)> {
        EVENTS.iter().zip(&self.events).map(|(name, count)| (*name, count.load(Ordering::Relaxed)))
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
