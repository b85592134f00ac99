//! Which account is which player: `link`, `link_me`, `unlink`, and the code that proves it.

use std::collections::{BTreeMap, HashMap};

use fullhold_repository::{Error, LinkRow, Linking, Listed, Privacy};
use fullhold_stats_file::Guid;
use sha2::{Digest as _, Sha256};
use time::{Date, Duration};

use super::Context;
use super::acting::entry;
use super::directory::Directory;
use super::failure::Failure;
use crate::command::Permission;
use crate::option::Value;
use crate::refusal::Refusal;
use crate::reply::{Action, Button, Cell, Reply, Table, Text};
use crate::words::{UserId, Who, similar};

/// Players that are offered.
const OFFERED: usize = 3;
/// Names that are shown of each.
const NAMES: usize = 3;
/// Characters of a code. None of them looks like another.
const CODE: usize = 6;
const CODE_LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Days for which a code is good, the day on which it is given included.
const CODE_DAYS: i64 = 2;

/// `link_me`: links who asks.
pub(super) async fn link_me(context: Context<'_>) -> Result<Reply, Failure> {
    let Some(Value::Guid(guid)) = context.arguments.get("guid") else { return Err(context.nothing("link-no-player")) };
    let account = own_account(context)?;
    let directory = context.directory().await?;
    let one = directory.of(guid.as_str()).ok_or_else(|| context.nothing("link-no-player"))?;
    let proof = if context.acting()?.link_needs_code { Proof::Code } else { Proof::Said };
    if proof == Proof::Code && !is_worn(one, account, context.question.today) {
        return Ok(ask_for_code(context, &one.player.guid, account));
    }
    linked(context, directory, one, account, proof).await
}

/// `link`: shows whom the asker may be. Admins link somebody else.
pub(super) async fn link(context: Context<'_>) -> Result<Reply, Failure> {
    if let Some(Value::User(user)) = context.arguments.get("user") {
        needs_admin(context)?;
        let account = account(context, *user)?;
        if context.arguments.get("player").is_none() {
            return Err(context.nothing("link-whom"));
        }
        let guid = context.player("player").await?;
        let directory = context.directory().await?;
        let one = directory.of(guid.as_str()).ok_or_else(|| context.nothing("link-no-player"))?;
        if context.arguments.get("confirm").is_none() {
            return Ok(ask_to_confirm(context, directory, one, *user));
        }
        return linked(context, directory, one, account, Proof::Admin).await;
    }
    own_account(context)?;
    let directory = context.directory().await?;
    let played = context.played().await?;
    let offered = likeliest(context, directory, played);
    Ok(offer(context, directory, &offered, played))
}

/// Asks whether somebody else is to be linked: a name may be another's than was meant.
fn ask_to_confirm(context: Context<'_>, directory: &Directory, one: &Listed, user: UserId) -> Reply {
    let name = Text::name(directory.name(one));
    let guid = &one.player.guid;
    let title = context.texts.say("link-confirm", &[("name", name.into()), ("guid", guid.as_str().into())]);
    let label = context.texts.say("merge-confirm", &[]);
    let line = format!("link guid:{guid} user:<@{user}> confirm");
    Reply::new(title)
        .text(context.texts.say("link-confirm-whom", &[("user", Text::plain(&format!("<@{user}>")).into())]))
        .action(Action::Button(Button::new(label, line)))
        .private()
}

/// `unlink`: takes the asker's link back; admins, somebody else's.
pub(super) async fn unlink(context: Context<'_>) -> Result<Reply, Failure> {
    let account = match context.arguments.get("user") {
        Some(Value::User(user)) => {
            needs_admin(context)?;
            account(context, *user)?
        }
        _ => own_account(context)?,
    };
    let (now, by) = (context.acting()?.now(), context.question.asker.actor());
    let by = by.as_str();
    let unlinked = context.db.write(|tx, _| {
        Box::pin(async move {
            let link = tx.unlink(account).await?;
            if let Some(link) = &link {
                let detail = format!("account {account}");
                let result = format!("no more player {}", link.player_guid);
                tx.audit(now, entry(by, "unlink", &detail, &result)).await?;
            }
            Ok::<_, Error>(link)
        })
    });
    match unlinked.await? {
        Some(_) => Ok(Reply::new(context.texts.say("unlink-done", &[])).private()),
        None => Err(context.nothing("unlink-none")),
    }
}

