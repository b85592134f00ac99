//! R2 − R1 on made-up lines: one sentence of the rules per test. The real files are the other half of the proof.
#![expect(clippy::unwrap_used, reason = "test support")]

mod support;

use fullhold_differential::{
    Class, DifferentialError, Duration, DurationSource, PlayerRound, RoundStats, Warning, WarningKind, orphan,
    round_one, subtract, totals,
};
use fullhold_stats_file::{
    Era, FIELDS, Field, Guid, PlayerLine, RoundNumber, Seconds, Semantics, Side, Slot, StatsFile, Weapon,
};
use support::{armed, file, named, player, tuple, values, with};

const A: &str = "AAAAAAAA";
const B: &str = "BBBBBBBB";

fn guid(text: &str) -> Guid {
    Guid::new(text).unwrap()
}

fn first(players: Vec<PlayerLine>) -> StatsFile {
    file(RoundNumber::One, players)
}

fn second(players: Vec<PlayerLine>) -> StatsFile {
    file(RoundNumber::Two, players)
}

/// A player of both rounds who did nothing but play four minutes in each: keeps the others' rounds alive.
fn witness(rounds: i32) -> PlayerLine {
    with(player("99999999", rounds), &[(Field::TimePlayedMinutes, 40 * (rounds + 1)), (Field::DamageReceived, rounds)])
}

/// What became of A in R2; `None` when he is left out.
fn outcome(r1: PlayerLine, r2: PlayerLine) -> Result<Option<PlayerRound>, DifferentialError> {
    let stats = subtract(&first(vec![r1, witness(0)]), &second(vec![r2, witness(1)]))?;
    Ok(stats.players.into_iter().find(|p| p.guid == guid(A)))
}

fn class(r1: PlayerLine, r2: PlayerLine) -> Option<Class> {
    outcome(r1, r2).unwrap().map(|p| p.class)
}

fn only(stats: RoundStats) -> PlayerRound {
    let [player] = <[PlayerRound; 1]>::try_from(stats.players).unwrap();
    player
}

/// R1 line of a player who has some of every cumulative number.
fn busy() -> PlayerLine {
    let line = with(
        player(A, 0),
        &[
            (Field::DamageGiven, 900),
            (Field::DamageReceived, 700),
            (Field::TeamDamageGiven, 30),
            (Field::TeamDamageReceived, 20),
            (Field::Gibs, 4),
            (Field::SelfKills, 3),
            (Field::TeamKills, 2),
            (Field::TeamGibs, 1),
            (Field::TimePlayedMinutes, 40),
            (Field::TimePlayedPercent, 800),
        ],
    );
    armed(line, Weapon::Mp40, [50, 200, 6, 5, 9])
}

/// His line a round later: everything has grown.
fn busy_later() -> PlayerLine {
    let line = with(
        player(A, 1),
        &[
            (Field::DamageGiven, 1500),
            (Field::DamageReceived, 1100),
            (Field::TeamDamageGiven, 37),
            (Field::TeamDamageReceived, 28),
            (Field::Gibs, 5),
            (Field::SelfKills, 5),
            (Field::TeamKills, 5),
            (Field::TeamGibs, 5),
            (Field::TimePlayedMinutes, 80),
            (Field::TimePlayedPercent, 700),
        ],
    );
    armed(line, Weapon::Mp40, [80, 320, 10, 7, 14])
}

#[test]
fn who_played_both_rounds_has_the_difference() {
    let ok = outcome(busy(), busy_later()).unwrap().unwrap();
    assert_eq!(ok.class, Class::Ok);
    use Field::*;
    let cumulative = [
        DamageGiven,
        DamageReceived,
        TeamDamageGiven,
        TeamDamageReceived,
        Gibs,
        SelfKills,
        TeamKills,
        TeamGibs,
        TimePlayedMinutes,
    ];
    assert_eq!(values(&ok.counters, cumulative), [600, 400, 7, 8, 1, 2, 3, 4, 40].map(Some));
    assert_eq!(ok.counters.weapon(Weapon::Mp40), tuple([30, 120, 4, 2, 5]));
    assert_eq!((ok.counters.kills(), ok.counters.deaths()), (4, 2));
}

