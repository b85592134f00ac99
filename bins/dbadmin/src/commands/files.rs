//! `files`.

use fullhold_repository::{Db, FileInfo, RemoteFileRow, instant_text};
use fullhold_settings::Exit;
use serde_json::{Value, json};

use super::import;
use crate::args::Files;
use crate::context::{Context, Outcome, Stop, counted};

pub(crate) async fn run(context: &Context, what: Option<Files>) -> Outcome {
    match what {
        None => list(context, &["failed", "waiting"]).await,
        Some(Files::Failed) => list(context, &["failed"]).await,
        Some(Files::Waiting) => list(context, &["waiting"]).await,
        Some(Files::Ignored) => list(context, &["ignored"]).await,
        Some(Files::Retry { names, all }) => retry(context, names, all).await,
        Some(Files::Ignore { names, reason }) => {
            let done = context.maintenance().await?.ignore(&names, &reason, &context.by).await?;
            report(context, "ignored", &done, &[])
        }
    }
}

async fn list(context: &Context, states: &[&str]) -> Outcome {
    let db = context.open().await?;
    let files = db.files_in(states).await?;
    let remote = on_servers(&db, states).await?;
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
    for (server, file) in &remote {
        text.push_str(&format!(
            "{}: {} (on server {server}, seen {}, {})\n",
            file.state,
            file.filename,
            instant_text(file.first_seen_at),
            counted(usize::try_from(file.attempts).unwrap_or(0), "attempt")
        ));
        if let Some(reason) = &file.reason {
            text.push_str(&format!("        {reason}\n"));
        }
    }
    text.push_str(&format!("{} {}\n", counted(files.len() + remote.len(), "file"), states.join(" or ")));
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
    let there: Vec<Value> = remote
        .iter()
        .map(|(server, file)| {
            json!({
                "server": server, "file": file.filename, "state": file.state, "attempts": file.attempts,
                "reason": file.reason, "size_bytes": file.size_bytes,
                "first_seen_at": instant_text(file.first_seen_at),
            })
        })
        .collect();
    context.show(&text, &json!({ "files": rows, "on_servers": there }));
    Ok(Exit::Fine)
}

/// What the watcher remembers of files that it has not stored: they wait, or it gave up on them.
async fn on_servers(db: &Db, states: &[&str]) -> Result<Vec<(String, RemoteFileRow)>, Stop> {
    let mut found = Vec::new();
    let servers = db.read(|tx, _| Box::pin(tx.servers())).await?;
    for server in servers {
        for file in db.remote_files(server.id).await? {
            let state = match file.state.as_str() {
                "failed" | "dead" | "conflict" => "failed",
                other => other,
            };
            if states.contains(&state) {
                found.push((server.name.clone(), file));
            }
        }
    }
    Ok(found)
}

async fn retry(context: &Context, names: Vec<String>, all: bool) -> Outcome {
    let maintenance = context.maintenance().await?;
    // Files that could not be had from a server are not here to be tried: a watcher does it.
    let due = maintenance.db().retry_remote_files((!all).then_some(names.as_slice()), context.now()).await?;
    let names = if all {
        maintenance.db().files_in(&["failed"]).await?.into_iter().map(|file| file.filename).collect()
    } else {
        names
    };
    let mut done = maintenance.retry(&names, &context.by).await?;
    done.not_done.retain(|one| !due.contains(&one.file));
    if !context.json {
        let line = |name: &String| {
            format!("due: {name}\n     the watcher fetches it at its next look, else `importer sync`\n")
        };
        fullhold_console::print(&due.iter().map(line).collect::<String>());
    }
    report(context, "imported", &done, &due)
}

fn report(context: &Context, verb: &str, done: &fullhold_ingest::FilesDone, due: &[String]) -> Outcome {
    let mut text: String = done.done.iter().map(|name| format!("{verb}: {name}\n")).collect();
    for one in &done.not_done {
        text.push_str(&format!("not {verb}: {}\n        {}\n", one.file, one.reason));
    }
    text.push_str(&format!("{} {verb}, {} not\n", counted(done.done.len(), "file"), done.not_done.len()));
    context.show(&text, &json!({ verb: done.done, "not": import::list(&done.not_done), "due": due }));
    Ok(if done.not_done.is_empty() { Exit::Fine } else { Exit::Rejected })
}
