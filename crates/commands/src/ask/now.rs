//! What goes on right now: the evening that is played, how fresh the data is, what answers here.

use std::collections::BTreeSet;
use std::time::Instant;

use fullhold_repository::{Backend, Db, Error, Evening, Freshness, ServerId, Status};
use fullhold_stats_file::Guid;
use time::OffsetDateTime;

use super::evening_data::{day_of, evening, short_key};
use super::failure::Failure;
use super::{Answerer, Context};
use crate::answers::{About, FreshLine, Ping};
use crate::reply::{Action, Button, Reply, Text};

/// The gap that ends an evening where no rules are recorded, as in a database of an older program; in seconds.
const USUAL_GAP: i64 = 3_600;

/// `session_stats`: the evening that is played now, or when the last one was.
pub(super) async fn running(context: Context<'_>) -> Result<Reply, Failure> {
    let rows = context.evening(context.db.newest_session(context.servers).await?, "evening-unknown").await?;
    let ended_at = rows.session.ended_at.assume_utc().unix_timestamp();
    let instant = Text::instant(ended_at);
    if context.question.at.unix_timestamp() - ended_at >= gap(context.db, rows.session.server_id).await? {
        let key = short_key(&rows.session.session_key);
        let day = day_of(&rows.session.session_key).map_or_else(|| key.to_owned(), |day| day.to_string());
        let last = context.texts.say(
            "running-last",
            &[("number", rows.number.into()), ("day", day.as_str().into()), ("at", instant.into())],
        );
        let label = context.texts.say("running-open", &[]);
        let button = Button::new(label, format!("session {key}"));
        return Ok(Reply::new(context.texts.say("running-none", &[])).text(last).action(Action::Button(button)));
    }
    let answer = evening(&rows);
    let up = context
        .texts
        .say("running-up", &[("at", instant.into()), ("players", answer.people.list(&in_last_round(&rows)).into())]);
    Ok(answer.view("overview", context.texts).text(up))
}

impl Answerer {
    /// The evening that is played at an instant, in a few words; none when none is.
    ///
    /// # Errors
    /// The database failed.
    pub async fn now_playing(&self, at: OffsetDateTime) -> Result<Option<String>, Error> {
        let Some(id) = self.db.newest_session(&self.config.servers).await? else { return Ok(None) };
        let Some(rows) = self.db.evening(id).await? else { return Ok(None) };
        let ended_at = rows.session.ended_at.assume_utc().unix_timestamp();
        if at.unix_timestamp() - ended_at >= gap(&self.db, rows.session.server_id).await? {
            return Ok(None);
        }
        let Some(last) = rows.rounds.last() else { return Ok(None) };
        let arguments = [("map", Text::name(&last.map_name).into()), ("rounds", rows.rounds.len().into())];
        Ok(Some(self.texts.say("now-playing", &arguments).to_plain()))
    }
}

/// A longer pause ends an evening of this server, in seconds.
async fn gap(db: &Db, server: ServerId) -> Result<i64, Error> {
    let rules = db.read(|tx, _| Box::pin(tx.rules())).await?;
    let own = rules.iter().find(|rules| rules.server_id == server);
    Ok(own.map_or(USUAL_GAP, |rules| i64::from(rules.session_gap_seconds)))
}

/// Who played the last round.
fn in_last_round(rows: &Evening) -> Vec<Guid> {
    let last = rows.rounds.last().map(|round| round.id);
    let lines = rows.lines.iter().filter(|one| Some(one.line.round_id) == last && one.line.counts());
    let players: BTreeSet<Guid> = lines.filter_map(|one| Guid::new(&one.person_guid)).collect();
    players.into_iter().collect()
}

/// `ping`: whether the database answers, and how fresh its data is.
pub(super) async fn ping(context: Context<'_>) -> Result<Reply, Failure> {
    let asked = Instant::now();
    let fresh = context.db.freshness().await?;
    let milliseconds = i64::try_from(asked.elapsed().as_millis()).unwrap_or(i64::MAX);
    let is_shown = |one: &&Freshness| context.shows(one.server_id);
    let seconds = |at: time::PrimitiveDateTime| at.assume_utc().unix_timestamp();
    let servers = fresh.iter().filter(is_shown).map(|one| FreshLine {
        server: one.server.clone(),
        newest_round: one.newest_round.map(seconds),
        last_look: one.last_look.map(seconds),
        last_error: one.last_error.map(seconds),
    });
    let now = context.question.at.unix_timestamp();
    let cache_hits = context.answerer.cache_figures().hit_percent();
    Ok(Ping { milliseconds, now, cache_hits, servers: servers.collect() }.reply(context.texts))
}

/// `about`: what answers here.
pub(super) async fn about(context: Context<'_>) -> Result<Reply, Failure> {
    // Each evening has a month.
    let evenings = context.months().await?.len();
    let about = About {
        version: env!("CARGO_PKG_VERSION"),
        schema: Status::newest_known().into(),
        database: match context.db.backend() {
            Backend::Sqlite => "SQLite",
            Backend::Postgres => "PostgreSQL",
        },
        evenings: i64::try_from(evenings).unwrap_or(i64::MAX),
    };
    Ok(about.reply(context.texts))
}
