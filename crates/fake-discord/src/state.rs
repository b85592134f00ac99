//! All that the fake knows, behind one lock, and how tests wait for it to change.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;

use crate::gateway::Gateway;
use crate::options::Options;
use crate::rest::Buckets;
use crate::trouble::Rule;
use crate::world::World;

/// Requests that are shown when a test fails.
const SHOWN: usize = 12;

/// A running fake, shared by its servers and the handles of a test.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: Options,
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

/// What changes.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) gateway: Gateway,
    pub(crate) buckets: Buckets,
    pub(crate) troubles: Vec<Rule>,
    pub(crate) violations: Vec<String>,
    pub(crate) requests: Vec<Request>,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Request {
    /// Such as `POST`.
    pub method: String,
    /// The path without `/api/v10`, and without the query.
    pub path: String,
    /// The path with names for numbers, as the description has it; empty when there is none.
    pub route: String,
    /// The answer's status; none while there is no answer, or when it was lost.
    pub status: Option<u16>,
    /// Discord's code of a refusal.
    pub code: Option<u64>,
    /// The JSON that was sent.
    pub body: Value,
    /// Names of the files that were sent.
    pub files: Vec<String>,
    /// When, since the fake was started.
    pub at: Duration,
}

impl Request {
    fn line(&self) -> String {
        let status = self.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        let code = self.code.map(|code| format!(", code {code}")).unwrap_or_default();
        let body: String = self.body.to_string().chars().take(160).collect();
        format!("{:.3}s {} {} -> {status}{code} {body}", self.at.as_secs_f64(), self.method, self.path)
    }
}

impl Shared {
    pub(crate) fn new(options: Options) -> Self {
        let state = State {
            world: World::new(),
            gateway: Gateway::default(),
            buckets: Buckets::default(),
            troubles: Vec::new(),
            violations: Vec::new(),
            requests: Vec::new(),
        };
        Self { options, state: Mutex::new(state), changed: watch::Sender::new(()) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A test that has failed leaves a state behind that others may still look at.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes something; whoever waits looks again.
    pub(crate) fn change<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let result = work(&mut self.lock());
        self.changed.send_replace(());
        result
    }

    /// Looks without changing anything.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    /// Waits until `look` finds something.
    ///
    /// # Panics
    /// It does not for as long as the options say: the test has failed.
    pub(crate) async fn until<T>(&self, what: &str, mut look: impl FnMut(&State) -> Option<T>) -> T {
        let mut changes = self.changed.subscribe();
        let patience = self.options.patience;
        let found = tokio::time::timeout(patience, async {
            loop {
                changes.borrow_and_update();
                if let Some(found) = self.look(&mut look) {
                    return found;
                }
                if changes.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        });
        match found.await {
            Ok(found) => found,
            Err(_) => panic!("waited {patience:?} in vain for {what}\n{}", self.look(State::story)),
        }
    }
}

impl State {
    pub(crate) fn now(&self) -> Duration {
        self.world.clock.now()
    }

    /// Notes what no bot should do.
    pub(crate) fn violate(&mut self, what: String) {
        self.violations.push(what);
    }

    /// What happened lately, for a test that failed.
    pub(crate) fn story(&self) -> String {
        let first = self.requests.len().saturating_sub(SHOWN);
        let requests: Vec<String> = self.requests.iter().skip(first).map(Request::line).collect();
        let violations = self.violations.join("\n  ");
        format!(
            "last of {} requests:\n  {}\nviolations:\n  {violations}\ngateway: {:?}",
            self.requests.len(),
            requests.join("\n  "),
            self.gateway.counts
        )
    }
}
