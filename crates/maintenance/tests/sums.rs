//! Roll-ups: what is added up in memory, what SQL adds up from the lines, and what follows from the files alone are
//! the same, whatever people decide; an error in any of them is found and named.
//! `FULLHOLD_SUMS_ROUNDS` asks for a longer history.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "test support"
)]

mod from_files;
#[path = "../../ingest/tests/support/mod.rs"]
mod support;

use from_files::{Files, FromFiles, Played, from_files};
use fullhold_analytics::Totals;
use fullhold_maintenance::{Maintenance, MergeRequest, Selection};
use fullhold_repository::{Db, MIGRATIONS, Mismatch, ServerRow, SessionId, SessionSums, Verdict, dump};
use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_testkit::{corpus, each_backend};
use support::{assert_same, import, importer, open, query, server_importer};
use time::OffsetDateTime;

fn simulated(seed: u64, rounds: usize) -> Files {
    let config = Config::community(seed, rounds, "UTC", Disturbances::all());
    let evenings = Simulation::new(config).unwrap();
    evenings.flat_map(|evening| evening.files).map(|file| (file.name, file.bytes)).collect()
}

async fn maintenance(url: &str) -> Maintenance {
    let importer = importer(url, "UTC").await;
    Maintenance::new(open(url).await, importer.config().clone(), OffsetDateTime::now_utc)
}

async fn differences(db: &Db) -> Vec<Mismatch> {
    db.read(|tx, _| Box::pin(tx.compare_sums())).await.unwrap()
}

async fn stored(db: &Db) -> Vec<SessionSums> {
    db.read(|tx, _| {
        Box::pin(async move {
            let ids: Vec<SessionId> = (1..10_000).map(SessionId).collect();
            let mut all = Vec::new();
            for session in tx.sessions(&ids).await? {
                all.push(tx.stored_sums(&session).await?);
            }
            Ok::<_, fullhold_repository::Error>(all)
        })
    })
    .await
    .unwrap()
}

/// The stored roll-ups in the same shape; matches won and lost aside, of which no line tells.
fn in_shape(sums: &[SessionSums], servers: &[ServerRow]) -> FromFiles {
    let without_matches = |t: Totals| Totals { matches_won: 0, matches_drawn: 0, matches_lost: 0, ..t };
    let mut found = FromFiles::default();
    for one in sums {
        let server = servers.iter().find(|server| server.id == one.server_id).unwrap().name.clone();
        let key = |guid: &String, last: &String| (server.clone(), one.session_key.clone(), guid.clone(), last.clone());
        for row in &one.players {
            found.sessions.insert(key(&row.player_guid, &String::new()), without_matches(row.counters()));
        }
        for row in &one.maps {
            found.maps.insert(key(&row.player_guid, &row.map_name), without_matches(row.counters()));
        }
        for row in &one.weapons {
            let sum = [row.rounds, row.kills, row.deaths, row.headshots, row.hits, row.shots];
            found.weapons.insert(key(&row.player_guid, &row.weapon_name), sum);
        }
    }
    found
}

async fn assert_agreement(url: &str, db: &Db, played: &Played, when: &str) {
    assert_eq!(differences(db).await, Vec::new(), "{when}");
    let (sums, expected) = (stored(db).await, from_files(url, played).await);
    let found = in_shape(&sums, &db.servers().await.unwrap());
    assert_eq!(found.sessions, expected.sessions, "{when}");
    assert_eq!(found.maps, expected.maps, "{when}");
    assert_eq!(found.weapons, expected.weapons, "{when}");
    assert!(!found.weapons.is_empty(), "{when}");
    let matches: i64 = sums.iter().flat_map(|one| &one.players).map(|row| row.counters().matches()).sum();
    assert!(matches > 0, "{when}");
}

