//! What is known of each file on a server, and what is to be done with it. Pure: time comes from
//! outside.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::{Duration, Instant};

use fullhold_ssh_sync::{Entry, Fetched, Mark, Stability};

use crate::complete::Wholeness;

/// A file that is complete by what is in it is looked at once more after this time.
const COMPLETE: Duration = Duration::from_millis(400);
/// Such a file must not have changed for so long.
const AT_REST: Duration = Duration::from_millis(300);
/// A file that is not complete is looked at so often until it has come to rest.
const AGAIN: Duration = Duration::from_millis(1_000);
/// A file that does not balance rests for this share of the time of one that is cut off.
const UNCLEAR_SHARE: u32 = 2;
/// A file that waits for longer is worth remembering over a restart.
const LONG: Duration = Duration::from_secs(10);
/// A file that was stored is looked at for so long if it is younger: its writer may only have
/// paused, and a directory's time does not move when a file in it grows.
const YOUNG: Duration = Duration::from_secs(300);
/// Files on their way at a time. Of more only the number is known until these are dealt with: a
/// server that lists names without files behind them is not to cost memory.
const MOST_WAITING: usize = 5_000;

/// The files of a server.
#[derive(Debug)]
pub(crate) struct Memory {
    settled: HashMap<String, Settled>,
    waiting: BTreeMap<String, Waiting>,
    /// Young files that were stored, the oldest first.
    recent: VecDeque<Recent>,
    clock: Option<ServerClock>,
    rest: Duration,
    /// Files of the last listing that are to go on their way and for which there was no room.
    behind: usize,
    /// Files that were set aside, are due, and for which there was no room.
    behind_dead: usize,
}

#[derive(Debug)]
struct Recent {
    name: String,
    stored_at: Instant,
}

/// What the server's clock said at an instant, seconds since 1970, as far as its files tell.
#[derive(Clone, Copy, Debug)]
struct ServerClock {
    there: i64,
    at: Instant,
}

/// A file there is nothing to do with, as long as it stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) size: u64,
    /// Not known of files that were imported without one.
    pub(crate) mtime: Option<i64>,
    /// Matters where permissions were the trouble.
    pub(crate) mode: Option<u32>,
    /// Its bytes are in the database, whether or not the server's are the same now.
    pub(crate) stored: bool,
    /// Too old when watching began.
    pub(crate) left: bool,
    /// The database remembers something of it.
    pub(crate) noted: bool,
    /// It could not be had. Apart, because most files have none.
    pub(crate) dead: Option<Box<Dead>>,
}

/// A file that was tried often enough, and is tried again in hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dead {
    pub(crate) attempts: i32,
    pub(crate) again: Instant,
    pub(crate) reason: String,
}

/// A file on its way.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) stability: Stability,
    pub(crate) arrived: Option<Arrived>,
    pub(crate) attempts: i32,
    /// Times in a row that it was not as large as the look before had said.
    pub(crate) misses: u32,
    pub(crate) not_before: Option<Instant>,
    /// Another version of it is in the database.
    pub(crate) stored: bool,
    /// The database remembers something of it.
    pub(crate) noted: bool,
    /// What went wrong last.
    pub(crate) reason: Option<String>,
}

/// What was fetched of a file.
#[derive(Debug)]
pub(crate) enum Arrived {
    /// Bytes that may be the whole of it.
    Maybe { file: Fetched, wholeness: Wholeness },
    /// The whole of it, under its own name; only the database has not taken it yet.
    Whole { bytes: Vec<u8>, mark: Mark },
}

impl Settled {
    pub(crate) fn seen(mark: Mark, stored: bool) -> Self {
        let (size, mtime) = (mark.size, Some(mark.mtime));
        Self { size, mtime, mode: None, stored, left: false, noted: false, dead: None }
    }

    fn is(&self, mark: Mark) -> bool {
        self.size == mark.size
            && self.mtime.is_none_or(|mtime| mtime == mark.mtime)
            && self.mode.is_none_or(|mode| mode == mark.mode)
    }
}

impl Waiting {
    fn new(mark: Mark, now: Instant, stored: bool) -> Self {
        Self {
            stability: Stability::first(mark, now),
            arrived: None,
            attempts: 0,
            misses: 0,
            not_before: None,
            stored,
            noted: false,
            reason: None,
        }
    }

    /// Waits at least until then.
    pub(crate) fn pause(&mut self, until: Instant) {
        self.not_before = Some(self.not_before.map_or(until, |before| before.max(until)));
    }
}

