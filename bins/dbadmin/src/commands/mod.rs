//! The sub-commands, one file each.

mod backup;
mod copy;
mod create;
mod doctor;
mod export;
mod file_choice;
mod files;
mod find_missing;
mod import;
mod import_reference;
mod people;
mod quick_test;
mod rebuild;
mod restore;
mod round_status;
mod rounds;
mod servers;
mod status;
mod teams;
mod trust_host;
mod validate;

use crate::args::{Command, ServerArgs};
use crate::context::{Context, Outcome};
use fullhold_settings::Exit;

#[expect(clippy::cognitive_complexity, reason = "one arm per command")]
pub(crate) async fn run(context: &Context, command: Command) -> Outcome {
    match command {
        Command::Create { backup, dry_run: true } => create::would_do(context, backup).await,
        Command::Create { backup, dry_run: false } => create::create(context, backup).await,
        Command::Migrate => create::migrate(context).await,
        Command::Status => status::run(context).await,
        Command::Import { paths, year, from, to, limit, server } => {
            let wanted = import::wanted(year, from, to, limit);
            import::run(context, paths, &wanted, &server).await
        }
        Command::QuickTest { paths, server } => quick_test::run(context, paths, &server).await,
        Command::Rebuild { from_files, from_database: _, dry_run, backup, server, timezone } => {
            let wanted = rebuild::Wanted { dry_run, backup: &backup };
            rebuild::rebuild(context, from_files, wanted, &ServerArgs { server, timezone }).await
        }
        Command::FixRange { from, to, dry_run, backup } => {
            rebuild::fix_range(context, from, to, rebuild::Wanted { dry_run, backup: &backup }).await
        }
        Command::RebuildSessions => rebuild::sessions(context).await,
        Command::Validate => validate::run(context).await,
        Command::Backup { file, overwrite, keep, folder } => {
            backup::run(context, backup::Wanted { file, overwrite, keep, folder }).await
        }
        Command::Restore { file, verify, dry_run, backup } => {
            let wanted = restore::Wanted { verify, dry_run };
            restore::run(context, file, wanted, &backup).await
        }
        Command::FindMissing { gap, from, to } => find_missing::run(context, gap, from, to).await,
        Command::Files { what, server } => files::run(context, what, server.as_deref()).await,
        Command::RoundStatus { round, verdict, reason, server } => {
            round_status::run(context, &round, server.as_deref(), verdict, reason).await
        }
        Command::SetTeams(wanted) => teams::set(context, wanted).await,
        Command::ClearTeams { evening, server } => teams::clear(context, &evening, server.as_deref()).await,
        Command::Servers { what } => servers::run(context, what).await,
        Command::MergePlayers { from, into, dry_run, force } => {
            people::merge(context, &from, &into, dry_run, force).await
        }
        Command::Unmerge { guid, dry_run } => people::unmerge(context, &guid, dry_run).await,
        Command::Players { search } => people::players(context, search).await,
        Command::Aliases { player } => people::aliases(context, &player).await,
        Command::ImportReference { url, server } => import_reference::run(context, url, &server).await,
        Command::Copy { to } => copy::run(context, to).await,
        Command::Export { what, format, from, to } => export::run(context, what, format, from, to).await,
        Command::Doctor => doctor::run(context).await,
        Command::TrustHost { host, port } => trust_host::run(context, host, port).await,
        // Dealt with before there is a context.
        Command::Completions { .. } | Command::Man { .. } => Ok(Exit::Fine),
    }
}
