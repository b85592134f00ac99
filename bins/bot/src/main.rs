//! `bot`: answers questions. Arguments, wiring and the exit code; the work is done by the libraries.

mod args;
mod console;
mod demo;
mod discord;
mod editor;
mod files;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;
use fullhold_console::{chain, complain, print, start_logging};
use fullhold_repository::{Db, OpenMode};
use fullhold_settings::{Exit, Settings, load_from_process};

use crate::args::Args;

const PROGRAM: &str = "bot";

fn main() -> ExitCode {
    let args = Args::parse();
    let flag = args.database_url.clone().map(|url| ("DATABASE_URL".to_owned(), url));
    let settings = match load_from_process(flag.into_iter().collect()) {
        Ok(settings) => settings,
        Err(problems) => {
            problems.iter().for_each(|problem| complain(PROGRAM, &problem.to_string()));
            return Exit::Usage.into();
        }
    };
    if args.check_config {
        print(&settings.report());
        return Exit::Fine.into();
    }
    start_logging(&settings);
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(PROGRAM, &format!("could not start: {error}"));
            return Exit::Failed.into();
        }
    };
    let exit = runtime.block_on(run(&args, &settings));
    runtime.shutdown_background();
    exit.into()
}

async fn run(args: &Args, settings: &Settings) -> Exit {
    if args.demo {
        return demo::run(args, settings).await;
    }
    if !args.console {
        return discord::run(settings).await;
    }
    match Db::open(&fullhold_console::answering_database(settings), OpenMode::Existing).await {
        Ok(db) => console::run(args, settings, db, &[]).await,
        Err(error) => {
            complain(PROGRAM, &chain(&error));
            Exit::Failed
        }
    }
}
