//! Which counters a question needs, and rows of sums of them: what nobody asks for is not added up.

use std::collections::BTreeSet;

use diesel::sql_types::{BigInt, Nullable, Text};
use fullhold_analytics::{Board, Formula, Totals, Value};

use crate::bulk::BulkRow as _;
use crate::models::{SessionTotalsRow, decoded};
use crate::statement::Statement;

/// Columns of `player_session_totals` before the counters.
const KEY: usize = 2;

/// Counters of [`Totals`], by the names of their columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counters(Option<BTreeSet<&'static str>>);

impl Counters {
    /// All of them.
    #[must_use]
    pub const fn all() -> Self {
        Self(None)
    }

    /// Those that formulas are made of: the formulas' texts name them.
    #[must_use]
    pub fn of<'f>(formulas: impl IntoIterator<Item = &'f Formula>) -> Self {
        let mut found = BTreeSet::new();
        for formula in formulas {
            for part in formula.text.split('{').skip(1).filter_map(|rest| rest.split_once('}')) {
                let columns = match part.0 {
                    "dead_ms" => vec!["alive_ms", "seconds_beside_alive"],
                    "matches" => vec!["matches_won", "matches_drawn", "matches_lost"],
                    name => vec![name],
                };
                let known = SessionTotalsRow::NAMES.iter().skip(KEY).copied();
                found.extend(known.filter(|column| columns.contains(column)));
            }
        }
        Self(Some(found))
    }

    /// Those that a board needs: its value, its second line, its gates, and rounds, which break ties.
    #[must_use]
    pub fn of_board(board: &Board) -> Self {
        let value = match board.value {
            Value::Of(formula) => Some(formula),
            Value::Given(_) => None,
        };
        let others = board.second_line.iter().copied().chain(board.gates.iter().map(|gate| gate.of));
        Self::of(value.into_iter().chain(others)).with("rounds")
    }

    fn with(self, column: &'static str) -> Self {
        Self(self.0.map(|mut columns| {
            columns.insert(column);
            columns
        }))
    }

    /// `, sum(…)` for each counter of the rows that the statement calls `t`.
    pub(crate) fn add_up<ST>(&self, statement: &mut Statement<ST>) {
        for column in SessionTotalsRow::NAMES.iter().skip(KEY) {
            if self.0.as_ref().is_some_and(|wanted| !wanted.contains(column)) {
                statement.sql(", CAST(NULL AS BIGINT)");
                continue;
            }
            let (before, after) = match *column {
                "best_spree" | "worst_spree" => (", max(t.", ")"),
                _ => (", CAST(sum(t.", ") AS BIGINT)"),
            };
            statement.sql(before).sql(column).sql(after);
        }
    }
}

/// What the row is of (a player, a map, a session's key), how many sessions, and the counters.
pub(crate) type SumsSql = (Text, Nullable<BigInt>, CountersSql);

/// The counters alone.
#[rustfmt::skip]
pub(crate) type CountersSql = (Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>);

/// Added up counters; none where nothing was added up, or nobody asked.
#[derive(Clone, Debug, diesel::Queryable)]
pub(crate) struct CountersRow {
    rounds: Option<i64>,
    kills: Option<i64>,
    deaths: Option<i64>,
    seconds: Option<i64>,
    damage_given: Option<i64>,
    damage_received: Option<i64>,
    aimed_hits: Option<i64>,
    aimed_shots: Option<i64>,
    aimed_head_hits: Option<i64>,
    headshot_kills: Option<i64>,
    kills_beside_headshot_kills: Option<i64>,
    gibs: Option<i64>,
    self_kills: Option<i64>,
    team_kills: Option<i64>,
    team_gibs: Option<i64>,
    team_damage_given: Option<i64>,
    team_damage_received: Option<i64>,
    revives_given: Option<i64>,
    rounds_beside_revives: Option<i64>,
    times_revived: Option<i64>,
    objectives_stolen: Option<i64>,
    objectives_returned: Option<i64>,
    dynamites_planted: Option<i64>,
    dynamites_defused: Option<i64>,
    constructions: Option<i64>,
    multikills_2: Option<i64>,
    multikills_3: Option<i64>,
    multikills_4: Option<i64>,
    multikills_5: Option<i64>,
    multikills_6: Option<i64>,
    grenade_kills: Option<i64>,
    grenade_hits: Option<i64>,
    grenade_throws: Option<i64>,
    grenade_rounds: Option<i64>,
    matches_won: Option<i64>,
    matches_drawn: Option<i64>,
    matches_lost: Option<i64>,
    hits: Option<i64>,
    shots: Option<i64>,
    head_hits: Option<i64>,
    xp: Option<i64>,
    alive_ms: Option<i64>,
    seconds_beside_alive: Option<i64>,
    kill_assists: Option<i64>,
    kill_steals: Option<i64>,
    useful_kills: Option<i64>,
    kills_beside_useful: Option<i64>,
    useless_kills: Option<i64>,
    full_selfkills: Option<i64>,
    denied_seconds: Option<i64>,
    seconds_beside_denied: Option<i64>,
    best_spree: Option<i64>,
    worst_spree: Option<i64>,
}

/// A row of sums.
pub(crate) type SumsRow = (String, Option<i64>, CountersRow);

