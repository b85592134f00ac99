//! Several servers, each watched by a task of its own that is started again when it dies; and the
//! handle by which others see and steer them.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fullhold_ingest::{Progress, Summary};
use fullhold_repository::Db;
use fullhold_ssh_sync::Backoff;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;

use crate::notice::{Notice, Notices};
use crate::state::{Desk, Order, ServerState, lock};
use crate::sync::{Job, Scope};
use crate::watcher::stopped;
use crate::{Target, Voice, Watcher};

/// The watchers end by themselves before this; the process ends in any case.
const ENDING: Duration = Duration::from_secs(9);
/// The first and the longest pause before a watcher that died is started again.
const AGAIN: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(300));
/// A watcher that lived for so long did not die of how it was started.
const LONG_LIVED: Duration = Duration::from_secs(600);

/// Says where a server's notices go, by its name.
pub type NoticesFor = Arc<dyn Fn(&str) -> Notices + Send + Sync>;

/// Watches several servers.
pub struct Service {
    handle: Handle,
    notices: NoticesFor,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    begins_paused: bool,
}

/// Sees and steers the watchers of a [`Service`]. Clones share it; it stays good over a change of the
/// configuration.
#[derive(Clone)]
pub struct Handle {
    board: Arc<Board>,
    voice: watch::Sender<Voice>,
}

#[derive(Default)]
struct Board {
    desks: Mutex<BTreeMap<String, Arc<Desk>>>,
    database: Mutex<Option<Db>>,
}

/// Why a sync did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// No such server is watched.
    #[error("server {0} is not watched")]
    NoServer(String),
    /// The server or the database failed several times in a row, or in a way that no time heals.
    #[error("{0}")]
    Failed(String),
    /// Watching ended before it was done.
    #[error("watching ended before the sync was done; what was stored stays")]
    Ended,
}

impl Service {
    /// Nothing is watched yet.
    #[must_use]
    pub fn new(notices: NoticesFor) -> Self {
        let handle = Handle { board: Arc::default(), voice: watch::Sender::new(Voice::Unknown) };
        Self { handle, notices, stop: watch::Sender::new(false), tasks: JoinSet::new(), begins_paused: false }
    }

    /// Servers that are watched for the first time wait until somebody has them watched; syncs are done.
    #[must_use]
    pub fn paused(self, begins_paused: bool) -> Self {
        Self { begins_paused, ..self }
    }

    /// Sees and steers the watchers.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Begins to watch these servers instead of others: end those first. Counters of servers that are
    /// watched again go on; servers that are not are not heard of any more.
    pub fn start(&mut self, targets: Vec<Target>) {
        *lock(&self.handle.board.database) = targets.first().map(|target| target.importer.db().clone());
        let mut desks = lock(&self.handle.board.desks);
        let mut old = std::mem::take(&mut *desks);
        self.stop = watch::Sender::new(false);
        for target in targets {
            let desk = old.remove(&target.name).unwrap_or_else(|| {
                let desk = Desk::new(&target.name);
                desk.pause(self.begins_paused);
                Arc::new(desk)
            });
            desks.insert(target.name.clone(), Arc::clone(&desk));
            let notices = counted((self.notices)(&target.name), &desk);
            // Before this returns: what is ordered from now on finds somebody.
            let first = Watcher::at(
                Arc::clone(&desk),
                Arc::clone(&target.importer),
                target.config.clone(),
                Arc::clone(&notices),
            );
            self.tasks.spawn(keep_watching(
                first,
                target,
                desk,
                notices,
                self.handle.voice.subscribe(),
                self.stop.subscribe(),
            ));
        }
    }

