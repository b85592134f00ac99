//! `audit`: who had what changed. `cache_clear`: nothing that was kept is given again.

use fullhold_repository::AuditRow;

use super::Context;
use super::acting::entry;
use super::failure::Failure;
use crate::reply::{Cell, Reply, Table, Text};

/// Entries that are shown.
const SHOWN: i64 = 50;

/// `audit`: the log, newest first. What is about players is about those of all servers: who sees some servers alone sees
/// what was done to these.
pub(super) async fn audit(context: Context<'_>) -> Result<Reply, Failure> {
    let texts = context.texts;
    let shows_all = context.shows_all().await?;
    let rows = context.db.audited(if shows_all { &[] } else { context.servers }, SHOWN).await?;
    if rows.is_empty() {
        return Ok(Reply::new(texts.say("audit-title", &[])).text(texts.say("audit-none", &[])).private());
    }
    let table = Table::new("entries", Text::default())
        .column("at", texts.say("column-when", &[]))
        .column("who", texts.say("column-who", &[]))
        .column("action", texts.say("column-action", &[]))
        .column("detail", texts.say("column-detail", &[]))
        .column("result", texts.say("column-result", &[]));
    let row = |table: Table, row: &AuditRow| {
        table.row(vec![
            Cell::Text(Text::instant(row.happened_at.assume_utc().unix_timestamp())),
            Cell::name(&row.actor),
            Cell::Text(Text::plain(&row.action)),
            Cell::name(&row.detail),
            Cell::name(&row.result),
        ])
    };
    let reply = Reply::new(texts.say("audit-title", &[])).table(rows.iter().fold(table, row)).private();
    Ok(if shows_all { reply } else { reply.footer(texts.say("audit-some-servers", &[])) })
}

/// `cache_clear`: forgets all answers of this community.
pub(super) async fn cache_clear(context: Context<'_>) -> Result<Reply, Failure> {
    let forgotten = context.answerer.kept.clear();
    if let Some(acting) = context.acting {
        let by = context.question.asker.actor();
        let result = format!("{forgotten} answers forgotten");
        context.db.audit(acting.now(), entry(&by, "cache-clear", "", &result)).await?;
    }
    let answers = i64::try_from(forgotten).unwrap_or(i64::MAX);
    Ok(Reply::new(context.texts.say("cache-cleared", &[("answers", answers.into())])).private())
}
