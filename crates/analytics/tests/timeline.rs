//! What follows from the order of rounds: one sentence of the rules per test, and order independence for any server.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

mod support;

use std::collections::BTreeSet;

use fullhold_analytics::{
    Confidence, ManualRoster, MatchState, Reason, RoundStatus, SessionResult, Timeline, TimelineRound, Undecided,
    Verdict, timeline,
};
use fullhold_differential::{Carried, Continues, Role, RoundRef, pair};
use fullhold_stats_file::{RoundNumber, Seconds, Side};
use proptest::prelude::*;
use support::{config, entry, letters, play, roster, round, run};

/// An R1 that no R2 followed.
fn alone(minute: i64) -> TimelineRound<'static> {
    round(minute, RoundNumber::One, Role::AbandonedR1)
}

/// An R2 whose R1 is not known.
fn orphan(minute: i64) -> TimelineRound<'static> {
    round(minute, RoundNumber::Two, Role::OrphanR2)
}

/// A match of which both rounds were completed.
fn one_match(minute: i64) -> Vec<TimelineRound<'static>> {
    let mut rounds = Vec::new();
    play(&mut rounds, minute, [false, false]);
    rounds
}

const EVENING: i64 = 20 * 60;

fn sizes(timeline: &Timeline) -> Vec<usize> {
    timeline.sessions.iter().map(|s| s.rounds).collect()
}