    /// Ends the watchers; false if one did not end in time and was cut off. What was committed stays.
    pub async fn end(&mut self) -> bool {
        self.stop.send_replace(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        let in_time = tokio::time::timeout(ENDING, all).await.is_ok();
        self.tasks.shutdown().await;
        in_time
    }

    /// Watches by another configuration: the old watchers end before the new ones begin, so that no
    /// file is fetched twice. False if one was cut off.
    pub async fn replace(&mut self, targets: Vec<Target>) -> bool {
        let in_time = self.end().await;
        self.start(targets);
        in_time
    }
}

/// Notices that are counted, too.
fn counted(notices: Notices, desk: &Arc<Desk>) -> Notices {
    let desk = Arc::clone(desk);
    Arc::new(move |notice: &Notice| {
        desk.count(notice);
        notices(notice);
    })
}

/// Has the watcher of a server run, and starts another whenever it dies, until all are to end.
async fn keep_watching(
    first: Watcher,
    target: Target,
    desk: Arc<Desk>,
    notices: Notices,
    voice: watch::Receiver<Voice>,
    mut stop: watch::Receiver<bool>,
) {
    let Target { importer, config, .. } = target;
    let mut watcher = first;
    let mut backoff = Backoff::new(AGAIN.0, AGAIN.1);
    loop {
        let began = Instant::now();
        // In a task of its own: it may panic, and ends with this one.
        let mut one = JoinSet::new();
        one.spawn(watcher.run(voice.clone(), stop.clone()));
        let Some(Err(death)) = one.join_next().await else { return };
        desk.died();
        if began.elapsed() >= LONG_LIVED {
            backoff.worked();
        }
        let wait = backoff.failed(fastrand::f64());
        tracing::error!(error = %death, "a watcher died");
        told_anyway(&notices, Notice::Died { reason: death.to_string(), again_in: wait }).await;
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stopped(&mut stop) => return,
        }
        watcher = Watcher::at(Arc::clone(&desk), Arc::clone(&importer), config.clone(), Arc::clone(&notices));
    }
}

/// Tells even where telling is what kills.
async fn told_anyway(notices: &Notices, notice: Notice) {
    let notices = Arc::clone(notices);
    drop(tokio::spawn(async move { notices(&notice) }).await);
}

impl Handle {
    /// How each server is doing, by name. What is new in the database is not told here, nor by
    /// notices, which may be missed: they are a reason to read it there.
    #[must_use]
    pub fn servers(&self) -> Vec<ServerState> {
        lock(&self.board.desks).values().map(|desk| desk.state()).collect()
    }

    /// What was told of each server so far, by the names of [`crate::EVENTS`].
    #[must_use]
    pub fn events(&self) -> Vec<(String, Vec<(&'static str, u64)>)> {
        lock(&self.board.desks).iter().map(|(name, desk)| (name.clone(), desk.events().collect())).collect()
    }

    /// The database that is written to, once there is one.
    #[must_use]
    pub fn database(&self) -> Option<Db> {
        lock(&self.board.database).clone()
    }

    /// Says who is in the voice channels. People who come back are looked for at once.
    pub fn hear(&self, voice: Voice) {
        self.voice.send_replace(voice);
    }

    /// Stops watching a server, or has it go on; false if there is no such server. Syncs are done in any case, and what
    /// is under way ends properly.
    #[must_use]
    pub fn pause(&self, server: &str, paused: bool) -> bool {
        let desk = lock(&self.board.desks).get(server).map(Arc::clone);
        desk.map(|desk| desk.pause(paused)).is_some()
    }

    /// Has a server looked at now, or all; returns how many are.
    pub fn look_now(&self, server: Option<&str>) -> usize {
        let desks = lock(&self.board.desks);
        let asked = desks.iter().filter(|(name, _)| server.is_none_or(|server| server == name.as_str()));
        asked.filter(|(_, desk)| desk.order(Order::Look)).count()
    }

    /// Fetches what is missing of a server's files while watching goes on: what was too old or set
    /// aside, too. Begins at once; the result is awaited. One sync after the other per server.
    ///
    /// # Errors
    /// There is no such server, it cannot be had, or watching ended.
    pub fn sync(
        &self,
        server: &str,
        scope: Scope,
        progress: Arc<dyn Progress + Send + Sync>,
    ) -> impl Future<Output = Result<Summary, SyncError>> + Send + use<> {
        let (done, result) = oneshot::channel();
        let desk = lock(&self.board.desks).get(server).map(Arc::clone);
        let begun = desk.map(|desk| desk.order(Order::Sync(Job::new(scope, progress, done))));
        let server = server.to_owned();
        async move {
            match begun {
                None => Err(SyncError::NoServer(server)),
                Some(false) => Err(SyncError::Ended),
                Some(true) => match result.await {
                    Ok(outcome) => outcome.map_err(SyncError::Failed),
                    Err(_gone) => Err(SyncError::Ended),
                },
            }
        }
    }
}
