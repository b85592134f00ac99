//! `rebuild`, `fix-range`, `rebuild-sessions`.

use std::path::PathBuf;

use fullhold_maintenance::{Rebuilt, Selection, StepTimes};
use fullhold_settings::Exit;
use serde_json::{Value, json};

use super::{backup, import, rounds, validate};
use crate::args::{BackupFirst, ServerArgs};
use crate::context::{Context, Outcome, Stop, complain, counted};

/// How derived data is computed anew.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) dry_run: bool,
    pub(crate) backup: &'a BackupFirst,
}

pub(crate) async fn rebuild(
    context: &Context,
    from_files: Vec<PathBuf>,
    wanted: Wanted<'_>,
    server: &ServerArgs,
) -> Outcome {
    import::exist(&from_files)?;
    let db = context.open().await?;
    // A typo must not make a server, or be taken for all of them.
    rounds::server_id(&db, server.server.as_deref()).await?;
    let selection = if from_files.is_empty() {
        match &server.server {
            None => Selection::Everything,
            Some(name) => {
                let servers = db.servers().await?;
                servers.into_iter().find(|one| one.name == *name).map_or(Selection::Everything, Selection::Server)
            }
        }
    } else {
        let chosen = fullhold_console::server(server.server.as_deref(), server.timezone.as_deref(), &context.settings)
            .map_err(Stop::usage)?;
        if wanted.dry_run {
            return Err(Stop::usage("--dry-run cannot look into files; leave --from-files out"));
        }
        import::tell_of_new_server(context, &db, server).await?;
        let row = db.server(&chosen.name, chosen.timezone.as_deref(), &chosen.default_zone).await?;
        Selection::FromFiles(from_files, row)
    };
    let question = match &selection {
        Selection::Server(row) => format!("All evenings, rounds, lines and matches of server {}", row.name),
        _ => "All evenings, rounds, lines, matches and names".to_owned(),
    };
    let lost = match (&selection, wanted.backup.no_backup) {
        (Selection::FromFiles(..), true) => {
            "\nStored bytes that differ from those on disk are replaced, and without a backup they are gone."
        }
        _ => "",
    };
    run(context, selection, wanted, &format!("{question} are computed anew from the raw files.{lost}")).await
}

pub(crate) async fn fix_range(context: &Context, from: String, to: String, wanted: Wanted<'_>) -> Outcome {
    if from > to {
        return Err(Stop::usage(format!("FROM {from} is after TO {to}")));
    }
    let question = format!("The evenings that touch {from} to {to} are computed anew from the raw files.");
    run(context, Selection::Dates(from, to), wanted, &question).await
}

async fn run(context: &Context, selection: Selection, wanted: Wanted<'_>, question: &str) -> Outcome {
    // The database must be there before anybody is asked about it.
    let maintenance = context.maintenance().await?;
    if !matches!(selection, Selection::FromFiles(..)) {
        let files = maintenance.files_of(&selection).await?;
        if files == 0 || wanted.dry_run {
            let what = if files == 0 { "there is nothing to compute anew" } else { "dry run: nothing was changed" };
            let text = format!("{} would be read; {what}\n", counted(files, "file"));
            context.show(&text, &json!({ "files": files, "dry_run": wanted.dry_run }));
            return Ok(Exit::Fine);
        }
    }
    context.confirm(question)?;
    let first = wanted.backup;
    let command = if matches!(selection, Selection::Dates(..)) { "fix-range" } else { "rebuild" };
    let folder = first.backup_folder.clone();
    let saved = if first.no_backup { None } else { Some(backup::save_before(context, folder, command).await?) };
    let done = maintenance.rebuild(selection, &context.bar()).await?;
    done.unreadable.iter().for_each(|one| complain(&format!("{}: {}", one.file, one.reason)));
    let text = to_text(&done, context.verbose);
    let mut json = to_json(&done);
    if let (Some(object), Some(file)) = (json.as_object_mut(), &saved) {
        object.insert("backup".to_owned(), json!(file.display().to_string()));
    }
    context.show(&text, &json);
    Ok(exit_of(&done))
}

