//! Taking over from a database of the reference bot, of both kinds, into both kinds.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stdout,
    reason = "test support"
)]

mod support;

use std::fs;

use fullhold_testkit::{TestDatabase, each_backend_blocking};
use support::{Admin, Kept, block_on, golden, other_kind, same_kind, simulated};

/// Its tables, with the columns of the issue and of the bot; jsonb is text in SQLite.
fn schema(json: &str) -> Vec<String> {
    vec![
        "CREATE TABLE player_links (player_guid text, discord_id bigint, discord_username text, player_name text, \
         linked_at timestamp)"
            .to_owned(),
        "CREATE TABLE player_aliases (guid text, alias text, first_seen timestamp, last_seen timestamp, \
         times_seen integer)"
            .to_owned(),
        format!(
            "CREATE TABLE session_teams (session_start_date text, map_name text, team_name text, player_guids {json}, \
             player_names {json})"
        ),
        "CREATE TABLE rounds (id integer, match_id text, round_number integer, round_date text, round_time text, \
         map_name text, time_limit text, actual_time text, defender_team integer, winner_team integer, \
         round_outcome text, gaming_session_id integer, round_status text)"
            .to_owned(),
        "CREATE TABLE player_comprehensive_stats (round_id integer, player_guid text, player_name text, team integer, \
         kills integer, deaths integer, damage_given integer, damage_received integer, accuracy real, dpm real, \
         time_played_seconds integer, xp integer)"
            .to_owned(),
    ]
}

fn rows(day: &str, guid: &str, present: &str) -> Vec<String> {
    let mut sql = vec![
        format!("INSERT INTO player_links VALUES ('{guid}', 123456789012345678, 'me#1', 'me', '2024-05-01 10:00:00')"),
        "INSERT INTO player_links VALUES ('OLDGUID1', 5, 'old', 'old', '2024-05-01 10:00:00')".to_owned(),
        format!(
            "INSERT INTO player_aliases VALUES ('{guid}', '^1earlier', '2023-01-01 20:00:00', '2023-02-01 20:00:00', 9)"
        ),
        format!("INSERT INTO session_teams VALUES ('{day}', 'supply', 'Reds', '[\"{guid}\"]', '[\"me\"]')"),
    ];
    // A match of an evening long before any file: both halves and the bot's copy of totals.
    for (id, number, time, winner, outcome) in
        [(1, 1, "200000", 2, "Completed"), (2, 2, "201500", 1, "Fullhold"), (3, 0, "201500", 1, "Fullhold")]
    {
        sql.push(format!(
            "INSERT INTO rounds VALUES ({id}, '2023-01-01-200000-supply', {number}, '2023-01-01', '{time}', 'supply', \
             '10:00', '9:30', 1, {winner}, '{outcome}', 1, 'completed')"
        ));
        for (player, team, kills) in [("OLDGUID1", 1, 11), ("OLDGUID2", 2, 7), (guid, 1, 5)] {
            sql.push(format!(
                "INSERT INTO player_comprehensive_stats VALUES ({id}, '{player}', '^2{player}', {team}, {kills}, 3, \
                 1000, 900, 33.5, 120.5, 570, 42)"
            ));
        }
    }
    // A cancelled one, and one whose raw file is here.
    sql.push(
        "INSERT INTO rounds VALUES (4, '2023-01-01-203000-radar', 1, '2023-01-01', '203000', 'radar', '12:00', '1:00', \
         1, 0, '', 1, 'cancelled')"
            .to_owned(),
    );
    let (date, time, map) = (&present[..10], &present[11..17], &present[18..present.len() - "-round-1.txt".len()]);
    sql.push(format!(
        "INSERT INTO rounds VALUES (5, '{date}-{time}-{map}', 1, '{date}', '{time}', '{map}', '10:00', '9:00', 1, 2, \
         'Completed', 2, 'completed')"
    ));
    sql
}

/// A reference database of the other kind than, or the same as, the given one.
fn reference(url: &str, other: bool, day: &str, guid: &str, present: &str) -> (String, Kept) {
    let (there, keep) = if other { other_kind(url) } else { same_kind(url) };
    let json = if there.starts_with("sqlite") { "text" } else { "jsonb" };
    for sql in schema(json).into_iter().chain(rows(day, guid, present)) {
        match &keep {
            Kept::Postgres(database) => TestDatabase::execute(database, &sql),
            _ => {
                let path = there.strip_prefix("sqlite://").unwrap();
                rusqlite::Connection::open(path).unwrap().execute_batch(&sql).unwrap();
            }
        }
    }
    (there, keep)
}

