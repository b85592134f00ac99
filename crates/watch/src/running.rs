//! Several watchers at work, one per server.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::{Notices, Target, Voice, Watcher};

/// The watchers end by themselves before this; the process ends in any case.
const ENDING: Duration = Duration::from_secs(9);

/// Watchers at work, one per server.
#[derive(Debug)]
pub struct Running {
    stop: watch::Sender<bool>,
    // Kept open: nobody tells who is in voice, so somebody may be playing.
    _voice: watch::Sender<Voice>,
    watchers: JoinSet<()>,
}

impl Running {
    /// Begins to watch; `notices` says where a server's notices go.
    pub fn start(targets: Vec<Target>, notices: impl Fn(&str) -> Notices) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (voice, heard) = watch::channel(Voice::Unknown);
        let mut watchers = JoinSet::new();
        for Target { name, importer, config } in targets {
            let watcher = Watcher::new(importer, config, notices(&name));
            watchers.spawn(watcher.run(heard.clone(), stopped.clone()));
        }
        Self { stop, _voice: voice, watchers }
    }

    /// Ends them; false if one did not end in time and was cut off.
    pub async fn end(&mut self) -> bool {
        self.stop.send_replace(true);
        let all = async { while self.watchers.join_next().await.is_some() {} };
        tokio::time::timeout(ENDING, all).await.is_ok()
    }
}
