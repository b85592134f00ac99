//! What those who run the community order: verdicts on rounds, merges, evenings worked out again. All of it is done and
//! noted in the audit log by the same functions as on the command line of `dbadmin`.

use std::collections::{BTreeMap, HashMap};

use fullhold_analytics::{Totals, formula_table as f};
use fullhold_maintenance::{Error, MergeRequest, MergeSide, Merged};
use fullhold_repository::{Counters, RoundRow, Verdict};

use super::Context;
use super::directory::Directory;
use super::failure::Failure;
use crate::option::Value;
use crate::reply::{Action, Button, Cell, Reply, Table, Text};

/// The word that takes a verdict back.
const CLEAR: &str = "clear";
/// Names that are shown of each side of a merge.
const NAMES: usize = 5;

impl Context<'_> {
    /// What an order failed of, in words; trouble of the database is nobody's business.
    pub(super) fn order_failed(&self, error: Error) -> Failure {
        let said = |id: &str| self.nothing(id);
        match error {
            Error::Database(error) => Failure::Database(error),
            Error::NoRound(_) | Error::NoRoundNamed(_) => said("round-unknown"),
            Error::NoPlayer(_) => said("link-no-player"),
            Error::Oneself(_) => said("merge-oneself"),
            Error::Backwards { .. } => said("merge-backwards"),
            Error::SamePlayer { .. } => said("merge-same"),
            Error::NotMerged(_) => said("unmerge-none"),
            Error::BothTeams(_) => said("teams-both"),
            other => {
                let problem = Text::name(&other.to_string());
                let title = self.texts.say("order-failed", &[("problem", problem.into())]);
                Failure::Nothing(Box::new(Reply::new(title).private()))
            }
        }
    }

    fn guid(&self, option: &str, directory: &Directory) -> Result<String, Failure> {
        let Some(Value::Guid(guid)) = self.arguments.get(option) else { return Err(self.nothing("link-no-player")) };
        // Only players of the servers that are shown: others are another community's.
        let known = directory.of(guid.as_str()).map(|_| guid.to_string());
        known.ok_or_else(|| self.nothing("link-no-player"))
    }
}

/// `round_valid`: rules whether a round counts.
pub(super) async fn round_valid(context: Context<'_>) -> Result<Reply, Failure> {
    let round = context.round_number()?;
    if context.db.session_of_round(context.servers, round).await?.is_none() {
        return Err(context.nothing("round-unknown"));
    }
    let (Some(Value::Choice(verdict)), Some(Value::Text(reason))) =
        (context.arguments.get("verdict"), context.arguments.get("reason"))
    else {
        return Err(context.nothing("round-unknown"));
    };
    let decided = match *verdict {
        CLEAR => None,
        word => Some(word.parse::<Verdict>().map_err(|_unknown| context.nothing("round-unknown"))?),
    };
    let actor = context.question.asker.actor();
    let judged = context.maintenance()?.override_round(round, decided, reason, &actor).await;
    let judged = judged.map_err(|error| context.order_failed(error))?;
    let title = context.texts.say(
        "verdict-title",
        &[
            ("map", Text::name(&judged.after.map_name).into()),
            ("number", i64::from(judged.after.round_number).into()),
            ("verdict", (*verdict).into()),
        ],
    );
    let line = |id: &str, round: &RoundRow| context.texts.say(id, &[("counts", counts(context, round).into())]);
    let label = context.texts.say("verdict-round", &[]);
    Ok(Reply::new(title)
        .text(line("verdict-before", &judged.before))
        .text(line("verdict-now", &judged.after))
        .action(Action::Button(Button::new(label, format!("round {round}"))))
        .private())
}

fn counts(context: Context<'_>, round: &RoundRow) -> Text {
    let id = if round.is_valid { "round-counts" } else { "verdict-counts-not" };
    context.texts.say(id, &[])
}

/// `merge_players`: shows what changes, and does it when that is confirmed.
pub(super) async fn merge(context: Context<'_>) -> Result<Reply, Failure> {
    let directory = context.directory().await?;
    let (from, into) = (context.guid("guid", directory)?, context.guid("into", directory)?);
    let is_confirmed = context.arguments.get("confirm").is_some();
    // Who confirms has read how many rounds both were in.
    let request = MergeRequest { from: &from, into: &into, force: is_confirmed, dry_run: !is_confirmed };
    let merged = context.maintenance()?.merge_players(request).await;
    let merged = merged.map_err(|error| context.order_failed(error))?;
    let known = Known {
        directory,
        played: context.played().await?,
        sums: context.db.totals(&context.everything(), &Counters::of([&f::KILLS])).await?,
        shows_all: context.shows_all().await?,
    };
    let reply = preview(context, &merged, &known, is_confirmed);
    if is_confirmed {
        return Ok(reply);
    }
    let label = context.texts.say("merge-confirm", &[]);
    let line = format!("merge_players {from} {into} confirm");
    Ok(reply.action(Action::Button(Button::new(label, line))))
}

