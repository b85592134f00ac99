//! Every formula against values computed by hand, and what hangs on them: MVPs, achievements, form, seasons.
#![expect(clippy::unwrap_used, reason = "test support")]

use fullhold_analytics::formulas::{
    accuracy, adr, damage_efficiency, dpm, dpr, efficiency, headshot_hit_percent, kd, kpr, survival, tank_meatshield,
    time_dead_ratio,
};
use fullhold_analytics::{
    Confidence, MatchState, Reason, RoundStatus, Season, Totals, Undecided, Verdict, evening_mvp, form, formulas,
    round_mvp,
};
use fullhold_differential::{PlayerRound, round_one};
use fullhold_stats_file::{
    Era, Field, FileName, Guid, Header, PlayerLine, RoundNumber, Seconds, Side, Slot, Stamp, StatsFile, Weapon,
    WeaponCounts,
};

fn is(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() < 1e-9, "{what}: {found}, expected {expected}");
}

#[test]
fn ratios_are_those_of_the_hand() {
    let cases: [(&str, f64, f64); 40] = [
        ("3000 damage in 10 minutes", dpm(3000, 600), 300.0),
        ("100 damage in 90 seconds", dpm(100, 90), 66.666_666_666_666_67),
        ("dpm without time", dpm(500, 0), 0.0),
        ("dpm of negative time", dpm(500, -6), 0.0),
        ("15 kills, 10 deaths", kd(15, 10), 1.5),
        ("7 kills, no deaths", kd(7, 0), 7.0),
        ("no kills, 5 deaths", kd(0, 5), 0.0),
        ("neither", kd(0, 0), 0.0),
        ("efficiency of 3 and 1", efficiency(3, 1), 75.0),
        ("efficiency of kills alone", efficiency(4, 0), 100.0),
        ("efficiency of deaths alone", efficiency(0, 4), 0.0),
        ("efficiency of neither", efficiency(0, 0), 0.0),
        ("accuracy of 45 in 120", accuracy(45, 120), 37.5),
        ("accuracy without shots", accuracy(0, 0), 0.0),
        ("accuracy of hits without shots", accuracy(3, 0), 0.0),
        ("accuracy is capped", accuracy(130, 120), 100.0),
        ("9 head hits in 60 hits", headshot_hit_percent(9, 60), 15.0),
        ("head hits without hits", headshot_hit_percent(0, 0), 0.0),
        ("head hits are capped", headshot_hit_percent(3, 2), 100.0),
        ("damage per round", adr(4500, 4), 1125.0),
        ("damage per no round", adr(4500, 0), 0.0),
        ("kills per round", kpr(30, 4), 7.5),
        ("kills per no round", kpr(30, 0), 0.0),
        ("deaths per round", dpr(18, 4), 4.5),
        ("deaths per no round", dpr(18, 0), 0.0),
        ("144 s alive of 240", survival(144_000, 240_000), 0.6),
        ("survival without time", survival(0, 0), 0.0),
        ("survival is capped", survival(241_000, 240_000), 1.0),
        ("given per received", damage_efficiency(1500, 1000), 1.5),
        ("damage without any received", damage_efficiency(700, 0), 700.0),
        ("no damage at all", damage_efficiency(0, 0), 0.0),
        ("96 s dead of 240", time_dead_ratio(96_000, 240_000), 40.0),
        ("dead without time", time_dead_ratio(6000, 0), 0.0),
        ("dead time is capped", time_dead_ratio(9000, 6000), 100.0),
        ("1300 received, 2 deaths", tank_meatshield(1300, 2), 5.0),
        ("1170 received, 3 deaths: not above 3", tank_meatshield(1170, 3), 0.0),
        ("1001 received, once dead", tank_meatshield(1001, 1), 7.7),
        ("1000 received: not above 1000", tank_meatshield(1000, 1), 0.0),
        ("1299 received, never dead", tank_meatshield(1299, 0), 10.0),
        ("nothing received", tank_meatshield(0, 0), 0.0),
    ];
    for (what, found, expected) in cases {
        is(found, expected, what);
    }
}

