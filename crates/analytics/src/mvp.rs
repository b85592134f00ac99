//! Most valuable players. Bots are none.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_differential::PlayerRound;
use fullhold_stats_file::Guid;

use crate::formulas;
use crate::totals::Totals;

/// The most valuable player of a round; ties go to more damage, then to the smaller guid.
#[must_use]
pub fn round_mvp(players: &[PlayerRound]) -> Option<Guid> {
    evening_mvp(std::iter::once(players), |guid| guid)
}

/// The most valuable player of several rounds, by [`mvp_of`]. `person` says whom a guid is counted as.
#[must_use]
pub fn evening_mvp<'a>(rounds: impl Iterator<Item = &'a [PlayerRound]>, person: impl Fn(Guid) -> Guid) -> Option<Guid> {
    mvp_of(&person_totals(rounds, person))
}

/// The sums of everybody who took part in some rounds; neither bots nor spectators.
#[must_use]
pub fn player_totals<'a>(rounds: impl Iterator<Item = &'a [PlayerRound]>) -> BTreeMap<Guid, Totals> {
    person_totals(rounds, |guid| guid)
}

fn person_totals<'a>(
    rounds: impl Iterator<Item = &'a [PlayerRound]>,
    person: impl Fn(Guid) -> Guid,
) -> BTreeMap<Guid, Totals> {
    let mut sums: BTreeMap<Guid, Totals> = BTreeMap::new();
    for players in rounds {
        let mut in_round = BTreeSet::new();
        for player in players.iter().filter(|player| !player.is_bot && player.side().is_some()) {
            let guid = person(player.guid);
            let mut line = Totals::of(player);
            // Nobody is in a round twice, whatever number of guids they wear there.
            if !in_round.insert(guid) {
                line.rounds = 0;
            }
            let sum = sums.entry(guid).or_default();
            *sum = *sum + line;
        }
    }
    sums
}

/// The most valuable player by the sums of an evening or a match; ties go to more damage, then to the smaller guid.
/// Who played less than half as many rounds as the busiest is not eligible:
/// two good minutes are no evening.
#[must_use]
pub fn mvp_of(sums: &BTreeMap<Guid, Totals>) -> Option<Guid> {
    let value = |t: &Totals| formulas::evening_mvp(t.kills, t.deaths, t.damage_given, t.rounds);
    regulars(sums)
        .max_by(|(a_guid, a), (b_guid, b)| {
            value(a).total_cmp(&value(b)).then(a.damage_given.cmp(&b.damage_given)).then(b_guid.cmp(a_guid))
        })
        .map(|(guid, _)| *guid)
}

/// The most valuable player of one team, by the same rule within it.
#[must_use]
pub fn team_mvp(sums: &BTreeMap<Guid, Totals>, team: &[Guid]) -> Option<Guid> {
    mvp_of(&sums.iter().filter(|(guid, _)| team.contains(guid)).map(|(guid, totals)| (*guid, *totals)).collect())
}

/// Those who played at least half as many rounds as the busiest.
pub(crate) fn regulars(sums: &BTreeMap<Guid, Totals>) -> impl Iterator<Item = (&Guid, &Totals)> {
    let most = sums.values().map(|totals| totals.rounds).max().unwrap_or(0);
    sums.iter().filter(move |(_, totals)| totals.rounds * 2 >= most)
}
