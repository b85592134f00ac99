//! Many files at once. A session is one mutex without pipelining, so several sessions work side by
//! side; each thread has its own.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Config, Cut, Entry, Error, Fetched, Session, Trouble};

/// Files that are fetched over one session, to see how long one takes, before others are opened.
const TRIED: usize = 3;

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
    let work = Work { config, cut, folder, queue: Mutex::new(files.into()), ended: AtomicBool::new(false) };
    let (sender, results) = mpsc::channel();
    let began = Instant::now();
    let first = &Session::open(config, cut)?;
    let handshake = began.elapsed();
    thread::scope(|scope| {
        let leader = scope.spawn({
            let (work, sender) = (&work, sender.clone());
            move || lead(work, scope, first, handshake, sessions, &sender)
        });
        drop(sender);
        for result in results {
            sink(result);
        }
        leader.join().unwrap_or(Err(Error::Stopped)).err()
    })
    // One session that broke matters only if its share was not done by the others.
    .filter(|_| {
        work.ended.load(Ordering::Relaxed) || !work.queue.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    })
    .map_or(Ok(()), Err)
}

/// Fetches a few files alone, then with as many helpers as pay.
fn lead<'scope>(
    work: &'scope Work<'_>,
    scope: &'scope thread::Scope<'scope, '_>,
    session: &Session,
    handshake: Duration,
    sessions: usize,
    sender: &mpsc::Sender<Fetch>,
) -> Result<(), Error> {
    let began = Instant::now();
    let tried = run(work, session, sender, TRIED)?;
    let left = work.queue.lock().unwrap_or_else(PoisonError::into_inner).len();
    let wanted = if tried < TRIED { 1 } else { worth(left, began.elapsed() / 3, handshake).clamp(1, sessions.max(1)) };
    let helpers: Vec<_> = (1..wanted)
        .map(|_| {
            let sender = sender.clone();
            scope.spawn(move || {
                let session = Session::open(work.config, work.cut)?;
                run(work, &session, &sender, usize::MAX).map(drop)
            })
        })
        .collect();
    let mut result = run(work, session, sender, usize::MAX).map(drop);
    for helper in helpers {
        result = result.and(helper.join().unwrap_or(Err(Error::Stopped)));
    }
    result
}

/// How many sessions are worth their handshakes: n sessions cost n handshakes, which are mostly
/// computation, and let the files take an n-th of the time; the sum is least at this n. Over a line
/// with a long round trip that is many, on the same machine few.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an estimate")]
fn worth(files: usize, each: Duration, handshake: Duration) -> usize {
    let alone = files as f64 * each.as_secs_f64();
    (alone / handshake.as_secs_f64().max(0.001)).sqrt().round() as usize
}

/// Fetches up to so many files; says how many.
fn run(work: &Work<'_>, session: &Session, sender: &mpsc::Sender<Fetch>, most: usize) -> Result<usize, Error> {
    let mut done = 0;
    while done < most {
        let Some(entry) = work.next() else { break };
        done += 1;
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
                    break;
                }
            }
        }
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_opened_where_they_pay() {
        let ms = Duration::from_millis;
        assert_eq!(worth(1000, Duration::from_micros(450), ms(45)), 3, "the same machine");
        assert!(worth(1000, ms(60), ms(200)) > 8, "a long line");
        assert_eq!(worth(0, ms(60), ms(200)), 0);
    }
}
