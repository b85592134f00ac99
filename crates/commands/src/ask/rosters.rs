//! `set_teams`: who plays for whom in the newest evening.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_maintenance::{Roster, RosterSet};
use fullhold_repository::{Evening, RoundKey};
use fullhold_stats_file::Guid;

use super::Context;
use super::directory::Directory;
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
    let (Some(Value::Text(a)), Some(Value::Text(b))) = (context.arguments.get("a"), context.arguments.get("b")) else {
        return Err(context.nothing("teams-nobody"));
    };
    let id = context.db.newest_session(context.servers).await?;
    let evening = context.stored_evening(id, "evening-unknown").await?;
    let round = RoundKey::of_session(evening.session.server_id, &evening.session.session_key)
        .ok_or_else(|| context.nothing("evening-unknown"))?;
    let directory = context.directory().await?;
    let (a, b) = (typed(context, directory, &evening, a)?, typed(context, directory, &evening, b)?);
    let roster = Roster { team_a: a.guids, team_b: b.guids, name_a: a.name, name_b: b.name };
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
