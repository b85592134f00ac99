//! `import-reference`.

use fullhold_ingest::TakenOverSummary;
use fullhold_repository::{Config, ReferenceTables};
use fullhold_settings::Exit;
use serde_json::json;

use super::import;
use crate::args::ServerArgs;
use crate::context::{Context, Outcome, Stop, counted};

pub(crate) async fn run(context: &Context, url: String, server: &ServerArgs) -> Outcome {
    if url == context.settings.database.url {
        return Err(Stop::usage("URL names our own database"));
    }
    let chosen = fullhold_console::server(server.server.as_deref(), server.timezone.as_deref(), &context.settings)
        .map_err(Stop::usage)?;
    let maintenance = context.maintenance().await?;
    let source = ReferenceTables::open(&Config { url, ..context.config() })?;
    let zone = chosen.timezone.as_deref();
    let row = maintenance.db().server(&chosen.name, zone, &chosen.default_zone).await?;
    let done = maintenance.take_over(&source, &row, &context.by).await?;
    let json = json!({
        "links": done.links,
        "links_known": done.links_known,
        "aliases": done.aliases,
        "team_members": done.team_members,
        "rounds": done.rounds,
        "players": done.players,
        "rounds_with_files": done.rounds_with_files,
        "totals_left_out": done.totals,
        "missing_tables": done.missing_tables,
        "rejected": import::list(&done.rejected),
    });
    context.show(&text(&done), &json);
    Ok(if done.rejected.is_empty() { Exit::Fine } else { Exit::Rejected })
}

fn text(done: &TakenOverSummary) -> String {
    let mut text = import::rejections(&done.rejected);
    for table in &done.missing_tables {
        text.push_str(&format!("table {table} is not there: nothing taken over from it\n"));
    }
    text.push_str(&format!(
        "taken over: {} ({} known already), {}, {}\n\
         {} without raw files, {} player lines, marked source = reference; {} are here already, {} copies of \
         totals left out\n",
        counted(done.links, "link"),
        done.links_known,
        counted(done.aliases, "name"),
        counted(done.team_members, "team member"),
        counted(done.rounds, "round"),
        done.players,
        done.rounds_with_files,
        done.totals
    ));
    text
}
