//! Evenings, matches and rounds.

use std::collections::BTreeMap;

use fullhold_repository::{
    Evening, EveningEntry, EveningList, FindingRow, MatchRow, Outcome, RoundId, RoundRow, SessionId, sums_of_lines,
};
use fullhold_stats_file::Guid;
use time::Date;

use super::evening_data::{attack, clock, day_of, evening, excluded, halves, people, short_key, side_of_a};
use super::failure::Failure;
use super::{Context, lineup, look_back, pictures};
use crate::answers::{self, EveningLine, MatchAnswer, People, RoundAnswer, RoundTeams};
use crate::option::{MonthWord, SessionWord, Value};
use crate::reply::{Action, Button, Reply, Text};
use crate::words::{Days, Period};

/// Evenings that a list reads at once.
const LISTED: i64 = 50;

/// `last_session`: the newest evening.
pub(super) async fn last(context: Context<'_>) -> Result<Reply, Failure> {
    show(context, SessionWord::Last).await
}

/// `session`: any evening.
pub(super) async fn one(context: Context<'_>) -> Result<Reply, Failure> {
    show(context, context.session_word()).await
}

async fn show(context: Context<'_>, word: SessionWord) -> Result<Reply, Failure> {
    let rows = read(context, word).await?;
    let view = context.view();
    let mut answer = match view {
        "overview" | "players" => look_back::told(context, &rows).await?,
        _ => evening(&rows),
    };
    if view == "teams" {
        answer.lineup = lineup::sentences(context, &rows, &answer).await?;
    }
    let reply = answer.view(view, context.texts);
    let pictures = match view {
        _ if !context.has_pictures || answer.sums.is_empty() => Vec::new(),
        "overview" => vec![("evening", answer.result_card(context.texts))],
        "players" => vec![("players", answer.players_card(context.texts))],
        "graphs" => answer.charts(context.texts),
        _ => Vec::new(),
    };
    Ok(pictures::with(context, reply, pictures).await)
}

/// `mvp`: the most valuable players of each round and of the evening.
pub(super) async fn mvp(context: Context<'_>) -> Result<Reply, Failure> {
    let rows = read(context, context.session_word()).await?;
    Ok(evening(&rows).mvps(context.texts))
}

/// The evening that a word means.
async fn read(context: Context<'_>, word: SessionWord) -> Result<Evening, Failure> {
    let id = match word {
        SessionWord::Last => context.db.newest_session(context.servers).await?,
        SessionWord::Key(key) => context.db.session_with_stamp(context.servers, &key).await?,
        SessionWord::Number(number) => context.db.session_with_number(context.servers, number).await?,
        SessionWord::On(day) => on_day(context, day).await?,
        SessionWord::Period(period) => match period.days(context.question.today, &[]).first {
            Some(day) => on_day(context, day).await?,
            None => None,
        },
    };
    context.evening(id, "evening-unknown").await
}

impl Context<'_> {
    /// An evening with the names that the viewer may see; `unknown` says that there is none.
    pub(super) async fn evening(&self, id: Option<SessionId>, unknown: &str) -> Result<Evening, Failure> {
        let mut rows = self.stored_evening(id, unknown).await?;
        self.directory().await?.veil(&mut rows.lines);
        Ok(rows)
    }

    /// An evening with the names that were worn.
    pub(super) async fn stored_evening(&self, id: Option<SessionId>, unknown: &str) -> Result<Evening, Failure> {
        let rows = match id {
            Some(id) => self.db.evening(id).await?,
            None => None,
        };
        rows.ok_or_else(|| self.nothing(unknown))
    }

    /// The number of a round, as it was asked for.
    pub(super) fn round_number(&self) -> Result<RoundId, Failure> {
        let number = match self.arguments.get("round") {
            Some(Value::Number(number)) => i32::try_from(*number).ok().map(RoundId),
            _ => None,
        };
        number.ok_or_else(|| self.nothing("round-unknown"))
    }
}

/// The evening of a day; several are a choice, none says which are near.
async fn on_day(context: Context<'_>, day: Date) -> Result<Option<SessionId>, Failure> {
    let entries = context.db.evenings(&of_days(context, Days { first: Some(day), last: Some(day) })).await?;
    match entries.as_slice() {
        [one] => Ok(Some(one.session.id)),
        [] => {
            let earlier = EveningList { limit: 3, ..of_days(context, Days { first: None, last: Some(day) }) };
            let before = context.db.evenings(&earlier).await?;
            let title = context.texts.say("evening-none-on", &[("day", day.to_string().as_str().into())]);
            Err(choice(title, &before))
        }
        several => {
            Err(choice(context.texts.say("evening-several-on", &[("day", day.to_string().as_str().into())]), several))
        }
    }
}