#[test]
fn history_without_raw_files_is_taken_over_and_marked() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        let days = simulated(&admin.folder().join("files"), 5, 40);
        admin.fine(&["create"]);
        admin.fine(&["import", "files"]);
        let guid = admin.guids().remove(0);
        let mut names: Vec<String> = fs::read_dir(admin.folder().join("files"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with("-round-1.txt"))
            .collect();
        names.sort();
        for other in [false, true] {
            let (source, _keep) = reference(url, other, &days[0], &guid, &names[0]);
            let out = admin.fine(&["import-reference", &source]);
            // The second time, from a database of the other kind, everything is here already.
            golden(if other { "import-reference-again" } else { "import-reference" }, &out);
            assert_eq!(admin.json(&["validate", "--json"])["clean"], true);
        }
        let rows = |sql: &str| block_on(support::query(url, sql));
        let text = |rows: Vec<Vec<Option<String>>>| -> Vec<String> {
            rows.into_iter()
                .map(|row| row.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>().join(" "))
                .collect()
        };
        assert_eq!(
            text(rows(
                "SELECT server_stamp, round_number, match_id, match_state, round_status, winner_team, round_outcome \
                 FROM rounds WHERE source = 'reference' ORDER BY server_stamp"
            )),
            [
                "2023-01-01-200000 1 2023-01-01-200000-supply complete completed 2 completed",
                "2023-01-01-201500 2 2023-01-01-200000-supply complete completed 1 fullhold",
                // The bot marked it cancelled, by its rule; by ours nobody played it again.
                "2023-01-01-203000 1 2023-01-01-203000-radar abandoned_r1 completed  unknown",
            ]
        );
        assert_eq!(
            text(rows(
                "SELECT p.player_guid, p.clean_name, p.kills, p.xp FROM player_comprehensive_stats p \
                 JOIN rounds r ON r.id = p.round_id WHERE r.source = 'reference' AND r.round_number = 2 \
                 AND p.player_guid LIKE 'OLD%' ORDER BY 1"
            )),
            ["OLDGUID1 OLDGUID1 11 42", "OLDGUID2 OLDGUID2 7 42"]
        );
        assert_eq!(
            text(rows(&format!(
                "SELECT alias, times_seen FROM player_aliases WHERE guid = '{guid}' AND alias = 'earlier'"
            ))),
            ["earlier 9"]
        );
        assert_eq!(text(rows("SELECT discord_user_id FROM player_links ORDER BY 1")), ["5", "123456789012345678"]);
        assert_eq!(text(rows("SELECT player_guid, team_name FROM manual_teams")), [format!("{guid} Reds")]);
        // It survives being computed anew, and new files in the same evening.
        let before = admin.dump();
        admin.fine(&["rebuild", "--yes", "--no-backup"]);
        assert_eq!(admin.dump(), before);
        let (there, _keep) = other_kind(url);
        admin.fine(&["copy", "--to", &there]);
        assert_eq!(Admin::new(&there).dump(), before);
    });
}

#[test]
fn a_database_of_something_else_is_refused() {
    each_backend_blocking(|url| {
        let admin = Admin::new(url);
        admin.fine(&["create"]);
        let (source, _keep) = same_kind(url);
        let (code, _, err) = admin.run(&["import-reference", &source]);
        assert_eq!(code, 1);
        assert!(err.contains("no database of the reference bot: none of its tables is there (player_links, "), "{err}");
        let (ours, _ours) = same_kind(url);
        Admin::new(&ours).fine(&["create"]);
        let (code, _, err) = admin.run(&["import-reference", &ours]);
        assert_eq!(code, 1);
        assert!(err.contains("it is a database of Fullhold"), "{err}");
        let (code, _, err) = admin.run(&["import-reference", "sqlite://nowhere.db"]);
        assert_eq!(code, 1);
        assert!(err.contains("nowhere.db"), "{err}");
        let (code, _, err) = admin.run(&["import-reference", url]);
        assert_eq!(code, 2);
        assert!(err.contains("our own"), "{err}");
    });
}
