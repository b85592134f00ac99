//! Maps: how often, how they end, how fast, and who is best on one.

use std::collections::BTreeMap;

use fullhold_repository::{Counters, MapSums, Scope};

use super::failure::Failure;
use super::people::{by_guid, everybody};
use super::{Context, careers, pictures};
use crate::answers::{self, MapLine};
use crate::option::Value;
use crate::reply::{Reply, Text};

/// `maps`: all maps, the most played first, or those of a player.
pub(super) async fn list(context: Context<'_>) -> Result<Reply, Failure> {
    if context.arguments.get("player").is_some() {
        return careers::maps_of(context).await;
    }
    let lines = lines(context, &context.everything()).await?;
    let reply = answers::maps(context.texts.say("maps-title", &[]), &lines, context.texts);
    if !context.has_pictures || lines.is_empty() {
        return Ok(reply);
    }
    let chart = answers::map_rates(&lines, vec![context.texts.say("maps-all-time", &[]).to_plain()]);
    Ok(pictures::with(context, reply, vec![("maps", chart)]).await)
}

/// `map`: one map, and who is best on it.
pub(super) async fn one(context: Context<'_>) -> Result<Reply, Failure> {
    let Some(Value::Map(map)) = context.arguments.get("map") else { return Err(context.nothing("maps-none")) };
    let scope = Scope { maps: vec![map.clone()], ..context.everything() };
    let lines = lines(context, &scope).await?;
    let sums = by_guid(context.db.totals(&scope, &Counters::all()).await?);
    let people = everybody(context, &BTreeMap::new()).await?;
    let reply = answers::maps(Text::name(map), &lines, context.texts);
    Ok(if lines.is_empty() { reply } else { answers::best_on_map(reply, map, &sums, &people, context.texts) })
}

/// Maps of a scope, the most played first.
async fn lines(context: Context<'_>, scope: &Scope) -> Result<Vec<MapLine>, Failure> {
    let sums = context.db.map_sums(scope).await?;
    let mut lines: Vec<MapLine> = sums.iter().map(|(map, sums)| line(map, sums)).collect();
    lines.sort_by(|a, b| b.plays.cmp(&a.plays).then_with(|| a.map.cmp(&b.map)));
    Ok(lines)
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