fn choice(title: Text, entries: &[EveningEntry]) -> Failure {
    let reply = entries.iter().fold(Reply::new(title).private(), |reply, entry| {
        let session = &entry.session;
        let key = short_key(&session.session_key);
        let label = Text::plain(&format!("#{} {key}", entry.number));
        reply.action(Action::Button(Button::new(label, format!("session {key}"))))
    });
    Failure::Nothing(Box::new(reply))
}

fn of_days(context: Context<'_>, days: Days) -> EveningList {
    EveningList {
        servers: context.servers.to_vec(),
        first_day: days.first.map(|day| day.to_string()),
        before_day: days.last.and_then(Date::next_day).map(|day| day.to_string()),
        limit: LISTED,
        offset: 0,
    }
}

/// `sessions`: the evenings of a month, or the newest.
pub(super) async fn list(context: Context<'_>) -> Result<Reply, Failure> {
    let (days, scope) = match context.arguments.get("month") {
        Some(Value::Month(MonthWord::Of(month))) => {
            (Days { first: month.first_day(), last: month.last_day() }, Text::plain(&month.to_string()))
        }
        Some(Value::Month(MonthWord::Newest(month))) => {
            let days = Period::MonthName(*month).days(context.question.today, &context.months().await?);
            let scope = days
                .first
                .map_or_else(String::new, |first| format!("{:04}-{:02}", first.year(), u8::from(first.month())));
            (days, Text::plain(&scope))
        }
        _ => (Days { first: None, last: None }, Text::default()),
    };
    let entries = context.db.evenings(&of_days(context, days)).await?;
    let lines: Vec<EveningLine> = entries.iter().filter_map(line).collect();
    Ok(answers::evenings(&scope, &lines, context.texts))
}

fn line(entry: &EveningEntry) -> Option<EveningLine> {
    let session = &entry.session;
    Some(EveningLine {
        key: short_key(&session.session_key).to_owned(),
        number: entry.number,
        day: day_of(&session.session_key)?,
        score: Some((session.score_a.into(), session.score_b.into())),
        maps: entry.maps.clone(),
        rounds: session.rounds.into(),
        players: session.players.into(),
        seconds: (session.ended_at - session.started_at).whole_seconds(),
    })
}

/// `last_round`: the newest round.
pub(super) async fn last_round(context: Context<'_>) -> Result<Reply, Failure> {
    let newest = context.db.newest_round(context.servers).await?;
    show_round(context, newest.ok_or_else(|| context.nothing("round-unknown"))?).await
}

/// `round`: one round by its number.
pub(super) async fn round(context: Context<'_>) -> Result<Reply, Failure> {
    show_round(context, context.round_number()?).await
}

async fn show_round(context: Context<'_>, id: RoundId) -> Result<Reply, Failure> {
    let rows = session_of(context, id).await?;
    let (mut lines, weapons) = context.db.round_lines(id).await?;
    let directory = context.directory().await?;
    directory.veil(&mut lines);
    let round = rows.rounds.iter().find(|round| round.id == id).ok_or_else(|| context.nothing("round-unknown"))?;
    let sums = sums_of_lines(lines.iter(), &weapons);
    let side: BTreeMap<Guid, i32> = lines
        .iter()
        .filter(|one| one.line.counts())
        .filter_map(|one| Some((Guid::new(&one.person_guid)?, one.line.team)))
        .collect();
    let number = |side: i32| u8::try_from(side).ok();
    let players = sums.into_iter().filter_map(|(guid, totals)| Some((guid, number(*side.get(&guid)?)?, totals)));
    let people = people(&lines);
    let findings = context.db.findings_of(id).await?;
    let one = rows.matches.iter().find(|one| is_in(one, id));
    let answer = RoundAnswer {
        id: round.id.0.into(),
        session_key: short_key(&rows.session.session_key).to_owned(),
        map: round.map_name.clone(),
        number: number(round.round_number).unwrap_or_default(),
        ended_at: round.ended_at.assume_utc().unix_timestamp(),
        seconds: round.actual_time_seconds.map(i64::from),
        limit: Some(i64::from(round.time_limit_seconds)).filter(|limit| *limit > 0),
        winner: round.winner_team.and_then(number),
        is_completed: round.round_outcome == Outcome::Completed,
        attack: one.and_then(|one| attack(round, one)),
        teams: one.and_then(|one| round_teams(&rows, round, one)),
        evening: Some(rows.number),
        clock: day_of(&round.server_stamp).zip(clock(&round.round_time)),
        excluded: excluded(round),
        findings: findings.iter().map(|finding| said(context, finding, &people)).collect(),
        players: players.collect(),
        people,
    };
    let reply = answer.reply(context.texts);
    if !context.has_pictures || answer.players.is_empty() {
        return Ok(reply);
    }
    Ok(pictures::with(context, reply, vec![("round", answer.card(context.texts))]).await)
}

