//! `importer PATH…`: the import, and its summary.

use fullhold_console::{Bar, counted, files_seen};
use fullhold_ingest::{Importer, Rejected, Summary};
use fullhold_repository::{Db, OpenMode};
use fullhold_settings::{Exit, Settings};
use serde::Serialize;
use time::OffsetDateTime;

use crate::args::Args;
use crate::output::{chain, complain, print};
use crate::{config, show};

/// Reasons shown to a person; the rest is counted.
const REASONS_SHOWN: usize = 20;

pub(crate) async fn run(args: &Args, settings: &Settings) -> Exit {
    let missing: Vec<_> = args.paths.iter().filter(|path| !exists(path)).collect();
    if !missing.is_empty() {
        missing.iter().for_each(|path| complain(&format!("PATH {}: no such file or folder", path.display())));
        return Exit::Usage;
    }
    let server = match config::server(args, settings) {
        Ok(server) => server,
        Err(problem) => {
            complain(&problem);
            return Exit::Usage;
        }
    };
    let db = match Db::open(&config::database(settings), OpenMode::Create).await {
        Ok(db) => db,
        Err(error) => {
            complain(&chain(&error));
            return Exit::Failed;
        }
    };
    match fullhold_console::about_new_server(&db, &server).await {
        Ok(None) => {}
        Ok(Some(warning)) => complain(&warning),
        Err(error) => {
            complain(&chain(&error));
            return Exit::Failed;
        }
    }
    let config = config::ingest(settings);
    let clock = OffsetDateTime::now_utc;
    let importer =
        Importer::new(db, &server.name, server.timezone.as_deref(), &server.default_zone, config, clock).await;
    let importer = match importer {
        Ok(importer) => importer,
        Err(error) => return cannot_begin(&error),
    };
    match importer.run(args.paths.clone(), &Bar::new(!args.json && !args.quiet)).await {
        Ok(summary) => report(args, importer.db(), &summary).await,
        Err(error) => {
            complain(&chain(&error));
            complain("what was imported before this stays; run the same command again to import the rest");
            Exit::Failed
        }
    }
}

/// There is no importer; a zone that is wrong is the configuration's fault.
pub(crate) fn cannot_begin(error: &fullhold_ingest::Error) -> Exit {
    complain(&chain(error));
    let wrong_zone = matches!(error, fullhold_ingest::Error::Zone(_))
        || matches!(error, fullhold_ingest::Error::Database(fullhold_repository::Error::Timezone { .. }));
    if wrong_zone { Exit::Usage } else { Exit::Failed }
}

/// A path that cannot be looked at is the run's business, not a typo.
fn exists(path: &std::path::Path) -> bool {
    !matches!(path.symlink_metadata(), Err(error) if error.kind() == std::io::ErrorKind::NotFound)
}

pub(crate) async fn report(args: &Args, db: &Db, summary: &Summary) -> Exit {
    if args.json {
        print(&format!("{}\n", to_json(summary)));
    } else {
        summary.unreadable.iter().for_each(|one| complain(&format!("{}: {}", one.file, one.reason)));
        if !args.quiet {
            print(&to_text(summary));
            if let Err(error) = show::print_last_session(db).await {
                complain(&chain(&error));
                return Exit::Failed;
            }
        } else if !summary.rejected.is_empty() {
            print(&rejections(&summary.rejected));
        }
    }
    if !summary.unreadable.is_empty() {
        Exit::Failed
    } else if !summary.rejected.is_empty() {
        Exit::Rejected
    } else {
        Exit::Fine
    }
}

fn to_text(summary: &Summary) -> String {
    let Summary { older, rounds, players, weapons, findings, .. } = summary;
    let mut text = rejections(&summary.rejected);
    let seconds = summary.elapsed.as_secs_f64();
    text.push_str(&files_seen(summary));
    if *older > 0 {
        text.push_str(&format!(
            "{} left on the server: `importer sync --all` imports them\n",
            counted(*older, "older file")
        ));
    }
    text.push_str(&format!(
        "{}, {players} player lines, {weapons} weapon lines, {} in {seconds:.2} s ({:.0} files/s)\n",
        counted(*rounds, "round"),
        counted(*findings, "finding"),
        summary.files_per_second()
    ));
    text
}

fn rejections(rejected: &[Rejected]) -> String {
    let mut text = String::new();
    for Rejected { file, reason } in rejected.iter().take(REASONS_SHOWN) {
        text.push_str(&format!("rejected: {file}\n          {reason}\n"));
    }
    if rejected.len() > REASONS_SHOWN {
        text.push_str(&format!("rejected: {} more (--json lists all)\n", rejected.len() - REASONS_SHOWN));
    }
    text
}

#[derive(Serialize)]
struct JsonSummary<'a> {
    seen: usize,
    imported: usize,
    skipped: usize,
    completed: usize,
    healed: usize,
    older_copies: usize,
    set_aside: usize,
    ignored: usize,
    left_alone: &'a [String],
    older: usize,
    rejected: Vec<JsonRejected<'a>>,
    unreadable: Vec<JsonRejected<'a>>,
    rounds: usize,
    players: usize,
    weapons: usize,
    findings: usize,
    seconds: f64,
    files_per_second: f64,
}

#[derive(Serialize)]
struct JsonRejected<'a> {
    file: &'a str,
    reason: &'a str,
}

fn json_list(all: &[Rejected]) -> Vec<JsonRejected<'_>> {
    all.iter().map(|one| JsonRejected { file: &one.file, reason: &one.reason }).collect()
}

fn to_json(summary: &Summary) -> String {
    let json = JsonSummary {
        seen: summary.seen,
        imported: summary.imported,
        completed: summary.completed,
        healed: summary.healed,
        skipped: summary.skipped,
        older_copies: summary.older_copies,
        set_aside: summary.set_aside,
        ignored: summary.ignored,
        left_alone: &summary.left_alone,
        older: summary.older,
        rejected: json_list(&summary.rejected),
        unreadable: json_list(&summary.unreadable),
        rounds: summary.rounds,
        players: summary.players,
        weapons: summary.weapons,
        findings: summary.findings,
        seconds: summary.elapsed.as_secs_f64(),
        files_per_second: summary.files_per_second(),
    };
    // Plain numbers and texts always serialise.
    serde_json::to_string(&json).unwrap_or_default()
}