#[test]
fn numbers_of_one_round_are_taken_as_they_are() {
    let (mut r1, mut r2) = (busy(), busy_later());
    let mut checked = 0;
    for (value, spec) in (100..).zip(&FIELDS) {
        if matches!(spec.semantics, Semantics::PerRound | Semantics::Maximum) {
            r1.set(spec.field, 50);
            r2.set(spec.field, value);
        }
    }
    let ok = outcome(r1, r2).unwrap().unwrap();
    for (value, spec) in (100..).zip(&FIELDS) {
        if matches!(spec.semantics, Semantics::PerRound | Semantics::Maximum) {
            assert_eq!(ok.counters.get(spec.field), Some(value), "{}", spec.name);
            checked += 1;
        }
    }
    assert_eq!(checked, 23);
}

#[test]
fn points_may_fall_below_zero() {
    let ok = outcome(with(busy(), &[(Field::Xp, 12)]), with(busy_later(), &[(Field::Xp, -7)])).unwrap().unwrap();
    assert_eq!(ok.counters.get(Field::Xp), Some(-7));
}

#[test]
fn time_alive_is_the_difference_of_products() {
    // R1: 80.0 % of 4:00 = 192 s. Both: 70.0 % of 8:00 = 336 s. R2: 144 s of 240 s alive, 96 s dead.
    let ok = outcome(busy(), busy_later()).unwrap().unwrap();
    assert_eq!((ok.counters.alive_ms, ok.counters.dead_ms()), (Some(144_000), Some(96_000)));
}

#[test]
fn time_alive_stays_within_the_time_played() {
    let more = with(busy_later(), &[(Field::TimePlayedPercent, 1000)]);
    let ok = outcome(with(busy(), &[(Field::TimePlayedPercent, 0)]), more).unwrap().unwrap();
    assert_eq!((ok.counters.alive_ms, ok.counters.dead_ms()), (Some(240_000), Some(0)));
    let less = with(busy_later(), &[(Field::TimePlayedPercent, 100)]);
    let ok = outcome(with(busy(), &[(Field::TimePlayedPercent, 1000)]), less).unwrap().unwrap();
    assert_eq!((ok.counters.alive_ms, ok.counters.dead_ms()), (Some(0), Some(240_000)));
}

#[test]
fn who_is_not_in_r1_joined_and_keeps_his_raw_numbers() {
    let joined = only(subtract(&first(vec![]), &second(vec![busy()])).unwrap());
    assert_eq!(joined.class, Class::Joined);
    assert_eq!(joined.counters.get(Field::DamageGiven), Some(900));
    assert_eq!(joined.counters.weapon(Weapon::Mp40), tuple([50, 200, 6, 5, 9]));
    assert_eq!(joined.counters.alive_ms, Some(192_000));
}

#[test]
fn whose_line_is_carried_over_took_no_part() {
    let mut absent = busy();
    absent.slot = Slot::Spectator;
    assert_eq!(class(busy(), absent), None);
    // The rounds counter does not matter for that, and time on a team or a shot alone is taking part.
    let mut counted = busy();
    counted.rounds = 1;
    assert_eq!(class(busy(), counted.clone()), None);
    assert_eq!(class(busy(), armed(counted.clone(), Weapon::Mp40, [50, 201, 6, 5, 9])), Some(Class::Ok));
    assert_eq!(class(busy(), with(counted, &[(Field::TimePlayedMinutes, 41)])), Some(Class::Ok));
}

#[test]
fn rounds_that_do_not_follow_show_a_reconnect() {
    for (r1, r2, expected) in
        [(0, 1, Class::Ok), (1, 2, Class::Ok), (0, 0, Class::Reset), (1, 1, Class::Reset), (0, 2, Class::Reset)]
    {
        let (mut before, mut after) = (busy(), busy_later());
        (before.rounds, after.rounds) = (r1, r2);
        assert_eq!(class(before, after), Some(expected), "{r1} then {r2}");
    }
}

