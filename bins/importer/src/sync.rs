//! `importer sync`: what is missing is fetched from the configured game servers, once, or only named.

use fullhold_console::Bar;
use fullhold_ingest::Summary;
use fullhold_settings::{Exit, Settings};
use fullhold_watch::{Check, Scope, Target, Watcher};
use serde_json::json;

use crate::args::Args;
use crate::import;
use crate::output::{chain, complain, print};
use crate::watch::notices;

/// Fetches and imports what is missing, once.
pub(crate) async fn sync(args: &Args, settings: &Settings, server: Option<&str>, scope: Scope) -> Exit {
    let targets = match targets(settings, server).await {
        Ok(targets) => targets,
        Err(exit) => return exit,
    };
    let mut total = Summary::default();
    let mut failed = false;
    let mut db = None;
    for Target { name, importer, config } in targets {
        db = Some(importer.db().clone());
        let watcher = Watcher::new(importer, config, notices(&name, true, false));
        match watcher.sync(scope, &Bar::new(!args.json && !args.quiet)).await {
            Ok(summary) => total.absorb(summary),
            Err(error) => {
                failed = true;
                complain(&format!("{name}: {}", chain(&error)));
                complain("what was imported before this stays; run the same command again to import the rest");
            }
        }
    }
    let Some(db) = db else { return Exit::Usage };
    if failed && total.seen == 0 && !args.json {
        // Nothing to report: what went wrong has been said.
        return Exit::Failed;
    }
    let exit = import::report(args, &db, &total).await;
    if failed { Exit::Failed } else { exit }
}

/// Says what is on the servers and not stored; fetches nothing.
pub(crate) async fn check(args: &Args, settings: &Settings, server: Option<&str>) -> Exit {
    let targets = match targets(settings, server).await {
        Ok(targets) => targets,
        Err(exit) => return exit,
    };
    let (mut exit, mut text, mut all) = (Exit::Fine, String::new(), Vec::new());
    for Target { name, importer, config } in targets {
        match Watcher::new(importer, config, notices(&name, true, false)).check().await {
            Ok(check) => {
                if is_missing_something(&check) && exit == Exit::Fine {
                    exit = Exit::Rejected;
                }
                text.push_str(&describe(&name, &check));
                all.push(to_json(&name, &check));
            }
            Err(error) => {
                exit = Exit::Failed;
                complain(&format!("{name}: {}", chain(&error)));
            }
        }
    }
    if args.json {
        print(&format!("{}\n", json!({ "servers": all })));
    } else if !args.quiet || exit != Exit::Fine {
        print(&text);
    }
    exit
}

fn is_missing_something(check: &Check) -> bool {
    check.waiting + check.left_alone + check.dead.len() > 0
}

fn describe(name: &str, check: &Check) -> String {
    let Check { files, waiting, dead, left_alone } = check;
    if !is_missing_something(check) {
        return format!("{name}: {files} files on the server, nothing is left to fetch\n");
    }
    let mut text = format!("{name}: {files} files on the server; not here: {waiting} new");
    text.push_str(&format!(", {left_alone} older ones left alone, {} that could not be had\n", dead.len()));
    for one in dead {
        text.push_str(&format!("set aside: {}\n           {}\n", one.file, one.reason));
    }
    text.push_str("importer sync --all fetches them\n");
    text
}

fn to_json(name: &str, check: &Check) -> serde_json::Value {
    let dead: Vec<_> = check.dead.iter().map(|one| json!({ "file": one.file, "reason": one.reason })).collect();
    json!({
        "server": name, "files": check.files, "new": check.waiting, "left_alone": check.left_alone, "dead": dead,
    })
}

/// Servers to watch; what is wrong has been said.
pub(crate) async fn targets(settings: &Settings, server: Option<&str>) -> Result<Vec<Target>, Exit> {
    fullhold_watch::targets(settings, server).await.map_err(|error| {
        complain(&chain(&error));
        if error.is_about_settings() { Exit::Usage } else { Exit::Failed }
    })
}
