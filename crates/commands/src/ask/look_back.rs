//! An evening against those before it: the sentences on top of it, and which of its awards are rare.

use fullhold_analytics::{BADGES, Fact, FactKind, RECORDS, Subject, Tier, rarest};
use fullhold_repository::{Counters, Evening, Period, Scope, Span};
use fullhold_stats_file::Guid;

use super::Context;
use super::evening_data::{day_of, evening};
use super::failure::Failure;
use super::people::by_guid;
use crate::answers::{EveningAnswer, SHOWN_AWARDS};
use crate::reply::Text;

/// The evening with what the evenings before make of it.
pub(super) async fn told(context: Context<'_>, rows: &Evening) -> Result<EveningAnswer, Failure> {
    let mut answer = evening(rows);
    let guids = answer.sums.keys().map(ToString::to_string).collect();
    let of_these = Scope { players: guids, ..context.everything() };
    answer.people.wear(&by_guid(context.db.totals(&of_these, &Counters::all()).await?));
    let back = context.db.look_back(rows.session.id).await?;
    answer.rare_awards = rarest(&answer.awards, &back.awards_before, SHOWN_AWARDS);
    for fact in &back.facts {
        let said = sentence(context, rows, &answer, fact).await?;
        answer.recap.extend(said);
    }
    Ok(answer)
}

/// A fact in words. None where what it is about is not shown.
async fn sentence(
    context: Context<'_>,
    rows: &Evening,
    answer: &EveningAnswer,
    fact: &Fact,
) -> Result<Option<Text>, Failure> {
    Ok(match fact.subject {
        Subject::Match(index) => rows.matches.get(index).map(|one| of_match(context, &one.map_name, fact)),
        Subject::Team { series, is_a } => {
            let series = answer.series.get(series);
            let team = series.map(|series| if is_a { &series.team_a.0 } else { &series.team_b.0 });
            team.map(|team| of_team(context, team, fact))
        }
        Subject::Player(guid) if answer.people.knows(guid) => {
            Some(of_player(context, rows, guid, answer.people.name(guid), fact).await?)
        }
        Subject::Player(_) => None,
    })
}

#[expect(clippy::cast_possible_truncation, reason = "points, seconds and percents of an evening are small")]
fn whole(strength: f64) -> i64 {
    strength.abs().round() as i64
}

fn of_match(context: Context<'_>, map: &str, fact: &Fact) -> Text {
    let count = whole(fact.strength);
    match fact.kind {
        FactKind::ClosestMap => {
            context.texts.say("recap-closest", &[("map", Text::name(map).into()), ("seconds", count.into())])
        }
        _ => context.texts.say("recap-double-hold", &[("map", Text::name(map).into()), ("more", (count - 1).into())]),
    }
}

fn of_team(context: Context<'_>, team: &str, fact: &Fact) -> Text {
    let id = if fact.kind == FactKind::Comeback { "recap-comeback" } else { "recap-first-win" };
    context.texts.say(id, &[("team", Text::name(team).into()), ("count", whole(fact.strength).into())])
}

async fn of_player(context: Context<'_>, rows: &Evening, guid: Guid, name: Text, fact: &Fact) -> Result<Text, Failure> {
    let texts = context.texts;
    Ok(match fact.kind {
        FactKind::Record => match record(context, rows, guid).await? {
            Some((what, value)) => {
                let value = Text::plain(&value);
                texts.say("recap-record", &[("name", name.into()), ("what", what.into()), ("value", value.into())])
            }
            None => texts.say("recap-some-record", &[("name", name.into())]),
        },
        FactKind::Milestone => match milestone(context, rows, guid).await? {
            Some(tier) => texts.say(
                "recap-milestone",
                &[("name", name.into()), ("emoji", tier.emoji.into()), ("title", tier.title.into())],
            ),
            None => texts.say("recap-some-milestone", &[("name", name.into())]),
        },
        FactKind::Form => texts.say("recap-form", &[("name", name.into()), ("form", whole(fact.strength).into())]),
        _ => texts.say("recap-debut", &[("name", name.into())]),
    })
}

/// A record of a single round that somebody set in an evening, with its value.
async fn record(context: Context<'_>, rows: &Evening, guid: Guid) -> Result<Option<(Text, String)>, Failure> {
    let session = &rows.session;
    let period = Period { from: None, to: day_of(&session.session_key) };
    let scope = Scope { servers: vec![session.server_id], period, ..Scope::default() };
    for record in RECORDS {
        let best = context.db.record_holders(Span::Round, record.value.id, &scope, 1).await?;
        let own =
            best.first().filter(|best| best.session_key == session.session_key && best.player_guid == guid.as_str());
        if let Some(best) = own {
            let what = context.texts.say(&format!("formula-{}", record.value.id), &[]);
            return Ok(Some((what, record.value.measure.show(best.value))));
        }
    }
    Ok(None)
}

/// The highest tier that somebody reached in an evening.
async fn milestone(context: Context<'_>, rows: &Evening, guid: Guid) -> Result<Option<&'static Tier>, Failure> {
    let session = &rows.session;
    let earned = context.db.achievements_of_session(session.server_id, &session.session_key).await?;
    let own = earned.iter().filter(|row| row.player_guid == guid.as_str()).max_by_key(|row| row.tier);
    Ok(own.and_then(|row| {
        let badge = BADGES.iter().find(|badge| badge.id == row.badge)?;
        badge.tiers.get(usize::try_from(row.tier).ok()?.checked_sub(1)?)
    }))
}
