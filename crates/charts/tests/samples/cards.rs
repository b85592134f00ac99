//! Every card in every situation.

use fullhold_charts::cards::{
    EveningPlayers, EveningResult, MapPlay, MatchCard, MatchLine, MatchTeam, PlayerLine, Record, Records, RoundCard,
    RoundLine, RoundTeam, Season, Series, Side, Sides, Standing, TeamSheet,
};
use fullhold_charts::{Attack, Day, Honour, Name, Picture, Score, Team, TimeOfDay, When};

use super::people::Chance;
use super::{Person, Situation, people};

pub(crate) const MAPS: [&str; 8] = [
    "supply",
    "etl_adlernest",
    "sw_goldrush_te",
    "etl_sp_delivery",
    "te_escape2",
    "etl_frostbite",
    "erdenberg_t2",
    "a_map_with_a_name_that_never_seems_to_end_b4",
];

pub(crate) fn day(day: u8) -> Day {
    Day::new(2025, 11, day).expect("a day of November")
}

fn when() -> When {
    When { day: Some(day(1)), start: TimeOfDay::new(21, 13), end: TimeOfDay::new(0, 6) }
}

pub(crate) fn team_names(situation: Situation) -> [Name; 3] {
    match situation {
        Situation::OddNames => [Name::new("@everyone & friends of מכבי"), Name::new("^1Сне^5гири"), Name::new("漢字")],
        Situation::Extreme => [Name::new("W"), Name::new(&"W".repeat(40)), Name::new("")],
        _ => [Name::new("kolo"), Name::new("=VK="), Name::new("mrak")],
    }
}

/// What a map brings: two points for the faster team, one each if both held.
fn points_of(attacks: [Attack; 2], situation: Situation) -> Score {
    if situation == Situation::Extreme {
        return Score { a: u64::MAX, b: 12_345_678 };
    }
    let winner = attacks.into_iter().rev().find(|attack| attack.is_done).map(|attack| attack.team);
    match winner {
        Some(Team::A) => Score { a: 2, b: 0 },
        Some(_) => Score { a: 0, b: 2 },
        None => Score { a: 1, b: 1 },
    }
}

fn play(index: usize, situation: Situation) -> MapPlay {
    let mut chance = Chance::new(index as u64 + 77);
    let limit = [720, 600, 720, 600][index % 4];
    let is_unknown = situation == Situation::NoTeams;
    let teams = match (is_unknown, index % 2) {
        (true, _) => [Team::Unknown; 2],
        (false, 0) => [Team::A, Team::B],
        _ => [Team::B, Team::A],
    };
    let is_done = chance.below(3) > 0;
    let seconds = if situation == Situation::Draw || !is_done { limit } else { 100 + chance.below(limit - 100) };
    let first = Attack { team: teams[0], seconds, limit, is_done: is_done && situation != Situation::Draw };
    // A draw: each team is faster once, and both hold every other map.
    let is_faster = if situation == Situation::Draw { index < 2 } else { chance.below(2) > 0 };
    let second = Attack {
        team: teams[1],
        seconds: if is_faster { seconds * 4 / 5 } else { seconds },
        limit: seconds,
        is_done: is_faster,
    };
    let is_abandoned = index == 4 && matches!(situation, Situation::Draw | Situation::OddNames);
    MapPlay {
        map: MAPS[index % MAPS.len()].to_owned(),
        first: Some(if situation == Situation::Extreme {
            Attack { seconds: u64::MAX, limit: 1, ..first }
        } else {
            first
        }),
        second: (!is_abandoned).then_some(second),
        points: (!is_unknown && !is_abandoned).then(|| points_of([first, second], situation)),
        not_counted: is_abandoned.then(|| "round 2 was never played".to_owned()),
    }
}

fn side(name: &Name, people: &[Person], sheet: usize) -> Side {
    let tag = name.as_str().to_owned();
    let players = people.iter().filter(|person| person.sheet == sheet).map(|person| person.name.without_tag(&tag));
    Side { name: name.clone(), players: players.collect() }
}

