//! Players over any scope: profile, comparison, boards, achievements.

use std::collections::BTreeMap;

use fullhold_analytics::{Board, Skill, Totals, Value as BoardValue, et_ratings, form, formula_table as f};
use fullhold_repository::{Career, Counters, Output, Scope, SessionOfPlayer, SharedMatch};
use fullhold_stats_file::{Guid, Weapon};

use super::duos::results_less;
use super::evening_data::{day_of, short_key};
use super::failure::Failure;
use super::people::{by_guid, everybody};
use super::{Context, pictures, ratings, records};
use crate::answers::{BoardAnswer, Comparison, EveningOf, MatchOf, People, Profile, Trend, WeaponSums, playstyle};
use crate::option::Value;
use crate::reply::{Reply, Text};

/// Evenings before the last that form is measured against.
const FORM_EVENINGS: usize = 10;
/// The board of form.
const FORM: &str = "form";
/// Evenings that the view of form shows and draws.
const FORM_SHOWN: i64 = 60;

/// `leaderboard`: ten a page, and where the asker stands.
pub(super) async fn leaderboard(context: Context<'_>) -> Result<Reply, Failure> {
    let Some(Value::Board(board)) = context.arguments.get("category") else {
        return Err(context.nothing("board-none"));
    };
    let asked = context.asked().await?;
    let counters = match board.value {
        BoardValue::Of(_) => Counters::of_board(board),
        BoardValue::Given(_) => Counters::all(),
    };
    let (scope, forms) = if board.id == FORM { forms(context).await? } else { (asked.scope.clone(), BTreeMap::new()) };
    let sums = by_guid(context.db.totals(&scope, &counters).await?);
    let given = if board.id == FORM { forms } else { given(board, &sums, &asked.scope, context).await? };
    let people = everybody(context, &BTreeMap::new()).await?;
    let answer = BoardAnswer {
        board,
        sums: &sums,
        given: &given,
        people: &people,
        asker: context.question.asker.player,
        period: &asked.period,
        map: &asked.map,
        page: context.question.page,
    };
    Ok(answer.reply(context.texts))
}

/// Values of boards that are not computed of sums.
async fn given(
    board: &Board,
    sums: &BTreeMap<Guid, Totals>,
    scope: &Scope,
    context: Context<'_>,
) -> Result<BTreeMap<Guid, f64>, Failure> {
    match board.value {
        BoardValue::Of(_) => Ok(BTreeMap::new()),
        BoardValue::Given(_) if board.id == "et_rating" => Ok(et_ratings(sums)),
        // As it stood at the end of the period.
        BoardValue::Given(_) => ratings::skills(context, scope).await,
    }
}

/// What is known of a player.
struct Known {
    career: Career,
    all: Totals,
    weapons: Vec<WeaponSums>,
    /// Everybody's sums of all time.
    pool: BTreeMap<Guid, Totals>,
    et_rating: Option<f64>,
    skill: Option<(Skill, Trend)>,
    form: Option<f64>,
    other_names: Vec<String>,
    last_seen: Option<i64>,
    people: People,
    /// Others are not to see this.
    is_for_himself: bool,
}

async fn known(context: Context<'_>, guid: Guid, scope: &Scope) -> Result<Known, Failure> {
    let career = context.db.career(guid.as_str(), scope).await?;
    let everything = context.everything();
    let pool = by_guid(context.db.totals(&everything, &Counters::all()).await?);
    let all = pool.get(&guid).copied().unwrap_or_default();
    let history =
        context.db.player_history(guid.as_str(), &everything, i64::try_from(FORM_EVENINGS + 1).unwrap_or(1)).await?;
    let evenings: Vec<Totals> = history.iter().map(|evening| evening.totals).collect();
    let directory = context.directory().await?;
    let person = directory.of(guid.as_str());
    let is_veiled = person.is_some_and(|one| directory.is_anonymous(one));
    let is_own = person.is_some_and(|one| directory.is_own(one));
    let other_names = match person {
        Some(one) if is_own || !is_veiled => one.other_names(),
        _ => Vec::new(),
    };
    let weapons = career.weapons.iter().filter_map(|sums| {
        Some(WeaponSums {
            weapon: Weapon::from_name(&sums.weapon)?,
            kills: sums.kills,
            deaths: sums.deaths,
            hits: sums.hits,
            shots: sums.shots,
            head_hits: sums.head_hits,
        })
    });
    Ok(Known {
        weapons: weapons.collect(),
        et_rating: et_ratings(&pool).get(&guid).copied(),
        skill: ratings::skill(context, guid).await?,
        pool,
        form: evenings.split_first().and_then(|(last, before)| form(last, before)),
        other_names,
        last_seen: person.map(|one| one.last_seen.assume_utc().unix_timestamp()),
        people: directory.people_about(&BTreeMap::from([(guid, all)]), guid),
        is_for_himself: is_veiled && is_own,
        all,
        career,
    })
}

