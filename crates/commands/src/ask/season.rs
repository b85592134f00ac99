//! Seasons: standings, champions, those of seasons before.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_analytics::{Board, Ranked, Season, Totals, Value as BoardValue, champions, formula_table as f};
use fullhold_repository::{Counters, Period as DaysOf, Scope};
use fullhold_stats_file::Guid;

use super::Context;
use super::failure::Failure;
use super::people::{by_guid, everybody};
use crate::answers::SeasonAnswer;
use crate::option::Value;
use crate::reply::Reply;
use crate::words::{Period, season_of};

/// Seasons before this one whose champions are shown: two years.
const PAST: usize = 8;

/// `season`: this season, or the one that was asked for.
pub(super) async fn show(context: Context<'_>) -> Result<Reply, Failure> {
    let today = context.question.today;
    let season = match context.arguments.get("period") {
        None | Some(Value::Period(Period::Season)) => season_of(today),
        Some(Value::Period(Period::OneSeason(season))) => *season,
        Some(_) => return Err(context.nothing("season-unknown")),
    };
    let sums = sums_of(context, days(season)).await?;
    let all_time = sums_of(context, DaysOf::default()).await?;
    let people = everybody(context, &BTreeMap::new()).await?;
    let answer = SeasonAnswer {
        season,
        today,
        sums: &sums,
        champions: ranked(&sums),
        past: past(context, season).await?,
        all_time: ranked(&all_time),
        people: &people,
    };
    Ok(answer.reply(context.texts))
}

const fn counters() -> [&'static fullhold_analytics::Formula; 6] {
    [&f::ROUNDS, &f::KILLS, &f::KD, &f::DPM, &f::WIN_RATE, &f::MATCHES]
}

async fn sums_of(context: Context<'_>, period: DaysOf) -> Result<BTreeMap<Guid, Totals>, Failure> {
    let scope = Scope { period, ..context.everything() };
    Ok(by_guid(context.db.totals(&scope, &Counters::of(counters())).await?))
}

fn days(season: Season) -> DaysOf {
    DaysOf { from: season.first_day(), to: season.last_day() }
}

/// The champions of boards that are computed of sums. Skill needs the history of matches, which is not stored yet.
fn ranked(sums: &BTreeMap<Guid, Totals>) -> Vec<(&'static Board, Option<Ranked<'_>>)> {
    let mut champions = champions(sums, &BTreeMap::new());
    champions.retain(|(board, _)| matches!(board.value, BoardValue::Of(_)));
    champions
}

/// Champions of seasons that had evenings, newest first.
async fn past(context: Context<'_>, before: Season) -> Result<Vec<(Season, &'static Board, Guid)>, Failure> {
    let months = context.months().await?;
    let seasons: BTreeSet<Season> = months.iter().filter_map(|month| month.first_day()).map(season_of).collect();
    let mut past = Vec::new();
    for season in seasons.into_iter().rev().filter(|season| *season < before).take(PAST) {
        let sums = sums_of(context, days(season)).await?;
        past.extend(ranked(&sums).into_iter().filter_map(|(board, first)| Some((season, board, first?.guid))));
    }
    Ok(past)
}