impl Memory {
    /// Nothing is known. A young file that is cut off must rest for so long.
    pub(crate) fn new(rest: Duration) -> Self {
        let (settled, waiting, recent) = (HashMap::new(), BTreeMap::new(), VecDeque::new());
        Self { settled, waiting, recent, clock: None, rest, behind: 0, behind_dead: 0 }
    }

    /// The server's clock says this now.
    pub(crate) fn set_clock(&mut self, there: i64, at: Instant) {
        self.clock = Some(ServerClock { there, at });
    }

    /// How long ago a file was written, by the server's clock.
    fn age(&self, mtime: i64, now: Instant) -> Duration {
        let Some(clock) = self.clock else { return Duration::ZERO };
        let at_the_clock = u64::try_from(clock.there.saturating_sub(mtime)).unwrap_or(0);
        Duration::from_secs(at_the_clock) + now.saturating_duration_since(clock.at)
    }

    /// For how long a file must be seen unchanged before it is stored.
    fn rest_of(&self, waiting: &Waiting) -> Duration {
        let asked = match &waiting.arrived {
            Some(Arrived::Maybe { wholeness: Wholeness::Balanced, .. }) => return AT_REST,
            Some(Arrived::Maybe { wholeness: Wholeness::Unclear, .. }) => self.rest / UNCLEAR_SHARE,
            Some(Arrived::Maybe { wholeness: Wholeness::CancelSocket, .. }) => self.rest,
            None | Some(Arrived::Whole { .. }) => return Duration::ZERO,
        };
        let rested = self.age(waiting.stability.mark().mtime, waiting.stability.since());
        asked.saturating_sub(rested).max(Stability::APART)
    }

    /// When something is to be done with a file.
    fn due(&self, waiting: &Waiting, now: Instant) -> Instant {
        let since = waiting.stability.since();
        let last = since + waiting.stability.unchanged_for();
        let due = match &waiting.arrived {
            None | Some(Arrived::Whole { .. }) => now,
            Some(Arrived::Maybe { wholeness: Wholeness::Balanced, .. }) => since + COMPLETE,
            Some(Arrived::Maybe { .. }) => (last + AGAIN).min(since + self.rest_of(waiting)).max(last + COMPLETE),
        };
        waiting.not_before.map_or(due, |not_before| due.max(not_before))
    }

    /// Whether what has arrived is the whole of it.
    fn is_ready(&self, waiting: &Waiting, now: Instant) -> bool {
        waiting.arrived.is_some()
            && waiting.stability.unchanged_for() >= self.rest_of(waiting)
            && waiting.not_before.is_none_or(|not_before| not_before <= now)
    }

    /// What the database knows of a file.
    pub(crate) fn know(&mut self, name: String, settled: Settled) {
        self.settled.insert(name, settled);
    }

    /// What the database knows of all files, in place of what was known before. Of files on their way
    /// it only tells whether another version is stored. Returns how many stored files are so no more.
    pub(crate) fn replace(&mut self, mut known: HashMap<String, Settled>) -> usize {
        let mut lost = 0;
        for (name, before) in std::mem::take(&mut self.settled) {
            match known.get_mut(&name) {
                // When it is tried again stays as it was.
                Some(now) if now.dead.is_some() && before.dead.is_some() => now.dead = before.dead,
                Some(_) => {}
                None if before.left && !self.waiting.contains_key(&name) => drop(known.insert(name, before)),
                None => lost += usize::from(before.stored),
            }
        }
        // What another process stored as it is there needs nothing more.
        let is_stored = |name: &String, mark: Mark| {
            known.get(name).is_some_and(|known| known.stored && known.mtime.is_some() && known.is(mark))
        };
        self.waiting.retain(|name, waiting| !is_stored(name, waiting.stability.mark()));
        for (name, waiting) in &mut self.waiting {
            let stored = known.remove(name).is_some_and(|known| known.stored);
            lost += usize::from(waiting.stored && !stored);
            waiting.stored = stored;
        }
        self.settled = known;
        lost
    }

    /// Files that were left alone, or set aside, are seen as if for the first time.
    pub(crate) fn reconsider(&mut self) {
        self.settled.retain(|_, settled| !settled.left);
        for settled in self.settled.values_mut() {
            if let Some(dead) = &mut settled.dead {
                dead.again = Instant::now();
            }
        }
    }

