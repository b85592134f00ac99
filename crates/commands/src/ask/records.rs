//! Records: of all maps, of one, and a player's own.

use std::collections::BTreeMap;

use fullhold_analytics::{Held, RECORDS, Record, RoundMark};
use fullhold_repository::{Period, RecordHolder, Scope, Span};
use fullhold_stats_file::Guid;

use super::evening_data::day_of;
use super::failure::Failure;
use super::people::everybody;
use super::{Context, pictures};
use crate::answers::{RecordLine, RecordLines};
use crate::reply::Reply;

/// `records`: the best single rounds and matches by each measure.
pub(super) async fn records(context: Context<'_>) -> Result<Reply, Failure> {
    let asked = context.asked().await?;
    let lines = RecordLines {
        rounds: of(context, Span::Round, &asked.scope).await?,
        matches: of(context, Span::Match, &asked.scope).await?,
    };
    let people = everybody(context, &BTreeMap::new()).await?;
    let reply = lines.reply(asked.titled(context.texts.say("records-title", &[])), &people, context.texts);
    if !context.has_pictures || lines.is_empty() {
        return Ok(reply);
    }
    let what = asked.words().to_plain();
    let what = if what.is_empty() { context.texts.say("records-all-maps", &[]).to_plain() } else { what };
    let card = lines.card(vec![what], &people, context.texts);
    Ok(pictures::with(context, reply, vec![("records", card)]).await)
}

async fn of(context: Context<'_>, span: Span, scope: &Scope) -> Result<Vec<RecordLine>, Failure> {
    let mut lines = Vec::new();
    if scope.maps.is_empty() {
        for record in RECORDS {
            let first = |scope: Scope| async move { context.db.record_holders(span, record.value.id, &scope, 1).await };
            let Some(best) = first(scope.clone()).await?.pop() else { continue };
            // Who held it until that day.
            let until = day_of(&best.session_key).and_then(time::Date::previous_day);
            let before = match until {
                Some(until) => {
                    first(Scope { period: Period { to: Some(until), ..scope.period }, ..scope.clone() }).await?
                }
                None => Vec::new(),
            };
            lines.extend(line(record, best, before.first()));
        }
        return Ok(lines);
    }
    let mut histories = context.db.map_records(span, scope).await?;
    for record in RECORDS {
        let Some(mut history) = histories.remove(record.value.id) else { continue };
        let Some(best) = history.pop() else { continue };
        lines.extend(line(record, best, history.last()));
    }
    Ok(lines)
}

/// A player's own best rounds and matches.
pub(super) async fn own(context: Context<'_>, guid: Guid, scope: &Scope) -> Result<RecordLines, Failure> {
    let directory = context.directory().await?;
    let guids = directory.of(guid.as_str()).map_or_else(|| vec![guid.to_string()], |one| one.guids.clone());
    let mut of_rounds = context.db.player_records(Span::Round, &guids, scope).await?;
    let mut of_matches = context.db.player_records(Span::Match, &guids, scope).await?;
    let lines = |best: &mut BTreeMap<&'static str, RecordHolder>| {
        let own = RECORDS.iter().filter_map(|record| line(record, best.remove(record.value.id)?, None));
        own.collect::<Vec<RecordLine>>()
    };
    Ok(RecordLines { rounds: lines(&mut of_rounds), matches: lines(&mut of_matches) })
}

fn line(record: &'static Record, best: RecordHolder, before: Option<&RecordHolder>) -> Option<RecordLine> {
    Some(RecordLine {
        record,
        held: held(&best)?,
        before: before.and_then(held),
        map: best.map_name,
        round: best.round_id.0.into(),
    })
}

fn held(holder: &RecordHolder) -> Option<Held> {
    let at =
        RoundMark { ended_at: holder.ended_at.assume_utc().unix_timestamp(), number: i64::from(holder.round_id.0) };
    Some(Held { guid: Guid::new(&holder.player_guid)?, value: holder.value, at })
}