#[test]
fn any_cumulative_number_that_fell_shows_a_reconnect() {
    for spec in FIELDS.iter().filter(|spec| spec.semantics == Semantics::Cumulative) {
        let before = busy().get(spec.field).unwrap();
        let fallen = with(busy_later(), &[(spec.field, before - 1)]);
        let reset = outcome(busy(), fallen).unwrap().unwrap();
        assert_eq!(reset.class, Class::Reset, "{}", spec.name);
        assert_eq!(reset.counters.get(spec.field), Some(before - 1), "{}: raw numbers are his", spec.name);
        assert_eq!(reset.counters.weapon(Weapon::Mp40), tuple([80, 320, 10, 7, 14]), "{}", spec.name);
        let same = with(busy_later(), &[(spec.field, before)]);
        assert_eq!(class(busy(), same), Some(Class::Ok), "{}", spec.name);
    }
}

#[test]
fn hits_kills_deaths_or_headshots_that_fell_show_a_reconnect() {
    for (what, counts) in [
        ("hits", [49, 320, 10, 7, 14]),
        ("kills", [80, 320, 5, 7, 14]),
        ("deaths", [80, 320, 10, 4, 14]),
        ("headshots", [80, 320, 10, 7, 8]),
    ] {
        assert_eq!(class(busy(), armed(busy_later(), Weapon::Mp40, counts)), Some(Class::Reset), "{what}");
    }
}

#[test]
fn a_weapon_of_r1_that_is_gone_with_its_hits_shows_a_reconnect() {
    let before = armed(busy(), Weapon::Luger, [1, 4, 0, 0, 0]);
    assert_eq!(class(before, busy_later()), Some(Class::Reset));
}

#[test]
fn names_do_not_matter_for_people() {
    let mut renamed = busy_later();
    renamed.name = "^5somebody".to_owned();
    let ok = outcome(busy(), renamed).unwrap().unwrap();
    assert_eq!((ok.class, ok.clean_name.as_str()), (Class::Ok, "somebody"));
    assert_eq!(ok.counters.get(Field::DamageGiven), Some(600));
}

#[test]
fn bots_with_one_guid_are_told_apart_by_name() {
    let bot = |name: &str, rounds, damage| {
        with(named("OMNIBOT0", name, rounds), &[(Field::DamageGiven, damage), (Field::TimePlayedMinutes, damage)])
    };
    let r1 = first(vec![bot("^1[BOT]one", 0, 10), bot("[BOT]two", 0, 20)]);
    // In another order, and in other colours.
    let r2 = second(vec![bot("^2[BOT]two", 1, 50), bot("[BOT]one", 1, 14), bot("[BOT]three", 0, 9)]);
    let stats = subtract(&r1, &r2).unwrap();
    let found: Vec<(&str, Class, i32, bool)> = stats
        .players
        .iter()
        .map(|p| (p.clean_name.as_str(), p.class, p.counters.count(Field::DamageGiven), p.is_bot))
        .collect();
    assert_eq!(
        found,
        [("[BOT]two", Class::Ok, 30, true), ("[BOT]one", Class::Ok, 4, true), ("[BOT]three", Class::Joined, 9, true)]
    );
}

#[test]
fn shots_that_the_engine_takes_back_are_clamped_at_zero() {
    for weapon in [Weapon::Knife, Weapon::KnifeKbar, Weapon::Artillery] {
        let before = armed(busy(), weapon, [2, 9, 1, 0, 0]);
        let ok = outcome(before, armed(busy_later(), weapon, [3, 7, 1, 0, 0])).unwrap().unwrap();
        assert_eq!((ok.class, ok.counters.weapon(weapon)), (Class::Ok, tuple([1, 0, 0, 0, 0])), "{}", weapon.name());
    }
}

