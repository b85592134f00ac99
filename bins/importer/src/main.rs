//! `importer`: stats files in, the right evening out. Arguments, wiring and the exit code; the
//! work is done by the libraries.

mod args;
mod config;
mod evening;
mod import;
mod output;
mod show;
mod sync;
mod text;
mod watch;

use std::process::ExitCode;

use clap::Parser as _;
use fullhold_settings::Exit;
use fullhold_watch::Scope;

use crate::args::{Args, Command, Show};
use crate::output::complain;

fn main() -> ExitCode {
    let args = Args::parse();
    let settings = match config::load(&args) {
        Ok(settings) => settings,
        Err(problems) => {
            problems.iter().for_each(|problem| complain(&problem.to_string()));
            return Exit::Usage.into();
        }
    };
    if args.check_config {
        output::print(&settings.report());
        return Exit::Fine.into();
    }
    config::start_logging(&settings);
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("could not start: {error}"));
            return Exit::Failed.into();
        }
    };
    let exit = runtime.block_on(async {
        match &args.command {
            Some(Command::Show { what: Show::LastSession }) => show::last_session(&settings, args.json).await,
            Some(Command::Watch { server }) => watch::watch(&args, settings, server.as_deref()).await,
            Some(Command::Sync { server, scope }) if scope.check => {
                sync::check(&args, &settings, server.as_deref()).await
            }
            Some(Command::Sync { server, scope }) => {
                let scope = scope.days.map_or(Scope::All, Scope::Days);
                sync::sync(&args, &settings, server.as_deref(), scope).await
            }
            None => import::run(&args, &settings).await,
        }
    });
    // A thread may still be blocked in a connection that hangs: it does not keep us.
    runtime.shutdown_background();
    exit.into()
}
