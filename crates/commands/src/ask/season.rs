//! Seasons: standings, champions, those of seasons before and of all time.

use std::collections::BTreeMap;

use fullhold_analytics::{Season, Totals, champions as champions_of, formula_table as f};
use fullhold_repository::{Champion, Counters, Period as DaysOf, Scope};
use fullhold_stats_file::Guid;

use super::failure::Failure;
use super::people::{by_guid, everybody};
use super::{Context, pictures, ratings};
use crate::answers::{First, SeasonAnswer};
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
    let (db, servers) = (context.db, context.servers);
    let scope = Scope { period: days(season), ..context.everything() };
    let past = db.past_champions(servers, season, PAST).await?;
    let people = everybody(context, &BTreeMap::new()).await?;
    let sums = sums_of(context, &scope).await?;
    let answer = SeasonAnswer {
        season,
        today,
        sums: &sums,
        champions: firsts(&db.champions(servers, scope.period).await?),
        past: past.iter().flat_map(|(season, of)| of.iter().map(|one| (*season, first(one)))).collect(),
        all_time: firsts(&db.champions(servers, DaysOf::default()).await?),
        people: &people,
    };
    let reply = answer.reply(context.texts);
    if !context.has_pictures || sums.is_empty() {
        return Ok(reply);
    }
    let card = answer.card(&ratings::skills(context, &scope).await?, context.texts);
    Ok(pictures::with(context, reply, vec![("season", card)]).await)
}

async fn sums_of(context: Context<'_>, scope: &Scope) -> Result<BTreeMap<Guid, Totals>, Failure> {
    let counters = Counters::of([&f::ROUNDS, &f::KILLS, &f::KD, &f::DPM, &f::WIN_RATE, &f::MATCHES]);
    Ok(by_guid(context.db.totals(scope, &counters).await?))
}

fn days(season: Season) -> DaysOf {
    DaysOf { from: season.first_day(), to: season.last_day() }
}

fn first(champion: &Champion) -> First {
    First { board: champion.board, of: Some((champion.guid, champion.value)) }
}

/// The first of every board that has champions, also where nobody passes its gates.
fn firsts(found: &[Champion]) -> Vec<First> {
    let nobody = BTreeMap::new();
    let boards = champions_of(&nobody, &BTreeMap::new()).into_iter().map(|(board, _)| board);
    let mut found: Vec<First> = found.iter().map(first).collect();
    let of = |board: &'static fullhold_analytics::Board| {
        let known = found.iter().position(|one| one.board.id == board.id).map(|place| found.swap_remove(place));
        known.unwrap_or(First { board, of: None })
    };
    boards.map(of).collect()
}
