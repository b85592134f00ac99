//! Which R1 belongs to which R2: one sentence of the rules per test, and the properties that hold for any evening.
#![expect(clippy::unwrap_used, reason = "test support")]

use std::collections::BTreeSet;

use fullhold_differential::{Carried, Continues, Role, RoundRef, pair};
use fullhold_stats_file::{
    Era, Field, FileName, Guid, Header, PlayerLine, RoundNumber, Seconds, Side, Slot, Stamp, StatsFile,
};
use proptest::prelude::*;

const WINDOW: Seconds = Seconds(3600);
const MINUTE: i64 = 60;
/// 2025-10-02 at midnight UTC.
const MIDNIGHT: i64 = 1_759_363_200;

/// Three people whose counters are so high after their first round, and twice so high after the second.
fn people(rounds: i32) -> Vec<Carried> {
    ["AAAAAAAA", "BBBBBBBB", "CCCCCCCC"]
        .map(|guid| Carried { guid: Guid::new(guid).unwrap(), rounds, counters: [100 * (rounds + 1); 3] })
        .to_vec()
}

/// R1 of supply, ended at this second: 10:00 to play, done after 4:00.
fn r1(ended_at: i64) -> RoundRef<'static> {
    RoundRef {
        ended_at,
        map: "supply",
        round: RoundNumber::One,
        defender: Side::Axis,
        time_limit: Seconds(600),
        next_time_limit: Seconds(240),
        at_least: Seconds(240),
        players: people(0),
        continues: Continues::LimitChain,
    }
}

/// Its R2: 4:00 to play, held.
fn r2(ended_at: i64) -> RoundRef<'static> {
    RoundRef {
        round: RoundNumber::Two,
        time_limit: Seconds(240),
        at_least: Seconds(0),
        players: people(1),
        ..r1(ended_at)
    }
}

