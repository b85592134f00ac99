//! `import`.

use std::path::PathBuf;

use fullhold_ingest::{Importer, Rejected, Summary, Wanted};
use fullhold_repository::Db;
use fullhold_settings::Exit;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::args::ServerArgs;
use crate::context::{Context, Outcome, Stop, complain, counted};

/// Reasons shown to a person; the rest is counted.
const SHOWN: usize = 20;

pub(crate) fn wanted(year: Option<u16>, from: Option<String>, to: Option<String>, limit: Option<usize>) -> Wanted {
    let from = from.or_else(|| year.map(|year| format!("{year:04}-01-01")));
    let to = to.or_else(|| year.map(|year| format!("{year:04}-12-31")));
    Wanted { from, to, limit }
}

pub(crate) async fn run(context: &Context, paths: Vec<PathBuf>, wanted: &Wanted, server: &ServerArgs) -> Outcome {
    exist(&paths)?;
    if let (Some(from), Some(to)) = (&wanted.from, &wanted.to)
        && from > to
    {
        return Err(Stop::usage(format!("--from {from} is after --to {to}")));
    }
    let db = context.open().await?;
    tell_of_new_server(context, &db, server).await?;
    let importer = importer(context, db, server).await?;
    let summary = importer.run_selected(paths, wanted, &context.bar()).await.map_err(|error| {
        let stop = fullhold_console::chain(&error);
        Stop::failed(format!(
            "{stop}\nwhat was imported before this stays; run the same command again to import the rest"
        ))
    })?;
    summary.unreadable.iter().for_each(|one| complain(&format!("{}: {}", one.file, one.reason)));
    context.show(&text(&summary), &to_json(&summary));
    Ok(if !summary.unreadable.is_empty() {
        Exit::Failed
    } else if !summary.rejected.is_empty() {
        Exit::Rejected
    } else {
        Exit::Fine
    })
}

/// The paths must be there: a typo is no empty folder.
pub(crate) fn exist(paths: &[PathBuf]) -> Result<(), Stop> {
    let missing = paths
        .iter()
        .find(|path| matches!(path.symlink_metadata(), Err(error) if error.kind() == std::io::ErrorKind::NotFound));
    match missing {
        Some(path) => Err(Stop::usage(format!("PATH {}: no such file or folder", path.display()))),
        None => Ok(()),
    }
}

/// Says what is to be known of a server that is about to be recorded.
pub(crate) async fn tell_of_new_server(context: &Context, db: &Db, server: &ServerArgs) -> Result<(), Stop> {
    let choice = fullhold_console::server(server.server.as_deref(), server.timezone.as_deref(), &context.settings)
        .map_err(Stop::usage)?;
    if let Some(warning) = fullhold_console::about_new_server(db, &choice).await? {
        complain(&warning);
    }
    Ok(())
}

pub(crate) async fn importer(context: &Context, db: Db, server: &ServerArgs) -> Result<Importer, Stop> {
    let choice = fullhold_console::server(server.server.as_deref(), server.timezone.as_deref(), &context.settings)
        .map_err(Stop::usage)?;
    let rules = fullhold_console::ingest(&context.settings);
    let zone = choice.timezone.as_deref();
    Ok(Importer::new(db, &choice.name, zone, &choice.default_zone, rules, OffsetDateTime::now_utc).await?)
}

pub(crate) fn text(summary: &Summary) -> String {
    let mut text = rejections(&summary.rejected);
    text.push_str(&fullhold_console::files_seen(summary));
    text.push_str(&format!(
        "{}, {} player lines, {} weapon lines, {} in {:.2} s\n",
        counted(summary.rounds, "round"),
        summary.players,
        summary.weapons,
        counted(summary.findings, "finding"),
        summary.elapsed.as_secs_f64()
    ));
    text
}

pub(crate) fn rejections(rejected: &[Rejected]) -> String {
    let mut text = String::new();
    for Rejected { file, reason } in rejected.iter().take(SHOWN) {
        text.push_str(&format!("rejected: {file}\n          {reason}\n"));
    }
    if rejected.len() > SHOWN {
        text.push_str(&format!("rejected: {} more (--json lists all)\n", rejected.len() - SHOWN));
    }
    text
}

pub(crate) fn list(rejected: &[Rejected]) -> Vec<Value> {
    rejected.iter().map(|one| json!({ "file": one.file, "reason": one.reason })).collect()
}

pub(crate) fn to_json(summary: &Summary) -> Value {
    json!({
        "seen": summary.seen,
        "imported": summary.imported,
        "completed": summary.completed,
        "healed": summary.healed,
        "skipped": summary.skipped,
        "older_copies": summary.older_copies,
        "set_aside": summary.set_aside,
        "ignored": summary.ignored,
        "left_alone": summary.left_alone,
        "rejected": list(&summary.rejected),
        "unreadable": list(&summary.unreadable),
        "rounds": summary.rounds,
        "players": summary.players,
        "weapons": summary.weapons,
        "findings": summary.findings,
        "seconds": summary.elapsed.as_secs_f64(),
    })
}