fn statuses(rounds: &[TimelineRound<'_>]) -> Vec<RoundStatus> {
    run(rounds).rounds.into_iter().map(|r| r.status).collect()
}

/// Why the first round does not count.
fn reasons(rounds: &[TimelineRound<'_>]) -> Vec<Reason> {
    let result = run(rounds).rounds.remove(0);
    assert_eq!(result.is_valid, result.reasons.is_empty());
    result.reasons
}

/// The only session.
fn evening(rounds: &[TimelineRound<'_>]) -> SessionResult {
    let [session] = <[SessionResult; 1]>::try_from(run(rounds).sessions).unwrap();
    session
}

fn teams(session: &SessionResult) -> (String, String, String) {
    (letters(&session.team_a), letters(&session.team_b), letters(&session.ambiguous))
}

fn team_strings(a: &str, b: &str, ambiguous: &str) -> (String, String, String) {
    (a.to_owned(), b.to_owned(), ambiguous.to_owned())
}

// ------------------------------------------------------------------------------------ sessions

#[test]
fn no_rounds_are_no_evening() {
    let nothing = run(&[]);
    assert_eq!((nothing.rounds.len(), nothing.sessions.len(), nothing.matches.len()), (0, 0, 0));
}

#[test]
fn a_gap_of_exactly_an_hour_continues_the_evening() {
    assert_eq!(sizes(&run(&[alone(EVENING), alone(EVENING + 60)])), [2]);
    let mut later = alone(EVENING + 60);
    later.ended_at += 1;
    assert_eq!(sizes(&run(&[alone(EVENING), later])), [1, 1]);
}

#[test]
fn the_gap_is_between_neighbours_not_from_the_beginning() {
    let rounds: Vec<_> = (0..5).map(|i| alone(EVENING + 50 * i)).collect();
    assert_eq!(sizes(&run(&rounds)), [5]);
}

#[test]
fn an_evening_goes_on_after_midnight_and_a_day_may_have_two() {
    let rounds = [alone(10 * 60), alone(23 * 60 + 50), alone(24 * 60 + 5)];
    let timeline = run(&rounds);
    assert_eq!(sizes(&timeline), [1, 2]);
    assert_eq!((timeline.sessions[1].first, timeline.sessions[1].last), (1, 2));
}

#[test]
fn the_gap_is_a_setting() {
    let mut config = config();
    config.session_gap = Seconds(59 * 60);
    assert_eq!(sizes(&timeline(&[alone(EVENING), alone(EVENING + 60)], &config, &[])), [1, 1]);
}

#[test]
fn a_session_sums_up_its_rounds() {
    let mut rounds = one_match(EVENING);
    rounds.push(orphan(EVENING + 30));
    rounds[2].roster.push(entry('S', None));
    let session = evening(&rounds);
    assert_eq!(session.members, [0, 1, 2]);
    assert_eq!((session.first, session.last, session.rounds, session.valid_rounds), (0, 2, 3, 2));
    assert_eq!((session.complete, session.players), (1, 7));
}

#[test]
fn members_are_in_the_order_of_play() {
    let rounds = [alone(EVENING + 20), alone(EVENING), alone(EVENING + 10)];
    let session = evening(&rounds);
    assert_eq!((session.members, session.first, session.last), (vec![1, 2, 0], 1, 0));
}

// ------------------------------------------------------------------------------------- matches

#[test]
fn a_match_is_named_by_its_r1() {
    let timeline = run(&one_match(EVENING));
    for result in &timeline.rounds {
        assert_eq!(result.match_id.to_string(), "2025-10-02-200000-supply");
        assert_eq!(result.state, MatchState::Complete);
    }
    let [found] = &timeline.matches[..] else { unreachable_count(timeline.matches.len()) };
    assert_eq!((found.r1, found.r2, found.state, found.session), (Some(0), Some(1), MatchState::Complete, 0));
}

#[expect(clippy::panic, reason = "test support")]
fn unreachable_count(count: usize) -> ! {
    panic!("{count} matches")
}

#[test]
fn a_round_alone_is_named_by_itself() {
    let rounds = [
        alone(EVENING),
        orphan(EVENING + 1),
        round(EVENING + 2, RoundNumber::Two, Role::AbortedR1),
        round(EVENING + 3, RoundNumber::One, Role::AbortedR2),
    ];
    let timeline = run(&rounds);
    let found: Vec<_> = timeline.matches.iter().map(|m| (m.match_id.to_string(), m.r1, m.r2, m.state)).collect();
    let id = |minute: u32| format!("2025-10-02-200{minute}00-supply");
    assert_eq!(
        found,
        [
            (id(0), Some(0), None, MatchState::AbandonedR1),
            (id(1), None, Some(1), MatchState::OrphanR2),
            // Who looks for an aborted round looks for its file.
            (id(2), None, Some(2), MatchState::OrphanR2),
            (id(3), Some(3), None, MatchState::AbandonedR1),
        ]
    );
    assert!(timeline.matches.iter().all(|m| m.undecided == Some(Undecided::Incomplete) && m.points_a.is_none()));
}

#[test]
fn a_match_belongs_to_the_evening_of_its_r1() {
    let mut config = config();
    config.session_gap = Seconds(300);
    let timeline = timeline(&one_match(EVENING), &config, &[]);
    assert_eq!((sizes(&timeline), timeline.matches.len()), (vec![1, 1], 1));
    assert_eq!((timeline.sessions[0].complete, timeline.sessions[1].complete), (1, 0));
    let found = &timeline.matches[0];
    assert_eq!((found.session, found.undecided, found.points_a, found.points_b), (0, None, Some(2), Some(0)));
    assert_eq!((timeline.sessions[0].score_a, timeline.sessions[1].score_a), (2, 0));
}

// ------------------------------------------------------------------------------------ restarts

#[test]
fn a_round_played_again_by_the_same_people_was_cancelled() {
    let rounds = [alone(EVENING), alone(EVENING + 10)];
    assert_eq!(statuses(&rounds), [RoundStatus::Cancelled, RoundStatus::Completed]);
}

#[test]
fn sides_and_spectators_make_no_other_people() {
    let mut rounds = [alone(EVENING), alone(EVENING + 10)];
    rounds[1].roster = roster("XYZ", "ABC");
    rounds[1].roster.push(entry('S', None));
    assert_eq!(statuses(&rounds)[0], RoundStatus::Cancelled);
}

#[test]
fn a_round_played_again_by_others_was_a_substitution() {
    let mut rounds = [alone(EVENING), alone(EVENING + 10)];
    rounds[1].roster = roster("ABC", "XYD");
    let timeline = run(&rounds);
    assert_eq!(timeline.rounds[0].status, RoundStatus::Substitution);
    assert!(timeline.rounds[0].is_valid, "it counts for careers");
    rounds[1].roster = roster("AB", "XYZ");
    assert_eq!(statuses(&rounds)[0], RoundStatus::Substitution);
}

#[test]
fn a_restart_comes_within_a_quarter_of_an_hour() {
    assert_eq!(statuses(&[alone(EVENING), alone(EVENING + 15)])[0], RoundStatus::Cancelled);
    let mut rounds = [alone(EVENING), alone(EVENING + 15)];
    rounds[1].ended_at += 1;
    assert_eq!(statuses(&rounds)[0], RoundStatus::Completed);
}

#[test]
fn only_the_same_map_and_number_is_the_same_round() {
    let mut rounds = [alone(EVENING), alone(EVENING + 10)];
    rounds[1].map = "radar";
    assert_eq!(statuses(&rounds)[0], RoundStatus::Completed);
    assert_eq!(statuses(&[alone(EVENING), orphan(EVENING + 10)])[0], RoundStatus::Completed);
    // An aborted round 1 is one, whatever its file says.
    let aborted = round(EVENING + 10, RoundNumber::Two, Role::AbortedR1);
    let mut rounds = [alone(EVENING), aborted];
    rounds[1].roster = roster("ABC", "XYZ");
    assert_eq!(statuses(&rounds), [RoundStatus::Cancelled, RoundStatus::Aborted]);
    rounds[1].role = Role::AbortedR2;
    rounds[1].round = RoundNumber::One;
    assert_eq!(statuses(&rounds), [RoundStatus::Completed, RoundStatus::Aborted]);
}

#[test]
fn the_next_time_it_was_played_decides() {
    let mut rounds = [alone(EVENING), alone(EVENING + 5), alone(EVENING + 10)];
    rounds[1].roster = roster("ABD", "XYZ");
    let expected = [RoundStatus::Substitution, RoundStatus::Substitution, RoundStatus::Completed];
    assert_eq!(statuses(&rounds), expected);
}

#[test]
fn an_abandoned_round_before_a_match_was_its_false_start() {
    let mut rounds = one_match(EVENING + 5);
    rounds.push(alone(EVENING));
    assert_eq!(statuses(&rounds), [RoundStatus::Completed, RoundStatus::Completed, RoundStatus::Cancelled]);
}

#[test]
fn a_round_of_a_complete_match_is_never_a_restart() {
    // The same map twice in a row: R1 of the second match ends 12 minutes after R1 of the first.
    let mut rounds = one_match(EVENING);
    play(&mut rounds, EVENING + 12, [false, false]);
    assert_eq!(statuses(&rounds), [RoundStatus::Completed; 4]);
}

// ------------------------------------------------------------------------------------ validity

#[test]
fn a_plain_round_counts() {
    assert_eq!(reasons(&one_match(EVENING)), []);
    assert_eq!(reasons(&[alone(EVENING)]), [], "an abandoned R1 has true numbers");
}

#[test]
fn each_reason_against_a_round_has_its_case() {
    let aborted = || round(EVENING, RoundNumber::Two, Role::AbortedR1);
    let contradictory = TimelineRound { is_contradictory: true, ..orphan(EVENING) };
    let bots = |humans: &str, bots: &str| {
        let mut round = alone(EVENING);
        round.roster = roster(bots, humans);
        round.roster.iter_mut().filter(|e| e.side == Some(Side::Axis)).for_each(|e| e.is_bot = true);
        round
    };
    let map = |map| TimelineRound { map, ..alone(EVENING) };
    let empty = TimelineRound { roster: Vec::new(), ..alone(EVENING) };
    let judged = |verdict, round| TimelineRound { verdict: Some(verdict), ..round };
    let cases: Vec<(&str, TimelineRound<'_>, Vec<Reason>)> = vec![
        ("R2 without R1", orphan(EVENING), vec![Reason::OrphanR2]),
        ("R1 and R2 contradict each other", contradictory, vec![Reason::DifferentialError]),
        ("aborted R1", aborted(), vec![Reason::Aborted]),
        ("aborted R2", round(EVENING, RoundNumber::One, Role::AbortedR2), vec![Reason::Aborted]),
        ("bots alone", bots("", "A"), vec![Reason::Bots]),
        ("more bots than people", bots("XY", "ABC"), vec![Reason::Bots]),
        ("as many bots as people", bots("XYZ", "ABC"), vec![]),
        ("excluded map, in any case", map("trainer"), vec![Reason::ExcludedMap]),
        ("another map", map("trainer2"), vec![]),
        ("nobody", empty, vec![Reason::NoPlayers]),
        ("ignored", judged(Verdict::Ignore, alone(EVENING)), vec![Reason::Override]),
        ("cancelled by a person", judged(Verdict::Cancelled, alone(EVENING)), vec![Reason::Override]),
        ("aborted, but valid", judged(Verdict::Valid, aborted()), vec![]),
        ("bots, but valid", judged(Verdict::Valid, bots("", "A")), vec![]),
        ("excluded, but valid", judged(Verdict::Valid, map("trainer")), vec![]),
        // The totals of a match do not become the numbers of a round by decree.
        ("orphan, but valid", judged(Verdict::Valid, orphan(EVENING)), vec![Reason::OrphanR2]),
        ("ignored orphan", judged(Verdict::Ignore, orphan(EVENING)), vec![Reason::OrphanR2, Reason::Override]),
    ];
    for (what, round, expected) in cases {
        assert_eq!(reasons(std::slice::from_ref(&round)), expected, "{what}");
    }
    assert_eq!(reasons(&[alone(EVENING), alone(EVENING + 10)]), [Reason::Cancelled]);
}

#[test]
fn a_round_may_have_several_reasons() {
    let mut bots = TimelineRound { map: "trainer", ..orphan(EVENING) };
    bots.roster = vec![entry('A', Some(Side::Axis))];
    bots.roster[0].is_bot = true;
    assert_eq!(reasons(&[bots]), [Reason::OrphanR2, Reason::Bots, Reason::ExcludedMap]);
}

#[test]
fn a_persons_word_goes_before_the_rule() {
    let judged = |verdict| {
        let mut rounds = [alone(EVENING), alone(EVENING + 10)];
        rounds[0].verdict = Some(verdict);
        let result = run(&rounds).rounds.remove(0);
        (result.status, result.reasons)
    };
    assert_eq!(judged(Verdict::Valid), (RoundStatus::Completed, vec![]));
    assert_eq!(judged(Verdict::Cancelled), (RoundStatus::Cancelled, vec![Reason::Override]));
    assert_eq!(judged(Verdict::Ignore), (RoundStatus::Cancelled, vec![Reason::Override]));
    let status = |verdict, round| statuses(&[TimelineRound { verdict: Some(verdict), ..round }])[0];
    assert_eq!(status(Verdict::Valid, round(EVENING, RoundNumber::Two, Role::AbortedR1)), RoundStatus::Completed);
    assert_eq!(status(Verdict::Valid, orphan(EVENING)), RoundStatus::OrphanR2);
    assert_eq!(status(Verdict::Cancelled, alone(EVENING)), RoundStatus::Cancelled);
    assert_eq!(status(Verdict::Ignore, alone(EVENING)), RoundStatus::Completed);
}

// --------------------------------------------------------------------------------------- teams

#[test]
fn team_a_is_axis_of_the_first_r1() {
    let session = evening(&one_match(EVENING));
    assert_eq!((teams(&session), session.confidence), (team_strings("ABC", "XYZ", ""), Confidence::High));
    // An R2 that comes first does not decide as long as there is an R1.
    let mut rounds = one_match(EVENING);
    rounds.push(orphan(EVENING - 10));
    assert_eq!(teams(&evening(&rounds)), team_strings("ABC", "XYZ", ""));
}

#[test]
fn without_an_r1_the_first_round_decides() {
    assert_eq!(teams(&evening(&[orphan(EVENING), orphan(EVENING + 20)])), team_strings("XYZ", "ABC", ""));
}

#[test]
fn an_aborted_r1_is_an_r1() {
    let mut aborted = round(EVENING, RoundNumber::Two, Role::AbortedR1);
    aborted.roster = roster("ABC", "XYZ");
    let mut rounds = one_match(EVENING + 10);
    rounds.push(aborted);
    let session = evening(&rounds);
    assert_eq!((teams(&session), session.confidence), (team_strings("ABC", "XYZ", ""), Confidence::High));
}

#[test]
fn who_came_late_belongs_to_those_he_stood_beside() {
    let mut rounds = one_match(EVENING);
    play(&mut rounds, EVENING + 20, [false, false]);
    // L stands beside A, B and C twice and once beside the others; S only watches.
    rounds[1].roster = roster("XYZ", "ABCL");
    rounds[2].roster = roster("ABCL", "XYZ");
    rounds[3].roster = roster("XYZL", "ABC");
    rounds[3].roster.push(entry('S', None));
    let session = evening(&rounds);
    assert_eq!((teams(&session), session.confidence), (team_strings("ABCL", "XYZ", ""), Confidence::High));
    assert_eq!(session.players, 8);
}

#[test]
fn who_stood_equally_often_beside_both_stays_open() {
    let mut rounds = one_match(EVENING);
    play(&mut rounds, EVENING + 20, [false, false]);
    rounds[2].roster = roster("ABCL", "XYZ");
    rounds[3].roster = roster("XYZL", "ABC");
    let session = evening(&rounds);
    assert_eq!((teams(&session), session.confidence), (team_strings("ABC", "XYZ", "L"), Confidence::Medium));
    rounds[2].roster.push(entry('M', Some(Side::Allies)));
    rounds[3].roster.push(entry('M', Some(Side::Allies)));
    let session = evening(&rounds);
    assert_eq!((teams(&session), session.confidence), (team_strings("ABC", "XYZ", "LM"), Confidence::Low));
}

#[test]
fn late_joiners_are_decided_in_waves() {
    let mut rounds = one_match(EVENING);
    play(&mut rounds, EVENING + 20, [false, false]);
    // L and M met the first six; N and O only met L and M.
    rounds[1].roster = roster("XYZM", "ABCL");
    rounds[2].roster = roster("LN", "MO");
    rounds[3].roster = roster("MO", "LN");
    assert_eq!(teams(&evening(&rounds)), team_strings("ABCLN", "MOXYZ", ""));
}

#[test]
fn strangers_to_everybody_stay_open() {
    let mut rounds = one_match(EVENING);
    play(&mut rounds, EVENING + 20, [false, false]);
    rounds[2].roster = roster("N", "O");
    rounds[3].roster = roster("O", "N");
    let session = evening(&rounds);
    assert_eq!((teams(&session), session.confidence), (team_strings("ABC", "XYZ", "NO"), Confidence::Low));
}

#[test]
fn confidence_falls_when_the_first_rounds_disagree() {
    let mixed = |at: usize| {
        let mut rounds = one_match(EVENING);
        play(&mut rounds, EVENING + 20, [false, false]);
        // C and Z have changed teams for one round.
        rounds[at].roster = if at == 2 { roster("ABZ", "XYC") } else { roster("XYC", "ABZ") };
        evening(&rounds).confidence
    };
    assert_eq!(mixed(1), Confidence::Medium, "two of three agree, not 70 percent");
    assert_eq!(mixed(2), Confidence::Medium);
    assert_eq!(mixed(3), Confidence::High, "the fourth is not looked at");
}

fn manual(minute: i64, team_a: &str, team_b: &str) -> ManualRoster {
    let anchor = alone(minute);
    let guids = |letters: &str| letters.chars().map(|letter| entry(letter, None).guid).collect();
    ManualRoster {
        stamp: anchor.stamp,
        map: anchor.map.to_owned(),
        round: anchor.round,
        team_a: guids(team_a),
        team_b: guids(team_b),
    }
}

#[test]
fn teams_that_people_set_win_in_rosters_and_score() {
    let mut rounds = Vec::new();
    play(&mut rounds, EVENING, [false, true]);
    let detected = evening(&rounds);
    assert_eq!((teams(&detected), detected.roster), (team_strings("ABC", "XYZ", ""), None));
    let rosters = [manual(EVENING, "XYZ", "ABC")];
    let session = timeline(&rounds, &config(), &rosters).sessions.remove(0);
    assert_eq!((teams(&session), session.roster), (team_strings("XYZ", "ABC", ""), Some(0)));
    assert_eq!((session.score_a, session.score_b), (detected.score_b, detected.score_a));
}

#[test]
fn who_is_not_in_the_roster_belongs_to_those_he_stood_beside() {
    let rounds = one_match(EVENING);
    let rosters = [manual(EVENING, "X", "A")];
    let session = timeline(&rounds, &config(), &rosters).sessions.remove(0);
    assert_eq!(teams(&session), team_strings("XYZ", "ABC", ""));
}

#[test]
fn a_roster_that_names_nobody_who_played_is_stale() {
    let rounds = one_match(EVENING);
    for stale in [manual(EVENING, "PQ", "RS"), manual(EVENING + 600, "XYZ", "ABC")] {
        let session = timeline(&rounds, &config(), std::slice::from_ref(&stale)).sessions.remove(0);
        assert_eq!((teams(&session), session.roster), (team_strings("ABC", "XYZ", ""), None));
        // One that was decided before and fits is better than none.
        let rosters = [manual(EVENING, "XYZ", "ABC"), stale];
        let session = timeline(&rounds, &config(), &rosters).sessions.remove(0);
        assert_eq!((teams(&session), session.roster), (team_strings("XYZ", "ABC", ""), Some(0)));
    }
}

#[test]
fn the_roster_that_was_decided_last_wins() {
    let mut rounds = Vec::new();
    play(&mut rounds, EVENING, [false, false]);
    play(&mut rounds, EVENING + 30, [false, false]);
    let (first, second) = (manual(EVENING, "XYZ", "ABC"), manual(EVENING + 30, "AYZ", "XBC"));
    for (rosters, expected) in [
        ([first.clone(), second.clone()], team_strings("AYZ", "BCX", "")),
        ([second, first], team_strings("XYZ", "ABC", "")),
    ] {
        let session = timeline(&rounds, &config(), &rosters).sessions.remove(0);
        assert_eq!(teams(&session), expected);
    }
}

#[test]
fn nobody_makes_no_teams() {
    let mut rounds = [alone(EVENING)];
    rounds[0].roster = vec![entry('S', None)];
    let session = evening(&rounds);
    assert_eq!((teams(&session), session.confidence), (team_strings("", "", ""), Confidence::Medium));
}

// --------------------------------------------------------------------------------------- score

#[test]
fn two_points_go_to_those_who_attacked_better() {
    // Team A defends in R1, so team B attacks first.
    for (held, r1_attackers, r2_attackers) in
        [([false, false], 0, 2), ([true, false], 0, 2), ([false, true], 2, 0), ([true, true], 1, 1)]
    {
        let mut rounds = Vec::new();
        play(&mut rounds, EVENING, held);
        let timeline = run(&rounds);
        let found = &timeline.matches[0];
        let points = (found.points_r1_attackers, found.points_r2_attackers);
        assert_eq!(points, (Some(r1_attackers), Some(r2_attackers)), "{held:?}");
        assert_eq!((found.points_a, found.points_b), (Some(r2_attackers), Some(r1_attackers)), "{held:?}");
        assert_eq!((found.team_a_r1_side, found.undecided), (Some(Side::Axis), None));
        let session = &timeline.sessions[0];
        assert_eq!((session.score_a, session.score_b), (usize::from(r2_attackers), usize::from(r1_attackers)));
    }
}

#[test]
fn sides_are_never_tallied() {
    let mut rounds = Vec::new();
    play(&mut rounds, EVENING, [false, false]);
    play(&mut rounds, EVENING + 20, [false, false]);
    // In the second match the teams begin on the other sides: the R2 attackers win both, and are A, then B.
    rounds[2].roster = roster("XYZ", "ABC");
    rounds[3].roster = roster("ABC", "XYZ");
    let timeline = run(&rounds);
    let points: Vec<_> = timeline.matches.iter().map(|m| (m.team_a_r1_side, m.points_a, m.points_b)).collect();
    assert_eq!(points, [(Some(Side::Axis), Some(2), Some(0)), (Some(Side::Allies), Some(0), Some(2))]);
    assert_eq!((timeline.sessions[0].score_a, timeline.sessions[0].score_b), (2, 2));
}

#[test]
fn the_defending_side_makes_no_difference() {
    let mut rounds = Vec::new();
    play(&mut rounds, EVENING, [false, true]);
    for round in &mut rounds {
        round.defender = Side::Allies;
        round.winner = round.winner.map(Side::other);
    }
    // Now team A, Axis in R1, attacks first.
    let session = evening(&rounds);
    assert_eq!((session.score_a, session.score_b), (2, 0));
}

#[test]
fn points_follow_the_majority_of_a_team_that_has_changed() {
    let mut rounds = one_match(EVENING);
    play(&mut rounds, EVENING + 20, [true, false]);
    rounds[2].roster = roster("ABZ", "XYC");
    rounds[3].roster = roster("XYC", "ABZ");
    let timeline = run(&rounds);
    assert_eq!((timeline.matches[1].points_a, timeline.matches[1].undecided), (Some(2), None));
}

#[test]
fn where_round_one_is_mixed_round_two_decides() {
    let mut rounds = one_match(EVENING);
    play(&mut rounds, EVENING + 20, [false, false]);
    rounds[2].roster = roster("AX", "BY");
    rounds[3].roster = roster("XYZ", "AB");
    let found = run(&rounds).matches.remove(1);
    assert_eq!((found.team_a_r1_side, found.points_a, found.undecided), (Some(Side::Axis), Some(2), None));
}

#[test]
fn mixed_teams_get_no_points_and_are_listed() {
    let mut rounds = one_match(EVENING);
    play(&mut rounds, EVENING + 20, [false, false]);
    rounds[2].roster = roster("AX", "BY");
    rounds[3].roster = roster("BY", "AX");
    let timeline = run(&rounds);
    let found = &timeline.matches[1];
    assert_eq!((found.undecided, found.team_a_r1_side), (Some(Undecided::MixedTeams), None));
    assert_eq!((found.points_a, found.points_b), (None, None));
    assert_eq!((found.points_r1_attackers, found.points_r2_attackers), (Some(0), Some(2)), "the map was won");
    assert_eq!((timeline.sessions[0].score_a, timeline.sessions[0].score_b), (2, 0), "by the first match alone");
}

#[test]
fn a_round_without_a_winner_decides_nothing_unless_the_time_was_beaten() {
    let undecided = |at: usize, held| {
        let mut rounds = Vec::new();
        play(&mut rounds, EVENING, held);
        rounds[at].winner = None;
        let found = run(&rounds).matches.remove(0);
        (found.undecided, found.points_r1_attackers, found.points_r2_attackers)
    };
    assert_eq!(undecided(1, [false, false]), (Some(Undecided::NoWinner), None, None));
    assert_eq!(undecided(0, [false, true]), (Some(Undecided::NoWinner), None, None));
    assert_eq!(undecided(0, [false, false]), (None, Some(0), Some(2)));
}

#[test]
fn a_match_with_an_invalid_round_does_not_count_for_the_score() {
    for at in 0..2 {
        let mut rounds = one_match(EVENING);
        rounds[at].verdict = Some(Verdict::Ignore);
        let timeline = run(&rounds);
        assert_eq!(timeline.matches[0].undecided, Some(Undecided::InvalidRound), "{at}");
        assert_eq!((timeline.sessions[0].score_a, timeline.sessions[0].score_b), (0, 0), "{at}");
        assert_eq!(timeline.sessions[0].complete, 1, "{at}");
    }
}

// -------------------------------------------------------------------------------------- order

/// What a server may have seen, for the property: enough to pair it and to judge it.
#[derive(Clone, Debug)]
struct Seen {
    minute: i64,
    map: &'static str,
    number: RoundNumber,
    limits: (i32, i32),
    rounds: i32,
    round: TimelineRound<'static>,
}

fn seen() -> impl Strategy<Value = Seen> {
    let verdict = prop_oneof![
        8 => Just(None),
        1 => Just(Some(Verdict::Valid)),
        1 => Just(Some(Verdict::Cancelled)),
        1 => Just(Some(Verdict::Ignore))
    ];
    let sides = proptest::collection::vec(0..4_u8, 8);
    let facts = (0..60_i64, 0..3_usize, any::<bool>(), 0..2_i32, 0..2_i32, 0..2_i32);
    (facts, any::<bool>(), 0..3_u8, sides, verdict, any::<bool>()).prop_map(
        |((at, map, first, limit, next, rounds), axis, winner, sides, verdict, is_contradictory)| {
            let number = if first { RoundNumber::One } else { RoundNumber::Two };
            let mut one = round(at * 9, number, Role::AbandonedR1);
            one.map = ["supply", "radar", "trainer"][map];
            one.defender = if axis { Side::Axis } else { Side::Allies };
            one.winner = Side::from_number(i32::from(winner));
            let present = "ABCDWXYZ".chars().zip(sides).filter(|(_, side)| *side > 0);
            one.roster = present.map(|(letter, side)| entry(letter, Side::from_number(i32::from(side)))).collect();
            one.verdict = verdict;
            one.is_contradictory = is_contradictory;
            Seen { minute: at, map: one.map, number, limits: (limit * 300, next * 300), rounds, round: one }
        },
    )
}

fn server() -> impl Strategy<Value = Vec<Seen>> {
    proptest::collection::vec(seen(), 0..20).prop_map(|mut all| {
        let mut names = BTreeSet::new();
        all.retain(|one| names.insert((one.minute, one.map, one.number)));
        all
    })
}

/// Pairs, then judges, as the product does.
fn judge(all: &[Seen]) -> (Vec<TimelineRound<'static>>, Timeline) {
    let refs: Vec<RoundRef<'_>> = all
        .iter()
        .map(|one| RoundRef {
            ended_at: one.round.ended_at,
            map: one.map,
            round: one.number,
            defender: one.round.defender,
            time_limit: Seconds(one.limits.0),
            next_time_limit: Seconds(one.limits.1),
            at_least: Seconds(0),
            players: one
                .round
                .roster
                .iter()
                .map(|e| Carried { guid: e.guid, rounds: one.rounds, counters: [0; 3] })
                .collect(),
            continues: Continues::LimitChain,
        })
        .collect();
    let roles = pair(&refs, Seconds(3600));
    let rounds: Vec<_> = all.iter().zip(roles).map(|(one, role)| TimelineRound { role, ..one.round.clone() }).collect();
    let timeline = run(&rounds);
    (rounds, timeline)
}

/// A round by its name.
type Name = (i64, &'static str, RoundNumber);

/// Everything in a timeline with rounds by name and in the order of names, so that positions do not matter.
fn named(rounds: &[TimelineRound<'static>], found: &Timeline) -> (Vec<(Name, String)>, Vec<String>, Vec<String>) {
    let name = |index: usize| (rounds[index].ended_at, rounds[index].map, rounds[index].round);
    let mut of_rounds: Vec<_> =
        found.rounds.iter().enumerate().map(|(index, result)| (name(index), format!("{result:?}"))).collect();
    of_rounds.sort();
    let of_sessions = found.sessions.iter().map(|session| {
        let members: Vec<_> = session.members.iter().map(|index| name(*index)).collect();
        let ends = (name(session.first), name(session.last));
        let plain = SessionResult { members: Vec::new(), first: 0, last: 0, ..session.clone() };
        format!("{members:?} {ends:?} {plain:?}")
    });
    let of_matches = found.matches.iter().map(|one| {
        let mut plain = one.clone();
        (plain.r1, plain.r2) = (None, None);
        format!("{:?} {:?} {plain:?}", one.r1.map(name), one.r2.map(name))
    });
    (of_rounds, of_sessions.collect(), of_matches.collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn the_order_of_the_input_is_no_matter(
        (all, shuffled) in server().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
    ) {
        let ((a, found_a), (b, found_b)) = (judge(&all), judge(&shuffled));
        prop_assert_eq!(named(&a, &found_a), named(&b, &found_b));
    }

    #[test]
    fn every_round_is_in_one_session_and_one_match(all in server()) {
        let (rounds, found) = judge(&all);
        prop_assert_eq!(found.rounds.len(), rounds.len());
        let mut members: Vec<usize> = found.sessions.iter().flat_map(|s| s.members.clone()).collect();
        members.sort_unstable();
        prop_assert_eq!(members, (0..rounds.len()).collect::<Vec<_>>());
        let mut halves: Vec<usize> = found.matches.iter().flat_map(|m| [m.r1, m.r2]).flatten().collect();
        halves.sort_unstable();
        prop_assert_eq!(halves, (0..rounds.len()).collect::<Vec<_>>());
        for (index, result) in found.rounds.iter().enumerate() {
            prop_assert!(found.sessions[result.session].members.contains(&index));
            prop_assert_eq!(result.is_valid, result.reasons.is_empty());
        }
    }

    #[test]
    fn teams_are_disjoint_and_the_score_is_that_of_decided_matches(all in server()) {
        let (_, found) = judge(&all);
        for (index, session) in found.sessions.iter().enumerate() {
            let groups = [&session.team_a, &session.team_b, &session.ambiguous];
            let people: BTreeSet<_> = groups.into_iter().flatten().collect();
            prop_assert_eq!(people.len(), groups.into_iter().map(Vec::len).sum::<usize>());
            prop_assert!(people.len() <= session.players);
            let decided = found.matches.iter().filter(|m| m.session == index && m.undecided.is_none()).count();
            prop_assert_eq!(session.score_a + session.score_b, 2 * decided);
        }
    }

    /// Sides of the whole server exchanged: the same points for the teams that now begin on the other side.
    #[test]
    fn exchanging_the_sides_exchanges_the_teams(all in server()) {
        let mut mirrored = all.clone();
        for one in &mut mirrored {
            one.round.defender = one.round.defender.other();
            one.round.winner = one.round.winner.map(Side::other);
            one.round.roster.iter_mut().for_each(|e| e.side = e.side.map(Side::other));
        }
        let ((_, found), (_, other)) = (judge(&all), judge(&mirrored));
        for (a, b) in found.sessions.iter().zip(&other.sessions) {
            prop_assert_eq!((a.score_a, a.score_b), (b.score_b, b.score_a));
            prop_assert_eq!((&a.team_a, &a.team_b, &a.ambiguous), (&b.team_b, &b.team_a, &b.ambiguous));
            prop_assert_eq!(a.confidence, b.confidence);
        }
    }
}
