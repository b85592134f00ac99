//! Players: who there is, and what they were called.

use std::collections::BTreeMap;

use fullhold_repository::Person;
use fullhold_stats_file::Guid;

use super::Context;
use super::failure::Failure;
use crate::answers::{self, NameLine, People, PlayerLine, Shown};
use crate::option::Value;
use crate::reply::{Reply, Text};

/// Players that a search shows.
const FOUND: usize = 10;

/// `player_search`: players by a part of any of their names.
pub(super) async fn search(context: Context<'_>) -> Result<Reply, Failure> {
    let Some(Value::Text(text)) = context.arguments.get("text") else { return Err(context.nothing("players-none")) };
    let mut found = context.db.people_like(text).await?;
    by_rounds(&mut found);
    found.truncate(FOUND);
    let title = context.texts.say("search-title", &[("text", Text::name(text).into())]);
    Ok(listed(context, title, &found))
}

/// `list_players`: everybody, the busiest first.
pub(super) async fn list(context: Context<'_>) -> Result<Reply, Failure> {
    let mut all = context.db.people().await?;
    all.retain(|person| person.rounds > 0 && !person.player.is_bot);
    by_rounds(&mut all);
    Ok(listed(context, context.texts.say("list-title", &[]), &all))
}

fn by_rounds(people: &mut [Person]) {
    people.sort_by(|a, b| b.rounds.cmp(&a.rounds).then_with(|| a.player.guid.cmp(&b.player.guid)));
}

fn listed(context: Context<'_>, title: Text, found: &[Person]) -> Reply {
    let line = |person: &Person| {
        Some(PlayerLine {
            guid: Guid::new(&person.player.guid)?,
            other_names: person.merged.iter().map(|row| row.shown_name().to_owned()).collect(),
            rounds: person.rounds,
            kd: None,
            last_seen: Some(person.last_seen().assume_utc().unix_timestamp()),
            is_linked: false,
        })
    };
    let lines: Vec<PlayerLine> = found.iter().filter_map(line).collect();
    answers::player_list(title, &lines, &people(found.iter()), context.texts)
}

fn people<'a>(found: impl Iterator<Item = &'a Person>) -> People {
    let shown: BTreeMap<Guid, Shown> = found
        .filter_map(|person| {
            let shown = Shown { name: person.name().to_owned(), badges: Vec::new() };
            Some((Guid::new(&person.player.guid)?, shown))
        })
        .collect();
    People::new(shown)
}

/// `aliases`: all names of a player.
pub(super) async fn aliases(context: Context<'_>) -> Result<Reply, Failure> {
    let guid = context.player("player").await?;
    let Some((person, names)) = context.db.person_with_names(guid.as_str()).await? else {
        return Err(context.nothing("players-none"));
    };
    let lines: Vec<NameLine> = names
        .iter()
        .map(|name| NameLine {
            name: name.alias.clone(),
            times: name.times_seen.into(),
            days: (name.first_seen.date(), name.last_seen.date()),
        })
        .collect();
    Ok(answers::aliases(guid, &lines, &people(std::iter::once(&person)), context.texts))
}
