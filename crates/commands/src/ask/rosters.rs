//! `set_teams`, `assign_player`, `set_team_names`: who plays for whom in the newest evening.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_maintenance::{Roster, RosterSet};
use fullhold_repository::{Evening, RoundKey, Team};
use fullhold_stats_file::Guid;

use super::Context;
use super::directory::Directory;
use super::evening_data::evening;
use super::failure::Failure;
use crate::answers::People;
use crate::option::Value;
use crate::reply::{Action, Button, Reply, Table, Text};

/// A team as it was typed: the name, if it has one, and who is in it.
struct Typed {
    name: Option<String>,
    guids: BTreeSet<String>,
}

/// `set_teams`: two teams, each by a tag that its players wear or by their names with commas between.
pub(super) async fn set(context: Context<'_>) -> Result<Reply, Failure> {
    let (a, b) = both(context)?;
    let rows = newest(context).await?;
    let directory = context.directory().await?;
    let (a, b) = (typed(context, directory, &rows, a)?, typed(context, directory, &rows, b)?);
    let roster = Roster { team_a: a.guids, team_b: b.guids, name_a: a.name, name_b: b.name };
    store(context, &rows, roster).await
}

/// `assign_player`: puts one player into a team; the others stay where they are.
pub(super) async fn assign(context: Context<'_>) -> Result<Reply, Failure> {
    let Some(Value::Text(team)) = context.arguments.get("team") else { return Err(context.nothing("teams-which")) };
    let guid = context.player("player").await?.to_string();
    let rows = newest(context).await?;
    if !rows.lines.iter().any(|line| line.person_guid == guid) {
        return Err(context.nothing("teams-not-there"));
    }
    let mut roster = standing(&rows);
    let (name_a, name_b) = shown_names(context, &rows);
    let is = |letter: &str, stored: Option<&String>, shown: &Text| {
        let shown = shown.to_plain();
        let mut names = [Some(letter), stored.map(String::as_str), Some(shown.as_str())].into_iter().flatten();
        names.any(|name| name.eq_ignore_ascii_case(team.trim()))
    };
    let (to, from) = match (is("A", roster.name_a.as_ref(), &name_a), is("B", roster.name_b.as_ref(), &name_b)) {
        (true, false) => (&mut roster.team_a, &mut roster.team_b),
        (false, true) => (&mut roster.team_b, &mut roster.team_a),
        _ => {
            let names = [("a", name_a.into()), ("b", name_b.into())];
            let title = context.texts.say("teams-which-of", &names);
            return Err(Failure::Nothing(Box::new(Reply::new(title).private())));
        }
    };
    from.remove(&guid);
    to.insert(guid);
    store(context, &rows, roster).await
}

/// `set_team_names`: what the teams are called; who is in them stays.
pub(super) async fn name(context: Context<'_>) -> Result<Reply, Failure> {
    let (a, b) = both(context)?;
    let rows = newest(context).await?;
    let roster = standing(&rows);
    if roster.team_a.is_empty() || roster.team_b.is_empty() {
        return Err(context.nothing("teams-none"));
    }
    let named = |name: &str| Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    store(context, &rows, Roster { name_a: named(a), name_b: named(b), ..roster }).await
}

fn both(context: Context<'_>) -> Result<(&str, &str), Failure> {
    match (context.arguments.get("a"), context.arguments.get("b")) {
        (Some(Value::Text(a)), Some(Value::Text(b))) => Ok((a, b)),
        _ => Err(context.nothing("teams-nobody")),
    }
}

async fn newest(context: Context<'_>) -> Result<Evening, Failure> {
    let id = context.db.newest_session(context.servers).await?;
    context.stored_evening(id, "evening-unknown").await
}

/// The teams as they stand, set by people or found.
fn standing(evening: &Evening) -> Roster {
    let of = |team: Team| evening.teams.iter().filter(|row| row.team == team).collect::<Vec<_>>();
    let guids = |team: Team| of(team).iter().map(|row| row.player_guid.clone()).collect();
    let name = |team: Team| of(team).iter().find_map(|row| row.team_name.clone());
    Roster { team_a: guids(Team::A), team_b: guids(Team::B), name_a: name(Team::A), name_b: name(Team::B) }
}

/// What the teams are called where they are shown.
fn shown_names(context: Context<'_>, rows: &Evening) -> (Text, Text) {
    let series = evening(rows).series;
    let name =
        |name: Option<&String>| name.map_or_else(|| context.texts.say("teams-column", &[]), |name| Text::name(name));
    let last = series.last();
    (name(last.map(|one| &one.team_a.0)), name(last.map(|one| &one.team_b.0)))
}

async fn store(context: Context<'_>, evening: &Evening, roster: Roster) -> Result<Reply, Failure> {
    let round = RoundKey::of_session(evening.session.server_id, &evening.session.session_key)
        .ok_or_else(|| context.nothing("evening-unknown"))?;
    let directory = context.directory().await?;
    let done = context.maintenance()?.set_teams(&round, &roster).await;
    let done = done.map_err(|error| context.order_failed(error))?;
    Ok(shown(context, &done, &directory.people(&BTreeMap::new())))
}

fn typed(context: Context<'_>, directory: &Directory, evening: &Evening, text: &str) -> Result<Typed, Failure> {
    if !text.contains(',') {
        let tag = text.trim().to_lowercase();
        let wearers = evening.lines.iter().filter(|one| one.line.clean_name.to_lowercase().contains(&tag));
        let guids: BTreeSet<String> = wearers.map(|one| one.person_guid.clone()).collect();
        if guids.is_empty() || tag.is_empty() {
            return Err(nobody(context, text));
        }
        return Ok(Typed { name: Some(text.trim().to_owned()), guids });
    }
    let mut guids = BTreeSet::new();
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match directory.meant(name).as_slice() {
            [one] => guids.insert(one.player.guid.clone()),
            _ => return Err(nobody(context, name)),
        };
    }
    if guids.is_empty() { Err(nobody(context, text)) } else { Ok(Typed { name: None, guids }) }
}

/// The text is no tag that somebody wore, and not one player.
fn nobody(context: Context<'_>, text: &str) -> Failure {
    let title = context.texts.say("teams-nobody-is", &[("name", Text::name(text).into())]);
    Failure::Nothing(Box::new(Reply::new(title).text(context.texts.say("teams-nobody", &[])).private()))
}

fn shown(context: Context<'_>, done: &RosterSet, people: &People) -> Reply {
    let texts = context.texts;
    let mut table = Table::new("teams", Text::default())
        .column("player", texts.say("column-player", &[]))
        .column("team", texts.say("teams-column", &[]));
    for row in &done.teams {
        let Some(guid) = Guid::new(&row.player_guid) else { continue };
        let team = row.team_name.as_deref().unwrap_or(row.team.name());
        table = table.row(vec![people.cell(guid), Text::name(team).into()]);
    }
    let score = [("a", i64::from(done.after.score_a).into()), ("b", i64::from(done.after.score_b).into())];
    let label = texts.say("round-evening", &[]);
    Reply::new(texts.say("teams-set", &[]))
        .text(texts.say("teams-score", &score))
        .table(table)
        .action(Action::Button(Button::new(label, "last_session teams")))
        .private()
}