fn roles(rounds: &[RoundRef<'_>]) -> Vec<Role> {
    pair(rounds, WINDOW)
}

const PAIR: [Role; 2] = [Role::FirstOf(1), Role::SecondOf(0)];
const STRANGERS: [Role; 2] = [Role::AbandonedR1, Role::OrphanR2];

#[test]
fn a_round_2_without_a_limit_continues_the_latest_round_1_that_leaves_it_time() {
    let unknown = |ended_at| RoundRef { time_limit: Seconds(0), continues: Continues::AnyRound, ..r2(ended_at) };
    assert_eq!(roles(&[r1(0), unknown(300)]), PAIR);
    assert_eq!(roles(&[r1(-600), r1(0), unknown(300)])[1..], [Role::FirstOf(2), Role::SecondOf(1)]);
    let other = RoundRef { defender: Side::Allies, ..unknown(300) };
    assert_eq!(roles(&[r1(0), other]), STRANGERS);
    let long = RoundRef { at_least: Seconds(400), ..unknown(300) };
    assert_eq!(roles(&[r1(0), long]), STRANGERS);
}

#[test]
fn a_round_2_paired_by_another_database_continues_that_round_1_alone() {
    let paired = |first| RoundRef {
        time_limit: Seconds(0),
        defender: Side::Allies,
        continues: Continues::Round(first),
        ..r2(300)
    };
    assert_eq!(roles(&[r1(-600), r1(0), paired(0)]), [Role::FirstOf(2), Role::AbandonedR1, Role::SecondOf(0)]);
    assert_eq!(roles(&[r1(0), paired(5)]), STRANGERS);
    // The window holds all the same, and R1 is earlier.
    assert_eq!(roles(&[r1(300 - i64::from(WINDOW.0) - 1), paired(0)]), STRANGERS);
    assert_eq!(roles(&[r1(300), paired(0)]), STRANGERS);
}

#[test]
fn a_round_2_whose_round_1_was_never_seen_stays_alone() {
    let alone = RoundRef { continues: Continues::NoRound, ..r2(300) };
    assert_eq!(roles(&[r1(0), alone]), STRANGERS);
}

#[test]
fn nothing_gives_nothing() {
    assert_eq!(roles(&[]), []);
}

#[test]
fn rounds_alone_are_abandoned_and_orphaned() {
    assert_eq!(roles(&[r1(0)]), [Role::AbandonedR1]);
    assert_eq!(roles(&[r2(0)]), [Role::OrphanR2]);
}

#[test]
fn r2_follows_its_r1() {
    assert_eq!(roles(&[r1(0), r2(300)]), PAIR);
}

#[test]
fn the_answer_has_the_order_of_the_question() {
    assert_eq!(roles(&[r2(300), r1(0)]), [Role::SecondOf(1), Role::FirstOf(0)]);
}

#[test]
fn r1_must_be_strictly_earlier() {
    assert_eq!(roles(&[r1(300), r2(300)]), STRANGERS);
    assert_eq!(roles(&[r1(301), r2(300)]), STRANGERS);
    assert_eq!(roles(&[r1(299), r2(300)]), PAIR, "R2 says nothing about its length: a second is enough");
}

#[test]
fn the_limit_of_r2_is_the_target_that_r1_set() {
    let other = RoundRef { time_limit: Seconds(241), ..r2(300) };
    assert_eq!(roles(&[r1(0), other]), STRANGERS);
}

#[test]
fn the_chain_of_limits_decides_between_candidates() {
    // The later R1 would be nearer, but set another target.
    let nearer = RoundRef { next_time_limit: Seconds(250), ..r1(10 * MINUTE) };
    let rounds = [r1(0), nearer, r2(20 * MINUTE)];
    assert_eq!(roles(&rounds), [Role::FirstOf(2), Role::AbandonedR1, Role::SecondOf(0)]);
}

#[test]
fn what_the_chain_leaves_open_goes_to_the_latest_before() {
    let rounds = [r1(0), r1(10 * MINUTE), r2(20 * MINUTE)];
    assert_eq!(roles(&rounds), [Role::AbandonedR1, Role::FirstOf(2), Role::SecondOf(1)]);
}

#[test]
fn a_map_played_four_times_is_four_matches() {
    let rounds: Vec<_> =
        (0..4).flat_map(|play| [r1(play * 12 * MINUTE), r2(play * 12 * MINUTE + 5 * MINUTE)]).collect();
    let expected: Vec<_> = (0..4).flat_map(|play| [Role::FirstOf(2 * play + 1), Role::SecondOf(2 * play)]).collect();
    assert_eq!(roles(&rounds), expected);
}

#[test]
fn each_r1_is_consumed_once() {
    let rounds = [r1(0), r2(5 * MINUTE), r2(10 * MINUTE)];
    assert_eq!(roles(&rounds), [Role::FirstOf(1), Role::SecondOf(0), Role::OrphanR2]);
}

#[test]
fn the_window_includes_its_end() {
    assert_eq!(roles(&[r1(0), r2(3600)]), PAIR);
    assert_eq!(roles(&[r1(0), r2(3601)]), STRANGERS);
    assert_eq!(pair(&[r1(0), r2(3601)], Seconds(3601)), PAIR, "it is a setting");
}

#[test]
fn midnight_is_no_border() {
    assert_eq!(roles(&[r1(MIDNIGHT - 2 * MINUTE), r2(MIDNIGHT + 3 * MINUTE)]), PAIR);
}

#[test]
fn the_same_side_defends_in_both_rounds() {
    let other = RoundRef { defender: Side::Allies, ..r2(300) };
    assert_eq!(roles(&[r1(0), other]), STRANGERS);
}

#[test]
fn maps_do_not_mix() {
    let other = RoundRef { map: "radar", ..r2(300) };
    assert_eq!(roles(&[r1(0), other]), STRANGERS);
    let between = RoundRef { map: "radar", ..r1(100) };
    assert_eq!(roles(&[r1(0), between, r2(300)]), [Role::FirstOf(2), Role::AbandonedR1, Role::SecondOf(0)]);
}

#[test]
fn r2_must_fit_between_the_two_ends() {
    let long = |ended_at| RoundRef { at_least: Seconds(200), ..r2(ended_at) };
    assert_eq!(roles(&[r1(0), long(200)]), PAIR);
    assert_eq!(roles(&[r1(0), long(199)]), STRANGERS);
    // An earlier R1 has the room that the later one has not.
    assert_eq!(roles(&[r1(0), r1(150), long(300)]), [Role::FirstOf(2), Role::AbandonedR1, Role::SecondOf(0)]);
}

#[test]
fn a_round_two_of_which_nobody_has_a_finished_round_is_an_aborted_r1() {
    let aborted = RoundRef { players: people(0), ..r2(300) };
    // Even where the chain holds, and the R1 stays free for the true R2.
    let rounds = [r1(0), aborted.clone(), r2(600)];
    assert_eq!(roles(&rounds), [Role::FirstOf(2), Role::AbortedR1, Role::SecondOf(0)]);
    assert_eq!(roles(&[aborted]), [Role::AbortedR1]);
}

#[test]
fn one_finished_round_makes_a_round_two() {
    let mut joined = r2(300);
    joined.players = people(0);
    joined.players[2].rounds = 1;
    assert_eq!(roles(&[r1(0), joined]), PAIR);
}

#[test]
fn a_round_two_without_players_is_no_aborted_r1() {
    let empty = RoundRef { players: Vec::new(), ..r2(300) };
    assert_eq!(roles(&[r1(0), empty]), PAIR);
}

/// A round named 1 whose limit is the target of the R1 before.
fn inverted(ended_at: i64) -> RoundRef<'static> {
    RoundRef { round: RoundNumber::One, ..r2(ended_at) }
}

