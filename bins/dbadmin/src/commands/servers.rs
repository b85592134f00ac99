//! `servers`.

use fullhold_repository::instant_text;
use fullhold_settings::Exit;
use serde_json::{Value, json};

use super::{backup, rebuild};
use crate::args::{BackupFirst, Servers};
use crate::context::{Context, Outcome, Stop, counted};

pub(crate) async fn run(context: &Context, what: Option<Servers>) -> Outcome {
    match what {
        None | Some(Servers::List) => list(context).await,
        Some(Servers::SetTimezone { server, zone, backup }) => set_timezone(context, &server, &zone, &backup).await,
        Some(Servers::Rename { server, name }) => rename(context, &server, &name).await,
        Some(Servers::Remove { server, backup }) => remove(context, &server, &backup).await,
    }
}

/// A program that is at work knows a server as it was when it began, and imports nothing more for another.
const AGAIN: &str = "an `importer watch` that is running imports nothing more for it: start it again\n";

async fn list(context: &Context) -> Outcome {
    let db = context.open().await?;
    let servers = db.server_infos().await?;
    let mut text = String::new();
    for one in &servers {
        text.push_str(&format!(
            "{:24} {:24} {}, {}, newest {}\n",
            one.server.name,
            one.server.timezone,
            counted(usize::try_from(one.files).unwrap_or(0), "file"),
            counted(usize::try_from(one.rounds).unwrap_or(0), "round"),
            one.newest.map_or_else(|| "none".to_owned(), instant_text)
        ));
        if let Some(configured) = other_zone(context, &one.server.name, &one.server.timezone) {
            text.push_str(&format!(
                "  configured is {configured}: `dbadmin servers set-timezone {} {configured}` corrects the database\n",
                one.server.name
            ));
        } else if is_assumed(context, &one.server.name, &one.server.timezone) {
            text.push_str("  nobody said this zone: it is assumed; SERVER_TIMEZONE says it\n");
        }
    }
    text.push_str(&format!("{}\n", counted(servers.len(), "server")));
    let rows: Vec<Value> = servers
        .iter()
        .map(|one| {
            json!({
                "name": one.server.name, "timezone": one.server.timezone, "files": one.files, "rounds": one.rounds,
                "newest": one.newest.map(instant_text),
                "configured_timezone": other_zone(context, &one.server.name, &one.server.timezone),
            })
        })
        .collect();
    context.show(&text, &json!({ "servers": rows }));
    Ok(Exit::Fine)
}

/// The zone that is configured for a server, if it is not the recorded one.
pub(crate) fn other_zone(context: &Context, server: &str, recorded: &str) -> Option<String> {
    let choice = fullhold_console::server(Some(server), None, &context.settings).ok()?;
    choice.timezone.filter(|zone| zone != recorded)
}

/// Whether the configuration says a server's zone.
pub(crate) fn says_zone(context: &Context, server: &str) -> bool {
    fullhold_console::server(Some(server), None, &context.settings).is_ok_and(|choice| choice.timezone.is_some())
}

/// Whether a configured server has the zone that is taken when nobody says one.
pub(crate) fn is_assumed(context: &Context, server: &str, recorded: &str) -> bool {
    let is_configured = context.settings.servers.iter().any(|one| one.name == server);
    let choice = fullhold_console::server(Some(server), None, &context.settings);
    is_configured && choice.is_ok_and(|choice| choice.timezone.is_none() && choice.default_zone == recorded)
}

async fn set_timezone(context: &Context, server: &str, zone: &str, first: &BackupFirst) -> Outcome {
    let db = context.open().await?;
    super::rounds::server_id(&db, Some(server)).await?;
    fullhold_ingest::Zone::new(zone).map_err(|error| Stop::usage(fullhold_console::chain(&error)))?;
    context.confirm(&format!("All evenings and rounds of server {server} are computed anew with the zone {zone}."))?;
    backup_first(context, first).await?;
    let maintenance = context.maintenance().await?;
    let done = maintenance.set_timezone(server, zone, &context.bar()).await?;
    let text = format!("server {server} is in zone {zone} now\n{}{AGAIN}", rebuild::to_text(&done, context.verbose));
    context.show(&text, &json!({ "server": server, "timezone": zone, "rebuilt": rebuild::to_json(&done) }));
    Ok(rebuild::exit_of(&done))
}

async fn rename(context: &Context, server: &str, name: &str) -> Outcome {
    context.maintenance().await?.rename_server(server, name).await?;
    let text = format!("server {server} is called {name} now; name it so in the configuration, too\n{AGAIN}");
    context.show(&text, &json!({ "server": name, "before": server }));
    Ok(Exit::Fine)
}

async fn remove(context: &Context, server: &str, first: &BackupFirst) -> Outcome {
    let db = context.open().await?;
    let infos = db.server_infos().await?;
    super::rounds::server_id(&db, Some(server)).await?;
    let Some(info) = infos.into_iter().find(|one| one.server.name == server) else {
        return Err(Stop::usage(format!("there is no server {server} in the database")));
    };
    context.ask(
        &format!(
            "Server {server} is removed with everything: {} files with their raw bytes, {} rounds, verdicts, teams.\n\
             Type the name of the server ({server}) to go on: ",
            info.files, info.rounds
        ),
        server,
    )?;
    backup_first(context, first).await?;
    let done = context.maintenance().await?.remove_server(server).await?;
    let text = format!("server {server} is removed, with {}\n", counted(done.files, "file"));
    context.show(&text, &json!({ "removed": server, "files": done.files }));
    Ok(Exit::Fine)
}

/// Takes a backup unless nobody wants one, and says where it is.
async fn backup_first(context: &Context, first: &BackupFirst) -> Result<(), Stop> {
    if !first.no_backup {
        backup::save_before(context, first.backup_folder.clone(), "servers").await?;
    }
    Ok(())
}
