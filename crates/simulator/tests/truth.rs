//! The truth is true: it balances, it adds up to what the files say, and the files are such as the
//! format promises. Nothing here uses the product's differential.
#![expect(clippy::unwrap_used, reason = "test support")]

use std::collections::{BTreeMap, BTreeSet};

use fullhold_simulator::{Config, Disturbances, Evening, Simulation, TruePlayer, TrueRound};
use fullhold_stats_file::{FIELDS, Field, FileName, PlayerLine, Semantics, StatsFile, Weapon, WeaponCounts, parse};

const ROUNDS: usize = 1500;

fn evenings(seed: u64, disturbances: Disturbances) -> Vec<Evening> {
    let config = Config::community(seed, ROUNDS, "Europe/Ljubljana", disturbances);
    Simulation::new(config).unwrap().collect()
}

/// Each file, read, with its truth.
fn rounds(evenings: &[Evening]) -> Vec<(StatsFile, &TrueRound)> {
    let both = evenings.iter().flat_map(|e| e.files.iter().zip(&e.truth.rounds));
    both.map(|(file, round)| {
        assert_eq!(file.name, round.file);
        let name: FileName = file.name.parse().unwrap();
        (parse(&name, &file.bytes).unwrap(), round)
    })
    .collect()
}

fn value(player: &TruePlayer, field: Field) -> Option<i32> {
    player.values.iter().find(|(f, _)| *f == field).and_then(|(_, value)| *value)
}

fn sum(round: &TrueRound, field: Field) -> i32 {
    round.players.iter().filter_map(|p| value(p, field)).sum()
}

fn weapon(player: &TruePlayer, weapon: Weapon) -> WeaponCounts {
    player.weapons.iter().find(|(w, _)| *w == weapon).map(|(_, counts)| *counts).unwrap_or_default()
}

/// Whether the truth of the round is what was played in it, and not a raw file.
fn is_played(round: &TrueRound) -> bool {
    round.status != "orphan_r2" && round.status != "aborted"
}

#[test]
fn every_kill_has_a_death_and_every_damage_a_victim() {
    let evenings = evenings(1, Disturbances::all());
    for round in evenings.iter().flat_map(|e| &e.truth.rounds).filter(|r| is_played(r)) {
        for w in Weapon::ALL {
            let of =
                |number: fn(&WeaponCounts) -> i32| round.players.iter().map(|p| number(&weapon(p, w))).sum::<i32>();
            assert_eq!(of(|n| n.kills), of(|n| n.deaths), "{} {}", round.file, w.name());
        }
        for (given, received) in
            [(Field::DamageGiven, Field::DamageReceived), (Field::TeamDamageGiven, Field::TeamDamageReceived)]
        {
            assert_eq!(sum(round, given), sum(round, received), "{} {}", round.file, given.spec().name);
        }
        let revives: i32 = round.players.iter().map(|p| weapon(p, Weapon::Syringe).hits).sum();
        assert_eq!(sum(round, Field::TimesRevived), revives, "{}", round.file);
    }
}

