//! Who came late, left or changed teams in an evening, and what is different from the evening before.

use fullhold_analytics::{Lineup, Presence, since};
use fullhold_repository::{Evening, Team};
use fullhold_stats_file::Guid;

use super::Context;
use super::failure::Failure;
use crate::answers::EveningAnswer;
use crate::reply::Text;

/// A sentence for everybody who was not there from the first to the last round, and three about the evening before.
pub(super) async fn sentences(
    context: Context<'_>,
    rows: &Evening,
    answer: &EveningAnswer,
) -> Result<Vec<Text>, Failure> {
    let changes = rows.lineup_changes();
    let mut said: Vec<Text> = changes.iter().filter_map(|one| presence(context, rows, answer, one)).collect();
    said.extend(since_before(context, rows, answer).await?);
    Ok(said)
}

fn presence(context: Context<'_>, rows: &Evening, answer: &EveningAnswer, one: &Presence) -> Option<Text> {
    let round = |position: usize| {
        let round = rows.rounds.get(position)?;
        Some(Text::name(&round.map_name).then(&Text::plain(&format!(" R{}", round.round_number))))
    };
    let mut parts = Vec::new();
    let mut say = |id: &str, position: usize| {
        parts.extend(round(position).map(|round| context.texts.say(id, &[("round", round.into())])));
    };
    if let Some(position) = one.came_in {
        say("lineup-came", position);
    }
    for position in &one.changed_teams_in {
        say("lineup-changed", *position);
    }
    if let Some(position) = one.left_after {
        say("lineup-left", position);
    }
    let known = answer.people.knows(one.guid) && !parts.is_empty();
    known.then(|| answer.people.name(one.guid).then(&Text::plain(" ")).then(&Text::list(parts)))
}

/// Who is new, missing, or with the other team, against the evening before on this server.
async fn since_before(context: Context<'_>, rows: &Evening, answer: &EveningAnswer) -> Result<Vec<Text>, Failure> {
    let server = [rows.session.server_id];
    let before = match rows.number.checked_sub(1).filter(|number| *number > 0) {
        Some(number) => context.db.session_with_number(&server, number).await?,
        None => None,
    };
    let Some(before) = before else { return Ok(Vec::new()) };
    let Some(before) = context.db.evening(before).await? else { return Ok(Vec::new()) };
    let ((now_a, now_b), (before_a, before_b)) = (teams(rows), teams(&before));
    if now_a.is_empty() || before_a.is_empty() {
        return Ok(Vec::new());
    }
    let found = since(Lineup { team_a: &now_a, team_b: &now_b }, Lineup { team_a: &before_a, team_b: &before_b });
    let directory = context.directory().await?;
    // Who is missing is not among the people of this evening.
    let people = directory.people(&std::collections::BTreeMap::new());
    let mut said = Vec::new();
    for (id, guids) in
        [("since-new", &found.new), ("since-missing", &found.missing), ("since-changed", &found.changed_teams)]
    {
        let known: Vec<Guid> =
            guids.iter().copied().filter(|guid| people.knows(*guid) || answer.people.knows(*guid)).collect();
        if !known.is_empty() {
            said.push(context.texts.say(id, &[("players", people.list(&known).into())]));
        }
    }
    Ok(said)
}

fn teams(evening: &Evening) -> (Vec<Guid>, Vec<Guid>) {
    let of = |team: Team| {
        let rows = evening.teams.iter().filter(|row| row.team == team);
        rows.filter_map(|row| Guid::new(&row.player_guid)).collect::<Vec<Guid>>()
    };
    (of(Team::A), of(Team::B))
}
