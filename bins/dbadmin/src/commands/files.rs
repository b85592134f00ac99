//! `files`.

use std::fmt::Write as _;

use fullhold_maintenance::{FilesDone, Purpose, Troubles};
use fullhold_repository::{FileInfo, LeftOutFileRow, LeftOutState, RemoteFileRow, RemoteFileState, instant_text};
use fullhold_settings::Exit;
use serde_json::{Value, json};

use super::file_choice::{Choice, chosen, retain, troubles};
use super::import;
use crate::args::{Files as Command, WhichFiles};
use crate::context::{Context, Outcome, counted};

/// Which files are listed.
struct Listed<'a> {
    /// States of files with bytes, and of those on the game servers.
    states: &'a [&'a str],
    /// States of files on disk that are left out.
    left_out: &'a [LeftOutState],
    /// What they are called together.
    name: &'a str,
}

const TROUBLE: Listed<'_> =
    Listed { states: &["failed", "waiting"], left_out: &[LeftOutState::Open], name: "failed, left out or waiting" };
const ALL: Listed<'_> = Listed {
    states: &["imported", "failed", "waiting", "ignored", "same"],
    left_out: &[LeftOutState::Open, LeftOutState::Ignored],
    name: "in all",
};
const FAILED: Listed<'_> = Listed { states: &["failed"], left_out: &[], name: "failed" };
const LEFT_OUT: Listed<'_> = Listed { states: &[], left_out: &[LeftOutState::Open], name: "left out" };
const WAITING: Listed<'_> = Listed { states: &["waiting"], left_out: &[], name: "waiting" };
const IGNORED: Listed<'_> = Listed { states: &["ignored"], left_out: &[LeftOutState::Ignored], name: "ignored" };

pub(crate) async fn run(context: &Context, what: Option<Command>, server: Option<&str>) -> Outcome {
    let none = WhichFiles { files: Vec::new() };
    match what {
        None => list(context, &TROUBLE, &none, server).await,
        Some(Command::List { which, all }) => list(context, if all { &ALL } else { &TROUBLE }, &which, server).await,
        Some(Command::Failed(which)) => list(context, &FAILED, &which, server).await,
        Some(Command::LeftOut(which)) => list(context, &LEFT_OUT, &which, server).await,
        Some(Command::Waiting(which)) => list(context, &WAITING, &which, server).await,
        Some(Command::Ignored(which)) => list(context, &IGNORED, &which, server).await,
        Some(Command::Retry { files, .. }) => retry(context, &files, server).await,
        Some(Command::Ignore { files, reason, .. }) => ignore(context, &files, server, &reason).await,
    }
}

async fn list(context: &Context, listed: &Listed<'_>, which: &WhichFiles, server: Option<&str>) -> Outcome {
    let db = context.open().await?;
    let mut files = troubles(&db, server, listed.states.contains(&"imported")).await?;
    retain(&mut files, &which.files);
    files.stored.retain(|file| listed.states.contains(&file.state.name()));
    files.left_out.retain(|file| listed.left_out.contains(&file.state));
    files.remote.retain(|file| listed.states.contains(&state_there(file)));
    let mut text = String::new();
    files.stored.iter().for_each(|file| stored_line(&mut text, file));
    files.left_out.iter().for_each(|file| left_out_line(&mut text, file, files.server_of(file.server_id)));
    files.remote.iter().for_each(|file| remote_line(&mut text, file, files.server_of(file.server_id)));
    let count = files.stored.len() + files.left_out.len() + files.remote.len();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{} {}", counted(count, "file"), listed.name);
    context.show(&text, &to_json(&files));
    Ok(Exit::Fine)
}

/// A watcher's words for what is a failure to everybody else.
fn state_there(file: &RemoteFileRow) -> &'static str {
    match file.state {
        RemoteFileState::Failed | RemoteFileState::Dead | RemoteFileState::Conflict => "failed",
        RemoteFileState::Waiting | RemoteFileState::Same | RemoteFileState::Ignored => file.state.name(),
    }
}

fn stored_line(text: &mut String, file: &FileInfo) {
    let FileInfo { filename, state, server, attempts, .. } = file;
    let attempts = counted(usize::try_from(*attempts).unwrap_or(0), "attempt");
    let seen = instant_text(file.first_seen_at);
    let _ = writeln!(text, "{state}: {filename} ({server}, seen {seen}, {attempts})");
    if let Some(reason) = &file.error_message {
        let _ = writeln!(text, "        {reason}");
    }
}

