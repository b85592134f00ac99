//! Many files at once. A session is one mutex without pipelining, so several sessions work side by
//! side; each thread has its own.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use crate::{Config, Cut, Entry, Error, Fetched, Session, Trouble};

/// Files for which one more session pays: a handshake costs as much as so many files.
const FILES_PER_SESSION: usize = 8;

/// What became of one file.
pub type Fetch = (Entry, Result<Fetched, Error>);

struct Work<'a> {
    config: &'a Config,
    cut: &'a Cut,
    folder: &'a Path,
    queue: Mutex<VecDeque<Entry>>,
    /// Something is wrong that is not one file's trouble: everybody ends.
    ended: AtomicBool,
}

impl Work<'_> {
    fn next(&self) -> Option<Entry> {
        if self.ended.load(Ordering::Relaxed) || self.cut.is_cut() {
            return None;
        }
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }
}

/// Downloads files over up to so many sessions and hands each to `sink` as it arrives. Files that
/// cannot be had are handed over with the reason; the others go on. When the connection, the access
/// or the local disk fails, everything ends with that error: what was not handed over is still to do.
///
/// # Errors
/// Not one file's trouble.
pub fn fetch_all(
    config: &Config,
    cut: &Cut,
    files: Vec<Entry>,
    folder: &Path,
    sessions: usize,
    sink: &mut dyn FnMut(Fetch),
) -> Result<(), Error> {
    let wanted = files.len().div_ceil(FILES_PER_SESSION).clamp(1, sessions.max(1));
    let work = Work { config, cut, folder, queue: Mutex::new(files.into()), ended: AtomicBool::new(false) };
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..wanted)
            .map(|_| {
                let sender = sender.clone();
                let work = &work;
                scope.spawn(move || run(work, &sender))
            })
            .collect();
        drop(sender);
        for result in results {
            sink(result);
        }
        let mut ends = threads.into_iter().map(|thread| thread.join().unwrap_or(Err(Error::Stopped)));
        ends.find_map(Result::err)
    })
    // One session that broke matters only if its share was not done by the others.
    .filter(|_| {
        work.ended.load(Ordering::Relaxed) || !work.queue.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    })
    .map_or(Ok(()), Err)
}

fn run(work: &Work<'_>, sender: &mpsc::Sender<Fetch>) -> Result<(), Error> {
    let session = Session::open(work.config, work.cut)?;
    while let Some(entry) = work.next() {
        match session.fetch(&entry, work.folder) {
            Err(error) if error.trouble() != Trouble::File => {
                work.queue.lock().unwrap_or_else(PoisonError::into_inner).push_front(entry);
                if error.trouble() != Trouble::Link {
                    work.end();
                }
                return Err(error);
            }
            result => {
                if sender.send((entry, result)).is_err() {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}
