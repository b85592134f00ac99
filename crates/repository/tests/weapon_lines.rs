//! Every weapon line belongs to a player's line: on SQLite by a foreign key, on PostgreSQL by triggers that look at all
//! rows of a statement at once. What may not be stored, what goes with what, and what two connections do to each other.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test support"
)]

use fullhold_repository::{Config, Db, OpenMode};
use fullhold_testkit::{TestDatabase, each_backend};
use tokio::task::JoinHandle;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

/// A server, two rounds, two players in each.
const ROWS: &str = "
    INSERT INTO servers VALUES (1, 'one', 'UTC');
    INSERT INTO processed_files (id, server_id, filename, kind, sha256, size_bytes, content, state, success,
        parser_version, first_seen_at)
    SELECT n, 1, 'file ' || n, 'stats', '0123456789012345678901234567890123456789012345678901234567890123', 1, '',
        'imported', TRUE, 1, '2025-01-01 00:00:00' FROM (SELECT 1 AS n UNION ALL SELECT 2) AS numbers;
    INSERT INTO gaming_sessions (id, server_id, session_key, started_at, ended_at, rounds, valid_rounds, matches, players,
        score_a, score_b, team_confidence)
    VALUES (1, 1, 'key', '2025-01-01 00:00:00', '2025-01-01 01:00:00', 2, 2, 1, 2, 0, 0, 'high');
    INSERT INTO rounds (id, server_id, file_id, server_stamp, round_date, round_time, ended_at, match_id, map_name,
        config_name, round_number, gaming_session_id, defender_team, round_outcome, time_limit_seconds,
        next_time_limit_seconds, duration_source, match_state, round_status, is_valid, invalid_reasons, player_count,
        created_at)
    SELECT id, 1, id, 'stamp ' || id, 'day', 'time', '2025-01-01 00:00:00', 'match', 'supply', 'legacy', id, 1, 1,
        'unknown', 600, 600, 'play_time', 'complete', 'completed', TRUE, '', 2, '2025-01-01 00:00:00'
    FROM processed_files;
    INSERT INTO player_comprehensive_stats (round_id, player_guid, player_name, clean_name, is_bot, team,
        differential_class, kills, deaths, headshots, shots, hits, accuracy, kd_ratio, efficiency, dpm, damage_given,
        damage_received, team_damage_given, team_damage_received, gibs, self_kills, team_kills, team_gibs,
        time_played_seconds, time_played_minutes, bullets_fired, tank_meatshield)
    SELECT r.id, g.guid, g.guid, g.guid, FALSE, 1, 'ok', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    FROM rounds r, (SELECT 'ANNA' AS guid UNION ALL SELECT 'BERT') AS g;";

/// A weapon line as SQL.
fn weapon(round: i32, guid: &str, weapon: &str) -> String {
    format!("INSERT INTO weapon_stats VALUES ({round}, '{guid}', '{weapon}', 1, 0, 0, 1, 2, 50)")
}

/// A database with these rows and a weapon line for each player's line.
async fn filled(url: &str) {
    let config = Config { max_connections: 1, ..Config::new(url.parse().unwrap()) };
    drop(Db::open(&config, OpenMode::Create).await.unwrap());
    run(url, ROWS).await.unwrap();
    let all = "INSERT INTO weapon_stats SELECT round_id, player_guid, 'MP40', 1, 0, 0, 1, 2, 50 \
               FROM player_comprehensive_stats";
    run(url, all).await.unwrap();
}

/// Runs statements on a connection of their own, each by itself; what the database says against them.
async fn run(url: &str, sql: &str) -> Result<(), String> {
    if let Some(path) = url.strip_prefix("sqlite://") {
        let db = rusqlite::Connection::open(path).unwrap();
        db.pragma_update(None, "foreign_keys", true).unwrap();
        return db.execute_batch(sql).map_err(|error| error.to_string());
    }
    let client = connect(url).await;
    client.batch_execute(sql).await.map_err(|error| error.as_db_error().unwrap().message().to_owned())
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Weapon lines as `round player`, in order.
async fn lines(url: &str) -> Vec<String> {
    let sql = "SELECT round_id || ' ' || player_guid FROM weapon_stats ORDER BY 1";
    if let Some(path) = url.strip_prefix("sqlite://") {
        let db = rusqlite::Connection::open(path).unwrap();
        let mut statement = db.prepare(sql).unwrap();
        return statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    }
    let messages = connect(url).await.simple_query(sql).await.unwrap();
    let rows = messages.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(ToOwned::to_owned),
        _ => None,
    });
    rows.collect()
}

const ALL: [&str; 4] = ["1 ANNA", "1 BERT", "2 ANNA", "2 BERT"];