#[test]
fn what_the_file_says_is_what_was_played_before_and_now() {
    let evenings = evenings(2, Disturbances::all());
    let mut classes = BTreeMap::new();
    let mut firsts: BTreeMap<&str, &TrueRound> = BTreeMap::new();
    for (file, round) in rounds(&evenings) {
        let lines: BTreeMap<String, &PlayerLine> = file.players.iter().map(|p| (p.identity().to_string(), p)).collect();
        for player in &round.players {
            *classes.entry(player.class).or_insert(0) += 1;
            let line = lines[&player.guid];
            let before = match player.class {
                "ok" => firsts[round.match_id.as_str()].players.iter().find(|p| p.guid == player.guid),
                _ => None,
            };
            assert_eq!(before.is_some(), player.class == "ok", "{} {}", round.file, player.guid);
            for spec in FIELDS.iter().filter(|spec| spec.semantics != Semantics::Derived) {
                let now = value(player, spec.field);
                let earlier = match spec.semantics {
                    Semantics::Cumulative => before.and_then(|p| value(p, spec.field)).unwrap_or(0),
                    _ => 0,
                };
                let at = format!("{} {} {}", round.file, player.guid, spec.name);
                assert_eq!(line.get(spec.field), now.map(|now| now + earlier), "{at}");
            }
            for w in Weapon::ALL.into_iter().filter(|w| !w.shots_may_decrease()) {
                let (now, earlier) = (weapon(player, w), before.map(|p| weapon(p, w)).unwrap_or_default());
                let all = WeaponCounts {
                    hits: now.hits + earlier.hits,
                    shots: now.shots + earlier.shots,
                    kills: now.kills + earlier.kills,
                    deaths: now.deaths + earlier.deaths,
                    headshots: now.headshots + earlier.headshots,
                };
                assert_eq!(line.weapon(w), all, "{} {} {}", round.file, player.guid, w.name());
            }
        }
        if round.match_state == "complete" {
            firsts.entry(&round.match_id).or_insert(round);
        }
    }
    let known: BTreeSet<&str> = classes.keys().copied().collect();
    assert_eq!(known, ["joined", "ok", "orphan", "reset", "round1"].into(), "{classes:?}");
}

#[test]
fn who_only_watched_is_in_the_file_and_not_in_the_truth() {
    let evenings = evenings(3, Disturbances::all());
    let mut watched = 0;
    for (file, round) in rounds(&evenings).into_iter().filter(|(_, r)| is_played(r)) {
        let truth: BTreeSet<&str> = round.players.iter().map(|p| p.guid.as_str()).collect();
        for player in &file.players {
            let is_there = truth.contains(player.identity().as_str());
            assert_eq!(is_there, player.slot.side().is_some(), "{} {}", round.file, player.guid);
            watched += usize::from(!is_there);
        }
        assert!(truth.len() <= file.players.len());
    }
    assert!(watched > 20, "only {watched}");
}

#[test]
fn files_keep_what_the_format_promises() {
    for (file, round) in rounds(&evenings(4, Disturbances::all())) {
        assert_eq!(file.rejected, [], "{}", round.file);
        let header = &file.header;
        assert!(header.next_time_limit <= header.time_limit, "{}", round.file);
        for player in &file.players {
            check_line(player, &format!("{} {}", round.file, player.guid));
        }
    }
}

fn check_line(player: &PlayerLine, at: &str) {
    for (weapon, w) in player.listed_weapons() {
        assert!(w.headshots <= w.hits && w.kills <= w.hits, "{at} {} {w:?}", weapon.name());
        assert!(weapon.hits_may_exceed_shots() || w.hits <= w.shots, "{at} {} {w:?}", weapon.name());
    }
    let (kills, deaths) = (player.weapon_sum(|w| w.kills), player.weapon_sum(|w| w.deaths));
    let get = |field| player.count(field);
    assert!(get(Field::HeadshotKills) <= kills.min(player.weapon_sum(|w| w.headshots)), "{at}");
    assert!([0, 1, 2].iter().all(|n| get(Field::KillingSpree) != *n || *n == 0), "{at}");
    assert!(get(Field::DeathSpree) == 0 || get(Field::DeathSpree) >= 3, "{at}");
    assert!(get(Field::KillingSpree) <= kills && get(Field::DeathSpree) <= deaths, "{at}");
    let chains = [
        (2, Field::Multikill2x),
        (3, Field::Multikill3x),
        (4, Field::Multikill4x),
        (5, Field::Multikill5x),
        (6, Field::Multikill6x),
    ];
    assert!(chains.iter().map(|(n, field)| n * get(*field)).sum::<i32>() <= kills, "{at}");
    assert!(get(Field::UsefulKills) + get(Field::UselessKills) <= kills, "{at}");
    assert!((0..=1000).contains(&get(Field::TimePlayedPercent)), "{at}");
    assert!(get(Field::TimesRevived) <= deaths + get(Field::SelfKills), "{at}");
    if player.era.has_true_bullets_fired() {
        assert_eq!(get(Field::BulletsFired), player.weapon_sum(|w| w.shots), "{at}");
    }
    let (ratio, exact) = (f64::from(get(Field::KdRatio)) / 10.0, f64::from(kills) / f64::from(deaths.max(1)));
    let exact = if deaths == 0 { exact + 1.0 } else { exact };
    assert!((ratio - exact).abs() <= 0.0501, "{at}: {ratio} for {kills}:{deaths}");
}