/// How it was shown that account and player belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proof {
    /// The person says so.
    Said,
    /// The player wore the code that the account was given.
    Code,
    /// An admin says so.
    Admin,
}

impl Proof {
    /// The word the database uses.
    const fn name(self) -> &'static str {
        match self {
            Self::Said => "said",
            Self::Code => "code",
            Self::Admin => "admin",
        }
    }
}

async fn linked(
    context: Context<'_>,
    directory: &Directory,
    one: &Listed,
    account: i64,
    proof: Proof,
) -> Result<Reply, Failure> {
    let (now, by) = (context.acting()?.now(), context.question.asker.actor());
    let by = by.as_str();
    let guid = one.player.guid.clone();
    let row =
        LinkRow { discord_user_id: account, player_guid: guid.clone(), linked_at: now, proof: proof.name().to_owned() };
    let (row, guid) = (&row, &guid);
    let done = context.db.write(|tx, _| {
        Box::pin(async move {
            let done = tx.link(row.clone()).await?;
            if done == Linking::Linked {
                let detail = format!("account {account}, player {guid}");
                tx.audit(now, entry(by, "link", &detail, proof.name())).await?;
            }
            Ok::<_, Error>(done)
        })
    });
    let name = || Text::name(directory.name(one));
    let say = |id: &str| context.texts.say(id, &[("name", name().into())]);
    match done.await? {
        Linking::Linked => Ok(Reply::new(say("link-done")).private()),
        Linking::Already => Ok(Reply::new(say("link-already")).private()),
        Linking::AccountTaken(other) => {
            let other = directory.of(&other).map_or_else(Text::default, |other| Text::name(directory.name(other)));
            let title = context.texts.say("link-account-taken", &[("name", other.into())]);
            Err(Failure::Nothing(Box::new(Reply::new(title).private())))
        }
        Linking::PlayerTaken => {
            let reply = Reply::new(say("link-player-taken")).text(context.texts.say("link-player-taken-how", &[]));
            Err(Failure::Nothing(Box::new(reply.private())))
        }
        Linking::NoPlayer => Err(context.nothing("link-no-player")),
    }
}

pub(super) fn needs_admin(context: Context<'_>) -> Result<(), Failure> {
    let may = context.question.asker.right >= Permission::Admin;
    if may { Ok(()) } else { Err(Refusal::Permission { needs: Permission::Admin }.into()) }
}

fn own_account(context: Context<'_>) -> Result<i64, Failure> {
    let user = context.question.asker.user.ok_or_else(|| context.nothing("link-needs-account"))?;
    account(context, user)
}

fn account(context: Context<'_>, user: UserId) -> Result<i64, Failure> {
    i64::try_from(user.0).map_err(|_too_great| context.nothing("link-no-account"))
}

/// Unlinked players whom the asker may be: by the name that was given, else those who played last.
fn likeliest<'a>(context: Context<'_>, directory: &'a Directory, played: &HashMap<String, i64>) -> Vec<&'a Listed> {
    let wanted = match context.arguments.get("player") {
        Some(Value::Player(Who::Name(name))) => Some(name.clone()),
        Some(Value::Player(Who::Guid(guid))) => Some(guid.to_string()),
        _ => None,
    };
    let rounds = |one: &Listed| played.get(&one.player.guid).copied().unwrap_or_default();
    let may_be =
        |one: &&Listed| !one.is_linked && !one.player.is_bot && one.privacy == Privacy::Public && !one.names.is_empty();
    let mut found: Vec<&Listed> = match &wanted {
        None => {
            let mut all: Vec<&Listed> = directory.iter().filter(may_be).collect();
            all.sort_by_key(|one| (std::cmp::Reverse((one.last_seen, rounds(one))), one.player.guid.clone()));
            all
        }
        Some(text) => {
            let mut meant: Vec<&Listed> = directory.meant(text).into_iter().filter(may_be).collect();
            meant.sort_by_key(|one| (std::cmp::Reverse(rounds(one)), one.player.guid.clone()));
            let others: Vec<&Listed> = directory.iter().filter(may_be).collect();
            for name in similar(text, others.iter().map(|one| one.name.as_str()), OFFERED) {
                let alike = others.iter().filter(|one| one.name == name);
                let new: Vec<&Listed> = alike.filter(|one| !meant.contains(one)).copied().collect();
                meant.extend(new);
            }
            meant
        }
    };
    found.truncate(OFFERED);
    found
}

