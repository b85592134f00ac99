//! Everything that is derived from a neighbourhood of rounds, computed from their files alone.
//! Pure: the same set of files gives the same result, in whatever order it came.

use fullhold_analytics::{RosterEntry, Timeline, TimelineConfig, TimelineRound, Verdict, timeline};
use fullhold_differential::{Continues, DifferentialError, Role, RoundRef, RoundStats, orphan, round_one, subtract};
use fullhold_repository::PlayerRow;
use fullhold_stats_file::{Guid, RoundNumber, Seconds, Side, StatsFile};
use fullhold_validation::check_storable;

use time::PrimitiveDateTime;

use crate::ambiguous_time;
use crate::days::{self, Days};
use crate::people::People;
use crate::reference_round::{FirstHalf, LinesWithoutFile};
use crate::zone::Zone;

/// A round's file, and what people say about the round.
pub(crate) struct Input<'a> {
    pub(crate) file: &'a StatsFile,
    /// Modification time of the file, UTC.
    pub(crate) mtime: Option<PrimitiveDateTime>,
    pub(crate) verdict: Option<Verdict>,
    /// What else is known, and the lines, if they do not come from the file, which has none then: they were taken over from
    /// the reference bot, or are kept because the file cannot be read any more.
    pub(crate) taken: Option<&'a LinesWithoutFile>,
    /// A round that was aborted, and whose file cannot be read any more.
    pub(crate) kept_aborted: bool,
}

/// When rounds ended, and the days of their matches.
pub(crate) struct Placed<'a> {
    pub(crate) rounds: Vec<RoundRef<'a>>,
    pub(crate) days: Vec<i64>,
}

/// Says when each round ended and to which day it belongs. Rounds that have a say in that, and are
/// not computed anew, can be left out afterwards.
pub(crate) fn place<'a>(inputs: &[Input<'a>], zone: &Zone, days: &Days) -> Placed<'a> {
    let instants: Vec<_> = inputs.iter().map(|input| zone.instants(input.file.name.stamp).known(input.mtime)).collect();
    let mut rounds: Vec<RoundRef<'_>> =
        inputs.iter().zip(&instants).map(|(input, at)| RoundRef::new(input.file, at.early)).collect();
    ambiguous_time::resolve(&mut rounds, &instants);
    say_first_halves(inputs, &mut rounds);
    let days = days.assign(&rounds);
    Placed { rounds, days }
}

/// What the files say together.
pub struct Derived {
    /// By input: end of the round, seconds since 1970 UTC.
    pub(crate) ended_at: Vec<i64>,
    /// By input: what became of the round.
    pub(crate) roles: Vec<Role>,
    /// By input: its true numbers.
    pub(crate) stats: Vec<RoundStats>,
    /// By input: why the differential was refused, if it was.
    pub(crate) refused: Vec<Option<String>>,
    /// Sessions, matches, validity.
    pub(crate) timeline: Timeline,
}

