//! Rebuild and validation: whatever was wrong in a derived table is found, and computed anew from
//! the raw bytes; what people said stays. On histories of two servers with late files.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

mod keeping;
#[path = "../../ingest/tests/support/mod.rs"]
mod support;

use fullhold_maintenance::Selection;
use fullhold_repository::{FileId, dump};
use fullhold_simulator::{World, WorldFile};
use fullhold_testkit::each_backend;
use keeping::fill;
use support::{open, query};

/// New values that a column may take; the first that the database accepts and that is another one
/// is planted.
const CANDIDATES: &[&str] = &[
    "{c} + 1",
    "{c} - 1",
    "NOT {c}",
    "3 - {c}",
    "'X' || {c}",
    "'2001-01-01 00:00:00'",
    "'2037-01-01 00:00:00'",
    "'low'",
    "'medium'",
    "'B'",
    "'A'",
    "'reset'",
    "'ok'",
    "'fullhold'",
    "'reference'",
    "'manual'",
    "'completed'",
    "'unknown'",
    "'time_limit'",
    "'abandoned_r1'",
    "'orphan_r2'",
    "'cancelled'",
    "'warning'",
    "'info'",
    "NULL",
    "0",
    "1",
    "'planted'",
    "'draw'",
    // What must lie between 0 and 1.
    "{c} / 2",
];