#[test]
fn a_knife_that_vanishes_is_no_reconnect() {
    let ok = outcome(armed(busy(), Weapon::Knife, [0, 3, 0, 0, 0]), busy_later()).unwrap().unwrap();
    assert_eq!((ok.class, ok.counters.weapon(Weapon::Knife)), (Class::Ok, tuple([0; 5])));
}

#[test]
fn knife_shots_below_zero_in_the_file_are_clamped_in_round_one() {
    let stats = round_one(&first(vec![armed(busy(), Weapon::Knife, [0, -2, 0, 0, 0])]));
    assert_eq!(only(stats).counters.weapon(Weapon::Knife), tuple([0; 5]));
}

#[test]
fn other_shots_that_fell_are_an_error_that_names_the_player() {
    for weapon in Weapon::ALL.into_iter().filter(|w| !w.shots_may_decrease()) {
        let before = armed(busy(), weapon, [0, 330, 0, 0, 0]);
        let after = armed(busy_later(), weapon, [80, 329, 10, 7, 14]);
        let number = format!("{} shots", weapon.name());
        let error = DifferentialError { guid: guid(A), number, r1: 330, r2: 329 };
        let name = weapon.name();
        // Where MP40 itself is asked about, its hits do not fall either.
        assert_eq!(outcome(before, after).unwrap_err(), error, "{name}");
        assert_eq!(
            error.to_string(),
            format!(
                "player AAAAAAAA: {name} shots fell from 330 in round 1 to 329 in round 2, and no reconnect explains it"
            )
        );
    }
}

#[test]
fn a_field_of_a_newer_layout_is_not_made_up() {
    let line = |rounds, time| {
        let mut line = PlayerLine::new(guid(A), "a", rounds, Slot::Playing(Side::Axis), Era::Fields33);
        line.set(Field::TimePlayedMinutes, time);
        line
    };
    let ok = outcome(line(0, 40), line(1, 80)).unwrap().unwrap();
    assert_eq!(values(&ok.counters, [Field::RevivesGiven, Field::DeniedPlaytime, Field::Gibs]), [None, None, Some(0)]);
}

/// The length of an R2 whose player has so many tenths of minutes more than in R1.
fn length(tenths: i32, change: impl FnOnce(&mut StatsFile)) -> Option<Duration> {
    let line = |rounds, time| with(player(A, rounds), &[(Field::TimePlayedMinutes, time), (Field::Gibs, rounds)]);
    let mut r2 = second(vec![line(1, 50 + tenths)]);
    change(&mut r2);
    subtract(&first(vec![line(0, 50)]), &r2).unwrap().duration
}

fn some(seconds: i32, source: DurationSource) -> Option<Duration> {
    Some(Duration { seconds: Seconds(seconds), source })
}

fn held(file: &mut StatsFile) {
    file.header.winner = Some(Side::Axis);
}

#[test]
fn the_length_is_the_measured_play_time_before_all_else() {
    let measured = |seconds| {
        move |file: &mut StatsFile| {
            file.header.play_time = Some(Seconds(seconds));
        }
    };
    assert_eq!(length(40, measured(233)), some(233, DurationSource::PlayTime));
    assert_eq!(length(40, measured(660)), some(660, DurationSource::PlayTime), "a minute of overtime is sane");
    assert_eq!(length(40, measured(661)), some(240, DurationSource::ObjectiveTime), "more is nonsense");
}

#[test]
fn the_length_of_a_completed_round_is_the_time_of_the_objective() {
    assert_eq!(length(41, |_| {}), some(240, DurationSource::ObjectiveTime));
    assert_eq!(
        length(41, |file| file.header.next_time_limit = Seconds(0)),
        some(246, DurationSource::PlayerTime),
        "0:00 says nothing"
    );
    assert_eq!(
        length(41, |file| file.header.next_time_limit = Seconds(601)),
        some(246, DurationSource::PlayerTime),
        "garbage above the limit"
    );
    assert_eq!(length(41, |file| file.header.next_time_limit = Seconds(600)), some(600, DurationSource::ObjectiveTime));
    assert_eq!(length(41, |file| file.header.winner = None), some(246, DurationSource::PlayerTime));
}