#[test]
fn the_value_of_a_round_is_kd_efficiency_and_damage() {
    // 10 · 1.5 + 60 + 20; without deaths 10 · 4 + 100 + 5.
    is(formulas::round_mvp(15, 10, 2000), 95.0, "15 kills, 10 deaths");
    is(formulas::round_mvp(4, 0, 500), 145.0, "no deaths");
    is(formulas::round_mvp(0, 0, 0), 0.0, "nothing");
}

#[test]
fn the_value_of_an_evening_has_damage_per_round() {
    is(formulas::evening_mvp(30, 20, 6000, 3), 95.0, "three rounds of 2000");
    is(formulas::evening_mvp(30, 20, 6000, 1), 135.0, "one round of 6000");
    is(formulas::evening_mvp(0, 0, 6000, 0), 0.0, "no rounds");
}

/// A player with kills, deaths and damage.
fn line(guid: &str, kills: i32, deaths: i32, damage: i32) -> PlayerLine {
    let slot = Slot::Playing(Side::Axis);
    let mut line = PlayerLine::new(Guid::new(guid).unwrap(), guid, 0, slot, Era::Fields38);
    line.set_weapon(Weapon::Mp40, WeaponCounts { hits: kills, shots: kills, kills, deaths, headshots: 0 });
    line.set(Field::DamageGiven, damage);
    line
}

fn players(lines: Vec<PlayerLine>) -> Vec<PlayerRound> {
    let stamp = Stamp { year: 2025, month: 10, day: 2, hour: 21, minute: 0, second: 0 };
    let name = FileName { stamp, map: "supply".to_owned(), round: RoundNumber::One };
    let header = Header {
        server_name: String::new(),
        map: "supply".to_owned(),
        config: String::new(),
        round: RoundNumber::One,
        defender: Side::Axis,
        winner: None,
        time_limit: Seconds(600),
        next_time_limit: Seconds(600),
        play_time: None,
        has_play_time: false,
    };
    round_one(&StatsFile { name, header, players: lines, rejected: Vec::new() }).players
}

fn best(lines: Vec<PlayerLine>) -> Option<String> {
    round_mvp(&players(lines)).map(|guid| guid.to_string())
}

fn some(guid: &str) -> Option<String> {
    Some(guid.to_owned())
}

#[test]
fn the_highest_value_is_the_mvp() {
    // A: 10 · 2 + 66.7 + 10 = 96.7. B: 10 · 1 + 50 + 40 = 100.
    assert_eq!(best(vec![line("A", 10, 5, 1000), line("B", 10, 10, 4000)]), some("B"));
    assert_eq!(best(vec![line("B", 10, 10, 3600), line("A", 10, 5, 1000)]), some("A"));
}

#[test]
fn equal_values_go_to_more_damage_then_to_the_smaller_guid() {
    // 10 · 1 + 50 + 10 = 70, and 10 · 0 + 0 + 70 = 70.
    assert_eq!(best(vec![line("A", 5, 5, 1000), line("B", 0, 5, 7000)]), some("B"));
    assert_eq!(best(vec![line("B", 0, 5, 7000), line("A", 5, 5, 1000)]), some("B"));
    for twins in [["A", "B"], ["B", "A"]] {
        assert_eq!(best(twins.map(|guid| line(guid, 5, 5, 1000)).to_vec()), some("A"));
    }
}

#[test]
fn bots_and_spectators_are_no_mvps() {
    let mut spectator = line("B", 50, 0, 9000);
    spectator.slot = Slot::Spectator;
    assert_eq!(best(vec![line("OMNIBOT0", 50, 0, 9000), spectator.clone(), line("A", 1, 5, 10)]), some("A"));
    assert_eq!(best(vec![spectator]), None);
    assert_eq!(best(vec![]), None);
}

