//! Several servers, everything that goes wrong and every habit: it happens, and the truth is consistent.
#![expect(clippy::unwrap_used, reason = "test support")]

use std::collections::{BTreeMap, BTreeSet};

use fullhold_simulator::{Arrival, Delivered, Delivery, Disturbances, Evening, Habits, History, HistoryConfig, sums};
use fullhold_stats_file::parse;

/// All sessions of all servers.
fn play(config: &HistoryConfig) -> Vec<Vec<Delivered>> {
    let history = History::new(config).unwrap();
    history.servers.into_iter().map(|server| server.take(400).collect()).collect()
}

fn evenings(servers: &[Vec<Delivered>]) -> impl Iterator<Item = &Evening> {
    servers.iter().flatten().map(|delivered| &delivered.evening)
}

fn day_and_hour(stamp: &str) -> (&str, u32) {
    (stamp.get(..10).unwrap(), stamp.get(11..13).unwrap().parse().unwrap())
}

#[test]
fn sessions_end_after_an_hour_and_at_six_between_matches() {
    let config = HistoryConfig::rough(5, 2, 60, 500);
    let mut over_six = 0;
    for server in play(&config) {
        let mut last: Option<(i64, bool)> = None;
        for Delivered { evening, .. } in server {
            let rounds = &evening.truth.rounds;
            let ends: Vec<i64> = rounds.iter().map(|round| round.ended_at).collect();
            assert!(ends.windows(2).all(|two| (1..=3600).contains(&(two[1] - two[0]))), "{}", rounds[0].file);
            // The day of the first round of its match, or its own.
            let day = |index: usize| {
                let first = rounds.iter().find(|r| r.match_id == rounds[index].match_id).unwrap();
                let (date, hour) = day_and_hour(&first.file);
                (date.to_owned(), hour < 6)
            };
            let starts = day(0);
            for index in 0..rounds.len() {
                let (date, early) = day(index);
                let same_day = date == starts.0 && early == starts.1;
                assert!(same_day || early && !starts.1 && date > starts.0, "{} {}", rounds[0].file, rounds[index].file);
            }
            let apart = last.is_none_or(|(end, _)| ends[0] - end > 3600);
            over_six += usize::from(!apart && day_and_hour(&rounds[0].file).1 >= 6);
            assert!(apart || day_and_hour(&rounds[0].file).1 >= 6, "{} begins for no reason", rounds[0].file);
            last = Some((*ends.last().unwrap(), true));
        }
    }
    assert!(over_six >= 4, "only {over_six} sessions were cut at six");
}

#[test]
fn everything_of_a_history_happens() {
    let mut config = HistoryConfig::rough(2, 3, 80, 500);
    config.disturbances.clock_change = 200;
    let servers = play(&config);
    let all: Vec<&Evening> = evenings(&servers).collect();
    let any = |what: &str, is: &dyn Fn(&Evening) -> bool| assert!(all.iter().any(|e| is(e)), "no {what}");
    let map = |id: &str| id.get(18..).unwrap().to_owned();
    any("map that comes back", &|e| {
        let maps: Vec<String> = e.truth.matches.iter().map(|m| map(&m.match_id)).collect();
        (2..maps.len()).any(|at| maps[at] != maps[at - 1] && maps[..at - 1].contains(&maps[at]))
    });
    any("evening with two teams of guests", &|e| {
        e.truth.series.len() == 2 && e.truth.series[0].guests.iter().all(|g| !e.truth.series[1].guests.contains(g))
    });
    any("clan", &|e| {
        e.truth.series.iter().any(|series| !series.tags[0].is_empty() && series.tags[0] != series.tags[1])
    });
    any("evening of bots alone", &|e| {
        e.truth.rounds.len() > 2
            && e.truth
                .rounds
                .iter()
                .flat_map(|r| &r.players)
                .all(|p| p.guid.starts_with("OMNI") || p.name.contains("BOT"))
    });
    any("day of more than twelve hours", &|e| {
        e.truth.rounds.last().unwrap().ended_at - e.truth.rounds[0].ended_at > 12 * 3600
    });
    // A clock set back or forward, with rounds around it that went wrong.
    let jump = |e: &Evening, back: bool| {
        e.truth.rounds.windows(2).any(|two| {
            let seconds = |file: &str| {
                let (_, hour) = day_and_hour(file);
                i64::from(hour) * 3600 + file.get(13..15).unwrap().parse::<i64>().unwrap() * 60
            };
            let shown = seconds(&two[1].file) - seconds(&two[0].file);
            let passed = two[1].ended_at - two[0].ended_at;
            let jumped = (shown - passed).rem_euclid(86_400);
            let moved = if jumped > 43_200 { jumped - 86_400 } else { jumped };
            if back { (-3700..-3500).contains(&moved) } else { (3500..3700).contains(&moved) }
        })
    };
    let wrong = |e: &Evening| e.truth.rounds.iter().any(|r| r.status != "completed");
    any("clock set back on a bad evening", &|e| jump(e, true) && wrong(e));
    any("clock set forward on a bad evening", &|e| jump(e, false) && wrong(e));
    let statuses: BTreeSet<&str> = all.iter().flat_map(|e| &e.truth.rounds).map(|r| r.status).collect();
    assert_eq!(statuses, ["aborted", "cancelled", "completed", "orphan_r2", "substitution"].into());
}

