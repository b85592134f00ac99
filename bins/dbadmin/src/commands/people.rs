//! `players`, `aliases`, `merge-players`, `unmerge`.

use fullhold_maintenance::{MergeRequest, MergeSide};
use fullhold_repository::{AliasRow, Db, Meant, Person, PlayerNameRow, instant_text};
use fullhold_settings::Exit;
use serde_json::{Value, json};

use crate::context::{Context, Outcome, Stop, counted};

/// Names shown of each side of a merge.
const NAMES_SHOWN: usize = 5;
/// People named when a text fits several.
const FITTING_SHOWN: usize = 10;

/// The guid that is meant by a guid in any case, or by a name that fits one person only.
pub(crate) async fn meant(db: &Db, text: &str) -> Result<String, Stop> {
    match db.player_meant(text).await? {
        Meant::Guid(guid) => Ok(guid),
        Meant::Nobody => Err(Stop::usage(format!(
            "there is no player {text}: no guid or name contains it; `dbadmin players` lists all"
        ))),
        Meant::Several(people) => {
            let mut list: Vec<String> =
                people.iter().take(FITTING_SHOWN).map(|one| format!("  {}", named(&one.player))).collect();
            if people.len() > FITTING_SHOWN {
                list.push(format!("  and {} more", people.len() - FITTING_SHOWN));
            }
            Err(Stop::usage(format!("{text:?} fits {} players, name one:\n{}", people.len(), list.join("\n"))))
        }
    }
}

pub(crate) async fn merge(context: &Context, from: &str, into: &str, dry_run: bool, force: bool) -> Outcome {
    let maintenance = context.maintenance().await?;
    let from = meant(maintenance.db(), from).await?;
    let into = meant(maintenance.db(), into).await?;
    let done = maintenance.merge_players(MergeRequest { from: &from, into: &into, force, dry_run }).await?;
    let mut text = String::new();
    side(&mut text, "merged", &done.from);
    side(&mut text, "into", &done.into);
    let shared = done.shared;
    text.push_str(&format!(
        "in one round: {}{}\n",
        match shared.rounds {
            0 => "never".to_owned(),
            n => format!("{}, {} on one side, {} as opponents", counted(n, "time"), shared.together, shared.against),
        },
        if shared.rounds > 0 && dry_run && !force { ": it takes --force" } else { "" }
    ));
    if !done.from.links.is_empty() && !done.into.links.is_empty() {
        text.push_str("both are linked to Discord accounts: people have to sort that out\n");
    }
    let is = if dry_run { "would be" } else { "is" };
    for one in &done.moved {
        text.push_str(&format!("{} {is} counted as {}\n", named(one), named(&done.into.player)));
    }
    text.push_str(&format!("{} {}\n", counted(done.evenings, "evening"), changed(dry_run)));
    if dry_run {
        text.push_str("dry run: nothing was changed\n");
    }
    let moved: Vec<&str> = done.moved.iter().map(|one| one.guid.as_str()).collect();
    context.show(
        &text,
        &json!({
            "moved": moved, "from": side_json(&done.from), "into": side_json(&done.into),
            "shared_rounds": shared.rounds, "together": shared.together, "against": shared.against,
            "evenings_changed": done.evenings, "dry_run": dry_run,
        }),
    );
    Ok(Exit::Fine)
}

