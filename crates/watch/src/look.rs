//! One look at a server: what is there, what is fetched, what is stored.

use std::time::{Duration, Instant};

use fullhold_repository::{RemoteFileRow, RemoteFileState};
use fullhold_ssh_sync::{self as ssh, Entry, Fetched, Listing, Mark, remove_leftovers, sync_folder};
use time::PrimitiveDateTime;

use crate::complete::{Wholeness, wholeness};
use crate::memory::{Arrived, Dead, Settled, Waiting};
use crate::notice::Notice;
use crate::window::{Window, there};
use crate::{Error, WatchConfig, Watcher, on_a_thread};

/// Files that are fetched before they are looked at again and stored.
const CHUNK: usize = 400;
/// And so many bytes, which are held in memory until they are on the disk.
const CHUNK_BYTES: u64 = 8 << 20;
/// Of a file that is larger, or not complete, nothing is held in memory while it waits.
const HELD: usize = 16 << 10;
/// More waiting files than this are looked at by a listing instead of one by one.
const ONE_BY_ONE: usize = 16;
/// A file that was not as large as the look before had said is fetched again after so long,
const MISSED: Duration = Duration::from_millis(500);
/// twice as long each time up to this,
const LONGEST_MISSED: Duration = Duration::from_secs(30);
/// and after so many times it counts as a failure.
const MOST_MISSES: u32 = 8;

impl Watcher {
    /// Looks, stores what is ready, fetches what is new.
    pub(crate) async fn look(&mut self, directory: bool) -> Result<(), Error> {
        if self.window.is_none() {
            self.begin().await?;
        } else {
            self.compare_knowledge().await?;
            if directory {
                self.look_at_directory().await?;
            }
        }
        self.begin_job().await?;
        if self.memory.wants_listing() {
            self.list().await?;
        }
        self.memory.revive(Instant::now());
        self.look_at_waiting().await?;
        self.take_ready().await?;
        self.fetch().await?;
        for (name, mark) in self.memory.worth_noting(Instant::now()) {
            self.remember(&name, mark, RemoteFileState::Waiting, 0, Some("it is being written"));
        }
        self.write_down().await
    }

    /// The first look: what the database knows, and what is there.
    async fn begin(&mut self) -> Result<(), Error> {
        let folder = self.config.folder.clone();
        on_a_thread("preparing the folder", move || make_folder(&folder).and_then(|()| remove_leftovers(&folder)))
            .await??;
        self.recall_outage().await?;
        self.recall(true).await?;
        self.looks.must_list(self.remote.stat_directory().await?, Instant::now(), self.config.idle_interval);
        let began = Instant::now();
        let listing = self.remote.list().await?;
        let window = self.first_window(&listing);
        self.see(&listing, began, &window).await?;
        self.looks.listed(began, Instant::now());
        let (waiting, _) = self.memory.waiting_counts();
        self.tell(&Notice::Began { files: listing.entries.len(), fetching: waiting, left: self.memory.left() });
        // What appears from now on is new, however old its name says it is.
        self.window = Some(Window::ALL);
        Ok(())
    }

    /// Which files the first look takes.
    pub(crate) fn first_window(&self, listing: &Listing) -> Window {
        let now = self.importer.now().assume_utc().unix_timestamp();
        let back = i64::try_from(self.config.look_back.as_secs()).unwrap_or(i64::MAX);
        // Whoever asks for some days means these.
        let outage = if self.scope.is_some() { 0 } else { self.outage(now) };
        Window::back(back.max(outage), &listing.entries, self.importer.zone(), now)
    }

    async fn look_at_directory(&mut self) -> Result<(), Error> {
        let mtime = self.remote.stat_directory().await?;
        let began = Instant::now();
        if !self.looks.must_list(mtime, began, self.config.idle_interval) {
            return self.look_at_recent().await;
        }
        self.list().await?;
        self.looks.listed(began, Instant::now());
        Ok(())
    }

    /// Looks once more at young files that were stored: whoever wrote them may go on.
    async fn look_at_recent(&mut self) -> Result<(), Error> {
        let names = self.memory.recent(Instant::now());
        if names.len() > ONE_BY_ONE {
            return self.list().await;
        }
        if names.is_empty() {
            return Ok(());
        }
        for (name, mark) in self.remote.stat(names).await? {
            if let Some(mark) = mark.filter(Mark::is_file) {
                self.memory.see(&Entry { name, mark }, Instant::now(), || true);
            }
        }
        Ok(())
    }

    async fn list(&mut self) -> Result<(), Error> {
        let began = Instant::now();
        let listing = self.remote.list().await?;
        self.see(&listing, began, &Window::ALL).await
    }