impl From<CountersRow> for Totals {
    fn from(row: CountersRow) -> Self {
        Self {
            rounds: row.rounds.unwrap_or(0),
            kills: row.kills.unwrap_or(0),
            deaths: row.deaths.unwrap_or(0),
            seconds: row.seconds.unwrap_or(0),
            damage_given: row.damage_given.unwrap_or(0),
            damage_received: row.damage_received.unwrap_or(0),
            aimed_hits: row.aimed_hits.unwrap_or(0),
            aimed_shots: row.aimed_shots.unwrap_or(0),
            aimed_head_hits: row.aimed_head_hits.unwrap_or(0),
            headshot_kills: row.headshot_kills,
            kills_beside_headshot_kills: row.kills_beside_headshot_kills.unwrap_or(0),
            gibs: row.gibs.unwrap_or(0),
            self_kills: row.self_kills.unwrap_or(0),
            team_kills: row.team_kills.unwrap_or(0),
            team_gibs: row.team_gibs.unwrap_or(0),
            team_damage_given: row.team_damage_given.unwrap_or(0),
            team_damage_received: row.team_damage_received.unwrap_or(0),
            revives_given: row.revives_given,
            rounds_beside_revives: row.rounds_beside_revives.unwrap_or(0),
            times_revived: row.times_revived,
            objectives_stolen: row.objectives_stolen,
            objectives_returned: row.objectives_returned,
            dynamites_planted: row.dynamites_planted,
            dynamites_defused: row.dynamites_defused,
            constructions: row.constructions,
            multikills_2: row.multikills_2,
            multikills_3: row.multikills_3,
            multikills_4: row.multikills_4,
            multikills_5: row.multikills_5,
            multikills_6: row.multikills_6,
            grenade_kills: row.grenade_kills.unwrap_or(0),
            grenade_hits: row.grenade_hits.unwrap_or(0),
            grenade_throws: row.grenade_throws.unwrap_or(0),
            grenade_rounds: row.grenade_rounds.unwrap_or(0),
            matches_won: row.matches_won.unwrap_or(0),
            matches_drawn: row.matches_drawn.unwrap_or(0),
            matches_lost: row.matches_lost.unwrap_or(0),
            hits: row.hits.unwrap_or(0),
            shots: row.shots.unwrap_or(0),
            head_hits: row.head_hits.unwrap_or(0),
            xp: row.xp,
            alive_ms: row.alive_ms,
            seconds_beside_alive: row.seconds_beside_alive.unwrap_or(0),
            kill_assists: row.kill_assists,
            kill_steals: row.kill_steals,
            useful_kills: row.useful_kills,
            kills_beside_useful: row.kills_beside_useful.unwrap_or(0),
            useless_kills: row.useless_kills,
            full_selfkills: row.full_selfkills,
            denied_seconds: row.denied_seconds,
            seconds_beside_denied: row.seconds_beside_denied.unwrap_or(0),
            best_spree: row.best_spree.map(decoded),
            worst_spree: row.worst_spree.map(decoded),
            evenings: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use fullhold_analytics::{BOARDS, FORMULAS, PARTS};

    use super::*;

    #[test]
    fn every_part_of_a_formula_is_a_counter_or_made_of_some() {
        let known: Vec<&str> = SessionTotalsRow::NAMES.iter().skip(KEY).copied().collect();
        for part in PARTS.iter().filter(|part| !matches!(part.name, "evenings" | "dead_ms" | "matches")) {
            assert!(known.contains(&part.name), "{}", part.name);
        }
    }

    #[test]
    fn a_formula_needs_no_counter_that_it_does_not_name() {
        // Every counter has a value of its own, so that a missing one would be noticed.
        let full = {
            let numbers: Vec<Option<i64>> = (1..).map(|n| Some(100 + 7 * n)).take(known().len()).collect();
            numbers
        };
        let without = |wanted: &Counters| {
            let wanted = wanted.0.clone().unwrap();
            let kept = known().into_iter().zip(&full).map(|(name, value)| value.filter(|_| wanted.contains(name)));
            kept.collect::<Vec<Option<i64>>>()
        };
        for formula in FORMULAS {
            let counters = Counters::of([*formula]);
            let (all, some) = (totals(&full), totals(&without(&counters)));
            assert_eq!(formula.of(&all), formula.of(&some), "{}", formula.id);
        }
        for board in BOARDS {
            let some = totals(&without(&Counters::of_board(board)));
            for formula in board.second_line.iter().copied().chain(board.gates.iter().map(|gate| gate.of)) {
                assert_eq!(formula.of(&totals(&full)), formula.of(&some), "{}: {}", board.id, formula.id);
            }
        }
    }

    fn known() -> Vec<&'static str> {
        SessionTotalsRow::NAMES.iter().skip(KEY).copied().collect()
    }

    fn totals(values: &[Option<i64>]) -> Totals {
        let mut values = values.iter().copied();
        let mut next = || values.next().flatten();
        #[rustfmt::skip]
        let row = CountersRow { rounds: next(), kills: next(), deaths: next(), seconds: next(), damage_given: next(), damage_received: next(), aimed_hits: next(), aimed_shots: next(), aimed_head_hits: next(), headshot_kills: next(), kills_beside_headshot_kills: next(), gibs: next(), self_kills: next(), team_kills: next(), team_gibs: next(), team_damage_given: next(), team_damage_received: next(), revives_given: next(), rounds_beside_revives: next(), times_revived: next(), objectives_stolen: next(), objectives_returned: next(), dynamites_planted: next(), dynamites_defused: next(), constructions: next(), multikills_2: next(), multikills_3: next(), multikills_4: next(), multikills_5: next(), multikills_6: next(), grenade_kills: next(), grenade_hits: next(), grenade_throws: next(), grenade_rounds: next(), matches_won: next(), matches_drawn: next(), matches_lost: next(), hits: next(), shots: next(), head_hits: next(), xp: next(), alive_ms: next(), seconds_beside_alive: next(), kill_assists: next(), kill_steals: next(), useful_kills: next(), kills_beside_useful: next(), useless_kills: next(), full_selfkills: next(), denied_seconds: next(), seconds_beside_denied: next(), best_spree: next(), worst_spree: next() };
        Totals { evenings: 9, ..Totals::from(row) }
    }
}
