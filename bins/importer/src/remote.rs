//! `importer watch` and `importer sync`: files from the configured game servers.

use std::sync::Arc;

use fullhold_console::Bar;
use fullhold_ingest::Summary;
use fullhold_settings::{Exit, Settings};
use fullhold_watch::{Notice, Notices, Running, Scope, Target, Watcher, metrics};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::args::Args;
use crate::output::{chain, complain, print};
use crate::{config, import};

/// Watches until a signal ends it: SIGTERM and SIGINT end it, SIGHUP reads the configuration again.
pub(crate) async fn watch(args: &Args, settings: Settings, server: Option<&str>) -> Exit {
    let signals = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()].map(signal);
    let [Ok(mut terminate), Ok(mut interrupt), Ok(mut hangup)] = signals else {
        complain("signals cannot be handled on this system");
        return Exit::Failed;
    };
    let endpoint = match metrics::Endpoint::serve(settings.metrics).await {
        Ok(endpoint) => endpoint,
        Err(problem) => {
            complain(&problem);
            return Exit::Usage;
        }
    };
    let end = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    tokio::pin!(end);
    // A database that is away is waited for: not when we are told to end.
    let targets = tokio::select! {
        targets = targets(&settings, server) => targets,
        () = &mut end => return Exit::Fine,
    };
    let mut targets = match targets {
        Ok(targets) => targets,
        Err(exit) => return exit,
    };
    loop {
        endpoint.know(targets.first().map(|target| target.importer.db().clone()));
        let mut running = Running::start(std::mem::take(&mut targets), |server| notices(server.to_owned(), args.quiet));
        loop {
            let new = tokio::select! {
                new = asked(&mut hangup, args, server) => new,
                () = &mut end => {
                    finish(&mut running).await;
                    return Exit::Fine;
                }
            };
            match new {
                // The new ones begin when the old ones have ended: no file is fetched twice.
                Some(new) => targets = new,
                None => {
                    complain("the configuration was not taken; watching goes on with the old one");
                    continue;
                }
            }
            finish(&mut running).await;
            print("configuration read again\n");
            break;
        }
    }
}

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
        let watcher = Watcher::new(importer, config, notices(name.clone(), true));
        match watcher.sync(scope, &Bar::new(!args.json && !args.quiet)).await {
            Ok(summary) => add(&mut total, summary),
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

fn add(total: &mut Summary, one: Summary) {
    total.seen += one.seen;
    total.imported += one.imported;
    total.skipped += one.skipped;
    total.waiting += one.waiting;
    total.ignored += one.ignored;
    total.older += one.older;
    total.rejected.extend(one.rejected);
    total.rounds += one.rounds;
    total.players += one.players;
    total.weapons += one.weapons;
    total.findings += one.findings;
    total.elapsed += one.elapsed;
}

/// Notices as lines that begin with the server's name: trouble on standard error.
fn notices(server: String, quiet: bool) -> Notices {
    Arc::new(move |notice: &Notice| {
        metrics::count(&server, notice);
        if notice.is_trouble() {
            complain(&format!("{server}: {notice}"));
        } else if !quiet {
            print(&format!("{server}: {notice}\n"));
        }
    })
}

/// Ends the watchers.
async fn finish(running: &mut Running) {
    if !running.end().await {
        complain("a watcher did not end in time and was cut off; what was committed stays");
    }
}

/// Servers to watch; what is wrong has been said.
async fn targets(settings: &Settings, server: Option<&str>) -> Result<Vec<Target>, Exit> {
    fullhold_watch::targets(settings, server).await.map_err(|error| {
        complain(&chain(&error));
        if error.is_about_settings() { Exit::Usage } else { Exit::Failed }
    })
}

/// The configuration, when it is to be read again.
async fn asked(hangup: &mut Signal, args: &Args, server: Option<&str>) -> Option<Vec<Target>> {
    // Without an answer nobody can ask any more.
    if hangup.recv().await.is_none() {
        std::future::pending::<()>().await;
    }
    reload(args, server).await
}

/// The configuration as it is now, if it is in order.
async fn reload(args: &Args, server: Option<&str>) -> Option<Vec<Target>> {
    match config::load(args) {
        Ok(settings) => targets(&settings, server).await.ok(),
        Err(problems) => {
            problems.iter().for_each(|problem| complain(&problem.to_string()));
            None
        }
    }
}
