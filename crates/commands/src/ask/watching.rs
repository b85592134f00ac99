//! `sync_*`, `start_monitoring`, `stop_monitoring`, `automation_status`: the game servers, as far as they are watched by
//! this process. Only those of the community are seen and steered.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use fullhold_ingest::{Progress, Summary};
use fullhold_watch::{Handle, Scope, ServerState, SyncError};
use tokio::sync::watch;

use super::Context;
use super::acting::entry;
use super::failure::Failure;
use crate::catalogue::Catalogue;
use crate::option::Value;
use crate::reply::{Cell, Reply, Table, Text};

/// Files that are named of those that were rejected.
const NAMED: usize = 5;

/// `sync_stats`: files of the last days.
pub(super) async fn sync_days(context: Context<'_>) -> Result<Reply, Failure> {
    let days = match context.arguments.get("days") {
        Some(Value::Number(days)) => u32::try_from(*days).unwrap_or(u32::MAX),
        _ => 1,
    };
    sync(context, Scope::Days(days)).await
}

/// `sync_all`: all files.
pub(super) async fn sync_all(context: Context<'_>) -> Result<Reply, Failure> {
    sync(context, Scope::All).await
}

/// Fetches from all servers at a time, and tells how far each is.
async fn sync(context: Context<'_>, scope: Scope) -> Result<Reply, Failure> {
    let (handle, names) = watched(context).await?;
    let tally = Arc::new(Tally {
        texts: Arc::clone(&context.answerer.texts),
        so_far: Mutex::new(names.iter().map(|name| (name.clone(), Share::default())).collect()),
        told: context.told.cloned(),
    });
    tally.tell();
    let begun: Vec<_> = names
        .iter()
        .map(|name| {
            let progress = Arc::new(Counting { server: name.clone(), tally: Arc::clone(&tally) });
            (name, handle.sync(name, scope, progress))
        })
        .collect();
    let mut reply = Reply::new(context.texts.say("sync-done", &[]));
    let mut results = Vec::new();
    for (name, result) in begun {
        let result = result.await;
        results.push(match &result {
            Ok(summary) => format!("{name}: {} imported, {} rejected", summary.imported, summary.rejected.len()),
            Err(_) => format!("{name}: failed"),
        });
        reply = synced(context.texts, reply, name, result);
    }
    let detail = match scope {
        Scope::All => "all".to_owned(),
        Scope::Days(days) => format!("{days} days"),
    };
    audit(context, "sync", &detail, &results.join("; ")).await?;
    Ok(reply)
}

fn synced(texts: &Catalogue, reply: Reply, name: &str, result: Result<Summary, SyncError>) -> Reply {
    let server = || Text::name(name);
    match result {
        Ok(summary) => {
            let arguments = [
                ("server", server().into()),
                ("imported", summary.imported.into()),
                ("skipped", summary.skipped.into()),
                ("rejected", summary.rejected.len().into()),
            ];
            let reply = reply.text(texts.say("sync-server", &arguments));
            let rejected = summary.rejected.iter().take(NAMED);
            rejected.fold(reply, |reply, file| {
                let arguments = [("file", Text::name(&file.file).into()), ("reason", Text::name(&file.reason).into())];
                reply.text(texts.say("sync-rejected", &arguments))
            })
        }
        Err(SyncError::Ended) => reply.text(texts.say("sync-ended", &[("server", server().into())])),
        Err(error) => {
            tracing::warn!(server.name = name, error = %error, "a sync that was asked for failed");
            reply.text(texts.say("sync-failed", &[("server", server().into())]))
        }
    }
}

/// `start_monitoring`: has the servers watched.
pub(super) async fn start(context: Context<'_>) -> Result<Reply, Failure> {
    pause(context, false).await
}

/// `stop_monitoring`: has nothing fetched by itself.
pub(super) async fn stop(context: Context<'_>) -> Result<Reply, Failure> {
    pause(context, true).await
}

async fn pause(context: Context<'_>, paused: bool) -> Result<Reply, Failure> {
    let (handle, names) = watched(context).await?;
    let done: Vec<&String> = names.iter().filter(|name| handle.pause(name, paused)).collect();
    let list = done.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    let (id, action) =
        if paused { ("monitoring-stopped", "stop-monitoring") } else { ("monitoring-started", "start-monitoring") };
    audit(context, action, &list, "done").await?;
    let servers = Text::list(done.iter().map(|name| Text::name(name)));
    Ok(Reply::new(context.texts.say(id, &[("servers", servers.into())])).private())
}

