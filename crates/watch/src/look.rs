//! One look at a server: what is there, what is fetched, what is stored.

use std::time::{Duration, Instant};

use fullhold_repository::RemoteFileRow;
use fullhold_ssh_sync::{self as ssh, Entry, Fetched, Listing, Mark, Trouble, remove_leftovers, sync_folder};
use fullhold_stats_file::{FileKind, FileName};
use time::PrimitiveDateTime;

use crate::complete::is_complete;
use crate::memory::{Arrived, Settled, Waiting};
use crate::notice::Notice;
use crate::window::{Window, seconds};
use crate::{Error, WatchConfig, Watcher, on_a_thread};

/// Files that are fetched before they are looked at again and stored.
const CHUNK: usize = 400;
/// And so many bytes, which are held in memory until then.
const CHUNK_BYTES: u64 = 32 << 20;
/// More waiting files than this are looked at by a listing instead of one by one.
const ONE_BY_ONE: usize = 16;
/// Temporary files of a killed process are removed when they are so old.
const LEFTOVER: Duration = Duration::from_secs(3_600);

impl Watcher {
    /// Looks, stores what is ready, fetches what is new.
    pub(crate) async fn look(&mut self, directory: bool) -> Result<(), Error> {
        if self.window.is_none() {
            self.begin().await?;
        } else if directory {
            self.look_at_directory().await?;
        }
        self.look_at_waiting().await?;
        self.take_ready().await?;
        self.fetch().await?;
        for (name, mark) in self.memory.worth_noting(Instant::now()) {
            self.remember(&name, mark, "waiting", 0, Some("it is being written")).await?;
        }
        Ok(())
    }

    /// The first look: what the database knows, and what is there.
    async fn begin(&mut self) -> Result<(), Error> {
        let folder = self.config.folder.clone();
        let prepare = move || {
            std::fs::create_dir_all(&folder).map_err(|source| ssh::Error::Local {
                doing: "cannot be created",
                path: folder.clone(),
                source,
            })?;
            remove_leftovers(&folder, LEFTOVER)
        };
        on_a_thread("preparing the folder", prepare).await??;
        self.recall().await?;
        self.looks.must_list(self.remote.stat_directory().await?, Instant::now(), self.config.idle_interval);
        let began = Instant::now();
        let listing = self.remote.list().await?;
        let now = self.importer.now().assume_utc().unix_timestamp();
        let zone = self.importer.zone();
        let back = i64::try_from(self.config.look_back.as_secs()).unwrap_or(i64::MAX);
        let window = Window::back(back, &listing.entries, zone, now);
        self.see(&listing, began, &window).await?;
        self.looks.listed(began);
        let (waiting, _) = self.memory.waiting_counts();
        self.tell(&Notice::Began { files: listing.entries.len(), fetching: waiting, left: self.memory.left() });
        // What appears from now on is new, however old its name says it is.
        self.window = Some(Window::ALL);
        Ok(())
    }

    /// What the database knows of the server's files.
    async fn recall(&mut self) -> Result<(), Error> {
        let server = self.importer.server_id();
        for file in self.importer.db().stored_marks(server).await? {
            let stored = matches!(file.state.as_str(), "imported" | "ignored");
            let size = u64::try_from(file.size_bytes).unwrap_or(0);
            let settled =
                Settled { size, mtime: file.mtime.map(seconds), mode: None, stored, left: false, noted: false };
            self.memory.know(file.filename, settled);
        }
        for row in self.importer.db().remote_files(server).await? {
            let stored = self.memory.settled(&row.filename).is_some_and(|settled| settled.stored);
            let mode = u32::try_from(row.mode).ok().filter(|_| row.state == "dead");
            let size = u64::try_from(row.size_bytes).unwrap_or(0);
            let settled = Settled { size, mtime: Some(row.mtime), mode, stored, left: false, noted: true };
            if matches!(row.state.as_str(), "dead" | "conflict" | "same") {
                self.memory.know(row.filename, settled);
            } else {
                // It waited when we ended: it is fetched, whatever its age.
                self.freshness.unfinished.insert(row.filename, row.attempts);
            }
        }
        Ok(())
    }

