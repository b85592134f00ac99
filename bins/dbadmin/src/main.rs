//! `dbadmin`: all operations on the database, for people and for scripts. Arguments, wiring and
//! the exit code; the work is done by the libraries.

mod args;
mod commands;
mod context;
mod reference;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use fullhold_settings::{Exit, load_from_process};

use crate::args::{Args, Command};
use crate::context::Context;

fn main() -> ExitCode {
    let args = Args::parse();
    if let Some(Command::Completions { shell }) = &args.command {
        clap_complete::generate(*shell, &mut Args::command(), "dbadmin", &mut std::io::stdout());
        return Exit::Fine.into();
    }
    if let Some(Command::Man { folder }) = &args.command {
        return match clap_mangen::generate_to(Args::command(), folder) {
            Ok(()) => Exit::Fine.into(),
            Err(error) => {
                context::complain(&format!("{}: {error}", folder.display()));
                Exit::Failed.into()
            }
        };
    }
    let flags = args.database_url.clone().map(|url| ("DATABASE_URL".to_owned(), url));
    let settings = match load_from_process(flags.into_iter().collect()) {
        Ok(settings) => settings,
        Err(problems) => {
            problems.iter().for_each(|problem| context::complain(&problem.to_string()));
            return Exit::Usage.into();
        }
    };
    if args.check_config {
        fullhold_console::print(&settings.report());
        return Exit::Fine.into();
    }
    fullhold_console::start_logging(&settings);
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            context::complain(&format!("could not start: {error}"));
            return Exit::Failed.into();
        }
    };
    let Args { json, yes, verbose, by, command, .. } = args;
    let context = Context { settings, json, yes, verbose, by };
    let Some(command) = command else { return Exit::Usage.into() };
    match runtime.block_on(Box::pin(commands::run(&context, command))) {
        Ok(exit) => exit.into(),
        Err(stop) => stop.tell().into(),
    }
}
