//! `set-teams`, `clear-teams`.

use std::collections::BTreeSet;

use fullhold_maintenance::{Roster, RosterSet};
use fullhold_repository::{Db, RoundKey, Team};
use fullhold_settings::Exit;
use serde_json::{Value, json};

use super::people;
use super::rounds::{round_key, server_id};
use crate::args::SetTeams;
use crate::context::{Context, Outcome, Stop};

pub(crate) async fn set(context: &Context, wanted: SetTeams) -> Outcome {
    let maintenance = context.maintenance().await?;
    let db = maintenance.db();
    let round = evening(db, &wanted.evening, wanted.server.as_deref()).await?;
    let roster = Roster {
        team_a: guids(db, &wanted.team_a).await?,
        team_b: guids(db, &wanted.team_b).await?,
        name_a: wanted.name_a,
        name_b: wanted.name_b,
    };
    let done = maintenance.set_teams(&round, &roster).await?;
    report(context, maintenance.db(), &done).await
}

pub(crate) async fn clear(context: &Context, evening_name: &str, server: Option<&str>) -> Outcome {
    let maintenance = context.maintenance().await?;
    let round = evening(maintenance.db(), evening_name, server).await?;
    let done = maintenance.clear_teams(&round).await?;
    report(context, maintenance.db(), &done).await
}

/// The first round of the evening that is meant by a day, by its key, or by one of its rounds.
async fn evening(db: &Db, name: &str, server: Option<&str>) -> Result<RoundKey, Stop> {
    let is_day = name.len() == 10 && name.split('-').count() == 3;
    if !is_day {
        return round_key(db, name, server).await;
    }
    let keys = db.evenings_of_day(server_id(db, server).await?, name).await?;
    match keys.as_slice() {
        [] => Err(Stop::usage(format!("no evening began on {name}"))),
        [(_, one)] => Ok(one.clone()),
        several => {
            let list: Vec<String> = several.iter().map(|(server, key)| format!("  {key} (server {server})")).collect();
            Err(Stop::usage(format!(
                "{} evenings began on {name}: name one by its first round, or say --server\n{}",
                several.len(),
                list.join("\n")
            )))
        }
    }
}

async fn guids(db: &Db, players: &[String]) -> Result<BTreeSet<String>, Stop> {
    let mut guids = BTreeSet::new();
    for player in players {
        guids.insert(people::meant(db, player).await?);
    }
    Ok(guids)
}

async fn report(context: &Context, db: &Db, done: &RosterSet) -> Outcome {
    let people = db.people().await?;
    let named = |guid: &str| match people.iter().find(|one| one.player.guid == guid) {
        Some(one) => people::named(&one.player),
        None => guid.to_owned(),
    };
    let mut text = format!(
        "evening {}: {} : {}, before {} : {}\n",
        done.after.session_key, done.after.score_a, done.after.score_b, done.before.score_a, done.before.score_b
    );
    for row in &done.teams {
        let team = if row.team == Team::Ambiguous { "either" } else { row.team.name() };
        text.push_str(&format!("  {team:6} {}, {}\n", named(&row.player_guid), row.source));
    }
    if done.is_stale {
        text.push_str("nobody of these played that evening: the teams are kept, and those that are found count\n");
    }
    let teams: Vec<Value> = done
        .teams
        .iter()
        .map(|row| json!({ "guid": row.player_guid, "team": row.team.name(), "source": row.source.name(), "name": row.team_name }))
        .collect();
    context.show(
        &text,
        &json!({
            "session_key": done.after.session_key, "score_a": done.after.score_a, "score_b": done.after.score_b,
            "before": { "score_a": done.before.score_a, "score_b": done.before.score_b },
            "teams": teams, "is_stale": done.is_stale,
        }),
    );
    Ok(Exit::Fine)
}