#[test]
fn a_round_one_that_continues_the_one_before_is_an_aborted_r2() {
    assert_eq!(roles(&[r1(0), inverted(200)]), [Role::AbandonedR1, Role::AbortedR2]);
}

#[test]
fn an_r2_that_was_aborted_can_be_played_again() {
    let rounds = [r1(0), inverted(200), r2(600)];
    assert_eq!(roles(&rounds), [Role::FirstOf(2), Role::AbortedR2, Role::SecondOf(0)]);
}

#[test]
fn a_round_one_with_another_limit_is_no_aborted_r2() {
    let other = RoundRef { time_limit: Seconds(600), ..inverted(200) };
    assert_eq!(roles(&[r1(0), other]), [Role::AbandonedR1, Role::AbandonedR1]);
}

#[test]
fn a_replay_that_starts_from_zero_is_no_aborted_r2() {
    // A full hold: the target is the limit, so the chain alone would say that this continues.
    let held = RoundRef { next_time_limit: Seconds(600), ..r1(0) };
    let replayed = |players| RoundRef { next_time_limit: Seconds(600), players, ..r1(800) };
    let continued = people(1);
    assert_eq!(roles(&[held.clone(), replayed(continued.clone())]), [Role::AbandonedR1, Role::AbortedR2]);
    assert_eq!(roles(&[held.clone(), replayed(people(0))]), [Role::AbandonedR1; 2], "rounds did not go on");
    let idle = continued.iter().map(|p| Carried { counters: [100; 3], ..*p }).collect();
    assert_eq!(roles(&[held.clone(), replayed(idle)]), [Role::AbandonedR1, Role::AbortedR2], "nobody did anything");
    for counter in 0..3 {
        let mut fallen = continued.clone();
        fallen.iter_mut().for_each(|p| p.counters[counter] = 99);
        assert_eq!(roles(&[held.clone(), replayed(fallen)]), [Role::AbandonedR1; 2], "counter {counter} fell");
    }
    let strangers = continued
        .into_iter()
        .zip(["DDDDDDDD", "EEEEEEEE", "FFFFFFFF"])
        .map(|(p, guid)| Carried { guid: Guid::new(guid).unwrap(), ..p })
        .collect();
    assert_eq!(roles(&[held, replayed(strangers)]), [Role::AbandonedR1; 2], "nobody was there before");
}

#[test]
fn more_than_half_of_those_who_were_there_must_have_gone_on() {
    let continued = |count: usize, of: usize| {
        let mut players = people(1);
        players.truncate(of);
        players.iter_mut().skip(count).for_each(|p| p.rounds = 0);
        roles(&[r1(0), RoundRef { players, ..inverted(200) }])[1]
    };
    assert_eq!(continued(2, 3), Role::AbortedR2);
    assert_eq!(continued(1, 3), Role::AbandonedR1);
    assert_eq!(continued(1, 2), Role::AbandonedR1);
    assert_eq!(continued(1, 1), Role::AbortedR2);
}

#[test]
fn an_aborted_r2_outside_the_window_is_nothing_known() {
    assert_eq!(roles(&[r1(0), inverted(3600)]), [Role::AbandonedR1, Role::AbortedR2]);
    assert_eq!(roles(&[r1(0), inverted(3601)]), [Role::AbandonedR1, Role::AbandonedR1]);
}

#[test]
fn a_file_tells_pairing_what_it_needs() {
    let stamp = Stamp { year: 2025, month: 10, day: 2, hour: 21, minute: 0, second: 0 };
    let header = Header {
        server_name: String::new(),
        map: "supply".to_owned(),
        config: String::new(),
        round: RoundNumber::Two,
        defender: Side::Allies,
        winner: Some(Side::Axis),
        time_limit: Seconds(240),
        next_time_limit: Seconds(200),
        play_time: None,
        has_play_time: false,
    };
    let mut line =
        PlayerLine::new(Guid::new("OMNIBOT0").unwrap(), "^1bot", 1, Slot::Playing(Side::Axis), Era::Fields38);
    for (value, field) in (7..).zip([Field::DamageGiven, Field::DamageReceived, Field::TimePlayedMinutes]) {
        line.set(field, value);
    }
    let name = FileName { stamp, map: "supply".to_owned(), round: RoundNumber::Two };
    let mut file = StatsFile { name, header, players: vec![line], rejected: Vec::new() };
    let carried = Carried { guid: file.players[0].identity(), rounds: 1, counters: [7, 8, 9] };
    let round = RoundRef::new(&file, 5);
    assert_eq!((round.ended_at, round.map, round.round, round.defender), (5, "supply", RoundNumber::Two, Side::Allies));
    assert_eq!((round.time_limit, round.next_time_limit, round.at_least), (Seconds(240), Seconds(200), Seconds(200)));
    assert_eq!(round.players, [carried]);
    file.header.winner = Some(Side::Allies);
    assert_eq!(RoundRef::new(&file, 5).at_least, Seconds(0), "how long a hold lasted is not in the header");
    file.header.play_time = Some(Seconds(77));
    assert_eq!(RoundRef::new(&file, 5).at_least, Seconds(77));
}

