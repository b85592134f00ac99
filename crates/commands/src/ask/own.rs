//! What a player decides about himself: `setname`, `privacy`, `me`.

use fullhold_repository::{Cell, Error, Listed, Privacy, instant_text};
use fullhold_stats_file::strip_colours;
use serde_json::{Map, Value as Json, json};

use super::Context;
use super::acting::entry;
use super::directory::Directory;
use super::failure::Failure;
use crate::option::Value;
use crate::reply::{Action, Attachment, Button, Reply, Text};

/// Characters of a name.
const LENGTH: std::ops::RangeInclusive<usize> = 2..=32;
/// The word that takes a chosen name back.
const RESET: &str = "reset";

/// `setname`: the name that is shown for who asks.
pub(super) async fn setname(context: Context<'_>) -> Result<Reply, Failure> {
    let Some(Value::Text(typed)) = context.arguments.get("name") else { return Err(context.nothing("setname-bad")) };
    let directory = context.directory().await?;
    let own = directory.own().ok_or_else(|| context.nothing("me-not-here"))?;
    let name = if typed.trim().eq_ignore_ascii_case(RESET) { None } else { Some(name(context, directory, typed)?) };
    let (now, by) = (context.acting()?.now(), context.question.asker.actor());
    let (by, guid, wanted) = (by.as_str(), own.player.guid.as_str(), name.as_deref());
    let stored = context.db.write(|tx, _| {
        Box::pin(async move {
            tx.set_chosen_name(guid, wanted).await?;
            tx.audit(now, entry(by, "setname", guid, wanted.unwrap_or(RESET))).await?;
            Ok::<_, Error>(())
        })
    });
    stored.await?;
    Ok(match &name {
        Some(name) => Reply::new(context.texts.say("setname-done", &[("name", Text::name(name).into())])),
        None => Reply::new(context.texts.say("setname-reset", &[])),
    }
    .private())
}

/// A name that may be shown: nobody else's, and none that looks like a stand-in.
fn name(context: Context<'_>, directory: &Directory, typed: &str) -> Result<String, Failure> {
    let stripped = strip_colours(typed);
    let name = stripped.trim();
    // What a shown name would lose is no part of it.
    let is_plain = !name.chars().any(char::is_control) && Text::name(name).to_plain() == name;
    if !is_plain || !LENGTH.contains(&name.chars().count()) || looks_like_stand_in(context, name) {
        return Err(context.nothing("setname-bad"));
    }
    let wanted = name.to_lowercase();
    let has = |one: &&Listed| {
        let names = one.names.iter().map(|name| name.alias.as_str()).chain([one.name.as_str()]);
        !directory.is_own(one) && names.into_iter().any(|known| known.to_lowercase() == wanted)
    };
    if directory.iter().any(|one| has(&one)) {
        return Err(context.nothing("setname-taken"));
    }
    Ok(name.to_owned())
}

/// Whether a name is what stands for some anonymous player, now or later.
fn looks_like_stand_in(context: Context<'_>, name: &str) -> bool {
    let pattern = context.texts.say("anonymous-player", &[("number", "0".into())]).to_plain().to_lowercase();
    let digits = name.to_lowercase();
    let Some((before, behind)) = pattern.split_once('0') else { return false };
    let inner = digits.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind));
    inner.is_some_and(|inner| !inner.is_empty() && inner.chars().all(char::is_numeric))
}

/// `privacy`: who may see who asks.
pub(super) async fn privacy(context: Context<'_>) -> Result<Reply, Failure> {
    let Some(Value::Choice(word)) = context.arguments.get("mode") else { return Err(context.nothing("who-are-you")) };
    let Ok(mode) = word.parse::<Privacy>() else { return Err(context.nothing("who-are-you")) };
    let directory = context.directory().await?;
    let own = directory.own().ok_or_else(|| context.nothing("me-not-here"))?;
    let (now, by) = (context.acting()?.now(), context.question.asker.actor());
    let (by, guid) = (by.as_str(), own.player.guid.as_str());
    let stored = context.db.write(|tx, _| {
        Box::pin(async move {
            tx.set_privacy(guid, mode).await?;
            tx.audit(now, entry(by, "privacy", guid, mode.name())).await?;
            Ok::<_, Error>(())
        })
    });
    stored.await?;
    let now_seen = Directory::read(context, &*context.answerer.kept.lists(context.db).await?).await?;
    let shown = now_seen.own().map_or_else(Text::default, |own| Text::name(now_seen.name(own)));
    let said = match mode {
        Privacy::Anonymous => context.texts.say("privacy-anonymous", &[("name", shown.into())]),
        Privacy::Private => context.texts.say("privacy-private", &[]),
        Privacy::Public => context.texts.say("privacy-public", &[("name", shown.into())]),
    };
    Ok(Reply::new(said).private())
}

