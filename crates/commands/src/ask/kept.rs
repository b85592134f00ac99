//! What is kept while the data stays the same: answers, and lists that many questions need. Whose data it is, is the
//! business of the answerer that owns it: nothing is shared between communities.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fullhold_repository::{DataVersion, Db, Listed, ServerId};
use fullhold_stats_file::Guid;
use moka::sync::Cache;
use time::Date;
use tokio::sync::OnceCell;

use super::failure::Failure;
use super::{Asker, Context};
use crate::command::Permission;
use crate::reply::{Block, Reply};

/// The longest that an answer is given again.
const LIFETIME: Duration = Duration::from_secs(300);
/// Bytes of all answers that are kept: pictures are most of it.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// Bytes of a cell of a table with what belongs to it, about.
const CELL_BYTES: usize = 128;

/// Everything that an answer depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    version: DataVersion,
    command: &'static str,
    arguments: String,
    page: usize,
    player: Option<Guid>,
    right: Permission,
    today: Date,
    has_pictures: bool,
}

impl Key {
    /// The key of what is asked.
    pub(super) fn of(command: &'static str, context: &Context<'_>) -> Self {
        let Asker { player, right, .. } = context.question.asker;
        Self {
            version: context.lists.version.clone(),
            command,
            // Every value shows all that it holds.
            arguments: format!("{:?}", context.arguments),
            page: context.question.page,
            player,
            right,
            today: context.question.today,
            has_pictures: context.has_pictures,
        }
    }
}

/// How often an answer was there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheFigures {
    /// Questions that were answered from the cache.
    pub hits: u64,
    /// Questions that could have been, and were not.
    pub misses: u64,
    /// Answers in the cache.
    pub entries: u64,
}

impl CacheFigures {
    /// Hits of a hundred questions; none before the first.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "questions are far below 2^53")]
    pub fn hit_percent(&self) -> Option<f64> {
        let asked = self.hits + self.misses;
        (asked > 0).then(|| 100.0 * self.hits as f64 / asked as f64)
    }
}

/// The answers and lists of one answerer.
pub(super) struct Kept {
    answers: Cache<Key, Arc<Reply>>,
    lists: Mutex<Option<Arc<Lists>>>,
    hits: AtomicU64,
    misses: AtomicU64,
}

impl Kept {
    pub(super) fn new() -> Self {
        let weigher = |_: &Key, reply: &Arc<Reply>| u32::try_from(bytes(reply)).unwrap_or(u32::MAX);
        let answers = Cache::builder().max_capacity(MOST_BYTES).weigher(weigher).time_to_live(LIFETIME).build();
        Self { answers, lists: Mutex::new(None), hits: AtomicU64::new(0), misses: AtomicU64::new(0) }
    }

    /// An answer that was given to the same question on the same data.
    pub(super) fn answer(&self, key: &Key) -> Option<Reply> {
        let found = self.answers.get(key);
        let counter = if found.is_some() { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
        found.map(|reply| Reply::clone(&reply))
    }

    pub(super) fn keep(&self, key: Key, reply: &Reply) {
        self.answers.insert(key, Arc::new(reply.clone()));
    }

    /// Forgets all answers and lists; says how many answers there were.
    pub(super) fn clear(&self) -> u64 {
        self.answers.run_pending_tasks();
        let entries = self.answers.entry_count();
        self.answers.invalidate_all();
        *self.lists.lock().unwrap_or_else(PoisonError::into_inner) = None;
        entries
    }

    pub(super) fn figures(&self) -> CacheFigures {
        self.answers.run_pending_tasks();
        CacheFigures {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            entries: self.answers.entry_count(),
        }
    }

    /// The lists of the data as it is now.
    pub(super) async fn lists(&self, db: &Db) -> Result<Arc<Lists>, Failure> {
        let version = db.data_version().await?;
        // A panic of another thread leaves lists behind that are as good as any.
        let mut kept = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(match kept.as_ref() {
            Some(lists) if lists.version == version => Arc::clone(lists),
            _ => Arc::clone(kept.insert(Arc::new(Lists::new(version)))),
        })
    }
}

/// About how much memory an answer takes.
fn bytes(reply: &Reply) -> usize {
    let files: usize = reply.files.iter().map(|file| file.bytes.len()).sum();
    let blocks = reply.blocks.iter().map(|block| match block {
        Block::Text(text) => text.as_marked().len(),
        Block::Facts(facts) => facts.facts.len() * CELL_BYTES,
        Block::Table(table) => table.rows.iter().map(Vec::len).sum::<usize>() * CELL_BYTES,
    });
    let actions = reply.actions.len() * CELL_BYTES;
    files + blocks.sum::<usize>() + actions + CELL_BYTES
}

/// Lists that many questions need, each read when it is first asked for.
pub(super) struct Lists {
    /// The data that they were read from.
    pub(super) version: DataVersion,
    maps: OnceCell<Vec<String>>,
    people: OnceCell<Arc<Listing>>,
    played: OnceCell<HashMap<String, i64>>,
}

impl Lists {
    fn new(version: DataVersion) -> Self {
        Self { version, maps: OnceCell::new(), people: OnceCell::new(), played: OnceCell::new() }
    }

    /// Maps that were played on some servers.
    pub(super) async fn maps(&self, db: &Db, servers: &[ServerId]) -> Result<&[String], Failure> {
        Ok(self.maps.get_or_try_init(|| db.map_names(servers)).await?)
    }

    /// Everybody who played on some servers.
    pub(super) async fn people(&self, db: &Db, servers: &[ServerId]) -> Result<Arc<Listing>, Failure> {
        let read = async || db.directory(servers).await.map(|people| Arc::new(Listing::new(people)));
        Ok(Arc::clone(self.people.get_or_try_init(read).await?))
    }

    /// Rounds of everybody.
    pub(super) async fn played(&self, db: &Db, servers: &[ServerId]) -> Result<&HashMap<String, i64>, Failure> {
        Ok(self.played.get_or_try_init(|| db.rounds_played(servers)).await?)
    }
}

/// People, found by any of their guids.
pub(super) struct Listing {
    /// Everybody.
    pub(super) people: Vec<Listed>,
    places: HashMap<String, usize>,
}

impl Listing {
    fn new(people: Vec<Listed>) -> Self {
        let guids = |(place, one): (usize, &Listed)| {
            one.guids.iter().map(move |guid| (guid.clone(), place)).collect::<Vec<_>>()
        };
        let places = people.iter().enumerate().flat_map(guids).collect();
        Self { people, places }
    }

    /// The person that a guid belongs to.
    pub(super) fn of(&self, guid: &str) -> Option<&Listed> {
        self.places.get(guid).and_then(|place| self.people.get(*place))
    }
}
