//! `validate`.

use fullhold_ingest::{OtherRules, RuleDifference};
use fullhold_maintenance::{Remedy, Validation};
use fullhold_settings::Exit;
use serde_json::{Value, json};

use super::rebuild::{shares, shares_json};
use crate::context::{Context, Outcome, counted};

/// Differences shown to a person; the rest is counted.
const SHOWN: usize = 20;

pub(crate) async fn run(context: &Context) -> Outcome {
    let maintenance = context.maintenance().await?;
    let done = maintenance.validate(&context.bar()).await?;
    context.show(&text(&done, context.verbose), &to_json(&done));
    Ok(if done.total_problems == 0 { Exit::Fine } else { Exit::Rejected })
}

fn text(done: &Validation, verbose: bool) -> String {
    let mut text = String::new();
    for one in done.problems.iter().take(SHOWN) {
        text.push_str(&format!(
            "wrong: {}.{} of {}\n       stored {}, expected {}\n",
            one.relation, one.column, one.key, one.stored, one.expected
        ));
    }
    if done.total_problems > SHOWN {
        text.push_str(&format!("wrong: {} more (--json lists up to 1000)\n", done.total_problems - SHOWN));
    }
    text.push_str(&format!(
        "{} read back: {}, {}, {} player lines, {} weapon lines, {} compared in {:.2} s\n{}",
        counted(done.files, "file"),
        counted(done.evenings, "evening"),
        counted(done.rounds, "round"),
        done.players,
        done.weapons,
        counted_matches(done.matches),
        done.elapsed.as_secs_f64(),
        if verbose { shares(&done.shares) } else { String::new() }
    ));
    for other in &done.rules {
        text.push_str(&format!("{other}\n"));
    }
    for round in &done.rosters_without_round {
        text.push_str(&format!("teams were set by {round}, which is not in the database: they count nowhere\n"));
    }
    if done.total_problems == 0 {
        text.push_str("everything stored is what the raw files say\n");
        return text;
    }
    text.push_str(&format!("{} WRONG\n", counted(done.total_problems, "value")));
    for (remedy, count) in &done.remedies {
        let when = match remedy {
            // A file that cannot be read has no rounds to compare with: much of the rest is right once it is there again.
            Remedy::Rebuild if done.remedies.contains_key(&Remedy::File) => "afterwards, if any are left: ",
            _ => "",
        };
        text.push_str(&format!("  {count}: {when}{}\n", advice(*remedy)));
    }
    text
}

fn counted_matches(n: usize) -> String {
    if n == 1 { "1 match".to_owned() } else { format!("{n} matches") }
}

/// What a person is to do.
fn advice(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::File => "get the file again: `dbadmin files retry PATH`, or `dbadmin rebuild --from-files FOLDER`",
        Remedy::Unmerge => "take the merge back: `dbadmin unmerge GUID`",
        Remedy::Restore => "the database itself is damaged: `dbadmin restore BACKUP`",
        Remedy::Rebuild => "`dbadmin rebuild` computes derived data anew",
    }
}

/// Servers that were computed with other rules than are set.
pub(crate) fn other_rules(rules: &[OtherRules]) -> Value {
    let difference = |one: &RuleDifference| json!({ "key": one.key, "recorded": one.recorded, "set": one.set });
    let server = |other: &OtherRules| {
        let differences: Vec<Value> = other.differences.iter().map(difference).collect();
        json!({ "server": other.server, "differences": differences })
    };
    rules.iter().map(server).collect()
}

pub(crate) fn to_json(done: &Validation) -> Value {
    let problems: Vec<Value> = done
        .problems
        .iter()
        .map(|one| {
            json!({
                "relation": one.relation, "row": one.key, "column": one.column,
                "stored": one.stored, "expected": one.expected, "remedy": advice(one.remedy()),
            })
        })
        .collect();
    json!({
        "clean": done.total_problems == 0,
        "files": done.files,
        "evenings": done.evenings,
        "rounds": done.rounds,
        "players": done.players,
        "weapons": done.weapons,
        "matches": done.matches,
        "other_rules": other_rules(&done.rules),
        "teams_without_round": done.rosters_without_round.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "total_problems": done.total_problems,
        "problems": problems,
        "seconds": done.elapsed.as_secs_f64(),
        "stages": shares_json(&done.shares),
    })
}
