//! `players`, `aliases`, `merge-players`, `unmerge`.

use fullhold_ingest::Merged;
use fullhold_repository::{Db, PlayerNameRow, instant_text};
use fullhold_settings::Exit;
use serde_json::{Value, json};

use crate::context::{Context, Outcome, Stop, counted};

pub(crate) async fn merge(context: &Context, from: &str, into: &str, dry_run: bool) -> Outcome {
    let done = context.maintenance().await?.merge_players(from, into, dry_run, &context.by).await?;
    report(context, &done, dry_run, "is counted as")
}

pub(crate) async fn unmerge(context: &Context, guid: &str, dry_run: bool) -> Outcome {
    let done = context.maintenance().await?.unmerge_player(guid, dry_run, &context.by).await?;
    report(context, &done, dry_run, "is no more counted as")
}

fn report(context: &Context, done: &Merged, dry_run: bool, words: &str) -> Outcome {
    let mut text = String::new();
    for one in &done.moved {
        text.push_str(&format!("{} {words} {}\n", named(one), named(&done.into)));
    }
    if let Some((a, b)) = done.linked {
        text.push_str(&format!("both are linked to Discord accounts: {a} and {b}\n"));
    }
    if dry_run {
        text.push_str("dry run: nothing was changed\n");
    }
    let moved: Vec<&str> = done.moved.iter().map(|one| one.guid.as_str()).collect();
    context.show(&text, &json!({ "moved": moved, "into": done.into.guid, "linked": done.linked, "dry_run": dry_run }));
    Ok(Exit::Fine)
}

fn shown_name(player: &PlayerNameRow) -> &str {
    player.chosen_name.as_deref().unwrap_or(&player.display_name)
}

fn named(player: &PlayerNameRow) -> String {
    format!("{} ({})", shown_name(player), player.guid)
}

pub(crate) async fn players(context: &Context, search: Option<String>) -> Outcome {
    let db = context.open().await?;
    let mut all = db.players().await?;
    if let Some(search) = &search {
        let fits = fitting(&db, &all, search).await?;
        all.retain(|(player, _)| fits.contains(&player.guid));
    }
    all.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.guid.cmp(&b.guid)));
    let mut text = String::new();
    for (player, rounds) in &all {
        let mut notes = Vec::new();
        if player.is_bot {
            notes.push("bot".to_owned());
        }
        if player.canonical_guid != player.guid {
            notes.push(format!("counted as {}", player.canonical_guid));
        }
        let line = format!(
            "{:32} {:24} {rounds:>6}x  last {}  {}",
            player.guid,
            shown_name(player),
            instant_text(player.last_seen),
            notes.join(", ")
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push_str(&format!("{}\n", counted(all.len(), "player")));
    let rows: Vec<Value> = all
        .iter()
        .map(|(player, rounds)| {
            json!({
                "guid": player.guid, "name": shown_name(player), "canonical_guid": player.canonical_guid,
                "is_bot": player.is_bot, "rounds": rounds, "first_seen": instant_text(player.first_seen),
                "last_seen": instant_text(player.last_seen),
            })
        })
        .collect();
    context.show(&text, &json!({ "players": rows }));
    Ok(Exit::Fine)
}

/// Guids of players whose guid or one of whose names contains the text, whatever its case.
async fn fitting(db: &Db, all: &[(PlayerNameRow, i64)], search: &str) -> Result<Vec<String>, Stop> {
    let wanted = search.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&wanted);
    let mut fits: Vec<String> = all
        .iter()
        .map(|(player, _)| player)
        .filter(|player| {
            has(&player.guid) || has(&player.display_name) || player.chosen_name.as_deref().is_some_and(has)
        })
        .map(|player| player.guid.clone())
        .collect();
    for (player, _) in all {
        if !fits.contains(&player.guid) && db.aliases(&player.guid).await?.iter().any(|row| has(&row.alias)) {
            fits.push(player.guid.clone());
        }
    }
    Ok(fits)
}

pub(crate) async fn aliases(context: &Context, player: &str) -> Outcome {
    let db = context.open().await?;
    let all = db.players().await?;
    let exact = all.iter().find(|(row, _)| row.guid.eq_ignore_ascii_case(player)).map(|(row, _)| row.guid.clone());
    let guid = match exact {
        Some(guid) => guid,
        None => match fitting(&db, &all, player).await?.as_slice() {
            [] => return Err(Stop::usage(format!("no player's guid or name contains {player:?}"))),
            [one] => one.clone(),
            several => {
                let list = several.join(", ");
                return Err(Stop::usage(format!("{player:?} fits {} players, name one: {list}", several.len())));
            }
        },
    };
    let names = db.aliases(&guid).await?;
    let mut text = format!("{guid}\n");
    for name in &names {
        text.push_str(&format!(
            "  {:24} {:>6}x  {} to {}\n",
            name.alias,
            name.times_seen,
            instant_text(name.first_seen),
            instant_text(name.last_seen)
        ));
    }
    let rows: Vec<Value> = names
        .iter()
        .map(|name| {
            json!({
                "alias": name.alias, "times_seen": name.times_seen,
                "first_seen": instant_text(name.first_seen), "last_seen": instant_text(name.last_seen),
            })
        })
        .collect();
    context.show(&text, &json!({ "guid": guid, "aliases": rows }));
    Ok(Exit::Fine)
}
