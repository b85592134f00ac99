//! `status`.

use std::fmt::Write as _;

use fullhold_repository::{Db, OpenMode, ServerStatusRow, Status, instant_text};
use fullhold_settings::Exit;
use serde_json::{Value, json};

use crate::context::{Context, Outcome, backend_name, size};

pub(crate) async fn run(context: &Context) -> Outcome {
    let db = Db::open_without_migrating(&context.config(), OpenMode::Existing)?;
    let status = db.status().await?;
    // A schema without it has never been watched.
    let fresh =
        if status.pending.is_empty() && status.drift.is_none() { db.server_statuses().await? } else { Vec::new() };
    let mut text = text(&status, db.shown_url());
    let mut json = to_json(&status, db.shown_url());
    let lines: Vec<(String, Value)> = fresh.iter().map(|(server, row)| freshness(context, &server.name, row)).collect();
    lines.iter().for_each(|(line, _)| text.push_str(line));
    if let Some(object) = json.as_object_mut() {
        object.insert("freshness".to_owned(), lines.into_iter().map(|(_, json)| json).collect());
    }
    context.show(&text, &json);
    let usable = status.drift.is_none() && status.pending.is_empty();
    Ok(if usable { Exit::Fine } else { Exit::Failed })
}

fn text(status: &Status, url: &str) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "database   {url}");
    let _ =
        writeln!(text, "backend    {} {}, {}", backend_name(status.backend), status.software, size(status.size_bytes));
    let schema = match (&status.drift, status.pending.as_slice()) {
        (Some(drift), _) => drift.clone(),
        (None, []) => format!("version {}, up to date", status.schema_version),
        (None, pending) => {
            format!("version {}, not applied: {} (run `dbadmin migrate`)", status.schema_version, pending.join(", "))
        }
    };
    let _ = writeln!(text, "schema     {schema}");
    for newest in &status.newest {
        let _ =
            writeln!(text, "newest     {} on {}, ended {}", newest.round, newest.server, instant_text(newest.ended_at));
    }
    let files: Vec<String> = status.files.iter().map(|(state, count)| format!("{count} {state}")).collect();
    let _ = writeln!(text, "files      {}", if files.is_empty() { "none".to_owned() } else { files.join(", ") });
    if !status.left_out.is_empty() {
        let kinds: Vec<String> = status.left_out.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let _ = writeln!(text, "left out   {}, on disk: see `dbadmin files left-out`", kinds.join(", "));
    }
    let waiting = match &status.oldest_waiting {
        Some((name, since)) => format!("{name} since {}", instant_text(*since)),
        None => "none".to_owned(),
    };
    let _ = writeln!(text, "waiting    oldest: {waiting}");
    for (table, count) in &status.counts {
        let _ = writeln!(text, "rows       {table:27} {count:>10}");
    }
    text
}

/// How fresh a watched server's data is: "newest file on the server is 40 s old and imported".
fn freshness(context: &Context, server: &str, row: &ServerStatusRow) -> (String, Value) {
    let age = row.newest_at.map(|at| (context.now() - at).whole_seconds().max(0));
    let newest = match (&row.newest_file, age) {
        (Some(file), Some(age)) => {
            let state = if row.newest_imported { "imported" } else { "not imported" };
            format!("newest file {file} is {} old and {state}", span(age))
        }
        _ => "no stats file on the server".to_owned(),
    };
    let looked = row.last_look_at.map_or_else(|| "never".to_owned(), instant_text);
    let mut line = format!(
        "watched    {server}: {newest}; {} files there, {} waiting, {} failed, {} set aside, {} left alone; last look {looked}\n",
        row.files, row.waiting, row.failed, row.dead, row.left_alone
    );
    if let (true, Some(error)) = (row.failures > 0, &row.last_error) {
        line.push_str(&format!("           {} looks in a row have failed: {error}\n", row.failures));
    }
    let json = json!({
        "server": server,
        "newest_file": row.newest_file,
        "newest_age_seconds": age,
        "newest_imported": row.newest_imported,
        "files": row.files,
        "waiting": row.waiting,
        "failed": row.failed,
        "dead": row.dead,
        "left_alone": row.left_alone,
        "last_look_at": row.last_look_at.map(instant_text),
        "failures": row.failures,
        "last_error": row.last_error,
    });
    (line, json)
}

fn span(seconds: i64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}

fn to_json(status: &Status, url: &str) -> Value {
    let newest: Vec<Value> = status
        .newest
        .iter()
        .map(|n| json!({ "server": n.server, "round": n.round, "ended_at": instant_text(n.ended_at) }))
        .collect();
    let counts: serde_json::Map<String, Value> =
        status.counts.iter().map(|(table, count)| ((*table).to_owned(), json!(count))).collect();
    let files: serde_json::Map<String, Value> =
        status.files.iter().map(|(state, count)| (state.to_string(), json!(count))).collect();
    let left_out: serde_json::Map<String, Value> =
        status.left_out.iter().map(|(kind, count)| (kind.to_string(), json!(count))).collect();
    let waiting =
        status.oldest_waiting.as_ref().map(|(name, since)| json!({ "file": name, "since": instant_text(*since) }));
    json!({
        "database": url,
        "backend": backend_name(status.backend),
        "software": status.software,
        "size_bytes": status.size_bytes,
        "schema_version": status.schema_version,
        "schema_known": Status::newest_known(),
        "pending": status.pending,
        "drift": status.drift,
        "counts": counts,
        "files": files,
        "left_out": left_out,
        "newest": newest,
        "oldest_waiting": waiting,
    })
}
