//! Histories against a database: files of several servers come in any order while people decide, repair,
//! back up and restore. Afterwards the database must be what one clean import and the same decisions make.

mod deciding;
mod decisions;
mod live;
mod steps;
mod world;

use std::fmt::Write as _;
use std::panic::AssertUnwindSafe;

use fullhold_testkit::{SqliteFile, TestDatabase};

pub use steps::Kind;
use steps::Player;
pub use world::Size;
use world::world;

/// A database that goes away at the end.
pub enum Kept {
    Sqlite(SqliteFile),
    Postgres(TestDatabase),
}

impl Kept {
    pub fn create(sqlite: bool) -> Self {
        if sqlite { Self::Sqlite(SqliteFile::create()) } else { Self::Postgres(TestDatabase::create()) }
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(file) => file.url(),
            Self::Postgres(database) => database.url(),
        }
    }
}

/// What a history came to.
pub struct Report {
    /// Steps done.
    pub steps: usize,
    /// Files delivered in the end, on all servers.
    pub files: usize,
    /// What went wrong, with the steps that led there.
    pub failure: Option<String>,
}

/// Plays a history on a fresh database of one kind.
pub fn play(seed: u64, size: Size, sqlite: bool, kinds: &[Kind]) -> Report {
    let world = world(seed, size);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut player = Player::new(&world, seed, sqlite, kinds);
    let result = std::panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(player.play(size.steps))));
    let failure = match result {
        Ok(Ok(())) => None,
        Ok(Err(reason)) => Some(reason),
        Err(panic) => Some(text_of(&*panic)),
    };
    let failure = failure.map(|reason| {
        let backend = if sqlite { "SQLite" } else { "PostgreSQL" };
        let mut text = format!("history {seed} on {backend}:\n");
        for (number, step) in player.log.iter().enumerate() {
            let _ = writeln!(text, "  {number}. {step}");
        }
        text + &reason
    });
    Report { steps: player.log.len(), files: world.files().len(), failure }
}

fn text_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}