#[test]
fn evenings_are_apart_and_rounds_are_not() {
    let evenings = evenings(5, Disturbances::all());
    let mut last = i64::MIN;
    for evening in &evenings {
        let ends: Vec<i64> = evening.truth.rounds.iter().map(|r| r.ended_at).collect();
        assert!(ends[0] > last.saturating_add(3600), "{}", evening.files[0].name);
        for pair in ends.windows(2) {
            assert!((1..=3600).contains(&(pair[1] - pair[0])), "{} {pair:?}", evening.files[0].name);
        }
        last = *ends.last().unwrap();
    }
    let names: BTreeSet<&str> = evenings.iter().flat_map(|e| &e.files).map(|f| f.name.as_str()).collect();
    assert_eq!(names.len(), evenings.iter().map(|e| e.files.len()).sum::<usize>());
}

#[test]
fn a_second_round_belongs_to_the_last_first_round_that_set_its_limit() {
    for evening in evenings(6, Disturbances::all()) {
        let read = rounds(std::slice::from_ref(&evening));
        let mut used = BTreeSet::new();
        for (at, (second, truth)) in read.iter().enumerate().filter(|(_, (f, _))| f.name.round.number() == 2) {
            let could_be = |(_, (first, _)): &(usize, &(StatsFile, &TrueRound))| {
                first.name.round.number() == 1
                    && first.name.map == second.name.map
                    && first.header.next_time_limit == second.header.time_limit
            };
            let found = read[..at].iter().enumerate().filter(could_be).rfind(|(i, _)| !used.contains(i));
            let found = found.filter(|_| second.players.iter().any(|p| p.rounds > 0));
            let expected = (truth.match_state == "complete").then_some(truth.match_id.as_str());
            let id = found.map(|(_, (first, _))| format!("{}-{}", first.name.stamp, first.name.map));
            assert_eq!(id.as_deref(), expected, "{}", truth.file);
            let Some((index, (_, first))) = found else { continue };
            used.insert(index);
            let gap = truth.ended_at - first.ended_at;
            let played = i64::from(truth.duration.unwrap());
            assert!(gap >= played && gap <= 20 * 60, "{}: {gap} s for {played} s", truth.file);
        }
    }
}

#[test]
fn everything_that_can_go_wrong_does() {
    let evenings = evenings(7, Disturbances::all());
    let files = rounds(&evenings);
    let statuses: BTreeSet<&str> = files.iter().map(|(_, r)| r.status).collect();
    assert_eq!(statuses, ["aborted", "cancelled", "completed", "orphan_r2", "substitution"].into());
    let eras: BTreeSet<usize> = files.iter().flat_map(|(f, _)| &f.players).map(|p| p.era.field_count()).collect();
    assert_eq!(eras, [33, 36, 37, 38].into());
    let any = |what: &str, is: &dyn Fn(&StatsFile, &TrueRound) -> bool| {
        assert!(files.iter().any(|(f, r)| is(f, r)), "no {what}");
    };
    any("header alone", &|f, _| f.players.is_empty());
    any("single player", &|f, _| f.players.len() == 1);
    any("bot", &|f, _| f.players.iter().any(PlayerLine::is_bot));
    any("bot round", &|_, r| !r.is_valid && r.status == "completed" && !r.players.is_empty());
    any("ninth field", &|f, _| f.header.play_time.is_some());
    any("header of eight fields", &|f, _| !f.header.has_play_time);
    any("surrender", &|f, r| r.outcome == "fullhold" && r.duration.is_some_and(|d| d + 30 < f.header.time_limit.0));
    any("aborted first round", &|f, r| r.status == "aborted" && f.name.round.number() == 2);
    any("aborted second round", &|f, r| r.status == "aborted" && f.name.round.number() == 1);
    any("Allies as defenders", &|f, _| f.header.defender.number() == 2);
    let double = |e: &Evening| e.truth.matches.iter().any(|m| m.points == (1, 1));
    assert!(evenings.iter().any(double), "no double hold");
    let midnight = |e: &Evening| e.files[0].name.get(..10) != e.files.last().unwrap().name.get(..10);
    assert!(evenings.iter().any(midnight), "no evening over midnight");
    // Local stamps of an evening that go backwards: the hour that exists twice.
    let backwards = |e: &Evening| e.files.windows(2).any(|two| two[0].name > two[1].name);
    assert!(evenings.iter().any(backwards), "no evening in which the clock is set back");
    let repeated = |e: &Evening| {
        e.truth.matches.iter().any(|m| {
            let map = |id: &str| id.get(18..).unwrap().to_owned();
            e.truth.matches.iter().filter(|other| map(&other.match_id) == map(&m.match_id)).count() >= 3
        })
    };
    assert!(evenings.iter().any(repeated), "no map three times in an evening");
}

