//! `create`, `migrate`.

use fullhold_repository::{Db, OpenMode};
use fullhold_settings::Exit;
use serde_json::json;

use super::backup;
use crate::context::{Context, Outcome, Stop};

pub(crate) async fn create(context: &Context, backup: bool) -> Outcome {
    let db = Db::open_as_it_is(&context.config(), OpenMode::Create)?;
    let status = db.status().await?;
    let rows: i64 = status.counts.iter().map(|(_, count)| *count).sum();
    let mut saved = None;
    if rows > 0 {
        if !backup {
            return Err(Stop::failed(format!(
                "{} holds data already; `create --backup` saves it to a file and begins anew",
                db.shown_url()
            )));
        }
        context.confirm("Everything in the database is saved to a backup, and then removed from the database.")?;
        saved = Some(backup::save(context, None, None).await?);
    }
    if rows > 0 || status.schema_version > 0 && status.pending.is_empty() && backup {
        db.recreate().await?;
    } else {
        db.migrate().await?;
    }
    let version = db.status().await?.schema_version;
    let mut text = String::new();
    if let Some(file) = &saved {
        text.push_str(&format!("saved what was there: {}\n", file.display()));
    }
    text.push_str(&format!("created {}, schema version {version}\n", db.shown_url()));
    let backup = saved.map(|file| file.display().to_string());
    context.show(&text, &json!({ "database": db.shown_url(), "schema_version": version, "backup": backup }));
    Ok(Exit::Fine)
}

pub(crate) async fn migrate(context: &Context) -> Outcome {
    let db = Db::open_as_it_is(&context.config(), OpenMode::Existing)?;
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
