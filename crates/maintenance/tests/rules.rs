//! The rules that rounds are computed with are recorded: other settings are told, mix with nothing,
//! and count for everything at once after a rebuild.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

#[path = "../../ingest/tests/support/mod.rs"]
mod support;

use fullhold_analytics::DayStart;
use fullhold_ingest::{Config, Importer};
use fullhold_maintenance::{Maintenance, Selection};
use fullhold_repository::dump;
use fullhold_simulator::{World, WorldFile};
use fullhold_stats_file::Seconds;
use fullhold_testkit::each_backend;
use support::{assert_same, config, import_arriving, import_written_at, open, query, world_importers};
use time::OffsetDateTime;

/// A pause of half an hour ends a session, days end none, and one map never counts.
fn others() -> Config {
    let mut others = config();
    others.match_window = Seconds(1500);
    others.timeline.session_gap = Seconds(1800);
    others.timeline.day_start = None;
    others.timeline.excluded_maps = vec!["Supply".to_owned()];
    others
}

fn maintenance(db: &fullhold_repository::Db, config: &Config) -> Maintenance {
    Maintenance::new(db.clone(), config.clone(), OffsetDateTime::now_utc)
}

/// What one clean import with these rules makes.
async fn clean(db: &fullhold_repository::Db, world: &World, config: &Config) -> Vec<String> {
    db.recreate().await.unwrap();
    import_arriving(&world_importers(db, world, config).await, &world.files()).await;
    dump(db).await.unwrap()
}

