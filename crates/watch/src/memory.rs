//! What is known of each file on a server, and what is to be done with it. Pure: time comes from
//! outside.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

use fullhold_ssh_sync::{Entry, Fetched, Mark, Stability};

/// A file that is complete by what is in it is looked at once more after this time.
const COMPLETE: Duration = Duration::from_millis(400);
/// Such a file must not have changed for so long.
const AT_REST: Duration = Duration::from_millis(300);
/// A file that is not complete is looked at so often until it is stable.
const AGAIN: Duration = Duration::from_millis(1_000);
/// A file that waits for longer is worth remembering over a restart.
const LONG: Duration = Duration::from_secs(10);
/// A file that was stored is looked at for so long: its writer may only have paused, and a directory's
/// time does not move when a file in it grows.
const RECENT: Duration = Duration::from_secs(300);
/// And so many of them: each costs every look a round trip.
const MOST_RECENT: usize = 4;

/// The files of a server.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    settled: HashMap<String, Settled>,
    waiting: BTreeMap<String, Waiting>,
    /// Files that were stored a short time ago, the oldest first.
    recent: VecDeque<(String, Instant)>,
}

/// A file there is nothing to do with, as long as it stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

/// A file on its way.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) stability: Stability,
    pub(crate) arrived: Option<Arrived>,
    pub(crate) attempts: i32,
    pub(crate) not_before: Option<Instant>,
    /// Another version of it is in the database.
    pub(crate) stored: bool,
    /// The database remembers something of it.
    pub(crate) noted: bool,
}

/// What was fetched of a file.
#[derive(Debug)]
pub(crate) enum Arrived {
    /// Bytes that may be the whole of it.
    Maybe { file: Fetched, complete: bool },
    /// The whole of it, under its own name; only the database has not taken it yet.
    Whole { bytes: Vec<u8>, mark: Mark },
}

impl Settled {
    pub(crate) fn seen(mark: Mark, stored: bool) -> Self {
        Self { size: mark.size, mtime: Some(mark.mtime), mode: None, stored, left: false, noted: false }
    }

    fn is(&self, mark: Mark) -> bool {
        self.size == mark.size
            && self.mtime.is_none_or(|mtime| mtime == mark.mtime)
            && self.mode.is_none_or(|mode| mode == mark.mode)
    }
}

impl Waiting {
    fn new(mark: Mark, now: Instant, stored: bool) -> Self {
        let stability = Stability::first(mark, now);
        Self { stability, arrived: None, attempts: 0, not_before: None, stored, noted: false }
    }

    /// When something is to be done with it.
    fn due(&self, now: Instant) -> Instant {
        let due = match &self.arrived {
            None | Some(Arrived::Whole { .. }) => now,
            Some(Arrived::Maybe { complete: true, .. }) => self.stability.since() + COMPLETE,
            Some(Arrived::Maybe { complete: false, .. }) => {
                let last = self.stability.since() + self.stability.unchanged_for();
                (last + AGAIN).min(self.stability.since() + Stability::APART).max(last + COMPLETE)
            }
        };
        self.not_before.map_or(due, |not_before| due.max(not_before))
    }

    fn is_due(&self, now: Instant) -> bool {
        self.due(now) <= now
    }

    /// Whether what has arrived is the whole of it.
    fn is_ready(&self, now: Instant) -> bool {
        let at_rest = match &self.arrived {
            None => false,
            Some(Arrived::Whole { .. }) => true,
            Some(Arrived::Maybe { complete: true, .. }) => self.stability.unchanged_for() >= AT_REST,
            Some(Arrived::Maybe { complete: false, .. }) => self.stability.is_stable(),
        };
        at_rest && self.not_before.is_none_or(|not_before| not_before <= now)
    }
}

impl Memory {
    /// What the database knows of a file.
    pub(crate) fn know(&mut self, name: String, settled: Settled) {
        self.settled.insert(name, settled);
    }

    /// A file was stored now.
    pub(crate) fn stored(&mut self, name: String, settled: Settled, now: Instant) {
        self.recent.retain(|(recent, _)| *recent != name);
        if self.recent.len() >= MOST_RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back((name.clone(), now));
        self.know(name, settled);
    }

