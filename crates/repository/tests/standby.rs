//! `DATABASE_READ_URL`: a streaming standby answers questions, until it is away.
#![allow(clippy::allow_attributes, clippy::unwrap_used, reason = "test support")]

use fullhold_repository::{Config, Db, OpenMode, Scope};
use fullhold_testkit::Postgres;
use fullhold_testkit::postgres::Durability;

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_answers_until_it_is_away() {
    let primary = Postgres::start_with(Durability::Standby).unwrap();
    primary.create_database("stats").unwrap();
    let config = Config::new(primary.url("stats").parse().unwrap());
    Db::open(&config, OpenMode::Existing).await.unwrap();
    let standby = primary.standby().unwrap();
    let config = Config { read_url: Some(standby.url("stats").parse().unwrap()), ..config };
    let db = Db::open(&config, OpenMode::Existing).await.unwrap();
    db.check_standby().await;
    assert!(db.is_answered_by_standby().await.unwrap());
    assert!(db.map_sums(&Scope::default()).await.unwrap().is_empty());
    // What is written goes to the primary.
    db.server("one", Some("UTC"), "UTC").await.unwrap();
    standby.kill().unwrap();
    db.check_standby().await;
    assert!(!db.is_answered_by_standby().await.unwrap());
    let servers = db.read(|tx, _| Box::pin(async move { tx.servers().await })).await.unwrap();
    assert_eq!(servers.iter().map(|server| server.name.as_str()).collect::<Vec<_>>(), ["one"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_that_is_not_there_is_no_trouble_and_a_file_is_none() {
    let primary = Postgres::start().unwrap();
    primary.create_database("stats").unwrap();
    let nowhere = format!("postgres://postgres@127.0.0.1:{}/stats", fullhold_testkit::free_port());
    let config =
        Config { read_url: Some(nowhere.parse().unwrap()), ..Config::new(primary.url("stats").parse().unwrap()) };
    let db = Db::open(&config, OpenMode::Existing).await.unwrap();
    db.check_standby().await;
    assert!(!db.is_answered_by_standby().await.unwrap());
    let file = Config { read_url: Some("sqlite://stats.db".parse().unwrap()), ..config };
    let refused = Db::open(&file, OpenMode::Existing).await.err().unwrap().to_string();
    assert!(refused.contains("a standby is a PostgreSQL server"), "{refused}");
}