    /// Files that were set aside go on their way when their time has come.
    pub(crate) fn revive(&mut self, now: Instant) {
        let is_due = |settled: &Settled| settled.dead.as_ref().is_some_and(|dead| dead.again <= now);
        let due = self.settled.iter().filter(|(_, settled)| is_due(settled)).map(|(name, _)| name);
        let room = MOST_WAITING.saturating_sub(self.waiting.len());
        let all = due.clone().count();
        let names: Vec<String> = due.take(room).cloned().collect();
        self.behind_dead = all - names.len();
        for name in names {
            let Some(settled) = self.settled.remove(&name) else { continue };
            let (Some(mtime), Some(dead)) = (settled.mtime, settled.dead) else { continue };
            let mark = Mark { size: settled.size, mtime, mode: settled.mode.unwrap_or_default() };
            let waiting = Waiting {
                attempts: dead.attempts,
                noted: settled.noted,
                reason: Some(dead.reason),
                ..Waiting::new(mark, now, settled.stored)
            };
            self.waiting.insert(name, waiting);
        }
    }

    /// A file was stored now.
    pub(crate) fn stored(&mut self, name: String, settled: Settled, now: Instant) {
        self.recent.retain(|recent| recent.name != name);
        if settled.mtime.is_some_and(|mtime| self.age(mtime, now) < YOUNG) {
            self.recent.push_back(Recent { name: name.clone(), stored_at: now });
        }
        self.know(name, settled);
    }

    /// Young files that were stored.
    pub(crate) fn recent(&mut self, now: Instant) -> Vec<String> {
        self.recent.retain(|recent| now.duration_since(recent.stored_at) < YOUNG);
        self.recent.iter().map(|recent| recent.name.clone()).collect()
    }

    pub(crate) fn settled(&self, name: &str) -> Option<&Settled> {
        self.settled.get(name)
    }

    /// A listing begins.
    pub(crate) fn begin_listing(&mut self) {
        self.behind = 0;
    }

    /// Whether there is room for files of the last listing that had none.
    pub(crate) fn wants_listing(&self) -> bool {
        self.behind > 0 && self.waiting.len() <= MOST_WAITING / 2
    }

    /// A file of a listing. Of files not heard of before, and of changed ones, those go on their way
    /// that `fresh` holds; a stored file of another size in any case: it is a conflict, however old.
    pub(crate) fn see(&mut self, entry: &Entry, now: Instant, fresh: impl FnOnce() -> bool) {
        let Entry { name, mark } = entry;
        if self.waiting.contains_key(name) {
            self.look(name, *mark, now);
            return;
        }
        match self.settled.get(name) {
            Some(settled) if settled.is(*mark) => {}
            known => {
                let stored = known.is_some_and(|known| known.stored);
                let grown = known.is_some_and(|known| known.stored && known.size != mark.size);
                let failed = known.is_some_and(|known| known.dead.is_some());
                if grown || failed || fresh() {
                    if self.waiting.len() >= MOST_WAITING {
                        self.behind += 1;
                        return;
                    }
                    let noted = self.settled.remove(name).is_some_and(|known| known.noted);
                    self.waiting.insert(name.clone(), Waiting { noted, ..Waiting::new(*mark, now, stored) });
                } else {
                    self.settled.insert(name.clone(), Settled { left: !stored, ..Settled::seen(*mark, stored) });
                }
            }
        }
    }

    /// A waiting file is like this now. What has arrived of another version is of no use.
    pub(crate) fn look(&mut self, name: &str, mark: Mark, now: Instant) {
        let Some(waiting) = self.waiting.get_mut(name) else { return };
        if !waiting.stability.look(mark, now) {
            waiting.not_before = None;
            // A whole file that has changed is settled first: the change is its conflict.
            if matches!(waiting.arrived, Some(Arrived::Maybe { .. })) {
                waiting.arrived = None;
            }
        }
    }

    /// A file that waits, or was set aside, is not there any more. Returns whether the database
    /// remembers it.
    pub(crate) fn vanished(&mut self, name: &str) -> bool {
        if self.settled.get(name).is_some_and(|settled| settled.dead.is_some()) {
            return self.settled.remove(name).is_some_and(|settled| settled.noted);
        }
        let whole = |waiting: &Waiting| matches!(waiting.arrived, Some(Arrived::Whole { .. }));
        if self.waiting.get(name).is_some_and(whole) {
            return false;
        }
        self.waiting.remove(name).is_some_and(|waiting| waiting.noted)
    }