/// `me`: everything that is stored of who asks, handed out or erased.
pub(super) async fn me(context: Context<'_>) -> Result<Reply, Failure> {
    match context.arguments.get("what") {
        Some(Value::Choice("erase")) => erase(context).await,
        _ => export(context).await,
    }
}

/// `me erase`: says what goes, and does it when that is confirmed.
async fn erase(context: Context<'_>) -> Result<Reply, Failure> {
    let directory = context.directory().await?;
    let own = directory.own().ok_or_else(|| context.nothing("me-not-here"))?;
    let texts = context.texts;
    if context.arguments.get("confirm").is_none() {
        // Whoever changes nothing here is not led to believe that he could.
        context.acting()?;
        let names = texts.say("erase-what", &[("names", own.names.len().into())]);
        let button = Button::new(texts.say("erase-confirm", &[]), "me erase confirm");
        let reply = Reply::new(texts.say("erase-title", &[])).text(names).text(texts.say("erase-for-ever", &[]));
        return Ok(reply.action(Action::Button(button)).private());
    }
    let now = context.acting()?.now();
    let guid = own.player.guid.as_str();
    let erased = context.db.write(|tx, _| {
        Box::pin(async move {
            let erased = tx.erase(guid).await?;
            let result = format!("{} names, {} accounts", erased.names, erased.accounts);
            let name = erased.pseudonym.as_str();
            tx.audit(now, entry(name, "erase", name, &result)).await?;
            Ok::<_, Error>(erased)
        })
    });
    let erased = erased.await?;
    let done = texts.say("erase-done", &[("name", Text::name(&erased.pseudonym).into())]);
    Ok(Reply::new(done).text(texts.say("erase-done-how", &[])).private())
}

/// `me export`: everything that is stored of who asks.
async fn export(context: Context<'_>) -> Result<Reply, Failure> {
    let directory = context.directory().await?;
    let own = directory.own().ok_or_else(|| context.nothing("me-not-here"))?;
    let lines = context.db.lines_of_player(&own.guids, context.servers).await?;
    let links = context.db.links_of_player(&own.guids).await?;
    let names: Vec<Json> = own
        .names
        .iter()
        .map(|name| {
            json!({
                "guid": name.guid, "name": name.alias, "rounds": name.times_seen,
                "first_seen": instant_text(name.first_seen), "last_seen": instant_text(name.last_seen),
            })
        })
        .collect();
    let links: Vec<Json> = links
        .iter()
        .map(|link| json!({ "account": link.discord_user_id, "since": instant_text(link.linked_at), "proof": link.proof }))
        .collect();
    let rounds = lines.len();
    let all = json!({
        "guids": own.guids, "shown_name": own.name, "chosen_name": own.player.chosen_name, "privacy": own.privacy.name(),
        "anonymous_number": own.player.anonymous_number, "accounts": links, "names": names,
        "rounds": lines.into_iter().map(object).collect::<Vec<Json>>(),
    });
    let title = context.texts.say("me-export", &[("rounds", rounds.into())]);
    let file =
        Attachment { name: "me.json".to_owned(), alt_text: title.to_plain(), bytes: format!("{all:#}\n").into_bytes() };
    Ok(Reply::new(title).file(file).private())
}

fn object(cells: Vec<(&'static str, Cell)>) -> Json {
    Json::Object(cells.into_iter().map(|(name, cell)| (name.to_owned(), cell.to_json())).collect::<Map<_, _>>())
}
