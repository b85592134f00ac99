//! `restore`.

use std::path::{Path, PathBuf};

use fullhold_repository::{AuditEntry, Condition, Db, OpenMode, Replacement, SafetyBackup, Scratch, Status, kept_name};
use fullhold_settings::Exit;
use serde_json::json;

use super::{backup, validate};
use crate::args::BackupFirst;
use crate::context::{Context, Outcome, Stop, counted};

/// What is to be done with the backup, if it is not to be restored.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    /// It is restored into a scratch database and validated there.
    pub(crate) verify: bool,
    /// It is checked, and nothing else.
    pub(crate) dry_run: bool,
}

pub(crate) async fn run(context: &Context, file: PathBuf, wanted: Wanted, first: &BackupFirst) -> Outcome {
    if !file.exists() {
        return Err(Stop::usage(format!("{}: no such file", file.display())));
    }
    if wanted.verify {
        return check(context, &file).await;
    }
    let config = context.config();
    // Everything is ready and checked before anybody is asked, and before anything is touched.
    let replacement = Replacement::from_backup(&config, &file).await?;
    let condition = Condition::of(&config).await?;
    if wanted.dry_run {
        let text = format!("{} is a good backup of a Fullhold database; restoring it ", file.display());
        return would_replace(context, &text, &condition, first).await;
    }
    let what = format!("The content of the database is replaced by that of {}.", file.display());
    let detail = file.display().to_string();
    let question = Question { what, command: "restore", detail, first };
    let saved = replace(context, replacement, &condition, &question).await?;
    let db = Db::open(&config, OpenMode::Existing).await?;
    let status = db.status().await?;
    let rounds = rows_of(&status, "rounds");
    let text = format!("restored {}: {rounds} rounds\n", file.display());
    let backup = saved.map(|file| file.display().to_string());
    context.show(&text, &json!({ "restored": file.display().to_string(), "rounds": rounds, "backup": backup }));
    Ok(Exit::Fine)
}

/// Says what replacing the database's content would do; `text` is the beginning of the sentence.
pub(crate) async fn would_replace(
    context: &Context,
    text: &str,
    condition: &Condition,
    first: &BackupFirst,
) -> Outcome {
    let (does, rounds) = match condition {
        Condition::Empty { .. } => ("replaces nothing: the database is empty".to_owned(), 0),
        Condition::Broken { reason } => {
            (format!("replaces a database that cannot be read ({reason}), whose file is kept"), 0)
        }
        Condition::Data => {
            let status = Db::open_without_migrating(&context.config(), OpenMode::Existing)?.status().await?;
            let rounds = rows_of(&status, "rounds");
            let saved = if first.no_backup { "without a backup" } else { "after a backup" };
            (format!("replaces {} {saved}", counted(usize::try_from(rounds).unwrap_or(0), "round")), rounds)
        }
    };
    let json = json!({ "dry_run": true, "does": does, "rounds": rounds });
    context.show(&format!("{text}{does}\ndry run: nothing was changed\n"), &json);
    Ok(Exit::Fine)
}

fn rows_of(status: &Status, table: &str) -> i64 {
    status.counts.iter().find(|(name, _)| *name == table).map_or(0, |(_, count)| *count)
}

/// What is asked before content is replaced.
pub(crate) struct Question<'a> {
    pub(crate) what: String,
    /// The command, for the backup's name and the audit log.
    pub(crate) command: &'static str,
    /// With what, for the audit log of the new content.
    pub(crate) detail: String,
    pub(crate) first: &'a BackupFirst,
}

/// Replaces the database's content, after asking and after a backup where there is something to lose. The file that
/// has the old content now.
pub(crate) async fn replace(
    context: &Context,
    replacement: Replacement,
    condition: &Condition,
    question: &Question<'_>,
) -> Result<Option<PathBuf>, Stop> {
    let recorded = |replacement: Replacement, result: &str| {
        let (by, action) = (&context.by, question.command);
        replacement.recorded(context.now(), AuditEntry { by, action, detail: &question.detail, result })
    };
    match condition {
        Condition::Empty { .. } if question.first.no_backup => {
            let replacement = recorded(replacement, "in the place of nothing");
            replacement.install(None).await?;
            Ok(None)
        }
        Condition::Empty { .. } => {
            // What is committed between this look and the lock is saved, too.
            let file = backup::file_before(context, question.first.backup_folder.clone(), question.command);
            let replacement = recorded(replacement, "in the place of nothing");
            let safety = SafetyBackup { only_with_rows: true, ..backup::safety(context, file.clone()) };
            replacement.install(Some(safety)).await?;
            Ok(file.exists().then_some(file))
        }
        Condition::Data => {
            context.confirm(&question.what)?;
            if question.first.no_backup {
                let replacement = recorded(replacement, "what was there is gone: no backup was wanted");
                replacement.install(None).await?;
                return Ok(None);
            }
            let file = backup::file_before(context, question.first.backup_folder.clone(), question.command);
            let replacement = recorded(replacement, &format!("what was there is in {}", file.display()));
            replacement.install(Some(backup::safety(context, file.clone()))).await?;
            Ok(Some(file))
        }
        Condition::Broken { reason } => {
            let database = context.settings.database.url.sqlite_path().unwrap_or(Path::new(""));
            let kept = kept_name(database, context.now());
            context.confirm(&format!(
                "The database cannot be read ({reason}). The broken file is kept as {}, for whoever can read it.\n{}",
                kept.display(),
                question.what
            ))?;
            let replacement =
                recorded(replacement, &format!("what was there was broken, and is in {}", kept.display()));
            replacement.install_over_broken(kept.clone()).await?;
            context.tell(&format!("the broken database is kept: {}\n", kept.display()));
            Ok(Some(kept))
        }
    }
}

/// Is the backup good? The database itself is not touched.
async fn check(context: &Context, file: &Path) -> Outcome {
    let scratch = Scratch::create(&context.config()).await?;
    let result = check_in(context, &scratch, file).await;
    let removed = scratch.remove().await;
    let exit = result?;
    removed?;
    Ok(exit)
}

async fn check_in(context: &Context, scratch: &Scratch, file: &Path) -> Outcome {
    Replacement::from_backup(scratch.config(), file).await?.install(None).await?;
    let db = Db::open(scratch.config(), OpenMode::Existing).await?;
    let done = context.maintain(db).validate(&context.bar()).await?;
    let good = done.total_problems == 0;
    let mut text = String::new();
    for one in done.problems.iter().take(5) {
        text.push_str(&format!(
            "wrong: {}.{} of {}: stored {}, expected {}\n",
            one.relation, one.column, one.key, one.stored, one.expected
        ));
    }
    text.push_str(&format!(
        "{}: {} of {} restored into a scratch database and validated, {} wrong; the database was not touched\n",
        if good { "GOOD" } else { "BAD" },
        file.display(),
        counted(done.rounds, "round"),
        done.total_problems
    ));
    context.show(&text, &json!({ "good": good, "validation": validate::to_json(&done) }));
    Ok(if good { Exit::Fine } else { Exit::Rejected })
}