/// Computes everything. `inputs` must be closed: whole days, or what lies between long gaps in them.
pub(crate) fn derive(
    inputs: &[Input<'_>],
    placed: Placed<'_>,
    window: Seconds,
    config: &TimelineConfig,
    people: &People,
) -> Derived {
    let Placed { mut rounds, days: day_of } = placed;
    // Again: positions are others where rounds were left out.
    say_first_halves(inputs, &mut rounds);
    let ended_at: Vec<i64> = rounds.iter().map(|round| round.ended_at).collect();
    let mut roles = days::roles(rounds, &day_of, window);
    for (input, role) in inputs.iter().zip(&mut roles).filter(|(input, _)| input.kept_aborted) {
        *role = if input.file.name.round == RoundNumber::One { Role::AbortedR2 } else { Role::AbortedR1 };
    }
    let (stats, refused) = true_numbers(inputs, &mut roles);
    let rounds: Vec<TimelineRound<'_>> = inputs
        .iter()
        .zip(ended_at.iter().zip(&day_of))
        .zip(&roles)
        .zip(stats.iter().zip(&refused))
        .map(|(((input, (ended_at, day)), role), (stats, refused))| TimelineRound {
            ended_at: *ended_at,
            day: *day,
            stamp: input.file.name.stamp,
            map: &input.file.name.map,
            round: input.file.name.round,
            role: *role,
            defender: input.file.header.defender,
            winner: input.file.header.winner,
            roster: match input.taken {
                Some(taken) => people.roster(taken.lines.iter().filter_map(roster_entry)),
                None => people.roster(stats.players.iter().map(|p| RosterEntry {
                    guid: p.guid,
                    side: p.side(),
                    is_bot: p.is_bot,
                })),
            },
            verdict: input.verdict,
            is_contradictory: refused.is_some(),
        })
        .collect();
    let timeline = timeline(&rounds, config, &people.rosters);
    Derived { ended_at, roles, stats, refused, timeline }
}

/// Rounds taken over say themselves which R1 they continue: their limits are not kept by the reference bot.
fn say_first_halves(inputs: &[Input<'_>], refs: &mut [RoundRef<'_>]) {
    let taken = inputs.iter().zip(refs.iter_mut()).filter_map(|(input, round)| Some((input.taken?, round)));
    for (taken, round) in taken {
        if !taken.is_completed {
            // The bot keeps the limit as the time of a round that was held, though it may have ended early.
            round.at_least = Seconds(0);
        }
        round.continues = match &taken.first_half {
            Some(FirstHalf::File(first)) => {
                let position = inputs.iter().position(|input| input.file.name.to_string() == *first);
                position.map_or(Continues::NoRound, Continues::Round)
            }
            Some(FirstHalf::Unnamed) => Continues::AnyRound,
            Some(FirstHalf::None) => Continues::NoRound,
            None if taken.has_limit => Continues::LimitChain,
            None => Continues::AnyRound,
        };
    }
}

/// The numbers of each round. A pair whose difference cannot be is taken apart again: the R2 is
/// kept as an orphan, so that nothing wrong is ever counted and nothing is lost.
fn true_numbers(inputs: &[Input<'_>], roles: &mut [Role]) -> (Vec<RoundStats>, Vec<Option<String>>) {
    let mut refused: Vec<Option<String>> = vec![None; inputs.len()];
    let mut stats = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.iter().enumerate() {
        let role = roles.get(index).copied().unwrap_or(Role::OrphanR2);
        let numbers = match role {
            Role::FirstOf(_) | Role::AbandonedR1 | Role::AbortedR1 | Role::AbortedR2 => round_one(input.file),
            Role::OrphanR2 => orphan(input.file),
            Role::SecondOf(first) => {
                let r1 = inputs.get(first);
                match r1.map_or_else(|| Ok(orphan(input.file)), |r1| difference(r1, input)) {
                    Ok(numbers) => numbers,
                    Err(reason) => {
                        set(roles, index, Role::OrphanR2);
                        set(roles, first, Role::AbandonedR1);
                        if let Some(slot) = refused.get_mut(index) {
                            *slot = Some(reason);
                        }
                        orphan(input.file)
                    }
                }
            }
        };
        stats.push(numbers);
    }
    (stats, refused)
}

fn difference(r1: &Input<'_>, r2: &Input<'_>) -> Result<RoundStats, String> {
    match (r1.taken, r2.taken) {
        (None, None) => {}
        // The lines of a taken R2 are differential already, wherever its R1 comes from.
        (_, Some(_)) => return Ok(round_one(r2.file)),
        (Some(_), None) => {
            return Err("round 1 was taken over from the reference bot, without the counters that the raw file of \
                        round 2 continues"
                .to_owned());
        }
    }
    let numbers = subtract(r1.file, r2.file).map_err(|error: DifferentialError| error.to_string())?;
    check_storable(&numbers).map_err(|finding| finding.message)?;
    Ok(numbers)
}

fn roster_entry(line: &PlayerRow) -> Option<RosterEntry> {
    let side = match line.team {
        1 => Some(Side::Axis),
        2 => Some(Side::Allies),
        _ => None,
    };
    Some(RosterEntry { guid: Guid::new(&line.player_guid)?, side, is_bot: line.is_bot })
}

fn set(roles: &mut [Role], index: usize, role: Role) {
    if let Some(slot) = roles.get_mut(index) {
        *slot = role;
    }
}
