//! `files` and `health`: what waits, what failed, and how fresh the data is.

use fullhold_maintenance::{AskedFile, FilesDone, Purpose, Troubles};
use fullhold_repository::{FileState, LeftOutState, RemoteFileState, ServerRow, Status};
use time::PrimitiveDateTime;

use super::Context;
use super::failure::Failure;
use crate::option::Value;
use crate::reply::{Cell, Facts, Reply, Table, Text};

/// `files`: lists those that failed, tries them again, or sets one aside.
pub(super) async fn files(context: Context<'_>) -> Result<Reply, Failure> {
    let troubles = Troubles::read(context.db, servers(context).await?, false).await?;
    let name = match context.arguments.get("file") {
        Some(Value::Text(name)) => Some(name.as_str()),
        _ => None,
    };
    match context.arguments.get("what") {
        Some(Value::Choice("retry")) => retry(context, &troubles, name).await,
        Some(Value::Choice("ignore")) => ignore(context, &troubles, name).await,
        _ => Ok(listed(context, troubles, name)),
    }
}

/// The servers that are shown.
async fn servers(context: Context<'_>) -> Result<Vec<ServerRow>, Failure> {
    let mut servers = context.db.servers().await?;
    servers.retain(|one| context.shows(one.id));
    Ok(servers)
}

fn listed(context: Context<'_>, mut troubles: Troubles, name: Option<&str>) -> Reply {
    let texts = context.texts;
    troubles.retain(|file| name.is_none_or(|part| file.contains(part)));
    let mut table = Table::new("files", Text::default())
        .column("file", texts.say("column-file", &[]))
        .column("state", texts.say("files-state", &[]))
        .column("attempts", texts.say("files-attempts", &[]))
        .column("first_seen", texts.say("column-first-day", &[]))
        .column("reason", texts.say("files-reason", &[]));
    let mut add = |file: &str, state: &str, attempts: Option<i32>, seen: PrimitiveDateTime, reason: &str| {
        table = std::mem::take(&mut table).row(vec![
            Cell::name(file),
            Cell::Text(Text::plain(state)),
            attempts.map_or(Cell::Unknown, |attempts| Cell::count(attempts.into())),
            Cell::Text(Text::instant(seen.assume_utc().unix_timestamp())),
            Cell::name(reason),
        ]);
    };
    for file in troubles.stored.iter().filter(|file| file.state == FileState::Failed) {
        let reason = file.error_message.as_deref().unwrap_or_default();
        add(&file.filename, file.state.name(), Some(file.attempts), file.first_seen_at, reason);
    }
    for file in troubles.left_out.iter().filter(|file| file.state == LeftOutState::Open) {
        add(&file.filename, file.kind.name(), None, file.first_seen_at, &file.reason);
    }
    let is_failure =
        |state| matches!(state, RemoteFileState::Failed | RemoteFileState::Dead | RemoteFileState::Conflict);
    for file in troubles.remote.iter().filter(|file| is_failure(file.state)) {
        let reason = file.reason.as_deref().unwrap_or_default();
        add(&file.filename, file.state.name(), Some(file.attempts), file.first_seen_at, reason);
    }
    let title = texts.say("files-title", &[]);
    let nothing = if table.rows.is_empty() { texts.say("files-none", &[]) } else { Text::default() };
    Reply::new(title).text(nothing).table(table).private()
}

async fn retry(context: Context<'_>, troubles: &Troubles, name: Option<&str>) -> Result<Reply, Failure> {
    let files = match name {
        Some(name) => named(context, troubles, name).await?,
        None => troubles.in_trouble(Purpose::Retry).into_iter().map(|(server, name)| asked(server, &name)).collect(),
    };
    let actor = context.question.asker.actor();
    let done = context.maintenance()?.retry_or_fetch(&files, &actor).await;
    let done = done.map_err(|error| context.order_failed(error))?;
    let due = done.due.len().into();
    let reply = report(context, "files-retried", &done.here);
    Ok(if done.due.is_empty() { reply } else { reply.text(context.texts.say("files-due", &[("files", due)])) })
}