    /// Waiting files, and such as were set aside, that a complete listing, by name, does not have.
    pub(crate) fn missing(&self, listed: &[Entry]) -> Vec<String> {
        let is_listed = |name: &String| listed.binary_search_by(|entry| entry.name.cmp(name)).is_ok();
        let dead = self.settled.iter().filter(|(_, settled)| settled.dead.is_some()).map(|(name, _)| name);
        self.waiting.keys().chain(dead).filter(|name| !is_listed(name)).cloned().collect()
    }

    /// Files something of which has arrived and that are to be looked at now.
    pub(crate) fn to_look_at(&self, now: Instant) -> Vec<String> {
        let maybe = |waiting: &Waiting| matches!(waiting.arrived, Some(Arrived::Maybe { .. }));
        let due = self.waiting.iter().filter(|(_, waiting)| maybe(waiting) && self.due(waiting, now) <= now);
        due.map(|(name, _)| name.clone()).collect()
    }

    /// Files to fetch now, as they were last seen, up to so many and so many bytes.
    pub(crate) fn to_fetch(&self, now: Instant, files: usize, bytes: u64) -> Vec<Entry> {
        let mut left = bytes;
        let due = self.waiting.iter().filter(|(_, waiting)| waiting.arrived.is_none() && self.due(waiting, now) <= now);
        due.map(|(name, waiting)| Entry { name: name.clone(), mark: waiting.stability.mark() })
            .take(files)
            .take_while(|entry| {
                let fits = left > 0;
                left = left.saturating_sub(entry.mark.size);
                fits
            })
            .collect()
    }

    /// Takes out what is ready to be stored.
    pub(crate) fn take_ready(&mut self, now: Instant) -> Vec<(String, Waiting)> {
        let ready = self.waiting.iter().filter(|(_, waiting)| self.is_ready(waiting, now));
        let names: Vec<String> = ready.map(|(name, _)| name.clone()).collect();
        names.into_iter().filter_map(|name| self.waiting.remove_entry(&name)).collect()
    }

    pub(crate) fn put_back(&mut self, name: String, waiting: Waiting) {
        self.waiting.insert(name, waiting);
    }

    pub(crate) fn waiting_mut(&mut self, name: &str) -> Option<&mut Waiting> {
        self.waiting.get_mut(name)
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<Waiting> {
        self.waiting.remove(name)
    }

    /// Files that have been waiting for long and that the database has not heard of.
    pub(crate) fn worth_noting(&mut self, now: Instant) -> Vec<(String, Mark)> {
        let long = |waiting: &Waiting| {
            !waiting.noted && now.duration_since(waiting.stability.since()) >= LONG && waiting.attempts == 0
        };
        let mut worth = Vec::new();
        for (name, waiting) in self.waiting.iter_mut().filter(|(_, waiting)| long(waiting)) {
            waiting.noted = true;
            worth.push((name.clone(), waiting.stability.mark()));
        }
        worth
    }

    /// When something is to be done next.
    pub(crate) fn next_due(&self, now: Instant) -> Option<Instant> {
        if self.wants_listing() || self.behind_dead > 0 && self.waiting.len() < MOST_WAITING {
            return Some(now);
        }
        self.waiting.values().map(|waiting| self.due(waiting, now)).min()
    }

    /// Files that wait: in all, and of these those that failed before.
    pub(crate) fn waiting_counts(&self) -> (usize, usize) {
        (
            self.waiting.len() + self.behind + self.behind_dead,
            self.waiting.values().filter(|waiting| waiting.attempts > 0).count(),
        )
    }

    /// Files that were set aside.
    pub(crate) fn dead(&self) -> usize {
        self.settled.values().filter(|settled| settled.dead.is_some()).count()
    }

    /// Files on their way, by name.
    pub(crate) fn on_their_way(&self) -> impl Iterator<Item = (&String, &Waiting)> {
        self.waiting.iter()
    }

    /// Files that were set aside.
    pub(crate) fn set_aside(&self) -> impl Iterator<Item = (&String, &Dead)> {
        self.settled.iter().filter_map(|(name, settled)| settled.dead.as_deref().map(|dead| (name, dead)))
    }

    /// Files that were too old.
    pub(crate) fn left(&self) -> usize {
        self.settled.values().filter(|settled| settled.left).count()
    }
}

#[cfg(test)]
#[path = "memory_tests.rs"]
mod tests;
