//! `importer watch`: until a signal ends it. SIGTERM and SIGINT end it, SIGHUP reads the configuration
//! again. What is said goes to standard output, trouble to standard error; with `--json` all of it is
//! one object a line on standard output.

use std::net::SocketAddr;
use std::sync::Arc;

use fullhold_settings::{Exit, Settings};
use fullhold_watch::{Endpoint, Notice, Notices, Service, Target};
use serde_json::json;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::args::Args;
use crate::config;
use crate::output::{complain, print};
use crate::sync::targets;

/// Watches until a signal ends it.
pub(crate) async fn watch(args: &Args, settings: Settings, server: Option<&str>) -> Exit {
    let signals = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()].map(signal);
    let [Ok(mut terminate), Ok(mut interrupt), Ok(mut hangup)] = signals else {
        complain("signals cannot be handled on this system");
        return Exit::Failed;
    };
    let (quiet, json) = (args.quiet, args.json);
    let mut service = Service::new(Arc::new(move |server: &str| notices(server, quiet, json)));
    let mut endpoint = match Endpoint::serve(settings.metrics, service.handle()).await {
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
    let first = tokio::select! {
        targets = targets(&settings, server) => targets,
        () = &mut end => return Exit::Fine,
    };
    match first {
        Ok(targets) => service.start(targets),
        Err(exit) => return exit,
    }
    loop {
        let new = tokio::select! {
            new = asked(&mut hangup, args, server) => new,
            () = &mut end => {
                ended(service.end().await);
                return Exit::Fine;
            }
        };
        let Some(New { targets, metrics }) = new else {
            say(args, "refused", "the configuration was not taken; watching goes on with the old one");
            continue;
        };
        ended(service.replace(targets).await);
        if let Err(problem) = endpoint.move_to(metrics).await {
            say(args, "refused", &problem);
        }
        say(args, "configuration", "configuration read again");
    }
}

fn ended(in_time: bool) {
    if !in_time {
        complain("a watcher did not end in time and was cut off; what was committed stays");
    }
}

/// Says something that is no server's.
fn say(args: &Args, event: &str, text: &str) {
    if args.json {
        print(&format!("{}\n", json!({ "event": event, "text": text })));
    } else if event == "refused" {
        complain(text);
    } else {
        print(&format!("{text}\n"));
    }
}

/// Notices as lines that begin with the server's name, or as JSON.
pub(crate) fn notices(server: &str, quiet: bool, json: bool) -> Notices {
    let server = server.to_owned();
    Arc::new(move |notice: &Notice| {
        if json {
            print(&format!("{}\n", to_json(&server, notice)));
        } else if notice.is_trouble() {
            complain(&format!("{server}: {notice}"));
        } else if !quiet {
            print(&format!("{server}: {notice}\n"));
        }
    })
}

fn to_json(server: &str, notice: &Notice) -> serde_json::Value {
    let event = match notice {
        Notice::Began { .. } => "began",
        Notice::Recovered { .. } => "recovered",
        other => other.event().unwrap_or("other"),
    };
    json!({
        "server": server, "event": event, "file": notice.file(), "trouble": notice.is_trouble(),
        "text": notice.to_string(),
    })
}

/// A configuration that was read again.
struct New {
    targets: Vec<Target>,
    metrics: Option<SocketAddr>,
}

/// The configuration, when it is to be read again.
async fn asked(hangup: &mut Signal, args: &Args, server: Option<&str>) -> Option<New> {
    // Without an answer nobody can ask any more.
    if hangup.recv().await.is_none() {
        std::future::pending::<()>().await;
    }
    match config::load(args) {
        Ok(settings) => {
            let targets = targets(&settings, server).await.ok()?;
            Some(New { targets, metrics: settings.metrics })
        }
        Err(problems) => {
            problems.iter().for_each(|problem| complain(&problem.to_string()));
            None
        }
    }
}