/// What is known on the servers that are shown: a merge is one for all servers, and its numbers are of all.
struct Known<'a> {
    directory: &'a Directory,
    played: &'a HashMap<String, i64>,
    sums: BTreeMap<String, Totals>,
    shows_all: bool,
}

impl Known<'_> {
    fn name(&self, side: &MergeSide) -> Text {
        Text::name(self.directory.of(&side.player.guid).map_or("", |one| &one.name))
    }
}

fn preview(context: Context<'_>, merged: &Merged, known: &Known<'_>, is_done: bool) -> Reply {
    let texts = context.texts;
    let names: [(&str, crate::Argument); 2] =
        [("from", known.name(&merged.from).into()), ("into", known.name(&merged.into).into())];
    let title = texts.say(if is_done { "merge-done" } else { "merge-preview" }, &names);
    let mut table = Table::new("sides", Text::default())
        .column("guid", Text::plain("GUID"))
        .column("names", texts.say("column-name", &[]))
        .column("rounds", texts.say("short-rounds", &[]))
        .column("kills", texts.say("short-kills", &[]))
        .column("linked", texts.say("column-linked", &[]));
    for side in [&merged.from, &merged.into] {
        table = table.row(row(context, side, known));
    }
    let mut reply = Reply::new(title).table(table).private();
    let shared = &merged.shared;
    if shared.rounds > 0 && known.shows_all {
        let arguments = [
            ("rounds", shared.rounds.into()),
            ("together", shared.together.into()),
            ("against", shared.against.into()),
        ];
        reply = reply.text(texts.say("merge-shared", &arguments));
    }
    if !merged.from.links.is_empty() && !merged.into.links.is_empty() {
        reply = reply.text(texts.say("merge-both-linked", &[]));
    }
    if !known.shows_all {
        return reply;
    }
    reply.text(texts.say("merge-evenings", &[("evenings", merged.evenings.into())]))
}

fn row(context: Context<'_>, side: &MergeSide, known: &Known<'_>) -> Vec<Cell> {
    let one = known.directory.of(&side.player.guid);
    let guids = one.map_or_else(|| side.player.guid.clone(), |one| one.guids.join(", "));
    let names = one.map(|one| one.names.as_slice()).unwrap_or_default();
    vec![
        Cell::Text(Text::plain(&guids)),
        Cell::Text(Text::list(names.iter().take(NAMES).map(|name| Text::name(&name.alias)))),
        Cell::count(known.played.get(&side.player.guid).copied().unwrap_or_default()),
        Cell::count(known.sums.get(&side.player.guid).map_or(0, |totals| totals.kills)),
        Cell::Text(context.texts.say(if side.links.is_empty() { "no" } else { "yes" }, &[])),
    ]
}

/// `unmerge`: makes one player two again.
pub(super) async fn unmerge(context: Context<'_>) -> Result<Reply, Failure> {
    let directory = context.directory().await?;
    let guid = context.guid("guid", directory)?;
    let done = context.maintenance()?.unmerge_player(&guid, false).await;
    let done = done.map_err(|error| context.order_failed(error))?;
    let title = context.texts.say(
        "unmerge-done",
        &[("name", named(directory, &done.player.guid).into()), ("was", Text::plain(&done.was).into())],
    );
    let reply = Reply::new(title).private();
    Ok(if context.shows_all().await? {
        reply.text(context.texts.say("merge-evenings", &[("evenings", done.evenings.into())]))
    } else {
        reply
    })
}

/// The name that a guid alone wears on the servers that are shown, and the guid.
fn named(directory: &Directory, guid: &str) -> Text {
    let one = directory.of(guid);
    let own = one.and_then(|one| one.names.iter().find(|name| name.guid == guid));
    let guid = Text::plain(&format!(" ({guid})"));
    own.map_or_else(Text::default, |name| Text::name(&name.alias)).then(&guid)
}

/// `rebuild_sessions`: works out all evenings again.
pub(super) async fn rebuild_sessions(context: Context<'_>) -> Result<Reply, Failure> {
    let done = context.maintenance()?.rebuild_sessions_of(context.servers, &()).await;
    let done = done.map_err(|error| context.order_failed(error))?;
    let title = context.texts.say("rebuild-done", &[("files", done.files.into())]);
    let changed = [("evenings", done.evenings.into()), ("rounds", done.rounds.into())];
    Ok(Reply::new(title).text(context.texts.say("rebuild-changed", &changed)).private())
}