fn is_in(one: &MatchRow, round: RoundId) -> bool {
    one.r1_round_id == Some(round) || one.r2_round_id == Some(round)
}

/// Who played with whom in a round: none where its match gives no points.
fn round_teams(rows: &Evening, round: &RoundRow, one: &MatchRow) -> Option<RoundTeams> {
    let index = rows.matches.iter().position(|other| other.match_id == one.match_id)?;
    let series = rows.series().into_iter().find(|series| series.series.matches.contains(&index))?;
    let (a, b) = series.names.shown();
    // A match gives its points when its second round is over.
    let is_over = |other: &usize| *other < index || (*other == index && round.round_number == 2);
    let played = series.series.matches.iter().copied().filter(is_over).filter_map(|other| rows.matches.get(other));
    let points = |of: fn(&MatchRow) -> Option<i32>| played.clone().filter_map(of).map(i64::from).sum();
    Some(RoundTeams {
        names: [a.to_owned(), b.to_owned()],
        side_of_a: u8::try_from(side_of_a(round, one)?).ok()?,
        score: Some((points(|one| one.points_a), points(|one| one.points_b))),
    })
}

/// What was found in a round's file, in words; about whom, as he is shown.
fn said(context: Context<'_>, finding: &FindingRow, people: &People) -> Text {
    let numbers = [
        ("message", Text::name(&finding.message).into()),
        ("expected", Text::name(&finding.expected).into()),
        ("found", Text::name(&finding.found).into()),
    ];
    let text = context.texts.say("finding", &numbers);
    match finding.player_guid.as_deref().and_then(Guid::new) {
        Some(guid) if people.knows(guid) => people.name(guid).then(&Text::plain(": ")).then(&text),
        _ => text,
    }
}

async fn session_of(context: Context<'_>, round: RoundId) -> Result<Evening, Failure> {
    let session = context.db.session_of_round(context.servers, round).await?;
    context.evening(session, "round-unknown").await
}

/// `match`: both rounds of a map and their sum, by the number of either.
pub(super) async fn one_match(context: Context<'_>) -> Result<Reply, Failure> {
    let id = match context.session_word() {
        SessionWord::Number(number) => i32::try_from(number).ok().map(RoundId),
        _ => None,
    };
    let id = id.ok_or_else(|| context.nothing("round-unknown"))?;
    let rows = session_of(context, id).await?;
    let found = rows.matches.iter().enumerate().find(|(_, one)| is_in(one, id));
    let (index, one) = found.ok_or_else(|| context.nothing("round-unknown"))?;
    let whole = evening(&rows);
    let line = whole.matches.get(index).cloned().unwrap_or_default();
    let series = line.series.and_then(|series| whole.series.get(series));
    let points = series.zip(line.points);
    let [first, second] = halves(one, &rows);
    let answer = MatchAnswer {
        map: one.map_name.clone(),
        session_key: short_key(&rows.session.session_key).to_owned(),
        points: points.map(|(series, (a, b))| ((series.team_a.0.clone(), a), (series.team_b.0.clone(), b))),
        attacks: line.attacks,
        teams: series.map(|series| [series.players_a.clone(), series.players_b.clone()]),
        evening: Some(rows.number),
        place: (index + 1, rows.matches.len()),
        undecided: line.undecided,
        rounds: [one.r1_round_id, one.r2_round_id].into_iter().flatten().map(|id| i64::from(id.0)).collect(),
        first,
        second,
        people: whole.people,
    };
    let reply = answer.reply(context.texts);
    if !context.has_pictures || answer.both().is_empty() {
        return Ok(reply);
    }
    Ok(pictures::with(context, reply, vec![("match", answer.card(context.texts))]).await)
}