    pub(crate) async fn see(&mut self, listing: &Listing, began: Instant, window: &Window) -> Result<(), Error> {
        let now = self.importer.now().assume_utc().unix_timestamp();
        self.memory.set_clock(there(&listing.entries, now), began);
        self.memory.begin_listing();
        for entry in &listing.entries {
            let unfinished = self.freshness.unfinished.get(&entry.name).copied();
            let zone = self.importer.zone();
            let fresh = || unfinished.is_some() || window.holds(entry, zone);
            self.memory.see(entry, began, fresh);
            if let (Some(attempts), Some(waiting)) = (unfinished, self.memory.waiting_mut(&entry.name)) {
                waiting.attempts = attempts;
                waiting.noted = true;
            }
        }
        self.forget_unfinished(listing).await?;
        for refused in &listing.refused {
            if self.refused.insert(refused.clone()) {
                self.tell(&Notice::Refused(refused.clone()));
            }
        }
        // A name that is gone may come back and is told again then; and the set does not grow.
        self.refused.retain(|refused| listing.refused.contains(refused));
        let missing = self.memory.missing(&listing.entries);
        self.forget_vanished(missing).await?;
        self.freshness.listed(listing, self.importer.zone());
        Ok(())
    }

    /// What waited before and is not on the server any more is nothing to wait for.
    async fn forget_unfinished(&mut self, listing: &Listing) -> Result<(), Error> {
        if self.freshness.unfinished.is_empty() {
            return Ok(());
        }
        for entry in &listing.entries {
            self.freshness.unfinished.remove(&entry.name);
        }
        let gone: Vec<String> = self.freshness.unfinished.drain().map(|(name, _)| name).collect();
        self.importer.db().forget_remote_files(self.importer.server_id(), &gone).await?;
        Ok(())
    }

    /// Looks once more at files of which something has arrived.
    async fn look_at_waiting(&mut self) -> Result<(), Error> {
        let names = self.memory.to_look_at(Instant::now());
        if names.len() > ONE_BY_ONE {
            return self.list().await;
        }
        if names.is_empty() {
            return Ok(());
        }
        let mut vanished = Vec::new();
        for (name, mark) in self.remote.stat(names).await? {
            match mark {
                Some(mark) => self.memory.look(&name, mark, Instant::now()),
                None => vanished.push(name),
            }
        }
        self.forget_vanished(vanished).await
    }

    async fn forget_vanished(&mut self, names: Vec<String>) -> Result<(), Error> {
        let noted: Vec<String> = names.into_iter().filter(|name| self.memory.vanished(name)).collect();
        self.importer.db().forget_remote_files(self.importer.server_id(), &noted).await?;
        Ok(())
    }

    async fn fetch(&mut self) -> Result<(), Error> {
        let files = self.memory.to_fetch(Instant::now(), CHUNK, CHUNK_BYTES);
        if files.is_empty() {
            return Ok(());
        }
        let folder = self.config.folder.clone();
        // Somebody may have deleted it.
        on_a_thread("making the folder", {
            let folder = folder.clone();
            move || make_folder(&folder)
        })
        .await??;
        let (arrived, ended) = self.remote.fetch(files, folder).await?;
        for (entry, result) in arrived {
            match result {
                Ok(file) => self.arrived(&entry, file),
                Err(error) => self.not_arrived(&entry, &error).await?,
            }
        }
        self.write_down().await?;
        ended.map_or(Ok(()), |error| Err(error.into()))
    }

    fn arrived(&mut self, entry: &Entry, mut file: Fetched) {
        let Some(waiting) = self.memory.waiting_mut(&entry.name) else { return };
        let wholeness = wholeness(&entry.name, &file.bytes);
        if wholeness != Wholeness::Balanced || file.bytes.len() > HELD {
            file.let_go();
        }
        waiting.misses = 0;
        waiting.arrived = Some(Arrived::Maybe { file, wholeness });
    }

    /// One file's trouble: tried again after a while, five times, and then in hours.
    async fn not_arrived(&mut self, entry: &Entry, error: &ssh::Error) -> Result<(), Error> {
        let Entry { name, mark } = entry;
        let Some(waiting) = self.memory.waiting_mut(name) else { return Ok(()) };
        if matches!(error, ssh::Error::Size { .. }) && waiting.misses < MOST_MISSES {
            waiting.misses += 1;
            let pause = MISSED.saturating_mul(1 << (waiting.misses - 1).min(10)).min(LONGEST_MISSED);
            return self.look_after(name, *mark, pause).await;
        }
        self.failed_file(name, *mark, error);
        Ok(())
    }