/// `stats`: a player with his views.
pub(super) async fn stats(context: Context<'_>) -> Result<Reply, Failure> {
    let guid = context.player("player").await?;
    let asked = context.asked().await?;
    let known = known(context, guid, &asked.scope).await?;
    let words = asked.words();
    let profile = Profile { is_of_map: !asked.map.is_empty(), ..profile(guid, &known, &words) };
    let reply = match context.view() {
        "weapons" => profile.weapons(context.texts),
        "maps" => profile.maps(context.texts),
        "form" => profile.form_view(&evenings(context, guid, &asked.scope, FORM_SHOWN).await?, context.texts),
        "records" => profile.best(&records::own(context, guid, &asked.scope).await?, context.texts),
        "matches" => profile.match_view(&matches(context, guid, &asked.scope).await?, context.texts),
        _ => profile.overview(context.texts),
    };
    let reply = if known.is_for_himself { reply.private() } else { reply };
    if !context.has_pictures || profile.totals.rounds == 0 {
        return Ok(reply);
    }
    let pool: Vec<&Totals> = known.pool.values().collect();
    let pictures = match context.view() {
        "overview" => {
            let last = evenings(context, guid, &asked.scope, 1).await?;
            let way = ratings::way(context, guid).await?;
            let last_day = last.first().and_then(|one| one.day);
            vec![("profile", profile.card(&pool, last_day, &way, context.texts))]
        }
        "form" => {
            let evenings = evenings(context, guid, &asked.scope, FORM_SHOWN).await?;
            vec![("form", profile.form_chart(&evenings, context.texts))]
        }
        _ => Vec::new(),
    };
    Ok(pictures::with(context, reply, pictures).await)
}

/// Evenings of a player, the newest first.
async fn evenings(context: Context<'_>, guid: Guid, scope: &Scope, most: i64) -> Result<Vec<EveningOf>, Failure> {
    let history = context.db.player_history(guid.as_str(), scope, most).await?;
    let evening = |one: SessionOfPlayer| EveningOf {
        day: day_of(&one.session_key),
        key: short_key(&one.session_key).to_owned(),
        totals: one.totals,
    };
    Ok(history.into_iter().map(evening).collect())
}

/// Decided matches of a player, the newest first.
async fn matches(context: Context<'_>, guid: Guid, scope: &Scope) -> Result<Vec<MatchOf>, Failure> {
    // In a match he is in one team with himself.
    let own = context.db.together(guid.as_str(), guid.as_str(), scope).await?;
    let of = |one: SharedMatch| MatchOf { key: one.match_id, map: one.map_name, margin: one.margin.into() };
    Ok(own.into_iter().rev().map(of).collect())
}

/// Values of the board of form: the last evening of each who was there against his own before.
async fn forms(context: Context<'_>) -> Result<(Scope, BTreeMap<Guid, f64>), Failure> {
    let newest = context.db.newest_session(context.servers).await?;
    let scope = Scope { sessions: newest.into_iter().collect(), ..context.everything() };
    let there = by_guid(context.db.totals(&scope, &Counters::of([&f::ROUNDS])).await?);
    let most = i64::try_from(FORM_EVENINGS + 1).unwrap_or(1);
    let mut forms = BTreeMap::new();
    for guid in there.into_keys() {
        let history = context.db.player_history(guid.as_str(), &context.everything(), most).await?;
        let evenings: Vec<Totals> = history.iter().map(|evening| evening.totals).collect();
        forms.extend(evenings.split_first().and_then(|(last, before)| Some((guid, form(last, before)?))));
    }
    Ok((scope, forms))
}

/// `maps` with a player: how he does on each.
pub(super) async fn maps_of(context: Context<'_>) -> Result<Reply, Failure> {
    let guid = context.player("player").await?;
    let known = known(context, guid, &context.everything()).await?;
    let words = Text::default();
    let reply = profile(guid, &known, &words).maps(context.texts);
    Ok(if known.is_for_himself { reply.private() } else { reply })
}