#[test]
fn people_play_under_two_guids_one_after_the_other_and_sums_know_them() {
    let config = HistoryConfig { two_guids: 400, ..HistoryConfig::rough(3, 2, 40, 400) };
    let people = History::new(&config).unwrap().people;
    assert_eq!(people.len(), 40);
    let servers = play(&config);
    let seen: BTreeSet<&str> =
        evenings(&servers).flat_map(|e| &e.truth.rounds).flat_map(|r| &r.players).map(|p| p.guid.as_str()).collect();
    let both: Vec<_> = people
        .iter()
        .filter(|p| p.guids.len() == 2 && p.guids.iter().all(|guid| seen.contains(guid.as_str())))
        .collect();
    assert!(both.len() >= 3, "only {} people were seen under both guids", both.len());
    let all = sums(evenings(&servers).map(|e| &e.truth), &people);
    let apart = sums(evenings(&servers).map(|e| &e.truth), &[]);
    let mut whole = 0;
    for person in both {
        let [first, second] = [&person.guids[0], &person.guids[1]];
        let rounds = |guid: &String| apart.get(guid).map_or(0, |sums| sums.rounds);
        whole += usize::from(rounds(first) > 0 && rounds(second) > 0);
        assert_eq!(all.get(first).map_or(0, |sums| sums.rounds), rounds(first) + rounds(second));
        assert!(!all.contains_key(second));
        for round in evenings(&servers).flat_map(|e| &e.truth.rounds) {
            let here = round.players.iter().filter(|player| person.guids.contains(&player.guid)).count();
            assert!(here <= 1, "{} twice in {}", person.name, round.file);
        }
    }
    assert!(whole >= 2);
}

#[test]
fn every_file_arrives_whole_in_the_end_and_not_in_the_order_of_play() {
    let servers = play(&HistoryConfig::rough(4, 2, 40, 300));
    let (mut late, mut pieces, mut timeless) = (0, 0, 0);
    for Delivered { evening, arrivals } in servers.iter().flatten() {
        assert!(arrivals.is_sorted_by_key(|arrival| arrival.at));
        for (file, (written, round)) in evening.files.iter().zip(&evening.truth.rounds).enumerate() {
            let of_file: Vec<&Arrival> = arrivals.iter().filter(|arrival| arrival.file == file).collect();
            assert_eq!(of_file.last().unwrap().length, written.bytes.len());
            assert!(of_file.iter().all(|arrival| arrival.at >= round.ended_at));
            assert!(of_file.windows(2).all(|two| two[0].length < two[1].length));
            late += usize::from(of_file[0].at >= round.ended_at + 3600);
            pieces += usize::from(of_file.len() > 1);
            timeless += usize::from(of_file[0].written_at.is_none());
        }
    }
    assert!(late > 20 && pieces > 20 && timeless > 20, "{late} {pieces} {timeless}");
    let plain = HistoryConfig { delivery: Delivery::plain(), ..HistoryConfig::rough(4, 1, 40, 100) };
    for Delivered { evening, arrivals } in play(&plain).iter().flatten() {
        let at_once: Vec<i64> = arrivals.iter().map(|arrival| arrival.at).collect();
        assert_eq!(at_once, evening.truth.rounds.iter().map(|round| round.ended_at).collect::<Vec<_>>());
    }
}

#[test]
fn the_stronger_team_wins_as_often_as_the_truth_says() {
    let mut config = HistoryConfig::rough(6, 1, 60, 1500);
    config.disturbances = Disturbances::none();
    config.habits = Habits { strength_decides: true, ..Habits::plain() };
    let servers = play(&config);
    let decided: Vec<(u32, bool)> = evenings(&servers)
        .flat_map(|e| &e.truth.matches)
        .filter(|m| m.points != (1, 1))
        .map(|m| (m.chance.unwrap(), m.points == (2, 0)))
        .collect();
    assert!(decided.len() > 500, "{}", decided.len());
    for (from, to) in [(0, 400), (400, 600), (600, 1000)] {
        let here: Vec<_> = decided.iter().filter(|(chance, _)| (from..to).contains(chance)).collect();
        let expected: u32 = here.iter().map(|(chance, _)| chance).sum();
        let won = here.iter().filter(|(_, won)| *won).count();
        let off = (won as f64 - f64::from(expected) / 1000.0).abs();
        assert!(here.len() > 50 && off < 0.08 * here.len() as f64, "{from}..{to}: {won} of {} won", here.len());
    }
}

#[test]
fn two_thousand_people_on_twenty_servers_have_a_home() {
    let mut config = HistoryConfig::rough(7, 20, 2000, 30);
    config.habits = Habits::plain();
    let history = History::new(&config).unwrap();
    let names: BTreeSet<String> = history.servers.iter().map(|server| server.name.clone()).collect();
    assert_eq!((names.len(), history.people.len()), (20, 2000));
    let guids: BTreeSet<&String> = history.people.iter().flat_map(|person| &person.guids).collect();
    assert!(guids.len() > 2000);
    let mut passers_by = 0;
    for server in history.servers {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for Delivered { evening, .. } in server {
            for file in &evening.files {
                let parsed = parse(&file.name.parse().unwrap(), &file.bytes).unwrap();
                for player in parsed.players {
                    *seen.entry(player.identity().to_string()).or_default() += 1;
                }
            }
        }
        passers_by += seen.values().filter(|rounds| **rounds < 8).count();
        assert!(seen.len() >= 6, "{}", seen.len());
    }
    assert!(passers_by > 50, "{passers_by}");
}
