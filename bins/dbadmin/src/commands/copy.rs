//! `copy --to`.

use fullhold_repository::{AuditEntry, Config, DatabaseUrl, Db, OpenMode};
use fullhold_settings::Exit;
use serde_json::{Value, json};

use crate::context::{Context, Outcome, Stop};

pub(crate) async fn run(context: &Context, to: DatabaseUrl) -> Outcome {
    if to == context.settings.database.url {
        return Err(Stop::usage("--to names the database itself"));
    }
    let from = context.open().await?;
    let target = Db::open(&Config { url: to, ..context.config() }, OpenMode::Create).await?;
    let detail = format!("from {} to {}", from.shown_url(), target.shown_url());
    let entry = AuditEntry { by: &context.by, action: "copy", detail: &detail, result: "read back and compared" };
    let copied = fullhold_repository::copy_recorded(&from, &target, context.now(), entry).await?;
    let total: usize = copied.iter().map(|(_, rows)| rows).sum();
    let mut text: String = copied.iter().map(|(table, rows)| format!("{table:27} {rows:>10}\n")).collect();
    text.push_str(&format!(
        "{total} rows copied from {} to {}, read back and compared\n",
        from.shown_url(),
        target.shown_url()
    ));
    let tables: serde_json::Map<String, Value> =
        copied.iter().map(|(table, rows)| ((*table).to_owned(), json!(rows))).collect();
    context
        .show(&text, &json!({ "from": from.shown_url(), "to": target.shown_url(), "rows": total, "tables": tables }));
    Ok(Exit::Fine)
}