/// `achievements`: what a player has earned.
pub(super) async fn achievements(context: Context<'_>) -> Result<Reply, Failure> {
    let guid = context.player("player").await?;
    let known = known(context, guid, &context.everything()).await?;
    let words = Text::default();
    let earned = context.db.achievements(guid.as_str(), context.servers).await?;
    let mut days: BTreeMap<(&str, usize), time::Date> = BTreeMap::new();
    // Oldest first: of several servers the first counts.
    for row in &earned {
        let tier = usize::try_from(row.tier).unwrap_or_default();
        if let Some(day) = day_of(&row.session_key) {
            days.entry((row.badge.as_str(), tier)).or_insert(day);
        }
    }
    let reply = profile(guid, &known, &words).achievements(&days, context.texts);
    Ok(if known.is_for_himself { reply.private() } else { reply })
}

fn profile<'a>(guid: Guid, known: &'a Known, scope: &'a Text) -> Profile<'a> {
    Profile {
        guid,
        people: &known.people,
        totals: &known.career.totals,
        career: &known.all,
        weapons: &known.weapons,
        maps: &known.career.maps,
        other_names: &known.other_names,
        skill: known.skill,
        et_rating: known.et_rating,
        form: known.form,
        last_seen: known.last_seen,
        scope,
        is_of_map: false,
    }
}

/// `compare`: two or three players side by side.
pub(super) async fn compare(context: Context<'_>) -> Result<Reply, Failure> {
    let show = |comparison: &Comparison<'_>| (comparison.reply(context.texts), comparison.chart(context.texts));
    let ((reply, chart), players, pool) = compared(context, show).await?;
    if !context.has_pictures {
        return Ok(reply);
    }
    let people = everybody(context, &BTreeMap::new()).await?;
    let gate = context.texts.say("playstyle-gate", &[]).to_plain();
    let radar = playstyle(&players, &pool, &people, gate);
    Ok(pictures::with(context, reply, vec![("comparison", chart), ("playstyle", radar)]).await)
}

/// `synergy`: two players together against apart.
pub(super) async fn synergy(context: Context<'_>) -> Result<Reply, Failure> {
    let (reply, ..) = compared(context, |comparison| comparison.synergy(context.texts)).await?;
    Ok(reply)
}

/// What was made of a comparison, who it compares, and the sums of everybody.
type Compared<T> = (T, Vec<(Guid, Totals)>, BTreeMap<Guid, Totals>);

async fn compared<T>(context: Context<'_>, show: impl Fn(&Comparison<'_>) -> T) -> Result<Compared<T>, Failure> {
    let mut guids = vec![context.player("a").await?, context.player("b").await?];
    if context.arguments.get("c").is_some() {
        guids.push(context.player("c").await?);
    }
    let everything = context.everything();
    let sums = by_guid(context.db.totals(&everything, &Counters::all()).await?);
    let players: Vec<(Guid, Totals)> =
        guids.iter().map(|guid| (*guid, sums.get(guid).copied().unwrap_or_default())).collect();
    let (a, b) = (guids.first().copied(), guids.get(1).copied());
    let shared = match a.zip(b) {
        Some((a, b)) => context.db.together(a.as_str(), b.as_str(), &everything).await?,
        None => Vec::new(),
    };
    let [with_him, against_him] = match a.zip(b) {
        Some((a, b)) if !shared.is_empty() => context.db.output_with(a.as_str(), b.as_str(), &everything).await?,
        _ => [Output::default(); 2],
    };
    let (together, against): (Vec<&SharedMatch>, Vec<&SharedMatch>) = shared.iter().partition(|one| one.together);
    let with = results(&together, with_him);
    let all = players.first().map(|(_, totals)| *totals).unwrap_or_default();
    let apart = results_less(&all, &with);
    let people = everybody(context, &BTreeMap::new()).await?;
    let comparison = Comparison {
        players: &players,
        people: &people,
        together: (!together.is_empty()).then_some((with, apart)),
        against: (!against.is_empty()).then(|| results(&against, against_him)),
    };
    let shown = show(&comparison);
    Ok((shown, players, sums))
}

/// What matches came to for the first of two players: results, damage and time.
fn results(matches: &[&SharedMatch], output: Output) -> Totals {
    let count = |is_meant: fn(i32) -> bool| {
        i64::try_from(matches.iter().filter(|one| is_meant(one.margin)).count()).unwrap_or(i64::MAX)
    };
    Totals {
        matches_won: count(|margin| margin > 0),
        matches_drawn: count(|margin| margin == 0),
        matches_lost: count(|margin| margin < 0),
        damage_given: output.damage,
        seconds: output.seconds,
        ..Totals::default()
    }
}