pub(crate) async fn sessions(context: &Context) -> Outcome {
    let maintenance = context.maintenance().await?;
    let done = maintenance.rebuild_sessions(&context.bar()).await?;
    let text = format!(
        "{} looked at: {} changed, {} changed, in {:.2} s\n{}",
        counted(done.files, "file"),
        counted(done.evenings, "evening"),
        counted(done.rounds, "round"),
        done.elapsed.as_secs_f64(),
        if context.verbose { shares(&done.shares) } else { String::new() }
    );
    let json = json!({
        "files": done.files,
        "evenings_changed": done.evenings,
        "rounds_changed": done.rounds,
        "seconds": done.elapsed.as_secs_f64(),
        "stages": shares_json(&done.shares),
    });
    context.show(&text, &json);
    Ok(Exit::Fine)
}

pub(crate) fn exit_of(done: &Rebuilt) -> Exit {
    if !done.unreadable.is_empty() {
        Exit::Failed
    } else if !done.failed.is_empty() {
        Exit::Rejected
    } else {
        Exit::Fine
    }
}

pub(crate) fn to_text(done: &Rebuilt, verbose: bool) -> String {
    let mut text = import::rejections(&done.failed);
    if done.new_files + done.changed_files.len() + done.recovered > 0 {
        text.push_str(&format!(
            "{} new, {} changed, {} could not be imported before and can now\n",
            counted(done.new_files, "file"),
            done.changed_files.len(),
            done.recovered
        ));
    }
    if !done.older_copies.is_empty() {
        let copies = counted(done.older_copies.len(), "file");
        text.push_str(&format!("{copies} on disk older than what is stored (more is stored): left alone\n"));
    }
    for other in &done.rules {
        let differences: Vec<String> = other.differences.iter().map(ToString::to_string).collect();
        text.push_str(&match differences.as_slice() {
            [] => format!("server {}: its rules are recorded now\n", other.server),
            several => format!("server {}: {}; recorded now\n", other.server, several.join("; ")),
        });
    }
    for name in done.changed_files.iter().take(20) {
        text.push_str(&format!("changed: {name} (the bytes on disk are stored now)\n"));
    }
    text.push_str(&format!(
        "{} read: {}, {}, {} player lines, {} weapon lines, {} in {:.2} s\n{}",
        counted(done.files, "file"),
        counted(done.evenings, "evening"),
        counted(done.rounds, "round"),
        done.players,
        done.weapons,
        counted(done.findings, "finding"),
        done.elapsed.as_secs_f64(),
        if verbose { shares(&done.shares) } else { String::new() }
    ));
    text
}

/// Where the time went, a line per step.
pub(crate) fn shares(shares: &StepTimes) -> String {
    let total: f64 = shares.0.iter().map(|(_, time)| time.as_secs_f64()).sum();
    let percent = |seconds: f64| if total > 0.0 { 100.0 * seconds / total } else { 0.0 };
    let line = |(step, time): &(&str, std::time::Duration)| {
        format!("  {step:32} {:7.2} s {:4.0} %\n", time.as_secs_f64(), percent(time.as_secs_f64()))
    };
    shares.0.iter().map(line).collect()
}

pub(crate) fn shares_json(shares: &StepTimes) -> Value {
    let map: serde_json::Map<String, Value> =
        shares.0.iter().map(|(step, time)| ((*step).to_owned(), json!(time.as_secs_f64()))).collect();
    Value::Object(map)
}

pub(crate) fn to_json(done: &Rebuilt) -> Value {
    json!({
        "files": done.files,
        "new_files": done.new_files,
        "changed_files": done.changed_files,
        "older_copies": done.older_copies,
        "rules_recorded": validate::other_rules(&done.rules),
        "recovered": done.recovered,
        "failed": import::list(&done.failed),
        "unreadable": import::list(&done.unreadable),
        "evenings": done.evenings,
        "rounds": done.rounds,
        "players": done.players,
        "weapons": done.weapons,
        "findings": done.findings,
        "seconds": done.elapsed.as_secs_f64(),
        "stages": shares_json(&done.shares),
    })
}
