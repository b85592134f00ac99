//! `create`, `migrate`.

use fullhold_repository::{Condition, Db, OpenMode, Replacement};
use fullhold_settings::Exit;
use serde_json::json;

use super::restore::{self, Question};
use crate::args::BackupFirst;
use crate::context::{Context, Outcome, Stop};

/// Says what `create` would do.
pub(crate) async fn would_do(context: &Context, backup: bool) -> Outcome {
    let condition = Condition::of(&context.config()).await?;
    let first = BackupFirst { no_backup: false, backup_folder: None };
    match (&condition, backup) {
        (Condition::Data | Condition::Broken { .. }, false) => Err(holds_something(context, &condition)),
        _ => restore::would_replace(context, "creating a database with a fresh schema ", &condition, &first).await,
    }
}

/// Why nothing is created where something is.
fn holds_something(context: &Context, condition: &Condition) -> Stop {
    let shown = context.config().url.to_string();
    Stop::failed(match condition {
        Condition::Broken { reason } => format!(
            "{shown} cannot be read ({reason}); `restore FILE` puts a backup into its place, `create --backup` keeps \
             it under another name and begins anew"
        ),
        _ => format!("{shown} holds data already; `create --backup` saves it to a file and begins anew"),
    })
}

pub(crate) async fn create(context: &Context, backup: bool) -> Outcome {
    let config = context.config();
    let shown = config.url.to_string();
    let made = fullhold_repository::create_database(&config).await?;
    let condition = Condition::of(&config).await?;
    let mut saved = None;
    let what = match (&condition, backup) {
        (Condition::Empty { schema }, _) => {
            let db = Db::open_without_migrating(&config, OpenMode::Create)?;
            let applied = db.migrate().await?;
            match (*schema, applied.is_empty()) {
                (true, true) => "was there already, and empty: nothing to do".to_owned(),
                (true, false) => format!("was there already, and empty: applied {}", applied.join(", ")),
                _ if made => "created, database and schema".to_owned(),
                _ => "created".to_owned(),
            }
        }
        (Condition::Data | Condition::Broken { .. }, false) => return Err(holds_something(context, &condition)),
        (Condition::Data | Condition::Broken { .. }, true) => {
            let what = "Everything in the database is saved to a backup, and then removed from the database.";
            let first = BackupFirst { no_backup: false, backup_folder: None };
            let detail = "--backup".to_owned();
            let question = Question { what: what.to_owned(), command: "create", detail, first: &first };
            let replacement = Replacement::empty(&config).await?;
            saved = restore::replace(context, replacement, &condition, &question).await?;
            "created anew".to_owned()
        }
    };
    let version = Db::open_without_migrating(&config, OpenMode::Existing)?.status().await?.schema_version;
    let text = format!("{shown}: {what}, schema version {version}\n");
    let backup = saved.map(|file| file.display().to_string());
    context.show(&text, &json!({ "database": shown, "done": what, "schema_version": version, "backup": backup }));
    Ok(Exit::Fine)
}

pub(crate) async fn migrate(context: &Context) -> Outcome {
    let db = Db::open_without_migrating(&context.config(), OpenMode::Existing)?;
    let applied = db.migrate().await?;
    let version = db.status().await?.schema_version;
    let text = if applied.is_empty() {
        format!("schema version {version}: nothing to do\n")
    } else {
        format!("applied {}; schema version {version}\n", applied.join(", "))
    };
    context.show(&text, &json!({ "applied": applied, "schema_version": version }));
    Ok(Exit::Fine)
}
