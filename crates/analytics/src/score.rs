//! The stopwatch score. Points go to those who attacked, and through them to teams; sides are
//! never tallied.

use fullhold_differential::Role;

use crate::teams::Teams;
use crate::timeline::{MatchResult, RoundResult, TimelineRound};
use crate::words::{MatchState, RoundStatus, Undecided};

/// Points for the attackers of R1 and of R2, by who won the rounds; `None` when a round has no
/// winner that matters.
fn points(r1: &TimelineRound<'_>, r2: &TimelineRound<'_>) -> Option<(u8, u8)> {
    let held = |round: &TimelineRound<'_>| round.winner.map(|winner| winner == round.defender);
    match (held(r1), held(r2)) {
        // They beat the time, whatever it was.
        (_, Some(false)) => Some((0, 2)),
        (Some(false), Some(true)) => Some((2, 0)),
        (Some(true), Some(true)) => Some((1, 1)),
        _ => None,
    }
}

/// Sets points, the side of team A, and whether the match counts for the evening.
pub(crate) fn decide(
    found: &mut MatchResult,
    rounds: &[TimelineRound<'_>],
    results: &[Option<RoundResult>],
    teams: &Teams,
) {
    let (Some((i1, r1)), Some((i2, r2))) = (at(rounds, found.r1), at(rounds, found.r2)) else {
        found.undecided = Some(Undecided::Incomplete);
        return;
    };
    debug_assert!(found.state == MatchState::Complete && r2.role == Role::SecondOf(i1));
    let Some((first, second)) = points(r1, r2) else {
        found.undecided = Some(Undecided::NoWinner);
        return;
    };
    found.points_r1_attackers = Some(first);
    found.points_r2_attackers = Some(second);
    let Some(a_side) = teams.a_side_in_r1([r1, r2].into_iter()) else {
        found.undecided = Some(Undecided::MixedTeams);
        return;
    };
    let a_attacked_first = a_side == r1.defender.other();
    found.team_a_r1_side = Some(a_side);
    (found.points_a, found.points_b) =
        if a_attacked_first { (Some(first), Some(second)) } else { (Some(second), Some(first)) };
    let counts = |index: usize| {
        matches!(results.get(index), Some(Some(result))
            if result.is_valid && result.status == RoundStatus::Completed)
    };
    if !counts(i1) || !counts(i2) {
        found.undecided = Some(Undecided::InvalidRound);
    }
}

fn at<'a, 'r>(rounds: &'a [TimelineRound<'r>], index: Option<usize>) -> Option<(usize, &'a TimelineRound<'r>)> {
    index.and_then(|i| rounds.get(i).map(|round| (i, round)))
}