#[test]
fn the_mvp_of_an_evening_is_found_from_sums() {
    // A: 20 kills, 20 deaths, 1000 per round: 70. B: 10 and 6: 16.7 + 62.5 + 5 = 84.2.
    let rounds = [
        players(vec![line("A", 20, 1, 1000), line("B", 9, 1, 500)]),
        players(vec![line("A", 0, 19, 1000), line("B", 1, 5, 500)]),
    ];
    let mvp = evening_mvp(rounds.iter().map(Vec::as_slice), |guid| guid);
    assert_eq!(mvp.map(|guid| guid.to_string()), some("B"));
    assert_eq!(round_mvp(&rounds[0]).map(|guid| guid.to_string()), some("A"));
    assert_eq!(evening_mvp(std::iter::empty(), |guid| guid), None);
}

#[test]
fn who_played_less_than_half_as_often_does_not_stand() {
    let evening = |of_guest: usize, of_all: usize| {
        let rounds: Vec<_> = (0..of_all)
            .map(|index| {
                let mut lines = vec![line("A", 5, 5, 1000)];
                if index < of_guest {
                    lines.push(line("B", 30, 1, 5000));
                }
                players(lines)
            })
            .collect();
        evening_mvp(rounds.iter().map(Vec::as_slice), |guid| guid).map(|guid| guid.to_string())
    };
    assert_eq!(evening(2, 4), some("B"), "half is enough");
    assert_eq!(evening(1, 4), some("A"));
    assert_eq!(evening(2, 5), some("A"));
    assert_eq!(evening(3, 5), some("B"));
}

#[test]
fn seasons_are_quarters() {
    let season = |month| Season::of(Stamp { month, ..Stamp::EPOCH }).to_string();
    let expected = ["Q1", "Q1", "Q1", "Q2", "Q2", "Q2", "Q3", "Q3", "Q3", "Q4", "Q4", "Q4"];
    for (month, quarter) in (1..).zip(expected) {
        assert_eq!(season(month), format!("1970-{quarter}"));
    }
    let last = "2025-12-31-235959".parse().map(Season::of).unwrap();
    let first = "2026-01-01-000000".parse().map(Season::of).unwrap();
    assert!(last < first);
    assert_eq!((last.to_string(), first.to_string()), ("2025-Q4".to_owned(), "2026-Q1".to_owned()));
}

/// The metrics of an evening that form compares: damage per minute, kills per death, objectives per round, accuracy,
/// kills per round.
#[derive(Clone, Copy)]
struct Evening {
    dpm: f64,
    kd: f64,
    objective: f64,
    accuracy: f64,
    kills: f64,
}

/// Sums with exactly these metrics.
#[expect(clippy::cast_possible_truncation, reason = "whole numbers by construction")]
fn sums(evening: Evening) -> Totals {
    let Evening { dpm, kd, objective, accuracy, kills } = evening;
    let all = if kills * kd > 0.0 { 720_000.0 } else { 0.0 };
    let rounds = if kills > 0.0 { 720_000.0 / kills } else { 1.0 };
    Totals {
        rounds: rounds as i64,
        seconds: 600,
        damage_given: (dpm * 10.0).round() as i64,
        kills: all as i64,
        deaths: if kd > 0.0 { (720_000.0 / kd).round() as i64 } else { 1 },
        constructions: Some((objective * rounds).round() as i64),
        aimed_shots: 100_000,
        aimed_hits: (accuracy * 1000.0).round() as i64,
        ..Totals::default()
    }
}

const USUAL: Evening = Evening { dpm: 200.0, kd: 1.0, objective: 2.0, accuracy: 30.0, kills: 8.0 };

fn form_is(now: Evening, previous: &[Evening], expected: f64, what: &str) {
    let previous: Vec<Totals> = previous.iter().copied().map(sums).collect();
    is(form(&sums(now), &previous).unwrap(), expected, what);
}

#[test]
fn a_usual_evening_has_a_form_of_one_hundred() {
    form_is(USUAL, &[USUAL], 100.0, "one before");
    form_is(USUAL, &[USUAL; 10], 100.0, "ten before");
}

#[test]
fn the_first_evening_has_no_form() {
    assert_eq!(form(&sums(USUAL), &[]), None);
}