    /// Files that were stored a short time ago.
    pub(crate) fn recent(&mut self, now: Instant) -> Vec<String> {
        self.recent.retain(|(_, at)| now.duration_since(*at) < RECENT);
        self.recent.iter().map(|(name, _)| name.clone()).collect()
    }

    pub(crate) fn settled(&self, name: &str) -> Option<&Settled> {
        self.settled.get(name)
    }

    /// A file of a listing. Of files not heard of before, and of changed ones, those go on their way
    /// that `fresh` holds; a stored file of another size in any case: it is a conflict, however old.
    pub(crate) fn see(&mut self, entry: &Entry, now: Instant, fresh: impl FnOnce() -> bool) {
        let Entry { name, mark } = entry;
        if self.waiting.contains_key(name) {
            self.look(name, *mark, now);
            return;
        }
        match self.settled.get(name).copied() {
            Some(settled) if settled.is(*mark) => {}
            known => {
                let stored = known.is_some_and(|known| known.stored);
                let grown = known.is_some_and(|known| known.stored && known.size != mark.size);
                if grown || fresh() {
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

    /// A waiting file is not there any more.
    pub(crate) fn vanished(&mut self, name: &str) -> bool {
        let whole = |waiting: &Waiting| matches!(waiting.arrived, Some(Arrived::Whole { .. }));
        if self.waiting.get(name).is_some_and(whole) {
            return false;
        }
        self.waiting.remove(name).is_some_and(|waiting| waiting.noted)
    }

    /// Waiting files that a complete listing does not have.
    pub(crate) fn missing(&self, listed: &[Entry]) -> Vec<String> {
        let listed: HashSet<&str> = listed.iter().map(|entry| entry.name.as_str()).collect();
        self.waiting.keys().filter(|name| !listed.contains(name.as_str())).cloned().collect()
    }

    /// Files something of which has arrived and that are to be looked at now.
    pub(crate) fn to_look_at(&self, now: Instant) -> Vec<String> {
        let maybe = |waiting: &Waiting| matches!(waiting.arrived, Some(Arrived::Maybe { .. }));
        let due = self.waiting.iter().filter(|(_, waiting)| maybe(waiting) && waiting.is_due(now));
        due.map(|(name, _)| name.clone()).collect()
    }

    /// Files to fetch now, as they were last seen, up to so many and so many bytes.
    pub(crate) fn to_fetch(&self, now: Instant, files: usize, bytes: u64) -> Vec<Entry> {
        let mut left = bytes;
        let due = self.waiting.iter().filter(|(_, waiting)| waiting.arrived.is_none() && waiting.is_due(now));
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
        self.waiting.extract_if(.., |_, waiting| waiting.is_ready(now)).collect()
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

    /// When the next waiting file is due.
    pub(crate) fn next_due(&self, now: Instant) -> Option<Instant> {
        self.waiting.values().map(|waiting| waiting.due(now)).min()
    }

    /// Files that wait: in all, and of these those that failed before.
    pub(crate) fn waiting_counts(&self) -> (usize, usize) {
        (self.waiting.len(), self.waiting.values().filter(|waiting| waiting.attempts > 0).count())
    }

    /// Files that were too old.
    pub(crate) fn left(&self) -> usize {
        self.settled.values().filter(|settled| settled.left).count()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::WatchConfig;
    use fullhold_ssh_sync::{Config, Identity, Timeouts};

    pub(crate) fn config() -> WatchConfig {
        let second = Duration::from_secs(1);
        WatchConfig {
            ssh: Config {
                host: "127.0.0.1".to_owned(),
                port: 22,
                user: "nobody".to_owned(),
                identity: Identity::Agent,
                known_hosts: "known_hosts".into(),
                directory: "files".to_owned(),
                most_bytes: 1 << 20,
                timeouts: Timeouts { connect: second, handshake: second, operation: second },
            },
            folder: "local".into(),
            interval: 60 * second,
            idle_interval: 600 * second,
            grace: 600 * second,
            look_back: 86_400 * second,
            retry: (second, 60 * second),
        }
    }

    fn entry(name: &str, size: u64, mtime: i64) -> Entry {
        Entry { name: name.to_owned(), mark: Mark { size, mtime, mode: 0o100_644 } }
    }

    fn to_fetch(memory: &Memory, now: Instant) -> Vec<String> {
        memory.to_fetch(now, 100, 1 << 20).into_iter().map(|entry| entry.name).collect()
    }

    #[test]
    fn what_is_stored_as_it_is_there_is_left_in_peace() {
        let now = Instant::now();
        let mut memory = Memory::default();
        memory.know("stored".to_owned(), Settled::seen(entry("stored", 10, 5).mark, true));
        let without_time = Settled { mtime: None, ..Settled::seen(entry("", 10, 5).mark, true) };
        memory.know("imported without time".to_owned(), without_time);
        memory.see(&entry("stored", 10, 5), now, || true);
        memory.see(&entry("imported without time", 10, 9), now, || true);
        memory.see(&entry("new", 10, 5), now, || true);
        memory.see(&entry("old", 10, 5), now, || false);
        assert_eq!(to_fetch(&memory, now), ["new"]);
        assert_eq!(memory.left(), 1);
    }

    #[test]
    fn what_changed_on_the_server_goes_on_its_way_again_and_is_known_as_stored() {
        let now = Instant::now();
        let mut memory = Memory::default();
        memory.know("a".to_owned(), Settled::seen(entry("a", 10, 5).mark, true));
        memory.see(&entry("a", 11, 6), now, || true);
        assert_eq!(to_fetch(&memory, now), ["a"]);
        assert!(memory.take("a").unwrap().stored);
    }

    #[test]
    fn a_stored_file_of_another_size_is_looked_into_however_old() {
        let now = Instant::now();
        let mut memory = Memory::default();
        for name in ["larger", "touched"] {
            memory.know(name.to_owned(), Settled::seen(entry(name, 10, 5).mark, true));
        }
        memory.see(&entry("larger", 11, 5), now, || false);
        memory.see(&entry("touched", 10, 6), now, || false);
        assert_eq!(to_fetch(&memory, now), ["larger"]);
        assert_eq!(memory.left(), 0);
    }

    #[test]
    fn a_few_files_are_looked_at_for_a_while_after_they_were_stored() {
        let start = Instant::now();
        let mut memory = Memory::default();
        for (second, name) in (0..).zip(["a", "b", "c", "d", "b", "e"]) {
            let settled = Settled::seen(entry(name, 10, 5).mark, true);
            memory.stored(name.to_owned(), settled, start + Duration::from_secs(second));
        }
        assert_eq!(memory.recent(start + Duration::from_secs(10)), ["c", "d", "b", "e"]);
        assert_eq!(memory.recent(start + RECENT + Duration::from_secs(3)), ["b", "e"]);
        assert!(memory.recent(start + 2 * RECENT).is_empty());
    }

    #[test]
    fn a_file_that_was_set_aside_comes_back_when_its_permissions_change() {
        let now = Instant::now();
        let closed = Mark { mode: 0o100_000, ..entry("a", 10, 5).mark };
        let mut memory = Memory::default();
        memory.know("a".to_owned(), Settled { mode: Some(closed.mode), ..Settled::seen(closed, false) });
        memory.see(&Entry { name: "a".to_owned(), mark: closed }, now, || true);
        assert_eq!(to_fetch(&memory, now), Vec::<String>::new());
        memory.see(&entry("a", 10, 5), now, || true);
        assert_eq!(to_fetch(&memory, now), ["a"]);
    }

    #[test]
    fn a_file_that_vanished_is_forgotten() {
        let now = Instant::now();
        let mut memory = Memory::default();
        memory.see(&entry("a", 10, 5), now, || true);
        memory.see(&entry("b", 10, 5), now, || true);
        assert_eq!(memory.missing(&[entry("b", 10, 5)]), ["a"]);
        assert!(!memory.vanished("a"));
        assert_eq!(to_fetch(&memory, now), ["b"]);
    }

    #[test]
    fn as_many_are_fetched_at_once_as_memory_allows() {
        let now = Instant::now();
        let mut memory = Memory::default();
        for name in ["a", "b", "c", "d"] {
            memory.see(&entry(name, 100, 5), now, || true);
        }
        assert_eq!(memory.to_fetch(now, 2, 1_000).len(), 2);
        assert_eq!(memory.to_fetch(now, 10, 150).len(), 2);
        assert_eq!(memory.to_fetch(now, 10, 1).len(), 1);
    }
}
