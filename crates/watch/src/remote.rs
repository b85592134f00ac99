//! The server as asynchronous code sees it: each operation on a thread that may be blocked, with a
//! deadline over all, and one session that is kept.

use std::future::Future;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;
use std::{io, thread};

use fullhold_ssh_sync::{CancelSocket, Config, Entry, Error, Fetch, Listing, Mark, Session};
use fullhold_stats_file::FileKind;
use tokio::sync::{oneshot, watch};

/// Each operation has deadlines of its own, which follow the bytes. This is for what none of them foresaw.
const DEADLINE: Duration = Duration::from_secs(3_600);
/// After the end was asked for, and the connection cut, what is under way is waited for only so long: libssh2
/// reads a banner byte by byte, and what has come of one without end keeps it busy for a second.
const CUT_OFF: Duration = Duration::from_millis(400);

/// Whether a file of that name is to be fetched: stats files and their end statistics.
#[must_use]
pub fn wanted(name: &str) -> bool {
    matches!(FileKind::of(name), FileKind::Stats(_) | FileKind::Endstats)
}

/// A server, and the session with it if there is one.
pub(crate) struct Remote {
    config: Config,
    cut: CancelSocket,
    session: Option<Session>,
    worker: Option<Worker>,
    ended: watch::Sender<bool>,
}

/// Ends whatever is going on with a server, and everything that follows.
#[derive(Clone)]
pub(crate) struct Ending {
    cut: CancelSocket,
    ended: watch::Sender<bool>,
}

impl Ending {
    pub(crate) fn end(&self) {
        self.cut.cancel();
        self.ended.send_replace(true);
    }

    pub(crate) fn is_asked_for(&self) -> bool {
        *self.ended.borrow()
    }
}

/// A thread that works for one server as long as it is watched. What a large listing takes is given
/// back to the thread's own share of the allocator: of threads that come and go, each would keep its
/// own.
struct Worker(mpsc::Sender<Box<dyn FnOnce() + Send>>);

impl Worker {
    fn start() -> io::Result<Self> {
        let (sender, jobs) = mpsc::channel::<Box<dyn FnOnce() + Send>>();
        let work = move || jobs.into_iter().for_each(|job| job());
        thread::Builder::new().name("ssh".to_owned()).spawn(work)?;
        Ok(Self(sender))
    }

    /// Does something there; nothing comes back if it panicked.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (done, result) = oneshot::channel();
        // Whoever asked may have gone.
        let job = move || drop(done.send(work()));
        self.0.send(Box::new(job)).ok()?;
        result.await.ok()
    }
}

impl Remote {
    pub(crate) fn new(config: Config) -> Self {
        Self { config, cut: CancelSocket::default(), session: None, worker: None, ended: watch::Sender::new(false) }
    }

    /// Ends whatever is going on, and everything that follows.
    pub(crate) fn ending(&self) -> Ending {
        Ending { cut: self.cut.clone(), ended: self.ended.clone() }
    }

    /// Does something with the session, on a thread of its own; makes one first if there is none.
    async fn with<T: Send + 'static>(
        &mut self,
        doing: impl FnOnce(&Session) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (config, cut, session) = (self.config.clone(), self.cut.clone(), self.session.take());
        let work = move || {
            let session = match session {
                Some(session) => session,
                None => Session::open(&config, &cut)?,
            };
            let result = doing(&session);
            Ok((result, (!session.is_broken()).then_some(session)))
        };
        let (result, session) = self.blocking(work).await?;
        self.session = session;
        result
    }

    async fn blocking<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let silent = |config: &Config| Error::Silent {
            host: format!("{}:{}", config.host, config.port),
            doing: "working".to_owned(),
            after: DEADLINE,
        };
        let started = match self.worker.take() {
            Some(worker) => Ok(worker),
            None => Worker::start(),
        };
        let host = || format!("{}:{}", self.config.host, self.config.port);
        let worker = started.map_err(|source| Error::Connect { host: host(), source })?;
        let mut ended = self.ended.subscribe();
        let cut_off = async {
            drop(ended.wait_for(|ended| *ended).await);
            tokio::time::sleep(CUT_OFF).await;
        };
        let result = tokio::select! {
            result = in_time(worker.run(work)) => result,
            // It works off what it has and ends after us.
            () = cut_off => return Err(Error::Stopped),
        };
        match result {
            Some(Some(result)) => {
                self.worker = Some(worker);
                result
            }
            Some(None) => Err(Error::Stopped),
            None => {
                // Whoever is still blocked comes back with an error, to nobody.
                self.cut.cancel();
                self.cut = CancelSocket::default();
                Err(silent(&self.config))
            }
        }
    }

    pub(crate) async fn stat_directory(&mut self) -> Result<i64, Error> {
        self.with(Session::stat_directory).await
    }

    pub(crate) async fn list(&mut self) -> Result<Listing, Error> {
        self.with(|session| session.list(&wanted)).await
    }

    /// Files as they are now; `None` for those that are not there any more.
    pub(crate) async fn stat(&mut self, names: Vec<String>) -> Result<Vec<(String, Option<Mark>)>, Error> {
        self.with(|session| names.into_iter().map(|name| session.stat(&name).map(|mark| (name, mark))).collect()).await
    }

    /// Downloads; what arrived and what did not, and the error that ended it early.
    pub(crate) async fn fetch(
        &mut self,
        files: Vec<Entry>,
        folder: PathBuf,
    ) -> Result<(Vec<Fetch>, Option<Error>), Error> {
        self.with(move |session| {
            let mut arrived = Vec::new();
            let ended = session.fetch_all(files, &folder, &mut |one| arrived.push(one));
            Ok((arrived, ended.err()))
        })
        .await
    }

    /// Says that we are still there.
    pub(crate) async fn keep_alive(&mut self) {
        if self.session.is_some() {
            // A session that broke is made anew by the next look, which also says so.
            drop(self.with(Session::keep_alive).await);
        }
    }

    pub(crate) fn hang_up(&mut self) {
        self.session = None;
    }
}

async fn in_time<T>(work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(DEADLINE, work).await.ok()
}
