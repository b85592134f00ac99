//! Who plays well with whom.

use std::collections::BTreeMap;

use fullhold_analytics::{SYNERGY_MATCHES, Totals, formula_table as f, synergy};
use fullhold_repository::{Counters, PairResults, Scope};
use fullhold_stats_file::Guid;

use super::Context;
use super::failure::Failure;
use super::people::{by_guid, everybody};
use crate::answers::{self, PairLine};
use crate::reply::{Reply, Text};
use crate::words::{Period, Unit};

/// Pairs that are shown.
const SHOWN: usize = 20;
/// What is looked at when no period is asked for: people change, and who played together years ago says little.
const USUAL: Period = Period::Last(1, Unit::Years);

/// `best_duos`: pairs that win more together than apart, the surest first.
pub(super) async fn best(context: Context<'_>) -> Result<Reply, Failure> {
    let asked = context.asked_or(USUAL).await?;
    let pairs = context.db.pairs(None, SYNERGY_MATCHES, &asked.scope).await?;
    let title = asked.titled(context.texts.say("duos-title", &[]));
    // Of a pair, neither comes first: apart are the matches of both.
    let lines = lines(context, &pairs, &asked.scope, |one, other| *one + *other).await?;
    show(context, title, &lines).await
}

/// `teammates`: everybody with whom a player was in one team often enough.
pub(super) async fn teammates(context: Context<'_>) -> Result<Reply, Failure> {
    let guid = context.player("player").await?;
    let asked = context.asked_or(USUAL).await?;
    let pairs = context.db.pairs(Some(guid.as_str()), SYNERGY_MATCHES, &asked.scope).await?;
    let people = everybody(context, &BTreeMap::new()).await?;
    let title = asked.titled(context.texts.say("teammates-title", &[("name", people.name(guid).into())]));
    let lines = lines(context, &pairs, &asked.scope, |one, _| *one).await?;
    show(context, title, &lines).await
}

async fn show(context: Context<'_>, title: Text, lines: &[PairLine]) -> Result<Reply, Failure> {
    let people = everybody(context, &BTreeMap::new()).await?;
    let shown = lines.get(..SHOWN).unwrap_or(lines);
    Ok(answers::pairs(title, shown, &people, context.texts))
}

/// Pairs, the surest gain first. `apart` takes the matches of the first without the second, and of the second without
/// the first.
async fn lines(
    context: Context<'_>,
    pairs: &[PairResults],
    scope: &Scope,
    apart: fn(&Totals, &Totals) -> Totals,
) -> Result<Vec<PairLine>, Failure> {
    let sums = by_guid(context.db.totals(scope, &Counters::of([&f::MATCHES, &f::WIN_RATE])).await?);
    let none = Totals::default();
    let line = |pair: &PairResults| {
        let (a, b) = (Guid::new(&pair.one)?, Guid::new(&pair.other)?);
        let together =
            Totals { matches_won: pair.won, matches_drawn: pair.drawn, matches_lost: pair.lost, ..Totals::default() };
        let (of_a, of_b) = (sums.get(&a).unwrap_or(&none), sums.get(&b).unwrap_or(&none));
        let apart = apart(&results_less(of_a, &together), &results_less(of_b, &together));
        Some(PairLine { a, b, synergy: synergy(&together, &apart).ok()? })
    };
    let mut lines: Vec<PairLine> = pairs.iter().filter_map(line).collect();
    lines.sort_by(|one, other| {
        let surest = other.synergy.gain.low.total_cmp(&one.synergy.gain.low);
        let busiest = other.synergy.matches_together.cmp(&one.synergy.matches_together);
        surest.then(busiest).then((one.a, one.b).cmp(&(other.a, other.b)))
    });
    Ok(lines)
}

/// The results, damage and time of a player without those of some of his matches.
pub(super) fn results_less(all: &Totals, some: &Totals) -> Totals {
    Totals {
        matches_won: all.matches_won - some.matches_won,
        matches_drawn: all.matches_drawn - some.matches_drawn,
        matches_lost: all.matches_lost - some.matches_lost,
        damage_given: all.damage_given - some.damage_given,
        seconds: all.seconds - some.seconds,
        ..Totals::default()
    }
}