/// `automation_status`: what happens by itself, and when it last did.
pub(super) async fn status(context: Context<'_>) -> Result<Reply, Failure> {
    let (handle, names) = watched(context).await?;
    let texts = context.texts;
    let table = Table::new("servers", Text::default())
        .column("server", texts.say("column-server", &[]))
        .column("state", texts.say("files-state", &[]))
        .column("look", texts.say("health-look", &[]))
        .column("newest", texts.say("automation-newest", &[]))
        .column("waiting", texts.say("health-waiting", &[]))
        .column("failed", texts.say("health-failed", &[]));
    let states = handle.servers().into_iter().filter(|state| names.contains(&state.server));
    let row = |table: Table, state: ServerState| {
        let instant = |at: Option<time::OffsetDateTime>| {
            at.map_or(Cell::Unknown, |at| Cell::Text(Text::instant(at.unix_timestamp())))
        };
        let count = |files: usize| Cell::count(i64::try_from(files).unwrap_or(i64::MAX));
        table.row(vec![
            Cell::name(&state.server),
            Cell::Text(texts.say(state_id(&state), &[])),
            instant(state.last_look_at),
            instant(state.newest_at),
            count(state.waiting),
            count(state.failed + state.dead),
        ])
    };
    Ok(Reply::new(texts.say("automation-title", &[])).table(states.fold(table, row)).private())
}

fn state_id(state: &ServerState) -> &'static str {
    match state {
        ServerState { paused: true, .. } => "automation-paused",
        ServerState { running: false, .. } => "automation-died",
        state if state.unreachable().is_some() => "automation-trouble",
        ServerState { idle: true, .. } => "automation-idle",
        _ => "automation-watched",
    }
}

/// The servers of the community that this process watches.
async fn watched(context: Context<'_>) -> Result<(Handle, Vec<String>), Failure> {
    context.acting()?;
    let handle = context.answerer.watching.clone().ok_or_else(|| context.nothing("not-watched"))?;
    let watched: Vec<String> = handle.servers().into_iter().map(|state| state.server).collect();
    let mut names = Vec::new();
    for row in context.db.servers().await? {
        if context.shows(row.id) && watched.contains(&row.name) {
            names.push(row.name);
        }
    }
    if names.is_empty() { Err(context.nothing("not-watched")) } else { Ok((handle, names)) }
}

async fn audit(context: Context<'_>, action: &str, detail: &str, result: &str) -> Result<(), Failure> {
    let (now, by) = (context.acting()?.now(), context.question.asker.actor());
    Ok(context.db.audit(now, entry(&by, action, detail, result)).await?)
}

/// How far the sync of a server is.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    files: Option<usize>,
    done: usize,
}

/// How far the syncs of all servers are.
struct Tally {
    texts: Arc<Catalogue>,
    so_far: Mutex<BTreeMap<String, Share>>,
    told: Option<watch::Sender<Reply>>,
}

impl Tally {
    fn change(&self, server: &str, change: impl FnOnce(&mut Share)) {
        {
            let mut so_far = self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
            change(so_far.entry(server.to_owned()).or_default());
        }
        self.tell();
    }

    fn tell(&self) {
        let Some(told) = &self.told else { return };
        let so_far = self.so_far.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let reply = Reply::new(self.texts.say("sync-title", &[]));
        told.send_replace(so_far.iter().fold(reply, |reply, (server, share)| {
            let server = ("server", Text::name(server).into());
            reply.text(match share.files {
                None => self.texts.say("sync-begins", &[server]),
                Some(files) => {
                    self.texts.say("sync-so-far", &[server, ("done", share.done.into()), ("files", files.into())])
                }
            })
        }));
    }
}

/// Counts the files of a server.
struct Counting {
    server: String,
    tally: Arc<Tally>,
}

impl Progress for Counting {
    fn begin(&self, files: usize) {
        self.tally.change(&self.server, |share| share.files = Some(files));
    }

    fn advance(&self, files: usize) {
        self.tally.change(&self.server, |share| share.done += files);
    }
}
