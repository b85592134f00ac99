//! `validate`.

use fullhold_ingest::Validation;
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
        done.matches,
        done.elapsed.as_secs_f64(),
        if verbose { shares(&done.shares) } else { String::new() }
    ));
    text.push_str(&match done.total_problems {
        0 => "everything stored is what the raw files say\n".to_owned(),
        n => format!("{} WRONG; `dbadmin rebuild` computes derived data anew\n", counted(n, "value")),
    });
    text
}

pub(crate) fn to_json(done: &Validation) -> Value {
    let problems: Vec<Value> = done
        .problems
        .iter()
        .map(|one| {
            json!({
                "relation": one.relation, "row": one.key, "column": one.column,
                "stored": one.stored, "expected": one.expected,
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
        "total_problems": done.total_problems,
        "problems": problems,
        "seconds": done.elapsed.as_secs_f64(),
        "stages": shares_json(&done.shares),
    })
}
