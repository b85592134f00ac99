//! The command line.

use clap::Parser;

/// Answers questions about the statistics: in Discord, or in this terminal.
///
/// Without --console and --demo it is the bot in Discord, until it is told to end. That needs a token: `DISCORD_TOKEN`.
///
/// Exit codes: 0 fine, 1 failed, 2 usage or configuration, 3 a question of a pipe was refused.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Args {
    /// Ask in this terminal: no token and no network. With a pipe, one question a line
    #[arg(long)]
    pub(crate) console: bool,
    /// Fill a throw-away database from the sample data, show its last evening, then ask in this terminal
    #[arg(long, conflicts_with = "database_url")]
    pub(crate) demo: bool,
    /// Database `sqlite://PATH` or `postgres://USER@HOST/DATABASE` [default: `sqlite://fullhold.db`]
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Show the statistics of this game server alone [default: all]
    #[arg(long, value_name = "NAME")]
    pub(crate) server: Option<String>,
    /// Ask as this player: a guid or a name, or as the owner of an account: its number or `<@…>`
    #[arg(long = "as", value_name = "PLAYER")]
    pub(crate) player: Option<String>,
    /// Ask with the rights of those who run the community
    #[arg(long)]
    pub(crate) admin: bool,
    /// Where pictures and exports are written [default: the folder for temporary files]
    #[arg(long, value_name = "DIR")]
    pub(crate) pictures: Option<std::path::PathBuf>,
    /// Print each answer as one line of JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the effective configuration with its sources, and end
    #[arg(long)]
    pub(crate) check_config: bool,
}