#[test]
fn the_length_of_a_held_round_is_the_limit_if_the_players_reach_it() {
    for (tenths, expected) in [
        (98, some(588, DurationSource::PlayerTime)),
        (99, some(600, DurationSource::TimeLimit)),
        (100, some(600, DurationSource::TimeLimit)),
        (101, some(600, DurationSource::TimeLimit)),
        (102, some(612, DurationSource::PlayerTime)),
        (30, some(180, DurationSource::PlayerTime)),
    ] {
        assert_eq!(length(tenths, held), expected, "{tenths}");
    }
}

#[test]
fn who_carries_unseen_time_does_not_make_a_round_longer() {
    let time = |who, rounds, tenths| with(player(who, rounds), &[(Field::TimePlayedMinutes, tenths)]);
    let mut r2 = second(vec![time(A, 1, 80), time(B, 5, 90)]);
    held(&mut r2);
    let stats = subtract(&first(vec![time(A, 0, 40)]), &r2).unwrap();
    assert_eq!(stats.duration, some(240, DurationSource::PlayerTime));
    // Where nobody else is there, his time is all we have.
    let stats = subtract(&first(vec![]), &r2).unwrap();
    assert_eq!(stats.duration, some(540, DurationSource::PlayerTime));
}

#[test]
fn a_round_without_any_time_has_no_length() {
    let mut empty = first(vec![]);
    held(&mut empty);
    assert_eq!(round_one(&empty).duration, None);
    empty.players = vec![player(A, 0)];
    assert_eq!(round_one(&empty).duration, None);
}

#[test]
fn a_players_seconds_are_those_of_the_round_within_rounding() {
    for (tenths, seconds) in [(38, 228), (39, 240), (40, 240), (41, 240), (42, 252), (3, 18)] {
        let line = with(player(A, 0), &[(Field::TimePlayedMinutes, tenths)]);
        let counters = only(round_one(&first(vec![line]))).counters;
        assert_eq!((counters.played, counters.time_played().0), (Seconds(seconds), tenths));
    }
}

#[test]
fn who_acted_without_time_gets_the_rounds_length_and_a_warning() {
    for (what, line, odd) in [
        ("damage", with(player(A, 0), &[(Field::DamageGiven, 1)]), true),
        ("a kill", armed(player(A, 0), Weapon::Mp40, [1, 1, 1, 0, 0]), true),
        ("a death", armed(player(A, 0), Weapon::Mp40, [0, 0, 0, 1, 0]), false),
    ] {
        let stats = round_one(&first(vec![line]));
        let warnings =
            if odd { vec![Warning { guid: guid(A), kind: WarningKind::NoTimeButAction }] } else { Vec::new() };
        assert_eq!(stats.warnings, warnings, "{what}");
        assert_eq!(only(stats).counters.played, Seconds(if odd { 240 } else { 0 }), "{what}");
    }
}

#[test]
fn cumulative_time_that_fits_round_two_alone_is_a_warning_and_no_reset() {
    // R2 lasted 240 s; R1's 6 s are in the cumulative time.
    let line = |rounds, tenths| with(player(A, rounds), &[(Field::TimePlayedMinutes, tenths)]);
    for (before, both, odd) in [(1, 41, true), (1, 42, false), (0, 41, false)] {
        let stats = subtract(&first(vec![line(0, before)]), &second(vec![line(1, both)])).unwrap();
        let kind = WarningKind::TimeLooksReset { raw: Seconds(both * 6), duration: Seconds(240) };
        let warnings = if odd { vec![Warning { guid: guid(A), kind }] } else { Vec::new() };
        assert_eq!(stats.warnings, warnings, "{before} then {both}");
        assert_eq!(only(stats).class, Class::Ok);
    }
}

