//! Which handler a command has.

use std::pin::Pin;

use super::failure::Failure;
use super::{
    Context, admin, audit, careers, duos, evening, explain, files, identity, maps, now, own, players, ratings, records,
    rosters, season, watching,
};
use crate::answers;
use crate::reply::Reply;

/// What a handler comes to.
pub(super) type Answering<'a> = Pin<Box<dyn Future<Output = Result<Reply, Failure>> + Send + 'a>>;
/// Answers one command.
pub(super) type Handler = for<'a> fn(Context<'a>) -> Answering<'a>;

/// The handlers by the names of their commands.
const HANDLERS: &[(&str, Handler)] = &[
    ("about", |context| Box::pin(now::about(context))),
    ("achievements", |context| Box::pin(careers::achievements(context))),
    ("aliases", |context| Box::pin(players::aliases(context))),
    ("assign_player", |context| Box::pin(rosters::assign(context))),
    ("audit", |context| Box::pin(audit::audit(context))),
    ("automation_status", |context| Box::pin(watching::status(context))),
    ("badges", |context| Box::pin(async move { Ok(answers::badges(context.texts)) })),
    ("best_duos", |context| Box::pin(duos::best(context))),
    ("cache_clear", |context| Box::pin(audit::cache_clear(context))),
    ("compare", |context| Box::pin(careers::compare(context))),
    ("explain", |context| Box::pin(explain::explain(context))),
    ("export", |context| Box::pin(context.answerer.export(context))),
    ("files", |context| Box::pin(files::files(context))),
    ("health", |context| Box::pin(files::health(context))),
    ("help", |context| Box::pin(async move { context.answerer.help(context) })),
    ("last_round", |context| Box::pin(evening::last_round(context))),
    ("last_session", |context| Box::pin(evening::last(context))),
    ("leaderboard", |context| Box::pin(careers::leaderboard(context))),
    ("link", |context| Box::pin(identity::link(context))),
    ("link_me", |context| Box::pin(identity::link_me(context))),
    ("list_players", |context| Box::pin(players::list(context))),
    ("map", |context| Box::pin(maps::one(context))),
    ("maps", |context| Box::pin(maps::list(context))),
    ("match", |context| Box::pin(evening::one_match(context))),
    ("me", |context| Box::pin(own::me(context))),
    ("merge_players", |context| Box::pin(admin::merge(context))),
    ("mvp", |context| Box::pin(evening::mvp(context))),
    ("ping", |context| Box::pin(now::ping(context))),
    ("player_search", |context| Box::pin(players::search(context))),
    ("privacy", |context| Box::pin(own::privacy(context))),
    ("rating", |context| Box::pin(ratings::rating(context))),
    ("ratings", |context| Box::pin(ratings::ratings(context))),
    ("rebuild_sessions", |context| Box::pin(admin::rebuild_sessions(context))),
    ("records", |context| Box::pin(records::records(context))),
    ("round", |context| Box::pin(evening::round(context))),
    ("round_valid", |context| Box::pin(admin::round_valid(context))),
    ("season", |context| Box::pin(season::show(context))),
    ("session", |context| Box::pin(evening::one(context))),
    ("session_stats", |context| Box::pin(now::running(context))),
    ("sessions", |context| Box::pin(evening::list(context))),
    ("set_team_names", |context| Box::pin(rosters::name(context))),
    ("set_teams", |context| Box::pin(rosters::set(context))),
    ("setname", |context| Box::pin(own::setname(context))),
    ("start_monitoring", |context| Box::pin(watching::start(context))),
    ("stats", |context| Box::pin(careers::stats(context))),
    ("stop_monitoring", |context| Box::pin(watching::stop(context))),
    ("sync_all", |context| Box::pin(watching::sync_all(context))),
    ("sync_stats", |context| Box::pin(watching::sync_days(context))),
    ("synergy", |context| Box::pin(careers::synergy(context))),
    ("team_builder", |context| Box::pin(ratings::builder(context))),
    ("teammates", |context| Box::pin(duos::teammates(context))),
    ("unlink", |context| Box::pin(identity::unlink(context))),
    ("unmerge", |context| Box::pin(admin::unmerge(context))),
];

/// Commands that have a handler, by name. Help and registration offer these and no others.
pub fn answered() -> impl Iterator<Item = &'static str> {
    HANDLERS.iter().map(|(name, _)| *name)
}

/// Runs a command.
pub(super) fn run<'a>(name: &str, context: Context<'a>) -> Answering<'a> {
    if let Some((_, handler)) = HANDLERS.iter().find(|(known, _)| *known == name) {
        return handler(context);
    }
    let text = context.texts.say("not-yet", &[("command", name.into())]);
    Box::pin(async { Err(Failure::Nothing(Box::new(Reply::new(text).private()))) })
}
