//! A standby that answers questions while it is there and not far behind; otherwise the primary answers. Whoever asks
//! never waits for the check: it goes on beside, and until the first one has ended the primary answers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::sql_types::{Double, Nullable, Text};

use crate::conn::{Conn, load_blocking};
use crate::db::{Config, Db, OpenMode};
use crate::{Error, Result};

/// How far it may be behind.
const LONGEST_LAG: f64 = 30.0;
/// How often that is looked at.
const CHECKED_EVERY: Duration = Duration::from_secs(5);
/// How long a check may take, and a connection.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);

/// The standby, and what is known of it. Clones share it.
#[derive(Clone)]
pub(crate) struct Standby {
    db: Box<Db>,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    is_usable: AtomicBool,
    checked_at: Mutex<Option<Instant>>,
}

/// What a server says of its data.
#[derive(diesel::QueryableByName)]
struct Data {
    #[diesel(sql_type = Text)]
    version: String,
    /// Seconds since the last transaction was replayed; none on a primary.
    #[diesel(sql_type = Nullable<Double>)]
    behind: Option<f64>,
}

const DATA: &str = "SELECT epoch || ' ' || head AS version, \
    CAST(EXTRACT(EPOCH FROM now() - pg_last_xact_replay_timestamp()) AS DOUBLE PRECISION) AS behind FROM database_state";

impl Standby {
    /// Makes the pool; nothing is connected yet.
    pub(crate) fn connect(config: &Config) -> Result<Option<Self>> {
        let Some(url) = &config.read_url else { return Ok(None) };
        if url.sqlite_path().is_some() {
            let reason = "a standby is a PostgreSQL server".to_owned();
            return Err(Error::Connect { url: url.to_string(), reason, may_pass: false });
        }
        let config = Config { url: url.clone(), read_url: None, timeout: ANSWERS_WITHIN, ..config.clone() };
        let db = Box::new(Db::connect(&config, OpenMode::Existing)?);
        Ok(Some(Self { db, state: Arc::default() }))
    }

    /// A connection to it, if it may answer.
    pub(crate) async fn conn(&self, primary: &Db) -> Option<Conn> {
        self.check_if_due(primary);
        if !self.state.is_usable.load(Ordering::Acquire) {
            return None;
        }
        match self.db.conn().await {
            Ok(conn) => Some(conn),
            Err(error) => {
                self.tell(false, &crate::chain(&error));
                None
            }
        }
    }

    fn check_if_due(&self, primary: &Db) {
        let mut checked_at = self.state.checked_at.lock().unwrap_or_else(PoisonError::into_inner);
        if checked_at.is_some_and(|at| at.elapsed() < CHECKED_EVERY) {
            return;
        }
        *checked_at = Some(Instant::now());
        let (standby, primary) = (self.clone(), primary.clone());
        tokio::spawn(async move { standby.check(&primary).await });
    }

    /// Looks whether it may answer.
    pub(crate) async fn check(&self, primary: &Db) {
        let ours = match tokio::time::timeout(ANSWERS_WITHIN, data(&self.db)).await {
            Ok(Ok(ours)) => ours,
            Ok(Err(error)) => return self.tell(false, &crate::chain(&error)),
            Err(_elapsed) => return self.tell(false, "it does not answer in time"),
        };
        // Behind a primary that does nothing, nothing is replayed: the same version is not behind, however old. Where
        // the primary is away, an older answer is better than none.
        let is_same = match tokio::time::timeout(ANSWERS_WITHIN, data(primary)).await {
            Ok(Ok(theirs)) => theirs.version == ours.version,
            Ok(Err(_)) | Err(_) => true,
        };
        self.tell(may_answer(is_same, ours.behind), "it is more than 30 s behind");
    }

    /// Remembers whether it may answer, and says so when that has changed.
    fn tell(&self, is_usable: bool, why_not: &str) {
        let was_usable = self.state.is_usable.swap(is_usable, Ordering::AcqRel);
        let standby = self.db.shown_url();
        match (was_usable, is_usable) {
            (false, true) => tracing::info!(database.standby = standby, "the standby answers questions"),
            (true, false) => {
                tracing::warn!(
                    database.standby = standby,
                    reason = why_not,
                    "the primary answers in place of the standby"
                );
            }
            _ => {}
        }
    }
}

fn may_answer(is_same: bool, seconds_behind: Option<f64>) -> bool {
    is_same || seconds_behind.is_some_and(|seconds| seconds <= LONGEST_LAG)
}

async fn data(db: &Db) -> Result<Data> {
    let mut conn = db.conn().await?;
    let asked = diesel::sql_query(DATA);
    let rows: Vec<Data> =
        load_blocking!(&mut conn, asked).map_err(Error::query("asking for the version of the data"))?;
    rows.into_iter().next().ok_or_else(|| Error::Drift { what: "database_state has no row".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standby_may_be_30_seconds_behind_and_longer_where_nothing_happened_since() {
        assert!(may_answer(true, Some(86_400.0)));
        assert!(may_answer(true, None));
        assert!(may_answer(false, Some(30.0)));
        assert!(!may_answer(false, Some(30.1)));
        assert!(!may_answer(false, None), "another database is no standby");
    }
}
