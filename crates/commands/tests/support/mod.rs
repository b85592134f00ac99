//! What tests of questions share: a database with the sample evenings, and somebody who asks.
#![allow(dead_code, unreachable_pub, reason = "not every test needs everything")]

use std::path::PathBuf;
use std::time::Duration;

use fullhold_commands::reply::{Reply, Terminal};
use fullhold_commands::{Answer, Answerer, AskConfig, Asker, Catalogue, Permission, Question};
use fullhold_ingest::{Config, Importer};
use fullhold_repository::{Db, OpenMode, ServerId};
use time::OffsetDateTime;
use time::macros::{date, datetime};

/// The sample evenings that the repository carries, made by the simulator.
pub fn samples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/good")
}

pub async fn open(url: &str) -> Db {
    let config = fullhold_repository::Config::new(url.parse().unwrap());
    Db::open(&config, OpenMode::Create).await.unwrap()
}

/// A database with the sample evenings.
pub async fn filled(url: &str) -> Db {
    with_files(url, vec![samples()]).await
}

/// A database with these files and folders.
pub async fn with_files(url: &str, files: Vec<PathBuf>) -> Db {
    import(url, "demo", files).await
}

/// A database with these files and folders as those of a server.
pub async fn import(url: &str, server: &str, files: Vec<PathBuf>) -> Db {
    let db = open(url).await;
    let importer = Importer::new(db, server, Some("UTC"), "UTC", Config::default(), clock).await.unwrap();
    importer.run(files, &()).await.unwrap();
    importer.db().clone()
}

/// When everything is asked and imported.
pub fn clock() -> OffsetDateTime {
    datetime!(2025-11-20 12:00 UTC)
}

pub fn answerer(db: Db, servers: Vec<ServerId>) -> Answerer {
    let config = AskConfig { prefix: "!".into(), servers, cooldowns: None };
    Answerer::new(db, Catalogue::english().unwrap(), config)
}

pub const fn question(line: &str) -> Question<'_> {
    let asker = Asker { user: None, player: None, right: Permission::Everyone };
    let at = datetime!(2025-11-20 12:00 UTC);
    Question { line, page: 0, asker, today: date!(2025 - 11 - 20), at, now: Duration::ZERO }
}

pub async fn ask(answerer: &Answerer, line: &str) -> Answer {
    answerer.answer(question(line)).await
}

pub fn shown(reply: &Reply) -> String {
    Terminal { columns: 120, has_colours: false, instant: &|seconds| format!("@{seconds}") }.show(reply)
}