#[test]
fn names_change_knife_shots_fall_and_players_quit() {
    let evenings = evenings(8, Disturbances::all());
    let mut firsts: BTreeMap<&str, StatsFile> = BTreeMap::new();
    let (mut renamed, mut taken_back, mut vanished, mut quit) = (0, 0, 0, 0);
    for (file, round) in rounds(&evenings) {
        if round.match_state != "complete" {
            continue;
        }
        let Some(first) = firsts.get(round.match_id.as_str()) else {
            let early = |p: &&TruePlayer| p.class == "round1" && p.true_seconds < round.true_duration;
            quit += round.players.iter().filter(early).count();
            firsts.insert(&round.match_id, file);
            continue;
        };
        for player in round.players.iter().filter(|p| p.class == "ok") {
            let line =
                |f: &StatsFile| f.players.iter().find(|p| p.identity().as_str() == player.guid).cloned().unwrap();
            let (one, two) = (line(first), line(&file));
            renamed += usize::from(one.name != two.name);
            taken_back += usize::from(two.weapon(Weapon::Knife).shots < one.weapon(Weapon::Knife).shots);
            vanished += usize::from(one.weapon_mask & 1 == 1 && two.weapon_mask & 1 == 0);
            assert!(value(player, Field::TimePlayedMinutes).unwrap() > 0, "{}", round.file);
        }
    }
    assert!(renamed > 10 && taken_back > 10 && vanished > 0 && quit > 10, "{renamed} {taken_back} {vanished} {quit}");
}

#[test]
fn files_tell_times_to_a_tenth_of_a_minute() {
    for round in evenings(10, Disturbances::all()).iter().flat_map(|e| &e.truth.rounds).filter(|r| is_played(r)) {
        let length = round.true_duration;
        assert!(round.duration.is_none_or(|told| (told - length).abs() <= 12), "{} {length}", round.file);
        for player in &round.players {
            // Tenths may be off by 6 s each way, and a time close to the round's length is taken for it.
            let off = (player.seconds - player.true_seconds).abs();
            assert!(off <= 12, "{} {}: {off}", round.file, player.guid);
        }
    }
}

#[test]
fn without_disturbances_every_match_is_complete() {
    for evening in evenings(9, Disturbances::none()) {
        let people: BTreeSet<&str> = evening.truth.rounds[0].players.iter().map(|p| p.guid.as_str()).collect();
        for (round, number) in evening.truth.rounds.iter().zip([1, 2].into_iter().cycle()) {
            assert_eq!((round.match_state, round.status, round.is_valid), ("complete", "completed", true));
            assert!(round.file.ends_with(&format!("-round-{number}.txt")), "{}", round.file);
            let now: BTreeSet<&str> = round.players.iter().map(|p| p.guid.as_str()).collect();
            assert_eq!(now, people, "{}", round.file);
            let class = if number == 1 { "round1" } else { "ok" };
            assert!(round.players.iter().all(|p| p.class == class && Some(p.seconds) == round.duration));
        }
        let (a, b) = evening.truth.score.unwrap();
        assert_eq!(usize::try_from(a + b).unwrap(), evening.truth.rounds.len(), "two points a match");
    }
}