fn series(situation: Situation, (from, count): (usize, usize), (a, b): (usize, usize)) -> Series {
    let people = people(situation);
    let names = team_names(situation);
    let maps: Vec<MapPlay> = (from..from + count).map(|index| play(index, situation)).collect();
    let points = maps.iter().filter_map(|map| map.points);
    let score = points.fold(Score { a: 0, b: 0 }, |sum, points| Score {
        a: sum.a.saturating_add(points.a),
        b: sum.b.saturating_add(points.b),
    });
    let sides = Sides { a: side(&names[a], &people, a), b: side(&names[b], &people, b), score };
    let sides = if situation == Situation::NoTeams {
        Err("4 of 6 players changed sides between maps".to_owned())
    } else {
        Ok(sides)
    };
    Series { sides, maps }
}

pub(crate) fn all_series(situation: Situation) -> Vec<Series> {
    match situation {
        Situation::NoData => Vec::new(),
        Situation::OnePlayer => vec![series(situation, (0, 1), (0, 1))],
        Situation::SeveralSeries => {
            vec![
                series(situation, (0, 3), (0, 1)),
                series(situation, (3, 4), (0, 2)),
                series(situation, (7, 2), (1, 2)),
            ]
        }
        Situation::SixtyFour => vec![series(situation, (0, 12), (0, 1)), series(situation, (12, 34), (0, 1))],
        _ => vec![series(situation, (0, 7), (0, 1))],
    }
}

pub(crate) fn honour(title: &str, person: &Person, value: &str, unit: &str) -> Honour {
    Honour {
        title: title.to_owned(),
        name: person.name.clone(),
        team: person.team,
        value: value.to_owned(),
        unit: unit.to_owned(),
    }
}

pub(crate) fn evening_result(situation: Situation) -> Picture {
    let people = people(situation);
    let value = if situation == Situation::Extreme { "18,446,744,073,709,551,615.0" } else { "110.2" };
    EveningResult {
        number: if situation == Situation::Extreme { u64::MAX } else { 39 },
        when: if situation == Situation::NoData { When::default() } else { when() },
        players: people.len(),
        series: all_series(situation),
        best: people.last().map(|person| honour("MVP of the evening", person, value, "")),
        second: people.first().map(|person| honour("MVP kolo", person, "93.7", "")),
    }
    .draw()
}

fn awards(people: &[Person]) -> Vec<Honour> {
    let titles = [
        ("Damage efficiency king", "1.66", "given / received"),
        ("Field medic", "43", "revives"),
        ("Chief engineer", "10", "built"),
        ("Headhunter", "13.7 %", "of hits to the head"),
        ("Playtime thief", "34:09", "denied"),
        ("Wrecking ball", "70", "gibs"),
    ];
    let person = |index: usize| people.get((index * 7) % people.len().max(1));
    titles
        .into_iter()
        .enumerate()
        .filter_map(|(index, (title, value, unit))| Some(honour(title, person(index)?, value, unit)))
        .collect()
}

pub(crate) fn evening_players(situation: Situation) -> Picture {
    let people = people(situation);
    let line = |person: &Person| PlayerLine {
        name: person.name.clone(),
        rounds: person.rounds,
        kills: person.kills,
        deaths: person.deaths,
        kd: person.kd(),
        dpm: person.given,
        accuracy: person.accuracy,
        head_hit: person.head_hit,
        revives: person.revives,
    };
    let names = team_names(situation);
    let sheet = |index: usize| TeamSheet {
        team: people.iter().find(|person| person.sheet == index).map_or(Team::Unknown, |person| person.team),
        name: (situation != Situation::NoTeams).then(|| names[index].clone()),
        tag: Some(["kolo", "=VK=", "mrak"][index].to_owned()),
        players: people.iter().filter(|person| person.sheet == index).map(line).collect(),
    };
    let evening = EveningPlayers {
        number: 39,
        when: when(),
        rounds: 14,
        teams: (0..3).map(sheet).collect(),
        awards: if situation == Situation::SixtyFour { Vec::new() } else { awards(&people) },
    };
    evening.draw(0)
}