async fn assert_valid(maintenance: &Maintenance, what: &str) {
    assert_eq!(maintenance.validate(&()).await.unwrap().problems, Vec::new(), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_rules_count_after_a_rebuild_and_not_before() {
    let world = World::rough(21, 2, 60).unwrap();
    let all: Vec<&WorldFile> = world.deliveries.iter().collect();
    let (first, second) = all.split_at(all.len() / 2);
    each_backend(async |url| {
        let db = open(url).await;
        let (of_old, of_new) = (clean(&db, &world, &config()).await, clean(&db, &world, &others()).await);
        assert_ne!(of_old, of_new);
        db.recreate().await.unwrap();
        import_arriving(&world_importers(&db, &world, &config()).await, first).await;

        let opened = world_importers(&db, &world, &others()).await;
        let notice = opened[0].other_rules().unwrap().to_string();
        for part in [
            "SESSION_GAP_MINUTES was 60 and is 30 now",
            "ROUND_MATCH_WINDOW_MINUTES was 60 and is 25 now",
            "SESSION_DAY_START was 06:00 and is none now",
            "EXCLUDED_MAPS was none and is supply now",
            "`dbadmin rebuild`",
        ] {
            assert!(notice.contains(part), "{notice}");
        }
        import_arriving(&opened, second).await;
        assert_same(&of_old, &dump(&db).await.unwrap(), "imported with other settings");
        let maintenance = maintenance(&db, &others());
        let everything = Selection::Dates("0000-01-01".to_owned(), "9999-12-31".to_owned());
        maintenance.rebuild(everything, &()).await.unwrap();
        maintenance.rebuild_sessions(&()).await.unwrap();
        assert_same(&of_old, &dump(&db).await.unwrap(), "evenings computed anew with other settings");
        let validation = maintenance.validate(&()).await.unwrap();
        assert_eq!((validation.problems, validation.rules.len()), (Vec::new(), 2));

        let one = db.servers().await.unwrap().into_iter().find(|row| row.name == "server2").unwrap();
        let rebuilt = maintenance.rebuild(Selection::Server(one), &()).await.unwrap();
        assert_eq!(rebuilt.rules.len(), 1, "one server follows the new rules, the other its own");
        assert_valid(&maintenance, "one server").await;
        let rebuilt = maintenance.rebuild(Selection::Everything, &()).await.unwrap();
        assert_eq!(rebuilt.rules.len(), 1);
        assert_same(&of_new, &dump(&db).await.unwrap(), "rebuilt");
        assert_eq!(maintenance.other_rules().await.unwrap(), Vec::new());
        assert_valid(&maintenance, "rebuilt").await;
        assert_eq!(world_importers(&db, &world, &others()).await[0].other_rules(), None);
        // A program that runs since before the rebuild goes on with what counts now.
        import_arriving(&opened, second).await;
        assert_same(&of_new, &dump(&db).await.unwrap(), "again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_nobody_recorded_are_told_and_replaced_by_a_rebuild() {
    let world = World::rough(22, 2, 40).unwrap();
    each_backend(async |url| {
        let db = open(url).await;
        let expected = clean(&db, &world, &others()).await;
        clean(&db, &world, &config()).await;
        // As a database that is older than the record.
        db.execute_raw("DELETE FROM server_rules").await.unwrap();
        let maintenance = maintenance(&db, &others());
        let told = maintenance.other_rules().await.unwrap();
        assert_eq!(told.len(), 2);
        assert!(told[0].to_string().contains("not recorded"), "{}", told[0]);
        let one = world_importers(&db, &world, &others()).await;
        assert!(one[0].other_rules().unwrap().differences.is_empty());
        assert_eq!(query(url, "SELECT count(*) FROM server_rules").await[0][0].as_deref(), Some("0"));
        let rebuilt = maintenance.rebuild(Selection::Everything, &()).await.unwrap();
        assert_eq!(rebuilt.rules.len(), 2);
        assert_same(&expected, &dump(&db).await.unwrap(), "rebuilt");
        assert_valid(&maintenance, "rebuilt").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_rules_are_adopted_around_damaged_bytes() {
    let world = World::rough(23, 2, 40).unwrap();
    each_backend(async |url| {
        let db = open(url).await;
        let expected = clean(&db, &world, &others()).await;
        clean(&db, &world, &config()).await;
        let damaged = "SELECT f.id, f.filename, s.name FROM processed_files f JOIN servers s ON s.id = f.server_id \
                       WHERE f.state = 'imported' ORDER BY f.filename LIMIT 1 OFFSET 12";
        let damaged = query(url, damaged).await.remove(0);
        let (id, name) = (damaged[0].clone().unwrap(), damaged[1].clone().unwrap());
        let bytes = if url.starts_with("sqlite") { "x'0011'" } else { "'\\x0011'" };
        db.execute_raw(&format!("UPDATE processed_files SET content = {bytes} WHERE id = {id}")).await.unwrap();
        let maintenance = maintenance(&db, &others());
        let rebuilt = maintenance.rebuild(Selection::Everything, &()).await.unwrap();
        assert_eq!(rebuilt.rules.len(), 2);
        let lines = dump(&db).await.unwrap();
        assert!(lines.iter().any(|line| line.starts_with("rounds|") && line.contains(&name)), "its round stays");

        let folder = tempfile::tempdir().unwrap();
        let file = world.files().into_iter().find(|file| file.name == name).unwrap();
        let path = folder.path().join(&file.name);
        std::fs::write(&path, &file.bytes).unwrap();
        let server =
            db.servers().await.unwrap().into_iter().find(|row| Some(&row.name) == damaged[2].as_ref()).unwrap();
        maintenance.rebuild(Selection::FromFiles(vec![folder.path().to_owned()], server), &()).await.unwrap();
        assert_same(&expected, &dump(&db).await.unwrap(), "healed");
        assert_valid(&maintenance, "healed").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_start_that_moves_by_an_hour_is_another_rule() {
    each_backend(async |url| {
        let world = World::rough(24, 1, 12).unwrap();
        let db = open(url).await;
        clean(&db, &world, &config()).await;
        let mut later = config();
        later.timeline.day_start = Some(DayStart { hour: 7, minute: 0 });
        let told = maintenance(&db, &later).other_rules().await.unwrap();
        assert_eq!(told[0].differences[0].to_string(), "SESSION_DAY_START was 06:00 and is 07:00 now");
    })
    .await;
}

/// Numbers in the first column.
async fn ids(url: &str, table: &str) -> Vec<i32> {
    let rows = query(url, &format!("SELECT id FROM {table} ORDER BY id")).await;
    rows.iter().map(|row| row[0].as_ref().unwrap().parse().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_is_never_given_to_another_row() {
    let files = support::nonstop(31, 8, "UTC", 1_735_732_800, 1500);
    each_backend(async |url| {
        let db = open(url).await;
        let importer = support::server_importer(&db, "one", "UTC").await;
        let give = async |importer: &Importer, some: &[support::Played]| {
            let some: Vec<_> =
                some.iter().map(|(name, bytes, at)| (name.as_str(), bytes.as_slice(), Some(*at))).collect();
            import_written_at(importer, &some).await;
        };
        // Two evenings, until what was played between them makes them one.
        give(&importer, &files[..2]).await;
        give(&importer, &files[5..6]).await;
        let two = ids(url, "gaming_sessions").await;
        assert_eq!(two.len(), 2);
        give(&importer, &files[2..5]).await;
        assert_eq!(ids(url, "gaming_sessions").await, two[..1]);
        let far: Vec<support::Played> = support::nonstop(31, 2, "UTC", 1_736_732_800, 1500);
        give(&importer, &far).await;
        let now = ids(url, "gaming_sessions").await;
        assert!(now[1] > two[1], "{now:?}: the evening that was merged away had {}", two[1]);

        let mut last = Vec::new();
        for table in ["servers", "processed_files", "rounds", "gaming_sessions"] {
            last.push((table, ids(url, table).await.pop().unwrap()));
        }
        let maintenance = maintenance(&db, &config());
        maintenance.remove_server("one").await.unwrap();
        let other = support::server_importer(&db, "two", "UTC").await;
        give(&other, &files[..2]).await;
        for (table, before) in &last {
            let now = ids(url, table).await;
            assert!(now.iter().all(|id| id > before), "{table}: {now:?} after {before}");
        }
        let kept = ids(url, "rounds").await;
        maintenance.rebuild(Selection::Everything, &()).await.unwrap();
        assert_eq!(ids(url, "rounds").await, kept, "a rebuild gives the same ids back");
    })
    .await;
}