    async fn look_at_directory(&mut self) -> Result<(), Error> {
        let mtime = self.remote.stat_directory().await?;
        let began = Instant::now();
        if !self.looks.must_list(mtime, began, self.config.idle_interval) {
            return self.look_at_recent().await;
        }
        self.list().await?;
        self.looks.listed(began);
        Ok(())
    }

    /// Looks once more at files that were stored a short time ago: whoever wrote them may go on.
    async fn look_at_recent(&mut self) -> Result<(), Error> {
        let names = self.memory.recent(Instant::now());
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

    async fn see(&mut self, listing: &Listing, began: Instant, window: &Window) -> Result<(), Error> {
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
        self.freshness.unfinished.clear();
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
        let (arrived, ended) = self.remote.fetch(files, folder).await?;
        for (entry, result) in arrived {
            match result {
                Ok(file) => self.arrived(&entry, file),
                Err(error) => self.not_arrived(&entry, &error).await?,
            }
        }
        ended.map_or(Ok(()), |error| Err(error.into()))
    }

    fn arrived(&mut self, entry: &Entry, file: Fetched) {
        let Some(waiting) = self.memory.waiting_mut(&entry.name) else { return };
        let name = match FileKind::of(&entry.name) {
            FileKind::Stats(name) => Some(name),
            _ => None,
        };
        let complete = name.is_some_and(|name: FileName| is_complete(&name, &file.bytes));
        waiting.arrived = Some(Arrived::Maybe { file, complete });
    }

    /// One file's trouble: tried again after a while, five times.
    async fn not_arrived(&mut self, entry: &Entry, error: &ssh::Error) -> Result<(), Error> {
        let Entry { name, mark } = entry;
        let again = Duration::from_millis(500);
        let Some(waiting) = self.memory.waiting_mut(name) else { return Ok(()) };
        if matches!(error, ssh::Error::Size { .. }) {
            // It is growing, or was replaced: how it is now tells a look.
            waiting.not_before = Some(Instant::now() + again);
            let now = self.remote.stat(vec![name.clone()]).await?;
            if let Some((_, Some(mark))) = now.into_iter().next() {
                self.memory.look(name, mark, Instant::now());
            }
            if let Some(waiting) = self.memory.waiting_mut(name) {
                waiting.not_before = Some(Instant::now() + again);
            }
            return Ok(());
        }
        debug_assert_eq!(error.trouble(), Trouble::File);
        waiting.attempts += 1;
        waiting.noted = true;
        let (attempts, stored) = (waiting.attempts, waiting.stored);
        let reason = error.chain();
        let hopeless = matches!(error, ssh::Error::Large { .. });
        if hopeless || attempts >= WatchConfig::ATTEMPTS {
            self.memory.take(name);
            let settled = Settled { mode: Some(mark.mode), noted: true, ..Settled::seen(*mark, stored) };
            self.memory.know(name.clone(), settled);
            self.remember(name, *mark, "dead", attempts, Some(&reason)).await?;
            self.freshness.reject(name.clone(), reason.clone());
            self.tell(&Notice::Dead { name: name.clone(), reason });
        } else {
            let doubled = self.config.retry.0.saturating_mul(1 << attempts.clamp(0, 10));
            waiting.not_before = Some(Instant::now() + doubled.min(self.config.retry.1));
            self.remember(name, *mark, "failed", attempts, Some(&reason)).await?;
            self.tell(&Notice::Failed { name: name.clone(), reason, attempts });
        }
        Ok(())
    }

    /// Has the database remember something of a file on the server.
    pub(crate) async fn remember(
        &self,
        name: &str,
        mark: ssh::Mark,
        state: &str,
        attempts: i32,
        reason: Option<&str>,
    ) -> Result<(), Error> {
        let now: PrimitiveDateTime = self.importer.now();
        let row = RemoteFileRow {
            server_id: self.importer.server_id(),
            filename: name.to_owned(),
            size_bytes: i64::try_from(mark.size).unwrap_or(i64::MAX),
            mtime: mark.mtime,
            mode: i32::try_from(mark.mode).unwrap_or(0),
            state: state.to_owned(),
            attempts,
            reason: reason.map(ToOwned::to_owned),
            first_seen_at: now,
            updated_at: now,
        };
        Ok(self.importer.db().remember_remote_file(&row).await?)
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
