//! From flags to settings, and to what the libraries want.

pub(crate) use fullhold_console::{ServerChoice, database, ingest, start_logging};
use fullhold_settings::{Problem, Settings, load_from_process};

use crate::args::Args;

pub(crate) fn load(args: &Args) -> Result<Settings, Vec<Problem>> {
    let flag = |key: &str, value: &Option<String>| value.clone().map(|value| (key.to_owned(), value));
    let flags = [flag("DATABASE_URL", &args.database_url), flag("SERVER_TIMEZONE", &args.timezone)];
    load_from_process(flags.into_iter().flatten().collect())
}

pub(crate) fn server(args: &Args, settings: &Settings) -> Result<ServerChoice, String> {
    fullhold_console::server(args.server.as_deref(), args.timezone.as_deref(), settings)
}