/// An evening in a mess: few maps, few targets, ends close together.
fn evening() -> impl Strategy<Value = Vec<RoundRef<'static>>> {
    let one = (0..40_i64, any::<bool>(), any::<bool>(), 0..3_i32, 0..3_i32, 0..3_i32, any::<bool>());
    proptest::collection::vec(one, 0..25).prop_map(|rounds| {
        let mut names = BTreeSet::new();
        rounds
            .into_iter()
            .map(|(at, supply, first, limit, next, rounds, axis)| RoundRef {
                ended_at: at * 211,
                map: if supply { "supply" } else { "radar" },
                round: if first { RoundNumber::One } else { RoundNumber::Two },
                defender: if axis { Side::Axis } else { Side::Allies },
                time_limit: Seconds(limit * 300),
                next_time_limit: Seconds(next * 300),
                at_least: Seconds(next * 200),
                players: people(rounds),
                continues: Continues::LimitChain,
            })
            // Two files of one server have no name in common.
            .filter(|r| names.insert((r.ended_at, r.map, r.round)))
            .collect()
    })
}

/// Roles by the name of the round, so that positions do not matter.
type Named = BTreeSet<(i64, &'static str, RoundNumber, &'static str, Option<i64>)>;

fn named(rounds: &[RoundRef<'static>]) -> Named {
    let ended = |index: usize| rounds.get(index).map(|r| r.ended_at);
    let role = |role: Role| match role {
        Role::FirstOf(other) => ("first", ended(other)),
        Role::SecondOf(other) => ("second", ended(other)),
        Role::AbandonedR1 => ("abandoned", None),
        Role::OrphanR2 => ("orphan", None),
        Role::AbortedR1 => ("aborted r1", None),
        Role::AbortedR2 => ("aborted r2", None),
    };
    rounds
        .iter()
        .zip(roles(rounds))
        .map(|(r, found)| {
            let (word, other) = role(found);
            (r.ended_at, r.map, r.round, word, other)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn the_order_of_the_input_is_no_matter(
        (sorted, shuffled) in evening().prop_flat_map(|e| (Just(e.clone()), Just(e).prop_shuffle()))
    ) {
        prop_assert_eq!(named(&sorted), named(&shuffled));
    }

    #[test]
    fn every_pair_is_mutual_and_keeps_the_rules(rounds in evening()) {
        let roles = roles(&rounds);
        prop_assert_eq!(roles.len(), rounds.len());
        for (index, role) in roles.iter().enumerate() {
            match *role {
                Role::FirstOf(second) => prop_assert_eq!(roles[second], Role::SecondOf(index)),
                Role::SecondOf(first) => {
                    prop_assert_eq!(roles[first], Role::FirstOf(index));
                    let (a, b) = (&rounds[first], &rounds[index]);
                    let gap = b.ended_at - a.ended_at;
                    prop_assert!((a.round, b.round) == (RoundNumber::One, RoundNumber::Two) && a.map == b.map);
                    prop_assert!(a.next_time_limit == b.time_limit && a.defender == b.defender);
                    prop_assert!((1..=3600).contains(&gap) && gap >= i64::from(b.at_least.0));
                }
                Role::AbandonedR1 | Role::AbortedR2 => prop_assert_eq!(rounds[index].round, RoundNumber::One),
                Role::OrphanR2 | Role::AbortedR1 => prop_assert_eq!(rounds[index].round, RoundNumber::Two),
            }
        }
    }

    /// A later round cannot take away what was found, for the R2s before it have chosen already.
    #[test]
    fn what_comes_later_leaves_the_earlier_pairs_alone(rounds in evening(), keep in 0..25_usize) {
        let mut sorted = rounds;
        sorted.sort_by_key(|r| (r.ended_at, r.map, r.round));
        let (all, early) = (roles(&sorted), roles(&sorted[..keep.min(sorted.len())]));
        for (index, role) in early.into_iter().enumerate() {
            let same = role == all[index]
                || (role == Role::AbandonedR1 && matches!(all[index], Role::FirstOf(later) if later >= keep));
            prop_assert!(same, "{index}: {role:?}, then {:?}", all[index]);
        }
    }
}