/// A table, and its columns that no raw file determines.
type Derived = (&'static str, &'static [&'static str]);

/// The tables of rounds and of players' lines.
const LINES: &[Derived] =
    &[("rounds", &["id", "server_id", "created_at"]), ("player_comprehensive_stats", &["round_id"])];

/// All others.
const AROUND_LINES: &[Derived] = &[
    ("gaming_sessions", &["id", "server_id"]),
    ("weapon_stats", &["round_id", "weapon_name", "player_guid"]),
    ("matches", &["server_id"]),
    ("session_teams", &["session_id"]),
    ("session_records", &["session_id", "span"]),
    ("players", &["canonical_guid", "chosen_name", "privacy", "anonymous_number", "erased"]),
    ("player_aliases", &[]),
    ("validation_findings", &["round_id"]),
];

/// What follows from the history of matches.
const HISTORIES: &[Derived] =
    &[("ratings", &["server_id"]), ("rated_matches", &["server_id"]), ("achievements", &["server_id"])];

async fn columns(url: &str, table: &str) -> Vec<String> {
    let sql = if url.starts_with("sqlite") {
        format!("SELECT name FROM pragma_table_info('{table}')")
    } else {
        format!(
            "SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' AND table_schema = 'public'"
        )
    };
    query(url, &sql).await.into_iter().map(|row| row[0].clone().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_value_in_any_column_of_a_round_or_a_line_is_found_and_rebuilt() {
    // What the constraints do not let anybody plant needs no validation.
    let refused = ["rounds.file_id", "rounds.is_valid", "player_comprehensive_stats.player_guid"];
    plant_in_every_column(9, LINES, &refused, 70).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_value_in_any_other_derived_column_is_found_and_rebuilt() {
    plant_in_every_column(9, AROUND_LINES, &[], 30).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_value_in_any_column_of_ratings_and_achievements_is_found_and_rebuilt() {
    plant_in_every_column(30, HISTORIES, &[], 24).await;
}

/// Plants a wrong value in one column after another: each is found in its table, and a rebuild mends it.
async fn plant_in_every_column(rounds: usize, tables: &[Derived], expected_refused: &[&str], at_least: usize) {
    let mut world = World::rough(7, 2, rounds).unwrap();
    // A line that cannot be used is a finding.
    let is_first_half = |file: &&mut WorldFile| file.is_whole && file.name.ends_with("round-1.txt");
    world.deliveries.iter_mut().find(is_first_half).unwrap().bytes.extend_from_slice(b"AAAA\n");
    each_backend(async |url| {
        let maintenance = fill(url, &world).await;
        let db = open(url).await;
        let clean = dump(&db).await.unwrap();
        let validation = maintenance.validate(&()).await.unwrap();
        assert_eq!(validation.problems, Vec::new());
        assert!(validation.rounds >= 12 && validation.weapons > 0 && validation.matches > 0);
        let mut planted = 0;
        let mut refused = Vec::new();
        for (table, free) in tables {
            let row_id = match *table {
                "player_comprehensive_stats" => "(round_id || player_guid)",
                "weapon_stats" => "(round_id || weapon_name || player_guid)",
                "session_records" => "(session_id || span || metric)",
                "ratings" => "(server_id || player_guid || match_id)",
                "rated_matches" => "(server_id || match_id)",
                "achievements" => "(server_id || player_guid || badge || tier)",
                _ if url.starts_with("sqlite") => "rowid",
                _ => "ctid",
            };
            for column in columns(url, table).await {
                if free.contains(&column.as_str()) {
                    continue;
                }
                let accepted = plant(&db, table, &column, row_id, url).await;
                if !accepted {
                    refused.push(format!("{table}.{column}"));
                    continue;
                }
                let found = maintenance.validate(&()).await.unwrap();
                assert!(found.total_problems > 0, "{table}.{column} is wrong and nobody noticed");
                assert!(
                    found.problems.iter().any(|problem| problem.relation == *table),
                    "{table}.{column}: {:?}",
                    found.problems.first()
                );
                if (*table, column.as_str()) == ("players", "guid") {
                    // It now looks like somebody merged into another, and that is people's to say.
                    db.execute_raw("DELETE FROM players WHERE guid <> canonical_guid").await.unwrap();
                }
                maintenance.rebuild(Selection::Everything, &()).await.unwrap();
                planted += 1;
            }
        }
        assert_eq!(refused, expected_refused);
        assert!(planted >= at_least, "{planted}");
        assert_eq!(dump(&db).await.unwrap(), clean);
    })
    .await;
}

async fn plant(db: &fullhold_repository::Db, table: &str, column: &str, row_id: &str, url: &str) -> bool {
    let quoted = format!("\"{column}\"");
    for (candidate, order) in CANDIDATES.iter().flat_map(|candidate| [(candidate, "ASC"), (candidate, "DESC")]) {
        let value = candidate.replace("{c}", &quoted);
        let text = if url.starts_with("sqlite") {
            format!("({quoted} IS NOT {value})")
        } else {
            format!("({quoted} IS DISTINCT FROM {value})")
        };
        // SQLite stores what it is given: a number in a text column would be no honest mistake.
        let honest = if url.starts_with("sqlite") {
            format!(" AND (typeof({value}) = typeof({quoted}) OR {value} IS NULL OR {quoted} IS NULL)")
        } else {
            String::new()
        };
        let pick = format!("SELECT {row_id} FROM {table} WHERE {text} {honest} ORDER BY {quoted} {order} LIMIT 1");
        let sql = format!("UPDATE {table} SET {quoted} = {value} WHERE {row_id} IN ({pick})");
        let values = format!("SELECT {quoted} FROM {table} ORDER BY 1");
        let before = query(url, &values).await;
        if db.execute_raw(&sql).await.is_ok() && query(url, &values).await != before {
            return true;
        }
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_said_survives_a_rebuild() {
    let world = World::rough(7, 2, 24).unwrap();
    each_backend(async |url| {
        let maintenance = fill(url, &world).await;
        let db = open(url).await;
        let guid = |n: usize| async move {
            let rows = query(url, "SELECT guid FROM players WHERE NOT is_bot ORDER BY guid").await;
            rows[n].first().unwrap().clone().unwrap()
        };
        let (first, second) = (guid(0).await, guid(1).await);
        let words = [
            format!("UPDATE players SET canonical_guid = '{first}', chosen_name = 'Me', anonymous_number = 17 WHERE guid = '{second}'"),
            format!("UPDATE players SET privacy = 'anonymous' WHERE guid = '{first}'"),
            format!("INSERT INTO player_links VALUES (42, '{first}', '2025-01-01 00:00:00', 'test')"),
            "INSERT INTO guild_settings VALUES (1, 'prefix', '?')".to_owned(),
            "INSERT INTO audit_log VALUES (1, '2025-01-01 00:00:00', 'me', 'test', 'x', 'ok', NULL)".to_owned(),
            format!(
                "INSERT INTO manual_teams SELECT server_id, server_stamp, map_name, round_number, '{first}', 'B', 'Reds', \
                 'me', '2025-01-01 00:00:00' FROM rounds WHERE id = 1"
            ),
            "INSERT INTO round_overrides SELECT server_id, server_stamp, map_name, round_number, 'cancelled', 'lag', \
             'me', '2025-01-01 00:00:00' FROM rounds WHERE id = 3"
                .to_owned(),
        ];
        for sql in &words {
            db.execute_raw(sql).await.unwrap();
        }
        let said = async || {
            let mut all = Vec::new();
            for sql in [
                "SELECT guid, canonical_guid, chosen_name, privacy, anonymous_number FROM players ORDER BY guid",
                "SELECT discord_user_id, player_guid, proof FROM player_links",
                "SELECT key, value FROM guild_settings",
                "SELECT actor, action FROM audit_log WHERE actor = 'me'",
                "SELECT server_stamp, player_guid, team, team_name FROM manual_teams",
                "SELECT server_stamp, map_name, round_number, verdict FROM round_overrides",
            ] {
                all.push(query(url, sql).await);
            }
            all
        };
        let before = said().await;
        let ids =
            query(url, "SELECT id, server_stamp, map_name, round_number, created_at FROM rounds ORDER BY id").await;
        // The verdict was planted without recomputation: validation sees that, rebuild heeds it.
        assert!(maintenance.validate(&()).await.unwrap().total_problems > 0);
        for selection in [
            Selection::Everything,
            Selection::Dates("0000-01-01".to_owned(), "9999-12-31".to_owned()),
            Selection::Files([1, 2, 3].map(FileId).to_vec()),
        ] {
            let rebuilt = maintenance.rebuild(selection, &()).await.unwrap();
            assert!(rebuilt.rounds > 0);
            assert_eq!(said().await, before);
            let problems = maintenance.validate(&()).await.unwrap().problems;
            assert_eq!(problems, Vec::new());
        }
        let again =
            query(url, "SELECT id, server_stamp, map_name, round_number, created_at FROM rounds ORDER BY id").await;
        assert_eq!(again, ids, "rounds keep their ids");
        let status = query(url, "SELECT round_status FROM rounds WHERE id = 3").await;
        assert_eq!(status[0][0].as_deref(), Some("cancelled"));
    })
    .await;
}
