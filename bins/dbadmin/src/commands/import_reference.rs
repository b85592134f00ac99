//! `import-reference`.

use fullhold_repository::{Config, DatabaseUrl, ReferenceTables};
use fullhold_settings::Exit;
use serde_json::json;

use super::import;
use crate::args::ServerArgs;
use crate::context::{Context, Outcome, Stop, counted};
use crate::reference::{ReferenceSummary, TakeOver};

pub(crate) async fn run(context: &Context, url: DatabaseUrl, server: &ServerArgs) -> Outcome {
    if url == context.settings.database.url {
        return Err(Stop::usage("URL names our own database"));
    }
    let chosen = fullhold_console::server(server.server.as_deref(), server.timezone.as_deref(), &context.settings)
        .map_err(Stop::usage)?;
    let maintenance = context.maintenance().await?;
    let source = ReferenceTables::open(&Config { url, ..context.config() })?;
    import::tell_of_new_server(context, maintenance.db(), server).await?;
    let zone = chosen.timezone.as_deref();
    let row = maintenance.db().server(&chosen.name, zone, &chosen.default_zone).await?;
    let done = TakeOver(&maintenance).take_over(&source, &row, &context.by).await?;
    let json = json!({
        "links": done.links,
        "links_known": done.links_known,
        "aliases": done.aliases,
        "team_members": done.team_members,
        "rounds": done.rounds,
        "players": done.players,
        "rounds_renewed": done.rounds_renewed,
        "rounds_known": done.rounds_known,
        "totals_of_matches": done.totals,
        "marks_left_out": done.marks_left_out,
        "missing_tables": done.missing_tables,
        "rejected": import::list(&done.rejected),
    });
    context.show(&text(&done), &json);
    Ok(if done.rejected.is_empty() { Exit::Fine } else { Exit::Rejected })
}

fn text(done: &ReferenceSummary) -> String {
    let mut text = import::rejections(&done.rejected);
    for table in &done.missing_tables {
        text.push_str(&format!("table {table} is not there: nothing taken over from it\n"));
    }
    text.push_str(&format!(
        "taken over: {} ({} known already), {}, {}\n{} without raw files, {} player lines, marked source = reference; \
         {} are here already\n",
        counted(done.links, "link"),
        done.links_known,
        counted(done.aliases, "name"),
        counted(done.team_members, "team member"),
        counted(done.rounds, "round"),
        done.players,
        done.rounds_known,
    ));
    if done.rounds_renewed > 0 {
        text.push_str(&format!("{} taken over before, now in pairs\n", counted(done.rounds_renewed, "round")));
    }
    if done.totals > 0 {
        text.push_str(&format!("{} of matches read for their pairs and winners\n", counted(done.totals, "sum")));
    }
    if done.marks_left_out > 0 {
        text.push_str(&format!(
            "{} `cancelled` left out: the reference bot makes them by a rule of its own, here the rule of docs/RULES.md \
             decides\n",
            counted(done.marks_left_out, "mark")
        ));
    }
    text
}