fn side(text: &mut String, word: &str, side: &MergeSide) {
    let links: Vec<String> = side.links.iter().map(ToString::to_string).collect();
    text.push_str(&format!(
        "{word}: {}, {}, {}, {}\n",
        named(&side.player),
        counted(side.rounds, "round"),
        counted(usize::try_from(side.kills).unwrap_or_default(), "kill"),
        if links.is_empty() { "not linked".to_owned() } else { format!("linked to Discord {}", links.join(", ")) }
    ));
    let names: Vec<&str> = side.names.iter().take(NAMES_SHOWN).map(|row| row.alias.as_str()).collect();
    let more = side.names.len().saturating_sub(NAMES_SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    text.push_str(&format!("  names: {}{more}\n", names.join(", ")));
}

fn side_json(side: &MergeSide) -> Value {
    let names: Vec<&str> = side.names.iter().map(|row| row.alias.as_str()).collect();
    json!({
        "guid": side.player.guid, "name": side.player.shown_name(), "guids": side.guids, "names": names,
        "rounds": side.rounds, "kills": side.kills, "links": side.links,
    })
}

pub(crate) async fn unmerge(context: &Context, player: &str, dry_run: bool) -> Outcome {
    let maintenance = context.maintenance().await?;
    let guid = meant(maintenance.db(), player).await?;
    let done = maintenance.unmerge_player(&guid, dry_run).await?;
    let is = if dry_run { "would be" } else { "is" };
    let mut text = format!("{} {is} no more counted as {}\n", named(&done.player), done.was);
    for one in &done.stay {
        text.push_str(&format!("{} stays counted as {}\n", named(one), done.was));
    }
    text.push_str(&format!("{} {}\n", counted(done.evenings, "evening"), changed(dry_run)));
    if dry_run {
        text.push_str("dry run: nothing was changed\n");
    }
    let stay: Vec<&str> = done.stay.iter().map(|one| one.guid.as_str()).collect();
    context.show(
        &text,
        &json!({
            "moved": [done.player.guid], "from": done.was, "stay": stay, "evenings_changed": done.evenings,
            "dry_run": dry_run,
        }),
    );
    Ok(Exit::Fine)
}

fn changed(dry_run: bool) -> &'static str {
    if dry_run { "would change" } else { "changed" }
}

pub(crate) fn named(player: &PlayerNameRow) -> String {
    format!("{} ({})", player.shown_name(), player.guid)
}

pub(crate) async fn players(context: &Context, search: Option<String>) -> Outcome {
    let db = context.open().await?;
    let mut all = match &search {
        Some(search) => db.people_like(search).await?,
        None => db.people().await?,
    };
    all.sort_by(|a, b| b.rounds.cmp(&a.rounds).then_with(|| a.player.guid.cmp(&b.player.guid)));
    let mut text = String::new();
    for one in &all {
        let mut notes = Vec::new();
        if one.player.is_bot {
            notes.push("bot".to_owned());
        }
        if !one.merged.is_empty() {
            let merged: Vec<String> = one.merged.iter().map(named).collect();
            notes.push(format!("also {}", merged.join(", ")));
        }
        let line = format!(
            "{:32} {:24} {:>6}x  last {}  {}",
            one.player.guid,
            one.name(),
            one.rounds,
            instant_text(one.last_seen()),
            notes.join(", ")
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push_str(&format!("{}\n", counted(all.len(), "player")));
    let rows: Vec<Value> = all.iter().map(person_json).collect();
    context.show(&text, &json!({ "players": rows }));
    Ok(Exit::Fine)
}

fn person_json(one: &Person) -> Value {
    let merged: Vec<&str> = one.merged.iter().map(|row| row.guid.as_str()).collect();
    json!({
        "guid": one.player.guid, "name": one.name(), "merged_guids": merged, "is_bot": one.player.is_bot,
        "rounds": one.rounds, "first_seen": instant_text(one.first_seen()), "last_seen": instant_text(one.last_seen()),
    })
}

pub(crate) async fn aliases(context: &Context, player: &str) -> Outcome {
    let db = context.open().await?;
    let guid = meant(&db, player).await?;
    let (person, names) =
        db.person_with_names(&guid).await?.ok_or_else(|| Stop::usage(format!("there is no player {player}")))?;
    let mut text = format!("{}\n", named(&person.player));
    for one in &person.merged {
        text.push_str(&format!("  also {}\n", named(one)));
    }
    for name in &names {
        let guid = if person.merged.is_empty() { "" } else { &name.guid };
        let line = format!(
            "  {:24} {:>6}x  {} to {}  {guid}",
            name.alias,
            name.times_seen,
            instant_text(name.first_seen),
            instant_text(name.last_seen)
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let row = |name: &AliasRow| {
        json!({
            "guid": name.guid, "alias": name.alias, "times_seen": name.times_seen,
            "first_seen": instant_text(name.first_seen), "last_seen": instant_text(name.last_seen),
        })
    };
    let rows: Vec<Value> = names.iter().map(row).collect();
    context.show(&text, &json!({ "guid": person.player.guid, "name": person.name(), "aliases": rows }));
    Ok(Exit::Fine)
}
