//! How the databases answer what commands ask: nothing walks a table that grows with the rounds.
#![allow(clippy::allow_attributes, clippy::unwrap_used, reason = "test support")]

mod support;

use std::collections::BTreeMap;

use fullhold_commands::{Asker, COMMANDS, Permission, Question, UserId};
use fullhold_repository::{record_statements, recorded_questions};
use fullhold_stats_file::Guid;
use fullhold_testkit::each_backend;
use support::{answerer, filled, question};

/// Tables that grow with the rounds.
const GROWING: [&str; 13] = [
    "changes",
    "gaming_sessions",
    "matches",
    "player_comprehensive_stats",
    "player_map_totals",
    "player_session_totals",
    "player_weapon_totals",
    "processed_files",
    "rounds",
    "session_records",
    "session_teams",
    "validation_findings",
    "weapon_stats",
];

/// Statements that may: a part of their text, the table, and why. The last four are slow with many rounds: they are to
/// become shorter, not more.
const ALLOWED: [(&str, &str, &str); 10] = [
    ("round_outcome", "rounds", "the maps of all time: an index has all that is asked, without the rows"),
    ("LIMIT", "gaming_sessions", "in the order of an index, until enough are found"),
    ("LIMIT", "rounds", "in the order of an index, until enough are found"),
    ("1=0", "matches", "nothing is asked for"),
    ("count(*) AS value", "", "`health` counts all rows, for those who run the community"),
    ("GROUP BY", "processed_files", "`health` counts files by state"),
    ("DISTINCT", "matches", "names of maps"),
    ("DISTINCT", "rounds", "names of maps"),
    ("GROUP BY", "player_comprehensive_stats", "rounds played by everybody, where names are chosen from"),
    ("GROUP BY", "rounds", "rounds played by everybody, where names are chosen from"),
];

#[tokio::test(flavor = "multi_thread")]
async fn no_command_walks_a_table_that_grows_with_the_rounds() {
    record_statements().unwrap();
    each_backend(async |url| {
        let db = filled(url).await;
        drop(recorded_questions());
        let answerer = answerer(db.clone(), Vec::new());
        let player = Guid::new("B54CDA26");
        let mut asked: BTreeMap<String, String> = BTreeMap::new();
        for command in COMMANDS {
            for line in command.examples.iter().copied().chain([command.name]) {
                let asker = Asker { player, user: Some(UserId(1)), right: Permission::Admin };
                answerer.answer(Question { asker, ..question(line) }).await;
                asked.extend(recorded_questions().into_iter().map(|sql| (sql, line.to_owned())));
            }
        }
        assert!(asked.len() > 40, "{} questions", asked.len());
        let mut walks = Vec::new();
        for (sql, line) in &asked {
            let plan = db.plan_of(sql).await.unwrap_or_else(|error| panic!("{line}: {sql}: {error:?}"));
            for table in plan.walked.iter().filter(|table| GROWING.contains(&table.as_str())) {
                let may = |(part, of, _): &(&str, &str, &str)| sql.contains(part) && (of.is_empty() || of == table);
                if !ALLOWED.iter().any(may) {
                    walks.push(format!("{line} walks {table}: {sql}\n    {}", plan.steps.join("\n    ")));
                }
            }
        }
        assert!(walks.is_empty(), "{}", walks.join("\n"));
    })
    .await;
}
