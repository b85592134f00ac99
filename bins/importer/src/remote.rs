//! `importer watch` and `importer sync`: files from the configured game servers.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use fullhold_console::Bar;
use fullhold_ingest::watch::{Notice, Notices, Scope, Voice, WatchConfig, Watcher};
use fullhold_ingest::{Importer, Summary};
use fullhold_repository::{Db, OpenMode};
use fullhold_settings::{Exit, Server, Settings};
use time::OffsetDateTime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::args::Args;
use crate::output::{chain, complain, print};
use crate::{config, import, metrics};

/// The first and the longest wait after a failure.
const RETRY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));
/// The watchers end by themselves before this; the process ends in any case.
const ENDING: Duration = Duration::from_secs(9);

/// A server, ready to be watched.
struct Target {
    name: String,
    importer: Importer,
    config: WatchConfig,
}

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
        let mut running = Running::start(std::mem::take(&mut targets), args.quiet);
        loop {
            let new = tokio::select! {
                new = asked(&mut hangup, args, server) => new,
                () = &mut end => {
                    running.end().await;
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
            running.end().await;
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

/// The servers that can be reached over SSH, or the one that is named; each with its importer.
async fn targets(settings: &Settings, only: Option<&str>) -> Result<Vec<Target>, Exit> {
    let usage = |problem: String| {
        complain(&problem);
        Exit::Usage
    };
    let asked: Vec<&Server> = match only {
        Some(name) => settings.servers.iter().filter(|server| server.name == name).collect(),
        None => settings.servers.iter().filter(|server| server.ssh.is_some()).collect(),
    };
    if asked.is_empty() {
        let names: Vec<&str> = settings.servers.iter().map(|server| server.name.as_str()).collect();
        return Err(usage(match only {
            Some(name) => format!("--server {name}: not configured; allowed are: {}", names.join(", ")),
            None => "no game server with SSH is configured: SSH_HOST, SSH_USER and REMOTE_STATS_PATH are needed".into(),
        }));
    }
    let db = Db::open(&config::database(settings), OpenMode::Create).await.map_err(|error| {
        complain(&chain(&error));
        Exit::Failed
    })?;
    let mut targets = Vec::new();
    for server in asked {
        let choice = fullhold_console::server(Some(&server.name), None, settings).map_err(usage)?;
        let config = watch_config(settings, server).map_err(usage)?;
        // Whoever watches tries again by itself, and says so.
        let rules = fullhold_ingest::Config { patience: Duration::ZERO, ..config::ingest(settings) };
        let (zone, clock) = (choice.timezone.as_deref(), OffsetDateTime::now_utc);
        let importer = Importer::new(db.clone(), &choice.name, zone, &choice.default_zone, rules, clock).await;
        let importer = importer.map_err(|error| import::cannot_begin(&error))?;
        targets.push(Target { name: choice.name, importer, config });
    }
    Ok(targets)
}

fn watch_config(settings: &Settings, server: &Server) -> Result<WatchConfig, String> {
    let automation = &settings.automation;
    Ok(WatchConfig {
        ssh: fullhold_console::ssh(server)?,
        folder: PathBuf::from(&server.stats_directory),
        interval: automation.check_interval,
        idle_interval: automation.idle_interval,
        grace: automation.grace_period,
        look_back: automation.startup_lookback,
        retry: RETRY,
    })
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

/// Watchers at work, one per server.
struct Running {
    stop: watch::Sender<bool>,
    // Kept open: nobody tells who is in voice, so somebody may be playing.
    _voice: watch::Sender<Voice>,
    watchers: JoinSet<()>,
}

impl Running {
    fn start(targets: Vec<Target>, quiet: bool) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (voice, heard) = watch::channel(Voice::Unknown);
        let mut watchers = JoinSet::new();
        for Target { name, importer, config } in targets {
            let watcher = Watcher::new(importer, config, notices(name, quiet));
            watchers.spawn(watcher.run(heard.clone(), stopped.clone()));
        }
        Self { stop, _voice: voice, watchers }
    }

    async fn end(&mut self) {
        self.stop.send_replace(true);
        let all = async { while self.watchers.join_next().await.is_some() {} };
        if tokio::time::timeout(ENDING, all).await.is_err() {
            complain("a watcher did not end in time and was cut off; what was committed stays");
        }
    }
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