#[tokio::test(flavor = "multi_thread")]
async fn roll_ups_follow_the_files_and_what_people_decide() {
    each_backend(async |url| {
        let played = Played::from([("default".to_owned(), simulated(11, 40))]);
        let importer = importer(url, "UTC").await;
        for batch in played["default"].chunks(7) {
            import(&importer, batch).await;
        }
        let (db, maintenance) = (open(url).await, maintenance(url).await);
        assert_agreement(url, &db, &played, "imported").await;
        let ids = query(url, "SELECT id FROM rounds WHERE is_valid ORDER BY id").await;
        for (number, row) in ids.iter().enumerate().filter(|(number, _)| number % 5 == 1) {
            let verdict = if number % 2 == 0 { Verdict::Ignore } else { Verdict::Cancelled };
            let id = row[0].as_ref().unwrap().parse().unwrap();
            maintenance.override_round(id, Some(verdict), "a test", "me").await.unwrap();
        }
        assert_agreement(url, &db, &played, "after verdicts").await;
        let players = query(url, "SELECT guid FROM players WHERE NOT is_bot ORDER BY guid").await;
        let guids: Vec<String> = players.into_iter().map(|row| row[0].clone().unwrap()).collect();
        for pair in guids.chunks_exact(2).take(4) {
            let request = MergeRequest { from: &pair[0], into: &pair[1], force: true, dry_run: false };
            maintenance.merge_players(request).await.unwrap();
        }
        assert_agreement(url, &db, &played, "after merges").await;
        let before = stored(&db).await;
        for selection in [Selection::Everything, Selection::Dates("0000-01-01".to_owned(), "9999-12-31".to_owned())] {
            maintenance.rebuild(selection, &()).await.unwrap();
            assert_agreement(url, &db, &played, "rebuilt").await;
            assert_eq!(stored(&db).await, before);
        }
        maintenance.unmerge_player(&guids[0], false).await.unwrap();
        maintenance.rebuild_sessions(&()).await.unwrap();
        assert_agreement(url, &db, &played, "taken apart").await;
    })
    .await;
}

/// Rounds of each of three communities: together more than 500 matches, restarts and lost files aside.
const ROUNDS: usize = 400;