fn offer(context: Context<'_>, directory: &Directory, offered: &[&Listed], played: &HashMap<String, i64>) -> Reply {
    let texts = context.texts;
    let title = texts.say("link-who", &[]);
    if offered.is_empty() {
        return Reply::new(title).text(texts.say("link-nobody", &[])).private();
    }
    let mut table = Table::new("players", Text::default())
        .column("number", Text::plain("#"))
        .column("guid", Text::plain("GUID"))
        .column("names", texts.say("column-name", &[]))
        .column("rounds", texts.say("short-rounds", &[]))
        .column("last_seen", texts.say("column-seen", &[]));
    let people = directory.people(&BTreeMap::new());
    let mut buttons = Vec::new();
    for (index, one) in offered.iter().enumerate() {
        let Some(guid) = Guid::new(&one.player.guid) else { continue };
        let number = i64::try_from(index + 1).unwrap_or(i64::MAX);
        let names = Text::list(one.names.iter().take(NAMES).map(|name| Text::name(&name.alias)));
        table = table.row(vec![
            Cell::count(number),
            people.guid_cell(guid),
            Cell::Text(names),
            Cell::count(played.get(&one.player.guid).copied().unwrap_or_default()),
            Cell::Text(Text::instant(one.last_seen.assume_utc().unix_timestamp())),
        ]);
        let label = Text::plain(&format!("{number} · ")).then(&people.name(guid));
        buttons.push(Button::new(label, format!("link_me {guid}")));
    }
    let reply = Reply::new(title).table(table).footer(texts.say("link-none-of-these", &[])).private();
    buttons.into_iter().fold(reply, |reply, button| reply.action(Action::Button(button)))
}

fn ask_for_code(context: Context<'_>, guid: &str, account: i64) -> Reply {
    let code = code_of(account, guid, context.question.today);
    let texts = context.texts;
    let again = Button::new(texts.say("link-code-worn", &[]), format!("link_me {guid}"));
    Reply::new(texts.say("link-code", &[("code", Text::strong(&code).into())]))
        .text(texts.say("link-code-how", &[]))
        .action(Action::Button(again))
        .private()
}

/// Whether a player wore one of an account's codes that are still good.
fn is_worn(one: &Listed, account: i64, today: Date) -> bool {
    let days = (0..CODE_DAYS).map(|ago| today.saturating_sub(Duration::days(ago)));
    let codes: Vec<String> = days.map(|day| code_of(account, &one.player.guid, day)).collect();
    one.names.iter().any(|name| {
        let worn = name.alias.to_uppercase();
        codes.iter().any(|code| worn.contains(code))
    })
}

/// The code that an account is given for a player on a day. It follows from these three, so nothing has to be stored,
/// and it need not be secret: whoever wears it only says that the player is that account's.
fn code_of(account: i64, guid: &str, day: Date) -> String {
    let digest = Sha256::digest(format!("link {account} {guid} {day}"));
    let letter = |byte: &u8| CODE_LETTERS.get(usize::from(*byte) % CODE_LETTERS.len()).copied().map(char::from);
    digest.iter().take(CODE).filter_map(letter).collect()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_code_is_for_one_account_one_player_and_one_day() {
        let day = date!(2025 - 11 - 20);
        let code = code_of(1, "1A2B3C4D", day);
        assert_eq!(code.len(), CODE);
        assert!(code.bytes().all(|byte| CODE_LETTERS.contains(&byte)));
        assert_eq!(code, code_of(1, "1A2B3C4D", day));
        let others =
            [code_of(2, "1A2B3C4D", day), code_of(1, "1A2B3C4E", day), code_of(1, "1A2B3C4D", date!(2025 - 11 - 21))];
        assert!(!others.contains(&code), "{code} {others:?}");
    }
}
