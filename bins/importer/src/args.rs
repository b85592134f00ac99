//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Imports ET:Legacy stats files and prints the evening.
///
/// Exit codes: 0 fine, 1 failed, 2 usage or configuration, 3 some files rejected.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = false, subcommand_negates_reqs = true)]
pub(crate) struct Args {
    /// Stats files, or folders to search through (nested too)
    #[arg(value_name = "PATH", required_unless_present = "check_config")]
    pub(crate) paths: Vec<PathBuf>,
    /// Database `sqlite://PATH` or `postgres://USER@HOST/DATABASE` [default: `sqlite://fullhold.db`]
    #[arg(long, value_name = "URL", global = true)]
    pub(crate) database_url: Option<String>,
    /// Game server that wrote the files [default: the configured one]
    #[arg(long, value_name = "NAME")]
    pub(crate) server: Option<String>,
    /// Time zone of that server's clock, an IANA name such as Europe/Ljubljana [default: UTC]
    #[arg(long, value_name = "ZONE")]
    pub(crate) timezone: Option<String>,
    /// Print one JSON object on standard output, and nothing else (`watch`: one a line)
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print nothing but trouble: for cron
    #[arg(long, short, global = true, conflicts_with = "json")]
    pub(crate) quiet: bool,
    /// Print the effective configuration with its sources, and end
    #[arg(long, global = true)]
    pub(crate) check_config: bool,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Watch the configured game servers over SSH, and import each round as it ends
    ///
    /// SIGTERM and SIGINT end it within 10 seconds, SIGHUP reads the configuration again.
    Watch {
        /// Only this server [default: all that have SSH]
        #[arg(long, value_name = "NAME")]
        server: Option<String>,
    },
    /// Fetch what is missing from the configured game servers, import it, and end
    Sync {
        /// Only this server [default: all that have SSH]
        #[arg(long, value_name = "NAME")]
        server: Option<String>,
        #[command(flatten)]
        scope: ScopeArgs,
    },
    /// Print what is in the database (a folder of this name: ./show)
    Show {
        #[command(subcommand)]
        what: Show,
    },
}

/// What `sync` is to do.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct ScopeArgs {
    /// Files of so many days
    #[arg(long, value_name = "N")]
    pub(crate) days: Option<u32>,
    /// All files
    #[arg(long)]
    pub(crate) all: bool,
    /// Fetch nothing; say what is missing here, with exit code 3 if anything is
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Show {
    /// The last evening: score by maps, teams, each player's line, MVP
    LastSession,
}
