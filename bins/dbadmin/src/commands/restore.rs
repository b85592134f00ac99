//! `restore`.

use std::path::{Path, PathBuf};

use fullhold_repository::{Config, Db, OpenMode, Scratch};
use fullhold_settings::Exit;
use serde_json::json;

use super::{backup, validate};
use crate::args::BackupFirst;
use crate::context::{Context, Outcome, Stop, counted};

pub(crate) async fn run(context: &Context, file: PathBuf, verify: bool, first: &BackupFirst) -> Outcome {
    if !file.exists() {
        return Err(Stop::usage(format!("{}: no such file", file.display())));
    }
    if verify {
        return check(context, &file).await;
    }
    let config = context.config();
    let db = Db::open_as_it_is(&config, OpenMode::Create)?;
    let status = db.status().await?;
    drop(db);
    let mut saved = None;
    if status.counts.iter().any(|(_, count)| *count > 0) {
        context.confirm(&format!("The content of the database is replaced by that of {}.", file.display()))?;
        if !first.no_backup {
            saved = Some(backup::save(context, None, first.backup_folder.clone()).await?);
        }
    }
    load(config.clone(), file.clone()).await?;
    // An older backup has an older schema.
    let db = Db::open(&config, OpenMode::Existing).await?;
    let status = db.status().await?;
    let rounds = status.counts.iter().find(|(table, _)| *table == "rounds").map_or(0, |(_, count)| *count);
    let mut text = saved.iter().map(|file| format!("backup: {}\n", file.display())).collect::<String>();
    text.push_str(&format!("restored {}: {rounds} rounds\n", file.display()));
    let backup = saved.map(|file| file.display().to_string());
    context.show(&text, &json!({ "restored": file.display().to_string(), "rounds": rounds, "backup": backup }));
    Ok(Exit::Fine)
}

async fn load(config: Config, file: PathBuf) -> Result<(), Stop> {
    let loading = tokio::task::spawn_blocking(move || fullhold_repository::restore(&config, &file));
    Ok(loading.await.map_err(|e| Stop::failed(e.to_string()))??)
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
    load(scratch.config().clone(), file.to_owned()).await?;
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