    /// It is growing, or was replaced: how it is now tells a look. One that has changed is fetched at
    /// the pace of the looks; one that is only said to be of another size after longer and longer pauses.
    async fn look_after(&mut self, name: &str, before: Mark, pause: Duration) -> Result<(), Error> {
        let found = self.remote.stat(vec![name.to_owned()]).await?.into_iter().next();
        let now = Instant::now();
        let mut pause = pause;
        if let Some((_, Some(mark))) = found {
            self.memory.look(name, mark, now);
            if mark != before {
                pause = pause.min(self.config.interval);
            }
        }
        if let Some(waiting) = self.memory.waiting_mut(name) {
            waiting.pause(now + pause);
        }
        Ok(())
    }

    /// A file could not be had, or not be kept.
    pub(crate) fn failed_file(&mut self, name: &str, mark: Mark, error: &ssh::Error) {
        let reason = error.chain();
        let Some(waiting) = self.memory.waiting_mut(name) else { return };
        waiting.attempts = waiting.attempts.saturating_add(1);
        waiting.misses = 0;
        waiting.noted = true;
        waiting.reason = Some(reason.clone());
        let (attempts, stored) = (waiting.attempts, waiting.stored);
        let hopeless = matches!(error, ssh::Error::Large { .. });
        if hopeless || attempts >= WatchConfig::ATTEMPTS {
            return self.set_aside(name, mark, Dead { attempts, again: Instant::now(), reason }, stored);
        }
        let doubled = self.config.retry.0.saturating_mul(1 << attempts.clamp(0, 10));
        waiting.pause(Instant::now() + doubled.min(self.config.retry.1));
        self.remember(name, mark, RemoteFileState::Failed, attempts, Some(&reason));
        self.tell(&Notice::Failed { name: name.to_owned(), reason, attempts });
    }

    fn set_aside(&mut self, name: &str, mark: Mark, dead: Dead, stored: bool) {
        let pause = self.dead_pause(dead.attempts);
        let Dead { attempts, reason, .. } = dead.clone();
        let dead = Dead { again: Instant::now() + pause, ..dead };
        self.memory.take(name);
        let dead = Some(Box::new(dead));
        let settled = Settled { mode: Some(mark.mode), noted: true, dead, ..Settled::seen(mark, stored) };
        self.memory.know(name.to_owned(), settled);
        self.freshness.reject(name.to_owned(), reason.clone());
        self.remember(name, mark, RemoteFileState::Dead, attempts, Some(&reason));
        self.tell(&Notice::Dead { name: name.to_owned(), reason, again_in: pause });
    }

    /// How long after so many attempts a file that was set aside is left in peace: longer each time.
    pub(crate) fn dead_pause(&self, attempts: i32) -> Duration {
        let times = u32::try_from(attempts.saturating_sub(WatchConfig::ATTEMPTS)).unwrap_or(0);
        let (first, longest) = self.config.dead_retry;
        first.saturating_mul(1 << times.min(10)).min(longest)
    }

    /// Something of a file on the server that the database is to remember, once it is written down.
    pub(crate) fn remember(
        &mut self,
        name: &str,
        mark: ssh::Mark,
        state: RemoteFileState,
        attempts: i32,
        reason: Option<&str>,
    ) {
        let now: PrimitiveDateTime = self.importer.now();
        let row = RemoteFileRow {
            server_id: self.importer.server_id(),
            filename: name.to_owned(),
            size_bytes: i64::try_from(mark.size).unwrap_or(i64::MAX),
            mtime: mark.mtime,
            mode: i32::try_from(mark.mode).unwrap_or(0),
            state,
            attempts,
            reason: reason.map(ToOwned::to_owned),
            first_seen_at: now,
            updated_at: now,
        };
        self.to_remember.push(row);
    }

    /// Has the database remember all of it, in one transaction: a commit for each would take long where
    /// many files cannot be had. What is not written down now is by the next look.
    pub(crate) async fn write_down(&mut self) -> Result<(), Error> {
        if self.to_remember.is_empty() {
            return Ok(());
        }
        let server = self.importer.server_id();
        let (before, after) = self.importer.db().remember_remote_files(server, &self.to_remember).await?;
        // Nobody else wrote: what we know of the files is what the database knows.
        if self.knowledge == Some(before) {
            self.knowledge = Some(after);
        }
        self.to_remember.clear();
        Ok(())
    }

    /// Names are safe from a power cut.
    pub(crate) async fn sync_folder(&self) -> Result<(), Error> {
        let folder = self.config.folder.clone();
        Ok(on_a_thread("syncing the folder", move || sync_folder(&folder)).await??)
    }

    pub(crate) fn put_back(&mut self, files: Vec<(String, Waiting)>) {
        for (name, waiting) in files {
            self.memory.put_back(name, waiting);
        }
    }
}

fn make_folder(folder: &std::path::Path) -> Result<(), ssh::Error> {
    std::fs::create_dir_all(folder).map_err(|source| ssh::Error::Local {
        doing: "cannot be created",
        path: folder.to_path_buf(),
        source,
    })
}