async fn ignore(context: Context<'_>, troubles: &Troubles, name: Option<&str>) -> Result<Reply, Failure> {
    // All at once is never meant: what is set aside is told to nobody any more.
    let name = name.ok_or_else(|| context.nothing("files-which"))?;
    let (name, reason) = name.split_once(char::is_whitespace).unwrap_or((name, ""));
    let files = named(context, troubles, name).await?;
    let actor = context.question.asker.actor();
    let done = context.maintenance()?.ignore(&files, reason.trim(), &actor).await;
    let done = done.map_err(|error| context.order_failed(error))?;
    Ok(report(context, "files-ignored", &done))
}

/// The file of this name. A name that several servers have is tried on each.
async fn named(context: Context<'_>, troubles: &Troubles, name: &str) -> Result<Vec<AskedFile>, Failure> {
    let having = troubles.having(context.db, name).await?;
    if having.is_empty() {
        let title = context.texts.say("files-unknown", &[("name", Text::name(name).into())]);
        return Err(Failure::Nothing(Box::new(Reply::new(title).private())));
    }
    Ok(having.iter().map(|(server, _)| asked(server, name)).collect())
}

/// A file by its stored bytes: people of the chat name no paths of this machine.
fn asked(server: &ServerRow, name: &str) -> AskedFile {
    AskedFile { server: server.clone(), name: name.to_owned(), path: None }
}

fn report(context: Context<'_>, id: &str, done: &FilesDone) -> Reply {
    let title = context.texts.say(id, &[("done", done.done.len().into()), ("left", done.not_done.len().into())]);
    let mut table = Table::new("files", Text::default())
        .column("file", context.texts.say("column-file", &[]))
        .column("reason", context.texts.say("files-reason", &[]));
    for one in &done.not_done {
        table = table.row(vec![Cell::name(&one.file), Cell::name(&one.reason)]);
    }
    Reply::new(title).table(table).private()
}

/// `health`: the database, how fresh each server's data is, and files that wait or failed.
pub(super) async fn health(context: Context<'_>) -> Result<Reply, Failure> {
    let texts = context.texts;
    let status = context.db.status().await?;
    let servers = servers(context).await?;
    let troubles = Troubles::read(context.db, servers.clone(), false).await?;
    let mut freshness = context.db.freshness().await?;
    freshness.retain(|one| servers.iter().any(|server| server.id == one.server_id));
    let mut table = Table::new("servers", texts.say("health-servers", &[]))
        .column("server", texts.say("health-server", &[]))
        .column("newest", texts.say("health-newest", &[]))
        .column("last_look", texts.say("health-look", &[]))
        .column("last_error", texts.say("health-error", &[]));
    let at = |at: Option<PrimitiveDateTime>| {
        at.map_or(Cell::Unknown, |at| Cell::Text(Text::instant(at.assume_utc().unix_timestamp())))
    };
    for one in &freshness {
        table = table.row(vec![Cell::name(&one.server), at(one.newest_round), at(one.last_look), at(one.last_error)]);
    }
    Ok(Reply::new(texts.say("health-title", &[])).facts(facts(context, &status, &troubles)).table(table).private())
}

fn facts(context: Context<'_>, status: &Status, troubles: &Troubles) -> Facts {
    let texts = context.texts;
    let failed = troubles.stored.iter().filter(|file| file.state == FileState::Failed).count();
    let remote = |state: RemoteFileState| troubles.remote.iter().filter(|file| file.state == state).count();
    let open = troubles.left_out.iter().filter(|file| file.state == LeftOutState::Open).count();
    let count = |count: usize| Cell::count(i64::try_from(count).unwrap_or(i64::MAX));
    let is_current = status.drift.is_none() && status.pending.is_empty();
    let schema = texts.say(if is_current { "health-schema-fine" } else { "health-schema-not" }, &[]);
    Facts::default()
        .with("database", texts.say("health-database", &[]), Text::name(&status.software))
        .with("schema", texts.say("health-schema", &[]), schema)
        .with("size_bytes", texts.say("health-size", &[]), Cell::count(status.size_bytes))
        .with("waiting", texts.say("health-waiting", &[]), count(remote(RemoteFileState::Waiting)))
        .with("failed", texts.say("health-failed", &[]), count(failed + remote(RemoteFileState::Failed)))
        .with(
            "dead",
            texts.say("health-dead", &[]),
            count(remote(RemoteFileState::Dead) + remote(RemoteFileState::Conflict)),
        )
        .with("left_out", texts.say("health-left-out", &[]), count(open))
}
