//! Which handler a command has, group by group.

use super::failure::Failure;
use super::{Context, admin, careers, duos, evening, files, identity, maps, now, own, players, rosters, season};
use crate::answers;
use crate::command::{Command, Group};
use crate::reply::Reply;

/// Runs a command.
pub(super) async fn run(command: &'static Command, context: Context<'_>) -> Result<Reply, Failure> {
    match command.group {
        Group::Players => of_players(command.name, context).await,
        Group::Evenings => of_evenings(command.name, context).await,
        Group::Rankings => of_rankings(command.name, context).await,
        Group::Teams => of_teams(command.name, context).await,
        Group::Bot => of_the_bot(command.name, context).await,
        Group::Me => of_me(command.name, context).await,
        Group::Admin => of_admins(command.name, context).await,
    }
}

async fn of_players(name: &str, context: Context<'_>) -> Result<Reply, Failure> {
    match name {
        "achievements" => careers::achievements(context).await,
        "aliases" => players::aliases(context).await,
        "badges" => Ok(answers::badges(context.texts)),
        "compare" => careers::compare(context).await,
        "list_players" => players::list(context).await,
        "player_search" => players::search(context).await,
        "stats" => careers::stats(context).await,
        _ => not_yet(name, context),
    }
}

async fn of_evenings(name: &str, context: Context<'_>) -> Result<Reply, Failure> {
    match name {
        "last_round" => evening::last_round(context).await,
        "last_session" => evening::last(context).await,
        "map" => maps::one(context).await,
        "maps" => maps::list(context).await,
        "match" => evening::one_match(context).await,
        "mvp" => evening::mvp(context).await,
        "round" => evening::round(context).await,
        "session" => evening::one(context).await,
        "session_stats" => now::running(context).await,
        "sessions" => evening::list(context).await,
        _ => not_yet(name, context),
    }
}

async fn of_rankings(name: &str, context: Context<'_>) -> Result<Reply, Failure> {
    match name {
        "leaderboard" => careers::leaderboard(context).await,
        "records" => maps::records(context).await,
        "season" => season::show(context).await,
        _ => not_yet(name, context),
    }
}

async fn of_teams(name: &str, context: Context<'_>) -> Result<Reply, Failure> {
    match name {
        "best_duos" => duos::best(context).await,
        "synergy" => careers::synergy(context).await,
        "teammates" => duos::teammates(context).await,
        _ => not_yet(name, context),
    }
}

async fn of_the_bot(name: &str, context: Context<'_>) -> Result<Reply, Failure> {
    match name {
        "about" => now::about(context).await,
        "ping" => now::ping(context).await,
        _ => not_yet(name, context),
    }
}

async fn of_me(name: &str, context: Context<'_>) -> Result<Reply, Failure> {
    match name {
        "link" => identity::link(context).await,
        "link_me" => identity::link_me(context).await,
        "me" => own::me(context).await,
        "privacy" => own::privacy(context).await,
        "setname" => own::setname(context).await,
        "unlink" => identity::unlink(context).await,
        _ => not_yet(name, context),
    }
}

async fn of_admins(name: &str, context: Context<'_>) -> Result<Reply, Failure> {
    match name {
        "files" => files::files(context).await,
        "health" => files::health(context).await,
        "merge_players" => admin::merge(context).await,
        "rebuild_sessions" => admin::rebuild_sessions(context).await,
        "round_valid" => admin::round_valid(context).await,
        "set_teams" => rosters::set(context).await,
        "unmerge" => admin::unmerge(context).await,
        _ => not_yet(name, context),
    }
}

fn not_yet(name: &str, context: Context<'_>) -> Result<Reply, Failure> {
    let text = context.texts.say("not-yet", &[("command", name.into())]);
    Err(Failure::Nothing(Box::new(Reply::new(text).private())))
}
