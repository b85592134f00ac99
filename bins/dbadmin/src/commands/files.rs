//! `files`.

use fullhold_repository::{FileInfo, instant_text};
use fullhold_settings::Exit;
use serde_json::{Value, json};

use super::import;
use crate::args::Files;
use crate::context::{Context, Outcome, counted};

pub(crate) async fn run(context: &Context, what: Option<Files>) -> Outcome {
    match what {
        None => list(context, &["failed", "waiting"]).await,
        Some(Files::Failed) => list(context, &["failed"]).await,
        Some(Files::Waiting) => list(context, &["waiting"]).await,
        Some(Files::Ignored) => list(context, &["ignored"]).await,
        Some(Files::Retry { names, all }) => retry(context, names, all).await,
        Some(Files::Ignore { names, reason }) => {
            let done = context.maintenance().await?.ignore(&names, &reason, &context.by).await?;
            report(context, "ignored", &done)
        }
    }
}

async fn list(context: &Context, states: &[&str]) -> Outcome {
    let files = context.open().await?.files_in(states).await?;
    let mut text = String::new();
    for file in &files {
        let FileInfo { filename, state, server, attempts, .. } = file;
        text.push_str(&format!(
            "{state}: {filename} ({server}, seen {}, {})\n",
            instant_text(file.first_seen_at),
            counted(usize::try_from(*attempts).unwrap_or(0), "attempt")
        ));
        if let Some(reason) = &file.error_message {
            text.push_str(&format!("        {reason}\n"));
        }
    }
    text.push_str(&format!("{} {}\n", counted(files.len(), "file"), states.join(" or ")));
    let rows: Vec<Value> = files
        .iter()
        .map(|file| {
            json!({
                "server": file.server, "file": file.filename, "state": file.state, "attempts": file.attempts,
                "reason": file.error_message, "size_bytes": file.size_bytes,
                "first_seen_at": instant_text(file.first_seen_at),
            })
        })
        .collect();
    context.show(&text, &json!({ "files": rows }));
    Ok(Exit::Fine)
}

async fn retry(context: &Context, names: Vec<String>, all: bool) -> Outcome {
    let maintenance = context.maintenance().await?;
    let names = if all {
        maintenance.db().files_in(&["failed"]).await?.into_iter().map(|file| file.filename).collect()
    } else {
        names
    };
    let done = maintenance.retry(&names, &context.by).await?;
    report(context, "imported", &done)
}

fn report(context: &Context, verb: &str, done: &fullhold_ingest::FilesDone) -> Outcome {
    let mut text: String = done.done.iter().map(|name| format!("{verb}: {name}\n")).collect();
    for one in &done.not_done {
        text.push_str(&format!("not {verb}: {}\n        {}\n", one.file, one.reason));
    }
    text.push_str(&format!("{} {verb}, {} not\n", counted(done.done.len(), "file"), done.not_done.len()));
    context.show(&text, &json!({ verb: done.done, "not": import::list(&done.not_done) }));
    Ok(if done.not_done.is_empty() { Exit::Fine } else { Exit::Rejected })
}