#[test]
fn form_weighs_each_metric() {
    // The weights add up to 0.75; twice as much of one metric adds its share.
    let twice: [(&str, Evening, f64); 5] = [
        ("dpm", Evening { dpm: 400.0, ..USUAL }, 0.25),
        ("kd", Evening { kd: 2.0, ..USUAL }, 0.20),
        ("objective", Evening { objective: 4.0, ..USUAL }, 0.15),
        ("accuracy", Evening { accuracy: 60.0, ..USUAL }, 0.10),
        ("kills", Evening { kills: 16.0, ..USUAL }, 0.05),
    ];
    for (what, now, weight) in twice {
        form_is(now, &[USUAL], 100.0 + 100.0 * weight / 0.75, what);
    }
}

#[test]
fn form_is_clamped_metric_by_metric() {
    let factor = |f: f64| Evening { dpm: 200.0 * f, kd: f, objective: 2.0 * f, accuracy: 30.0 * f, kills: 8.0 * f };
    for (f, expected) in [(0.0, 40.0), (0.3, 40.0), (0.5, 50.0), (2.4, 240.0), (9.0, 250.0)] {
        form_is(factor(f), &[USUAL], expected, &format!("{f} times as usual"));
    }
}

#[test]
fn form_compares_with_the_mean_of_the_ten_evenings_before() {
    let weak = Evening { dpm: 100.0, kd: 0.5, objective: 1.0, accuracy: 15.0, kills: 4.0 };
    let strong = Evening { dpm: 300.0, kd: 1.5, objective: 3.0, accuracy: 45.0, kills: 12.0 };
    form_is(USUAL, &[weak, strong], 100.0, "the mean of both is the usual");
    let mut eleven = vec![USUAL; 10];
    eleven.push(strong);
    form_is(USUAL, &eleven, 100.0, "the eleventh is forgotten");
    eleven.rotate_right(1);
    // Nine usual and one strong: a mean of 1.05 times the usual.
    form_is(USUAL, &eleven, 100.0 / 1.05, "the newest counts");
}

#[test]
fn a_metric_that_was_always_zero_is_left_out() {
    let no_objectives = Evening { objective: 0.0, ..USUAL };
    form_is(USUAL, &[no_objectives], 100.0, "the other weights are renormalised");
    form_is(Evening { dpm: 400.0, ..USUAL }, &[no_objectives], 100.0 + 100.0 * 0.25 / 0.60, "so is a gain");
    let nothing = Evening { dpm: 0.0, kd: 0.0, objective: 0.0, accuracy: 0.0, kills: 0.0 };
    assert_eq!(form(&sums(USUAL), &[sums(nothing)]), None);
}

#[test]
fn words_are_those_of_the_database() {
    let states = [MatchState::Complete, MatchState::AbandonedR1, MatchState::OrphanR2].map(MatchState::name);
    assert_eq!(states, ["complete", "abandoned_r1", "orphan_r2"]);
    use RoundStatus::{Aborted, Cancelled, Completed, OrphanR2, Substitution};
    let statuses = [Completed, Cancelled, Substitution, Aborted, OrphanR2].map(RoundStatus::name);
    assert_eq!(statuses, ["completed", "cancelled", "substitution", "aborted", "orphan_r2"]);
    let reasons = [
        Reason::OrphanR2,
        Reason::DifferentialError,
        Reason::Aborted,
        Reason::Cancelled,
        Reason::Bots,
        Reason::ExcludedMap,
        Reason::NoPlayers,
        Reason::Override,
    ];
    let expected = "orphan_r2 differential_error aborted cancelled bots excluded_map no_players override";
    assert_eq!(reasons.map(Reason::name).join(" "), expected);
    assert_eq!(
        [Verdict::Valid, Verdict::Cancelled, Verdict::Ignore].map(Verdict::name),
        ["valid", "cancelled", "ignore"]
    );
    assert_eq!(
        [Confidence::High, Confidence::Medium, Confidence::Low].map(Confidence::name),
        ["high", "medium", "low"]
    );
    use Undecided::{Incomplete, InvalidRound, MixedTeams, NoWinner};
    let undecided = [Incomplete, InvalidRound, NoWinner, MixedTeams].map(Undecided::name);
    assert_eq!(undecided, ["incomplete", "invalid_round", "no_winner", "mixed_teams"]);
}
