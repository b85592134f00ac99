//! Which R1 belongs to which R2.

use std::collections::HashMap;

use fullhold_stats_file::{Field, Guid, RoundNumber, Seconds, Side, StatsFile};

use crate::duration;

/// What pairing needs to know of a round of one server.
#[derive(Clone, Debug)]
pub struct RoundRef<'a> {
    /// When the round ended, seconds since 1970 UTC.
    pub ended_at: i64,
    /// Map.
    pub map: &'a str,
    /// Round number of the file.
    pub round: RoundNumber,
    /// Side that defends.
    pub defender: Side,
    /// Limit of this round.
    pub time_limit: Seconds,
    /// Target for the next.
    pub next_time_limit: Seconds,
    /// The least the round can have lasted; zero when unknown.
    pub at_least: Seconds,
    /// The players' running counters.
    pub players: Vec<Carried>,
    /// Which R1 it may continue, if it is an R2.
    pub continues: Continues,
}

/// Which R1 an R2 may continue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Continues {
    /// The limit chain tells: this round's limit is the target that its R1 set. Every stats file has one.
    #[default]
    LimitChain,
    /// Any R1: the limit of this round is not known. Rounds taken over from another database may lack it.
    AnyRound,
    /// The R1 at this index, which another database has paired it with.
    Round(usize),
    /// None: it is known that its R1 was never seen.
    NoRound,
}

/// The part of a player's line that shows whether counters ran on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Identity.
    pub guid: Guid,
    /// Rounds counter.
    pub rounds: i32,
    /// Damage given and received and time on a team, all cumulative.
    pub counters: [i32; 3],
}

impl<'a> RoundRef<'a> {
    /// From a file and the instant of its stamp.
    #[must_use]
    pub fn new(file: &'a StatsFile, ended_at: i64) -> Self {
        let header = &file.header;
        let carried = [Field::DamageGiven, Field::DamageReceived, Field::TimePlayedMinutes];
        Self {
            ended_at,
            map: &file.name.map,
            round: file.name.round,
            defender: header.defender,
            time_limit: header.time_limit,
            next_time_limit: header.next_time_limit,
            at_least: duration::of_header(header).map_or(Seconds(0), |d| d.seconds),
            players: file
                .players
                .iter()
                .map(|p| Carried { guid: p.identity(), rounds: p.rounds, counters: carried.map(|f| p.count(f)) })
                .collect(),
            continues: Continues::LimitChain,
        }
    }

    /// The order that makes pairing independent of the order of the input.
    fn order(&self) -> (i64, &str, RoundNumber) {
        (self.ended_at, self.map, self.round)
    }
}

/// What became of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// R1 of the match whose R2 is at this index.
    FirstOf(usize),
    /// R2 of the match whose R1 is at this index.
    SecondOf(usize),
    /// An R1 that no R2 followed.
    AbandonedR1,
    /// An R2 whose R1 is not known (yet).
    OrphanR2,
    /// An aborted R1, which the writer names round 2.
    AbortedR1,
    /// An aborted R2, which the writer names round 1.
    AbortedR2,
}

/// Pairs the rounds of one server. The result has the order of the input and depends only on its
/// content; each R1 is consumed at most once.
///
/// `window` is the longest time between the ends of R1 and R2, 60 minutes unless configured.
#[must_use]
pub fn pair(rounds: &[RoundRef<'_>], window: Seconds) -> Vec<Role> {
    let mut order: Vec<(usize, &RoundRef<'_>)> = rounds.iter().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| a.order().cmp(&b.order()));
    let mut roles: Vec<Role> =
        rounds.iter().map(|r| if r.round == RoundNumber::One { Role::AbandonedR1 } else { Role::OrphanR2 }).collect();
    // R1s that wait for their R2, oldest first, by map.
    let mut open: HashMap<&str, Vec<(usize, &RoundRef<'_>)>> = HashMap::new();
    let mut assign = |index: usize, role: Role| {
        if let Some(slot) = roles.get_mut(index) {
            *slot = role;
        }
    };
    for (index, round) in order {
        let waiting = open.entry(round.map).or_default();
        waiting.retain(|(_, r1)| round.ended_at - r1.ended_at <= i64::from(window.0));
        match round.round {
            RoundNumber::One => {
                if waiting.last().is_some_and(|(_, r1)| is_aborted_second_round(r1, round)) {
                    assign(index, Role::AbortedR2);
                } else {
                    waiting.push((index, round));
                }
            }
            RoundNumber::Two if is_aborted_first_round(round) => assign(index, Role::AbortedR1),
            RoundNumber::Two => {
                if let Some(at) = waiting.iter().rposition(|&(first, r1)| fits(first, r1, round)) {
                    let (first, _) = waiting.remove(at);
                    assign(first, Role::FirstOf(index));
                    assign(index, Role::SecondOf(first));
                }
            }
        }
    }
    roles
}

/// Strictly earlier, the limit chain holds, the same side defends, and R2 fits between the two.
/// `first` is the index of `r1`.
fn fits(first: usize, r1: &RoundRef<'_>, r2: &RoundRef<'_>) -> bool {
    let gap = r2.ended_at - r1.ended_at;
    if gap <= 0 {
        return false;
    }
    let there_is_time = r2.defender == r1.defender && gap >= i64::from(r2.at_least.0);
    match r2.continues {
        Continues::LimitChain => there_is_time && r2.time_limit == r1.next_time_limit,
        Continues::AnyRound => there_is_time,
        Continues::Round(only) => only == first,
        Continues::NoRound => false,
    }
}

/// The shutdown path inverts the round number, and nobody has a finished round.
fn is_aborted_first_round(round: &RoundRef<'_>) -> bool {
    !round.players.is_empty() && round.players.iter().all(|p| p.rounds == 0)
}

/// Named round 1, but it continues `r1`: the limit chain holds, and those who were there have one
/// more round and counters that ran on. A replayed round 1 starts from zero.
fn is_aborted_second_round(r1: &RoundRef<'_>, round: &RoundRef<'_>) -> bool {
    if round.time_limit != r1.next_time_limit || round.ended_at <= r1.ended_at {
        return false;
    }
    let ran_on = |before: &Carried, now: &Carried| {
        now.rounds == before.rounds.saturating_add(1)
            && before.counters.iter().zip(&now.counters).all(|(before, now)| now >= before)
    };
    let common: Vec<bool> = round
        .players
        .iter()
        .filter_map(|now| r1.players.iter().find(|before| before.guid == now.guid).map(|before| ran_on(before, now)))
        .collect();
    let continued = common.iter().filter(|ran_on| **ran_on).count();
    continued > 0 && continued * 2 > common.len()
}
