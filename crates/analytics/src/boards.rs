//! The leaderboards: a table. What ranks players over it is in `ranking`.

use crate::formula::Formula;
use crate::formula_table::{
    ACCURACY, CONSTRUCTIONS, DAMAGE, DEATHS, DEFUSED, DPM, EFFICIENCY, EVENINGS, GIBS, GIBS_PER_ROUND,
    GRENADE_HIT_PERCENT, GRENADE_HITS_PER_KILL, GRENADE_KILLS, GRENADE_ROUNDS, HEAD_HIT_PERCENT, HEADSHOT_KILL_PERCENT,
    HEADSHOT_KILLS, HITS, HOURS, KD, KILLS, KPR, MATCHES, MULTIKILLS, MULTIKILLS_4, MULTIKILLS_5, MULTIKILLS_6,
    OBJECTIVES, PLANTED, REVIVES, REVIVES_PER_ROUND, ROUNDS, SHOTS, TEAM_DAMAGE, TEAM_KILLS, WIN_RATE, WINS,
};
use crate::measure::Measure;

/// Which values stand on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The highest.
    HighestFirst,
    /// The lowest.
    LowestFirst,
}

/// Where the values of a board come from.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// Computed of a player's sums.
    Of(&'static Formula),
    /// Not a function of sums (form, ratings): given by who computed it.
    Given(Measure),
}

/// A condition for being listed: the value must be greater.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// What is asked for.
    pub of: &'static Formula,
    /// Listed when greater than this.
    pub more_than: i64,
}

/// A leaderboard.
#[derive(Clone, Copy, Debug)]
pub struct Board {
    /// Its name.
    pub id: &'static str,
    /// Other words for it.
    pub synonyms: &'static [&'static str],
    /// Its headline.
    pub title: &'static str,
    /// What is ranked.
    pub value: Value,
    /// Which values stand on top.
    pub order: Order,
    /// What is shown below the value.
    pub second_line: &'static [&'static Formula],
    /// Who is listed; all must be met. Printed with the board.
    pub gates: &'static [Gate],
}

impl Board {
    /// The kind of its values.
    #[must_use]
    pub const fn measure(&self) -> Measure {
        match self.value {
            Value::Of(formula) => formula.measure,
            Value::Given(measure) => measure,
        }
    }
}

const fn more(of: &'static Formula, more_than: i64) -> Gate {
    Gate { of, more_than }
}

const fn board(id: &'static str, synonyms: &'static [&'static str], title: &'static str, value: Value) -> Board {
    Board { id, synonyms, title, value, order: Order::HighestFirst, second_line: &[], gates: &[] }
}

const fn of(id: &'static str, synonyms: &'static [&'static str], formula: &'static Formula) -> Board {
    board(id, synonyms, formula.title, Value::Of(formula))
}

impl Board {
    const fn below(self, second_line: &'static [&'static Formula]) -> Self {
        Self { second_line, ..self }
    }

    const fn gated(self, gates: &'static [Gate]) -> Self {
        Self { gates, ..self }
    }

    const fn lowest_first(self) -> Self {
        Self { order: Order::LowestFirst, ..self }
    }
}

const SOME_ROUNDS: Gate = more(&ROUNDS, 10);
const MANY_ROUNDS: Gate = more(&ROUNDS, 50);

/// All boards, in the order of the documents.
#[rustfmt::skip]
pub static BOARDS: &[Board] = &[
    of("kills", &["k", "kill"], &KILLS).below(&[&KD, &ROUNDS]).gated(&[SOME_ROUNDS]),
    of("kd", &["ratio"], &KD).below(&[&KILLS, &DEATHS, &ROUNDS]).gated(&[MANY_ROUNDS, more(&DEATHS, 0)]),
    of("dpm", &["damage"], &DPM).below(&[&DAMAGE, &HOURS, &ROUNDS]).gated(&[MANY_ROUNDS]),
    of("accuracy", &["acc"], &ACCURACY).below(&[&HITS, &SHOTS, &ROUNDS]).gated(&[MANY_ROUNDS, more(&SHOTS, 1000)]),
    of("headshots", &["hs", "headshot"], &HEAD_HIT_PERCENT).below(&[&HEADSHOT_KILLS, &HEADSHOT_KILL_PERCENT, &ROUNDS])
        .gated(&[MANY_ROUNDS, more(&HITS, 1000)]),
    of("efficiency", &["eff"], &EFFICIENCY).below(&[&KILLS, &DEATHS, &ROUNDS]).gated(&[MANY_ROUNDS]),
    of("games", &["played", "rounds"], &ROUNDS).below(&[&HOURS, &EVENINGS]),
    of("revives", &["revive", "medic"], &REVIVES).below(&[&REVIVES_PER_ROUND, &ROUNDS]).gated(&[SOME_ROUNDS]),
    of("gibs", &["gib"], &GIBS).below(&[&GIBS_PER_ROUND, &ROUNDS]).gated(&[SOME_ROUNDS]),
    of("objectives", &["obj", "objective"], &OBJECTIVES).below(&[&PLANTED, &DEFUSED, &CONSTRUCTIONS, &ROUNDS])
        .gated(&[SOME_ROUNDS]),
    of("teamwork", &["team"], &TEAM_DAMAGE).below(&[&TEAM_KILLS, &ROUNDS]).gated(&[MANY_ROUNDS, more(&DAMAGE, 0)])
        .lowest_first(),
    of("multikills", &["multi", "multikill"], &MULTIKILLS).below(&[&MULTIKILLS_6, &MULTIKILLS_5, &MULTIKILLS_4, &ROUNDS])
        .gated(&[SOME_ROUNDS]),
    of("grenades", &["grenade", "nades", "nade"], &GRENADE_KILLS)
        .below(&[&GRENADE_HIT_PERCENT, &GRENADE_HITS_PER_KILL, &GRENADE_ROUNDS]).gated(&[more(&GRENADE_ROUNDS, 10)]),
    of("wins", &["win", "winrate"], &WIN_RATE).below(&[&WINS, &MATCHES]).gated(&[more(&MATCHES, 10)]),
    board("form", &[], "form of the last evening", Value::Given(Measure::Index)).below(&[&DPM, &KD, &ROUNDS]),
    board("rating", &["skill"], "skill rating", Value::Given(Measure::Index)).below(&[&WIN_RATE, &MATCHES])
        .gated(&[more(&MATCHES, 9)]),
    board("et_rating", &["et"], "ET rating", Value::Given(Measure::Ratio)).below(&[&DPM, &KPR, &ROUNDS])
        .gated(&[more(&ROUNDS, 19)]),
];
