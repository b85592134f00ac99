//! The change feed: every command says what it changed in its own transaction, sequences and ids never go back, and
//! a database that was replaced is another one.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

#[path = "../../ingest/tests/support/mod.rs"]
mod support;

use fullhold_ingest::Importer;
use fullhold_maintenance::{Maintenance, MergeRequest, Selection};
use fullhold_repository::{
    ChangeKind, ChangeRow, DataVersion, Db, FileId, Replacement, RoundId, ServerId, Verdict, backup,
};
use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_testkit::each_backend;
use support::{database_config, import, importer, open, query, server_importer};
use time::OffsetDateTime;

fn simulated(seed: u64, rounds: usize) -> Vec<(String, Vec<u8>)> {
    let config = Config::community(seed, rounds, "UTC", Disturbances::none());
    let evenings = Simulation::new(config).unwrap();
    evenings.flat_map(|evening| evening.files).map(|file| (file.name, file.bytes)).collect()
}

/// A database, and how far its feed was read.
struct Reader {
    db: Db,
    version: DataVersion,
}

impl Reader {
    async fn new(url: &str) -> Self {
        let db = open(url).await;
        let version = db.data_version().await.unwrap();
        Self { db, version }
    }

    /// What came since the last time.
    async fn news(&mut self) -> Vec<ChangeRow> {
        let rows = self.db.changes_after(self.version.head, 10_000).await.unwrap();
        let version = self.db.data_version().await.unwrap();
        let sequences: Vec<i64> = rows.iter().map(|row| row.sequence).collect();
        assert_eq!(sequences, (self.version.head + 1..=version.head).collect::<Vec<i64>>());
        self.version = version;
        rows
    }

    async fn kinds(&mut self) -> Vec<ChangeKind> {
        let mut kinds: Vec<ChangeKind> = self.news().await.iter().map(|row| row.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

fn maintenance(db: &Db, importer: &Importer) -> Maintenance {
    Maintenance::new(db.clone(), importer.config().clone(), OffsetDateTime::now_utc)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_names_its_rounds_and_a_second_one_nothing() {
    each_backend(async |url| {
        let files = simulated(3, 8);
        let importer = importer(url, "UTC").await;
        let mut reader = Reader::new(url).await;
        let start = reader.version.clone();
        import(&importer, &files).await;
        let rows = reader.news().await;
        let mut named: Vec<String> = rows.iter().filter_map(|row| row.round.clone()).collect();
        named.sort();
        let mut expected: Vec<String> =
            files.iter().map(|(name, _)| name.replace("-round-", "-").replace(".txt", "")).collect();
        expected.sort();
        assert_eq!(named, expected);
        assert!(rows.iter().all(|row| row.kind == ChangeKind::Import && row.server_id == Some(ServerId(1))));
        let keys = query(url, "SELECT session_key FROM gaming_sessions").await;
        assert!(rows.iter().all(|row| keys.contains(&vec![row.session_key.clone()])), "{rows:?}");
        assert!(rows.iter().all(|row| row.match_id.is_some()));
        import(&importer, &files).await;
        assert_eq!(reader.news().await, Vec::new());
        assert_eq!(reader.version.epoch, start.epoch);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_says_what_it_changed() {
    each_backend(async |url| {
        let importer = importer(url, "UTC").await;
        import(&importer, &simulated(3, 12)).await;
        let db = open(url).await;
        let maintenance = maintenance(&db, &importer);
        let mut reader = Reader::new(url).await;
        maintenance.override_round(RoundId(2), Some(Verdict::Ignore), "lag", "me").await.unwrap();
        assert_eq!(reader.kinds().await, [ChangeKind::Verdict]);
        let guids = query(url, "SELECT guid FROM players ORDER BY guid").await;
        let guid = |n: usize| guids[n][0].clone().unwrap();
        let request = |dry_run| {
            let (from, into) = (guid(0), guid(1));
            (from, into, dry_run)
        };
        for dry_run in [true, false] {
            let (from, into, dry_run) = request(dry_run);
            let request = MergeRequest { from: &from, into: &into, force: true, dry_run };
            maintenance.merge_players(request).await.unwrap();
            let kinds = reader.kinds().await;
            assert_eq!(kinds, if dry_run { vec![] } else { vec![ChangeKind::Merge] });
        }
        maintenance.unmerge_player(&guid(0), false).await.unwrap();
        let rows = reader.news().await;
        assert!(rows.iter().any(|row| row.player_guid == Some(guid(0))), "{rows:?}");
        assert!(rows.iter().all(|row| row.kind == ChangeKind::Unmerge), "{rows:?}");
        for selection in [
            Selection::Everything,
            Selection::Dates("0000-01-01".to_owned(), "9999-12-31".to_owned()),
            Selection::Files(vec![FileId(1)]),
        ] {
            maintenance.rebuild(selection, &()).await.unwrap();
            assert_eq!(reader.kinds().await, [ChangeKind::Rebuild]);
        }
        // Nothing differs, so nothing changes.
        maintenance.rebuild_sessions(&()).await.unwrap();
        assert_eq!(reader.kinds().await, []);
        server_importer(&db, "other", "UTC").await;
        maintenance.rename_server("other", "another").await.unwrap();
        maintenance.set_timezone("another", "Europe/Berlin", &()).await.unwrap();
        assert_eq!(reader.kinds().await, [ChangeKind::Server]);
        maintenance.remove_server("another").await.unwrap();
        let rows = reader.news().await;
        assert_eq!(
            rows.last().map(|row| (row.kind, row.server_id)),
            Some((ChangeKind::ServerRemoved, Some(ServerId(2))))
        );
        // Its number is not given away again.
        server_importer(&db, "third", "UTC").await;
        assert_eq!(reader.news().await[0].server_id, Some(ServerId(3)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_what_is_gone_are_not_given_away_again() {
    each_backend(async |url| {
        let importer = importer(url, "UTC").await;
        import(&importer, &simulated(3, 8)).await;
        let db = open(url).await;
        let ids = "SELECT max(f.id), (SELECT max(id) FROM rounds), (SELECT max(id) FROM gaming_sessions)
                   FROM processed_files f";
        let before = query(url, ids).await;
        maintenance(&db, &importer).remove_server("default").await.unwrap();
        let importer = server_importer(&db, "default", "UTC").await;
        import(&importer, &simulated(3, 8)).await;
        let smallest = query(
            url,
            "SELECT min(f.id), (SELECT min(id) FROM rounds), (SELECT min(id) FROM gaming_sessions)
             FROM processed_files f",
        )
        .await;
        for (old, new) in before[0].iter().zip(&smallest[0]) {
            let number = |text: &Option<String>| text.clone().unwrap().parse::<i64>().unwrap();
            assert!(number(new) > number(old), "{before:?} {smallest:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_database_is_another_one() {
    each_backend(async |url| {
        let importer = importer(url, "UTC").await;
        let files = simulated(3, 8);
        import(&importer, &files[..4]).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup");
        let (config, to) = (database_config(url), file.clone());
        tokio::task::spawn_blocking(move || backup(&config, &to, true)).await.unwrap().unwrap();
        let saved = importer.db().data_version().await.unwrap();
        import(&importer, &files[4..]).await;
        drop(importer);
        let ready = Replacement::from_backup(&database_config(url), &file).await.unwrap();
        ready.install(None).await.unwrap();
        let mut reader = Reader::new(url).await;
        assert_ne!(reader.version.epoch, saved.epoch);
        reader.version.head = saved.head;
        assert_eq!(reader.kinds().await, [ChangeKind::Restore]);
    })
    .await;
}
