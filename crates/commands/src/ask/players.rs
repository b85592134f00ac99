//! Players: who there is, and what they were called.

use std::collections::{BTreeMap, HashMap};

use fullhold_analytics::formula_table as f;
use fullhold_repository::{Counters, Listed};
use fullhold_stats_file::Guid;
use time::Duration;

use super::Context;
use super::directory::Directory;
use super::failure::Failure;
use crate::answers::{self, NameLine, PlayerLine};
use crate::option::Value;
use crate::reply::{Reply, Text};

/// Players that a search shows.
const FOUND: usize = 10;
/// Who played within so many days is active.
const ACTIVE: Duration = Duration::days(30);

/// `player_search`: players by a part of any of their names.
pub(super) async fn search(context: Context<'_>) -> Result<Reply, Failure> {
    let Some(Value::Text(text)) = context.arguments.get("text") else { return Err(context.nothing("players-none")) };
    let directory = context.directory().await?;
    let played = context.played().await?;
    let mut found = directory.like(text);
    by_likeness(&mut found, text, directory, played);
    found.truncate(FOUND);
    let title = context.texts.say("search-title", &[("text", Text::name(text).into())]);
    listed(context, title, &found, directory).await
}

/// `list_players`: everybody, the busiest first.
pub(super) async fn list(context: Context<'_>) -> Result<Reply, Failure> {
    let directory = context.directory().await?;
    let played = context.played().await?;
    let which = match context.arguments.get("which") {
        Some(Value::Choice(which)) => which,
        _ => "",
    };
    let active_since = context.question.today.saturating_sub(ACTIVE);
    let is_wanted = |one: &&Listed| match which {
        "active" => one.last_seen.date() >= active_since,
        "linked" => one.is_linked,
        "unlinked" => !one.is_linked,
        _ => true,
    };
    let is_player = |one: &&Listed| !one.names.is_empty() && !one.player.is_bot;
    let mut all: Vec<&Listed> = directory.iter().filter(is_player).filter(is_wanted).collect();
    by_rounds(&mut all, played);
    listed(context, context.texts.say("list-title", &[]), &all, directory).await
}

/// Those one of whose names is the text, then those one of whose names begins with it, then the others; among these the
/// busiest first.
fn by_likeness(found: &mut [&Listed], text: &str, directory: &Directory, played: &HashMap<String, i64>) {
    by_rounds(found, played);
    let wanted = text.to_lowercase();
    // Stable, so that the busiest stay before.
    found.sort_by_key(|one| {
        let worn = one.names.iter().map(|name| name.alias.as_str()).chain([directory.name(one)]);
        let distance = |name: &str| match name.to_lowercase() {
            name if name == wanted => 0,
            name if name.starts_with(&wanted) => 1,
            _ => 2,
        };
        worn.map(distance).min()
    });
}

fn by_rounds(people: &mut [&Listed], played: &HashMap<String, i64>) {
    let rounds = |one: &Listed| played.get(&one.player.guid).copied().unwrap_or_default();
    people.sort_by(|a, b| rounds(b).cmp(&rounds(a)).then_with(|| a.player.guid.cmp(&b.player.guid)));
}

async fn listed(context: Context<'_>, title: Text, found: &[&Listed], directory: &Directory) -> Result<Reply, Failure> {
    let counters = Counters::of([&f::ROUNDS, &f::KD]);
    let sums = context.db.totals(&context.everything(), &counters).await?;
    let line = |one: &&Listed| {
        Some(PlayerLine {
            guid: Guid::new(&one.player.guid)?,
            other_names: other_names(one, directory),
            rounds: sums.get(&one.player.guid).map_or(0, |totals| totals.rounds),
            kd: sums.get(&one.player.guid).and_then(|totals| f::KD.of(totals)),
            last_seen: Some(one.last_seen.assume_utc().unix_timestamp()),
            is_linked: one.is_linked,
        })
    };
    let lines: Vec<PlayerLine> = found.iter().filter_map(line).collect();
    Ok(answers::player_list(title, &lines, &directory.people(&BTreeMap::new()), context.texts))
}

/// Other names that somebody wore; none of who is anonymous.
fn other_names(one: &Listed, directory: &Directory) -> Vec<String> {
    if directory.is_anonymous(one) { Vec::new() } else { one.other_names() }
}

/// `aliases`: all names of a player.
pub(super) async fn aliases(context: Context<'_>) -> Result<Reply, Failure> {
    let guid = context.player("player").await?;
    let directory = context.directory().await?;
    let Some(one) = directory.of(guid.as_str()) else { return Err(context.nothing("players-none")) };
    if directory.is_anonymous(one) && !directory.is_own(one) {
        return Err(context.nothing("player-anonymous"));
    }
    let lines: Vec<NameLine> = one
        .names
        .iter()
        .map(|name| NameLine {
            name: name.alias.clone(),
            times: name.times_seen.into(),
            days: (name.first_seen.date(), name.last_seen.date()),
        })
        .collect();
    let reply = answers::aliases(guid, &lines, &directory.people_about(&BTreeMap::new(), guid), context.texts);
    Ok(if directory.is_anonymous(one) { reply.private() } else { reply })
}
