//! Maps and records.

use std::collections::BTreeMap;

use fullhold_analytics::{Held, RECORDS, RoundMark};
use fullhold_repository::{MapSums, Scope, Span};
use fullhold_stats_file::Guid;

use super::Context;
use super::careers;
use super::failure::Failure;
use super::people::everybody;
use crate::answers::{self, MapLine, RecordLine};
use crate::option::Value;
use crate::reply::{Reply, Text};

/// `maps`: all maps, the most played first, or those of a player.
pub(super) async fn list(context: Context<'_>) -> Result<Reply, Failure> {
    if context.arguments.get("player").is_some() {
        return careers::maps_of(context).await;
    }
    show(context, &context.everything(), context.texts.say("maps-title", &[])).await
}

/// `map`: one map.
pub(super) async fn one(context: Context<'_>) -> Result<Reply, Failure> {
    let Some(Value::Map(map)) = context.arguments.get("map") else { return Err(context.nothing("maps-none")) };
    let scope = Scope { maps: vec![map.clone()], ..context.everything() };
    show(context, &scope, Text::name(map)).await
}

async fn show(context: Context<'_>, scope: &Scope, title: Text) -> Result<Reply, Failure> {
    let sums = context.db.map_sums(scope).await?;
    let mut lines: Vec<MapLine> = sums.iter().map(|(map, sums)| line(map, sums)).collect();
    lines.sort_by(|a, b| b.plays.cmp(&a.plays).then_with(|| a.map.cmp(&b.map)));
    Ok(answers::maps(title, &lines, context.texts))
}

fn line(map: &str, sums: &MapSums) -> MapLine {
    let known = sums.completed + sums.held;
    MapLine {
        map: map.to_owned(),
        plays: sums.first_rounds,
        attack_wins: percent(sums.completed, known),
        held: percent(sums.held, known),
        times: sums.median_time().zip(sums.best_time()).map(|(median, best)| (f64::from(median), f64::from(best))),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of one community are far below 2^53")]
fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

/// `records`: the best single round by each measure.
pub(super) async fn records(context: Context<'_>) -> Result<Reply, Failure> {
    let asked = context.asked().await?;
    let mut lines = Vec::new();
    for record in RECORDS {
        let best = context.db.record_holders(Span::Round, record.value.id, &asked.scope, 1).await?;
        lines.extend(best.into_iter().filter_map(|best| {
            let at =
                RoundMark { ended_at: best.ended_at.assume_utc().unix_timestamp(), number: i64::from(best.round_id.0) };
            Some(RecordLine {
                record,
                held: Held { guid: Guid::new(&best.player_guid)?, value: best.value, at },
                map: best.map_name,
                round: best.round_id.0.into(),
            })
        }));
    }
    let people = everybody(context, &BTreeMap::new()).await?;
    let title = asked.titled(context.texts.say("records-title", &[]));
    Ok(answers::records(title, &lines, &people, context.texts))
}
