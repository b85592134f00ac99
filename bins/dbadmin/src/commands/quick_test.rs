//! `quick-test`: does everything work here, on files like these?

use std::path::PathBuf;

use fullhold_ingest::Wanted;
use fullhold_repository::{Db, OpenMode, Scratch};
use fullhold_settings::Exit;
use serde_json::json;

use super::import;
use crate::args::ServerArgs;
use crate::context::{Context, Outcome, Stop, backend_name, counted};

/// Files that are tried.
const FILES: usize = 10;

pub(crate) async fn run(context: &Context, paths: Vec<PathBuf>, server: &ServerArgs) -> Outcome {
    let paths = if paths.is_empty() {
        context.settings.servers.iter().map(|server| server.stats_directory.clone()).collect()
    } else {
        paths
    };
    import::exist(&paths)?;
    let scratch = Scratch::create(&context.config()).await?;
    let result = try_in(context, &scratch, paths, server).await;
    let removed = scratch.remove().await;
    let exit = result?;
    removed?;
    Ok(exit)
}

async fn try_in(context: &Context, scratch: &Scratch, paths: Vec<PathBuf>, server: &ServerArgs) -> Outcome {
    let db = Db::open(scratch.config(), OpenMode::Create).await?;
    let backend = backend_name(db.backend());
    let importer = import::importer(context, db, server).await?;
    let wanted = Wanted { limit: Some(FILES), ..Wanted::default() };
    let summary = importer.run_selected(paths, &wanted, &context.bar()).await?;
    if summary.seen == 0 {
        return Err(Stop::usage("no stats file found; their names look like 2025-11-03-201500-supply-round-1.txt"));
    }
    let again = Db::open(scratch.config(), OpenMode::Existing).await?;
    let validation = context.maintain(again).validate(&()).await?;
    let good = summary.rejected.is_empty() && summary.unreadable.is_empty() && validation.total_problems == 0;
    let verdict = if good { "PASSED" } else { "FAILED" };
    let mut text = import::text(&summary);
    text.push_str(&format!(
        "validated: {}, {} wrong\n{verdict}: {} through a throw-away {backend} database\n",
        counted(validation.rounds, "round"),
        validation.total_problems,
        counted(summary.seen, "file"),
    ));
    let json = json!({
        "verdict": verdict.to_lowercase(),
        "backend": backend,
        "import": import::to_json(&summary),
        "problems": validation.total_problems,
    });
    context.show(&text, &json);
    Ok(if good { Exit::Fine } else { Exit::Rejected })
}
