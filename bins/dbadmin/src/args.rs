//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use fullhold_repository::DatabaseUrl;

/// All operations on the Fullhold database.
///
/// Exit codes: 0 fine, 1 failed, 2 usage or configuration, 3 some files rejected or some data wrong.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
pub(crate) struct Args {
    /// Database `sqlite://PATH` or `postgres://USER@HOST/DATABASE` [default: the configured one]
    #[arg(long, value_name = "URL", global = true)]
    pub(crate) database_url: Option<String>,
    /// Print one JSON object on standard output, and nothing else (`export`: one per row)
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Ask nothing
    #[arg(long, short, global = true)]
    pub(crate) yes: bool,
    /// Also say where the time went
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
    /// Who is acting, for the audit log
    #[arg(long, value_name = "NAME", global = true, default_value = "dbadmin")]
    pub(crate) by: String,
    /// Print the effective configuration with its sources, and end
    #[arg(long)]
    pub(crate) check_config: bool,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create a database with a fresh schema
    Create {
        /// If there is one already: save it to a backup, then begin anew
        #[arg(long)]
        backup: bool,
        /// Only say what would be done
        #[arg(long)]
        dry_run: bool,
    },
    /// Apply migrations that are missing
    Migrate,
    /// Show backend, schema version, drift, sizes, counts, newest round, oldest waiting file
    Status,
    /// Import stats files that are not in the database yet
    Import {
        /// Stats files, or folders to search through (nested too)
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Only files of this year
        #[arg(long, conflicts_with_all = ["from", "to"], value_parser = clap::value_parser!(u16).range(1970..=9999))]
        year: Option<u16>,
        /// Only files from this day on (YYYY-MM-DD, the server's calendar)
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: Option<String>,
        /// Only files up to this day
        #[arg(long, value_name = "DATE", value_parser = date)]
        to: Option<String>,
        /// So many new files at most, oldest first; run it again for the next ones
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Import ten files into a throw-away database and say whether all is well
    QuickTest {
        /// Stats files, or folders to search through [default: the configured stats directory]
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Compute all derived data anew from the raw bytes, after a backup
    Rebuild {
        /// Take in new and changed files under these paths first
        #[arg(long, value_name = "PATH", num_args = 1.., conflicts_with = "from_database")]
        from_files: Vec<PathBuf>,
        /// From the raw bytes kept in the database alone (this is the default)
        #[arg(long)]
        from_database: bool,
        /// Only show what would be computed anew
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        backup: BackupFirst,
        /// Only this server; with `--from-files`: whose files these are [default: all; the configured one]
        #[arg(long, value_name = "NAME")]
        server: Option<String>,
        /// With `--from-files`: zone of a server that is new (`servers set-timezone` corrects one)
        #[arg(long, value_name = "ZONE", requires = "from_files")]
        timezone: Option<String>,
    },
    /// Compute the evenings that touch these dates anew, after a backup
    FixRange {
        /// First day (YYYY-MM-DD, the server's calendar)
        #[arg(value_parser = date)]
        from: String,
        /// Last day
        #[arg(value_parser = date)]
        to: String,
        /// Only show what would be computed anew
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        backup: BackupFirst,
    },
    /// Compute evenings, teams, matches and scores anew; player lines stay as they are
    RebuildSessions,
    /// Compare everything stored with a recomputation from the raw bytes; exit 3 if something differs
    Validate,
    /// Save the database to a file, which appears when it is complete
    Backup {
        /// The new file [default: named like the database and the time, in the backup folder]
        file: Option<PathBuf>,
        /// Replace FILE if it is there already
        #[arg(long, requires = "file")]
        overwrite: bool,
        /// Afterwards keep the newest N of this database in the backup folder and delete older ones; those taken before a
        /// rebuild or restore are counted apart
        #[arg(long, value_name = "N", conflicts_with = "file", value_parser = clap::value_parser!(u32).range(1..))]
        keep: Option<u32>,
        /// The backup folder [default: `backups` beside the SQLite file, or here]
        #[arg(long, value_name = "FOLDER", conflicts_with = "file")]
        folder: Option<PathBuf>,
    },
    /// Put a backup into the place of the database's content
    Restore {
        /// The backup
        file: PathBuf,
        /// Leave the database alone: restore into a scratch database, validate there, report
        #[arg(long)]
        verify: bool,
        /// Only check the backup, and say what would be replaced
        #[arg(long, conflicts_with = "verify")]
        dry_run: bool,
        #[command(flatten)]
        backup: BackupFirst,
    },
    /// Rounds 2 without round 1, rounds 1 without round 2, long gaps, per evening
    FindMissing {
        /// Minutes without a round, within an evening, that count as a gap
        #[arg(long, value_name = "MINUTES", default_value_t = 20)]
        gap: u32,
        /// Only evenings that began on this day (YYYY-MM-DD, the server's calendar) or later
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: Option<String>,
        /// Only evenings that began on this day or earlier
        #[arg(long, value_name = "DATE", value_parser = date)]
        to: Option<String>,
    },
    /// Files that failed, wait, or were found on disk and left out: list, try again, set aside
    Files {
        #[command(subcommand)]
        what: Option<Files>,
        /// Only files of this server
        #[arg(long, value_name = "NAME", global = true)]
        server: Option<String>,
    },
    /// Decide about a round, and compute its evening anew; without verdict: show it
    RoundStatus {
        /// Name of the round, such as 2025-11-03-201500-supply-round-1, or its row id
        round: String,
        /// The verdict; `clear` takes an earlier one back
        #[arg(value_enum)]
        verdict: Option<VerdictArg>,
        /// Why
        #[arg(long, required_if_eq_any = [("verdict", "cancelled"), ("verdict", "valid"), ("verdict", "ignore")])]
        reason: Option<String>,
        /// The server, where several have a round of that name
        #[arg(long, value_name = "NAME")]
        server: Option<String>,
    },
    /// Say who played in which team of an evening, and compute its score anew
    SetTeams(SetTeams),
    /// Take back the teams that were set for an evening: they are detected again
    ClearTeams {
        /// The day it began (YYYY-MM-DD), its key, or the name of one of its rounds
        evening: String,
        /// The server, where several have such an evening
        #[arg(long, value_name = "NAME")]
        server: Option<String>,
    },
    /// Game servers: list, correct the zone, rename, remove
    Servers {
        #[command(subcommand)]
        what: Option<Servers>,
    },
    /// Count a player as another one from now on
    MergePlayers {
        /// Guid or name of the player who is no more
        from: String,
        /// Guid or name of the player who stays
        into: String,
        /// Only show what would happen
        #[arg(long)]
        dry_run: bool,
        /// Even if both were in one round
        #[arg(long)]
        force: bool,
    },
    /// Count a merged player as themselves again
    Unmerge {
        /// Guid of the merged player
        guid: String,
        /// Only show what would happen
        #[arg(long)]
        dry_run: bool,
    },
    /// List players, or those whose name or guid contains a text
    Players {
        /// The text
        search: Option<String>,
    },
    /// List the names of a player
    Aliases {
        /// Guid, or part of a name that fits one player only
        player: String,
    },
    /// Take over links, names, teams, and rounds without raw files from a database of the reference bot
    ImportReference {
        /// Its URL
        url: DatabaseUrl,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Copy everything into an empty database, of either kind, and verify it
    Copy {
        /// URL of the empty database
        #[arg(long, value_name = "URL")]
        to: DatabaseUrl,
    },
    /// Print rows for spreadsheets and other programs
    Export {
        /// What
        #[arg(value_enum)]
        what: ExportArg,
        /// How
        #[arg(long, value_enum, default_value = "csv")]
        format: Format,
        /// First day (YYYY-MM-DD)
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: Option<String>,
        /// Last day
        #[arg(long, value_name = "DATE", value_parser = date)]
        to: Option<String>,
    },
    /// Check configuration, database, permissions, disk, SSH, token, clock; say what to do
    Doctor,
    /// Show the key of a game server's host, ask, and trust it from now on
    TrustHost {
        /// Host [default: the configured ones]
        host: Option<String>,
        /// Port [default: the configured one]
        #[arg(long)]
        port: Option<u16>,
    },
    /// Write manual pages into a folder
    #[command(hide = true)]
    Man {
        /// The folder
        folder: PathBuf,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// The teams of an evening.
#[derive(Debug, clap::Args)]
pub(crate) struct SetTeams {
    /// The day it began (YYYY-MM-DD), its key, or the name of one of its rounds
    pub(crate) evening: String,
    /// Guids or names of team A, with commas between them
    #[arg(long, value_name = "PLAYERS", value_delimiter = ',', required = true)]
    pub(crate) team_a: Vec<String>,
    /// Guids or names of team B
    #[arg(long, value_name = "PLAYERS", value_delimiter = ',', required = true)]
    pub(crate) team_b: Vec<String>,
    /// Name of team A
    #[arg(long, value_name = "NAME")]
    pub(crate) name_a: Option<String>,
    /// Name of team B
    #[arg(long, value_name = "NAME")]
    pub(crate) name_b: Option<String>,
    /// The server, where several have such an evening
    #[arg(long, value_name = "NAME")]
    pub(crate) server: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Servers {
    /// Name, zone, files, rounds, newest round
    List,
    /// Correct the zone of a server's clock, and compute all of the server anew, after a backup
    SetTimezone {
        /// The server
        server: String,
        /// An IANA name such as Europe/Ljubljana
        zone: String,
        #[command(flatten)]
        backup: BackupFirst,
    },
    /// Give a server another name
    Rename {
        /// The server
        server: String,
        /// Its name from now on
        name: String,
    },
    /// Remove a server with everything that is stored of it, after a backup
    Remove {
        /// The server
        server: String,
        #[command(flatten)]
        backup: BackupFirst,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Files {
    /// All files that are not as they should be, or all there are
    List {
        #[command(flatten)]
        which: WhichFiles,
        /// Those that are imported, too
        #[arg(long)]
        all: bool,
    },
    /// Files that could not be imported, and why
    Failed(WhichFiles),
    /// Files on disk that are left out: other bytes are stored under their names, or they cannot be read
    LeftOut(WhichFiles),
    /// Files that are not complete on the game server yet
    Waiting(WhichFiles),
    /// Files that somebody set aside
    Ignored(WhichFiles),
    /// Try files again that failed, were left out or set aside; the file on disk, if there is one, heals stored bytes
    Retry {
        /// Names, patterns such as '2025-11-*', or paths of files and folders
        #[arg(required_unless_present = "all", value_name = "FILE")]
        files: Vec<String>,
        /// All that failed or were left out
        #[arg(long, conflicts_with = "files")]
        all: bool,
    },
    /// Set files aside
    Ignore {
        /// Names, patterns such as '2025-11-*', or paths of files and folders
        #[arg(required_unless_present = "all", value_name = "FILE")]
        files: Vec<String>,
        /// All that failed, wait or were left out
        #[arg(long, conflicts_with = "files")]
        all: bool,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

/// Files to be listed.
#[derive(Debug, clap::Args)]
pub(crate) struct WhichFiles {
    /// Names, patterns such as '2025-11-*', or paths of files and folders [default: all]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum VerdictArg {
    /// It was broken off: it does not count
    Cancelled,
    /// It counts, whatever the rules say
    Valid,
    /// It is no part of any statistic or match
    Ignore,
    /// Take the verdict back
    Clear,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ExportArg {
    Rounds,
    Players,
    Weapons,
    Sessions,
    Aliases,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Format {
    /// A header line, then a line per row
    Csv,
    /// A JSON object per line
    Jsonl,
}

/// Whose files these are.
#[derive(Debug, clap::Args)]
pub(crate) struct ServerArgs {
    /// Game server that wrote the files [default: the configured one]
    #[arg(long, value_name = "NAME")]
    pub(crate) server: Option<String>,
    /// Time zone of that server's clock, an IANA name such as Europe/Ljubljana
    #[arg(long, value_name = "ZONE")]
    pub(crate) timezone: Option<String>,
}

/// Before data is replaced.
#[derive(Debug, clap::Args)]
pub(crate) struct BackupFirst {
    /// Take no backup first
    #[arg(long)]
    pub(crate) no_backup: bool,
    /// Folder for that backup [default: `backups` beside the SQLite file, or here]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) backup_folder: Option<PathBuf>,
}

/// A day that exists.
fn date(text: &str) -> Result<String, String> {
    let wrong = || format!("{text:?} is no date; allowed is YYYY-MM-DD, such as 2025-11-03");
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return Err(wrong()) };
    let well_formed = year.len() == 4 && month.len() == 2 && day.len() == 2;
    let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let number = |part: &str| part.parse::<u8>().map_err(|_not_a_number| wrong());
    let month = time::Month::try_from(number(month)?).map_err(|_no_month| wrong())?;
    let exists =
        year.parse().is_ok_and(|year| time::Date::from_calendar_date(year, month, number(day).unwrap_or(0)).is_ok());
    if well_formed && digits && exists { Ok(text.to_owned()) } else { Err(wrong()) }
}