#[tokio::test(flavor = "multi_thread")]
async fn the_sums_of_500_matches_of_three_communities_agree() {
    let rounds = std::env::var("FULLHOLD_SUMS_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS);
    each_backend(async |url| {
        let db = open(url).await;
        let mut played = Played::new();
        for (server, seed) in [("one", 21), ("two", 22), ("three", 23)] {
            let importer = server_importer(&db, server, "UTC").await;
            let files = simulated(seed, rounds);
            for batch in files.chunks(200) {
                import(&importer, batch).await;
            }
            played.insert(server.to_owned(), files);
        }
        let complete = query(url, "SELECT count(*) FROM matches WHERE match_state = 'complete'").await;
        let complete: usize = complete[0][0].as_ref().unwrap().parse().unwrap();
        assert!(complete >= 500 || rounds < ROUNDS, "{complete} matches");
        let maintenance = maintenance(url).await;
        let ids = query(url, "SELECT id FROM rounds WHERE is_valid ORDER BY id").await;
        for (number, row) in ids.iter().step_by(ids.len().div_ceil(24)).enumerate() {
            let verdict = if number % 2 == 0 { Verdict::Ignore } else { Verdict::Cancelled };
            let id = row[0].as_ref().unwrap().parse().unwrap();
            maintenance.override_round(id, Some(verdict), "a test", "me").await.unwrap();
        }
        let players = query(url, "SELECT guid FROM players WHERE NOT is_bot ORDER BY guid").await;
        let guids: Vec<String> = players.into_iter().map(|row| row[0].clone().unwrap()).collect();
        for pair in guids.chunks_exact(2).take(3) {
            let request = MergeRequest { from: &pair[0], into: &pair[1], force: true, dry_run: false };
            maintenance.merge_players(request).await.unwrap();
        }
        assert_agreement(url, &db, &played, "after verdicts and merges").await;
        println!("{complete} matches agree");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roll_ups_of_real_files_follow_the_files() {
    let Some(corpus) = corpus() else { return };
    each_backend(async |url| {
        let importer = importer(url, "Europe/Ljubljana").await;
        let mut files = corpus.files();
        files.reverse();
        for batch in files.chunks(40) {
            import(&importer, batch).await;
        }
        let played = Played::from([("default".to_owned(), files)]);
        assert_agreement(url, &open(url).await, &played, "the corpus").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_migration_fills_what_an_older_schema_lacks() {
    each_backend(async |url| {
        import(&importer(url, "UTC").await, &simulated(5, 30)).await;
        let db = open(url).await;
        let clean = dump(&db).await.unwrap();
        for migration in MIGRATIONS.iter().rev().take_while(|migration| migration.version >= 6) {
            let (_, down) = if url.starts_with("sqlite") { migration.sqlite } else { migration.postgres };
            db.execute_raw(down).await.unwrap();
            let forget = format!("DELETE FROM schema_migrations WHERE version = {}", migration.version);
            db.execute_raw(&forget).await.unwrap();
        }
        let db = open(url).await;
        // What records, ratings and rules are, no migration can know: the program computes the ones and notes the others.
        let left_empty = ["session_records|", "ratings|", "rated_matches|", "achievements|", "server_rules|"];
        let is_filled = |line: &&String| left_empty.iter().all(|relation| !line.starts_with(relation));
        let filled_part = |lines: &[String]| -> Vec<String> { lines.iter().filter(is_filled).cloned().collect() };
        let filled = dump(&db).await.unwrap();
        assert_same(&filled_part(&clean), &filled_part(&filled), "taken back and applied again");
        assert_eq!(differences(&db).await, Vec::new());
        // Measures of records are formulas, which SQL does not have.
        maintenance(url).await.rebuild_sessions(&()).await.unwrap();
        let is_no_rule = |line: &&String| !line.starts_with("server_rules|");
        let but_rules = |lines: &[String]| -> Vec<String> { lines.iter().filter(is_no_rule).cloned().collect() };
        assert_same(&but_rules(&clean), &but_rules(&dump(&db).await.unwrap()), "sessions rebuilt");
        // A rebuild of everything notes the rules that it followed.
        maintenance(url).await.rebuild(Selection::Everything, &()).await.unwrap();
        assert_same(&clean, &dump(&db).await.unwrap(), "everything rebuilt");
    })
    .await;
}

const ROLL_UPS: [(&str, &str); 4] = [
    ("player_session_totals", "(session_id || player_guid)"),
    ("player_map_totals", "(session_id || player_guid || map_name)"),
    ("player_weapon_totals", "(session_id || player_guid || weapon_name)"),
    ("player_season_totals", "(season || server_id || player_guid)"),
];

/// Columns that say whose the sums are.
const KEYS: [&str; 6] = ["session_id", "player_guid", "map_name", "weapon_name", "season", "server_id"];

#[tokio::test(flavor = "multi_thread")]
async fn an_error_in_any_column_of_a_roll_up_is_named() {
    each_backend(async |url| {
        import(&importer(url, "UTC").await, &simulated(7, 14)).await;
        let db = open(url).await;
        assert_eq!(differences(&db).await, Vec::new());
        let mut planted = 0;
        for (table, row) in ROLL_UPS {
            let first = format!("SELECT min({row}) FROM {table}");
            let columns = columns(url, table).await;
            let counters: Vec<&String> = columns.iter().filter(|column| !KEYS.contains(&column.as_str())).collect();
            let wrong: Vec<String> = counters.iter().map(|c| format!("{c} = COALESCE({c}, 0) + 1")).collect();
            db.execute_raw(&format!("UPDATE {table} SET {} WHERE {row} = ({first})", wrong.join(", "))).await.unwrap();
            let found = differences(&db).await;
            for column in &counters {
                let named = |one: &&Mismatch| one.relation == table && one.column == column.as_str();
                assert!(found.iter().any(|one| named(&one)), "{table}.{column}: {found:?}");
                planted += 1;
            }
            let maintenance = maintenance(url).await;
            let problems = maintenance.validate(&()).await.unwrap().problems;
            assert!(problems.iter().any(|problem| problem.relation == table), "{table}: {problems:?}");
            maintenance.rebuild(Selection::Everything, &()).await.unwrap();
            db.execute_raw(&format!("DELETE FROM {table} WHERE {row} = ({first})")).await.unwrap();
            let found = differences(&db).await;
            assert!(found.iter().any(|one| one.relation == table && one.stored == "missing"), "{table}: {found:?}");
            let named = "UPDATE {} SET player_guid = 'NOBODY' WHERE {} = (SELECT min({}) FROM {})";
            let sql = named.replacen("{}", table, 1).replacen("{}", row, 2).replacen("{}", table, 1);
            db.execute_raw(&sql).await.unwrap();
            let found = differences(&db).await;
            assert!(found.iter().any(|one| one.relation == table && one.stored == "present"), "{table}: {found:?}");
            maintenance.rebuild(Selection::Everything, &()).await.unwrap();
            assert_eq!(differences(&db).await, Vec::new());
        }
        assert!(planted > 150, "{planted}");
    })
    .await;
}

async fn columns(url: &str, table: &str) -> Vec<String> {
    let sql = if url.starts_with("sqlite") {
        format!("SELECT name FROM pragma_table_info('{table}')")
    } else {
        format!("SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'")
    };
    query(url, &sql).await.into_iter().map(|row| row[0].clone().unwrap()).collect()
}