fn parts(people: &[Person]) -> Vec<String> {
    let of = |team: Team| people.iter().filter(|person| person.team == team).count();
    let strength = match of(Team::Unknown) {
        0 => format!("{} v {}", of(Team::A), of(Team::B)),
        unknown => format!("{unknown} players"),
    };
    let strength = (!people.is_empty()).then_some(strength);
    ["evening 39, map 5 of 7".to_owned(), "23:11".to_owned()].into_iter().chain(strength).collect()
}

/// Who plays a match: two teams, of five each in a typical one.
fn opponents(situation: Situation) -> Vec<Person> {
    let people = people(situation);
    let [most, teams] = match situation {
        Situation::Typical | Situation::SeveralSeries => [5, 2],
        _ => [usize::MAX, 3],
    };
    let of = |sheet: usize| people.iter().filter(move |person| person.sheet == sheet).take(most).cloned();
    (0..teams).flat_map(of).collect()
}

pub(crate) fn match_card(situation: Situation) -> Picture {
    let people = opponents(situation);
    let line = |(index, person): (usize, &Person)| MatchLine {
        name: person.name.clone(),
        is_mvp: index == 1 && person.sheet == 0,
        first: person.kills.zip(person.deaths).map(|(kills, deaths)| [kills / 2, deaths / 2]),
        second: person.kills.zip(person.deaths).map(|(kills, deaths)| [kills / 7, deaths / 9]),
        kills: person.kills,
        deaths: person.deaths,
        kd: person.kd(),
        dpm: person.given,
        given: person.given.map(|given| (given * 17.0) as u64),
        received: person.received.map(|received| (received * 17.0) as u64),
    };
    let names = team_names(situation);
    let team = |sheet: usize| MatchTeam {
        team: if matches!(situation, Situation::NoTeams | Situation::Extreme) {
            Team::Unknown
        } else {
            [Team::A, Team::B, Team::B][sheet]
        },
        name: (situation != Situation::NoTeams).then(|| names[sheet].clone()),
        tag: Some(["kolo", "=VK=", "mrak"][sheet].to_owned()),
        players: people.iter().filter(|person| person.sheet == sheet).enumerate().map(line).collect(),
    };
    let play = play(if situation == Situation::OddNames { 7 } else { 3 }, situation);
    let is_empty = situation == Situation::NoData;
    MatchCard {
        parts: parts(&people),
        map: play.map.clone(),
        score: if is_empty || situation == Situation::OnePlayer { None } else { play.points },
        first: if is_empty { None } else { play.first },
        second: if is_empty || situation == Situation::OnePlayer { None } else { play.second },
        teams: (0..3).map(team).collect(),
    }
    .draw()
}

pub(crate) fn round(situation: Situation) -> Picture {
    let people = opponents(situation);
    let line = |(index, person): (usize, &Person)| RoundLine {
        name: person.name.clone(),
        is_mvp: index == 0 && person.sheet == 0,
        kills: person.kills.map(|kills| kills / 8),
        deaths: person.deaths.map(|deaths| deaths / 8),
        kd: person.kd(),
        dpm: person.given,
        accuracy: person.accuracy,
        revives: person.revives.map(|revives| revives / 4),
        spree: person.kills.map(|kills| kills / 20),
        given: person.given.map(|given| (given * 9.0) as u64),
    };
    let names = team_names(situation);
    let team = |sheet: usize| RoundTeam {
        team: if matches!(situation, Situation::NoTeams | Situation::Extreme) {
            Team::Unknown
        } else {
            [Team::A, Team::B, Team::B][sheet]
        },
        name: (situation != Situation::NoTeams).then(|| names[sheet].clone()),
        tag: Some(["kolo", "=VK=", "mrak"][sheet].to_owned()),
        players: people.iter().filter(|person| person.sheet == sheet).enumerate().map(line).collect(),
    };
    let play = play(1, situation);
    let has_score = matches!(situation, Situation::Typical | Situation::Draw | Situation::Extreme);
    RoundCard {
        parts: parts(&people),
        map: play.map,
        round: if situation == Situation::Draw { 2 } else { 1 },
        attack: if situation == Situation::NoData { None } else { play.first },
        score: has_score.then_some(Score { a: 1, b: 1 }),
        teams: (0..3).map(team).collect(),
    }
    .draw()
}

