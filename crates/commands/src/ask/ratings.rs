//! Skill: `rating`, `ratings`, and two even teams by it.

use std::collections::BTreeMap;

use fullhold_analytics::{
    PROVISIONAL_MATCHES, Ratings, SPLIT_PLAYERS, Skill, SplitError, et_parts, et_ratings, split_teams,
};
use fullhold_repository::{Counters, PlayerRating, RatingPoint, Scope};
use fullhold_stats_file::Guid;

use super::evening_data::{day_of, short_key};
use super::failure::Failure;
use super::find::Typed;
use super::people::{by_guid, everybody};
use super::{Context, pictures};
use crate::answers::{self, RatingAnswer, RatingLine, RatingStep, Trend};
use crate::option::Value;
use crate::reply::Reply;
use crate::words::who;

/// Matches of a player's way that are read: those of some years.
const WAY: i64 = 400;
/// Matches that a trend looks back on.
const TREND: i64 = 10;
/// Splits that are shown: the most even one, and others that are nearly as even.
const SPLITS: usize = 4;

/// `rating`: how good a player is by his results, and how his numbers stand among all.
pub(super) async fn rating(context: Context<'_>) -> Result<Reply, Failure> {
    let guid = context.player("player").await?;
    let everything = context.everything();
    let all = in_order(context.db.ratings(&everything).await?);
    let own = all.iter().find(|one| one.guid == guid);
    let established: Vec<&PlayerRating> = all.iter().filter(|one| !one.skill.is_provisional()).collect();
    let place = established.iter().position(|one| one.guid == guid).map(|place| (place + 1, established.len()));
    let pool = by_guid(context.db.totals(&everything, &Counters::all()).await?);
    let steps = steps(context, own, WAY).await?;
    let directory = context.directory().await?;
    let career = pool.get(&guid).map(|career| (guid, *career));
    let people = directory.people_about(&career.into_iter().collect(), guid);
    let at = context.question.at.unix_timestamp();
    let answer = RatingAnswer {
        guid,
        people: &people,
        skill: own.map(|one| one.skill),
        place,
        spread_today: own.map(|one| 2.0 * grown(guid, one.skill, at).deviation),
        steps: &steps,
        et_rating: et_ratings(&pool).get(&guid).copied(),
        et_parts: &et_parts(&pool, guid),
        start: Ratings::default().skill(guid, at).mean,
        established: PROVISIONAL_MATCHES,
    };
    let person = directory.of(guid.as_str());
    let is_for_himself = person.is_some_and(|one| directory.is_anonymous(one) && directory.is_own(one));
    let reply = answer.reply(context.texts);
    let reply = if is_for_himself { reply.private() } else { reply };
    if !context.has_pictures || steps.is_empty() {
        return Ok(reply);
    }
    Ok(pictures::with(context, reply, vec![("rating", answer.chart())]).await)
}

/// A player's skill after his last match, and where it goes.
pub(super) async fn skill(context: Context<'_>, guid: Guid) -> Result<Option<(Skill, Trend)>, Failure> {
    let Some(own) = own(context, guid).await? else { return Ok(None) };
    let steps = steps(context, Some(&own), TREND + 1).await?;
    let place = usize::try_from(TREND).unwrap_or_default().min(steps.len());
    let start = Ratings::default().skill(guid, 0).mean;
    let before = steps.get(place).map_or(start, |step| step.skill.mean);
    Ok(Some((own.skill, Trend { change: own.skill.mean - before, matches: place })))
}

/// A player's skill after each of his matches, the newest first.
pub(super) async fn way(context: Context<'_>, guid: Guid) -> Result<Vec<Skill>, Failure> {
    let own = own(context, guid).await?;
    Ok(steps(context, own.as_ref(), WAY).await?.into_iter().map(|step| step.skill).collect())
}

async fn own(context: Context<'_>, guid: Guid) -> Result<Option<PlayerRating>, Failure> {
    let scope = Scope { players: vec![guid.to_string()], ..context.everything() };
    Ok(context.db.ratings(&scope).await?.into_iter().find(|one| one.guid == guid))
}