fn left_out_line(text: &mut String, file: &LeftOutFileRow, server: &str) {
    let word = if file.state == LeftOutState::Ignored { "ignored" } else { file.kind.name() };
    let seen = instant_text(file.first_seen_at);
    let _ = writeln!(text, "{word}: {} ({server}, on disk, seen {seen})", file.filename);
    let _ = writeln!(text, "        {}", file.path);
    let reason = file.ignored_reason.as_ref().unwrap_or(&file.reason);
    let _ = writeln!(text, "        {reason}");
}

fn remote_line(text: &mut String, file: &RemoteFileRow, server: &str) {
    let attempts = counted(usize::try_from(file.attempts).unwrap_or(0), "attempt");
    let seen = instant_text(file.first_seen_at);
    let _ = writeln!(text, "{}: {} (on server {server}, seen {seen}, {attempts})", file.state, file.filename);
    if let Some(reason) = &file.reason {
        let _ = writeln!(text, "        {reason}");
    }
}

fn to_json(files: &Troubles) -> Value {
    let stored = files.stored.iter().map(|file| {
        json!({
            "server": file.server, "file": file.filename, "state": file.state.name(), "attempts": file.attempts,
            "reason": file.error_message, "size_bytes": file.size_bytes,
            "first_seen_at": instant_text(file.first_seen_at),
        })
    });
    let left_out = files.left_out.iter().map(|file| {
        json!({
            "server": files.server_of(file.server_id), "file": file.filename, "path": file.path, "kind": file.kind.name(),
            "state": file.state.name(), "reason": file.reason, "ignored_reason": file.ignored_reason, "sha256": file.sha256,
            "first_seen_at": instant_text(file.first_seen_at), "last_seen_at": instant_text(file.last_seen_at),
        })
    });
    let remote = files.remote.iter().map(|file| {
        json!({
            "server": files.server_of(file.server_id), "file": file.filename, "state": file.state.name(),
            "attempts": file.attempts, "reason": file.reason, "size_bytes": file.size_bytes,
            "first_seen_at": instant_text(file.first_seen_at),
        })
    });
    json!({
        "files": stored.collect::<Vec<_>>(),
        "left_out": left_out.collect::<Vec<_>>(),
        "on_servers": remote.collect::<Vec<_>>(),
    })
}

async fn retry(context: &Context, words: &[String], server: Option<&str>) -> Outcome {
    let maintenance = context.maintenance().await?;
    let choice = chosen(context, maintenance.db(), words, server, Purpose::Retry).await?;
    let tried = maintenance.retry_or_fetch(&choice.files, &context.by).await?;
    let due = tried.due;
    if !context.json {
        let line = |name: &String| {
            format!("due: {name}\n     the watcher fetches it at its next look, else `importer sync`\n")
        };
        fullhold_console::print(&due.iter().map(line).collect::<String>());
    }
    report(context, "imported", &with_unknown(tried.here, &choice), &due)
}

async fn ignore(context: &Context, words: &[String], server: Option<&str>, reason: &str) -> Outcome {
    let maintenance = context.maintenance().await?;
    let choice = chosen(context, maintenance.db(), words, server, Purpose::Ignore).await?;
    let done = maintenance.ignore(&choice.files, reason, &context.by).await?;
    report(context, "ignored", &with_unknown(done, &choice), &[])
}

/// Words that fit nothing are told among the files with which nothing was done.
fn with_unknown(mut done: FilesDone, choice: &Choice) -> FilesDone {
    for word in &choice.unknown {
        let reason = if word.contains(['*', '?']) || std::path::Path::new(word).is_dir() {
            "no file that failed, waits or is left out fits it"
        } else if std::path::Path::new(word).exists() {
            "there is no such file in the database; `import` takes new ones"
        } else {
            "there is no such file in the database"
        };
        done.not_done.push(fullhold_ingest::Rejected { file: word.clone(), reason: reason.to_owned() });
    }
    done
}

fn report(context: &Context, verb: &str, done: &FilesDone, due: &[String]) -> Outcome {
    let mut text: String = done.done.iter().map(|name| format!("{verb}: {name}\n")).collect();
    for one in &done.not_done {
        text.push_str(&format!("not {verb}: {}\n        {}\n", one.file, one.reason));
    }
    text.push_str(&format!("{} {verb}, {} not\n", counted(done.done.len(), "file"), done.not_done.len()));
    context.show(&text, &json!({ verb: done.done, "not": import::list(&done.not_done), "due": due }));
    Ok(if done.not_done.is_empty() { Exit::Fine } else { Exit::Rejected })
}