pub(crate) fn season(situation: Situation) -> Picture {
    let people = people(situation);
    let mut ranked: Vec<&Person> = people.iter().collect();
    ranked.sort_by(|a, b| b.given.partial_cmp(&a.given).unwrap_or(std::cmp::Ordering::Equal));
    let standings = ranked.iter().map(|person| Standing {
        name: person.name.clone(),
        skill: person.given.map(|given| given / 10.0),
        dpm: person.given,
        kills: person.kills,
        kd: person.kd(),
        match_win: person.accuracy,
        rounds: person.rounds,
    });
    let titles = [("Skill champion", "31.4"), ("DPM champion", "330"), ("Most kills", "12,345")];
    let champions = titles.iter().zip(&ranked).map(|((title, value), person)| honour(title, person, value, ""));
    let past = [("2025-Q3", "29.8"), ("2025-Q2", "30.2"), ("All time", "33.1")];
    let past =
        past.iter().zip(ranked.iter().rev()).map(|((title, value), person)| honour(title, person, value, "skill"));
    Season {
        name: if situation == Situation::Extreme {
            "A season with a name of its own, and a long one".to_owned()
        } else {
            "2025-Q4".to_owned()
        },
        days: Day::new(2025, 10, 1).zip(Day::new(2025, 12, 31)).map(|(first, last)| [first, last]),
        days_left: match situation {
            Situation::Draw => Some(0),
            Situation::NoTeams => None,
            Situation::Extreme => Some(u64::MAX),
            _ => Some(37),
        },
        passed: Some(if situation == Situation::Extreme { f64::NAN } else { 0.6 }),
        champions: champions.collect(),
        standings: standings.collect(),
        players: people.len(),
        gate: "from 50 rounds".to_owned(),
        past: past.collect(),
    }
    .draw()
}

pub(crate) fn records(situation: Situation) -> Picture {
    let people = people(situation);
    let metrics = [
        ("Kills", "47"),
        ("DPM", "612"),
        ("Damage", "12,345"),
        ("Accuracy %", "58.3"),
        ("Revives", "21"),
        ("Spree", "19"),
        ("Fastest", "1:18"),
    ];
    let record = |(index, (metric, value)): (usize, &(&str, &str))| {
        let person = people.get(index % people.len().max(1))?;
        let value = match situation {
            Situation::Extreme => Some("18,446,744,073,709,551,615".to_owned()),
            Situation::Unknown => None,
            _ => Some((*value).to_owned()),
        };
        let map = MAPS[(index + 3) % MAPS.len()].to_owned();
        Some(Record {
            metric: (*metric).to_owned(),
            value,
            name: person.name.clone(),
            map,
            day: Some(day(1 + index as u8)),
        })
    };
    let times = if situation == Situation::SixtyFour { 3 } else { 1 };
    let rounds: Vec<Record> = (0..times).flat_map(|_| metrics.iter().enumerate().filter_map(record)).collect();
    let matches = rounds.iter().take(if situation == Situation::SixtyFour { 20 } else { 3 }).cloned().collect();
    Records { parts: vec!["all maps".to_owned(), "3,766 valid rounds".to_owned()], rounds, matches }.draw()
}