/// A player's way on the server whose matches tell his skill, the newest match first.
async fn steps(context: Context<'_>, own: Option<&PlayerRating>, most: i64) -> Result<Vec<RatingStep>, Failure> {
    let Some(own) = own else { return Ok(Vec::new()) };
    let there = Scope { servers: vec![own.server_id], ..Scope::default() };
    let points = context.db.rating_history(own.guid, &there, most).await?;
    Ok(points.iter().map(step).collect())
}

fn step(point: &RatingPoint) -> RatingStep {
    RatingStep {
        day: day_of(&point.session_key),
        session_key: short_key(&point.session_key).to_owned(),
        map: map_of(&point.match_id),
        outcome: point.outcome,
        skill: point.skill,
    }
}

/// The map in the name of a match, which stands behind its stamp.
fn map_of(match_id: &str) -> String {
    const STAMP: usize = "2025-11-01-203015-".len();
    match_id.get(STAMP..).unwrap_or(match_id).to_owned()
}

/// A skill as it is at an instant: it grows unsure while nothing is played.
fn grown(guid: Guid, skill: Skill, at: i64) -> Skill {
    let mut ratings = Ratings::default();
    ratings.know(guid, skill);
    ratings.skill(guid, at)
}

/// Those whose rating is no guess by what they are at least, then the others.
fn in_order(mut all: Vec<PlayerRating>) -> Vec<PlayerRating> {
    all.sort_by(|a, b| {
        let guess = a.skill.is_provisional().cmp(&b.skill.is_provisional());
        let best = b.skill.at_least().total_cmp(&a.skill.at_least());
        guess.then(best).then(b.skill.matches.cmp(&a.skill.matches)).then(a.guid.cmp(&b.guid))
    });
    all
}

/// `ratings`: everybody by skill.
pub(super) async fn ratings(context: Context<'_>) -> Result<Reply, Failure> {
    let everything = context.everything();
    let all = in_order(context.db.ratings(&everything).await?);
    let pool = by_guid(context.db.totals(&everything, &Counters::all()).await?);
    let et = et_ratings(&pool);
    let line =
        |one: &PlayerRating| RatingLine { guid: one.guid, skill: one.skill, et_rating: et.get(&one.guid).copied() };
    let lines: Vec<RatingLine> = all.iter().map(line).collect();
    let people = everybody(context, &BTreeMap::new()).await?;
    let question = &context.question;
    Ok(answers::ratings(&lines, question.asker.player, question.page, &people, context.texts))
}

/// What everybody in a scope is at least, of those whose rating is no guess: what the board of skill ranks.
pub(super) async fn skills(context: Context<'_>, scope: &Scope) -> Result<BTreeMap<Guid, f64>, Failure> {
    let all = context.db.ratings(scope).await?;
    let known = all.into_iter().filter(|one| !one.skill.is_provisional());
    Ok(known.map(|one| (one.guid, one.skill.at_least())).collect())
}

/// `team_builder`: two even teams of the players who were named.
pub(super) async fn builder(context: Context<'_>) -> Result<Reply, Failure> {
    let Some(Value::Text(typed)) = context.arguments.get("players") else {
        return Err(context.nothing("split-whom"));
    };
    let words = named(typed);
    let people = everybody(context, &BTreeMap::new()).await?;
    let no_split =
        |error: SplitError| Failure::Nothing(Box::new(answers::no_split(error, &people, context.texts).private()));
    // Before anybody is looked for: nobody knows a hundred names.
    if !SPLIT_PLAYERS.contains(&words.len()) {
        return Err(no_split(SplitError::Players(words.len())));
    }
    let mut guids: Vec<Guid> = Vec::new();
    for word in words {
        guids.push(context.player_meant(who(word), Typed { option: "players", text: word }).await?);
    }
    let ratings = context.db.community(context.servers).await?;
    let at = context.question.at.unix_timestamp();
    let splits = split_teams(&guids, &ratings, at, SPLITS).map_err(no_split)?;
    let skills: BTreeMap<Guid, Skill> = guids.iter().map(|guid| (*guid, ratings.skill(*guid, at))).collect();
    Ok(answers::team_split(&splits, &skills, &people, context.texts))
}

/// Names between commas, or words where there are none.
fn named(typed: &str) -> Vec<&str> {
    let names: Vec<&str> =
        if typed.contains(',') { typed.split(',').collect() } else { typed.split_whitespace().collect() };
    names.into_iter().map(|name| name.trim().trim_matches('"').trim()).filter(|name| !name.is_empty()).collect()
}