#[tokio::test(flavor = "multi_thread")]
async fn a_weapon_line_without_a_players_line_is_refused_with_all_of_its_statement() {
    each_backend(async |url| {
        filled(url).await;
        let mixed = "INSERT INTO weapon_stats SELECT round_id, player_guid, 'COLT', 1, 0, 0, 1, 2, 50
            FROM player_comprehensive_stats UNION ALL SELECT 2, 'NOBODY', 'COLT', 1, 0, 0, 1, 2, 50";
        let refused = [
            weapon(1, "NOBODY", "MP40"),
            weapon(3, "ANNA", "MP40"),
            mixed.to_owned(),
            "UPDATE weapon_stats SET player_guid = 'NOBODY' WHERE player_guid = 'BERT' AND round_id = 2".to_owned(),
            "UPDATE weapon_stats SET round_id = 3, kills = 7 WHERE round_id = 2".to_owned(),
            // A player's line keeps its key while weapon lines belong to it.
            "UPDATE player_comprehensive_stats SET player_guid = 'CARL' WHERE player_guid = 'BERT'".to_owned(),
        ];
        for sql in refused {
            let said = run(url, &sql).await.unwrap_err().to_lowercase();
            assert!(said.contains("foreign key"), "{sql}: {said}");
            assert_eq!(lines(url).await, ALL, "{sql}");
        }
        let fine = [
            weapon(1, "ANNA", "COLT"),
            "UPDATE weapon_stats SET player_guid = 'BERT', weapon_name = 'STEN' WHERE weapon_name = 'COLT'".to_owned(),
            "UPDATE player_comprehensive_stats SET kills = kills + 1".to_owned(),
            "INSERT INTO weapon_stats SELECT * FROM weapon_stats WHERE FALSE".to_owned(),
            "DELETE FROM weapon_stats WHERE player_guid = 'BERT';
             UPDATE player_comprehensive_stats SET player_guid = 'CARL' WHERE player_guid = 'BERT'"
                .to_owned(),
        ];
        for sql in fine {
            run(url, &sql).await.unwrap();
        }
        assert_eq!(lines(url).await, ["1 ANNA", "2 ANNA"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn weapon_lines_go_with_whatever_they_belong_to() {
    let cases = [
        ("DELETE FROM player_comprehensive_stats WHERE round_id = 1 AND player_guid = 'ANNA'", &ALL[1..]),
        ("DELETE FROM player_comprehensive_stats WHERE player_guid = 'ANNA'", &["1 BERT", "2 BERT"][..]),
        ("DELETE FROM player_comprehensive_stats WHERE FALSE", &ALL[..]),
        ("DELETE FROM rounds WHERE id = 1", &ALL[2..]),
        ("DELETE FROM processed_files WHERE id = 2", &ALL[..2]),
        ("DELETE FROM player_comprehensive_stats", &[]),
    ];
    for (sql, left) in cases {
        each_backend(async |url| {
            filled(url).await;
            run(url, sql).await.unwrap();
            assert_eq!(lines(url).await, left, "{sql}");
        })
        .await;
    }
}

/// A statement that another connection runs meanwhile, once it waits for a lock.
async fn waiting(url: &str, sql: &'static str) -> JoinHandle<Result<u64, tokio_postgres::Error>> {
    let other = connect(url).await;
    let id: i32 = other.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    let task = tokio::spawn(async move { other.execute(sql, &[]).await });
    let onlooker = connect(url).await;
    let waits = "SELECT count(*) FROM pg_locks WHERE pid = $1 AND NOT granted";
    while onlooker.query_one(waits, &[&id]).await.unwrap().get::<_, i64>(0) == 0 {
        assert!(!task.is_finished(), "{sql} waits for nobody");
        tokio::task::yield_now().await;
    }
    task
}

fn code(error: &tokio_postgres::Error) -> &SqlState {
    error.code().unwrap_or_else(|| panic!("{error}"))
}

const DELETE: &str = "DELETE FROM player_comprehensive_stats WHERE round_id = 1 AND player_guid = 'ANNA'";
const INSERT: &str = "INSERT INTO weapon_stats VALUES (1, 'ANNA', 'COLT', 1, 0, 0, 1, 2, 50)";

#[tokio::test(flavor = "multi_thread")]
async fn a_players_line_that_goes_takes_weapon_lines_that_were_stored_while_it_waited() {
    let database = TestDatabase::create();
    let url = database.url();
    filled(&url).await;
    let first = connect(&url).await;
    first.batch_execute("BEGIN").await.unwrap();
    first.execute(INSERT, &[]).await.unwrap();
    let removal = waiting(&url, DELETE).await;
    first.batch_execute("COMMIT").await.unwrap();
    assert_eq!(removal.await.unwrap().unwrap(), 1);
    assert_eq!(lines(&url).await, &ALL[1..], "the new line is gone with the old one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weapon_line_waits_for_the_removal_of_its_players_line() {
    for (end, is_refused) in [("COMMIT", true), ("ROLLBACK", false)] {
        let database = TestDatabase::create();
        let url = database.url();
        filled(&url).await;
        let first = connect(&url).await;
        first.batch_execute("BEGIN").await.unwrap();
        first.execute(DELETE, &[]).await.unwrap();
        let insertion = waiting(&url, INSERT).await;
        first.batch_execute(end).await.unwrap();
        match insertion.await.unwrap() {
            Ok(_) => assert!(!is_refused),
            Err(error) => assert!(is_refused && *code(&error) == SqlState::FOREIGN_KEY_VIOLATION, "{error}"),
        }
        let left = lines(&url).await;
        assert_eq!(left.iter().filter(|line| *line == "1 ANNA").count(), if is_refused { 0 } else { 2 });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_the_same_transaction_count_as_long_as_they_are_there() {
    let database = TestDatabase::create();
    let url = database.url();
    filled(&url).await;
    let client = connect(&url).await;
    client.batch_execute("BEGIN; DELETE FROM player_comprehensive_stats; SAVEPOINT before").await.unwrap();
    let add = "INSERT INTO player_comprehensive_stats (round_id, player_guid, player_name, clean_name, is_bot, team,
        differential_class, kills, deaths, headshots, shots, hits, accuracy, kd_ratio, efficiency, dpm, damage_given,
        damage_received, team_damage_given, team_damage_received, gibs, self_kills, team_kills, team_gibs,
        time_played_seconds, time_played_minutes, bullets_fired, tank_meatshield)
        VALUES (1, 'ANNA', '', '', FALSE, 1, 'ok', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)";
    client.batch_execute(add).await.unwrap();
    client.batch_execute(INSERT).await.unwrap();
    client.batch_execute("ROLLBACK TO before").await.unwrap();
    let error = client.batch_execute(INSERT).await.unwrap_err();
    assert_eq!(*code(&error), SqlState::FOREIGN_KEY_VIOLATION);
    client.batch_execute("ROLLBACK TO before").await.unwrap();
    client.batch_execute(&format!("{add}; {INSERT}; COMMIT")).await.unwrap();
    assert_eq!(lines(&url).await, ["1 ANNA"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_that_is_kept_lets_no_weapon_line_be_left() {
    let database = TestDatabase::create();
    let url = database.url();
    filled(&url).await;
    let first = connect(&url).await;
    // Whoever keeps a snapshot does not see what others have stored since, and may not remove.
    first.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ").await.unwrap();
    first.batch_execute("DELETE FROM player_comprehensive_stats WHERE FALSE").await.unwrap();
    let error = first.batch_execute(DELETE).await.unwrap_err();
    assert_eq!(*code(&error), SqlState::FEATURE_NOT_SUPPORTED);
    // To add is fine, unless the player's line has gone meanwhile.
    first.batch_execute("ROLLBACK; BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM servers").await.unwrap();
    run(&url, DELETE).await.unwrap();
    let error = first.batch_execute(INSERT).await.unwrap_err();
    assert_eq!(*code(&error), SqlState::T_R_SERIALIZATION_FAILURE);
    assert_eq!(lines(&url).await, &ALL[1..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn players_lines_are_not_emptied_alone() {
    let database = TestDatabase::create();
    let url = database.url();
    filled(&url).await;
    for sql in ["TRUNCATE player_comprehensive_stats", "TRUNCATE rounds CASCADE"] {
        run(&url, sql).await.unwrap_err();
        assert_eq!(lines(&url).await, ALL, "{sql}");
    }
    run(&url, "TRUNCATE player_comprehensive_stats, weapon_stats").await.unwrap();
    assert!(lines(&url).await.is_empty());
}

/// Foreign keys as `table (columns) -> parent on delete`, in order.
async fn foreign_keys(url: &str) -> Vec<String> {
    if let Some(path) = url.strip_prefix("sqlite://") {
        let db = rusqlite::Connection::open(path).unwrap();
        let sql =
            "SELECT m.name || ' (' || group_concat(f.\"from\", ', ') || ') -> ' || f.\"table\" || ' ' || f.on_delete
            FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' GROUP BY m.name, f.id";
        let mut statement = db.prepare(sql).unwrap();
        let mut keys: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        keys.sort_unstable();
        return keys;
    }
    let sql = "SELECT conrelid::regclass || ' (' || (SELECT string_agg(a.attname, ', ' ORDER BY k.place)
            FROM unnest(c.conkey) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number) || ') -> ' || confrelid::regclass
            || CASE confdeltype WHEN 'c' THEN ' CASCADE' ELSE ' NO ACTION' END
        FROM pg_constraint c WHERE contype = 'f'";
    let rows = connect(url).await.query(sql, &[]).await.unwrap();
    let mut keys: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    keys.sort_unstable();
    keys
}

#[tokio::test(flavor = "multi_thread")]
async fn both_databases_have_the_same_foreign_keys_but_for_weapon_lines() {
    let file = fullhold_testkit::SqliteFile::create();
    let database = TestDatabase::create();
    filled(&file.url()).await;
    filled(&database.url()).await;
    let mut sqlite = foreign_keys(&file.url()).await;
    let before = sqlite.len();
    sqlite.retain(|key| !key.starts_with("weapon_stats "));
    assert_eq!(sqlite.len(), before - 1);
    assert_eq!(foreign_keys(&database.url()).await, sqlite);
}