#[test]
fn who_joined_with_more_time_than_the_round_carries_unseen_counters() {
    let line = |tenths| with(player(A, 3), &[(Field::TimePlayedMinutes, tenths)]);
    for (tenths, odd) in [(42, false), (43, true)] {
        let stats = subtract(&first(vec![]), &second(vec![line(tenths)])).unwrap();
        let kind = WarningKind::JoinedWithUnseenCounters { raw: Seconds(tenths * 6), duration: Seconds(240) };
        let warnings = if odd { vec![Warning { guid: guid(A), kind }] } else { Vec::new() };
        assert_eq!(stats.warnings, warnings, "{tenths}");
        assert_eq!(only(stats).counters.count(Field::TimePlayedMinutes), tenths, "nothing is changed");
    }
}

#[test]
fn an_orphan_keeps_match_totals_and_knows_its_length_by_its_header_only() {
    let mut r2 = second(vec![busy_later()]);
    let stats = orphan(&r2);
    assert_eq!(stats.duration, some(240, DurationSource::ObjectiveTime));
    let player = only(stats);
    assert_eq!((player.class, player.counters.get(Field::DamageGiven)), (Class::Orphan, Some(1500)));
    held(&mut r2);
    assert_eq!(orphan(&r2).duration, None, "players' times are those of both rounds");
    r2.header.play_time = Some(Seconds(511));
    assert_eq!(orphan(&r2).duration, some(511, DurationSource::PlayTime));
}

#[test]
fn round_one_is_as_written() {
    let player = only(round_one(&first(vec![busy()])));
    assert_eq!((player.class, player.side()), (Class::Round1, Some(Side::Allies)));
    assert_eq!(player.counters.get(Field::DamageGiven), Some(900));
    assert_eq!((player.counters.alive_ms, player.counters.dead_ms()), (Some(192_000), Some(48_000)));
    let used: Vec<Weapon> = player.counters.used_weapons().map(|(weapon, _)| weapon).collect();
    assert_eq!(used, [Weapon::Mp40]);
}

#[test]
fn a_match_is_the_sum_of_its_rounds_and_the_greater_of_its_sprees() {
    use Field::*;
    let spree = [(KillingSpree, 5), (DeathSpree, 3), (Xp, 20), (UsefulKills, 4)];
    let later = [(KillingSpree, 4), (DeathSpree, 6), (Xp, -5), (UsefulKills, 3)];
    let r1 = first(vec![with(busy(), &spree), with(player(B, 0), &[(Xp, 1)])]);
    let r2 = second(vec![with(player("CCCCCCCC", 0), &[(Xp, 2)]), with(busy_later(), &later)]);
    let all = totals(&round_one(&r1), &subtract(&r1, &r2).unwrap());
    assert_eq!(all.iter().map(|(guid, _)| guid.as_str()).collect::<Vec<_>>(), [A, B, "CCCCCCCC"]);
    let (_, sum) = &all[0];
    let fields = [KillingSpree, DeathSpree, Xp, UsefulKills, DamageGiven, TimePlayedMinutes];
    assert_eq!(values(sum, fields), [5, 6, 15, 7, 1500, 80].map(Some));
    assert_eq!(sum.weapon(Weapon::Mp40), tuple([80, 320, 10, 7, 14]));
    assert_eq!((sum.played, sum.alive_ms), (Seconds(480), Some(336_000)));
    assert_eq!(values(sum, [TimePlayedPercent, KdRatio, BulletsFired]), [None; 3], "ratios are recomputed");
    assert_eq!([all[1].1.get(Xp), all[2].1.get(Xp)], [Some(1), Some(2)]);
}

#[test]
fn a_match_of_a_reset_player_has_what_the_raw_file_lost() {
    let reset = with(busy_later(), &[(Field::DamageReceived, 10)]);
    let (r1, r2) = (first(vec![busy()]), second(vec![reset]));
    let all = totals(&round_one(&r1), &subtract(&r1, &r2).unwrap());
    assert_eq!(values(&all[0].1, [Field::DamageGiven, Field::DamageReceived]), [Some(2400), Some(710)]);
}
